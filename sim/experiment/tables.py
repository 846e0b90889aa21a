"""The tables of a results folder, put together from the run store, and what tells how they were made.

The bytes depend on the runs alone: a row group holds a fixed block of a scenario's replicates, whatever the
order in which they were made and the files in which they were kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment import columns, parameters
from sim.experiment.files import ABOUT, checksum, partial_name, read_named, replacing, write_text
from sim.experiment.kept import Measured, outcomes_of_runs, outcomes_table, renewed
from sim.experiment.reading import runs_a_group
from sim.experiment.record import FailedRun
from sim.experiment.store import TABLES, RunStore, StoredRun, set_aside
from sim.measures import package_outcomes
from sim.measures.definition import definition_keys

if TYPE_CHECKING:
    from sim.experiment.chunk import Recipe
    from sim.scenario import Scenario
    from sim.world.state import World

NAMES = ("outcomes", "trajectories", "events", "challenges", "draws", "parameters", "territories", "failures")
"""Every table, by the name of its file without ``.parquet``."""

_JOINED = 20  # small tables that are joined: a wide one of few rows takes many times what its numbers do
_HELD = 100  # small tables of which the rows are held in memory: of 10,000 runs, where there are as many

_SCHEMAS = {
    "trajectories": columns.TRAJECTORIES,
    "events": columns.EVENTS,
    "challenges": columns.CHALLENGES,
    "territories": columns.TERRITORIES,
}


def write_tables(
    folder: Path,
    scenarios: Sequence[Scenario],
    store: RunStore,
    failed: Sequence[FailedRun],
    build_world: Callable[[Any], World],
) -> None:
    """Write every table of the complete runs, scenario by scenario.

    Parameters
    ----------
    folder : Path
        The results folder.
    scenarios : sequence of Scenario
        In the order of their rows; replicates beyond a scenario's ``runs`` are left out.
    store : RunStore
        Opened for them.
    failed : sequence of FailedRun
    build_world : callable
        Returns the record at a month; for outcomes that are defined otherwise than when a run was made.

    Raises
    ------
    OSError
        If they cannot be written; the tables that were there before stay.
    """
    with ExitStack() as stack:
        outcomes = stack.enter_context(_Rows(folder / "outcomes.parquet"))
        draws = stack.enter_context(_Rows(folder / "draws.parquet"))
        changed = stack.enter_context(_Rows(folder / "parameters.parquet", parameters.SCHEMA.empty_table()))
        paths = {
            name: stack.enter_context(replacing(folder / f"{name}.parquet")) for name in ("failures", *TABLES)
        }
        pq.write_table(columns.failures(_ordered(failed, scenarios)), paths["failures"], compression="zstd")
        with ExitStack() as writing:
            writers = {
                name: writing.enter_context(
                    pq.ParquetWriter(paths[name], _SCHEMAS[name], **_options(_SCHEMAS[name]))
                )
                for name in TABLES
            }
            thread = writing.enter_context(ThreadPoolExecutor(1))  # it writes while the next runs are read
            written: Future[None] | None = None
            for scenario in scenarios:
                measured = Measured(package_outcomes(), store.kept(scenario), scenario.name)
                for group in _groups(scenario, store):
                    if written is not None:
                        written.result()  # what went wrong is raised, and no third group is held
                    written = thread.submit(_add_rows, writers, group)
                    values = outcomes_of_runs(group, measured, partial(build_world, scenario.start))
                    outcomes.add(outcomes_table(group, values))
                    draws.add(columns.draws(group))
                    changed.add(parameters.table(scenario, group))
                measured.kept.save()
            if written is not None:
                written.result()
        for rows in (outcomes, draws, changed):
            rows.write(stack.enter_context(replacing(rows.path)))


def _add_rows(writers: Mapping[str, pq.ParquetWriter], group: Sequence[StoredRun]) -> None:
    """Write the rows of some runs as a row group of each long table."""
    for name, writer in writers.items():
        table = pa.concat_tables(run.tables[name] for run in group).unify_dictionaries().combine_chunks()
        writer.write_table(table, row_group_size=max(1, table.num_rows))


def _groups(scenario: Scenario, store: RunStore) -> Iterator[list[StoredRun]]:
    complete, size = store.replicates(scenario), runs_a_group(scenario.runs)
    for first in range(0, scenario.runs, size):
        block = range(first, min(first + size, scenario.runs))
        group = list(store.load(scenario, [replicate for replicate in block if replicate in complete]))
        if group:
            yield group


class _Rows:
    """Rows of a table whose columns are known once all runs were looked at, of which few are held in memory.

    What is more is put aside on the disk, beside the table, and is a row group of it each time.
    """

    def __init__(self, path: Path, empty: pa.Table | None = None) -> None:
        self.path = path
        none = outcomes_table([], []).select(["scenario", "replicate"]) if empty is None else empty
        self._schema: pa.Schema = none.schema
        self._parts: list[pa.Table] = []
        self._added = 0
        self._aside: list[Path] = []

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, *_: object) -> None:
        for piece in self._aside:
            piece.unlink(missing_ok=True)

    def add(self, table: pa.Table) -> None:
        self._parts.append(table)
        self._added += 1
        if self._added % _HELD == 0:
            self._join()
            self._aside.append(partial_name(self.path, len(self._aside)))
            pq.write_table(self._parts.pop(), self._aside[-1], compression="zstd")
        elif self._added % _JOINED == 0:
            self._join()

    def write(self, path: Path) -> None:
        self._join()
        with pq.ParquetWriter(path, self._schema, compression="zstd") as writer:
            for piece in self._aside:
                writer.write_table(_joined([pq.read_table(piece)], self._schema))
            if self._parts[0].num_rows or not self._aside:
                writer.write_table(_joined(self._parts, self._schema))

    def _join(self) -> None:
        self._schema = pa.unify_schemas([self._schema, *(part.schema for part in self._parts)])
        self._parts = [_joined(self._parts, self._schema)]


def _joined(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    whole = pa.concat_tables([schema.empty_table(), *tables], promote_options="default")
    return whole.unify_dictionaries().combine_chunks()


def _ordered(failed: Sequence[FailedRun], scenarios: Sequence[Scenario]) -> list[FailedRun]:
    place = {scenario.name: number for number, scenario in enumerate(scenarios)}
    return sorted(failed, key=lambda run: (place[run.scenario], run.replicate))


def _options(schema: pa.Schema) -> dict[str, Any]:
    names = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    floats = [field.name for field in schema if pa.types.is_floating(field.type)]
    return {"compression": "zstd", "use_dictionary": names, "use_byte_stream_split": floats}


# -- everything that a finished folder holds beside its runs ---------------------------------------


def write_results(
    store: RunStore, scenarios: Sequence[Scenario], failed: Sequence[FailedRun], about: Mapping[str, Any]
) -> None:
    """Write tables, resolved scenarios and ``about.json``, unless they are there and nothing has changed.

    Parameters
    ----------
    store : RunStore
        Opened for the scenarios.
    scenarios : sequence of Scenario
    failed : sequence of FailedRun
    about : mapping
        As `sim.experiment.files.describe_run` returns it.

    Raises
    ------
    OSError
        If they cannot be written. No folder is left that looks finished and is not.
    """
    folder = store.folder
    what = {
        "code": store.root.name,
        "runs": [[item.name, store.key(item), len(store.complete(item))] for item in scenarios],
    }
    if not (about["interrupted"] or failed) and _is_written(folder, what):
        _renew_outcomes(folder, store.recipe)
        _note_baseline(folder, about.get("baseline"))
        return
    (folder / ABOUT).unlink(missing_ok=True)  # no file counts until all are new
    write_tables(folder, scenarios, store, failed, store.recipe.build_world)
    for scenario in scenarios:
        path = folder / _scenario_file(scenario.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, scenario.to_yaml())
    _write_about(folder, {**about, "stored": what, "definitions": definition_keys(package_outcomes())})


def _renew_outcomes(folder: Path, recipe: Recipe) -> None:
    """Write the outcomes again if some are defined otherwise than when they were written."""
    about, keys = _read_about(folder), definition_keys(package_outcomes())
    if about is None or about.get("definitions") == keys:
        return
    path = folder / "outcomes.parquet"
    table = renewed(folder, read_named(path), about, package_outcomes(), recipe.build_world)
    with replacing(path) as partial:
        pq.write_table(table, partial, compression="zstd")
    _write_about(folder, about | {"definitions": keys})


def _note_baseline(folder: Path, baseline: str | None) -> None:
    """Note with what the scenarios are compared now, if they are."""
    about = _read_about(folder)
    if about is not None and baseline not in (None, about.get("baseline")):
        text = json.dumps({**about, "baseline": baseline}, indent=2, ensure_ascii=False)
        write_text(folder / ABOUT, text + "\n")


def _write_about(folder: Path, about: Mapping[str, Any]) -> None:
    files = [f"{name}.parquet" for name in NAMES]
    files += [_scenario_file(item["name"]) for item in about["scenarios"]]
    whole = {**about, "sha256": {name: checksum(folder / name) for name in files}}
    write_text(folder / ABOUT, json.dumps(whole, indent=2, ensure_ascii=False) + "\n")


def _scenario_file(name: str) -> str:
    return f"scenarios/{name}.yaml"


def _is_written(folder: Path, what: Mapping[str, Any]) -> bool:
    """Whether the tables of these very runs are there; damaged ones are set aside."""
    about = _read_about(folder)
    if about is None or about.get("stored") != what or about.get("interrupted"):
        return False
    whole = True
    for name, wanted in about.get("sha256", {}).items():
        path = folder / name
        if not path.is_file():
            whole = False
        elif checksum(path) != wanted:
            set_aside(folder, path, "it is made again from the stored runs")
            whole = False
    return whole


def _read_about(folder: Path) -> dict[str, Any] | None:
    path = folder / ABOUT
    if not path.is_file():
        return None
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        about = None
    if not isinstance(about, dict):
        set_aside(folder, path, "it is written again")
        return None
    return about
