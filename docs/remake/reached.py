"""What the shared worlds reach of each target, from the stored numbers of the step on skill.

What is demanded stands here as constants, never fitted to what was found: the targets came with the task of
making these worlds, before one of them was scored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from calibration.skill.alignment import REFERENCES, yearly_origins_rmse
from calibration.skill.evaluate import LEFT_OUT, POOLED
from calibration.skill.forecasters import BASE, SIDES, STRUCTURAL, WHEN
from calibration.skill.panel import LAST
from calibration.skill.tables import RECORDED
from calibration.skill.tempo import BOUNDS
from docs.remake.scores import (
    FROM,
    MAIN,
    Row,
    Stored,
    area_under,
    difference,
    earliest,
    of_origins,
    scored,
)
from docs.remake.skill_steps import HAND_SET
from sim.analysis.written import in_percent

LOG_GAIN = 0.04
"""By which a world is to beat the base rate there."""

NOT_WORSE = 0.01
"""By how much at most it may be worse than the better structural forecaster."""

ORIGINS_BETTER, ORIGINS_ASKED = 4, 5
"""From how many origins, of how many, it is to beat the base rate."""

WITHIN = 0.60
"""AUC within states, for when."""

SIDE, SIDE_LEFT_OUT = 0.60, 0.62
"""Log scores of Moscow's side given a challenge, and with whole states left out."""

MEANS = (0.05, 0.20)
"""Part of the challenges in which Moscow gives more than words."""

RMSE, COVERED = 0.150, (0.70, 0.90)
"""Error of alignment five years ahead, and the part of cases that 80 % intervals hold."""

HELD = (0.80, 0.97)
"""Part of states and windows whose counts the 90 % ranges hold."""

MOST_RUNS = 0.5
"""Part of the runs that is to lie within all bounds of the tempo: how many was not said, only "the same"."""

NOT_MADE = "not made yet"


@dataclass(frozen=True, slots=True)
class Reached:
    """What a world reaches of a target.

    Parameters
    ----------
    text : str
    met : bool, optional
        None where it cannot be judged, or nothing is demanded.
    why : str
        What kind of miss it is, where there are several: as `missed` names it.
    """

    text: str
    met: bool | None = None
    why: str = ""


def base(stored: Stored, world: str) -> Reached:
    """Return the log score beside the base rate's, from the origin of the targets."""
    row = scored(stored.challenges, world, FROM)
    if row is None:
        return Reached(NOT_MADE)
    return Reached(difference(row), bool(row["log_difference"] <= -LOG_GAIN and row["log_high"] < 0))


def others(stored: Stored) -> str:
    """Return the same of the structural forecasters."""
    return "; ".join(
        f"{name} {difference(row)}"
        for name in STRUCTURAL["challenge"]
        if (row := scored(stored.challenges, name, FROM))
    )


def _best_structural(stored: Stored) -> Row | None:
    rows = [scored(stored.challenges, name, FROM) for name in STRUCTURAL["challenge"]]
    known = [row for row in rows if row is not None]
    return min(known, key=lambda row: row["log"]) if known else None


def structural(stored: Stored, world: str) -> Reached:
    """Return by how much the log score differs from that of the better structural forecaster."""
    row, best = scored(stored.challenges, world, FROM), _best_structural(stored)
    if row is None or best is None:
        return Reached(NOT_MADE)
    return Reached(f"{row['log'] - best['log']:+.3f}", bool(row["log"] - best["log"] <= NOT_WORSE))


def better_one(stored: Stored) -> str:
    """Return which one that is."""
    best = _best_structural(stored)
    return "" if best is None else f"the better one: {best['forecaster']}"


def origins(stored: Stored, world: str) -> Reached:
    """Return from how many origins the base rate is beaten."""
    rows = of_origins(stored.challenges, world)
    better = int((rows["log_difference"] < 0).sum())
    told = f"{better} of {len(rows)}"
    if len(rows) < ORIGINS_ASKED:
        return Reached(f"{told} ({', '.join(rows['origin'].astype(str))})")
    return Reached(told, better >= ORIGINS_BETTER)


def better_origins(stored: Stored) -> str:
    """Return from how many the structural forecasters do that."""
    told = []
    for name in STRUCTURAL["challenge"]:
        rows = of_origins(stored.challenges, name)
        told.append(f"{name} {int((rows['log_difference'] < 0).sum())} of {len(rows)}")
    return "; ".join(told)


def auc(stored: Stored, world: str) -> Reached:
    """Return the AUC, of which nothing is demanded."""
    row = scored(stored.challenges, world, FROM)
    return Reached(NOT_MADE) if row is None else Reached(area_under(row))


def other_aucs(stored: Stored) -> str:
    """Return those of the structural forecasters."""
    rows = {name: scored(stored.challenges, name, FROM) for name in STRUCTURAL["challenge"]}
    return "; ".join(f"{name} {area_under(row)}" for name, row in rows.items() if row)


def when(stored: Stored, world: str) -> Reached:
    """Return the AUC within states; by origin where a world was not scored from all."""
    row = scored(stored.challenges, world, POOLED)
    if row is not None and len(of_origins(stored.challenges, world)) > 1:
        return Reached(area_under(row, "within"), bool(row["within_auc"] >= WITHIN))
    rows = of_origins(stored.challenges, world)
    told = "; ".join(f"from {row['origin']} {area_under(row, 'within')}" for _, row in rows.iterrows())
    return Reached(f"{told}, not pooled" if told else NOT_MADE)


def others_when(stored: Stored) -> str:
    """Return that of forecasts a year ahead."""
    table = stored.table("when")
    rows = {name: scored(table[table["coding"] == MAIN], name, POOLED) for name in WHEN}
    told = "; ".join(f"{name} {area_under(row, 'within')}" for name, row in rows.items() if row)
    return f"a year ahead: {told}" if told else ""


def side(coding: str) -> tuple[Callable[[Stored, str], Reached], Callable[[Stored], str]]:
    """Return how Moscow's side is scored in a coding, and who stands beside it."""

    def reach(stored: Stored, world: str) -> Reached:
        row = scored(stored.side[stored.side["coding"] == coding], world, FROM)
        return Reached(NOT_MADE) if row is None else Reached(f"{row['log']:.3f}", bool(row["log"] <= SIDE))

    return reach, lambda stored: others_on_side(stored, coding, FROM)


def others_on_side(stored: Stored, coding: str, origin: str) -> str:
    """Return the log scores of the base rate and the regressions."""
    own = stored.side[stored.side["coding"] == coding]
    rows = {name: scored(own, name, origin) for name in (BASE, *SIDES)}
    return "; ".join(f"{name} {row['log']:.3f}" for name, row in rows.items() if row)


def side_left_out(stored: Stored, world: str) -> Reached:
    """Return the log score with states left out, of the draws that are told under a world's name."""
    own = stored.apart[(stored.apart["coding"] == MAIN) & (stored.apart["last"] == LAST)]
    row = scored(own, world, LEFT_OUT)
    return (
        Reached(NOT_MADE) if row is None else Reached(f"{row['log']:.3f}", bool(row["log"] <= SIDE_LEFT_OUT))
    )


def means(stored: Stored, world: str) -> Reached:
    """Return how often Moscow gives more than words: in free runs or, where none is kept, in hindcasts."""
    table = stored.table("help")
    if not table.empty:
        rows = table[(table["coding"] == MAIN) & (table["forecaster"] == world)]
        if rows.empty:
            return Reached(NOT_MADE)
        row = earliest(rows)
        return Reached(f"{row['means']:.1%} from {row['first']}", _between(row["means"], MEANS))
    if world != HAND_SET:
        return Reached(NOT_MADE)
    share = stored.table("ablation")["means"].iloc[0]  # the hindcasts have priors set by hand
    return Reached(f"{share:.1%} in hindcasts to 2013", _between(share, MEANS))


def means_on_record(stored: Stored) -> str:
    """Return the same of the record."""
    table = stored.table("help")
    if table.empty:
        return ""
    own = table[(table["coding"] == MAIN) & (table["forecaster"] == RECORDED)]
    row = earliest(own)
    return f"record {row['means']:.1%} from {row['first']}"


def rmse(stored: Stored, world: str) -> Reached:
    """Return the error of alignment, with that of persistence over the same origins."""
    row = scored(stored.alignment, world, POOLED)
    if row is None:
        return Reached(NOT_MADE)
    own = of_origins(stored.alignment, world)
    reference = REFERENCES["rmse"]
    same = of_origins(stored.alignment, reference)
    same = same[same["origin"].isin(own["origin"]) & same["rmse"].notna()]
    beside = float((same["rmse"] ** 2).mean() ** 0.5)  # each origin has as many states
    return Reached(f"{row['rmse']:.3f} ({reference} {beside:.3f})", bool(row["rmse"] <= RMSE))


def persistence(stored: Stored) -> str:
    """Return the error by which the target was set."""
    del stored
    return f"{REFERENCES['rmse']} from every year {_from_every_year():.3f}"


@cache
def _from_every_year() -> float:
    return yearly_origins_rmse()


def covered(stored: Stored, world: str) -> Reached:
    """Return what part of the cases intervals hold."""
    row = scored(stored.alignment, world, POOLED)
    if row is None:
        return Reached(NOT_MADE)
    return Reached(in_percent(row["covered"]), _between(row["covered"], COVERED))


def covered_by_changes(stored: Stored) -> str:
    """Return the same of past changes."""
    row = scored(stored.alignment, REFERENCES["crps"], POOLED)
    return "" if row is None else f"{REFERENCES['crps']} {in_percent(row['covered'])}"


def _first_of(stored: Stored, world: str) -> pd.DataFrame:
    """Return a world's tempo over its longest window, by number."""
    own = stored.tempo[stored.tempo["forecaster"] == world]
    longest: pd.DataFrame = own[own["first"] == own["first"].min()].set_index("number")
    return longest


def paced(number: str) -> tuple[Callable[[Stored, str], Reached], Callable[[Stored], str]]:
    """Return how a number of the tempo lies to its bounds, and the record's."""

    def reach(stored: Stored, world: str) -> Reached:
        rows = _first_of(stored, world)
        row = earliest(rows[rows.index == number])
        told = f"{row['median']:.3g} ({row['low']:.3g}, {row['high']:.3g}) from {row['first']}"
        met = _between(row["median"], BOUNDS[number])
        return Reached(f"{told}, {in_percent(row['runs_within'])} of runs within", met)

    def beside(stored: Stored) -> str:
        rows = stored.tempo[stored.tempo["number"] == number]
        row = earliest(rows)
        return f"record {row['record']:.3g} from {row['first']}"

    return reach, beside


def together(stored: Stored, world: str) -> Reached:
    """Return what part of the runs lies within all bounds."""
    share: Any = _first_of(stored, world).loc["all"]["runs_within"]
    return Reached(f"{in_percent(share)} of runs", bool(share > MOST_RUNS))


def held(outcome: str) -> tuple[Callable[[Stored, str], Reached], Callable[[Stored], str]]:
    """Return what part of states and windows the ranges of counts hold, and the same of the state rate."""

    def share(stored: Stored, name: str) -> float:
        rows = stored.by_state[stored.by_state["outcome"] == outcome]
        return float(rows.loc[rows["forecaster"] == name, "holds"].mean())

    def reach(stored: Stored, world: str) -> Reached:
        held = share(stored, world)
        why = "ranges too wide" if held > HELD[1] else "ranges too narrow" if held < HELD[0] else ""
        return Reached(f"{held:.1%}", _between(held, HELD), why)

    return reach, lambda stored: f"state rate {share(stored, 'state rate'):.1%}"


def crps(outcome: str) -> tuple[Callable[[Stored, str], Reached], Callable[[Stored], str]]:
    """Return the error of counts, with that of the state rate over the same windows."""

    def reach(stored: Stored, world: str) -> Reached:
        rows = stored.by_state[stored.by_state["outcome"] == outcome]
        own = rows[rows["forecaster"] == world]
        rate = rows[(rows["forecaster"] == "state rate") & rows["origin"].isin(own["origin"])]
        score, other = float(own["crps"].mean()), float(rate["crps"].mean())
        why = "worse than the state rate" if score > other else ""
        return Reached(f"{score:.3f} (state rate {other:.3f})", score <= other, why)

    return reach, lambda _: ""


def most(stored: Stored, world: str) -> Reached:
    """Return what challenges and falls of one state 99 % of runs do not exceed."""
    rows = _first_of(stored, world)
    if "most" not in rows:
        return Reached(NOT_MADE)
    found = rows["most"]
    told = f"{found['most in one state']:.0f} challenges, {found['most falls in one state']:.0f} falls"
    return Reached(f"{told} from {rows['first'].iloc[0]}")


def most_on_record(stored: Stored) -> str:
    """Return the most on record."""
    rows = stored.tempo[stored.tempo["first"] == stored.tempo["first"].min()]
    record = rows.drop_duplicates("number").set_index("number")
    told = (record.loc[f"most {what}in one state", "record"] for what in ("", "falls "))
    challenges, falls = told
    return f"record {challenges:.0f} and {falls:.0f} from {record['first'].iloc[0]}"


def _between(value: float, bounds: tuple[float, float]) -> bool | None:
    return None if pd.isna(value) else bool(bounds[0] <= value <= bounds[1])
