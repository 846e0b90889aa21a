"""Make the runs of a plan that are not stored yet, on any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import cast

from calibration.ensemble.origins import Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.scenarios import scenario_of
from calibration.ensemble.simulate import Simulate
from calibration.ensemble.store import CHUNK, EnsembleStore, StoredRun
from calibration.history import ObservedHistory
from sim.experiment.chunk import Chunk, Recipe
from sim.experiment.ensemble import ExecutorFactory, run_in_order
from sim.experiment.interrupt import RunsInterrupted, interrupted, interruptible
from sim.experiment.record import FailedRun, Record, Tally
from sim.world.build import build_world

_TOGETHER = 5  # runs that travel to a worker at once


def build(
    plan: Plan,
    store: EnsembleStore,
    *,
    workers: int = 1,
    progress: Callable[[Tally], None] | None = None,
    executor: ExecutorFactory | None = None,
) -> None:
    """Run what is missing of a plan. Interrupted or killed, it goes on where it was.

    Parameters
    ----------
    plan : Plan
    store : EnsembleStore
    workers : int
        Processes; 1 runs in this one.
    progress : callable, optional
        Called after each run, finished or failed.
    executor : callable, optional
        Makes another executor of the `concurrent.futures` family for a number of workers.

    Raises
    ------
    EnsembleError
        If the store holds runs of another model.
    RunsInterrupted
        After Ctrl-C; chunks that were finished are stored.
    """
    store.open(plan)
    work = list(missing(plan, store))
    recipe = Recipe(Simulate(plan.seed, plan.lucks), build_world, measured=False)
    runs = [chunk for part in work for chunk in _cut(plan, *part)]
    asked = sum(len(chunk.replicates) for chunk in runs)
    finished = made = failed = 0
    with interruptible():
        records = run_in_order(recipe, runs, workers=workers, executor=executor)
        with closing(records):
            for thesis, origin, draws in work:
                stored: list[StoredRun] = []
                for record in records:
                    stored.append(_stored(record, plan.lucks))
                    if progress is not None:
                        made, failed = made + 1, failed + isinstance(record, FailedRun)
                        progress(Tally(record.scenario, asked, 0, made, failed))
                    if len(stored) == len(draws) * plan.lucks:
                        store.write(thesis, origin, draws, stored)
                        finished += len(stored)
                        break
        stopped = interrupted()
    if stopped:
        raise RunsInterrupted(finished, asked, str(store.folder))


def missing(plan: Plan, store: EnsembleStore) -> Iterator[tuple[str, Origin, range]]:
    """Yield what is not stored, in chunks; the first draws of every thesis come before the later ones.

    So an ensemble that is cut short still holds all theses and origins alike.
    """
    there = {
        (thesis, origin): store.draws_stored(thesis, origin)
        for origin in plan.origins
        for thesis in plan.theses
    }
    for first in range(0, plan.draws, CHUNK):
        for (thesis, origin), stored in there.items():
            start = next((draw for draw in range(first, first + CHUNK) if draw not in stored), first + CHUNK)
            draws = range(start, min(first + CHUNK, plan.draws))
            if draws:
                yield thesis, origin, draws


def _cut(plan: Plan, thesis: str, origin: Origin, draws: range) -> Iterator[Chunk]:
    scenario = scenario_of(thesis, origin, plan.citizens)
    replicates = range(draws.start * plan.lucks, draws.stop * plan.lucks)
    for first in range(0, len(replicates), _TOGETHER):
        yield Chunk(scenario, tuple(replicates[first : first + _TOGETHER]))


def _stored(record: Record, lucks: int) -> StoredRun:
    draw, luck = divmod(record.replicate, lucks)
    if isinstance(record, FailedRun):
        return StoredRun(draw, luck, None, {}, record.error)
    return StoredRun(draw, luck, cast("ObservedHistory", record.history), record.draws)
