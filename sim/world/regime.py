"""Consent to the regime, unity of its elites, and the rents it can spend."""

from __future__ import annotations

import math

from sim.world.institutions import corruption, openness
from sim.world.leadership import forced_exits, leader
from sim.world.scales import bounded, log_ramp, ramp, root_sum_square
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

USUAL_GROWTH = 2.5  # % a head and year, about the mean of the 14 states 1995-2023


def legitimacy(snapshot: Snapshot, state: str) -> Estimate:
    """Consent to the regime, a proxy: what it delivers, and whether it answers for it.

    0.50 - 0.20 (corruption - 0.5) + 0.010 growth + 0.10 (accountability - 0.5) + 0.03 ln(income / 10000)
    - 0.10 war - 0.10 hyperinflation

    ``growth`` is the mean of the last three completed years, % a head, cut to [-8, 8]; ``accountability``
    the mean of V-Dem's vertical and horizontal indices; ``income`` GDP a head at purchasing power; ``war``
    rises from 0 at 10 dead a million people in the last year to 1 at 1000; ``hyperinflation`` from 0 at
    50 % to 1 at 1000 %. Signs follow the literature on performance legitimacy; the sizes are judgements
    that spread the states over about 0.35 to 0.65. sd 0.08, since no survey measures this across regimes.
    """
    settled = (
        0.50
        + 0.010 * USUAL_GROWTH
        - 0.20 * (corruption(snapshot, state).mean - 0.5)
        + 0.10 * (accountability(snapshot, state) - 0.5)
        + 0.03 * math.log(snapshot.value("gdp_per_head", state) / 10_000)
    )
    mean = settled + passing_legitimacy(snapshot, state)
    carried = snapshot.carried_error(
        state,
        {"vertical_accountability": 0.05, "horizontal_accountability": 0.05, "gdp_per_head_growth": 0.01 / 3},
    )
    sd = root_sum_square((0.08, carried))
    source = "proxy: corruption, growth, accountability, income, war, inflation (V-Dem, WDI, UCDP)"
    return bounded(mean, sd, source, low=0.05, high=0.95)


def passing_legitimacy(snapshot: Snapshot, state: str) -> float:
    """Part of legitimacy that passes with the conditions of the day: growth, war, hyperinflation.

    0.010 (growth - 2.5) - 0.10 war - 0.10 hyperinflation, each as in `legitimacy`; 2.5 % is usual growth.
    """
    growth = snapshot.recent("gdp_per_head_growth", state, 3)
    mean_growth = math.fsum(growth) / len(growth) if growth else 0.0
    return (
        0.010 * (min(max(mean_growth, -8.0), 8.0) - USUAL_GROWTH)
        - 0.10 * war(snapshot, state)
        - 0.10 * log_ramp(snapshot.value("inflation", state), 50, 1000)
    )


def cohesion(snapshot: Snapshot, state: str) -> Estimate:
    """Unity of the elites, a proxy: how settled the question of who rules is.

    0.38 + 0.18 (1 - c) tenure + 0.16 closed + 0.22 c + 0.10 rents - 0.08 exits - 0.10 new

    ``tenure`` saturates at ten years; ``closed`` rises as polyarchy falls from 0.35 to 0.10 and as opposition
    parties lose autonomy (mean of both); ``c``, consolidation, rises with horizontal accountability from 0.7
    to 0.95 and polyarchy from 0.55 to 0.80: where rules choose leaders, tenure does not matter; ``exits``
    counts forced exits in ten years, at most 2.5; ``new`` falls from 1 in 1992 to 0 in 1998. sd 0.08.
    Expectations of succession, which Hale (2015) puts first, enter the model by themselves and not here.
    """
    mean = (
        0.38
        + 0.16 * closedness(snapshot, state)
        + 0.22 * consolidation(snapshot, state)
        + 0.10 * rents(snapshot, state).mean
        + passing_cohesion(snapshot, state)
    )
    carried = snapshot.carried_error(
        state, {"party_autonomy": 0.08 / 3.5, "horizontal_accountability": 0.22 / 0.25}
    )
    sd = root_sum_square((0.08, min(carried, 0.08)))
    source = "proxy: tenure, closedness, accountability, rents, forced exits, age of the state"
    return bounded(mean, sd, source, low=0.05, high=0.95)


def tenure_bond(snapshot: Snapshot, state: str) -> float:
    """Cohesion that ten years under one leader add where persons, not rules, settle who rules."""
    return 0.18 * (1 - consolidation(snapshot, state))


def passing_cohesion(snapshot: Snapshot, state: str) -> float:
    """Part of cohesion that comes and goes: tenure, past forced exits, a new state's first years.

    Each as in `cohesion`; the model lets it grow with tenure and fade with time since an exit.
    """
    return (
        tenure_bond(snapshot, state) * ramp(leader(snapshot, state).tenure, 0, 120)
        - 0.08 * min(forced_exits(snapshot, state, 10), 2.5)
        - 0.10 * ramp(snapshot.start.year + snapshot.start.month / 12, 1998, 1992)
    )


def rents(snapshot: Snapshot, state: str) -> Estimate:
    """Oil and gas that a regime can spend: production a head and production against the economy.

    Mean of 1 - exp(-t / 4), t in tonnes of oil equivalent a head, and 1 - exp(-v / 0.25), v in tonnes a
    thousand dollars of GDP at purchasing power. States that the source does not list produce close to none:
    0, sd 0.03. Others sd 0.08: prices and pipelines, which decide what a tonne is worth, are left out.
    """
    produced = [snapshot.reading(column, state) for column in ("oil_mtoe", "gas_mtoe")]
    tonnes = math.fsum(reading.value for reading in produced if reading is not None) * 1e6
    if tonnes == 0:
        return bounded(0.0, 0.03, "not listed as a producer of oil or gas (Energy Institute)")
    people = snapshot.value("population_million", state) * 1e6
    economy = people * snapshot.value("gdp_per_head", state) / 1000
    mean = (2 - math.exp(-tonnes / people / 4) - math.exp(-tonnes / economy / 0.25)) / 2
    return bounded(mean, 0.08, "indicators.csv oil_mtoe, gas_mtoe (Energy Institute), GDP (WDI)")


def accountability(snapshot: Snapshot, state: str) -> float:
    """Mean of V-Dem's vertical and horizontal accountability, 0-1."""
    vertical = snapshot.value("vertical_accountability", state)
    return (vertical + snapshot.value("horizontal_accountability", state)) / 2


def consolidation(snapshot: Snapshot, state: str) -> float:
    """How far rules, not persons, settle who rules, 0-1."""
    rules = ramp(snapshot.value("horizontal_accountability", state), 0.70, 0.95)
    return rules * ramp(openness(snapshot, state).mean, 0.55, 0.80)


def closedness(snapshot: Snapshot, state: str) -> float:
    """How far a regime leaves no room for opposition, 0-1: low polyarchy, parties without autonomy."""
    parties = ramp(snapshot.value("party_autonomy", state), 1.0, -2.5)
    return (ramp(openness(snapshot, state).mean, 0.35, 0.10) + parties) / 2


def war(snapshot: Snapshot, state: str) -> float:
    """Weight of organised violence on the territory in the last completed year, 0-1."""
    dead = snapshot.value("conflict_deaths", state) / snapshot.value("population_million", state)
    return log_ramp(dead, 10, 1000) if dead > 0 else 0.0
