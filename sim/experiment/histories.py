"""Histories of runs, read from the tables of a results folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import ResultsError
from sim.experiment import columns
from sim.experiment.files import named_today, read_named
from sim.measures.history import RunHistory
from sim.measures.window import WHOLE, Window
from sim.months import Month

if TYPE_CHECKING:
    from sim.world.state import World

_LONG = ("trajectories", "events", "challenges", "territories")
_RUNS_AT_ONCE = 20


class Histories:
    """The runs of a results folder, one by one, from its tables.

    Parameters
    ----------
    folder : Path
    about : mapping
        Its ``about.json``.
    build_world : callable, optional
        Returns the record at a month, if not that of `sim.world`.

    Raises
    ------
    ResultsError
        If it is of an earlier version that stored less, or a table is missing or damaged.
    """

    def __init__(
        self,
        folder: Path,
        about: Mapping[str, Any],
        build_world: Callable[[Month], World] | None = None,
    ) -> None:
        if "definitions" not in about:
            raise ResultsError(
                f"{folder} was made by an earlier version, which stored too little of a run: what it did not "
                "compute needs new runs"
            )
        self._starts = {item["name"]: Month.parse(item["start"]) for item in about["scenarios"]}
        self._build_world = build_world or _record
        for name in (*_LONG, "draws"):
            if not (folder / f"{name}.parquet").is_file():
                raise ResultsError(
                    f"{folder} lacks {name}.parquet: what was not computed when its runs were made "
                    "needs new runs"
                )
        try:
            self._tables = {name: _Table(folder / f"{name}.parquet") for name in _LONG}
            self._draws = read_named(folder / "draws.parquet")
        except pa.ArrowInvalid as error:
            raise ResultsError(f"{folder} holds a damaged table: {error}") from None
        keys = zip(self._draws["scenario"].to_pylist(), self._draws["replicate"].to_pylist(), strict=True)
        self._rows = {key: row for row, key in enumerate(keys)}

    def read(
        self, scenario: str, replicates: Sequence[int], window: Window = WHOLE
    ) -> Iterator[tuple[int, RunHistory]]:
        """Yield some runs of a scenario, or a window of each, by ascending replicate."""
        ordered, world = sorted(replicates), self._build_world(self._starts[scenario])
        for first in range(0, len(ordered), _RUNS_AT_ONCE):
            block = ordered[first : first + _RUNS_AT_ONCE]
            parts = {name: table.runs(scenario, block) for name, table in self._tables.items()}
            for replicate in block:
                one = {name: part[replicate] for name, part in parts.items()}
                yield replicate, window.of_run(columns.history(one), world, self._drawn(scenario, replicate))

    def _drawn(self, scenario: str, replicate: int) -> dict[str, float]:
        (row,) = self._draws.slice(self._rows[scenario, replicate], 1).to_pylist()
        return {path: value for path, value in row.items() if "." in path and value is not None}


class _Table:
    """One long table of a results folder, of which some runs are read without the rest."""

    def __init__(self, path: Path) -> None:
        self._name = path.stem
        self._file = pq.ParquetFile(path)
        self._groups: list[tuple[int, str, int, int]] = []
        nothing: pa.Table = named_today(self._file.schema_arrow.empty_table(), self._name)
        self._held: tuple[list[int], pa.Table] = ([], nothing)  # read last: the next are often among them
        names = self._file.schema_arrow.names
        for number in range(self._file.num_row_groups):
            group = self._file.metadata.row_group(number)
            if group.num_rows:  # a group holds some replicates of one scenario
                scenario = group.column(names.index("scenario")).statistics
                replicate = group.column(names.index("replicate")).statistics
                self._groups.append((number, scenario.min, replicate.min, replicate.max))

    def runs(self, scenario: str, replicates: Sequence[int]) -> dict[int, pa.Table]:
        """Return the rows of each of some runs; ``replicates`` ascend."""
        low, high = replicates[0], replicates[-1]
        numbers = [
            number
            for number, name, first, last in self._groups
            if name == scenario and first <= high and last >= low
        ]
        if self._held[0] != numbers:
            rows = self._file.read_row_groups(numbers).combine_chunks()
            self._held = (numbers, named_today(rows, self._name))
        rows = self._held[1]
        owners = rows["replicate"].to_numpy()
        edges = np.searchsorted(owners, [[replicate, replicate + 1] for replicate in replicates])
        return {
            replicate: rows.slice(first, last - first)
            for replicate, (first, last) in zip(replicates, edges.tolist(), strict=True)
        }


@lru_cache(maxsize=8)
def _record(start: Month) -> World:
    from sim.world.build import build_world  # noqa: PLC0415 - reads the record

    return build_world(start)
