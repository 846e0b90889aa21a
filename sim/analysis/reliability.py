"""Are the odds that signposts give right: checked on runs of which we know the answer.

Replicates are halved. One half chooses the signposts and stands for the model. Each run of the other half is
taken for the truth in turn: what has happened in it gives odds, as for any list of what has been seen. If the
odds are calibrated, then of all that was given some chance, that share is so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.odds import ERROR, checked_error, weigh
from sim.analysis.signposts import LEAST_FITTING, Runs, windows
from sim.analysis.telling import Values, in_window
from sim.errors import ResultsError
from sim.experiment.results import Results
from sim.months import Month

STATED = 4
"""Signposts whose outcome is stated of each truth, at most: the most telling one of each kind of event."""

PARTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Ends of the parts of the curve."""

ENDS = (0.025, 0.975)
"""Quantiles between which the mean lies if the odds are calibrated."""

_RESAMPLES = 1000
_SEED = 20100101


@dataclass(frozen=True)
class Reliability:
    """A reliability curve for each window.

    Parameters
    ----------
    by : str
        ``scenario`` or ``end state``.
    table : DataFrame
        One row a window and part of the curve: ``years``; ``odds``, how many were given there, one a name
        and truth; ``given``, their mean; ``came_true``, the share of them that were so, with a 95 % interval
        ``low``, ``high`` by resampling the replicates of both halves; and whether ``given`` is within it,
        ``calibrated``.
    windows : DataFrame
        One row a window: ``years``; ``stated``, the signposts, as statements with ``; `` between; ``truths``;
        ``refused``, truths that too few runs fit, so that no odds are given; ``fitting``, the most runs that
        any truth has to fit it; ``error``, the mean squared error of the odds (Brier); and ``error_before``,
        that of odds before anything is seen.
    """

    by: str
    table: pd.DataFrame
    windows: pd.DataFrame


def check_odds(
    results: Results,
    *,
    scenarios: str | Sequence[str] = (),
    by: str = "scenario",
    years: int | Sequence[int] | None = None,
    since: str | Month | None = None,
    error: float = ERROR,
    least: int = LEAST_FITTING,
) -> Reliability:
    """Check on stored runs whether the odds that signposts give come true as often as they say.

    Parameters
    ----------
    results : Results
    scenarios, by, years, since
        As for `sim.signposts`.
    error, least
        As for `sim.odds`.

    Returns
    -------
    Reliability

    Raises
    ------
    RequestError, ResultsError
        As for these two; and if no signpost of any window exceeds chance, so that there are no odds to check.
    """
    checked_error(error)
    runs = Runs.of(results, scenarios)
    labels, names = runs.labels(by)
    first = runs.first(since)
    replicates = runs.of_replicate()
    training = _training_half(replicates)
    curves, told = [], []
    for year in windows(years, runs, first):
        counts = runs.counts(12 * year, first)
        posts = in_window(counts[training], labels[training], names, by, replicates[training], year)
        chosen = _chosen(posts[posts["exceeds"].astype(bool)])
        if chosen.empty:
            continue
        held = np.column_stack([
            counts[name].to_numpy() >= number
            for name, number in zip(chosen["observable"], chosen["threshold"], strict=True)
        ])  # fmt: skip
        truth = np.eye(len(names))[labels]
        patterns, which = np.unique(held[~training], axis=0, return_inverse=True)
        weights = _weights(held[training], truth[training], patterns, error, least, len(runs.scenarios))
        given = _shares(weights.sum(axis=0))[which.ravel()]
        answered = ~np.isnan(given).any(axis=1)
        curve = _curve(weights, which.ravel(), given, truth[~training], len(runs.scenarios))
        curves.append(curve.assign(years=year))
        before = np.broadcast_to(truth[training].mean(axis=0), given.shape)
        told.append({
            "years": year,
            "stated": "; ".join(f"{row.observable} >= {row.threshold}" for row in chosen.itertuples()),
            "truths": len(given), "refused": int((~answered).sum()),
            "fitting": _most_fitting(held[training], patterns),
            "error": _brier(given[answered], truth[~training][answered]),
            "error_before": _brier(before[answered], truth[~training][answered]),
        })  # fmt: skip
    if not told:
        raise ResultsError(
            "no signpost exceeds chance in half of the runs, so there are no odds to check: make more runs"
        )
    table = pd.concat(curves, ignore_index=True)
    return Reliability(by, table[["years", *table.columns.drop("years")]], pd.DataFrame(told))


def _training_half(replicates: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which runs choose signposts and stand for the model: every replicate whole."""
    known = np.unique(replicates)
    if len(known) < 2:
        raise ResultsError("a check needs two replicates or more: one half is held against the other")
    chosen = np.random.default_rng(_SEED).permutation(known)[: len(known) // 2]
    return np.isin(replicates, chosen)


def _chosen(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the most telling signpost of each kind of event, of a few kinds: others would say it again."""
    kinds = posts["observable"].str.extract(r"^(\w+)", expand=False)
    return posts[~kinds.duplicated()].head(STATED)


def _weights(
    held: NDArray[np.bool_],
    members: Values,
    patterns: NDArray[np.bool_],
    error: float,
    least: int,
    together: int,
) -> Values:
    """Return the weight of each name in each replicate, for each pattern of what is seen.

    Parameters
    ----------
    held : ndarray of bool, shape (runs, statements)
    members : ndarray, shape (runs, names)
        1 in the column of the run's name.
    patterns : ndarray of bool, shape (patterns, statements)
    error, least
        As for `sim.odds`.
    together : int
        Runs of a replicate, which follow one another.

    Returns
    -------
    ndarray, shape (replicates, patterns, names)
        NaN for a pattern that too few runs fit.
    """
    found = []
    for pattern in patterns:
        fits = held == pattern
        enough = fits.all(axis=1).sum() >= max(least, 1)
        weights = weigh(fits, error) if enough else np.full(len(held), np.nan)
        found.append((weights[:, None] * members).reshape(-1, together, members.shape[1]).sum(axis=1))
    return np.stack(found, axis=1)


def _most_fitting(held: NDArray[np.bool_], patterns: NDArray[np.bool_]) -> int:
    """Return how many runs fit the pattern that most of them fit, of those among the truths."""
    return max(int((held == pattern).all(axis=1).sum()) for pattern in patterns)


def _shares(weights: Values) -> Values:
    """Return weights as shares of their sum over names, the last axis."""
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _curve(
    weights: Values, which: NDArray[np.int64], given: Values, truth: Values, together: int
) -> pd.DataFrame:
    """Return the curve; a part of it that no odds fall in is left out.

    Parameters
    ----------
    weights : ndarray, shape (replicates, patterns, names)
        Of the half that gives the odds.
    which : ndarray of int, shape (truths,)
        The pattern of each truth.
    given, truth : ndarray, shape (truths, names)
        Odds, NaN where they are refused; and 1 for what is so.
    together : int
        Truths of a replicate, which follow one another.
    """
    rng = np.random.default_rng(_SEED)
    drawn = _shares(np.tensordot(_resampled(rng, len(weights)), weights, axes=1))  # of the odds themselves
    drawn = drawn.reshape(_RESAMPLES, -1)
    draws = _resampled(rng, len(given) // together)
    parts = np.where(np.isnan(given), -1, np.minimum(np.digitize(given, PARTS) - 1, len(PARTS) - 2))
    place = np.arange(len(given))[:, None] // together
    column = which[:, None] * given.shape[1] + np.arange(given.shape[1])
    rows = []
    for part in (each for each in np.unique(parts) if each >= 0):
        there = parts == part
        number = np.zeros((len(given) // together, drawn.shape[1]))
        np.add.at(number, (np.broadcast_to(place, there.shape)[there], column[there]), 1.0)
        hits = (there * truth).sum(axis=1).reshape(-1, together).sum(axis=1)
        known = draws @ number
        total = known.sum(axis=1)
        wrong = (draws @ hits - np.nansum(known * drawn, axis=1))[total > 0] / total[total > 0]
        mean = float(given[there].mean())
        low, high = mean + np.quantile(wrong, ENDS)
        rows.append({
            "odds": int(there.sum()), "given": mean, "came_true": float(truth[there].mean()),
            "low": max(low, 0.0), "high": min(high, 1.0), "calibrated": bool(low <= mean <= high),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["odds", "given", "came_true", "low", "high", "calibrated"])


def _resampled(rng: np.random.Generator, number: int) -> NDArray[np.int64]:
    """Return how often each replicate is drawn, with replacement; a row a resample."""
    return rng.multinomial(number, np.full(number, 1 / number), _RESAMPLES)


def part_text(given: float) -> str:
    """Return in which part of the curve odds lie.

    Examples
    --------
    >>> part_text(0.3)
    '20% to 40%'
    """
    part = min(int(np.digitize(given, PARTS)) - 1, len(PARTS) - 2)
    return f"{PARTS[part]:.0%} to {PARTS[part + 1]:.0%}"


def _brier(given: Values, truth: Values) -> float:
    return float(((given - truth) ** 2).sum(axis=1).mean()) if len(given) else float("nan")
