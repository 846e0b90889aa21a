"""Pairs of states with a contested border."""

from __future__ import annotations

import math
from typing import Any

from sim.world.scales import bounded
from sim.world.snapshot import Snapshot
from sim.world.state import DyadRecord

CLASH_MONTHS = 12  # the record counts years with a clash, so a year's fighting is one
_PRIOR_MONTHS = 120.0  # the prior weighs as much as ten years without a clash
_PRIOR_RATE = 0.006  # clashes a month on a fully contested border; a judgement
_DISPUTED_RATE = 0.042  # the same over a breakaway territory: a clash in one year of three; a judgement


def dyad_records(snapshot: Snapshot) -> tuple[DyadRecord, ...]:
    """Build the contested dyads.

    The hazard is a gamma-Poisson mean: years with a clash before the start month, and a prior of 0.006 a
    month on a fully contested border, 0.042 over a breakaway territory, that weighs as much as ten years. The
    months of a year with a clash are not at risk of another, since the record counts such years once. It is
    the rate under arbitration by Moscow as the record has it; the sd is that of the posterior.
    """
    return tuple(_dyad(snapshot, row) for row in snapshot.record.rows["dyads"])


def _dyad(snapshot: Snapshot, row: dict[str, Any]) -> DyadRecord:
    pair = (row["first"], row["second"])
    clashes = math.fsum(
        (clash["first"], clash["second"]) == pair and clash["year"] <= snapshot.year
        for clash in snapshot.record.rows["clashes"]
    )
    at_risk = _PRIOR_MONTHS + 12 * (snapshot.year - 1990) - CLASH_MONTHS * clashes
    prior = _DISPUTED_RATE if row["territory"] else _PRIOR_RATE
    events = prior * _PRIOR_MONTHS * float(row["contested_border"]) + clashes
    hazard = bounded(
        events / at_risk,
        events**0.5 / at_risk,
        f"clashes.csv: {clashes} years with a clash, and a prior",
        high=0.2,
    )
    return DyadRecord(str(pair[0]), str(pair[1]), hazard, str(row["territory"]))
