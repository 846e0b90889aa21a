"""Who lives in a state: ethnic Russians, and adults who never were Soviet adults."""

from __future__ import annotations

from itertools import pairwise

from sim.parameters.parameter import Tag
from sim.world.scales import bounded
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

_COHORT_COMES_OF_AGE = 1991.0  # those born in January 1976 turn 15


def russian_share(snapshot: Snapshot, state: str) -> Estimate:
    """Ethnic Russians in the population, from census figures printed in the CIA World Factbook.

    sd 0.002 + 0.10 share, and 0.03 share more for each year carried beyond the last edition that prints it:
    a census stands for a decade, and Russians left most states faster than others.
    """
    reading = snapshot.reading("russian_share", state)
    if reading is None:
        return bounded(0.02, 0.02, "not printed in the CIA World Factbook: taken as small")
    share = reading.value / 100
    sd = 0.002 + share * (0.10 + 0.03 * reading.carried)
    return bounded(share, sd, "indicators.csv russian_share (CIA World Factbook)", tag=Tag.CITED)


def young_share(snapshot: Snapshot, state: str) -> tuple[Estimate, float]:
    """Adults (15 and over) born in 1976 or later, and the yearly growth of their share.

    From age groups of World Population Prospects 2019 at five-year steps, linear in between; 0 at January
    1991. The error, 0.01, stands for migration since that edition and for cutting five-year groups.

    Returns
    -------
    Estimate, float
        Share of adults, 0-1; its growth, share a year.
    """
    rows = [row for row in snapshot.record.rows["young_adults"] if row["state"] == state]
    points = [(_COHORT_COMES_OF_AGE, 0.0), *((row["year"] + 0.5, float(row["young_share"])) for row in rows)]
    now = snapshot.start.year + (snapshot.start.month - 1) / 12
    for (early, low), (late, high) in pairwise(points):
        if early <= now <= late:
            slope = (high - low) / (late - early)
            share = low + slope * (now - early)
            sd = min(0.01, share / 4) if share > 0 else 0.0
            return bounded(share, sd, "young_adults.csv (UN WPP 2019)", tag=Tag.CITED), slope
    raise LookupError(f"young_adults.csv: no share for {state} at {snapshot.start}")
