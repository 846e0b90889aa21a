"""Whether stored runs come out the same, bit for bit, when they are made again."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.experiment import columns
from sim.experiment.chunk import Recipe, run_one
from sim.experiment.files import ABOUT, CODE, checksum, write_text
from sim.experiment.folder import locked, logged_to, other_codes, too_old
from sim.experiment.identity import code_key, code_parts, key_of, what_differs
from sim.experiment.kept import outcomes_table
from sim.experiment.record import FailedRun, RunRecord
from sim.experiment.results import Results, ResultsError
from sim.experiment.store import RUNS, TABLES, RunStore, StoredRun, is_sound, store_name, unpack
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
        raise ResultsError(
            f"{results.path} holds no checksums of its files: `sim run` and `sim compare` write them"
        ) from None
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
    places = spread(len(rows), size)
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
        If a resolved scenario is missing, or the runs are of version 0.1.0 or older.
    """
    place = results.path / RUNS
    if place.is_dir() and (old := too_old(other_codes(place, code_key(recipe)))):
        raise ResultsError(f"{results.path} {old}")
    scenarios = {name: _scenario(results, name) for name in {name for name, _ in runs}}
    for number, (name, replicate) in enumerate(runs, 1):
        yield from _differences(results, recipe, scenarios[name], replicate)
        if progress is not None:
            progress(number)


def stored_scenarios(results: Results) -> list[Scenario]:
    """Return the scenarios of a results folder, resolved as they were run.

    Raises
    ------
    ResultsError
        If one is missing.
    """
    return [_scenario(results, name) for name in results.scenarios]


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


# -- runs of another version of the code, kept where a sample of them comes out the same -----------

_log = logging.getLogger(__name__)


def adopt(
    folder: Path,
    scenarios: Sequence[Scenario],
    recipe: Recipe,
    needs: Mapping[str, str] | None = None,
    *,
    size: int = 10,
) -> int:
    """Keep the stored runs of another version of the code, if some made again are the same, bit for bit.

    What was compared stands in the folder's log.

    Parameters
    ----------
    folder : Path
        Of results.
    scenarios : sequence of Scenario
        All whose runs it holds.
    recipe : Recipe
    needs : mapping of str to str, optional
        As for `RunStore`.
    size : int
        How many runs to make again, spread evenly over all.

    Returns
    -------
    int
        How many runs were made again; 0 if there is nothing to adopt.

    Raises
    ------
    ResultsError
        If a run is not the same, with the first difference; nothing is changed then.
    FolderError
        If another process writes to the folder.
    """
    parts = code_parts(recipe)
    place, code = folder / store_name(needs is None), key_of(parts)
    others = other_codes(place, code) if place.is_dir() else []
    if not others:
        return 0
    if old_kind := too_old(others):
        raise ResultsError(f"{folder} {old_kind}")
    with locked(folder), logged_to(folder):
        old = others[0]
        store = RunStore(folder, recipe, needs, code=old.name)
        store.open(scenarios)
        runs = [(item, replicate) for item in scenarios for replicate in sorted(store.replicates(item))]
        if not runs or len(others) > 1:
            raise ResultsError(f"{folder} holds no runs of one version of the code that could be compared")
        chosen = [runs[place] for place in spread(len(runs), size)]
        for scenario, replicate in chosen:
            (then,) = store.load(scenario, [replicate])
            if found := _stored_difference(then, run_one(recipe, scenario, replicate), store):
                raise ResultsError(f"{folder} keeps its key, since not every run is the same: {found}")
        told = json.loads((old / CODE).read_text(encoding="utf-8"))
        old.rename(place / code)
        write_text(place / code / CODE, json.dumps(parts, indent=2) + "\n")
        about = folder / ABOUT
        if about.is_file():
            noted = json.loads(about.read_text(encoding="utf-8"))
            noted.setdefault("stored", {})["code"] = code
            write_text(about, json.dumps(noted, indent=2, ensure_ascii=False) + "\n")
        _log.info(
            "adopted %d runs of code %s for code %s (%s): %d made again were the same, bit for bit: %s",
            len(runs), old.name, code, what_differs(told, parts), len(chosen),
            ", ".join(f"{scenario.name} {replicate}" for scenario, replicate in chosen),
        )  # fmt: skip
    return len(chosen)


def spread(runs: int, size: int) -> list[int]:
    """Return so many places of some runs, spread evenly, the first and the last among them."""
    if not runs:
        return []
    places: list[int] = np.unique(np.linspace(0, runs - 1, min(size, runs)).round().astype(int)).tolist()
    return places


def _stored_difference(then: StoredRun, record: RunRecord | FailedRun, store: RunStore) -> Difference | None:
    """Return where a run made again is not what the store holds of it."""
    name, replicate = then.scenario, then.replicate
    if isinstance(record, FailedRun):
        return Difference(name, replicate, "outcomes", "rows", "", "a run", record.error)
    now = unpack(store.pack(record))
    same = [name for name, (key, _) in then.outcomes.items() if now.outcomes.get(name, ("",))[0] == key]
    rows = {
        "outcomes": [{name: run.outcomes[name][1] for name in same} for run in (then, now)],
        "draws": [dict(run.draws) for run in (then, now)],
    }
    for table, values in rows.items():
        if found := _first_difference(*(pd.DataFrame([row]) for row in values)):
            return Difference(name, replicate, table, *found)
    for table in {**then.tables, **now.tables}:
        frames = [run.tables[table].to_pandas() for run in (then, now)]
        if found := _first_difference(*frames):
            return Difference(name, replicate, table, *found)
    return None
