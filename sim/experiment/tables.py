"""The tables of a results folder, put together from the run store.

The bytes depend on the runs alone: a row group holds a fixed block of a scenario's replicates, whatever the
order in which they were made and the files in which they were kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment import columns
from sim.experiment.files import replacing
from sim.experiment.kept import Measured, outcomes_of_runs, outcomes_table
from sim.experiment.record import FailedRun
from sim.experiment.store import TABLES, RunStore, StoredRun
from sim.measures import package_outcomes

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world.state import World

NAMES = ("outcomes", "trajectories", "events", "challenges", "draws", "territories", "failures")
"""Every table, by the name of its file without ``.parquet``."""

_RUNS_A_GROUP = 20
_MANY = 500  # small tables joined at a time, so that a million runs need little memory

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
    outcomes, draws = _Rows(), _Rows()
    with ExitStack() as stack:
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
            for scenario in scenarios:
                measured = Measured(package_outcomes(), store.kept(scenario), scenario.name)
                for group in _groups(scenario, store):
                    for name, writer in writers.items():
                        table = pa.concat_tables(run.tables[name] for run in group)
                        table = table.unify_dictionaries().combine_chunks()
                        writer.write_table(table, row_group_size=max(1, table.num_rows))
                    values = outcomes_of_runs(group, measured, partial(build_world, scenario.start))
                    outcomes.add(outcomes_table(group, values))
                    draws.add(columns.draws(group))
                measured.kept.save()
        for name, rows in (("outcomes", outcomes), ("draws", draws)):
            path = stack.enter_context(replacing(folder / f"{name}.parquet"))
            pq.write_table(rows.table(), path, compression="zstd")


def _groups(scenario: Scenario, store: RunStore) -> Iterator[list[StoredRun]]:
    complete = store.replicates(scenario)
    for first in range(0, scenario.runs, _RUNS_A_GROUP):
        block = range(first, min(first + _RUNS_A_GROUP, scenario.runs))
        group = list(store.load(scenario, [replicate for replicate in block if replicate in complete]))
        if group:
            yield group


class _Rows:
    """Many small tables, joined now and then."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = [outcomes_table([], []).select(["scenario", "replicate"])]

    def add(self, table: pa.Table) -> None:
        self._parts.append(table)
        if len(self._parts) == _MANY:
            self._parts = [self.table()]

    def table(self) -> pa.Table:
        return pa.concat_tables(self._parts, promote_options="default").combine_chunks()


def _ordered(failed: Sequence[FailedRun], scenarios: Sequence[Scenario]) -> list[FailedRun]:
    place = {scenario.name: number for number, scenario in enumerate(scenarios)}
    return sorted(failed, key=lambda run: (place[run.scenario], run.replicate))


def _options(schema: pa.Schema) -> dict[str, Any]:
    names = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    floats = [field.name for field in schema if pa.types.is_floating(field.type)]
    return {"compression": "zstd", "use_dictionary": names, "use_byte_stream_split": floats}
