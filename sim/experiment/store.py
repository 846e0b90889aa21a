"""The run store of a results folder: complete runs, kept by code, scenario with seed, and replicate."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sim.experiment import columns
from sim.experiment.chunk import Recipe
from sim.experiment.files import CODE, checksum, named_today, write_bytes, write_text
from sim.experiment.identity import code_key, code_parts, scenario_key
from sim.experiment.kept import Kept, kept_file
from sim.experiment.record import RunRecord
from sim.measures import package_outcomes
from sim.measures.definition import definition_keys

if TYPE_CHECKING:
    from sim.scenario import Scenario


# -- one complete run as bytes, and back: what travels from a worker and what the run store keeps ---

Packed = Mapping[str, bytes]
"""A run's parts by name."""

TABLES = {
    "trajectories": columns.trajectories,
    "events": columns.events,
    "challenges": columns.challenges,
    "territories": columns.territories,
}
"""The long tables, and what makes a run's rows of each."""

_VALUES, _OUTCOMES = "values.json", "outcomes.json"
_TABLE = ".arrow.zst"
_COMPRESSION = "zstd"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A complete run as it is kept.

    Parameters
    ----------
    scenario, thesis : str
        Names.
    replicate : int
    draws : mapping of str to float
        As in `RunRecord`.
    outcomes : mapping of str to (key, value)
        The package's outcomes as the worker computed them, each with the key of its definition.
    tables : mapping of str to pyarrow.Table
        Its rows of the tables in `TABLES`; none of a run of which only the outcomes are kept.
    """

    scenario: str
    thesis: str
    replicate: int
    draws: Mapping[str, float]
    outcomes: Mapping[str, tuple[str, float]]
    tables: Mapping[str, pa.Table]


def store_form(run: RunRecord) -> StoredRun:
    """Return a run in the form in which it is kept."""
    draws = {name: float(item) for name, item in run.draws.items()}
    tables = {name: rows(run) for name, rows in TABLES.items()}
    return StoredRun(run.scenario, run.thesis, run.replicate, draws, _labelled(run), tables)


def pack(run: RunRecord) -> Packed:
    """Return a run as bytes."""
    return _packed(store_form(run))


def pack_outcomes(run: RunRecord) -> Packed:
    """Return a run's outcomes, and nothing else of it, as bytes."""
    return _packed(StoredRun(run.scenario, run.thesis, run.replicate, {}, _labelled(run), {}))


def unpack(parts: Packed) -> StoredRun:
    """Return the run that `pack` or `pack_outcomes` made into bytes."""
    there = [name for name in TABLES if name + _TABLE in parts]
    tables = {name: named_today(_table(parts[name + _TABLE]), name) for name in there}
    return StoredRun(**json.loads(parts[_VALUES]), outcomes=unpack_outcomes(parts), tables=tables)


def unpack_outcomes(parts: Packed) -> dict[str, tuple[str, float]]:
    """Return the outcomes of a packed run, each with the key of its definition."""
    return {name: (key, value) for name, (key, value) in json.loads(parts[_OUTCOMES]).items()}


def _labelled(run: RunRecord) -> dict[str, tuple[str, float]]:
    keys = definition_keys(package_outcomes())
    return {name: (keys[name], float(value)) for name, value in run.outcomes.items()}


def _packed(run: StoredRun) -> Packed:
    values = {
        "scenario": run.scenario,
        "thesis": run.thesis,
        "replicate": run.replicate,
        "draws": run.draws,
    }
    parts = {_VALUES: json.dumps(values, ensure_ascii=False).encode()}
    parts[_OUTCOMES] = json.dumps(run.outcomes).encode()
    return parts | {name + _TABLE: _table_bytes(table) for name, table in run.tables.items()}


def _table_bytes(table: pa.Table) -> bytes:
    """Return a table as one compressed stream: column by column, many mostly empty ones cost much more."""
    sink = pa.BufferOutputStream()
    with (
        pa.CompressedOutputStream(sink, _COMPRESSION) as compressed,
        pa.ipc.new_stream(compressed, table.schema) as writer,
    ):
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _table(content: bytes) -> pa.Table:
    with pa.CompressedInputStream(pa.BufferReader(content), _COMPRESSION) as stream:
        return pa.ipc.open_stream(stream).read_all()


# -- the run store of a results folder: complete runs, kept by code, scenario with seed, and replicate ---

RUNS, OUTCOMES = "runs", "outcomes"
"""Stores of a folder: of whole runs, and of their outcomes alone."""

DAMAGED = "damaged"

_CHECKSUM = 16  # hexadecimal digits in a file's name
_log = logging.getLogger(__name__)


def store_name(whole: bool) -> str:
    """Return the name of the store of whole runs, or of outcomes alone."""
    return RUNS if whole else OUTCOMES


class RunStore:
    """The complete runs of one version of the code.

    Parameters
    ----------
    folder : Path
        The results folder, which exists.
    recipe : Recipe
        What makes the runs; with the code's own sources it gives their key.
    needs : mapping of str to str, optional
        Keys of the definitions of outcomes, by name. With it the store is of outcomes alone, and runs that
        lack one of these do not count as complete.
    code : str, optional
        Key of another version of the code, whose runs are there.
    """

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        needs: Mapping[str, str] | None = None,
        *,
        code: str | None = None,
    ) -> None:
        self.folder, self.recipe = folder, recipe
        self.needs = needs or {}
        self.root = folder / store_name(needs is None) / (code or code_key(recipe))
        self.pack = pack if needs is None else pack_outcomes
        self._parts = code_parts(recipe)
        self._files: dict[str, dict[int, Path]] = {}
        self._shelves: dict[str, Path] = {}

    def open(self, scenarios: Sequence[Scenario]) -> None:
        """Make ready for scenarios: look at every file that is there, and set damaged ones aside."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not (self.root / CODE).is_file():
            write_text(self.root / CODE, json.dumps(self._parts, indent=2) + "\n")
        for scenario in scenarios:
            shelf = self._shelves[scenario.name] = self.root / shelf_name(scenario)
            shelf.mkdir(exist_ok=True)
            self._files[scenario.name] = {}
            for path in sorted(shelf.glob("*.zip")):
                if is_sound(path):
                    self._note(scenario, path)
                else:
                    set_aside(self.folder, path, "its runs are made again")

    def replicates(self, scenario: Scenario) -> set[int]:
        """Return which replicates of a scenario are complete."""
        return set(self._files[scenario.name])

    def complete(self, scenario: Scenario) -> set[int]:
        """Return which of the replicates that a scenario asks for are complete."""
        return {replicate for replicate in self.replicates(scenario) if replicate < scenario.runs}

    def key(self, scenario: Scenario) -> str:
        """Return the key of a scenario and its seed."""
        return self._shelves[scenario.name].name.rpartition("-")[2]

    def kept(self, scenario: Scenario) -> Kept:
        """Return the outcomes of a scenario's runs that were computed after they were made."""
        return Kept(kept_file(self.folder, self._shelves[scenario.name].name), self.root.name)

    def add(self, scenario: Scenario, runs: Sequence[tuple[int, Packed]]) -> None:
        """Keep complete runs of one scenario, by replicate in ascending order.

        Raises
        ------
        OSError
            If they cannot be written; what was kept before stays.
        """
        content = _zipped(runs)
        name = f"{runs[0][0]:07d}-{runs[-1][0]:07d}-{hashlib.sha256(content).hexdigest()[:_CHECKSUM]}.zip"
        path = self._shelves[scenario.name] / name
        write_bytes(path, content)
        self._files[scenario.name].update((replicate, path) for replicate, _ in runs)

    def load(self, scenario: Scenario, replicates: Sequence[int]) -> Iterator[StoredRun]:
        """Yield complete runs in the order of ``replicates``."""
        files = self._files[scenario.name]
        opened: zipfile.ZipFile | None = None
        path = None
        try:
            for replicate in replicates:
                if files[replicate] != path:
                    if opened is not None:
                        opened.close()
                    path = files[replicate]
                    opened = zipfile.ZipFile(path)
                assert opened is not None
                inside = f"{replicate:07d}/"
                names = [name for name in opened.namelist() if name.startswith(inside)]
                yield unpack({name.removeprefix(inside): opened.read(name) for name in names})
        finally:
            if opened is not None:
                opened.close()

    def _note(self, scenario: Scenario, path: Path) -> None:
        with zipfile.ZipFile(path) as file:
            names = file.namelist()
            if lacking := self._lacking(file, names[0].partition("/")[0]):
                _log.warning(
                    "of some runs of %s nothing but outcomes was kept, and %s is new or defined otherwise "
                    "since: these runs are made again", scenario.name, ", ".join(lacking),
                )  # fmt: skip
                return
            for name in names:
                self._files[scenario.name][int(name.partition("/")[0])] = path

    def _lacking(self, file: zipfile.ZipFile, run: str) -> list[str]:
        """Return which outcomes that are needed a run lacks; all runs of a file come from one worker."""
        if not self.needs:
            return []
        found = unpack_outcomes({_OUTCOMES: file.read(f"{run}/{_OUTCOMES}")})
        return [name for name, key in self.needs.items() if found.get(name, ("",))[0] != key]


def is_sound(path: Path) -> bool:
    """Return whether a file of the store still has the checksum in its name."""
    return checksum(path)[:_CHECKSUM] == path.stem.rpartition("-")[2]


def shelf_name(scenario: Scenario) -> str:
    """Return the name of the folder of a scenario's runs."""
    return f"{scenario.name.replace('/', '-')}-{scenario_key(scenario)}"


def set_aside(folder: Path, path: Path, consequence: str) -> None:
    """Move a damaged file of a results folder out of the way, and say so in the log."""
    aside = folder / DAMAGED
    aside.mkdir(exist_ok=True)
    target, number = aside / path.name, 1
    while target.exists():
        number += 1
        target = aside / f"{path.stem}-{number}{path.suffix}"
    path.replace(target)
    _log.warning("%s is damaged: %s; it was moved to %s", path, consequence, target)


def _zipped(runs: Sequence[tuple[int, Packed]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:  # parts are compressed already
        for replicate, parts in runs:
            for name, content in parts.items():
                file.writestr(zipfile.ZipInfo(f"{replicate:07d}/{name}"), content)
    return buffer.getvalue()
