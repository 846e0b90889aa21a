"""Whole records of runs in the order in which they were asked for, for those who keep them themselves."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from sim.runs.chunk import Chunk, Recipe
from sim.runs.ensemble import ExecutorFactory, run_chunks
from sim.runs.record import FailedRun, Record, RunRecord


def run_in_order(
    recipe: Recipe,
    chunks: Sequence[Chunk],
    *,
    workers: int = 1,
    executor: ExecutorFactory | None = None,
) -> Generator[Record]:
    """Run chunks and yield their records chunk by chunk, replicate by replicate.

    Parameters
    ----------
    recipe : Recipe
    chunks : sequence of Chunk
    workers : int
        Processes; 1 runs in this one.
    executor : callable, optional
        Makes another executor for a number of workers.

    Yields
    ------
    RunRecord or FailedRun
        After an interrupt, those that were finished, up to the first that was not.

    Raises
    ------
    WorkersError
        If no worker starts.
    """
    places = [(id(chunk.scenario), replicate) for chunk in chunks for replicate in chunk.replicates]
    early: dict[tuple[int, int], Record] = {}
    following = 0
    batches = run_chunks(recipe, chunks, _whole, workers=workers, executor=executor)
    with closing(batches):
        for batch in batches:
            for done in batch.runs:
                record = done if isinstance(done, FailedRun) else done.payload
                early[id(batch.scenario), done.replicate] = record
            while following < len(places) and places[following] in early:
                yield early.pop(places[following])
                following += 1


def _whole(run: RunRecord) -> RunRecord:
    return run
