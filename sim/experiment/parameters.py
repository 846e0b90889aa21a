"""Which value each parameter has in which months of a run: as drawn at the start, and what changed it later.

A claim that begins later changes parameters, and so does an event ``set`` of a scenario's timeline. What a
claim makes of them is among a run's draws; when it began to hold stands in its events.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from sim.experiment import columns
from sim.model.trace import later_name
from sim.scenario.timeline import SetParameter

if TYPE_CHECKING:
    from sim.experiment.store import StoredRun
    from sim.model.trace import Event
    from sim.scenario import Scenario

_NAME = pa.dictionary(pa.int32(), pa.string())
_EVENTS = ("claim", "timeline")

SCHEMA = pa.schema(
    [
        ("scenario", _NAME),
        ("replicate", pa.int32()),
        ("parameter", _NAME),
        ("month", _NAME),
        ("tick", pa.int32()),
        ("value", pa.float64()),
        ("by", _NAME),
    ]
)
"""One row a run and value of each parameter that does not keep its first one: the month from which it holds,
and by what: ``start``, the id of a claim, or the name of a timeline's event."""

AT_THE_START = "start"


@dataclass(frozen=True, slots=True)
class Change:
    """Some parameters that change.

    Parameters
    ----------
    tick : int
        Month from which the values hold, from 0.
    by : str
        A claim's id, or the name of an event of the scenario's timeline.
    values : mapping of str to float
        By dotted path.
    """

    tick: int
    by: str
    values: Mapping[str, float]


def may_change(scenario: Scenario) -> bool:
    """Return whether any parameter may change in the course of a scenario's runs."""
    return bool(scenario.onsets) or any(isinstance(entry, SetParameter) for entry in scenario.timeline)


def changes_in(scenario: Scenario, events: Iterable[Event], draws: Mapping[str, float]) -> list[Change]:
    """Return how parameters change in the course of a run, in order.

    Parameters
    ----------
    scenario : Scenario
    events : iterable of Event
        Of the run, in order of time.
    draws : mapping of str to float
        Of the run.
    """
    onsets = {onset.claim: (rank, onset) for rank, onset in enumerate(scenario.onsets)}
    entries = {entry.name: entry for entry in scenario.timeline}
    ranks: dict[
        str, float
    ] = {}  # as `sim.model.onsets.Onsets` has them: what counts where two set one parameter
    found = []
    for event in events:
        if event.kind == "claim":
            rank, onset = onsets[event.detail]
            paths = [path for path in onset.priors if ranks.get(path, -1) < rank]
            ranks |= dict.fromkeys(paths, rank)
            values = {path: draws[later_name(path, onset.claim)] for path in paths}
            found.append(Change(event.tick, onset.claim, values))
        elif isinstance(entry := entries.get(event.detail), SetParameter) and event.kind == "timeline":
            ranks[entry.parameter] = math.inf
            found.append(Change(event.tick, entry.name, {entry.parameter: entry.value}))
    return found


def table(scenario: Scenario, runs: Sequence[StoredRun]) -> pa.Table:
    """Return the rows of ``parameters.parquet`` for some runs of a scenario."""
    rows = [row for run in runs for row in _rows(scenario, run)] if may_change(scenario) else []
    by_column = {name: [row[place] for row in rows] for place, name in enumerate(SCHEMA.names)}
    return pa.table(by_column, schema=SCHEMA)


def _rows(scenario: Scenario, run: StoredRun) -> Iterator[tuple[str, int, str, str, int, float, str]]:
    events = run.tables["events"]
    chosen = events.filter(pc.is_in(events["kind"].cast(pa.string()), pa.array(_EVENTS)))
    changes = changes_in(scenario, columns.events_of(chosen), run.draws)
    for path in sorted({path for change in changes for path in change.values}):
        setting = scenario.parameters.get(path)
        held = setting.at_the_start if setting is not None else None
        first = Change(0, (held.claim if held else "") or AT_THE_START, {path: run.draws[path]})
        for each in (first, *(change for change in changes if path in change.values)):
            month = str(scenario.start + each.tick)
            yield run.scenario, run.replicate, path, month, each.tick, each.values[path], each.by
