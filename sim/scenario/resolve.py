"""From layers to one scenario: the later merged over the earlier, then checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.months import Month
from sim.naming import nearest
from sim.parameters.priors import Sample
from sim.scenario import library
from sim.scenario.checking import UnfitError
from sim.scenario.fields import SCENARIO_NAME
from sim.scenario.layers import Layer, load_thesis, thesis_of
from sim.scenario.posterior import posterior_settings
from sim.scenario.problems import Document, Faults, Location, Problem, ScenarioError
from sim.scenario.ranges import parameter_ranges
from sim.scenario.settings import Setting, read_prior
from sim.scenario.specification import (
    EARLIEST,
    HAND_SET,
    LATEST,
    LATEST_START,
    Claim,
    Draft,
    Thesis,
    active_claims,
    start_in,
)
from sim.scenario.starts import Start
from sim.scenario.timeline import AnyEvent, Lasting, SetParameter

_CLAIMS_HANG_ON = {"extends", "thesis", "without", "with"}
_SPAN_HANGS_ON = {"extends", "start", "years", "mode"}
"""Where one of these is faulty, what hangs on it cannot be judged."""

_PLAIN_KEYS = (
    "title", "question", "asked_by", "start", "years", "mode", "citizens", "runs", "seed", "shared_priors",
)  # fmt: skip

Placed = tuple[AnyEvent, Document, Location]
"""A timeline entry, with where it was read."""


def resolve(chain: list[Layer], overrides: Iterable[Layer], faults: Faults) -> dict[str, Any]:
    """Merge a chain of files, and then overrides, the later over the earlier.

    Parameters
    ----------
    chain, overrides : sequence of Layer
    faults : Faults
        What is wrong with them so far.

    Returns
    -------
    dict
        Every key of a `sim.scenario.scenario.Scenario`.

    Raises
    ------
    ScenarioError
        With those faults, and all that are found here.
    """
    layers = [*chain, *overrides]
    left_out = frozenset().union(*(layer.left_out for layer in layers))
    values: dict[str, Any] = {key: getattr(Draft(), key) for key in _PLAIN_KEYS}
    owners: dict[str, Layer] = {}
    parameters: dict[str, Setting] = {}
    initial: dict[str, Setting] = {}
    timeline: dict[str, Placed] = {}
    for layer in layers:
        owners |= dict.fromkeys(layer.given, layer)
        if "question" in layer.given:
            values["asked_by"] = ""  # of another question
        values |= {key: getattr(layer.draft, key) for key in _PLAIN_KEYS if key in layer.given}
        with faults.gathered():
            parameters |= {} if layer.posterior is None else posterior_settings(layer.posterior, layer)
        parameters |= layer.settings("parameters")
        initial |= layer.settings("initial")
        timeline |= _entries(layer, faults)
    if any(layer.posterior is not None for layer in layers) and "shared_priors" not in owners:
        values["shared_priors"] = HAND_SET  # another posterior than the shipped one stands in for them all
    thesis: Thesis | None = None
    without: tuple[str, ...] = ()
    added: tuple[Claim, ...] = ()
    with faults.gathered():
        thesis = thesis_of(owners["thesis"]) if "thesis" in owners else None
        if not left_out & _CLAIMS_HANG_ON:
            without, added = switched(layers, thesis)
    known = not left_out & _SPAN_HANGS_ON
    _check_whole(values, owners, list(timeline.values()), chain[-1].document, faults, span_known=known)
    name = ""
    with faults.gathered():
        name = _name(layers[len(chain) - 1 :])
    faults.tell()
    settings = _sampled(parameters)
    for claim in active_claims(thesis, without, added):
        settings |= _claimed(claim, start_in(thesis, claim), settings, values["start"])
    return {
        "name": name,
        "thesis": thesis,
        "without": without,
        "with_": added,
        "parameters": {**settings, **_plain(parameters)},
        "initial": initial,
        "timeline": tuple(entry for entry, _, _ in timeline.values()),
        **values,
    }


def _name(layers: list[Layer]) -> str:
    """Return the last name given by the main file or an override of it, or else the main file's own."""
    given = [layer.draft.name for layer in layers if layer.draft.name is not None]
    if given:
        return given[-1]
    document = layers[0].document
    stem = document.path.stem if document.path else document.file
    if re.match(SCENARIO_NAME, stem) is None:
        raise ScenarioError([document.problem((), "the file's name cannot name a scenario; give `name`")])
    return stem


def _claimed(
    claim: Claim, start: Start | None, before: Mapping[str, Setting], first: Month
) -> dict[str, Setting]:
    """Return what a claim sets, in place of what is set before it: at once, or later in the run."""
    if start is None or start.has_come_by(first):
        return claim.parameters
    return {
        path: replace(setting, start=start, before=before.get(path))
        for path, setting in claim.parameters.items()
    }


def _sampled(parameters: dict[str, Setting]) -> dict[str, Setting]:
    """Return those from a joint sample: it stands in for the shared priors, so a claim goes before it."""
    return {path: item for path, item in parameters.items() if isinstance(item.prior, Sample)}


def _plain(parameters: dict[str, Setting]) -> dict[str, Setting]:
    return {path: item for path, item in parameters.items() if not isinstance(item.prior, Sample)}


def _entries(layer: Layer, faults: Faults) -> dict[str, Placed]:
    entries: dict[str, Placed] = {}
    for index, entry in zip(layer.entries, layer.draft.timeline, strict=True):
        location: Location = ("timeline", index)
        if entry.name in entries:
            message = f"another entry has the name {entry.name[:80]!r}"
            faults.add(layer.document.problem((*location, "name"), message))
        entries[entry.name] = (entry, layer.document, location)
    return entries


@dataclass(frozen=True, slots=True)
class _Switch:
    """The last word of a chain of files on one claim, and where it stands."""

    on: bool
    given: str | Claim
    layer: Layer
    location: Location


def switched(layers: Iterable[Layer], thesis: Thesis | None) -> tuple[tuple[str, ...], tuple[Claim, ...]]:
    """Merge the ``without`` and ``with`` of layers, the later over the earlier.

    Parameters
    ----------
    layers : iterable of Layer
    thesis : Thesis or None
        The scenario's.

    Returns
    -------
    without : tuple of str
        Ids of the thesis's claims that are off, in its order.
    added : tuple of Claim
        Claims of other theses that are on, in the order given.

    Raises
    ------
    ScenarioError
        If an id is unknown, is not the thesis's where it is switched off, or is given twice in one layer.
    """
    own = {claim.id for claim in thesis.claims} if thesis else set()
    switches: dict[str, _Switch] = {}
    added_before: set[str] = set()
    for layer in layers:
        here = _switches(layer)
        for claim_id, switch in here.items():
            if not switch.on and claim_id not in own | added_before:
                raise ScenarioError([_not_here(claim_id, switch, own | added_before, thesis)])
            switches.pop(claim_id, None)  # so that a later word also comes later in the order
            switches[claim_id] = switch
        added_before |= {claim_id for claim_id, switch in here.items() if switch.on}
    off = {claim_id for claim_id, switch in switches.items() if not switch.on}
    without = tuple(claim.id for claim in (thesis.claims if thesis else ()) if claim.id in off)
    return without, tuple(
        _claim(switch) for claim_id, switch in switches.items() if switch.on and claim_id not in own
    )


def shipped_claims() -> dict[str, tuple[Claim, Thesis]]:
    """Return every claim of the shipped theses by id, with its thesis."""
    theses = (load_thesis(name) for name in library.thesis_names())
    return {claim.id: (claim, thesis) for thesis in theses for claim in thesis.claims}


def _switches(layer: Layer) -> Mapping[str, _Switch]:
    found: dict[str, _Switch] = {}
    off = [(False, item, ("without", index)) for index, item in enumerate(layer.draft.without)]
    on = [(True, item, ("with", index)) for index, item in enumerate(layer.draft.with_)]
    for is_on, given, location in [*off, *on]:
        claim_id = given if isinstance(given, str) else given.id
        if claim_id in found:
            problem = layer.document.problem(location, f"claim {claim_id[:80]} is switched twice")
            raise ScenarioError([problem])
        found[claim_id] = _Switch(is_on, given, layer, location)
    return found


def _claim(switch: _Switch) -> Claim:
    """Return a claim that is added: one given in full, or that of a shipped thesis, with its source."""
    if isinstance(switch.given, Claim):
        return switch.given
    known = shipped_claims()
    if switch.given not in known:
        message = f"no shipped thesis has a claim {switch.given[:80]}"
        close = nearest(switch.given, known)
        document = switch.layer.document
        raise ScenarioError(
            [document.problem(switch.location, message, allowed=", ".join(known), nearest=close)]
        )
    claim, thesis = known[switch.given]
    return claim.from_thesis(thesis)


def _not_here(claim_id: str, switch: _Switch, own: set[str], thesis: Thesis | None) -> Problem:
    known = shipped_claims()
    whose = f"this scenario, of the thesis {thesis.name}," if thesis else "this scenario"
    message = f"{whose} has no claim {claim_id[:80]}"
    if claim_id in known:
        message += f", which is one of {known[claim_id][1].name}"
    by_number = sorted(own, key=lambda claim: (len(claim), claim))
    return switch.layer.document.problem(
        switch.location,
        message,
        allowed=", ".join(by_number) or "none, since its thesis makes no claim",
        nearest=None if claim_id in known else nearest(claim_id, own),
    )


def _check_whole(
    values: Mapping[str, Any],
    owners: Mapping[str, Layer],
    timeline: list[Placed],
    main: Document,
    faults: Faults,
    *,
    span_known: bool,
) -> None:
    """Check what depends on several keys, perhaps of several files.

    Parameters
    ----------
    values : mapping
        ``start``, ``years`` and ``mode``, merged.
    owners : mapping of str to Layer
        By key, the layer that gave it last.
    timeline : list of Placed
    main : Document
        The scenario's own file.
    faults : Faults
        What is wrong is added here, at the key that should change.
    span_known : bool
        False where another fault hides when the run starts and ends.
    """
    in_range = span_known and _check_span(values, owners, main, faults)
    for entry, document, location in timeline:
        if in_range:
            _check_months(entry, document, location, values, faults)
        if isinstance(entry, SetParameter):
            _check_parameter(entry, document, location, faults)


def _check_span(
    values: Mapping[str, Any], owners: Mapping[str, Layer], main: Document, faults: Faults
) -> bool:
    """Check start and end; False where it makes no sense to hold events against them."""
    start: Month = values["start"]
    last = _last(values)

    def at(key: str) -> Document:
        return owners[key].document if key in owners else main

    if not EARLIEST <= start <= LATEST_START:
        message = f"{start} is out of range"
        faults.add(at("start").problem(("start",), message, allowed=f"{EARLIEST} to {LATEST_START}"))
        return False
    if values["mode"] == "historical" and last > LATEST:
        message = f"a historical run from {start} over {values['years']} years ends after the record"
        faults.add(at("mode").problem(("mode",), message, allowed=f"an end by {LATEST}"))
    return True


def _last(values: Mapping[str, Any]) -> Month:
    last: Month = values["start"] + (values["years"] * 12 - 1)
    return last


def _check_months(
    entry: AnyEvent, document: Document, location: Location, values: Mapping[str, Any], faults: Faults
) -> None:
    start, last = values["start"], _last(values)
    for key, month in _months(entry):
        if not start <= month <= last:
            message = f"{month} is outside the run"
            faults.add(document.problem((*location, *key), message, allowed=f"{start} to {last}"))


def _months(entry: AnyEvent) -> Iterator[tuple[Location, Month]]:
    if entry.at is not None:
        yield ("at",), entry.at
    if entry.when is not None and entry.when.from_ is not None:
        yield ("when", "from"), entry.when.from_
    if entry.when is not None and entry.when.until is not None:
        yield ("when", "until"), entry.when.until
    if isinstance(entry, Lasting) and entry.until is not None:
        yield ("until",), entry.until


def _check_parameter(entry: SetParameter, document: Document, location: Location, faults: Faults) -> None:
    ranges = parameter_ranges()
    if entry.parameter not in ranges:
        close = nearest(entry.parameter, ranges)
        faults.add(document.problem((*location, "parameter"), "unknown parameter", nearest=close))
        return
    try:
        read_prior(entry.value, ranges[entry.parameter])
    except UnfitError as error:
        for misfit in error.misfits:
            faults.add(document.place(misfit, (*location, "value")))
