"""From a name or file to one canonical scenario: layers merged, then checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.parameters.priors import Sample
from sim.scenario import library
from sim.scenario.chain import Layer, read_chain, with_bases
from sim.scenario.checking import check
from sim.scenario.consistency import Placed, check_whole
from sim.scenario.document import Document, Location
from sim.scenario.faults import Faults
from sim.scenario.fields import SCENARIO_NAME
from sim.scenario.models import POSTERIOR, ScenarioFile
from sim.scenario.overrides import override_layer
from sim.scenario.posterior import posterior_settings
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.setting import Setting
from sim.scenario.settings import initial_ranges, own_settings, parameter_ranges
from sim.scenario.switches import switched
from sim.scenario.theses import thesis_of
from sim.scenario.thesis import Claim, Thesis, active_claims

_CLAIMS_HANG_ON = {"extends", "thesis", "without", "with"}
_SPAN_HANGS_ON = {"extends", "start", "years", "mode"}
"""Where one of these is faulty, what hangs on it cannot be judged."""

_PLAIN_KEYS = ("title", "question", "asked_by", "start", "years", "mode", "citizens", "runs", "seed")


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
        If anything is wrong, with every fault found in the file, in those it rests on, and in ``overrides``.

    Examples
    --------
    >>> load("dubnov", ["runs=20", "moscow.keep_weight=1.5"]).runs  # doctest: +SKIP
    20
    """
    faults = Faults()
    chain: list[Layer] = []
    changes: list[Layer] = []
    with faults.gathered():
        chain = read_chain(_file(source), faults)
    for text in overrides:
        with faults.gathered():
            changes.append(override_layer(text))
    if not chain:
        faults.tell()
    return resolve(chain, changes, faults)


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
    faults = Faults()
    return resolve(with_bases(Layer(document, file, f"scenario {file.name}", None), faults), (), faults)


def resolve(chain: list[Layer], overrides: Iterable[Layer], faults: Faults) -> Scenario:
    """Merge a chain of files, and then overrides, the later over the earlier, into a scenario.

    Parameters
    ----------
    chain, overrides : sequence of Layer
    faults : Faults
        What is wrong with them so far.

    Raises
    ------
    ScenarioError
        With those faults, and all that are found here.
    """
    layers = [*chain, *overrides]
    left_out = frozenset().union(*(layer.left_out for layer in layers))
    values: dict[str, Any] = {key: getattr(ScenarioFile(), key) for key in _PLAIN_KEYS}
    owners: dict[str, Layer] = {}
    parameters: dict[str, Setting] = {}
    initial: dict[str, Setting] = {}
    timeline: dict[str, Placed] = {}
    for layer in layers:
        given = layer.file.model_fields_set
        owners |= dict.fromkeys(given, layer)
        values |= {key: getattr(layer.file, key) for key in _PLAIN_KEYS if key in given}
        with faults.gathered():
            parameters |= _own(layer, "parameters")
        with faults.gathered():
            initial |= _own(layer, "initial")
        timeline |= _entries(layer, faults)
    thesis: Thesis | None = None
    without: tuple[str, ...] = ()
    added: tuple[Claim, ...] = ()
    with faults.gathered():
        thesis = thesis_of(owners["thesis"]) if "thesis" in owners else None
        if not left_out & _CLAIMS_HANG_ON:
            without, added = switched(layers, thesis)
    known = not left_out & _SPAN_HANGS_ON
    check_whole(values, owners, list(timeline.values()), chain[-1].document, faults, span_known=known)
    name = ""
    with faults.gathered():
        name = _name(layers[len(chain) - 1 :])
    faults.tell()
    claimed: dict[str, Setting] = {}
    for claim in active_claims(thesis, without, added):
        claimed |= claim.parameters
    return Scenario(
        name=name,
        thesis=thesis,
        without=without,
        with_=added,
        parameters={**_sampled(parameters), **claimed, **_plain(parameters)},
        initial=initial,
        timeline=tuple(entry for entry, _, _ in timeline.values()),
        **values,
    )


def _file(source: str | Path) -> Path:
    if isinstance(source, Path) or library.is_path(source):
        return Path(source)
    try:
        return library.find(source)
    except ScenarioError:
        with suppress(OSError, ValueError):  # a text that can be no path
            if Path(source).exists():
                message = "is neither the name of a shipped scenario nor a .yaml file"
                raise ScenarioError([Problem(source, message)]) from None
        raise


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
    given = dict(getattr(layer.file, key))
    if key == "initial":
        return own_settings(given, initial_ranges(), layer.document, (key,), layer.source)
    posterior = given.pop(POSTERIOR, None)
    calibrated = {} if posterior is None else posterior_settings(posterior, layer)
    own = own_settings(given, parameter_ranges(), layer.document, (key,), layer.source)
    return {**calibrated, **own}


def _sampled(parameters: dict[str, Setting]) -> dict[str, Setting]:
    """Return those from a joint sample: it stands in for the shared priors, so a claim goes before it."""
    return {path: item for path, item in parameters.items() if isinstance(item.prior, Sample)}


def _plain(parameters: dict[str, Setting]) -> dict[str, Setting]:
    return {path: item for path, item in parameters.items() if not isinstance(item.prior, Sample)}


def _entries(layer: Layer, faults: Faults) -> dict[str, Placed]:
    entries: dict[str, Placed] = {}
    places = range(len(layer.file.timeline)) if layer.entries is None else layer.entries
    for index, entry in zip(places, layer.file.timeline, strict=True):
        location: Location = ("timeline", index)
        if entry.name in entries:
            message = f"another entry has the name {entry.name[:80]!r}"
            faults.add(layer.document.problem((*location, "name"), message))
        entries[entry.name] = (entry, layer.document, location)
    return entries
