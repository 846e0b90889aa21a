"""The stored tables of the step on skill, what is asked of them, and how scores are written."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from calibration.skill.evaluate import POOLED
from calibration.skill.forecasters import BASE
from calibration.skill.left_out import FITTED, PRIOR
from docs.remake.skill_steps import HAND_SET
from docs.remake.stored import Tree
from sim.scenario import SHARED_WORLD

Lines = Iterator[tuple[str, ...] | str]
"""Rows of a table as tuples of cells, the head first; other lines as text."""

Row = Mapping[Hashable, Any]

MAIN, FROM = "episodes", "2014"
"""Coding and origin of the targets for where challenges come."""

_SIMPLE = {"C1 openness": "a regression on openness", "state rate": "each state's past rate"}
"""Forecasters of which the first page speaks."""

APART = "sides"
"""The step that scores Moscow's side with states left out."""

DRAWN_AS = {FITTED: SHARED_WORLD, PRIOR: HAND_SET}
"""Under which world's name draws are told, by how they are weighted."""

_DIGITS = {"log": 3, "brier": 4}


class Stored:
    """The tables of the step, and what is asked of them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read: dict[str, pd.DataFrame] = {}

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; empty if it has not been made."""
        if name not in self._read:
            there = (self._tree.folder("skill") / f"{name}.csv").is_file()
            self._read[name] = self._tree.table("skill", name) if there else pd.DataFrame()
        return self._read[name]

    @cached_property
    def challenges(self) -> pd.DataFrame:
        """Scores of challenges in the main coding, all states."""
        rows = self.table("scores")
        chosen = (rows["outcome"] == "challenge") & (rows["states"] == "all") & (rows["coding"] == MAIN)
        return rows[chosen]

    @cached_property
    def tempo(self) -> pd.DataFrame:
        """Tempo of runs in the main coding."""
        rows = self.table("tempo_of_runs")
        return rows[rows["coding"] == MAIN]

    @cached_property
    def by_state(self) -> pd.DataFrame:
        """Scores of counts in the main coding, all states."""
        rows = self.table("by_state")
        return rows[(rows["coding"] == MAIN) & (rows["states"] == "all")]

    @cached_property
    def side(self) -> pd.DataFrame:
        """Scores of Moscow's side, all states."""
        return _all_states(self.table("side"))

    @cached_property
    def apart(self) -> pd.DataFrame:
        """Scores of Moscow's side with states left out, under the names of the worlds whose draws they are.

        Fitted to the other states, the draws stand for the shared world; not fitted, for what it was before.
        Without their step it is empty.
        """
        if not (self._tree.folder(APART) / "scores.csv").is_file():
            return pd.DataFrame(columns=["forecaster", "origin", "coding", "last"])
        table = self._tree.table(APART, "scores")
        return table.assign(forecaster=table["forecaster"].replace(DRAWN_AS))

    @cached_property
    def alignment(self) -> pd.DataFrame:
        """Scores of alignment, all states."""
        return _all_states(self.table("alignment"))

    def worlds(self) -> list[str]:
        """Return the shared worlds that were scored: as it is by default, and before it was fitted."""
        known = set(self.table("tempo_of_runs")["forecaster"])
        return [name for name in (SHARED_WORLD, HAND_SET) if name in known]


def _all_states(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all states; a table without sets of states has no others."""
    return table[table["states"] == "all"] if "states" in table else table


def scored(table: pd.DataFrame, forecaster: str, origin: str) -> Row | None:
    """Return a forecaster's row from an origin, if it has one."""
    rows = table[(table["forecaster"] == forecaster) & (table["origin"].astype(str) == origin)]
    return None if rows.empty else {str(name): value for name, value in rows.iloc[0].items()}


def earliest(table: pd.DataFrame) -> Row:
    """Return the row of the window that begins first."""
    return dict(table.sort_values("first", kind="stable").to_dict("records")[0])


def of_origins(table: pd.DataFrame, forecaster: str) -> pd.DataFrame:
    """Return a forecaster's rows by origin, without the one of all together."""
    own = table[table["forecaster"] == forecaster]
    return own[own["origin"].astype(str) != POOLED]


def difference(row: Row | pd.Series, score: str = "log") -> str:
    """Return by how much a score differs from the base rate's, with its interval; that of the base rate."""
    gap, low, high = (row[f"{score}_{name}"] for name in ("difference", "low", "high"))
    digits = _DIGITS[score]
    if gap == low == high == 0:
        return f"{row[score]:.{digits}f}" if row.get("forecaster") == BASE else "= base rate"
    return f"{gap:+.{digits}f} ({low:+.{digits}f}, {high:+.{digits}f})"


def marked(row: Row | pd.Series, score: str = "log") -> str:
    """Return a difference from the base rate: bold if it is visibly better, in italics if worse."""
    cell = difference(row, score)
    return f"**{cell}**" if row[f"{score}_high"] < 0 else f"*{cell}*" if row[f"{score}_low"] > 0 else cell


def area_under(row: Row | pd.Series, name: str = "") -> str:
    """Return an AUC with its interval; ``within`` for that within states."""
    value, start = ("auc", "auc") if not name else (f"{name}_auc", name)
    return f"{row[value]:.2f} ({row[f'{start}_low']:.2f}, {row[f'{start}_high']:.2f})"


def _better(one: Row | None, other: Row | None) -> bool:
    return one is not None and other is not None and one["log"] < other["log"]


def where(tree: Tree) -> dict[str, Any]:
    """Return what the scores say of where people rise, in words for the first page."""
    stored = Stored(tree)
    better, beyond = {}, {}
    for world in stored.worlds():
        rows = of_origins(stored.challenges, world)
        better[world] = f"{int((rows['log_difference'] < 0).sum())} of {len(rows)}"
        beyond[world] = int((rows["log_high"] < 0).sum())
    row = scored(stored.challenges, SHARED_WORLD, FROM)
    simple = {name: scored(stored.challenges, name, FROM) for name in _SIMPLE}
    return {
        "since": FROM,
        "better": better.get(SHARED_WORLD),
        "beyond": beyond.get(SHARED_WORLD),
        "before": better.get(HAND_SET),
        "before_beyond": beyond.get(HAND_SET),
        "simple": [told for name, told in _SIMPLE.items() if _better(simple[name], row)],
    }
