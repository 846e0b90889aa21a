"""Run chunks on an executor and hand their records back in order, whatever happens to the workers.

Any executor of the `concurrent.futures` family will do. One whose workers died is replaced and its chunks
are submitted again; a chunk that has been there each time is then run replicate by replicate in a pool of
its own, so that a run which kills its process is recorded and takes no other with it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass

from sim.runs.chunk import Chunk, Recipe, run_chunk
from sim.runs.interrupt import interrupted
from sim.runs.record import FailedRun, Record
from sim.runs.workers import process_pool

ExecutorFactory = Callable[[int], Executor]

_TRIES = 3  # a chunk is submitted again up to twice
_WINDOW = 3  # chunks in hand a worker: enough to keep it busy, few enough to hold in memory
_POLL = 0.2  # seconds between looks at Ctrl-C
_LARGEST_CHUNK = 10
_DEAD = "the worker process died (killed, out of memory, or a crash in compiled code)"


@dataclass(slots=True)
class _Slot:
    """A chunk on its way: waiting, submitted, or done."""

    chunk: Chunk
    tries: int = 0
    future: Future[list[Record]] | None = None
    records: list[Record] | None = None


def chunk_size(runs: int, workers: int) -> int:
    """Return how many replicates to send at once: about eight chunks a worker, 10 replicates at most.

    Parameters
    ----------
    runs : int
        All runs of all scenarios.
    workers : int
    """
    return max(1, min(_LARGEST_CHUNK, math.ceil(runs / (8 * workers))))


def run_chunks(
    recipe: Recipe,
    chunks: Sequence[Chunk],
    *,
    workers: int = 1,
    executor: ExecutorFactory = process_pool,
) -> Generator[Record]:
    """Run chunks and yield their records in the order of the chunks.

    Parameters
    ----------
    recipe : Recipe
    chunks : sequence of Chunk
    workers : int
        1 runs everything in this process.
    executor : callable
        Makes an executor for a number of workers; used where ``workers`` is above 1.

    Yields
    ------
    RunRecord or FailedRun
        After an interrupt, those that were finished.

    Raises
    ------
    WorkersError
        If no worker starts.
    """
    if workers == 1:
        for chunk in chunks:
            for replicate in chunk.replicates:  # one at a time, so that progress is seen
                yield from run_chunk(recipe, Chunk(chunk.scenario, (replicate,)))
        return
    yield from _Window(recipe, chunks, workers, executor).records()


class _Window:
    """A few chunks in hand at a time, between those not yet submitted and those already yielded."""

    def __init__(
        self, recipe: Recipe, chunks: Sequence[Chunk], workers: int, executor: ExecutorFactory
    ) -> None:
        self.recipe = recipe
        self.waiting = deque(chunks)
        self.slots: deque[_Slot] = deque()
        self.size = workers * _WINDOW
        self.new_executor = executor
        self.workers = min(workers, len(chunks))

    def records(self) -> Iterator[Record]:
        self.executor = self.new_executor(self.workers)
        try:
            while (self.waiting or self.slots) and not interrupted():
                if not (self._submit() and self._collect()):
                    self._replace_executor()
                while self.slots and self.slots[0].records is not None:
                    yield from self.slots.popleft().records or ()
            yield from self._finished()
        finally:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def _submit(self) -> bool:
        """Fill the window; False if the executor is broken."""
        while self.waiting and len(self.slots) < self.size:
            self.slots.append(_Slot(self.waiting.popleft()))
        try:
            for slot in self.slots:
                if slot.future is None and slot.records is None:
                    slot.future = self.executor.submit(run_chunk, self.recipe, slot.chunk)
        except BrokenExecutor:
            return False
        return True

    def _collect(self) -> bool:
        """Take in what is done, waiting a moment for it; False if the executor is broken."""
        running = [slot.future for slot in self.slots if slot.future is not None]
        wait(running, timeout=_POLL, return_when=FIRST_COMPLETED)
        healthy = True
        for slot in self.slots:
            if slot.future is not None and slot.future.done():
                healthy = _take(slot) and healthy
        return healthy

    def _replace_executor(self) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)
        for slot in self.slots:
            if slot.future is not None and not (slot.future.done() and _take(slot)):
                slot.future = None
                slot.tries += 1
                if slot.tries >= _TRIES:
                    slot.records = self._alone(slot.chunk)
        self.executor = self.new_executor(self.workers)

    def _alone(self, chunk: Chunk) -> list[Record]:
        records: list[Record] = []
        for replicate in chunk.replicates:
            with self.new_executor(1) as executor:
                single = Chunk(chunk.scenario, (replicate,))
                slot = _Slot(single, future=executor.submit(run_chunk, self.recipe, single))
                records += slot.records or [] if _take(slot) else _failures(single, _DEAD)
        return records

    def _finished(self) -> Iterator[Record]:
        """Yield what an interrupt left finished, once the runs in hand have stopped."""
        for slot in self.slots:
            if slot.future is not None and not slot.future.cancel():
                _take(slot)
        for slot in self.slots:
            yield from slot.records or ()


def _take(slot: _Slot) -> bool:
    """Move a future's records into its slot; False if its worker died."""
    assert slot.future is not None
    try:
        slot.records = slot.future.result()
    except (BrokenExecutor, CancelledError):
        return False
    except Exception as error:  # such as records that cannot travel between processes
        slot.records = _failures(slot.chunk, f"{type(error).__name__}: {error}")
    slot.future = None
    return True


def _failures(chunk: Chunk, error: str) -> list[Record]:
    return [FailedRun(chunk.scenario.name, replicate, error) for replicate in chunk.replicates]
