"""Claims switched off and on, one by one: what is left of a thesis, and what is added from others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.scenario import library
from sim.scenario.chain import Layer
from sim.scenario.document import Location
from sim.scenario.models import ClaimFile
from sim.scenario.problems import Problem, ScenarioError, nearest
from sim.scenario.theses import load_thesis, read_claim
from sim.scenario.thesis import Claim, Thesis


@dataclass(frozen=True, slots=True)
class _Switch:
    """The last word of a chain of files on one claim, and where it stands."""

    on: bool
    given: str | ClaimFile
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
                raise ScenarioError([_not_here(claim_id, switch, own | added_before)])
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
    off = [(False, item, ("without", index)) for index, item in enumerate(layer.file.without)]
    on = [(True, item, ("with", index)) for index, item in enumerate(layer.file.with_)]
    for is_on, given, location in [*off, *on]:
        claim_id = given.id if isinstance(given, ClaimFile) else given
        if claim_id in found:
            problem = layer.document.problem(location, f"claim {claim_id[:80]} is switched twice")
            raise ScenarioError([problem])
        found[claim_id] = _Switch(is_on, given, layer, location)
    return found


def _claim(switch: _Switch) -> Claim:
    """Return a claim that is added: one given in full, or that of a shipped thesis, with its source."""
    document = switch.layer.document
    if isinstance(switch.given, ClaimFile):
        return read_claim(switch.given, document, switch.location)
    known = shipped_claims()
    if switch.given not in known:
        message = f"no shipped thesis has a claim {switch.given[:80]}"
        close = nearest(switch.given, known)
        raise ScenarioError(
            [document.problem(switch.location, message, allowed=_listed(known), nearest=close)]
        )
    claim, thesis = known[switch.given]
    return claim.from_thesis(thesis)


def _not_here(claim_id: str, switch: _Switch, own: set[str]) -> Problem:
    known = shipped_claims()
    message = f"this scenario has no claim {claim_id[:80]}"
    if claim_id in known:
        message += f", which is one of {known[claim_id][1].name}"
    allowed = _listed(sorted(own, key=_by_number)) or "none, since its thesis makes no claim"
    return switch.layer.document.problem(
        switch.location,
        message,
        allowed=allowed,
        nearest=None if claim_id in known else nearest(claim_id, own),
    )


def _by_number(claim_id: str) -> tuple[int, str]:
    return len(claim_id), claim_id


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(ids)
