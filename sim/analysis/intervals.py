"""Intervals that say how far a finite number of runs can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_LEVEL = 0.95
_RESAMPLES = 2000
_SEED = 20100101  # of the resampling only: the same results give the same intervals
LEAST_DIFFERING = 10
"""Pairs that must differ, where some tie, for a difference to be called visible."""

_BLOCK = 250  # resamples at once, to bound memory

_BARELY = 0.03  # of an interval's width: two standard errors of a bound; see `barely`


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share.

    Parameters
    ----------
    hits, trials : int

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
    z = NormalDist().inv_cdf(0.5 + _LEVEL / 2)
    share = hits / trials
    centre = share + z * z / (2 * trials)
    half = z * float(np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)))
    scale = 1 + z * z / trials
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def commonest(hits: Mapping[str, float]) -> list[str]:
    """Return the class in which most runs end, first, and those that may well be as common.

    A class may be as common where an exact sign test of its runs against those of the first does not tell
    the two apart at 5 %: given that a run ends in one of them, each is as likely as the other.

    Parameters
    ----------
    hits : mapping of str to float
        Runs by class; a class without any is never returned.

    Examples
    --------
    >>> commonest({"vacuum": 8, "status quo": 11, "space 2.0": 1}), commonest({"vacuum": 3, "space 2.0": 12})
    (['status quo', 'vacuum'], ['space 2.0'])
    """
    found = sorted((name for name in hits if hits[name] > 0), key=lambda name: -hits[name])
    return [name for name in found if _as_common(int(hits[found[0]]), int(hits[name]))]


def _as_common(most: int, other: int) -> bool:
    """Return whether a sign test leaves open which of two counts of runs is the larger."""
    from scipy.special import bdtrc  # noqa: PLC0415 - slow to load

    at_least_so_many = bdtrc(most - 1, most + other, 0.5)
    return bool(2 * at_least_so_many > 1 - _LEVEL)


def bootstrap_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 95 % percentile bootstrap intervals of the mean of every column.

    Rows are resampled whole, with one seed, so the intervals are reproducible.

    Parameters
    ----------
    values : ndarray, shape (runs, columns)
        NaN where undefined; such entries are left out of their column's mean.

    Returns
    -------
    ndarray, shape (2, columns)
        Lower and upper bounds; NaN for a column with fewer than two defined values.
    """
    return _percentiles(_resampled_means(values), values)


def bootstrap_ratios(
    numerators: NDArray[np.float64], denominators: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return 95 % percentile bootstrap intervals of the ratio of two means, for every column.

    Rows are resampled whole, numerators together with denominators, so that what they share cancels.

    Parameters
    ----------
    numerators, denominators : ndarray, shape (runs, columns)
        NaN where undefined; an entry counts where both are defined.

    Returns
    -------
    ndarray, shape (2, columns)
        Lower and upper bounds; NaN for a column with fewer than two defined values. Where the denominator's
        mean may well be 0 they are wide, and mean little.
    """
    shared = np.isfinite(numerators) & np.isfinite(denominators)
    tops, bottoms = (np.where(shared, values, np.nan) for values in (numerators, denominators))
    upper, lower = _resampled_means(tops), _resampled_means(bottoms)
    ratios = np.divide(upper, lower, out=np.full_like(upper, np.nan), where=lower != 0)
    return _percentiles(ratios, tops)


def _resampled_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the means of every column over resampled rows, shape (resamples, columns)."""
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
    return means


def _percentiles(resampled: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the middle of each column's resampled statistic; NaN where too few values are defined."""
    bounds = np.full((2, values.shape[1]), np.nan)
    enough = (np.isfinite(values).sum(axis=0) >= 2) & np.isfinite(resampled).any(axis=0)
    tails = [0.5 - _LEVEL / 2, 0.5 + _LEVEL / 2]
    whole = enough & ~np.isnan(resampled).any(axis=0)  # for which NumPy has a function that is far quicker
    for which, quantile in ((whole, np.quantile), (enough & ~whole, np.nanquantile)):
        bounds[:, which] = quantile(resampled[:, which], tails, axis=0, overwrite_input=True)
    return bounds


# -- outcomes of two scenarios with common random numbers: distributions, and differences by pair --


def against(these: pd.DataFrame, those: pd.DataFrame) -> pd.DataFrame:
    """Describe one scenario's outcomes, and their paired differences from the baseline's.

    Parameters
    ----------
    these, those : DataFrame
        Of the scenario and of the baseline: one row a replicate, one column an outcome.

    Returns
    -------
    DataFrame
        One row an outcome; columns as in `sim.analysis.compare.Comparison`'s ``values``.
    """
    low, high = quantiles(these, (0.05, 0.95))
    described = pd.DataFrame(
        {
            "runs": these.notna().sum(),
            "mean": these.mean(),
            "sd": these.std(),
            "median": these.median(),
            "q05": low,
            "q95": high,
        }
    )
    return described.join(paired(these, those))


def paired(these: pd.DataFrame, those: pd.DataFrame) -> pd.DataFrame:
    """Return paired differences alone, with what says whether each is told apart from 0.

    Parameters
    ----------
    these, those : DataFrame
        As for `against`.

    Returns
    -------
    DataFrame
        One row an outcome: ``pairs``, ``difference``, ``low``, ``high``, ``above`` and ``tied``.
    """
    shared = these.index.intersection(those.index)
    differences = (these.loc[shared] - those.loc[shared]).to_numpy(float)
    low, high = bootstrap_means(differences)
    pairs = np.isfinite(differences).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.DataFrame(
            {
                "pairs": pairs,
                "difference": np.nansum(differences, axis=0) / pairs,
                "low": low,
                "high": high,
                "above": (differences > 0).sum(axis=0) / pairs,
                "tied": (differences == 0).sum(axis=0) / pairs,
            },
            index=these.columns,
        )


def quantiles(table: pd.DataFrame, shares: Sequence[float]) -> NDArray[np.float64]:
    """Return quantiles of the defined values of every column, shape (shares, columns).

    Of counts they are such as occurred: no run has 1.45 wars. NaN where nothing is defined.
    """
    found = np.full((len(shares), table.shape[1]), np.nan)
    for place, column in enumerate(table.to_numpy(float).T):
        known = column[~np.isnan(column)]
        if known.size:
            whole = bool((known == np.round(known)).all())
            found[:, place] = np.quantile(known, shares, method="inverted_cdf" if whole else "linear")
    return found


def visible(rows: Any) -> Any:
    """Return whether differences from the baseline are told apart from 0: what bears a star.

    Their interval excludes 0; and where pairs tie, at least `LEAST_DIFFERING` differ: a bootstrap of a few
    values among many zeros is too narrow.

    Parameters
    ----------
    rows : DataFrame or mapping
        With ``low``, ``high``, ``pairs`` and ``tied`` as `against` returns them: one row, or many.

    Returns
    -------
    bool, or Series of bool
    """
    differing = rows["pairs"] * (1 - rows["tied"])
    enough = (rows["tied"] == 0) | (differing > LEAST_DIFFERING - 0.5)  # shares are rounded
    return ((rows["low"] > 0) | (rows["high"] < 0)) & enough


def barely(rows: Any) -> Any:
    """Return whether intervals end so near 0 that other resamples might decide otherwise.

    A bound is a quantile of resampled means. Its own standard error, over all resamples that might have been
    drawn, is the root of p (1 - p) / n over the density there (David and Nagaraja 2003, *Order Statistics*,
    section 10.2). With 2000 resamples, of a normal distribution, that is 1.5 % of the interval's width.

    Parameters
    ----------
    rows : DataFrame or mapping
        With ``low`` and ``high``: one row, or many.

    Returns
    -------
    bool, or Series of bool
    """
    near = _BARELY * (rows["high"] - rows["low"])
    return (abs(rows["low"]) < near) | (abs(rows["high"]) < near)


def rows_of(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, float]]:
    """Return the rows of a table with two keys, for whoever asks for many single ones."""
    columns = [str(column) for column in table]
    rows = table.to_numpy(float).tolist()
    return {key: dict(zip(columns, row, strict=True)) for key, row in zip(table.index, rows, strict=True)}
