"""Alignment with Moscow: votes, treaties, bases and trade."""

from __future__ import annotations

import math

from sim.world.scales import bounded, ramp, root_sum_square
from sim.world.snapshot import Snapshot
from sim.world.state import STATES, Estimate

TREATIES = {
    "CIS": 0.2,
    "CIS associate": 0.1,
    "CSTO": 0.4,
    "CSTO frozen": -0.35,
    "EAEU": 0.2,
    "Union State": 0.2,
    "GUAM": -0.25,
    "Eastern Partnership": -0.1,
    "EU association": -0.3,
    "EU candidate": -0.2,
    "EU": -0.6,
    "NATO": -0.6,
}
"""Weight of a membership for (+) or against (-) Moscow; a judgement. A frozen CSTO seat undoes most of it."""

_OUTSIDE_CIS = -0.3  # a successor state that never joined, left or did not ratify
_WEIGHTS = {"treaties": 0.35, "votes": 0.30, "bases": 0.20, "trade": 0.15}
_VOTES_SPAN = 0.6  # ideal points: about the range from the mean of the 14 to either end
_STRETCH = 1.15  # the mean of several components is closer to 0 than any of them


def alignment(snapshot: Snapshot, state: str) -> Estimate:
    """Alignment, -1 against Moscow to 1 with it: weighted mean of four components, each in [-1, 1].

    Treaties 0.35, UN votes 0.30, bases 0.20, trade 0.15: treaties are chosen, votes are cheap, bases are
    partly inherited, and trade is mostly geography, so they count in this order. A component that is missing
    gives its weight to the rest. The sd combines 0.10 (and 0.05 more for each one missing), the standard
    error of the components' mean, halved in variance because their weights are not luck, and the error of
    values carried from other years: about 0.11 to 0.25.
    """
    found = {
        "treaties": treaties(snapshot, state),
        "votes": votes(snapshot, state),
        "bases": bases(snapshot, state),
        "trade": trade(snapshot, state),
    }
    known = {name: value for name, value in found.items() if value is not None}
    weight = math.fsum(_WEIGHTS[name] for name in known)
    mean = math.fsum(_WEIGHTS[name] * value for name, value in known.items()) / weight
    variance = math.fsum(_WEIGHTS[name] * (value - mean) ** 2 for name, value in known.items()) / weight
    carried = snapshot.carried_error(
        state,
        {
            "un_ideal_point_west_of_russia": _WEIGHTS["votes"] / _VOTES_SPAN,
            "russia_trade_share": _WEIGHTS["trade"] / 20,
        },
    )
    sd = root_sum_square(
        (0.10 + 0.05 * (len(found) - len(known)), math.sqrt(variance / len(known) / 2), carried)
    )
    source = "proxy: " + ", ".join(f"{name} {value:+.2f}" for name, value in known.items())
    return bounded(_STRETCH * mean, sd, source, low=-1.0)


def treaties(snapshot: Snapshot, state: str) -> float:
    """Sum of `TREATIES`, and -0.3 outside the CIS, cut to [-1, 1]."""
    held = snapshot.memberships(state)
    outside = 0.0 if held & {"CIS", "CIS associate"} else _OUTSIDE_CIS
    return min(max(outside + math.fsum(TREATIES.get(name, 0.0) for name in held), -1.0), 1.0)


def votes(snapshot: Snapshot, state: str) -> float | None:
    """How much less Western than the mean of the 14 states votes in the UN General Assembly, -1 to 1.

    The distance is counted on the Western side of Russia only: a state less Western than Moscow is not
    against Moscow. Relative to the mean of the 14, because Russia's own votes move (a fall everywhere after
    2014). In the first years Russia voted with the West and the measure says little: all are near the mean.
    A distance of 0.6 (`_VOTES_SPAN`) from the mean gives the full score.
    """
    distances = {code: _west_of_russia(snapshot, code) for code in STATES}
    own = distances[state]
    if own is None:
        return None
    known = [value for value in distances.values() if value is not None]
    return min(max((math.fsum(known) / len(known) - own) / _VOTES_SPAN, -1.0), 1.0)


def bases(snapshot: Snapshot, state: str) -> float:
    """Russian troops by consent: 0.3 for facilities, 0.7 for units; without consent -0.8; none 0."""
    garrison = snapshot.spell("garrisons", state)
    if garrison is None:
        return 0.0
    if not garrison["consented"]:
        return -0.8
    return 0.7 if garrison["presence"] > 1 else 0.3


def trade(snapshot: Snapshot, state: str) -> float | None:
    """Russia's share in exports and imports: -1 at 0, 0 at 20 %, 1 at 45 %; None if too long ago."""
    reading = snapshot.reading("russia_trade_share", state)
    if reading is None:
        return None
    return ramp(reading.value, 20, 45) - ramp(reading.value, 20, 0)


def _west_of_russia(snapshot: Snapshot, state: str) -> float | None:
    reading = snapshot.reading("un_ideal_point_west_of_russia", state)
    return None if reading is None else max(reading.value, 0.0)
