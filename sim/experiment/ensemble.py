"""Run chunks on an executor and hand back their runs, whatever happens to the workers."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Generic

from sim.errors import WorkersError
from sim.experiment.chunk import Chunk, DoneRun, Payload, Recipe, run_chunk
from sim.experiment.interrupt import interrupted
from sim.experiment.record import FailedRun, Record, RunRecord
from sim.experiment.workers import NO_CHILDREN, children_allowed, process_pool, step_back

if TYPE_CHECKING:
    from sim.scenario import Scenario


# -- run chunks on an executor and hand back their runs as they are done, whatever happens to the workers ---

ExecutorFactory = Callable[[int], Executor]

_TRIES = 3  # a chunk is submitted again up to twice
_ALONE = 2  # then each of its runs, in a worker of its own
_WINDOW = 3  # chunks in hand a worker: enough to keep it busy, few enough to lose or to wait for
_POLL = 0.2  # seconds between looks at Ctrl-C
_LARGEST_CHUNK = 10
_DEAD = "the worker process died (killed, out of memory, or a crash in compiled code)"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Slot(Generic[Payload]):
    """A chunk on its way, and those of its runs that have come back."""

    chunk: Chunk
    tries: int = 0
    future: Future[list[DoneRun[Payload] | FailedRun]] | None = None
    done: list[DoneRun[Payload] | FailedRun] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch(Generic[Payload]):
    """Runs of one scenario that came back together, at least one."""

    scenario: Scenario
    runs: Sequence[DoneRun[Payload] | FailedRun]


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
    pack: Callable[[RunRecord], Payload],
    *,
    workers: int,
    executor: ExecutorFactory | None = None,
    behind: bool = False,
) -> Generator[Batch[Payload]]:
    """Run chunks and yield their runs a chunk at a time, in the order in which they are done.

    Parameters
    ----------
    recipe : Recipe
    chunks : sequence of Chunk
    pack : callable
        Called by the worker with each `RunRecord`; what it returns travels back.
    workers : int
    executor : callable, optional
        Makes an executor for a number of workers; without it, this process for one and a pool for more.
    behind : bool
        Whether the pool's workers come after other processes, such as one that draws what there is already.

    Yields
    ------
    Batch
        After an interrupt, what was finished.

    Raises
    ------
    WorkersError
        If no worker starts or can be reached, or its code is another.
    """
    if executor is None and workers > 1 and not children_allowed():
        _log.warning("%s", NO_CHILDREN)
        workers = 1
    if executor is None and workers == 1:
        for chunk in chunks:
            left = chunk
            while left.replicates and not interrupted():
                if done := run_chunk(recipe, pack, left):
                    yield Batch(chunk.scenario, done)
                left = replace(left, replicates=left.replicates[len(done) :])
    elif chunks:
        executor = executor or partial(
            process_pool,
            with_main=_needs_main(recipe, chunks, pack),
            begin=step_back if behind else None,
        )
        yield from _Window(recipe, chunks, pack, workers, executor).results()


def _needs_main(recipe: Recipe, chunks: Sequence[Chunk], pack: Callable[[RunRecord], Payload]) -> bool:
    """Whether workers have to import the program's main module, since it defines what they are to run."""
    functions = (recipe.simulate, recipe.build_world, pack)
    needed = [*functions, *map(type, functions), *(type(chunk.scenario) for chunk in chunks)]
    return any(getattr(item, "__module__", "") == "__main__" for item in needed)


class _Window(Generic[Payload]):
    """The few chunks in hand, between those that wait and those that are done."""

    def __init__(
        self,
        recipe: Recipe,
        chunks: Sequence[Chunk],
        pack: Callable[[RunRecord], Payload],
        workers: int,
        executor: ExecutorFactory,
    ) -> None:
        self.recipe = recipe
        self.pack = pack
        self.waiting = deque(_Slot[Payload](chunk) for chunk in chunks)
        self.inside: list[_Slot[Payload]] = []
        self.size = workers * _WINDOW
        self.new_executor = executor
        self.workers = min(workers, len(chunks))

    def results(self) -> Iterator[Batch[Payload]]:
        self.executor = self.new_executor(self.workers)
        try:
            while (self.waiting or self.inside) and not interrupted():
                if not (self._submit() and self._collect()):
                    self._replace_executor()
                yield from self._leaving()
            for slot in self.inside:
                if slot.future is not None and not slot.future.cancel():
                    _take(slot)
            yield from self._leaving()
        finally:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def _submit(self) -> bool:
        """Fill the window; False if the executor is broken."""
        while self.waiting and len(self.inside) < self.size:
            slot = self.waiting.popleft()
            self.inside.append(slot)
            try:
                slot.future = self.executor.submit(run_chunk, self.recipe, self.pack, slot.chunk)
            except BrokenExecutor:
                return False
            if slot.future.done():
                break  # it ran in this process, as some executors do: show what it did before the next
        return True

    def _collect(self) -> bool:
        """Take in what is done, waiting a moment for it; False if the executor is broken."""
        running = [slot.future for slot in self.inside if slot.future is not None]
        wait(running, timeout=_POLL, return_when=FIRST_COMPLETED)
        healthy = True
        for slot in self.inside:
            if slot.future is not None and slot.future.done():
                healthy = _take(slot) and healthy
        return healthy

    def _leaving(self) -> Iterator[Batch[Payload]]:
        """Yield what came back, and let the rest of a chunk wait again."""
        staying = []
        for slot in self.inside:
            if slot.future is not None:
                staying.append(slot)
                continue
            if slot.done:
                yield Batch(slot.chunk.scenario, slot.done)
            rest = slot.chunk.replicates[len(slot.done) :]
            if rest:
                chunk = Chunk(slot.chunk.scenario, rest, slot.chunk.code)
                self.waiting.appendleft(_Slot(chunk, tries=0 if slot.done else slot.tries))
        self.inside = staying

    def _replace_executor(self) -> None:
        """Start anew after workers died, and run alone what was there each time."""
        self.executor.shutdown(wait=True, cancel_futures=True)
        _log.warning("workers were lost; what they had in hand is run again")
        for slot in self.inside:
            if slot.future is not None and not (slot.future.done() and _take(slot)):
                slot.future = None
            if not slot.done:
                slot.tries += 1
                if slot.tries >= _TRIES:
                    self._run_alone(slot)
        self.executor = self.new_executor(self.workers)

    def _run_alone(self, slot: _Slot[Payload]) -> None:
        for replicate in slot.chunk.replicates:
            if interrupted():
                break
            single = _Slot[Payload](Chunk(slot.chunk.scenario, (replicate,), slot.chunk.code))
            for _ in range(_ALONE):
                executor = self.new_executor(1)
                try:
                    single.future = executor.submit(run_chunk, self.recipe, self.pack, single.chunk)
                    if _take(single):
                        break
                finally:
                    executor.shutdown(wait=True)
            slot.done += single.done or _failures(single.chunk, _DEAD)


def _take(slot: _Slot[Payload]) -> bool:
    """Move a future's runs into its slot; False if its worker died."""
    assert slot.future is not None
    try:
        slot.done = slot.future.result()
    except (BrokenExecutor, CancelledError):
        return False
    except WorkersError:
        raise
    except Exception as error:  # such as runs that cannot travel between processes
        if type(error).__name__ == "KilledWorker":  # Dask's; it has tried again by itself
            slot.tries = _TRIES
            return False
        slot.done = list(_failures(slot.chunk, f"{type(error).__name__}: {error}"))
    slot.future = None
    return bool(slot.done) or interrupted()  # a worker that was asked to stop, alone, does nothing more


def _failures(chunk: Chunk, error: str) -> list[FailedRun]:
    return [FailedRun(chunk.scenario.name, replicate, error) for replicate in chunk.replicates]


# -- whole records of runs in the order in which they were asked for, for those who keep them themselves ---


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
