"""The rule by which an ensemble stops: an interval narrower than asked, looked at on a fixed schedule.

The interval is the percentile bootstrap interval that comparisons show, so a width that was asked for can be
read off the tables. When to look depends on nothing but the number of runs, so luck, workers and interrupts
cannot change when it stops.

Whoever looks often, and stops when the interval happens to be narrow, covers the mean a little less often
than the level says. Intervals of fixed width cover it as often as they should in the limit of small widths
(Chow and Robbins 1965, Annals of Mathematical Statistics 36, 457-462). Few looks, each with a quarter more
runs, and `FEWEST` values keep the loss small before that: in `tests/test_precision.py` intervals of normal
values, which stop after 35 to 190 of them on average, cover the mean 93 % of the time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.results.intervals import bootstrap_means

FEWEST = 30
"""Defined values without which no interval counts as narrow."""

_GROWTH = 1.25  # runs at a look over those at the look before


@dataclass(frozen=True, slots=True)
class Precision:
    """How well some runs tell a mean.

    Parameters
    ----------
    runs : int
        Runs, or pairs of runs.
    defined : int
        Those in which the outcome is defined.
    low, high : float
        95 % interval of the mean over these. NaN if it cannot be told: with fewer than two values, or with
        values that are all the same, of which nobody knows how rare another is.
    asked : float
        Width, from low to high, that the interval is to stay below.
    """

    runs: int
    defined: int
    low: float
    high: float
    asked: float

    @property
    def width(self) -> float:
        """From low to high; NaN if it cannot be told."""
        return self.high - self.low

    @property
    def enough(self) -> bool:
        """Whether the interval is narrower than asked, of at least `FEWEST` values."""
        return self.defined >= FEWEST and self.width < self.asked

    @property
    def more_runs(self) -> int | None:
        """About how many more runs would do, 0 if these do; None if that cannot be told.

        Widths go down with the square root of the number of values, so ``(width / asked) ** 2`` times as
        many are needed. The share of runs that define the outcome is taken to stay as it is.
        """
        if self.enough:
            return 0
        if math.isnan(self.width):
            return None
        values = max(FEWEST, self.defined * (self.width / self.asked) ** 2)
        return max(1, math.ceil(values * self.runs / self.defined) - self.runs)


def measure(values: NDArray[np.float64], asked: float) -> Precision:
    """Return how well values tell their mean.

    Parameters
    ----------
    values : ndarray, shape (runs,)
        An outcome, or its paired differences; NaN where undefined.
    asked : float
        Width that its 95 % interval is to stay below, above 0.
    """
    defined = values[np.isfinite(values)]
    if len(defined) < 2 or (defined == defined[0]).all():
        low = high = math.nan
    else:
        low, high = map(float, bootstrap_means(values[:, None])[:, 0])
    return Precision(len(values), len(defined), low, high, asked)


def looks(ceiling: int) -> Iterator[int]:
    """Yield the numbers of runs after which to look: `FEWEST`, then a quarter more each time.

    Parameters
    ----------
    ceiling : int
        Most runs; comes last, and is the only one where it is below `FEWEST`.
    """
    runs = FEWEST
    while runs < ceiling:
        yield runs
        runs = math.ceil(runs * _GROWTH)
    yield ceiling
