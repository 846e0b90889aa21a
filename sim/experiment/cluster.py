"""Workers on other machines: a Dask cluster as an executor. Needs the extra ``dask``."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures import wait as wait_for_all
from contextlib import suppress
from functools import partial
from typing import Any
from weakref import WeakSet

from sim.errors import WorkersError
from sim.experiment.ensemble import ExecutorFactory

# They log tracebacks when a scheduler is gone, which WorkersError says in a line
_LOGGERS = ("distributed", "distributed.client", "tornado.application", "asyncio")


_GOODBYE = 2.0  # seconds for taking leave of a scheduler that does not answer
_DESERTED = 600.0  # seconds without any worker until nobody waits for one any more
_LOOK = 10.0  # seconds between two questions whether the scheduler is there


class ClusterExecutor(Executor):
    """A connection to a Dask cluster, as an executor.

    Dask's own executor never ends a call whose answer was on its way when the scheduler died, nor any where
    the scheduler hangs or a network that is cut lets connections stand; this one does. A worker that hangs is
    the scheduler's affair: it hands what that worker had to others.

    Parameters
    ----------
    address : str
        Of the scheduler, as in ``tcp://host:8786``.

    Raises
    ------
    WorkersError
        If Dask is not installed, or no scheduler answers.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = _connect(address)
        self._calls = WeakSet[Future[Any]]()
        self._silent = asyncio.Event()
        self._why: Exception = BrokenExecutor("the scheduler does not answer")
        self._listening = asyncio.run_coroutine_threadsafe(self._listen(), self._client.loop.asyncio_loop)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a call to the cluster; BrokenExecutor, at once or from the future, once it is gone."""
        try:
            sent = self._client.submit(fn, *args, pure=False, **kwargs)  # or equal calls would be run once
        except Exception as error:  # Dask raises the plainest kind if it has closed the connection
            if self._client.status == "running":
                raise
            raise BrokenExecutor from error
        call = asyncio.run_coroutine_threadsafe(self._answer(sent), self._client.loop.asyncio_loop)
        self._calls.add(call)
        return call

    async def _answer(self, sent: Any) -> Any:
        answer = asyncio.ensure_future(self._client.gather(sent, asynchronous=True))
        silence = asyncio.ensure_future(self._silent.wait())
        try:
            await asyncio.wait({answer, silence}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise self._why
            return answer.result()
        except OSError as error:
            if sent.status == "error":  # the call's own
                raise
            raise BrokenExecutor from error
        finally:
            answer.cancel()
            silence.cancel()

    async def _listen(self) -> None:
        """Ask the scheduler now and then who works for it; note when it does not say so, or nobody does."""
        patience = _patience()
        seen = time.monotonic()
        while not self._silent.is_set():
            await asyncio.sleep(_LOOK)
            try:
                told = await asyncio.wait_for(self._client.scheduler.identity(), patience)
            except OSError:  # no answer in time, or the connection is lost
                self._silent.set()
                return
            seen = time.monotonic() if told.get("workers") else seen
            if time.monotonic() - seen > _DESERTED:
                self._why = WorkersError(
                    f"the scheduler at {self._address} has had no worker for {_DESERTED / 60:.0f} minutes"
                )
                self._silent.set()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the connection; the cluster itself goes on."""
        self._listening.cancel()
        calls = list(self._calls)
        if cancel_futures or not wait:
            for call in calls:
                call.cancel()
        wait_for_all(calls)
        with suppress(OSError, TimeoutError):  # nobody is there to hear it
            if self._silent.is_set():
                _in_time(partial(self._client.close, _GOODBYE), 2 * _GOODBYE)
            else:
                self._client.close()


def cluster_executor(address: str) -> ExecutorFactory:
    """Return what makes executors of a cluster."""

    def new_executor(workers: int) -> Executor:
        del workers  # the cluster's own number counts
        return ClusterExecutor(address)

    return new_executor


def cluster_workers(address: str) -> int:
    """Return how many calls a cluster runs at a time just now, at least 1.

    Raises what `ClusterExecutor` does.
    """
    client = _connect(address)
    try:
        threads: dict[str, int] = client.nthreads()
        return max(1, sum(threads.values()))
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        raise WorkersError(
            "a cluster needs Dask: pip install 'post-soviet-scenarios[dask]', here and on the cluster"
        ) from None
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return _in_time(partial(Client, address), 2 * _patience())
    except (OSError, ValueError) as error:
        raise WorkersError(f"no Dask scheduler answers at {address}") from error


def _patience() -> float:
    """Return how many seconds Dask's own setting gives a scheduler to answer."""
    from dask import config  # noqa: PLC0415 - an extra
    from dask.utils import parse_timedelta  # noqa: PLC0415

    return float(parse_timedelta(config.get("distributed.comm.timeouts.connect", "30s")))


def _in_time(call: Callable[[], Any], seconds: float) -> Any:
    """Return what a call returns; TimeoutError if that takes longer, as it may for ever in Dask."""
    answer: Future[Any] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # raised where the call was asked for
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer.result(seconds)
