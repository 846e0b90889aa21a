"""Alignment ahead: how far persistence, past drift and others lie from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.backtest.outcomes import Outcomes, outcomes_of
from calibration.backtest.scores import LEVEL, quantile_scores, resampled
from calibration.history import Window
from calibration.record.observed import observed_record
from calibration.skill.measures import RESAMPLES
from calibration.skill.panel import FIRST, LAST
from sim.world.state import STATES

Array = NDArray[np.float64]

LEAD = 5
"""Years ahead at which root mean square errors are told."""

DRIFT = 0.25
"""Part of the past five years' change that `quarter drift` carries on."""

LEVELS = tuple((place + 0.5) / 50 for place in range(50))
"""Quantiles that stand for equal parts of a forecast."""

REFERENCES = {"rmse": "persistence", "crps": "past changes"}
"""Whom a score is compared with: the simplest forecast of a level, and the one that tells a range as well."""

_SPAN = 0.8  # of the interval whose coverage is told
_ALL = "all"
_Parts = tuple[Array, Array, Array]


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
    *,
    seed: int = 1,
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
    seed : int
        Of the resampling of states.

    Returns
    -------
    DataFrame
        By origin (and ``all``: every origin that the forecaster has) and forecaster: rmse of the median
        `LEAD` years ahead (NaN where the record ends before), crps over all years ahead, covered (part of
        cases within the 80 % interval; NaN without one). Of rmse and crps also by how much they differ from
        those of `REFERENCES` over the same origins (``rmse_difference``; below 0 is better), with 90 %
        intervals by bootstrap over states (``rmse_low``, ``rmse_high``).
    """
    levels = observed_alignment()
    places = [STATES.index(state) for state in states]
    weights = resampled(list(states), seed, RESAMPLES)
    rows: list[dict[str, object]] = []
    found: dict[str, dict[int, _Parts]] = {}
    for origin in origins:
        seen = levels[places, origin - FIRST : last + 1 - FIRST]
        paths = simple_paths(levels, origin, seen.shape[1]) | dict((given or {}).get(origin, {}))
        for name, quantiles in paths.items():
            found.setdefault(name, {})[origin] = _errors(quantiles[places], seen)
        rows += [{"origin": str(origin), **_scored(found, name, [origin], weights)} for name in paths]
    rows += [{"origin": _ALL, **_scored(found, name, list(own), weights)} for name, own in found.items()]
    return pd.DataFrame(rows)


def _errors(quantiles: Array, seen: Array) -> _Parts:
    """Return by state: squared errors at the lead, scores, and whether the interval holds what came."""
    squared = np.empty((len(seen), 0))
    if seen.shape[1] >= LEAD:
        squared = (np.median(quantiles[:, LEAD - 1], axis=-1) - seen[:, LEAD - 1])[:, None] ** 2
    held = np.empty((len(seen), 0))
    if quantiles.shape[-1] > 1:
        low, high = np.quantile(quantiles, [(1 - _SPAN) / 2, (1 + _SPAN) / 2], axis=-1)
        held = ((low <= seen) & (seen <= high)).astype(float)
    return squared, quantile_scores(quantiles, seen), held


def _scored(
    found: Mapping[str, Mapping[int, _Parts]], name: str, origins: Sequence[int], weights: Array
) -> dict[str, object]:
    """Return a forecaster's scores over some origins, and how they differ from a reference's there."""
    squared, crps, held = _together(found[name], origins)
    row: dict[str, object] = {
        "forecaster": name,
        "rmse": _root_mean(squared),
        "crps": float(crps.mean()),
        "covered": float(held.mean()) if held.size else np.nan,
    }
    every = np.ones((1, len(crps)))
    for score, place, own in (("rmse", 0, squared), ("crps", 1, crps)):
        other = _together(found[REFERENCES[score]], origins)[place]
        gap, drawn = (_mean(own, by, score) - _mean(other, by, score) for by in (every, weights))
        low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        row |= {f"{score}_difference": float(gap[0])}
        row |= {f"{score}_low": float(low), f"{score}_high": float(high)}
    return row


def _together(own: Mapping[int, _Parts], origins: Sequence[int]) -> _Parts:
    """Return the errors of some origins side by side, by state."""
    squared, crps, held = (
        np.concatenate(parts, axis=1) for parts in zip(*(own[origin] for origin in origins), strict=True)
    )
    return squared, crps, held


def _root_mean(squared: Array) -> float:
    return float(np.sqrt(squared.mean())) if squared.size else np.nan


def _mean(errors: Array, weights: Array, score: str) -> Array:
    """Return means of errors, shape (states, cases), by how often each state is drawn; NaN without cases."""
    if not errors.size:
        return np.full(len(weights), np.nan)
    means: Array = (weights @ errors.mean(axis=1)) / weights.sum(axis=1)
    return np.sqrt(means) if score == "rmse" else means


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
