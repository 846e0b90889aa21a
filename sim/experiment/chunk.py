"""The work that is sent to a worker: some replicates of one scenario."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sim.errors import WorkersError
from sim.experiment.interrupt import interrupted
from sim.experiment.record import FailedRun, Record, RunRecord
from sim.measures import measure
from sim.measures.history import RunHistory
from sim.model.collector import uncollected

if TYPE_CHECKING:
    from sim.months import Month
    from sim.scenario import Scenario

Payload = TypeVar("Payload")

_PATIENCE = 10.0  # seconds; long runs travel back, and are kept, soon after they are done


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one run is made. Workers import these functions by name.

    Parameters
    ----------
    simulate : callable
        ``simulate(scenario, replicate, world)`` returns an object with ``history`` and ``draws``.
    build_world : callable
        ``build_world(start)`` returns the record at a month; called once a worker and start.
    measured : bool
        Whether the worker computes the package's outcomes too, as long as it has the history at hand.
    """

    simulate: Callable[[Any, int, Any], Any]
    build_world: Callable[[Any], Any]
    measured: bool = True


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some replicates of one scenario; together they travel once to a worker and back.

    Parameters
    ----------
    scenario : Scenario
    replicates : tuple of int
    code : str
        Key of the code that must run them; without it, any.
    """

    scenario: Scenario
    replicates: tuple[int, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class DoneRun(Generic[Payload]):
    """One finished run, and what its worker made of it."""

    scenario: str
    replicate: int
    payload: Payload


def chunks(
    scenarios: Sequence[Scenario],
    size: int,
    *,
    workers: int | None = None,
    complete: Mapping[str, Collection[int]] | None = None,
    code: str = "",
) -> Iterator[Chunk]:
    """Cut every scenario's replicates into chunks, the first ones of each scenario first.

    Stopped at any time, all scenarios have about the same replicates, and can be compared.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Each gives its own number of runs.
    size : int
        Replicates a chunk, at least 1.
    workers : int, optional
        With it the last chunks are smaller, so that so many workers end at about the same time
        (guided self-scheduling; Polychronopoulos & Kuck 1987, IEEE Transactions on Computers 36, 1425-1439).
    complete : mapping of str to collection of int, optional
        By scenario's name, replicates that are left out.
    code : str
        See `Chunk`.
    """
    most, first = max((scenario.runs for scenario in scenarios), default=0), 0
    while first < most:
        left = len(scenarios) * (most - first)
        length = size if workers is None else min(size, math.ceil(left / (2 * workers)))
        for scenario in scenarios:
            done = (complete or {}).get(scenario.name, ())
            block = range(first, min(first + length, scenario.runs))
            missing = tuple(replicate for replicate in block if replicate not in done)
            if missing:
                yield Chunk(scenario, missing, code)
        first += length


def run_chunk(
    recipe: Recipe, pack: Callable[[RunRecord], Payload], chunk: Chunk
) -> list[DoneRun[Payload] | FailedRun]:
    """Run a chunk's replicates one after another.

    An error in one is recorded and the rest go on. After an interrupt, or some seconds, the list stops short.

    Parameters
    ----------
    recipe : Recipe
    pack : callable
        Makes of a run what is sent back.
    chunk : Chunk

    Raises
    ------
    WorkersError
        If this worker's code is not the chunk's.
    """
    if chunk.code:
        _check_code(recipe, chunk.code)
    until = time.monotonic() + _PATIENCE
    done: list[DoneRun[Payload] | FailedRun] = []
    for replicate in chunk.replicates:
        if interrupted() or (done and time.monotonic() > until):
            break
        record = run_one(recipe, chunk.scenario, replicate)
        if isinstance(record, FailedRun):
            done.append(record)
            continue
        try:
            done.append(DoneRun(chunk.scenario.name, replicate, pack(record)))
        except Exception as error:  # such as too little memory
            done.append(_failed(chunk.scenario, replicate, error))
    return done


def run_one(recipe: Recipe, scenario: Scenario, replicate: int) -> Record:
    """Run one replicate; an error becomes a `FailedRun`."""
    try:
        world = _world(recipe.build_world, scenario.start)
        with uncollected():
            run = recipe.simulate(scenario, replicate, world)
        outcomes = measure(RunHistory(run.history, world, run.draws)) if recipe.measured else {}
    except Exception as error:  # whatever a run raises must not lose the others
        return _failed(scenario, replicate, error)
    thesis = scenario.thesis.name if scenario.thesis else "none"
    return RunRecord(scenario.name, thesis, replicate, outcomes, run.history, run.draws)


def _failed(scenario: Scenario, replicate: int, error: Exception) -> FailedRun:
    told = "".join(traceback.format_exception(error))
    return FailedRun(scenario.name, replicate, f"{type(error).__name__}: {error}", told)


def _check_code(recipe: Recipe, wanted: str) -> None:
    from sim.experiment.identity import code_key  # noqa: PLC0415

    if code_key(recipe) != wanted:
        raise WorkersError(
            "a worker has another version of this package, of its data, or of a package that computes: "
            "install the same on every machine"
        )


@lru_cache(maxsize=8)
def _world(build_world: Callable[[Month], Any], start: Month) -> Any:
    return build_world(start)
