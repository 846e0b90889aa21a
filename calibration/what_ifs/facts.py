"""What happened in the what-ifs that are on record, and in how many runs the same happens.

A fact counts events of a run: how many of a kind there must be, where and when. Some facts also bound the
largest crowd. They lie in ``tables/facts.csv``, each with the row of the record that it rests on.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from calibration.record.load import documented_tables
from calibration.simulated import ON_THE_STREET
from sim.months import Month
from sim.world.build import build_world

RECORDED, AGAINST = "as recorded", "against the record"
"""Premises: whether what the scenario sets is what happened."""

ALL, CORE = "all", "core"
"""Rows of the table of shares that stand for several facts: every judged one, and those of the core."""

LEVEL = 0.95
"""Of exact intervals (Clopper and Pearson 1934)."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, as a yes or no that a run answers.

    Parameters
    ----------
    scenario : str
        Name of the what-if.
    premise : str
        `RECORDED` or `AGAINST`.
    name : str
    core : bool
        Whether it must hold for a run to count as the same.
    told : str
        In plain words.
    kind : str
        Of the events that are counted; empty where no run can answer, and ``note`` says why.
    actor, detail : str
        Of the events; empty for any.
    target : str
        The same; several codes between blanks, or after ``!`` any but this one.
    first, last : Month or None
        Both counted; None where no run can answer.
    least, most : float
        Numbers of events with which it holds; ``most`` may be infinite.
    size : tuple of float, or None
        Persons: the largest crowd in the events is at least the first and below the second.
    source, note : str
    """

    scenario: str
    premise: str
    name: str
    core: bool
    told: str
    kind: str
    actor: str
    target: str
    detail: str
    first: Month | None
    last: Month | None
    least: float
    most: float
    size: tuple[float, float] | None
    source: str
    note: str

    def of(self, events: pd.DataFrame) -> pd.DataFrame:
        """Return the events that count, of those of any number of runs.

        Parameters
        ----------
        events : DataFrame
            Columns replicate, month (``YYYY-MM``), kind, actor, target, detail, value.
        """
        chosen = (events["kind"] == self.kind) & events["month"].between(str(self.first), str(self.last))
        for column in ("actor", "detail"):
            if wanted := getattr(self, column):
                chosen &= events[column] == wanted
        if self.target:
            among = events["target"].isin(self.target.removeprefix("!").split())
            chosen &= ~among if self.target.startswith("!") else among
        return events[chosen]

    def holds(self, events: pd.DataFrame, replicates: Sequence[int]) -> Flags:
        """Return in which runs it holds.

        Parameters
        ----------
        events : DataFrame
            As for `of`.
        replicates : sequence of int

        Returns
        -------
        ndarray, shape (replicates,)
        """
        found = self.of(events)
        runs = pd.Index(list(replicates))
        number = found.groupby("replicate").size().reindex(runs, fill_value=0).to_numpy()
        held = (number >= self.least) & (number <= self.most)
        if self.size is not None:
            low, high = self.size
            largest = self.crowds(found).groupby(found["replicate"]).max().reindex(runs).to_numpy()
            held &= (largest >= low) & (largest < high)
        return np.asarray(held, dtype=bool)

    def crowds(self, found: pd.DataFrame) -> pd.Series[float]:
        """Return how many persons are on the street in events whose value is a share in open opposition."""
        assert self.first is not None
        people = {state.code: 1e6 * state.population for state in build_world(self.first).states}
        return ON_THE_STREET * found["value"] * found["target"].astype(str).map(people).astype(float)


def load_facts() -> tuple[Fact, ...]:
    """Read the table of facts that comes with the package.

    Raises
    ------
    ValueError
        If a column has no row in ``columns.csv``, or its row has no meaning, unit, source or licence.
    """
    table = documented_tables(files("calibration.what_ifs") / "tables")["facts"]
    return tuple(_fact(row) for row in table.to_dict("records"))


def scenarios(facts: Sequence[Fact]) -> list[str]:
    """Return the what-ifs that facts are about, in order."""
    return list(dict.fromkeys(fact.scenario for fact in facts))


def shares(
    events: pd.DataFrame, replicates: Sequence[int], facts: Sequence[Fact], last: Month
) -> pd.DataFrame:
    """Return in which share of the runs of one what-if each fact holds.

    Parameters
    ----------
    events : DataFrame
        As for `Fact.of`, of its finished runs.
    replicates : sequence of int
        Those runs.
    facts : sequence of Fact
        About it.
    last : Month
        Last month of the runs: facts that reach beyond are not judged.

    Returns
    -------
    DataFrame
        One row a fact, then `CORE` and `ALL`: scenario, premise, fact, core, told, runs, hits, share, low and
        high (exact 95 % interval), source, note. Numbers are NaN where nothing was judged.
    """
    flags = {
        fact.name: fact.holds(events, replicates)
        for fact in facts
        if fact.kind and fact.last is not None and fact.last <= last
    }
    rows = [_row(fact, flags.get(fact.name)) for fact in facts]
    for name, members in (
        (CORE, [fact for fact in facts if fact.core]),
        (ALL, [fact for fact in facts if fact.kind]),
    ):
        known = all(fact.name in flags for fact in members)
        together = np.logical_and.reduce([flags[fact.name] for fact in members]) if known else None
        told = ", ".join(fact.told for fact in members) if name == CORE else "all of these"
        rows.append({
            "scenario": facts[0].scenario, "premise": facts[0].premise, "fact": name, "core": False,
            "told": told, **_counted(together), "source": "", "note": "",
        })  # fmt: skip
    return pd.DataFrame(rows)


def largest_crowds(
    events: pd.DataFrame, replicates: Sequence[int], facts: Sequence[Fact], last: Month
) -> pd.DataFrame:
    """Return the median and the 5 and 95 % quantile over runs of the largest crowd of each fact on crowds.

    Returns
    -------
    DataFrame
        scenario, fact, runs (with a crowd), low, median, high (persons), most (of any run).
    """
    rows = []
    for fact in facts:
        if fact.size is None or fact.last is None or fact.last > last:
            continue
        found = fact.of(events[events["replicate"].isin(replicates)])
        largest = fact.crowds(found).groupby(found["replicate"]).max()
        levels = largest.quantile([0.05, 0.5, 0.95]).tolist()
        rows.append((fact.scenario, fact.name, len(largest), *levels, largest.max()))
    return pd.DataFrame(rows, columns=["scenario", "fact", "runs", "low", "median", "high", "most"])


def exact(hits: int, runs: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share; NaN without runs."""
    if not runs:
        return math.nan, math.nan
    found = stats.binomtest(hits, runs).proportion_ci(LEVEL, method="exact")
    return float(found.low), float(found.high)


def _row(fact: Fact, held: Flags | None) -> dict[str, object]:
    return {
        "scenario": fact.scenario, "premise": fact.premise, "fact": fact.name, "core": fact.core,
        "told": fact.told, **_counted(held), "source": fact.source, "note": fact.note,
    }  # fmt: skip


def _counted(held: Flags | None) -> dict[str, float]:
    if held is None:
        return dict.fromkeys(("runs", "hits", "share", "low", "high"), math.nan)
    hits, runs = int(held.sum()), len(held)
    low, high = exact(hits, runs)
    return {"runs": runs, "hits": hits, "share": hits / runs if runs else math.nan, "low": low, "high": high}


def _fact(row: Mapping[Hashable, str]) -> Fact:
    return Fact(
        scenario=row["scenario"], premise=row["premise"], name=row["fact"], core=row["core"] == "1",
        told=row["told"], kind=row["kind"], actor=row["actor"], target=row["target"], detail=row["detail"],
        first=Month.parse(row["first"]) if row["first"] else None,
        last=Month.parse(row["last"]) if row["last"] else None,
        least=float(row["least"] or 0), most=float(row["most"] or math.inf),
        size=(float(row["size_low"]), float(row["size_high"])) if row["size_low"] else None,
        source=row["source"], note=row["note"],
    )  # fmt: skip
