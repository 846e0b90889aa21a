"""The work that is sent to a worker: some replicates of one scenario."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.runs.interrupt import interrupted
from sim.runs.record import FailedRun, Record, RunRecord

if TYPE_CHECKING:
    from sim.months import Month
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one run is made and summed up. Workers import these functions by name.

    Parameters
    ----------
    simulate : callable
        ``simulate(scenario, replicate, world)`` returns an object with ``history`` and ``draws``.
    summarise : callable
        ``summarise(history, world)`` returns the run's outcomes by name.
    build_world : callable
        ``build_world(start)`` returns the record at a month; called once a worker and start.
    """

    simulate: Callable[[Any, int, Any], Any]
    summarise: Callable[[Any, Any], Mapping[str, float | str]]
    build_world: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some replicates of one scenario; together they travel once to a worker and back."""

    scenario: Scenario
    replicates: tuple[int, ...]


def chunks(scenarios: Sequence[Scenario], size: int) -> Iterator[Chunk]:
    """Cut every scenario's replicates into chunks, scenario by scenario.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Each gives its own number of runs.
    size : int
        Replicates a chunk, at least 1.
    """
    for scenario in scenarios:
        for first in range(0, scenario.runs, size):
            yield Chunk(scenario, tuple(range(first, min(first + size, scenario.runs))))


def run_chunk(recipe: Recipe, chunk: Chunk) -> list[Record]:
    """Run a chunk's replicates one after another.

    An error in one is recorded and the rest go on. After an interrupt the list stops short.
    """
    records: list[Record] = []
    for replicate in chunk.replicates:
        if interrupted():
            break
        records.append(run_one(recipe, chunk.scenario, replicate))
    return records


def run_one(recipe: Recipe, scenario: Scenario, replicate: int) -> Record:
    """Run one replicate; an error becomes a `FailedRun`."""
    try:
        world = _world(recipe.build_world, scenario.start)
        run = recipe.simulate(scenario, replicate, world)
        summary = recipe.summarise(run.history, world)
    except Exception as error:  # whatever a run raises must not lose the others
        text = f"{type(error).__name__}: {error}"
        return FailedRun(scenario.name, replicate, text, "".join(traceback.format_exception(error)))
    thesis = scenario.thesis.name if scenario.thesis else "none"
    return RunRecord(scenario.name, thesis, replicate, summary, run.history, run.draws)


@lru_cache(maxsize=8)
def _world(build_world: Callable[[Month], Any], start: Month) -> Any:
    return build_world(start)
