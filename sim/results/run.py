"""Run scenarios into a results folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.runs.about import describe_run
from sim.runs.chunk import Recipe, chunks
from sim.runs.ensemble import ExecutorFactory, chunk_size, run_chunks
from sim.runs.interrupt import RunsInterrupted, interrupted, interruptible
from sim.runs.record import FailedRun, Record
from sim.runs.store import Store
from sim.runs.workers import process_pool

if TYPE_CHECKING:
    from sim.scenario import Scenario


def run_to_folder(
    scenarios: Sequence[Scenario],
    folder: Path,
    recipe: Recipe,
    *,
    workers: int = 1,
    replicates_a_chunk: int | None = None,
    command: str = "",
    progress: Callable[[Record], None] | None = None,
    executor: ExecutorFactory = process_pool,
) -> None:
    """Run every replicate of every scenario and store them.

    The files' bytes depend on the scenarios alone (``about.json`` apart), not on how many workers there are
    or how the work is cut up.

    Parameters
    ----------
    scenarios : sequence of Scenario
        With distinct names; in a comparison, with one seed.
    folder : Path
        Written to as it is; `sim.runs.folder.choose_folder` guards earlier results.
    recipe : Recipe
        `sim.results.recipe.STANDARD`, or another model in the place of the shipped one.
    workers : int
        Processes; 1 runs in this one.
    replicates_a_chunk : int, optional
        How many runs travel together.
    command : str
        Kept in ``about.json``.
    progress : callable, optional
        Called with each record, finished or failed, in order.
    executor : callable
        Makes another executor of the `concurrent.futures` family for a number of workers.

    Raises
    ------
    RunsInterrupted
        After Ctrl-C, once what was finished is written.
    ValueError
        If two scenarios have one name, or ``workers`` is below 1.
    """
    _check(scenarios, workers)
    started = datetime.now(UTC)
    asked = sum(scenario.runs for scenario in scenarios)
    work = list(chunks(scenarios, replicates_a_chunk or chunk_size(asked, workers)))
    failed = 0
    with interruptible(), Store(folder) as store:
        records = run_chunks(recipe, work, workers=workers, executor=executor)
        with closing(records):
            for record in records:
                store.add(record)
                failed += isinstance(record, FailedRun)
                if progress is not None:
                    progress(record)
        stopped = interrupted()
        about = describe_run(
            scenarios,
            command=command,
            workers=workers,
            started=started,
            finished_runs=store.finished,
            failed_runs=failed,
            interrupted=stopped,
        )
        store.finish(scenarios, about)
    if stopped:
        raise RunsInterrupted(store.finished, asked, str(folder))


def _check(scenarios: Sequence[Scenario], workers: int) -> None:
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two scenarios are named {', '.join(twice)}")
