"""Columns of the files in a results folder, and the rows that one run gives to each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from sim.errors import ResultsError
from sim.experiment.record import FailedRun, RunRecord
from sim.model.facts import FACTS, Fact
from sim.model.trace import Challenge, Event, History
from sim.months import Month
from sim.scenario.vocabulary import MOSCOW
from sim.series import MOSCOW_SERIES, STATE_SERIES

if TYPE_CHECKING:
    from sim.experiment.store import StoredRun

_NAME = pa.dictionary(pa.int32(), pa.string())

TRAJECTORIES = pa.schema(
    [
        ("scenario", _NAME),
        ("replicate", pa.int32()),
        ("month", _NAME),
        ("state", _NAME),
        *((name, pa.float32()) for name in (*STATE_SERIES, *MOSCOW_SERIES)),
    ]
)


def _type_of(fact: Fact) -> pa.DataType:
    return _NAME if fact.is_word else pa.int32() if fact.is_count else pa.float32()


EVENTS = pa.schema(
    [
        ("scenario", _NAME),
        ("replicate", pa.int32()),
        ("month", _NAME),
        ("tick", pa.int32()),
        ("kind", _NAME),
        ("actor", _NAME),
        ("target", _NAME),
        ("detail", _NAME),
        ("value", pa.float32()),
        *((name, _type_of(fact)) for name, fact in FACTS.items()),
    ]
)
"""After the value, every fact that some event carries; null where an event does not."""

_TICKS, _NAMES = pa.list_(pa.int32()), pa.list_(pa.string())

CHALLENGES = pa.schema(
    [
        ("scenario", _NAME),
        ("replicate", pa.int32()),
        ("challenge", pa.int32()),
        ("month", _NAME),
        ("state", _NAME),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("trigger", _NAME),
        ("peak", pa.float32()),
        ("peak_tick", pa.int32()),
        ("weeks", pa.int32()),
        ("ending", _NAME),
        ("street_falls", pa.int32()),
        ("successor", _NAME),
        ("successor_line", pa.float32()),
        ("answers", _NAMES),
        ("requests", _TICKS),
        ("refusals", _TICKS),
        ("help", _NAMES),
        ("help_ticks", _TICKS),
        ("defections", _TICKS),
        ("falls", _NAMES),
        ("fall_ticks", _TICKS),
        ("successors", _NAMES),
        ("successor_lines", pa.list_(pa.float32())),
        ("flares", _TICKS),
        ("ends", _TICKS),
        ("endings", _NAMES),
    ]
)
"""Columns as in `sim.model.trace.Challenge`; ``end``, ``ending``, ``successor`` and its line are the last's,
null where there is none; ``month`` is that of the start."""

TERRITORIES = pa.schema(
    [
        ("scenario", _NAME),
        ("replicate", pa.int32()),
        ("month", _NAME),
        ("territory", _NAME),
        ("status", pa.int8()),
    ]
)

FAILURES = pa.schema(
    [
        ("scenario", pa.string()),
        ("replicate", pa.int32()),
        ("error", pa.string()),
        ("traceback", pa.string()),
    ]
)


def trajectories(run: RunRecord) -> pa.Table:
    """Return one run's monthly series: state by state and month by month, Moscow last."""
    history = run.history
    months = _months(run)
    states = (*history.states, MOSCOW)
    absent_state = np.full((len(months), len(history.states)), np.nan, np.float32)
    absent_moscow = np.full((len(months), 1), np.nan, np.float32)
    columns = {
        "scenario": _constant(run.scenario, len(months) * len(states)),
        "replicate": np.full(len(months) * len(states), run.replicate, np.int32),
        "month": _coded(np.tile(np.arange(len(months)), len(states)), months),
        "state": _coded(np.repeat(np.arange(len(states)), len(months)), states),
    }
    for name in STATE_SERIES:
        columns[name] = _series(history.series.get(name, absent_state), absent_moscow)
    for name in MOSCOW_SERIES:
        columns[name] = _series(absent_state, history.moscow.get(name, absent_moscow[:, 0])[:, None])
    return pa.table(columns, schema=TRAJECTORIES)


def events(run: RunRecord) -> pa.Table:
    """Return one run's events in order of time."""
    ledger, months = run.history.events, _months(run)
    columns = {
        "scenario": _constant(run.scenario, len(ledger)),
        "replicate": np.full(len(ledger), run.replicate, np.int32),
        "month": [months[event.tick] for event in ledger],
        "tick": [event.tick for event in ledger],
        "kind": [event.kind for event in ledger],
        "actor": [event.actor for event in ledger],
        "target": [event.target for event in ledger],
        "detail": [event.detail for event in ledger],
        "value": np.array([event.value for event in ledger], np.float32),
    }
    facts: dict[str, list[float | str | None]] = {name: [None] * len(ledger) for name in FACTS}
    for place, event in enumerate(ledger):
        for name, value in event.facts.items():
            facts[name][place] = value
    return pa.table(columns | facts, schema=EVENTS)


def challenges(run: RunRecord) -> pa.Table:
    """Return one run's challenges in the order in which they opened."""
    found = run.history.challenges
    columns: dict[str, list[Any]] = {
        "scenario": [run.scenario] * len(found),
        "replicate": [run.replicate] * len(found),
        "challenge": [one.number for one in found],
        "month": [str(run.history.start + one.start) for one in found],
        "end": [None if one.is_open else one.end for one in found],
        "ending": [one.ending or None for one in found],
        "successor": [one.successors[-1] if one.successors else None for one in found],
        "successor_line": [one.successor_lines[-1] if one.successor_lines else None for one in found],
    }
    for name in CHALLENGES.names:
        if name not in columns:
            columns[name] = [getattr(one, name) for one in found]
    return pa.table(columns, schema=CHALLENGES)


def territories(run: RunRecord) -> pa.Table:
    """Return every territory's status at the end of each month, territory by territory."""
    months, names = _months(run), list(run.history.territories)
    rows = len(months) * len(names)
    columns = {
        "scenario": _constant(run.scenario, rows),
        "replicate": np.full(rows, run.replicate, np.int32),
        "month": _coded(np.tile(np.arange(len(months)), len(names)), months),
        "territory": _coded(np.repeat(np.arange(len(names)), len(months)), names),
        "status": np.array([run.history.territories[name] for name in names], np.int8).ravel(),
    }
    return pa.table(columns, schema=TERRITORIES)


def draws(runs: Sequence[RunRecord | StoredRun]) -> pa.Table:
    """Return one row a run: scenario, replicate, and every drawn parameter; missing ones are null."""
    names = dict.fromkeys(name for run in runs for name in run.draws)
    columns: dict[str, pa.Array] = {
        "scenario": pa.array([run.scenario for run in runs], pa.string()),
        "replicate": pa.array([run.replicate for run in runs], pa.int32()),
    }
    for name in names:
        columns[name] = pa.array([run.draws.get(name) for run in runs], pa.float64())
    return pa.table(columns)


def failures(runs: Sequence[FailedRun]) -> pa.Table:
    """Return one row a failed run."""
    names = FAILURES.names
    return pa.table({name: [getattr(run, name) for run in runs] for name in names}, schema=FAILURES)


# -- and back: what the model wrote, from rows -----------------------------------------------------


def check_schema(names: Sequence[str], schema: pa.Schema, where: str) -> None:
    """Raise a ResultsError if rows lack a column of a schema."""
    lacking = [name for name in schema.names if name not in names]
    if lacking:
        raise ResultsError(
            f"{where} has no column {lacking[0]!r}: results of version 0.1.0 hold no facts of events, so "
            "that stories and explanations need new runs"
        )


def events_of(table: pa.Table) -> list[Event]:
    """Return the events that rows of ``events.parquet`` hold, in their order.

    Numbers are those of the model to the seven digits that are stored.
    """
    facts: list[dict[str, float | str]] = [{} for _ in range(table.num_rows)]
    for name in FACTS:  # most events lack most facts: only those that are there are gone through
        column = table[name].combine_chunks()
        places = column.is_valid().to_numpy(zero_copy_only=False).nonzero()[0].tolist()
        for place, value in zip(places, _listed(column.drop_null()), strict=True):
            facts[place][name] = value
    numbers = table["value"].to_numpy().tolist()  # NaN for null
    codes = (_listed(table[name]) for name in ("tick", "kind", "actor", "target", "detail"))
    return [Event(*event) for event in zip(*codes, numbers, facts, strict=True)]


def challenges_of(table: pa.Table) -> list[Challenge]:
    """Return the challenges that rows of ``challenges.parquet`` hold, in their order."""
    names = [field.name for field in dataclasses.fields(Challenge)]
    columns = [_listed(table["challenge" if name == "number" else name]) for name in names]
    return [Challenge(*challenge) for challenge in zip(*columns, strict=True)]


def _listed(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """Return a column's values, none missing; of numbers and words much faster than its ``to_pylist``."""
    if pa.types.is_list(column.type):
        lists: list[Any] = column.to_pylist()
        return lists
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    values: list[Any] = np.asarray(plain).tolist()
    return values


def history(tables: Mapping[str, pa.Table]) -> History:
    """Return the history from which one run's rows of the long tables were made.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        The run's rows of ``trajectories``, ``events``, ``challenges`` and ``territories``, in their order.

    Returns
    -------
    History
        Its numbers are the model's, bit for bit, but for the values and facts of events and the numbers of
        challenges, which are stored in single precision.
    """
    monthly, status = tables["trajectories"], tables["territories"]
    *states, moscow = monthly["state"].unique().to_pylist()
    months, names = monthly.num_rows // (len(states) + 1), status["territory"].unique().to_pylist()
    assert moscow == MOSCOW, "Moscow's rows come last"
    # Laid out in memory as the model's recorder does, since the order of sums is that of the layout.
    by_state = np.empty((months, len(states), len(STATE_SERIES)), np.float32)
    moscows = np.empty((months, len(MOSCOW_SERIES)), np.float32)
    for place, name in enumerate(STATE_SERIES):
        by_state[:, :, place] = monthly[name].to_numpy().reshape(-1, months)[:-1].T
    for place, name in enumerate(MOSCOW_SERIES):
        moscows[:, place] = monthly[name].to_numpy()[-months:]
    by_territory = np.ascontiguousarray(status["status"].to_numpy().reshape(len(names), months).T)
    return History(
        start=Month.parse(monthly["month"][0].as_py()),
        states=tuple(states),
        series={name: by_state[:, :, place] for place, name in enumerate(STATE_SERIES)},
        moscow={name: moscows[:, place] for place, name in enumerate(MOSCOW_SERIES)},
        territories={name: by_territory[:, place] for place, name in enumerate(names)},
        events=events_of(tables["events"]),
        challenges=challenges_of(tables["challenges"]),
    )


def _months(run: RunRecord) -> tuple[str, ...]:
    return _months_from(run.history.start, len(next(iter(run.history.series.values()))))


@lru_cache(maxsize=8)  # the runs of an ensemble have the same
def _months_from(start: Month, length: int) -> tuple[str, ...]:
    return tuple(str(start + tick) for tick in range(length))


def _constant(text: str, length: int) -> pa.DictionaryArray:
    return _coded(np.zeros(length, np.int32), [text])


def _coded(codes: np.ndarray, names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32)), pa.array(list(names), pa.string())
    )


def _series(by_state: np.ndarray, moscow: np.ndarray) -> pa.Array:
    """Stack columns one after another; NaN is written as null."""
    values = np.concatenate([by_state, moscow], axis=1).T.ravel().astype(np.float32)
    return pa.array(values, from_pandas=True)
