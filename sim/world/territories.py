"""De facto states, and regions that could become one."""

from __future__ import annotations

from typing import Any

from sim.world.reach import west_exposure
from sim.world.scales import bounded
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate, TerritoryRecord


def territory_records(snapshot: Snapshot) -> tuple[TerritoryRecord, ...]:
    """Build every territory with its status on the first day of the start month."""
    return tuple(_territory(snapshot, row) for row in snapshot.record.rows["territories"])


def _territory(snapshot: Snapshot, row: dict[str, Any]) -> TerritoryRecord:
    name = str(row["territory"])
    steps = [step for step in snapshot.record.rows["territory_status"] if step["territory"] == name]
    past = snapshot.past(steps)
    status = int(past[-1]["status"]) if past else 0
    left = float(past[-1]["proneness_left"]) if past else 1.0
    return TerritoryRecord(
        name=name,
        host=str(row["host"]),
        status=status,
        proneness=_proneness(snapshot, row, left),
        patron=str(row["patron"]),
        population=float(row["population_thousand"]),
    )


def _proneness(snapshot: Snapshot, row: dict[str, Any], left: float) -> Estimate:
    """Proneness to separatism with Moscow's help, 0-1.

    (0.05 + 0.40 Russians + 0.15 border + 0.15 autonomous unit + 0.25 past mobilisation) times
    (1 - 0.8 w²), w the exposure of the host to the West: reach short of membership changes little. Where the
    host has regained it, only the share ``proneness_left`` remains. The factors are those the literature on
    post-Soviet secession names; sizes are judgements. sd 0.10, or half the mean if that is less.
    """
    mean = (
        0.05
        + 0.40 * float(row["russian_share"]) / 100
        + 0.15 * float(row["borders_russia"])
        + 0.15 * float(row["autonomous_unit"])
        + 0.25 * float(row["past_mobilisation"])
    )
    mean *= left * (1 - 0.8 * west_exposure(snapshot, str(row["host"])).mean ** 2)
    return bounded(mean, min(0.10, mean / 2), "proxy: territories.csv, exposure of the host to the West")
