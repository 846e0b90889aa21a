"""Historical runs: what the record says of each state's fundamentals, taken over every January."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sim.model.draw import estimates
from sim.model.regimes.regime import believed, clamp
from sim.months import Month
from sim.world import build_world
from sim.world.state import World

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace

JANUARY = 1

FOLLOWED = (
    "openness", "civil_society", "repression", "unfair_votes", "security_density", "rents",
    "strategic_value", "burden",
)  # fmt: skip
"""Fundamentals that follow the record as they are; legitimacy and cohesion follow in their settled part."""


@lru_cache(maxsize=64)
def world_at(month: Month) -> World:
    """Return the record at a month, built once a process."""
    return build_world(month)


def follow_record(space: PostSovietSpace) -> None:
    """In historical runs, take over each January's fundamentals as recorded.

    Each comes with the error that the run drew for it at the start.

    Politics is left alone: alignment, leaders, loyalty, memberships, territories, attitudes.
    """
    if not space.historical or space.month == space.world.start or space.month.month != JANUARY:
        return
    now = world_at(space.month)
    for regime, record, start in zip(space.regimes, now.states, space.starts, strict=True):
        error = {name: start[name] - estimate.mean for name, estimate in estimates(start.record)}
        current = dict(estimates(record))
        for name in FOLLOWED:
            estimate = current[name]
            setattr(regime, name, clamp(estimate.mean + error[name], estimate.low, estimate.high))
        regime.baseline_rents = regime.rents
        regime.settled_legitimacy = (
            current["legitimacy"].mean - record.passing_legitimacy + error["legitimacy"]
        )
        regime.settled_legitimacy += regime.beyond_record + believed(space.parameters.regimes, record)
        regime.settled_legitimacy += (space.parameters.regimes.proxy_error - 1) * error["legitimacy"]
        regime.settled_cohesion = current["cohesion"].mean - record.passing_cohesion + error["cohesion"]
        regime.tenure_bond = record.tenure_bond
        for power, name in zip(space.powers, ("west", "china", "turkey"), strict=True):
            power.exposure[regime.index] = clamp(
                current[f"{name}_exposure"].mean + error[f"{name}_exposure"], 0.0, 1.0
            )
    budget, then = space.moscow.budget, space.world.moscow
    budget.troops = space.starting_budget["troops"] * now.moscow.troops.mean / then.troops.mean
    budget.money = space.starting_budget["money"] * now.moscow.money.mean / then.money.mean
    budget.troops *= budget.times["troops"]
    budget.money *= budget.times["money"]
