"""Placebo and power of verdicts, where stored numbers give them exactly: what chance alone would find."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from calibration.what_ifs.facts import exact

Array = NDArray[np.float64]

_TAIL = 0.05  # of an interval that holds nine in ten
FOUND = 0.8
"""Chance with which a difference is to be found."""


def how_many(chances: Sequence[float]) -> Array:
    """Return how likely it is that none, one, two and so on of independent events come."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found


def expected(chances: Sequence[float]) -> tuple[float, int, int]:
    """Return how many of independent events come: the mean, and the range of nine in ten cases."""
    cumulated = how_many(chances).cumsum()
    low, high = (int(np.searchsorted(cumulated, level)) for level in (_TAIL, 1 - _TAIL))
    return float(np.sum(chances)), low, high


def beyond(share: float, other: float, runs: int) -> float:
    """Return how likely the exact 95 % interval of one share lies above that of another.

    Parameters
    ----------
    share, other : float
        True shares.
    runs : int
        Of each.
    """
    hits = np.arange(runs + 1)
    return float(binom.pmf(hits, runs, share) @ _above(runs) @ binom.pmf(hits, runs, other))


@cache
def _above(runs: int) -> NDArray[np.bool_]:
    """Return for each two numbers of hits whether the interval of the first lies above."""
    low, high = np.array([exact(hits, runs) for hits in range(runs + 1)]).T
    above: NDArray[np.bool_] = low[:, None] > high[None, :]
    return above


def least_found(other: float, runs: int) -> float:
    """Return the least share, in whole percents, that is found beyond another with a chance of `FOUND`."""
    shares = np.arange(np.ceil(100 * other), 101) / 100
    return float(next((share for share in shares if beyond(share, other, runs) >= FOUND), np.nan))
