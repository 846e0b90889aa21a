"""What the record holds by state and year: alignment, and the crowds that were seen."""

from __future__ import annotations

from collections import defaultdict

from calibration.history import CROWD, Window
from calibration.record.load import load_tables
from sim.months import Month
from sim.world.record import Snapshot, load_record
from sim.world.state import STATES, Estimate
from sim.world.ties import alignment

PROTESTS = Window(1992, 2019)
"""Full years of the protest table, which ends in March 2020."""


def alignments(window: Window) -> dict[tuple[str, int], Estimate]:
    """Return the composite of votes, treaties, bases and trade at the end of each year, with its error."""
    record = load_record()
    return {
        (state, year): alignment(Snapshot(record, Month.of(year + 1, 1)), state)
        for year in range(window.first, window.last + 1)
        for state in STATES
    }


def crowds() -> dict[tuple[str, int], float]:
    """Return the largest crowd of each state and year on record, persons; 0 where none is."""
    found = dict.fromkeys(_state_years(), 0.0)
    for row in load_tables()["protests"].to_dict("records"):
        key = str(row["state"]), int(str(row["month"])[:4])
        if key in found and row["largest"]:
            found[key] = max(found[key], float(row["largest"]))
    return found


def crowded_months() -> dict[tuple[str, int], int]:
    """Return how many months of each state and year saw a crowd of `CROWD` or more."""
    found: dict[tuple[str, int], int] = defaultdict(int, dict.fromkeys(_state_years(), 0))
    for row in load_tables()["protests"].to_dict("records"):
        key = str(row["state"]), int(str(row["month"])[:4])
        if key in found and row["largest"]:
            found[key] += float(row["largest"]) >= CROWD
    return dict(found)


def _state_years() -> list[tuple[str, int]]:
    return [(state, year) for state in STATES for year in range(PROTESTS.first, PROTESTS.last + 1)]
