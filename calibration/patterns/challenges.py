"""Challenges and falls: how often, where, when, and with what end (patterns 1-3 and 5-8)."""

from __future__ import annotations

from collections import Counter

import numpy as np

from calibration.history import BALTIC, CLOSED, REGION, Challenge, Observation, ObservedHistory
from calibration.statistic import Statistic, count, level, rate, resampled, share, undefined
from sim.measures.outcomes_of_challenges import NEAR_ELECTION, rate_after_falls


def fall_rate(history: ObservedHistory) -> Statistic:
    """Falls to the street per state-year of the region."""
    return rate(len(_street_falls(history)), _state_years(history))


def elite_fall_rate(history: ObservedHistory) -> Statistic:
    """Falls other than to the street, to elites or to rebels, per state-year of the region.

    Every such overthrow on record counts, though the model has no rebels. The statistic "falls to elites" of
    `calibration.statistics` counts palace coups in the list of leaders instead: what a fit is held to must be
    what the model can write.
    """
    elite = [fall for fall in history.falls if fall.subject in REGION and fall.detail == "elite"]
    return rate(len(elite), _state_years(history))


def challenge_rate(history: ObservedHistory) -> Statistic:
    """Mass challenges per state-year of the region."""
    return rate(len(_challenges(history)), _state_years(history))


def success_share(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges that bring the incumbent down."""
    challenges = _challenges(history)
    return share(sum(challenge.outcome == "fell" for challenge in challenges), len(challenges))


def concession_share(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges that end in a concession short of a fall."""
    challenges = _challenges(history)
    return share(sum(challenge.outcome == "concession" for challenge in challenges), len(challenges))


def top_state_share(history: ObservedHistory) -> Statistic:
    """Share of the region's street falls that happen in the state with most of them."""
    by_state = Counter(fall.subject for fall in _street_falls(history))
    return share(max(by_state.values(), default=0), by_state.total())


def kyrgyz_share(history: ObservedHistory) -> Statistic:
    """Share of the region's street falls that happen in Kyrgyzstan."""
    falls = _street_falls(history)
    return share(sum(fall.subject == "KGZ" for fall in falls), len(falls))


def states_without_fall(history: ObservedHistory) -> Statistic:
    """States of the region that see no street fall."""
    return level(len(REGION) - len({fall.subject for fall in _street_falls(history)}))


def top_state_challenge_share(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges that happen in the state with most of them."""
    by_state = Counter(challenge.state for challenge in _challenges(history))
    return share(max(by_state.values(), default=0), by_state.total())


def states_without_challenge(history: ObservedHistory) -> Statistic:
    """States of the region that see no challenge."""
    return level(len(REGION) - len({challenge.state for challenge in _challenges(history)}))


def closed_challenge_share(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges that happen in its four most closed states (`CLOSED`)."""
    challenges = _challenges(history)
    return share(sum(challenge.state in CLOSED for challenge in challenges), len(challenges))


def closed_fall_share(history: ObservedHistory) -> Statistic:
    """Share of the region's street falls that happen in its four most closed states (`CLOSED`)."""
    falls = _street_falls(history)
    return share(sum(fall.subject in CLOSED for fall in falls), len(falls))


def baltic_falls(history: ObservedHistory) -> Statistic:
    """Street falls in the Baltic states."""
    return count(sum(fall.subject in BALTIC for fall in history.street_falls))


def baltic_challenge_rate(history: ObservedHistory) -> Statistic:
    """Mass challenges per state-year of the Baltic states."""
    challenges = [challenge for challenge in history.challenges if challenge.state in BALTIC]
    return rate(len(challenges), len(BALTIC) * history.window.years)


def falls_near_vote(history: ObservedHistory) -> Statistic:
    """Share of the region's street falls at most six months after an election or succession in the state."""
    falls = _street_falls(history)
    return share(sum(_near_vote(history, fall) for fall in falls), len(falls))


def fall_dispersion(history: ObservedHistory) -> Statistic:
    """Variance over mean of the yearly number of street falls in the region; 1 if they ignore one another."""
    years = Counter(fall.month.year for fall in _street_falls(history))
    window = history.window
    return resampled([years[year] for year in range(window.first, window.last + 1)], _dispersion)


def challenge_dispersion(history: ObservedHistory) -> Statistic:
    """Variance over mean of the yearly number of challenges in the region; 1 if they ignore one another."""
    years = Counter(challenge.month.year for challenge in _challenges(history))
    window = history.window
    return resampled([years[year] for year in range(window.first, window.last + 1)], _dispersion)


def contagion_ratio(history: ObservedHistory) -> Statistic:
    """Rate of the region's street falls in the 24 months after one, over the rate at other times."""
    ticks = [fall.month - history.window.start for fall in _street_falls(history)]
    value = rate_after_falls(ticks, 12 * history.window.years)
    return level(value) if np.isfinite(value) else undefined()


def _challenges(history: ObservedHistory) -> list[Challenge]:
    return [challenge for challenge in history.challenges if challenge.state in REGION]


def _street_falls(history: ObservedHistory) -> list[Observation]:
    return [fall for fall in history.street_falls if fall.subject in REGION]


def _state_years(history: ObservedHistory) -> int:
    return len(REGION) * history.window.years


def _near_vote(history: ObservedHistory, fall: Observation) -> bool:
    return any(
        vote.subject == fall.subject and 0 <= fall.month - vote.month <= NEAR_ELECTION
        for vote in history.votes
    )


def _dispersion(counts: np.ndarray) -> float:
    if counts.size < 2 or counts.mean() == 0:
        return float("nan")
    return float(counts.var(ddof=1) / counts.mean())
