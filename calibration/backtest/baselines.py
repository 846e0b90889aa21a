"""Simple forecasts that a model has to beat. Each knows the past before the origin and nothing else.

As the theses do, they know who is in the alliance at the origin: rates of entry and exit are those of
states to which it could happen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betaln
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from calibration.backtest.membership import for_all
from calibration.backtest.outcomes import Array
from calibration.backtest.past import Past
from calibration.history import Window

RECENT = 5
"""Years that persistence looks back on."""


def base_rate(past: Past, window: Window) -> Array:
    """Return the share of state-years at risk with the event, the same for all states at risk.

    Jeffreys's half events are added, here and below, so that what has not happened yet is not held
    impossible. What no state has been at risk of is counted over all.

    Returns
    -------
    ndarray, shape (states, years, events)
    """
    rates = np.broadcast_to(_common(past), (len(past.members), window.years, len(_common(past))))
    return for_all(rates, past.members[:, -1])


def state_rate(past: Past, window: Window) -> Array:
    """Return each state's own rate, shrunk toward the base rate as far as the states' likeness tells."""
    counts, years = _counted(past, past.window.years)
    rates = np.empty(counts.shape)
    for event, mean in enumerate(_common(past).tolist()):
        own = counts[:, event], years[:, event]
        rates[:, event] = shrunk(*own, mean, concentration(*own, mean))
    return for_all(np.repeat(rates[:, None], window.years, axis=1), past.members[:, -1])


def shrunk(counts: Array, years: Array, mean: float, weight: float) -> Array:
    """Return (count + weight * mean) / (years + weight).

    Parameters
    ----------
    counts, years : ndarray, shape (states,)
        Years with the event, and at risk of it.
    mean : float
        Rate of all states.
    weight : float
        How many years of own experience the common rate is worth.
    """
    rates: Array = (counts + weight * mean) / (years + weight)
    return rates


def concentration(counts: Array, years: Array, mean: float) -> float:
    """Return the weight of the common rate with the highest beta-binomial likelihood, 1 to 1000 years."""

    def loss(exponent: float) -> float:
        weight = float(np.exp(exponent))
        a, b = weight * mean, weight * (1 - mean)
        return -float((betaln(counts + a, years - counts + b) - betaln(a, b)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(0.0, np.log(1000.0)), method="bounded").x))


def persistence(past: Past, window: Window) -> Array:
    """Return the share of the state's last five years with the event; if never at risk, the base rate."""
    counts, years = _counted(past, RECENT)
    rates = np.where(years > 0, (counts + 0.5) / (years + 1), _common(past))
    return for_all(np.repeat(rates[:, None], window.years, axis=1), past.members[:, -1])


def logistic(past: Past, window: Window) -> Array:
    """Return a logistic regression on openness, its square, a vote in the year, and tenure.

    Fitted to the past at risk; an event that has happened fewer than twice has its base rate. Circumstances
    ahead are kept within those of the past: tenures grow beyond all that was seen, and a line through a
    handful of events must not be drawn out to them.
    """
    before, seen = past.known(), past.outcomes.events
    ahead = _terms(np.clip(past.expected(window), before.min(axis=(0, 1)), before.max(axis=(0, 1))))
    known = _terms(before)
    rates = np.tile(_common(past), (*ahead.shape[:2], 1))
    for event in range(seen.shape[2]):
        possible = past.at_risk[:, :, event]
        happened = seen[possible, event]
        if 2 <= happened.sum() <= happened.size - 2:
            fit = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500))
            fit.fit(known[possible], happened)
            given = fit.predict_proba(ahead.reshape(-1, ahead.shape[-1]))[:, 1]
            rates[:, :, event] = given.reshape(rates.shape[:2])
    return for_all(rates, past.members[:, -1])


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
    ndarray, shape (states, years, quantiles)
        Middles of equal parts of the changes; as many at every horizon.
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
"""Forecasts of alignment by name: quantiles that stand for equal parts."""


def _counted(past: Past, years: int) -> tuple[Array, Array]:
    """Return in how many of the last years an event happened to each state, and in how many it could.

    Returns
    -------
    counts, years : ndarray, shape (states, events)
    """
    possible = past.at_risk[:, -years:]
    happened = past.outcomes.events[:, -years:] & possible
    return happened.sum(axis=1).astype(float), possible.sum(axis=1).astype(float)


def _common(past: Past) -> Array:
    """Return the rate of each event of all states at risk, shape (events,)."""
    counts, years = (found.sum(axis=0) for found in _counted(past, past.window.years))
    everyone = len(past.members) * past.window.years
    rates: Array = (counts + 0.5) / (np.where(years > 0, years, everyone) + 1)
    return rates


def _changes(levels: Array, lead: int) -> Array:
    """Return all changes over ``lead`` years; over the longest there are where the past is shorter."""
    apart = min(lead, levels.shape[1] - 1)
    changes: Array = (levels[:, apart:] - levels[:, :-apart]).ravel() if apart else np.zeros(1)
    return changes


def _terms(covariates: Array) -> Array:
    """Add openness squared: challenges come where regimes are neither closed nor open."""
    return np.concatenate([covariates, covariates[..., :1] ** 2], axis=-1)
