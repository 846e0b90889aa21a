"""Alignment ahead: how far persistence, past drift and others lie from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.backtest.outcomes import Outcomes, outcomes_of
from calibration.backtest.scores import quantile_scores
from calibration.history import Window
from calibration.record.observed import observed_record
from calibration.skill.panel import FIRST, LAST
from sim.world.state import STATES

Array = NDArray[np.float64]

LEAD = 5
"""Years ahead at which root mean square errors are told."""

DRIFT = 0.25
"""Part of the past five years' change that `quarter drift` carries on."""

LEVELS = tuple((place + 0.5) / 50 for place in range(50))
"""Quantiles that stand for equal parts of a forecast."""

_SPAN = 0.8  # of the interval whose coverage is told


def observed_alignment() -> Array:
    """Return alignment less the mean of the states, shape (states, years of the panel)."""
    found: Outcomes = outcomes_of(observed_record(), Window(FIRST, LAST))
    return found.alignment


def simple_paths(levels: Array, origin: int, years: int) -> dict[str, Array]:
    """Return forecasts of alignment as quantiles, by what is known before an origin.

    Parameters
    ----------
    levels : ndarray, shape (states, years)
        From `observed_alignment`.
    origin : int
        First year that is forecast; what ``levels`` has from then on is not looked at.
    years : int

    Returns
    -------
    dict of str to ndarray, shape (states, years, quantiles)
        ``persistence`` (the last level, for sure), ``quarter drift`` (with a part of the change of the last
        five years, for sure), ``past changes`` (the last level plus what all states' changes were over as
        many years).
    """
    known = levels[:, : origin - FIRST]
    last = known[:, -1]
    back = min(LEAD, known.shape[1] - 1)
    drift = (last - known[:, -1 - back]) / back
    leads = np.arange(1, years + 1)
    changes = []
    for lead in leads:
        apart = min(lead, known.shape[1] - 1)
        changes.append(np.quantile((known[:, apart:] - known[:, :-apart]).ravel(), LEVELS))
    return {
        "persistence": np.repeat(last[:, None, None], years, axis=1),
        "quarter drift": (last[:, None] + DRIFT * drift[:, None] * leads)[..., None],
        "past changes": last[:, None, None] + np.array(changes)[None],
    }


def score_alignment(
    origins: Sequence[int],
    last: int,
    states: Sequence[str] = STATES,
    given: Mapping[int, Mapping[str, Array]] | None = None,
) -> pd.DataFrame:
    """Return scores of forecasts of alignment.

    Parameters
    ----------
    origins : sequence of int
    last : int
        Last year that is scored.
    states : sequence of str
    given : mapping of int to mapping of str to ndarray, shape (14 states, years, quantiles), optional
        Others' forecasts by origin and forecaster; quantiles stand for equal parts.

    Returns
    -------
    DataFrame
        By origin (and ``all``) and forecaster: rmse of the median `LEAD` years ahead (NaN where the record
        ends before), crps over all years ahead, covered (part of cases within the 80 % interval; NaN without
        one).
    """
    levels = observed_alignment()
    places = [STATES.index(state) for state in states]
    rows: list[dict[str, object]] = []
    pooled: dict[str, list[tuple[Array, Array, Array]]] = {}
    for origin in origins:
        seen = levels[places, origin - FIRST : last + 1 - FIRST]
        paths = simple_paths(levels, origin, seen.shape[1]) | dict((given or {}).get(origin, {}))
        for name, quantiles in paths.items():
            parts = _errors(quantiles[places], seen)
            pooled.setdefault(name, []).append(parts)
            rows.append({"origin": str(origin), "forecaster": name, **_summed([parts])})
    rows += [{"origin": "all", "forecaster": name, **_summed(parts)} for name, parts in pooled.items()]
    return pd.DataFrame(rows)


def _errors(quantiles: Array, seen: Array) -> tuple[Array, Array, Array]:
    """Return squared errors at the lead, scores, and whether the interval holds what came."""
    squared = np.empty(0)
    if seen.shape[1] >= LEAD:
        squared = (np.median(quantiles[:, LEAD - 1], axis=-1) - seen[:, LEAD - 1]) ** 2
    held = np.empty(0)
    if quantiles.shape[-1] > 1:
        low, high = np.quantile(quantiles, [(1 - _SPAN) / 2, (1 + _SPAN) / 2], axis=-1)
        held = ((low <= seen) & (seen <= high)).ravel().astype(float)
    return squared, quantile_scores(quantiles, seen).ravel(), held


def _summed(parts: Sequence[tuple[Array, Array, Array]]) -> dict[str, float]:
    squared, crps, held = (np.concatenate(values) for values in zip(*parts, strict=True))
    return {
        "rmse": float(np.sqrt(squared.mean())) if len(squared) else np.nan,
        "crps": float(crps.mean()),
        "covered": float(held.mean()) if len(held) else np.nan,
    }


def yearly_origins_rmse(lead: int = LEAD, first: int = 1999) -> float:
    """Return persistence's root mean square error over every year from which the lead can be looked at.

    Parameters
    ----------
    lead : int
        Years ahead.
    first : int
        First year whose level is carried on.
    """
    levels = observed_alignment()[:, first - FIRST :]
    return float(np.sqrt(((levels[:, lead:] - levels[:, :-lead]) ** 2).mean()))
