"""Make the runs of a plan that are not stored yet, on any executor."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import cast

from calibration.ensemble.origins import Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.scenarios import model_fingerprint, scenario_of
from calibration.ensemble.simulate import Simulate
from calibration.ensemble.store import CHUNK, EnsembleError, EnsembleStore, StoredRun
from calibration.history import ObservedHistory
from sim.analysis.verify import spread
from sim.experiment.chunk import Chunk, Recipe
from sim.experiment.ensemble import ExecutorFactory, run_in_order
from sim.experiment.folder import logged_to
from sim.experiment.interrupt import RunsInterrupted, interrupted, interruptible
from sim.experiment.record import FailedRun, Record, Tally
from sim.scenario import Scenario
from sim.world.build import build_world

_log = logging.getLogger("sim.ensemble")  # beneath the logger that a folder's log takes down
_TOGETHER = 5  # runs that travel to a worker at once

ScenarioOf = Callable[[str, Origin, int], Scenario]
"""Returns the scenario of a thesis from an origin, with so many citizens in each state."""


def build(
    plan: Plan,
    store: EnsembleStore,
    *,
    workers: int = 1,
    progress: Callable[[Tally], None] | None = None,
    executor: ExecutorFactory | None = None,
    scenarios: ScenarioOf = scenario_of,
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
    scenarios : callable, optional
        Where the plan's theses are no shipped ones.

    Raises
    ------
    EnsembleError
        If the store holds runs of another model.
    RunsInterrupted
        After Ctrl-C; chunks that were finished are stored.
    """
    store.open(plan)
    work = list(missing(plan, store))
    recipe = Recipe(Simulate(plan.seed, plan.repeats), build_world, measured=False)
    runs = [chunk for part in work for chunk in _cut(plan, scenarios, *part)]
    asked = sum(len(chunk.replicates) for chunk in runs)
    finished = made = failed = 0
    with interruptible():
        records = run_in_order(recipe, runs, workers=workers, executor=executor)
        with closing(records):
            for thesis, origin, draws in work:
                stored: list[StoredRun] = []
                for record in records:
                    stored.append(_stored(record, plan.repeats))
                    if progress is not None:
                        made, failed = made + 1, failed + isinstance(record, FailedRun)
                        progress(Tally(record.scenario, asked, 0, made, failed))
                    if len(stored) == len(draws) * plan.repeats:
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


def _cut(plan: Plan, scenarios: ScenarioOf, thesis: str, origin: Origin, draws: range) -> Iterator[Chunk]:
    scenario = scenarios(thesis, origin, plan.citizens)
    replicates = range(draws.start * plan.repeats, draws.stop * plan.repeats)
    for first in range(0, len(replicates), _TOGETHER):
        yield Chunk(scenario, tuple(replicates[first : first + _TOGETHER]))


def _stored(record: Record, repeats: int) -> StoredRun:
    draw, repeat = divmod(record.replicate, repeats)
    if isinstance(record, FailedRun):
        return StoredRun(draw, repeat, None, {}, record.error)
    return StoredRun(draw, repeat, cast("ObservedHistory", record.history), record.draws)


def adopt(store: EnsembleStore, *, size: int = 10) -> int:
    """Keep the runs of another version of the model, if some made again are the same, bit for bit.

    What was compared stands in the folder's log.

    Parameters
    ----------
    store : EnsembleStore
    size : int
        How many runs to make again, spread evenly over all theses, origins and draws.

    Returns
    -------
    int
        How many runs were made again; 0 if there is nothing to adopt.

    Raises
    ------
    EnsembleError
        If there is no ensemble, or a run is not the same; nothing is changed then.
    """
    plan, now = store.plan(), model_fingerprint()
    runs = [] if plan.fingerprint == now else list(store.finished())
    chosen = [runs[place] for place in spread(len(runs), size)]
    with logged_to(store.folder):
        for thesis, origin, draw, repeat in chosen:
            scenario = scenario_of(thesis, origin, plan.citizens)
            replicate = draw * plan.repeats + repeat
            run = Simulate(plan.seed, plan.repeats)(scenario, replicate, build_world(scenario.start))
            again = StoredRun(draw, repeat, run.history, run.draws)
            if table := store.differs(thesis, origin, again):
                raise EnsembleError(
                    f"{store.folder} stays that of another model: {thesis} from {origin.key}, draw {draw}, "
                    f"repeat {repeat} made again differs in {table}.parquet"
                )
        if chosen:
            store.keep(replace(plan, fingerprint=now))
            _log.info(
                "adopted %d runs of model %s for model %s: %d made again were the same, bit for bit",
                len(runs), plan.fingerprint, now, len(chosen),
            )  # fmt: skip
    return len(chosen)
