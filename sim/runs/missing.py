"""Make the runs that a store lacks, and keep each as it comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from sim.runs.chunk import Recipe, chunks
from sim.runs.ensemble import ExecutorFactory, chunk_size, run_chunks
from sim.runs.identity import code_key
from sim.runs.packed import Packed
from sim.runs.record import FailedRun, RunRecord, Tally
from sim.runs.store import RunStore

if TYPE_CHECKING:
    from sim.scenario import Scenario

_log = logging.getLogger(__name__)


def make_missing(
    store: RunStore,
    scenarios: Sequence[Scenario],
    recipe: Recipe,
    pack: Callable[[RunRecord], Packed],
    *,
    workers: int = 1,
    replicates_a_chunk: int | None = None,
    progress: Callable[[Tally], None] | None = None,
    executor: ExecutorFactory | None = None,
) -> list[FailedRun]:
    """Run every replicate of some scenarios that a store does not hold.

    Parameters
    ----------
    store : RunStore
        Opened for them.
    scenarios : sequence of Scenario
    recipe : Recipe
    pack : callable
        Makes of a run what is kept.
    workers : int
    replicates_a_chunk : int, optional
        How many runs travel together.
    progress : callable, optional
        Called before the first run and after some each time.
    executor : callable, optional
        As for `run_chunks`.

    Returns
    -------
    list of FailedRun
        After an interrupt, of what was finished.

    Raises
    ------
    OSError
        If runs cannot be written; what was kept before stays.
    WorkersError
        If workers cannot be started or reached.
    """
    asked = sum(scenario.runs for scenario in scenarios)
    complete = {scenario.name: store.complete(scenario) for scenario in scenarios}
    kept = finished = sum(map(len, complete.values()))
    failed: list[FailedRun] = []

    def tell(scenario: str) -> None:
        if progress is not None:
            progress(Tally(scenario, asked, kept, finished, len(failed)))

    work = list(
        chunks(
            scenarios,
            replicates_a_chunk or chunk_size(asked - kept, workers),
            workers=None if replicates_a_chunk else workers,
            complete=complete,
            code=code_key(recipe),
        )
    )
    _log.info("%d runs asked for, %d of them there already", asked, kept)
    tell("")
    with closing(run_chunks(recipe, work, pack, workers=workers, executor=executor)) as batches:
        for batch in batches:
            good = []
            for done in batch.runs:
                if isinstance(done, FailedRun):
                    failed.append(done)
                    _log.warning("%s %d failed: %s", done.scenario, done.replicate, done.error)
                else:
                    good.append((done.replicate, done.payload))
            if good:
                store.add(batch.scenario, good)
            finished += len(batch.runs)
            tell(batch.scenario.name)
    return failed
