"""Worker processes: how they start, how they are told to stop, how they end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing.context import BaseContext
from typing import ParamSpec, TypeVar

from sim.runs import fork_server
from sim.runs.errors import WorkersError
from sim.runs.interrupt import request_stop

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

MOST_A_CORE = 8
"""Workers; more of them only stand in each other's way."""

_TRIES = 8  # workers may be killed just as they start, and again
_PAUSE = 0.1  # seconds until the system knows that a process is dead


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_workers(workers: int) -> None:
    """Refuse a number of processes that this machine can only suffer from.

    Raises
    ------
    WorkersError
        If there are more than `MOST_A_CORE`.
    """
    cores = usable_cores()
    most = MOST_A_CORE * cores
    if workers > most:
        of_cores = "1 core" if cores == 1 else f"{cores} cores"
        raise WorkersError(f"{workers:,} workers are too many for {of_cores}: ask for {most} at most")


def process_pool(workers: int) -> Executor:
    """Return a started pool of processes.

    On Linux they are forked from a server that has loaded the model, elsewhere spawned. They are never
    forked from this process, and the context is always named, since Mesa 3.3 asks for spawn.

    Parameters
    ----------
    workers : int
        At least 1.

    Raises
    ------
    WorkersError
        If there are too many for this machine, or none starts, as in a script that is not guarded by
        ``if __name__ == "__main__"``.
    """
    check_workers(workers)
    reason: BaseException | None = None
    for _ in range(_TRIES):
        pool = _Pool(workers, _context(), initializer=_prepare_worker)
        try:
            starts = [pool.submit(os.getpid) for _ in range(workers)]  # all of them, at once
            reason = min(wait(starts, return_when=FIRST_COMPLETED).done, key=_is_error).exception()
        except BrokenExecutor as error:
            reason = error
        if reason is None:
            return pool
        pool.shutdown(wait=False)
        time.sleep(_PAUSE)
    raise WorkersError(
        "worker processes do not start; in a script, call this under "
        '`if __name__ == "__main__":`, or ask for workers=1'
    ) from reason


class _Pool(ProcessPoolExecutor):
    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        try:
            return super().submit(fn, *args, **kwargs)
        except (EOFError, OSError) as error:  # the fork server died while it was asked for a worker
            raise BrokenExecutor("no worker process could be started") from error


def _is_error(future: Future[int]) -> bool:
    return future.exception() is not None


def _context() -> BaseContext:
    return multiprocessing.get_context("forkserver" if fork_server.start() else "spawn")


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, request_stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent to end, then end: a parent that is killed cannot tell its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
