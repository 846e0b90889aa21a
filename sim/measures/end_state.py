"""The class in which a run ends, by rules on observable outcomes alone.

The rules are tried in this order, and the first that holds gives the class:

1. **disintegration**: Moscow's influence falls far, the street topples several regimes, and most of the
   successors turn against Moscow;
2. **space 2.0**: Moscow integrates territories other than in war, has no more client states than at the
   start, and its influence does not fall: the space is rebuilt from chosen parts;
3. **vacuum**: influence falls, and either most states that leave go to powers other than the West, or most
   calls for help stay unanswered;
4. **consolidation**: influence rises, or does not fall while Moscow gains clients;
5. **status quo**: none of these.

"Space 2.0" is Dubnov's term. Which claims of each thesis lead where is our reading, in docs/FINDINGS.md.
The thresholds are judgements, open to change: pass other `EndStateRules`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

DISINTEGRATION = "disintegration"
SPACE_2 = "space 2.0"
VACUUM = "vacuum"
CONSOLIDATION = "consolidation"
STATUS_QUO = "status quo"

END_STATES = (DISINTEGRATION, SPACE_2, VACUUM, CONSOLIDATION, STATUS_QUO)
"""Every class, in the order in which the rules are tried."""


def rules_in_words() -> dict[str, str]:
    """Return the rule of each class in words, as this module's docstring tells them."""
    told = re.findall(r"^\d\. \*\*([^*]+)\*\*: (.+?)[;.]$", __doc__ or "", re.DOTALL | re.MULTILINE)
    return {name: " ".join(rule.split()) for name, rule in told}


RULES_READ: dict[str, tuple[str, ...]] = {
    DISINTEGRATION: (
        "influence_change", "street_falls", "successors_anti", "successors_neutral", "successors_pro",
    ),
    SPACE_2: ("influence_change", "integrated", "taken_in_war", "clients_start", "clients_end"),
    VACUUM: ("influence_change", "realignments_away", "realignments_to_west", "requests", "refusals"),
    CONSOLIDATION: ("influence_change", "clients_start", "clients_end"),
    STATUS_QUO: (),
}  # fmt: skip
"""Outcomes that the rule of each class reads; the status quo is what is left."""


def resting_on(cells: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return the scenarios and classes whose rule reads one of a scenario's outcomes.

    Parameters
    ----------
    cells : collection of (scenario, outcome)

    Returns
    -------
    frozenset of (scenario, class)
    """
    return frozenset(
        (scenario, name)
        for scenario, outcome in cells
        for name, read in RULES_READ.items()
        if outcome in read
    )


@dataclass(frozen=True, slots=True)
class EndStateRules:
    """Thresholds of the rules; every one a judgement.

    Parameters
    ----------
    collapse : float
        Fall of influence, from the start to the end, that disintegration needs.
    collapse_falls : int
        Falls to the street that it needs.
    integrated : int
        Newly integrated territories that space 2.0 needs, those taken in war left out: more than one.
    erosion : float
        Fall of influence that a vacuum needs, and that space 2.0 does not know.
    unanswered : float
        Share of calls unanswered above which there is a vacuum, among at least ``vacuum_requests`` calls.
    vacuum_requests : int
    vacuum_moves : int
        Realignments away from Moscow below which their direction says nothing.
    rise : float
        Rise of influence that consolidation needs.
    client_gain : int
        New clients that consolidation needs where influence rises less.
    """

    collapse: float = 0.2
    collapse_falls: int = 3
    integrated: int = 2
    erosion: float = 0.05
    unanswered: float = 0.5
    vacuum_requests: int = 3
    vacuum_moves: int = 2
    rise: float = 0.1
    client_gain: int = 2


@dataclass(frozen=True, slots=True)
class EndState:
    """A class and the figures that put the run in it."""

    name: str
    reason: str


def end_state(outcomes: Mapping[str, float], rules: EndStateRules | None = None) -> EndState:
    """Return the class in which a run ends.

    Parameters
    ----------
    outcomes : mapping of str to float
        As `sim.measures.measure` returns them.
    rules : EndStateRules, optional
        Default thresholds without it.

    Returns
    -------
    EndState
    """
    rules = rules or EndStateRules()
    name, reason = (
        _disintegration(outcomes, rules)
        or _space_2(outcomes, rules)
        or _vacuum(outcomes, rules)
        or _consolidation(outcomes, rules)
        or (STATUS_QUO, "no rule holds")
    )
    return EndState(name, f"influence {outcomes['influence_change']:+.2f}; {reason}")


_Verdict = tuple[str, str] | None


def _disintegration(values: Mapping[str, float], rules: EndStateRules) -> _Verdict:
    anti = values["successors_anti"]
    others = values["successors_neutral"] + values["successors_pro"]
    if (
        values["influence_change"] <= -rules.collapse
        and values["street_falls"] >= rules.collapse_falls
        and anti > others
    ):
        return (
            DISINTEGRATION,
            f"{values['street_falls']:.0f} falls to the street, {anti:.0f} of {anti + others:.0f} successors "
            "against Moscow",
        )
    return None


def _space_2(values: Mapping[str, float], rules: EndStateRules) -> _Verdict:
    before, after = values["clients_start"], values["clients_end"]
    rebuilt = values["integrated"] - values["taken_in_war"]
    if values["influence_change"] > -rules.erosion and rebuilt >= rules.integrated and after <= before:
        return (
            SPACE_2,
            f"{rebuilt:.0f} territories integrated without war, clients {before:.0f} at the start "
            f"and {after:.0f} at the end",
        )
    return None


def _vacuum(values: Mapping[str, float], rules: EndStateRules) -> _Verdict:
    if values["influence_change"] > -rules.erosion:
        return None
    moves = values["realignments_away"]
    not_west = moves - values["realignments_to_west"]
    if moves >= rules.vacuum_moves and not_west > moves / 2:
        return VACUUM, f"{not_west:.0f} of {moves:.0f} moves away from Moscow not to the West"
    calls, unanswered = values["requests"], values["refusals"]
    if calls >= rules.vacuum_requests and unanswered > rules.unanswered * calls:
        return VACUUM, f"{unanswered:.0f} of {calls:.0f} calls for help unanswered"
    return None


def _consolidation(values: Mapping[str, float], rules: EndStateRules) -> _Verdict:
    gained = values["clients_end"] - values["clients_start"]
    if values["influence_change"] >= rules.rise:
        return CONSOLIDATION, f"clients {gained:+.0f}"
    if gained >= rules.client_gain and values["influence_change"] >= 0:
        return CONSOLIDATION, f"{gained:.0f} more clients"
    return None
