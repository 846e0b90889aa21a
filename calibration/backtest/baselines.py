"""Simple forecasts that a model has to beat. Each knows the past before the origin and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betaln
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from calibration.backtest.outcomes import Array
from calibration.backtest.past import Past
from calibration.history import Window

RECENT = 5
"""Years that persistence looks back on."""


def base_rate(past: Past, window: Window) -> Array:
    """Return the share of state-years with the event, the same for all states.

    Jeffreys's half events are added, here and below, so that what has not happened yet is not held
    impossible.

    Returns
    -------
    ndarray, shape (states, years, events)
    """
    seen = past.outcomes.events
    number = seen.shape[0] * seen.shape[1]
    rates = (seen.sum(axis=(0, 1)) + 0.5) / (number + 1)
    return np.broadcast_to(rates, (seen.shape[0], window.years, seen.shape[2])).copy()


def state_rate(past: Past, window: Window) -> Array:
    """Return each state's own rate, shrunk toward the base rate as far as the states' likeness tells."""
    seen = past.outcomes.events
    counts, years = seen.sum(axis=1), seen.shape[1]
    found = np.empty((seen.shape[0], window.years, seen.shape[2]))
    for event, mean in enumerate(base_rate(past, window)[0, 0]):
        rates = shrunk(
            counts[:, event], years, float(mean), concentration(counts[:, event], years, float(mean))
        )
        found[:, :, event] = rates[:, None]
    return found


def shrunk(counts: Array, years: int, mean: float, weight: float) -> Array:
    """Return (count + weight * mean) / (years + weight).

    Parameters
    ----------
    counts : ndarray, shape (states,)
    years : int
    mean : float
        Rate of all states.
    weight : float
        How many years of own experience the common rate is worth.
    """
    rates: Array = (counts + weight * mean) / (years + weight)
    return rates


def concentration(counts: Array, years: int, mean: float) -> float:
    """Return the weight of the common rate with the highest beta-binomial likelihood, 1 to 1000 years."""

    def loss(exponent: float) -> float:
        weight = float(np.exp(exponent))
        a, b = weight * mean, weight * (1 - mean)
        return -float((betaln(counts + a, years - counts + b) - betaln(a, b)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(0.0, np.log(1000.0)), method="bounded").x))


def persistence(past: Past, window: Window) -> Array:
    """Return the share of the state's last five years with the event."""
    recent = past.outcomes.events[:, -RECENT:]
    rates = (recent.sum(axis=1) + 0.5) / (recent.shape[1] + 1)
    return np.repeat(rates[:, None, :], window.years, axis=1)


def logistic(past: Past, window: Window) -> Array:
    """Return a logistic regression on openness, its square, a vote in the year, and tenure.

    Fitted to the past; an event that has happened fewer than twice is given its base rate. Circumstances
    ahead are kept within those of the past: tenures grow beyond all that was seen, and a line through a
    handful of events must not be drawn out to them.
    """
    before, seen = past.known(), past.outcomes.events
    ahead = _terms(np.clip(past.expected(window), before.min(axis=(0, 1)), before.max(axis=(0, 1))))
    known = _terms(before)
    found = base_rate(past, window)
    for event in range(seen.shape[2]):
        happened = seen[:, :, event].ravel()
        if 2 <= happened.sum() <= happened.size - 2:
            fit = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500))
            fit.fit(known.reshape(-1, known.shape[-1]), happened)
            given = fit.predict_proba(ahead.reshape(-1, ahead.shape[-1]))[:, 1]
            found[:, :, event] = given.reshape(found.shape[:2])
    return found


BASELINES: dict[str, Callable[[Past, Window], Array]] = {
    "base rate": base_rate,
    "state rate": state_rate,
    "logistic": logistic,
    "persistence": persistence,
}
"""Forecasts of events by name."""


def drift(past: Past, window: Window) -> Array:
    """Return alignment as it was last seen, plus each change of any state in the past over as many years.

    Returns
    -------
    ndarray, shape (states, years, members)
        Quantiles of the changes; as many members at every horizon.
    """
    levels = past.outcomes.alignment
    shares = (np.arange(50) + 0.5) / 50
    ahead = [_changes(levels, lead) for lead in range(1, window.years + 1)]
    moves = np.array([np.quantile(changes, shares) for changes in ahead])
    found: Array = levels[:, -1][:, None, None] + moves[None]
    return found


def stay(past: Past, window: Window) -> Array:
    """Return alignment as it was last seen, for sure, shape (states, years, 1)."""
    return np.repeat(past.outcomes.alignment[:, -1][:, None], window.years, axis=1)[..., None]


PATHS: dict[str, Callable[[Past, Window], Array]] = {"base rate": drift, "persistence": stay}
"""Forecasts of alignment by name."""


def _changes(levels: Array, lead: int) -> Array:
    """Return all changes over ``lead`` years; over the longest there are where the past is shorter."""
    apart = min(lead, levels.shape[1] - 1)
    changes: Array = (levels[:, apart:] - levels[:, :-apart]).ravel() if apart else np.zeros(1)
    return changes


def _terms(covariates: Array) -> Array:
    """Add openness squared: challenges come where regimes are neither closed nor open."""
    return np.concatenate([covariates, covariates[..., :1] ** 2], axis=-1)
