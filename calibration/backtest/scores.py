"""Proper scores of forecasts, with bootstrap intervals over states or years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.backtest.outcomes import Array

CLIP = 1e-3
"""Probabilities are kept this far from 0 and 1, for the log score."""

LEVEL = 0.90
SCORES = ("brier", "log")
_ONE_DRAW = 1e-9  # the weight of pairs of different draws, from which their spread can be told


def event_scores(probabilities: Array, happened: Array, clip: float = CLIP) -> dict[str, Array]:
    """Return the Brier score and the log score (negative log probability, nats) of each case; low is good.

    Parameters
    ----------
    probabilities : ndarray, shape (cases,)
    happened : ndarray, shape (cases,)
        1 or 0.
    clip : float
        How far probabilities are kept from 0 and 1.
    """
    import scoringrules  # noqa: PLC0415 - it compiles for seconds when it is imported

    given = np.clip(probabilities, clip, 1 - clip)
    seen = np.asarray(happened, dtype=float)
    return {
        "brier": np.asarray(scoringrules.brier_score(seen, given)),
        "log": np.asarray(scoringrules.log_score(seen, given)),
    }


def path_scores(
    members: Array, observed: Array, weights: Array | None = None, draws: NDArray[np.int64] | None = None
) -> Array:
    """Return the fair continuous ranked probability score of each case, low is good.

    Fair: on average that of the distribution which the members are drawn from, however few they are (Ferro
    2014, Quarterly Journal of the Royal Meteorological Society 140), and so below 0 in some cases. The
    spread is the mean distance of members of different draws. Members of one draw are twins: they share
    parameters and random numbers, and tell nothing of how far draws lie apart.

    Parameters
    ----------
    members : ndarray, shape (..., members)
    observed : ndarray, shape (...)
    weights : ndarray, shape (members,), optional
        Summing to 1; equal where not given.
    draws : ndarray of int, shape (members,), optional
        Which draw each member is of; each its own where not given.

    Returns
    -------
    ndarray, shape (...)
        The mean absolute error if all the weight is on one draw.
    """
    number = members.shape[-1]
    shares = np.full(number, 1 / number) if weights is None else weights
    _, groups = np.unique(np.arange(number) if draws is None else draws, return_inverse=True)
    error: Array = np.abs(members - observed[..., None]) @ shares
    together = np.bincount(groups, shares)
    apart = 1 - float((together**2).sum())
    if apart < _ONE_DRAW:
        return error
    distance = _distance(members, shares)
    for group in np.flatnonzero(np.bincount(groups) > 1):
        twins = groups == group
        distance = distance - _distance(members[..., twins], shares[twins])
    return error - distance / apart / 2


def quantile_scores(quantiles: Array, observed: Array) -> Array:
    """Return the continuous ranked probability score of quantiles that stand for equal parts.

    It is twice their mean pinball loss, and for one quantile the absolute error.

    Parameters
    ----------
    quantiles : ndarray, shape (..., quantiles)
        At the middles of equal parts of a distribution.
    observed : ndarray, shape (...)
    """
    import scoringrules  # noqa: PLC0415 - it compiles for seconds when it is imported

    return np.asarray(scoringrules.crps_ensemble(observed, quantiles, estimator="qd"))


def _distance(members: Array, weights: Array) -> Array:
    """Return the sum over pairs, each in both orders, of the product of weights times the distance."""
    order = np.argsort(members, axis=-1)
    values, shares = np.take_along_axis(members, order, axis=-1), weights[order]
    below = np.cumsum(shares, axis=-1) - shares
    above = weights.sum() - below - shares
    distance: Array = 2 * (shares * values * (below - above)).sum(axis=-1)
    return distance


def summarise_scores(
    cases: pd.DataFrame,
    scores: Mapping[str, Array],
    reference: str,
    *,
    cluster: str,
    seed: int,
    resamples: int = 1000,
) -> pd.DataFrame:
    """Return each forecaster's mean score, and how it differs from a reference's.

    Parameters
    ----------
    cases : DataFrame
        With the column ``cluster``.
    scores : mapping of str to ndarray, shape (cases,)
        By forecaster.
    reference : str
        A forecaster.
    cluster : str
        Column whose values are drawn whole, since their cases depend on each other.
    seed : int
    resamples : int

    Returns
    -------
    DataFrame
        By forecaster: score; difference from the reference with a 90 % interval (below 0 is better); skill,
        one less the ratio of both scores; cases.
    """
    weights = resampled(cases[cluster].to_numpy(), seed, resamples)
    rows = []
    for name, values in scores.items():
        gap = values - scores[reference]
        spread = (weights @ gap) / weights.sum(axis=1)
        low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        mean, base = float(values.mean()), float(scores[reference].mean())
        rows.append(
            {
                "forecaster": name,
                "score": mean,
                "difference": float(gap.mean()),
                "low": float(low),
                "high": float(high),
                "skill": 1 - mean / base if base > 0 else float("nan"),
                "cases": len(values),
            }
        )
    return pd.DataFrame(rows)


def resampled(clusters: Sequence[object] | NDArray[np.generic], seed: int, resamples: int) -> Array:
    """Return how often each case is drawn in each resample of clusters, shape (resamples, cases)."""
    _, places = np.unique(np.asarray(clusters), return_inverse=True)
    number = int(places.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=resamples)
    counts: Array = drawn[:, places].astype(float)
    return counts
