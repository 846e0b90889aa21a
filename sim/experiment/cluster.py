"""Workers on other machines: a Dask cluster as an executor. Needs the extra ``dask``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from sim.errors import WorkersError
from sim.experiment.ensemble import ExecutorFactory

_ANSWER = "15s"  # for a scheduler to answer


class ClusterExecutor(Executor):
    """Dask's own executor, and the connection that ends with it.

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
        self._client = _connect(address)
        self._executor = self._client.get_executor(pure=False)  # or equal calls would be run once

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a call to the cluster."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the connection; the cluster itself goes on."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close(timeout=_ANSWER)


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
    # It logs tracebacks when a scheduler is gone; WorkersError says so in a line
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_ANSWER)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise WorkersError(f"no Dask scheduler answers at {address}") from error
