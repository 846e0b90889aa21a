"""The first month agrees with what was seen: quiet states are quiet, open challenges stay open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

QUIET = 0.5  # of the level at which a challenge opens: a state with less open opposition is quiet
_HALVINGS = 10  # to a thousandth of the range


def agree_with_record(space: PostSovietSpace) -> None:
    """Condition the drawn start on what each state then did (`challenges.start_as_seen`).

    A state that was quiet, and whose drawn numbers would bring people out at once, is given the legitimacy
    that keeps it quiet; one with an open challenge on record gets the spark that keeps the challenge open.
    """
    p = space.parameters.challenges
    if not p.start_as_seen:
        return
    for regime, start in zip(space.regimes, space.starts, strict=True):
        if start.record.challenge_open:
            spark = p.start_as_seen * _spark_needed(space, regime)
            space.focal_events.force(regime, spark, "open before")
        else:
            missing = p.start_as_seen * _legitimacy_needed(space, regime, start.record.months_quiet)
            regime.legitimacy += missing
            regime.beyond_record += missing
            regime.settled_legitimacy += missing
            regime.keep_in_range()


def _spark_needed(space: PostSovietSpace, regime: Regime) -> float:
    """Return the least spark at which a challenge is open."""
    level = space.parameters.challenges.challenge_level
    return _least(lambda spark: _turnout(space, regime, -spark) >= level)


def _legitimacy_needed(space: PostSovietSpace, regime: Regime, months: int) -> float:
    """Return the least legitimacy that must be added for the state to be quiet, and to have been so."""
    level = space.parameters.challenges.challenge_level
    borne = space.focal_events.largest_spark(regime, min(months, space.parameters.challenges.quiet_months))
    return _least(
        lambda more: (
            _turnout(space, regime, more) < QUIET * level and _turnout(space, regime, more - borne) < level
        )
    )


def _turnout(space: PostSovietSpace, regime: Regime, more: float) -> float:
    """Return open opposition at a legitimacy that is higher by some."""
    efficacy = space.movements[regime.index].efficacy
    return space.population.protest(
        regime.index, space.parameters.citizens, max(regime.legitimacy + more - efficacy, 0.0),
        regime.grievance_salience, regime.perceived_alignment, regime.deterrence, regime.force,
    )  # fmt: skip


def _least(enough: Callable[[float], bool]) -> float:
    """Return the least number in [0, 1] that is enough, by halving; 1 if none is."""
    if enough(0.0):
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
