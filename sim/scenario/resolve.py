"""From a name or file to one canonical scenario: layers merged, then checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.months import Month
from sim.scenario import library
from sim.scenario.chain import Layer, locate, read_chain, with_bases
from sim.scenario.checking import check
from sim.scenario.document import Document, Location
from sim.scenario.fields import SCENARIO_NAME
from sim.scenario.models import EARLIEST, LATEST, ScenarioFile, ThesisFile
from sim.scenario.overrides import override_layer
from sim.scenario.problems import Problem, ScenarioError, nearest
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario
from sim.scenario.setting import Setting
from sim.scenario.settings import claim_settings, initial_ranges, own_settings, parameter_ranges, read_prior
from sim.scenario.thesis import Claim, Thesis
from sim.scenario.timeline import AnyEvent, SetParameter

_PLAIN_KEYS = ("title", "question", "asked_by", "start", "years", "mode", "citizens", "runs", "seed")

Placed = tuple[AnyEvent, Document, Location]
"""A timeline entry, with where it was read."""


def load(source: str | Path, overrides: Iterable[str] = ()) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    source : str or Path
        Name of a shipped scenario (see `sim.scenario.names`), or path of a .yaml file.
    overrides : iterable of str
        Changes as ``path=value``, applied last and in order; see `sim.scenario.overrides`.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        If anything is wrong, with every fault of the first wrong file.

    Examples
    --------
    >>> load("dubnov", ["runs=20", "moscow.keep_weight=1.5"]).runs  # doctest: +SKIP
    20
    """
    path = Path(source) if isinstance(source, Path) or library.is_path(source) else library.find(source)
    return resolve(read_chain(path), [override_layer(text) for text in overrides])


def from_data(data: dict[str, Any], *, label: str) -> Scenario:
    """Check and resolve a scenario given as plain data, as a file would hold it.

    Parameters
    ----------
    data : dict
        With a ``name``. Paths in it are relative to the working folder.
    label : str
        What messages name instead of a file.
    """
    document = Document(label, data)
    file = check(ScenarioFile, data, document)
    return resolve(with_bases(Layer(document, file, f"scenario {file.name}", None)))


def resolve(chain: list[Layer], overrides: Iterable[Layer] = ()) -> Scenario:
    """Merge a chain of files, and then overrides, the later over the earlier, into a scenario."""
    layers = [*chain, *overrides]
    values: dict[str, Any] = {key: getattr(ScenarioFile(), key) for key in _PLAIN_KEYS}
    owners: dict[str, Layer] = {}
    parameters: dict[str, Setting] = {}
    initial: dict[str, Setting] = {}
    timeline: dict[str, Placed] = {}
    for layer in layers:
        given = layer.file.model_fields_set
        owners |= dict.fromkeys(given, layer)
        values |= {key: getattr(layer.file, key) for key in _PLAIN_KEYS if key in given}
        parameters |= _own(layer, "parameters")
        initial |= _own(layer, "initial")
        timeline |= _entries(layer)
    thesis = _thesis(owners["thesis"]) if "thesis" in owners else None
    _check_whole(values, owners, list(timeline.values()), chain[-1].document)
    return Scenario(
        name=_name(layers[len(chain) - 1 :]),
        thesis=thesis,
        parameters={**(thesis.parameters if thesis else {}), **parameters},
        initial=initial,
        timeline=tuple(entry for entry, _, _ in timeline.values()),
        **values,
    )


def _name(layers: list[Layer]) -> str:
    """Return the last name given by the main file or an override of it, or else the main file's own."""
    given = [layer.file.name for layer in layers if layer.file.name is not None]
    if given:
        return given[-1]
    document = layers[0].document
    stem = document.path.stem if document.path else document.file
    if re.match(SCENARIO_NAME, stem) is None:
        raise ScenarioError([document.problem((), "the file's name cannot name a scenario; give `name`")])
    return stem


def _own(layer: Layer, key: str) -> dict[str, Setting]:
    ranges = parameter_ranges() if key == "parameters" else initial_ranges()
    return own_settings(getattr(layer.file, key), ranges, layer.document, (key,), layer.source)


def _entries(layer: Layer) -> dict[str, Placed]:
    entries: dict[str, Placed] = {}
    for index, entry in enumerate(layer.file.timeline):
        location: Location = ("timeline", index)
        if entry.name in entries:
            message = f"another entry has the name {entry.name[:80]!r}"
            raise ScenarioError([layer.document.problem((*location, "name"), message)])
        entries[entry.name] = (entry, layer.document, location)
    return entries


def _thesis(layer: Layer) -> Thesis:
    given = layer.file.thesis
    if isinstance(given, ThesisFile):
        return read_thesis(given, layer.document, ("thesis",))
    path, _ = locate(str(given), layer, ("thesis",), thesis=True)
    document = read_file(path)
    return read_thesis(check(ThesisFile, document.data, document), document)


def read_thesis(file: ThesisFile, document: Document, location: Location = ()) -> Thesis:
    """Check the claims of a thesis against the parameters and against one another.

    Raises
    ------
    ScenarioError
        If two claims have one identifier or move one parameter, or a number is out of range.
    """
    claims: dict[str, Claim] = {}
    movers: dict[str, str] = {}
    for index, item in enumerate(file.claims):
        place = (*location, "claims", index)
        if item.id in claims:
            raise ScenarioError([document.problem((*place, "id"), f"another claim is {item.id[:80]}")])
        settings = claim_settings(item.parameters, document, (*place, "parameters"), item.id)
        twice = [path for path in settings if path in movers]
        if twice:
            message = f"{twice[0]} is already moved by claim {movers[twice[0]][:80]}"
            raise ScenarioError([document.problem((*place, "parameters", twice[0]), message, at_key=True)])
        movers |= dict.fromkeys(settings, item.id)
        claims[item.id] = Claim(item.id, item.claim, item.sign, item.source, item.note, settings)
    return Thesis(file.thesis, file.title, file.author, file.source, tuple(claims.values()))


def _check_whole(
    values: Mapping[str, Any], owners: Mapping[str, Layer], timeline: list[Placed], main: Document
) -> None:
    """Check what depends on several keys: the window of the run, and parameters that events set."""
    start: Month = values["start"]
    last = start + (values["years"] * 12 - 1)

    def at(key: str) -> Document:
        return owners[key].document if key in owners else main

    if not EARLIEST <= start <= LATEST:
        message = f"{start} is out of range"
        raise ScenarioError([at("start").problem(("start",), message, allowed=f"{EARLIEST} to {LATEST}")])
    if values["mode"] == "historical" and last > LATEST:
        message = f"a historical run from {start} over {values['years']} years ends after the record"
        raise ScenarioError([at("mode").problem(("mode",), message, allowed=f"an end by {LATEST}")])
    problems: list[Problem] = []
    for entry, document, location in timeline:
        for key, month in _months(entry):
            if not start <= month <= last:
                message = f"{month} is outside the run"
                place = (*location, *key)
                problems.append(document.problem(place, message, allowed=f"{start} to {last}"))
        if isinstance(entry, SetParameter):
            problems += _parameter_problems(entry, document, location)
    if problems:
        raise ScenarioError(problems)


def _months(entry: AnyEvent) -> Iterator[tuple[Location, Month]]:
    if entry.at is not None:
        yield ("at",), entry.at
    if entry.when is not None and entry.when.from_ is not None:
        yield ("when", "from"), entry.when.from_
    if entry.when is not None and entry.when.until is not None:
        yield ("when", "until"), entry.when.until


def _parameter_problems(entry: SetParameter, document: Document, location: Location) -> Iterable[Problem]:
    ranges = parameter_ranges()
    if entry.parameter not in ranges:
        close = nearest(entry.parameter, ranges)
        yield document.problem((*location, "parameter"), "unknown parameter", nearest=close)
        return
    try:
        read_prior(entry.value, ranges[entry.parameter], document, (*location, "value"))
    except ScenarioError as error:
        yield from error.problems
