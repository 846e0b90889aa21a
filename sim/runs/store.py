"""Write a results folder as runs come in: temporary names first, the real ones when all is done.

A row group holds a fixed number of runs in their order, so the bytes do not depend on how the runs
were spread over workers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs import schemas
from sim.runs.record import FailedRun, Record, RunRecord

if TYPE_CHECKING:
    from sim.scenario import Scenario

_RUNS_A_GROUP = 20

_STREAMED: dict[str, tuple[pa.Schema, Callable[[RunRecord], pa.Table]]] = {
    "trajectories": (schemas.TRAJECTORIES, schemas.trajectories),
    "events": (schemas.EVENTS, schemas.events),
    "territories": (schemas.TERRITORIES, schemas.territories),
}
"""Files too long to keep in memory until the end."""


class Store:
    """A results folder being written.

    Use as a context manager: leaving it by an error leaves no file behind under its real name.

    Parameters
    ----------
    folder : Path
        Created if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.finished = 0
        self._outcomes: list[pa.Table] = []
        self._draws: list[pa.Table] = []
        self._failed: list[FailedRun] = []
        self._group: list[RunRecord] = []
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Store:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, (schema, _) in _STREAMED.items():
            self._writers[name] = pq.ParquetWriter(self._partial(name), schema, **_options(schema))
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for writer in self._writers.values():
            writer.close()
        for name in _STREAMED:
            self._partial(name).unlink(missing_ok=True)  # gone already if `finish` was reached

    def add(self, record: Record) -> None:
        """Take one run, in the order in which it is to be stored."""
        self.finished += 1
        if isinstance(record, FailedRun):
            self._failed.append(record)
            return
        self._group.append(record)
        if len(self._group) == _RUNS_A_GROUP:
            self._flush()

    def finish(self, scenarios: Sequence[Scenario], about: Mapping[str, Any]) -> None:
        """Write what remains and give every file its name.

        Parameters
        ----------
        scenarios : sequence of Scenario
            Written in their resolved form.
        about : mapping
            Versions, seed and command; the only file with wall-clock times in it.
        """
        self._flush()
        for writer in self._writers.values():
            writer.close()
        for name in _STREAMED:
            self._partial(name).replace(self.folder / f"{name}.parquet")
        for name, table in (
            ("outcomes", pa.concat_tables(self._outcomes, promote_options="default")),
            ("draws", pa.concat_tables(self._draws, promote_options="default")),
            ("failures", schemas.failures(self._failed)),
        ):
            pq.write_table(table, self._partial(name), compression="zstd")
            self._partial(name).replace(self.folder / f"{name}.parquet")
        (self.folder / "scenarios").mkdir(exist_ok=True)
        for scenario in scenarios:
            write_text(self.folder / "scenarios" / f"{scenario.name}.yaml", scenario.to_yaml())
        write_text(self.folder / "about.json", json.dumps(about, indent=2, ensure_ascii=False) + "\n")

    def _flush(self) -> None:
        for name, (_, rows) in _STREAMED.items():
            if self._group:
                table = pa.concat_tables(rows(run) for run in self._group)
                table = table.unify_dictionaries().combine_chunks()
                self._writers[name].write_table(table, row_group_size=max(1, table.num_rows))
        self._outcomes.append(schemas.outcomes(self._group))
        self._draws.append(schemas.draws(self._group))
        self._group.clear()

    def _partial(self, name: str) -> Path:
        return self.folder / f".{name}.parquet.part"


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _options(schema: pa.Schema) -> dict[str, Any]:
    names = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    floats = [field.name for field in schema if pa.types.is_floating(field.type)]
    return {"compression": "zstd", "use_dictionary": names, "use_byte_stream_split": floats}
