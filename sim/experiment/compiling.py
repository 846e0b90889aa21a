"""Compile the model's loops in several processes at once, where nothing is compiled yet.

Numba compiles with one core. Which loops there are, and for what arguments, only a run tells; a copy of this
process makes one in which Python interprets them. Copies of that then compile them and keep the code, which
this process loads. They end before it goes on.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher

from sim.experiment.workers import usable_cores
from sim.model.compiled import KEPT
from sim.model.randomness import stream_key

MOST = 3
"""Processes: the citizens' loops, which one of them compiles, take a third of the time of all."""

Work = list[list[tuple[Any, tuple[Any, ...]]]]
"""By module, since its loops call one another: the loops, each with the types of its arguments."""


def compile_together(run: Callable[[], object]) -> None:
    """Have all compiled that a run calls, unless a first loop says that it is, or one core must do it anyway.

    Parameters
    ----------
    run : callable
        Makes a short run in which all that takes long to compile is called.
    """
    stream_key(0, 0, 0)
    processes = min(usable_cores(), MOST)
    if KEPT and processes > 1 and stream_key.stats.cache_misses:
        with suppress(OSError):  # no process can be started: the first run compiles
            os.waitpid(_copy(partial(_divide, run, processes)), 0)


def _copy(work: Callable[[], object]) -> int:
    """Start a copy of this process, which does some work and ends; return its number."""
    number = os.fork()
    if number:
        return number
    try:
        work()
    finally:
        os._exit(0)


def _divide(run: Callable[[], object], processes: int) -> None:
    gc.disable()  # it would take an eighth of the time of processes that soon end
    work = called_in(run)
    taken, offered = os.pipe()
    os.write(offered, bytes(range(len(work))))  # each is read by one process alone
    os.close(offered)
    others = []
    with suppress(OSError):
        for _ in range(processes - 1):
            others.append(_copy(partial(_compile, work, taken)))
    _compile(work, taken)
    for number in others:
        os.waitpid(number, 0)


def _compile(work: Work, taken: int) -> None:
    while number := os.read(taken, 1):
        for loop, types in work[number[0]]:
            loop.compile(types)


def called_in(run: Callable[[], object]) -> Work:
    """Make a run with interpreted loops, and return those that it calls, the first that are called first."""
    work: dict[str, dict[tuple[Any, tuple[Any, ...]], None]] = {}
    inside = False

    def interpreted(loop: Any, *given: Any, **_: Any) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            nonlocal inside
            inside = True
            try:
                return loop.py_func(*given)
            finally:
                inside = False

        if inside:  # called by another, which has it compiled as it needs it
            return loop.py_func  # type: ignore[no-any-return]
        work.setdefault(loop.py_func.__module__, {})[loop, tuple(map(loop.typeof_pyval, given))] = None
        return call

    kind: Any = Dispatcher
    usual = kind._compile_for_args
    kind._compile_for_args = interpreted
    try:
        with np.errstate(all="ignore"):  # whole numbers wrap around, as they should
            run()
    finally:
        kind._compile_for_args = usual
    return [list(loops) for loops in work.values()]
