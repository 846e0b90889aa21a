"""An executor that runs everything in this process, at once: for one worker, and for debuggers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class InProcess(Executor):
    """Each call is done when `submit` returns."""

    def submit(
        self,
        fn: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """Call a function, and return its result as a future that is done."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def in_process(workers: int) -> Executor:
    """Return an executor for this process, however many workers are asked for."""
    del workers
    return InProcess()
