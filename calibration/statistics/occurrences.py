"""Counts of what happened, and the openness of where it did."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from calibration.history import BALTIC, REGION, Challenge, ObservedHistory
from calibration.statistic import Statistic, count, resampled, share, undefined
from sim.world.record import load_record

NEAR_VOTE = 6
"""Months; as for falls near a vote."""


def challenges(history: ObservedHistory) -> Statistic:
    """Mass challenges in the region."""
    return count(len(_challenges(history)))


def challenges_near_vote(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges that begin at most six months after a vote in the state."""
    votes: dict[str, list[int]] = {}
    for vote in history.votes:
        votes.setdefault(vote.subject, []).append(vote.month.ordinal)
    found = _challenges(history)
    near = sum(
        any(0 <= challenge.month.ordinal - month <= NEAR_VOTE for month in votes.get(challenge.state, ()))
        for challenge in found
    )
    return share(near, len(found))


def baltic_challenges(history: ObservedHistory) -> Statistic:
    """Mass challenges in the Baltic states."""
    return count(sum(challenge.state in BALTIC for challenge in history.challenges))


def street_falls(history: ObservedHistory) -> Statistic:
    """Falls to the street in the region."""
    return count(sum(fall.subject in REGION for fall in history.street_falls))


def elite_falls(history: ObservedHistory) -> Statistic:
    """New chief executives in the region whom elites put in the other's place; rebels do not count."""
    return _leaders(history, "elite")


def leaders_by_vote(history: ObservedHistory) -> Statistic:
    """New chief executives in the region who came by a lost election or the end of a term."""
    return _leaders(history, "vote")


def successions(history: ObservedHistory) -> Statistic:
    """New chief executives in the region who were handed the place, or took it over from the dead."""
    return _leaders(history, "succession")


def openness_of_challenged(history: ObservedHistory) -> Statistic:
    """Mean electoral democracy (V-Dem) of the states where the region's challenges happen, that year."""
    return _mean([_openness(challenge) for challenge in _challenges(history)], "challenges")


def openness_gap_of_falls(history: ObservedHistory) -> Statistic:
    """Mean electoral democracy where challenges succeed, less that where they do not."""
    found = _challenges(history)
    won = [_openness(challenge) for challenge in found if challenge.outcome == "fell"]
    lost = [_openness(challenge) for challenge in found if challenge.outcome != "fell"]
    if not won or not lost:
        return undefined()
    value = float(np.mean(won) - np.mean(lost))
    error = 1.645 * float(np.sqrt(np.var(won) / len(won) + np.var(lost) / len(lost)))
    return Statistic(value, f"{len(won)} and {len(lost)}", lambda: (value - error, value + error))


def crowded_months(history: ObservedHistory) -> Statistic:
    """Months with a crowd of 10 000 or more a state and year of the region, where protests are listed."""
    found = [months for (state, _), months in history.crowded_months.items() if state in REGION]
    return _mean([float(months) for months in found], "state-years")


def _challenges(history: ObservedHistory) -> list[Challenge]:
    return [challenge for challenge in history.challenges if challenge.state in REGION]


def _leaders(history: ObservedHistory, how: str) -> Statistic:
    return count(sum(fact.detail == how and fact.subject in REGION for fact in history.leaders))


def _openness(challenge: Challenge) -> float:
    """Return openness in the year; in forecasts, which run past the record, its last value."""
    known = _polyarchy()[challenge.state]
    return known[min(challenge.month.year, max(known))]


@cache
def _polyarchy() -> dict[str, dict[int, float]]:
    series = load_record().series
    return {state: series["polyarchy", state] for state in (*REGION, *BALTIC)}


def _mean(values: Sequence[float], unit: str) -> Statistic:
    if not values:
        return undefined()
    return resampled(values, lambda sample: float(sample.mean()), unit)
