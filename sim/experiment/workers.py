"""Worker processes: how they start, how they are told to stop, how they end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from importlib import import_module
from multiprocessing import connection, forkserver, spawn
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sim.errors import WorkersError
from sim.experiment.interrupt import request_stop

# -- the process from which workers are forked on Linux, with the model loaded ---------------------

LOADED = "sim.experiment.loaded"
"""The module that loads what every worker needs."""


def start_fork_server() -> bool:
    """Start the server unless it runs, and return at once, while it loads the model.

    Returns
    -------
    bool
        Whether there is one: not on other systems than Linux, nor without a folder for its socket.
    """
    if not sys.platform.startswith("linux"):
        return False
    forkserver.set_forkserver_preload([LOADED])
    try:
        with _same_path():
            forkserver.ensure_running()
    except OSError:
        return False
    return True


@contextmanager
def _same_path() -> Iterator[None]:
    """Have a process that starts in this block import from where this one does.

    Before Python 3.12.8 and 3.13.1 a fork server does not see to it itself.
    """
    path = {"PYTHONPATH": os.pathsep.join(map(str, sys.path)), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in path}
    os.environ.update(path)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# -- worker processes: how they start, how they are told to stop, how they end with their parent ---

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

MOST_A_CORE = 8
"""Workers; more of them only stand in each other's way."""

_BEHIND = 5  # of 19: a process that is not behind gets most of a core beside it
_TRIES = 8  # workers may be killed just as they start, and again
_GRACE = 3.0  # seconds in which a pool itself finds that a worker is dead
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


def children_allowed() -> bool:
    """Whether this process may start others: a daemonic one, such as a worker of a `Pool`, may not."""
    return not multiprocessing.current_process().daemon


NO_CHILDREN = "this process may not start others, so runs are made in it, one after another"


def process_pool(
    workers: int, *, with_main: bool = False, begin: Callable[[], None] | None = None
) -> Executor:
    """Return a started pool of processes.

    On Linux they are forked from a server that has loaded the model, elsewhere spawned. They are never
    forked from this process, and the context is always named, since Mesa 3.3 asks for spawn.

    Parameters
    ----------
    workers : int
        At least 1.
    with_main : bool
        Whether workers import the program's main module, which they need if it defines the model. The module
        must then be guarded by ``if __name__ == "__main__"``.
    begin : callable, optional
        Called first in every worker; what it holds travels there once, not with every call.

    Raises
    ------
    WorkersError
        If there are too many for this machine, or none starts.
    """
    check_workers(workers)
    _tell_where_compiled_code_is_kept()
    reason: BaseException | None = None
    for _ in range(_TRIES):
        pool = _Pool(workers, _context(), initializer=_prepare_worker, initargs=(begin,))
        pool.with_main = with_main
        try:
            starts = [pool.submit(os.getpid) for _ in range(workers)]  # all of them, at once
            reason = min(wait(starts, return_when=FIRST_COMPLETED).done, key=_is_error).exception()
        except BrokenExecutor as error:
            reason = error
        if reason is None:
            threading.Thread(target=_watch, args=(pool,), daemon=True).start()
            return pool
        pool.shutdown(wait=False)
        time.sleep(_PAUSE)
    guard = (
        ' a model defined in a script needs `if __name__ == "__main__":` around the call;'
        if with_main
        else ""
    )
    raise WorkersError(f"worker processes do not start ({reason});{guard} or ask for workers=1") from reason


def _tell_where_compiled_code_is_kept() -> None:
    """Load what says so, unless it is the package's folder, or one that was named: workers do not say it."""
    folder = Path(__file__).parents[1] / "model"
    usual = folder / "__pycache__" if (folder / "__pycache__").exists() else folder
    place = Path(os.environ.get("NUMBA_CACHE_DIR") or usual)
    if not (place.is_dir() and os.access(place, os.W_OK)):
        import_module("sim.model.compiled")


class _Pool(ProcessPoolExecutor):
    with_main = False

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        try:
            with nullcontext() if self.with_main else _without_main():  # it may start a worker
                return super().submit(fn, *args, **kwargs)
        except (EOFError, OSError) as error:  # the fork server died while it was asked for a worker
            raise BrokenExecutor("no worker process could be started") from error


def _watch(pool: _Pool) -> None:
    """Break a pool that waits for the rest of a result whose sender was killed.

    The thread that reads results would wait for ever: it does not look who died as long as one has begun.
    Once nobody is left who could write, it finds the end, and the pool is broken as by any other death.
    """
    while processes := dict(pool._processes or {}):  # none once it is shut down
        try:
            if not connection.wait([process.sentinel for process in processes.values()], _GRACE):
                continue
        except (OSError, ValueError):  # it is being shut down
            return
        time.sleep(_GRACE)
        if pool._processes and not pool._broken:
            for process in processes.values():
                process.kill()
            pool._result_queue._writer.close()  # type: ignore[attr-defined]
        return


_starting = threading.Lock()


@contextmanager
def _without_main() -> Iterator[None]:
    """Have processes that this thread starts in the block leave the program's main module alone.

    `multiprocessing` has them import it, as if they needed it: a script without a guard would start itself
    again and again, and what comes from standard input cannot be imported at all.
    """
    thread = threading.get_ident()

    def data(name: str) -> dict[str, Any]:
        found: dict[str, Any] = usual(name)
        if threading.get_ident() == thread:
            found.pop("init_main_from_name", None)
            found.pop("init_main_from_path", None)
        return found

    with _starting:
        usual = spawn.get_preparation_data
        spawn.get_preparation_data = data
        try:
            yield
        finally:
            spawn.get_preparation_data = usual


def _is_error(future: Future[int]) -> bool:
    return future.exception() is not None


def _context() -> BaseContext:
    return multiprocessing.get_context("forkserver" if start_fork_server() else "spawn")


def step_back() -> None:
    """Let other processes come before this one where there are more of them than cores."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_BEHIND)


def _prepare_worker(begin: Callable[[], None] | None) -> None:
    signal.signal(signal.SIGINT, request_stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin()


def _end_with_parent() -> None:
    """Wait for the parent to end, then end: a parent that is killed cannot tell its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
