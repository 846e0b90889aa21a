"""Losses of forecasts by state, and the verdicts of the back-test that hang on them.

The same scores and intervals as in `calibration.backtest.scores`, for many histories at once: where states
are drawn whole, all that counts of a state's cases is their sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.outcomes import EVENTS, Array, Flags
from calibration.backtest.scores import CLIP, LEVEL, SCORES, resampled
from sim.world.state import STATES

RESAMPLES = 1000
BRIER, LOG = (SCORES.index(name) for name in ("brier", "log"))
"""Places of both scores in the losses of events."""


def event_losses(given: Array, happened: Flags) -> Array:
    """Return the losses of forecasts in histories, summed over years.

    Parameters
    ----------
    given : ndarray, shape (forecasters, states, years, events)
        Probabilities.
    happened : ndarray of bool, shape (histories, states, years, events)

    Returns
    -------
    ndarray, shape (scores, histories, forecasters, states, events)
        Scores in the order of `SCORES`; low is good.
    """
    clipped = np.clip(given, CLIP, 1 - CLIP)
    came = np.array([(1 - clipped) ** 2, -np.log(clipped)])
    stayed_away = np.array([clipped**2, -np.log1p(-clipped)])
    gained = np.einsum("hsye,mfsye->mhfse", happened.astype(float), came - stayed_away)
    losses: Array = gained + stayed_away.sum(axis=-2)[:, None]
    return losses


def over(losses: Array, outcomes: Sequence[str]) -> Array:
    """Return losses as their mean over some events; other outcomes are left aside.

    Parameters
    ----------
    losses : ndarray, shape (..., events)
    outcomes : sequence of str
        At least one of `EVENTS` among them.

    Returns
    -------
    ndarray, shape (...)
    """
    columns = [place for place, event in enumerate(EVENTS) if event in outcomes]
    mean: Array = losses[..., columns].mean(axis=-1)
    return mean


def lots(seed: int, resamples: int = RESAMPLES) -> Array:
    """Return how often each state is drawn in each resample, shape (resamples, states)."""
    return resampled(np.array(STATES), seed, resamples)


def bounds(gaps: Array, drawn: Array) -> tuple[Array, Array]:
    """Return the 90 % interval of a mean over states, each state with as many cases.

    Parameters
    ----------
    gaps : ndarray, shape (..., states)
    drawn : ndarray, shape (resamples, states)
        As from `lots`.

    Returns
    -------
    low, high : ndarray, shape (...)
    """
    means = gaps @ drawn.T / drawn.sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=-1)
    return low, high


def visibly_less(losses: Array, others: Array, drawn: Array) -> NDArray[np.bool_]:
    """Return whether the whole interval of the difference is below 0.

    Parameters
    ----------
    losses, others : ndarray, shape (..., states)
    drawn : ndarray, shape (resamples, states)
    """
    return np.asarray(bounds(losses - others, drawn)[1] < 0)


def apart(losses: Array, others: Array, reference: Array, drawn: Array) -> NDArray[np.bool_]:
    """Return whether the intervals of two differences from the same reference share no point.

    Parameters
    ----------
    losses, others, reference : ndarray, shape (..., states)
    drawn : ndarray, shape (resamples, states)
    """
    low, high = bounds(losses - reference, drawn)
    least, most = bounds(others - reference, drawn)
    return np.asarray((high < least) | (most < low))


def beyond(losses: Array, others: Array, reference: Array, drawn: Array) -> NDArray[np.bool_]:
    """Return whether the first is less by more than both intervals, as `apart` but in its favour."""
    return np.asarray(bounds(losses - reference, drawn)[1] < bounds(others - reference, drawn)[0])
