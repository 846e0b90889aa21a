"""What a state is worth to Moscow, and what it costs to hold."""

from __future__ import annotations

import math

from sim.world.reach import capital, place
from sim.world.regime import rents
from sim.world.scales import bounded, great_circle_km, log_ramp, ramp
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

MOSCOW = (55.75, 37.62)


def strategic_value(snapshot: Snapshot, state: str) -> Estimate:
    """Worth to Moscow, 0-1.

    0.12 + 0.40 size + 0.20 border + 0.12 Russians + 0.15 bases + 0.15 nearness to Moscow + 0.06 rents

    ``size`` is the square root of population against 50 million; ``border`` the land border against 2,000 km;
    ``Russians`` their share against 30 %; ``bases`` Russian troops against 10,000; nearness 3,000 to 700 km.
    sd 0.10.
    """
    row = place(snapshot, state)
    reading = snapshot.reading("russian_share", state)
    russians = 0.0 if reading is None else reading.value
    garrison = snapshot.spell("garrisons", state)
    troops = float(garrison["thousand_troops"]) if garrison else 0.0
    mean = (
        0.12
        + 0.40 * min(math.sqrt(snapshot.value("population_million", state) / 50), 1.0)
        + 0.20 * ramp(float(row["border_russia_km"]), 0, 2000)
        + 0.12 * ramp(russians, 0, 30)
        + 0.15 * ramp(troops, 0, 10)
        + 0.15 * ramp(great_circle_km(capital(snapshot, state), MOSCOW), 3000, 700)
        + 0.06 * rents(snapshot, state).mean
    )
    return bounded(mean, 0.10, "proxy: population, border, Russians, bases, distance, rents", low=0.05)


def burden(snapshot: Snapshot, state: str) -> Estimate:
    """Cost to Moscow of holding it: 0.12 + 0.35 poverty + 0.18 size + 0.15 distance. sd 0.10.

    ``poverty`` rises as GDP a head falls from 30,000 to 2,500 dollars; size as in `strategic_value`;
    distance to Moscow up to 3,000 km.
    """
    mean = (
        0.12
        + 0.35 * log_ramp(snapshot.value("gdp_per_head", state), 30_000, 2_500)
        + 0.18 * min(math.sqrt(snapshot.value("population_million", state) / 50), 1.0)
        + 0.15 * ramp(great_circle_km(capital(snapshot, state), MOSCOW), 0, 3000)
    )
    return bounded(mean, 0.10, "proxy: poverty, population, distance")
