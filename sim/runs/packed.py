"""One complete run as bytes, and back: what travels from a worker and what the run store keeps.

Tables are Arrow streams and the rest is JSON, whose floats come back exactly; nothing is pickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sim.runs import schemas
from sim.runs.record import RunRecord

Packed = Mapping[str, bytes]
"""A run's parts by name."""

TABLES = {
    "trajectories": schemas.trajectories,
    "events": schemas.events,
    "territories": schemas.territories,
}
"""The long tables, and what makes a run's rows of each."""

_VALUES = "values.json"
_TABLE = ".arrow"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A complete run as it is kept.

    Parameters
    ----------
    scenario, thesis : str
        Names.
    replicate : int
    summary, draws : mapping
        As in `RunRecord`.
    tables : mapping of str to pyarrow.Table
        Its rows of the tables in `TABLES`; none of a run of which only the outcomes are kept.
    """

    scenario: str
    thesis: str
    replicate: int
    summary: Mapping[str, float | str]
    draws: Mapping[str, float]
    tables: Mapping[str, pa.Table]


def store_form(run: RunRecord) -> StoredRun:
    """Return a run in the form in which it is kept."""
    draws = {name: float(item) for name, item in run.draws.items()}
    tables = {name: rows(run) for name, rows in TABLES.items()}
    return StoredRun(run.scenario, run.thesis, run.replicate, _summary(run), draws, tables)


def pack(run: RunRecord) -> Packed:
    """Return a run as bytes."""
    return _packed(store_form(run))


def pack_outcomes(run: RunRecord) -> Packed:
    """Return a run's outcomes, and nothing else of it, as bytes."""
    return _packed(StoredRun(run.scenario, run.thesis, run.replicate, _summary(run), draws={}, tables={}))


def unpack(parts: Packed) -> StoredRun:
    """Return the run that `pack` or `pack_outcomes` made into bytes."""
    there = [name for name in TABLES if name + _TABLE in parts]
    tables = {name: pa.ipc.open_stream(parts[name + _TABLE]).read_all() for name in there}
    return StoredRun(**json.loads(parts[_VALUES]), tables=tables)


def _summary(run: RunRecord) -> dict[str, float | str]:
    return {name: item if isinstance(item, str) else float(item) for name, item in run.summary.items()}


def _packed(run: StoredRun) -> Packed:
    values = {
        "scenario": run.scenario,
        "thesis": run.thesis,
        "replicate": run.replicate,
        "summary": run.summary,
        "draws": run.draws,
    }
    parts = {_VALUES: json.dumps(values, ensure_ascii=False).encode()}
    return parts | {name + _TABLE: _table_bytes(table) for name, table in run.tables.items()}


def _table_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
