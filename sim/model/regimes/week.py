"""The rules of a week with an open challenge, of parameters and plain numbers: who turns, who falls.

The model and explanations call them; one compiled loop lets all challenges go on in which nothing can happen.
"""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import BEYOND_COMPILED, KEPT, rule
from sim.model.moscow.instruments import NO_HELP
from sim.model.regimes.regime import keep_in_range
from sim.model.rows import Numbers, RowArray

WEEKS = 4  # a month has four weeks; the twelve missing days of a quarter are nobody's

# Where the rates of `challenges` are stated: reference levels, not sizes
REFERENCE_TURNOUT = 0.30
MIDDLING_COHESION = 0.5
MIDDLING_LOYALTY = 0.6


@rule
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    if x < -700:
        return 0.0
    return 1.0 / (1.0 + math.exp(-x))


@rule
def defection_log_odds(
    p: Numbers,
    participation: float,
    cohesion: float,
    loyalty: float,
    openness: float,
    preparedness: float,
    dependence: float,
) -> float:
    """Return the log-odds that services turn in a week, before any answer or help (claims G3, G4, G7).

    Parameters
    ----------
    p : ChallengeParameters
    participation : float
        Share of citizens in open opposition, 0-1.
    cohesion, loyalty, openness, preparedness, dependence : float
        Of the regime, 0-1 but for an outsider's error.
    """
    prevention = preparedness * (p.own_prevention + p.joint_prevention * dependence)
    log_odds: float = (
        p.defection_base
        + p.defection_by_turnout * (participation - REFERENCE_TURNOUT)
        - p.defection_by_cohesion * (cohesion - MIDDLING_COHESION)
        - p.defection_by_loyalty * (loyalty - MIDDLING_LOYALTY)
        - p.defection_by_openness * openness**2
        - prevention
    )
    return log_odds


@rule
def log_odds_of(challenge: Numbers, regime: Numbers, p: Numbers, error: float = 0.0) -> float:
    """Return the `defection_log_odds` of an open challenge this week.

    Parameters
    ----------
    challenge : ChallengeRow
    regime : RegimeRow
    p : ChallengeParameters
    error : float
        Added to cohesion and loyalty: how an outsider misjudges them.
    """
    return defection_log_odds(
        p, challenge.participation, regime.cohesion + error, regime.security_loyalty + error,
        regime.openness, regime.preparedness, regime.dependence,
    )  # fmt: skip


@rule
def backing(help_gain: float, cover: float, rules: Numbers) -> float:
    """Return what Moscow's backing adds to survival, log-odds: help, or what is expected if that is more.

    Parameters
    ----------
    help_gain : float
        Of the help at work, log-odds.
    cover : float
        Chance of troops that the state reckons with, 0-1 (`Alliance.cover`).
    rules : Parameters
    """
    expected = rules.alliance.precedent_resolve * cover
    by_troops: float = expected * rules.instruments.deployment_gain
    return help_gain if help_gain > by_troops else by_troops


@rule
def defection_risk(log_odds: float, weeks: float) -> float:
    """Return the risk that services turn within some weeks of the same log-odds."""
    return 1.0 - math.pow(1.0 - logistic(log_odds), weeks)


@rule
def street_chance(p: Numbers, participation: float, defected: bool) -> float:
    """Return the chance of a week that the regime falls to the street, whose services have turned or not."""
    if defected:
        chance: float = p.fall_after_defection
        return chance
    without: float = p.fall_without_defection * participation / REFERENCE_TURNOUT
    return without


@rule
def clan_chance(p: Numbers, participation: float, cohesion: float, clan_politics: float) -> float:
    """Return the chance of a week that rival clans use the discontent to bring the incumbent down."""
    split = (1 - cohesion) ** 2
    chance: float = p.clan_contest * clan_politics * split * participation / REFERENCE_TURNOUT
    return chance


@rule
def go_on(challenge: Numbers, regime: Numbers, movement: Numbers, rules: Numbers, tick: int) -> None:
    """Let turnout speak in a week that the regime survived (Lohmann 1994), and the challenge fade.

    Parameters
    ----------
    challenge : ChallengeRow
    regime : RegimeRow
    movement : MovementRow
    rules : Parameters
    tick : int
    """
    people = rules.citizens
    expected = regime.expected_turnout
    surprise = challenge.participation - expected
    if surprise > 0.0:
        regime.legitimacy -= people.turnout_learning * surprise / WEEKS
    regime.expected_turnout = expected + people.turnout_expectation * surprise
    regime.cohesion -= rules.challenges.weekly_strain
    keep_in_range(regime)
    fade(challenge, movement, rules.challenges, tick)


@rule
def fade(challenge: Numbers, movement: Numbers, p: Numbers, tick: int) -> None:
    """Let the spark fade for one week, unless a movement keeps it alive, and Moscow's help run out."""
    if challenge.help_place != NO_HELP and tick >= challenge.help_ends:
        challenge.help_place = NO_HELP
        challenge.help_gain = 0.0
    fatigue = p.fatigue * (1 - p.endurance * movement.resources)
    challenge.spark *= 1 - fatigue
    challenge.weeks += 1


@rule
def may_lose(
    challenge: Numbers,
    regime: Numbers,
    rules: Numbers,
    cover: float,
    defects: float,
    falls: float,
    contests: float,
) -> bool:
    """Return whether services may turn or the regime may fall this week: `OpenChallenge.contest` tells.

    Parameters
    ----------
    cover : float
        As `backing` takes it.
    defects, falls, contests : float
        This week's uniforms of DEFECTION, FALL and CLAN_CONTEST.
    """
    p, participation = rules.challenges, challenge.participation
    if not challenge.defected:
        log_odds = log_odds_of(challenge, regime, p)
        held = challenge.answer_gain + backing(challenge.help_gain, cover, rules)
        if defects < BEYOND_COMPILED * logistic(log_odds - held):
            return True
    if falls < BEYOND_COMPILED * street_chance(p, participation, challenge.defected):
        return True
    by_clans = clan_chance(p, participation, regime.cohesion, regime.clan_politics)
    return bool(contests < BEYOND_COMPILED * by_clans)


@numba.njit(cache=KEPT, nogil=True)
def go_on_where_safe(
    states: NDArray[np.int64],
    challenges: RowArray,
    regimes: RowArray,
    movements: RowArray,
    rules: RowArray,
    covers: NDArray[np.float64],
    defects: NDArray[np.float64],
    falls: NDArray[np.float64],
    contests: NDArray[np.float64],
    tick: int,
) -> NDArray[np.int64]:
    """Let challenges go on where nothing can happen this week; return the states where something may.

    Parameters
    ----------
    states : ndarray
        Where a challenge is open.
    covers : ndarray, shape (all states,)
    defects, falls, contests : ndarray, shape (all states, weeks)
        The month's uniforms, as `may_lose` takes those of a week.
    """
    unsafe, count = np.empty(states.size, np.int64), 0
    for state in states:
        challenge, regime, week = challenges[state], regimes[state], challenges[state].weeks % WEEKS
        if may_lose(
            challenge, regime, rules[0], covers[state], defects[state, week], falls[state, week],
            contests[state, week],
        ):  # fmt: skip
            unsafe[count] = state
            count += 1
        else:
            go_on(challenge, regime, movements[state], rules[0], tick)
    return unsafe[:count]
