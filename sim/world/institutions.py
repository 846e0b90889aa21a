"""Openness and corruption, as V-Dem measures them."""

from __future__ import annotations

from sim.parameters.parameter import Tag
from sim.world.scales import bounded, root_sum_square
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

_CORRUPTION = (
    # column, error of using it for V-Dem's political corruption index
    ("political_corruption", 0.03),
    ("political_corruption_older", 0.04),
    ("public_corruption", 0.08),
)


def openness(snapshot: Snapshot, state: str) -> Estimate:
    """V-Dem electoral democracy index (polyarchy) of the last completed year; sd 0.03."""
    reading = snapshot.reading("polyarchy", state)
    if reading is None:
        raise LookupError(f"indicators.csv: no polyarchy for {state} near {snapshot.year}")
    sd = root_sum_square((0.03, reading.error))
    return bounded(reading.value, sd, "indicators.csv polyarchy (V-Dem v15)", tag=Tag.CITED)


def corruption(snapshot: Snapshot, state: str) -> Estimate:
    """V-Dem political corruption; high is corrupt.

    The newest copy at hand leaves out EST, LVA, LTU and TKM, so the first of these that is nearest in time
    is used: the index in its newest copy, the same index in an older version (1995 to 2019), the index of
    public-sector corruption. The error is larger for each (0.03, 0.04, 0.08), and grows with years carried.
    """
    found = [
        (reading.carried, rank, reading, column, error)
        for rank, (column, error) in enumerate(_CORRUPTION)
        if (reading := snapshot.reading(column, state)) is not None
    ]
    if not found:
        raise LookupError(f"indicators.csv: no corruption for {state} near {snapshot.year}")
    _, _, reading, column, error = min(found, key=lambda item: item[:2])
    sd = root_sum_square((error, reading.error))
    return bounded(reading.value, sd, f"indicators.csv {column} (V-Dem)", tag=Tag.CITED)
