"""Worker processes: how they start, how they are told to stop, how they end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor

from sim.runs.errors import WorkersError
from sim.runs.interrupt import request_stop

MOST_A_CORE = 8
"""Workers; more of them only stand in each other's way."""

_TRIES = 8  # workers may be killed just as they start, and again


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

    Workers are spawned, not forked: forked ones inherit locks held by other threads, and Mesa asks for
    spawn in any case.

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
    for _ in range(_TRIES):
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_prepare_worker)
        try:
            pool.submit(os.getpid).result()
        except BrokenExecutor as error:
            pool.shutdown(wait=False)
            reason = error
        else:
            return pool
    raise WorkersError(
        "worker processes do not start; in a script, call this under "
        '`if __name__ == "__main__":`, or ask for workers=1'
    ) from reason


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, request_stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent to end, then end: a parent that is killed cannot tell its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
