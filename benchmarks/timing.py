"""Interleaved timing: every contestant in turn, several rounds, medians."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one contestant, one a round.

    Parameters
    ----------
    seconds : tuple of float
        In the order of the rounds, so that two contestants' can be paired.
    """

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median seconds."""
        return statistics.median(self.seconds)

    def times(self, baseline: Timing) -> float:
        """Return how many times as long as a baseline: the median over rounds of the paired ratio."""
        pairs = zip(self.seconds, baseline.seconds, strict=True)
        return statistics.median(own / other for own, other in pairs)


def together(timings: Sequence[Timing]) -> Timing:
    """Return what several things took together, round by round."""
    return Timing(tuple(math.fsum(seconds) for seconds in zip(*(t.seconds for t in timings), strict=True)))


def interleave(work: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Timing]:
    """Time each contestant once a round, in turn.

    Parameters
    ----------
    work : mapping of str to callable
        Each returns its own seconds, so that it can leave out what is not to be measured.
    rounds : int
    """
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            seconds[name].append(run())
    return {name: Timing(tuple(values)) for name, values in seconds.items()}


def timed(run: Callable[[], object], *, at_least: float = 0.0) -> Callable[[], float]:
    """Return a function that runs something often enough and returns seconds a call.

    Parameters
    ----------
    run : callable
    at_least : float
        Seconds that one measurement should take; 0 for a single call. The number of calls is fixed at
        the first measurement, after one call to warm up.
    """
    calls = 0

    def measure() -> float:
        nonlocal calls
        if calls == 0:
            if at_least:
                run()
            once = _seconds(run, 1) if at_least else 1.0
            calls = max(1, round(at_least / once))
        return _seconds(run, calls) / calls

    return measure


def _seconds(run: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return time.perf_counter() - start
