"""Weights of forecasters by how well their mixture predicted: stacking (Yao et al. 2018, Bayesian Analysis).

Weights maximise the mean log score of the mixture of predictive distributions. They are not probabilities
that a thesis is true: two theses that are wrong in different ways may share the weight.
"""

from __future__ import annotations

import numpy as np

from calibration.backtest.outcomes import Array

_STEPS = 2000
_CLOSE = 1e-10


def stacking_weights(densities: Array) -> Array:
    """Return the weights, by expectation-maximisation, which climbs to the one maximum of a concave function.

    Parameters
    ----------
    densities : ndarray, shape (cases, forecasters)
        Probability that each forecaster gave to what happened.

    Returns
    -------
    ndarray, shape (forecasters,)
        Summing to 1; equal where there are no cases.
    """
    number = densities.shape[1]
    weights = np.full(number, 1 / number)
    if not len(densities):
        return weights
    before = -np.inf
    for _ in range(_STEPS):
        mixed = densities @ weights
        score = float(np.log(mixed).mean())
        if score - before < _CLOSE:
            break
        before = score
        weights = weights * (densities / mixed[:, None]).mean(axis=0)
    shares: Array = weights / weights.sum()
    return shares


def of_what_happened(probabilities: Array, happened: Array) -> Array:
    """Return the probability that was given to what happened, clipped as in `calibration.backtest.scores`.

    Parameters
    ----------
    probabilities : ndarray, shape (cases, forecasters)
    happened : ndarray of bool, shape (cases,)
    """
    found: Array = np.where(happened[:, None], probabilities, 1 - probabilities)
    return np.clip(found, 1e-3, 1 - 1e-3)
