"""Intervals that say how far a finite number of runs can be trusted."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2000
_SEED = 20100101  # of the resampling only: the same results give the same intervals
_BLOCK = 250  # resamples at once, to bound memory


def wilson(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Parameters
    ----------
    hits, trials : int
    level : float
        Between 0 and 1.

    Returns
    -------
    low, high : float
        (0, 1) without trials.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = hits / trials
    centre = share + z * z / (2 * trials)
    half = z * float(np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)))
    scale = 1 + z * z / trials
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def bootstrap_means(values: NDArray[np.float64], level: float = 0.95) -> NDArray[np.float64]:
    """Return percentile bootstrap intervals of the mean of every column.

    Rows are resampled whole, with one seed, so the intervals are reproducible.

    Parameters
    ----------
    values : ndarray, shape (runs, columns)
        NaN where undefined; such entries are left out of their column's mean.
    level : float
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (2, columns)
        Lower and upper bounds; NaN for a column with fewer than two defined values.
    """
    runs, columns = values.shape
    defined = np.isfinite(values)
    filled = np.where(defined, values, 0.0)
    means = np.full((_RESAMPLES, columns), np.nan)
    generator = np.random.default_rng(_SEED)
    for first in range(0, _RESAMPLES if runs else 0, _BLOCK):
        weights = generator.multinomial(runs, np.full(runs, 1 / runs), size=_BLOCK).astype(float)
        present = weights @ defined
        sums = weights @ filled
        means[first : first + _BLOCK] = np.divide(
            sums, present, out=np.full_like(sums, np.nan), where=present > 0
        )
    bounds = np.full((2, columns), np.nan)
    enough = defined.sum(axis=0) >= 2
    tails = [0.5 - level / 2, 0.5 + level / 2]
    bounds[:, enough] = np.nanquantile(means[:, enough], tails, axis=0)
    return bounds
