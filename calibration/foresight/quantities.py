"""What a statement is about, counted from a history by one function for record and runs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from calibration.history import REGION, ObservedHistory
from calibration.statistics.occurrences import NEAR_VOTE
from sim.months import Month
from sim.world.record import load_record
from sim.world.state import STATES

HALF_YEAR = 6
"""Months."""


def since(history: ObservedHistory, month: Month) -> ObservedHistory:
    """Return a history with the facts from a month on; votes before it are kept, since they cast a shadow."""
    names = (
        "falls",
        "successors",
        "wars",
        "territories",
        "deployments",
        "refusals",
        "memberships",
        "clashes",
    )
    later: dict[str, Any] = {
        name: tuple(fact for fact in getattr(history, name) if fact.month >= month) for name in names
    }
    challenges = tuple(challenge for challenge in history.challenges if challenge.month >= month)
    return replace(history, challenges=challenges, **later)


def anti_share(history: ObservedHistory, start: Month) -> float:
    """Share of successors after falls to the street that turn from Moscow; NaN without any."""
    found = [fact.detail for fact in history.successors if fact.subject in REGION]
    return found.count("anti") / len(found) if found else math.nan


def support_share(history: ObservedHistory, start: Month) -> float:
    """Share of the region's challenges in which Moscow backs the incumbent; NaN without any."""
    found = [challenge.support != "none" for challenge in history.challenges if challenge.state in REGION]
    return sum(found) / len(found) if found else math.nan


def street_falls(history: ObservedHistory, start: Month) -> float:
    """Falls to the street in the region."""
    return float(sum(fall.subject in REGION for fall in history.street_falls))


def states_at_once(history: ObservedHistory, start: Month) -> float:
    """Most states of the region in which challenges begin within six months."""
    begun = [
        (challenge.month, challenge.state) for challenge in history.challenges if challenge.state in REGION
    ]
    counts = [len({state for month, state in begun if 0 <= month - first < HALF_YEAR}) for first, _ in begun]
    return float(max(counts, default=0))


def near_vote_share(history: ObservedHistory, start: Month) -> float:
    """Share of the region's challenges at most six months after a vote in the state; NaN without any."""
    found = [
        any(vote.subject == it.state and 0 <= it.month - vote.month <= NEAR_VOTE for vote in history.votes)
        for it in history.challenges
        if it.state in REGION
    ]
    return sum(found) / len(found) if found else math.nan


def member_falls(history: ObservedHistory, start: Month) -> float:
    """Falls to the street in states that were members of the CSTO at the start."""
    members = {
        str(row["state"])
        for row in load_record().rows["memberships"]
        if row["organisation"] == "CSTO" and str(row["start"]) <= f"{start}" <= str(row["end"] or "9999")
    }
    return float(sum(fall.subject in members for fall in history.street_falls))


def exits(history: ObservedHistory, start: Month) -> float:
    """Exits from the CSTO."""
    return float(sum(change.detail == "left" for change in history.memberships))


def territories_gained(history: ObservedHistory, start: Month) -> float:
    """Changes by which a territory gains in status."""
    return float(sum(change.detail in ("upgraded", "integrated") for change in history.territories))


def territories_arisen(history: ObservedHistory, start: Month) -> float:
    """Territories that break away."""
    return float(sum(change.detail == "arose" for change in history.territories))


def deployments(history: ObservedHistory, start: Month) -> float:
    """Deployments of the alliance."""
    return float(len(history.deployments))


def wars(history: ObservedHistory, start: Month) -> float:
    """Wars of Moscow against a state that begin."""
    return float(len(history.wars))


def clashes(history: ObservedHistory, start: Month) -> float:
    """Pairs of states and years with clashes."""
    return float(len({(fact.subject, fact.month.year) for fact in history.clashes}))


def refusals(history: ObservedHistory, start: Month) -> float:
    """Requests for help that Moscow does not meet."""
    return float(len(history.refusals))


COUNTED: dict[str, Callable[[ObservedHistory, Month], float]] = {
    count.__name__: count
    for count in (
        anti_share, support_share, street_falls, states_at_once, near_vote_share, member_falls, exits,
        territories_gained, territories_arisen, deployments, wars, clashes, refusals,
    )
}  # fmt: skip
"""By name in the table of statements."""


def alignment_gain(history: ObservedHistory, record: ObservedHistory, state: str, start: Month) -> float:
    """Return a state's alignment at the end of a history less that on record before the start.

    Both as deviations from the mean of the states.
    """
    last, before = history.window.last, start.year - 1
    now = history.alignment[state, last] - sum(history.alignment[other, last] for other in STATES) / len(
        STATES
    )
    then = record.alignment[state, before] - sum(record.alignment[other, before] for other in STATES) / len(
        STATES
    )
    return now - then
