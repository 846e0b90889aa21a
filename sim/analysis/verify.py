"""Whether stored runs come out the same, bit for bit, when they are made again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.experiment import columns
from sim.experiment.chunk import Recipe, run_one
from sim.experiment.files import checksum
from sim.experiment.kept import outcomes_table
from sim.experiment.record import FailedRun, RunRecord
from sim.experiment.results import Results, ResultsError
from sim.experiment.store import RUNS, TABLES, is_sound
from sim.measures import package_outcomes
from sim.measures.definition import definition_keys
from sim.scenario import load

if TYPE_CHECKING:
    from sim.scenario import Scenario

_ROW_KEYS = ("month", "tick", "state", "territory", "kind", "target")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a run made again is not what is stored.

    Parameters
    ----------
    scenario : str
    replicate : int
    table, variable : str
        The first column that differs, or ``rows`` where their number does.
    where : str
        The first row that differs, such as ``2014-03 GEO``; empty where a run has one row.
    stored, now : object
        The two values.
    """

    scenario: str
    replicate: int
    table: str
    variable: str
    where: str
    stored: Any
    now: Any

    def __str__(self) -> str:
        where = f" at {self.where}" if self.where else ""
        return (
            f"{self.scenario}, replicate {self.replicate}: {self.variable} in {self.table}.parquet differs"
            f"{where}: stored {self.stored}, now {self.now}"
        )


def damaged_files(results: Results) -> list[str]:
    """Return the names of a results folder's files, its run store included, that are not what was written.

    Raises
    ------
    ResultsError
        If none were noted.
    """
    try:
        noted = results.about["sha256"]
    except KeyError:
        raise ResultsError(f"{results.path} was made before files had checksums") from None
    paths = {name: results.path / name for name in noted}
    damaged = [name for name, path in paths.items() if not path.is_file() or checksum(path) != noted[name]]
    stored = sorted((results.path / RUNS).rglob("*.zip"))
    return damaged + [str(path.relative_to(results.path)) for path in stored if not is_sound(path)]


def sample(results: Results, size: int) -> list[tuple[str, int]]:
    """Return some of the stored runs, spread evenly over them all, the first and the last among them.

    Parameters
    ----------
    results : Results
    size : int
        At least 1; all runs, if there are no more.

    Returns
    -------
    list of (scenario, replicate)
    """
    rows = results.read("outcomes", ["scenario", "replicate"])
    places = np.unique(np.linspace(0, len(rows) - 1, min(size, len(rows))).round().astype(int))
    return [(str(row.scenario), int(str(row.replicate))) for row in rows.iloc[places].itertuples()]


def verify(
    results: Results,
    recipe: Recipe,
    runs: list[tuple[str, int]],
    progress: Callable[[int], None] | None = None,
) -> Iterator[Difference]:
    """Make stored runs again and yield the first difference in each table of each.

    Parameters
    ----------
    results : Results
    recipe : Recipe
    runs : list of (scenario, replicate)
        As from `sample`.
    progress : callable, optional
        Called with the number of runs made so far.

    Raises
    ------
    ResultsError
        If a resolved scenario is missing.
    """
    scenarios = {name: _scenario(results, name) for name in {name for name, _ in runs}}
    for number, (name, replicate) in enumerate(runs, 1):
        yield from _differences(results, recipe, scenarios[name], replicate)
        if progress is not None:
            progress(number)


def _scenario(results: Results, name: str) -> Scenario:
    path = results.path / "scenarios" / f"{name}.yaml"
    if not path.is_file():
        raise ResultsError(f"{results.path} has no scenarios/{name}.yaml")
    return dataclasses.replace(load(path), name=name)


def _differences(
    results: Results, recipe: Recipe, scenario: Scenario, replicate: int
) -> Iterator[Difference]:
    now = run_one(recipe, scenario, replicate)
    if isinstance(now, FailedRun):
        yield Difference(scenario.name, replicate, "outcomes", "rows", "", "a run", now.error)
        return
    filters = [("scenario", "==", scenario.name), ("replicate", "==", replicate)]
    stale = _defined_otherwise(results)
    for table, rows in _tables(now).items():
        stored, made = results.read(table, filters=filters), rows.to_pandas()
        if table == "outcomes":
            stored, made = (frame.drop(columns=stale, errors="ignore") for frame in (stored, made))
        found = _first_difference(stored, made)
        if found is not None:
            yield Difference(scenario.name, replicate, table, *found)


def _defined_otherwise(results: Results) -> list[str]:
    """Return the columns of outcomes whose definition is not what it was when they were written."""
    now = definition_keys(package_outcomes())
    stale = [name for name, key in results.about.get("definitions", {}).items() if now.get(name) != key]
    return [*stale, "end_state", "end_state_reason"] if stale else []


def _tables(run: RunRecord) -> dict[str, pa.Table]:
    whole = {"outcomes": outcomes_table([run], [run.outcomes]), "draws": columns.draws([run])}
    return whole | {name: rows(run) for name, rows in TABLES.items()}


def _first_difference(stored: pd.DataFrame, now: pd.DataFrame) -> tuple[str, str, Any, Any] | None:
    """Return the variable, the row and both values where two tables of one run first differ."""
    if len(stored) != len(now):
        return "rows", "", len(stored), len(now)
    for column in dict.fromkeys([*now.columns, *stored.columns]):
        if column not in stored or column not in now:
            if column in now or stored[column].notna().any():  # another scenario's column is empty here
                present = [("no column", "a column")[column in table] for table in (stored, now)]
                return column, "", *present
            continue
        then, again = (_comparable(table[column]) for table in (stored, now))
        different = np.flatnonzero(then != again)
        if different.size:
            row = int(different[0])
            keys = [str(now[key].iloc[row]) for key in _ROW_KEYS if key in now and key != column]
            return column, " ".join(keys), stored[column].iloc[row], now[column].iloc[row]
    return None


def _comparable(values: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Return values that compare as equal only if their bits are."""
    numbers = values.to_numpy()
    if numbers.dtype.kind == "f":
        bits: np.ndarray[Any, Any] = numbers.view(f"u{numbers.dtype.itemsize}")
        return np.where(np.isnan(numbers), np.iinfo(bits.dtype).max, bits)
    return values.astype(str).to_numpy(str)
