"""How alignment moves, as deviation from the mean of the 14 states, so that common drifts cancel."""

from __future__ import annotations

import numpy as np

from calibration.history import BALTIC, REGION, ObservedHistory
from calibration.statistic import Statistic, resampled, undefined

_APART = 5
_STATES = (*REGION, *BALTIC)


def five_year_change(history: ObservedHistory) -> Statistic:
    """Mean size of a state's change of alignment over five years; the interval is over states."""
    table = _deviations(history)
    if table is None or len(table) <= _APART:
        return undefined()
    return resampled(np.abs(table[_APART:] - table[:-_APART]).mean(axis=0), _mean, "states")


def spread_at_end(history: ObservedHistory) -> Statistic:
    """Standard deviation of the states' alignment over the last three years, each averaged."""
    table = _deviations(history)
    if table is None:
        return undefined()
    return resampled(table[-3:].mean(axis=0), lambda sample: float(sample.std()), "states")


def persistence(history: ObservedHistory) -> Statistic:
    """Correlation over states of alignment in the first and in the last three years."""
    table = _deviations(history)
    if table is None or len(table) < 2 * 3:
        return undefined()
    first, last = table[:3].mean(axis=0), table[-3:].mean(axis=0)
    if min(first.std(), last.std()) == 0:
        return undefined()
    value = float(np.corrcoef(first, last)[0, 1])
    error = 1.645 / np.sqrt(len(first) - 3)  # Fisher's z
    centre = np.arctanh(np.clip(value, -0.999, 0.999))
    low, high = float(np.tanh(centre - error)), float(np.tanh(centre + error))
    return Statistic(value, f"{len(first)} states", lambda: (low, high))


def _deviations(history: ObservedHistory) -> np.ndarray | None:
    """Return alignment less the mean of the states, shape (years, states); None if any is missing."""
    window = history.window
    try:
        table = np.array(
            [
                [history.alignment[state, year] for state in _STATES]
                for year in range(window.first, window.last + 1)
            ]
        )
    except KeyError:
        return None
    deviations: np.ndarray = table - table.mean(axis=1, keepdims=True)
    return deviations


def _mean(sample: np.ndarray) -> float:
    return float(sample.mean())
