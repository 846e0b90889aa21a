"""Territories and contested borders: de facto states, regions that could become one, pairs of states."""

from __future__ import annotations

from typing import Any

from sim.months import Month
from sim.world.record import Snapshot, bounded
from sim.world.state import DyadRecord, Estimate, TerritoryRecord
from sim.world.ties import west_exposure

# -- de facto states, and regions that could become one --------------------------------------------


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
    return bounded(
        mean, min(0.10, mean / 2), source="proxy: territories.csv, exposure of the host to the West"
    )


# -- pairs of states with a contested border -------------------------------------------------------

CLASH_MONTHS = 12  # the record counts years with a clash, so a year's fighting is one
_FIRST_YEAR = 1991  # of the record of clashes
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
    years = [
        clash["year"]
        for clash in snapshot.record.rows["clashes"]
        if (clash["first"], clash["second"]) == pair and clash["year"] <= snapshot.year
    ]
    clashes = float(len(years))
    at_risk = _PRIOR_MONTHS + 12 * (snapshot.year + 1 - _FIRST_YEAR) - CLASH_MONTHS * clashes
    prior = _DISPUTED_RATE if row["territory"] else _PRIOR_RATE
    events = prior * _PRIOR_MONTHS * float(row["contested_border"]) + clashes
    hazard = bounded(
        events / at_risk,
        events**0.5 / at_risk,
        source=f"clashes.csv: {clashes} years with a clash, and a prior",
        high=0.2,
    )
    quiet = snapshot.start - Month.of(max(years, default=_FIRST_YEAR - 1) + 1, 1)
    return DyadRecord(str(pair[0]), str(pair[1]), hazard, str(row["territory"]), max(quiet, 0))
