"""A number computed from a history, and how sure a history of that length makes us of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.90
"""Of the intervals, so that they compare with the 5th and 95th percentiles of runs."""

_RESAMPLES = 2000
_SEED = 19911226  # of the resampling only
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Statistic:
    """A value and a way to its interval.

    Parameters
    ----------
    value : float
        NaN where it is undefined.
    based_on : str
        The counts behind it, for example ``6/57``.
    interval : callable
        Gives the lower and upper bound; (NaN, NaN) where there is none.
    """

    value: float
    based_on: str
    interval: Callable[[], tuple[float, float]]


def count(hits: int) -> Statistic:
    """Return a count, as of a Poisson process (exact interval: Garwood 1936)."""
    return Statistic(float(hits), str(hits), lambda: poisson_interval(hits))


def rate(hits: int, exposure: float) -> Statistic:
    """Return events over exposure, as of a Poisson process; NaN without exposure."""
    if exposure <= 0:
        return undefined()

    def interval() -> tuple[float, float]:
        low, high = poisson_interval(hits)
        return low / exposure, high / exposure

    return Statistic(hits / exposure, f"{hits}/{exposure:g}", interval)


def share(hits: int, trials: int) -> Statistic:
    """Return a share of trials (exact interval: Clopper and Pearson 1934); NaN without trials."""
    if trials == 0:
        return undefined()
    return Statistic(hits / trials, f"{hits}/{trials}", lambda: binomial_interval(hits, trials))


def level(value: float) -> Statistic:
    """Return a number that was counted whole, without sampling error."""
    return Statistic(float(value), f"{value:g}", lambda: (_NAN, _NAN))


def resampled(
    values: Sequence[float] | NDArray[np.float64],
    function: Callable[[np.ndarray], float],
    unit: str = "years",
) -> Statistic:
    """Return a function of values, one a year or other unit, with a percentile bootstrap as its interval."""
    data = np.asarray(values, dtype=float)

    def interval() -> tuple[float, float]:
        generator = np.random.default_rng(_SEED)
        draws = [function(generator.choice(data, size=data.size)) for _ in range(_RESAMPLES)]
        known = [draw for draw in draws if math.isfinite(draw)]
        if len(known) < 2:
            return _NAN, _NAN
        low, high = np.quantile(known, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
        return float(low), float(high)

    return Statistic(function(data), f"{data.size} {unit}", interval)


def undefined() -> Statistic:
    """Return the statistic of a history that says nothing about it."""
    return Statistic(_NAN, "0", lambda: (_NAN, _NAN))


def poisson_interval(hits: int) -> tuple[float, float]:
    """Return the exact central interval of a Poisson mean after so many events."""
    tail = (1 - LEVEL) / 2
    low = 0.0 if hits == 0 else float(stats.chi2.ppf(tail, 2 * hits)) / 2
    return low, float(stats.chi2.ppf(1 - tail, 2 * (hits + 1))) / 2


def binomial_interval(hits: int, trials: int) -> tuple[float, float]:
    """Return the exact central interval of a share after so many hits in so many trials."""
    found = stats.binomtest(hits, trials).proportion_ci(LEVEL, method="exact")
    return float(found.low), float(found.high)
