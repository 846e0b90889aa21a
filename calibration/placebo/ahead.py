"""Theses and placebos in the back-test: the same forecasts, scores and verdicts, from as many draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
import pandas as pd

from calibration.backtest.ahead import Ahead, look_ahead, weights_by_fit
from calibration.backtest.baselines import base_rate, drift
from calibration.backtest.losses import BRIER, LOG, apart, bounds, event_losses, lots, over, visibly_less
from calibration.backtest.outcomes import EVENTS, SHARED, Array, outcomes_of, spoken_to
from calibration.backtest.past import past_before
from calibration.backtest.scores import path_scores, quantile_scores
from calibration.ensemble.origins import RECORD_PERIOD, Origin
from calibration.ensemble.store import EnsembleStore
from calibration.history import ObservedHistory, Window
from calibration.statistics.measurement import Measurement
from sim.scenario import SHARED_WORLD, load_thesis

WORLD = "world"
"""Kind of the shared world, which is neither thesis nor placebo."""

VERDICTS = {
    "better": "predicts the shared outcomes visibly better than the base rate",
    "better_paths": "predicts alignment visibly better than past drift",
    "beats_world": "predicts the shared outcomes visibly better than the shared world",
    "own_better": "predicts its own outcomes visibly better than the shared world",
    "own_apart": "is further from the shared world on its own outcomes than their intervals",
}
"""What a thesis can win in the back-test, by column of `score`."""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """A thesis or a placebo that forecasts.

    Parameters
    ----------
    name : str
    kind : str
        `calibration.placebo.judge.THESIS`, ``PLACEBO`` there, or `WORLD`.
    like : str
        The thesis whose outcomes are its own: that which a placebo is made from, or itself.
    store : EnsembleStore
        With its runs.
    """

    name: str
    kind: str
    like: str
    store: EnsembleStore


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses of forecasters against the record, by state: the mean over years of all origins.

    Parameters
    ----------
    events : ndarray, shape (scores, forecasters + 1, states, events)
        Last is the base rate.
    paths : ndarray, shape (forecasters + 1, states)
        Of alignment; last is past drift.
    """

    events: Array
    paths: Array


def forecast(
    forecasters: Sequence[Forecaster],
    origins: Sequence[Origin],
    record: ObservedHistory,
    *,
    measurement: Measurement,
    draws: int,
    progress: Callable[[int], None] | None = None,
) -> Losses:
    """Forecast from each origin as `calibration.backtest.run.backtest` does, from equally many draws each.

    Parameters
    ----------
    forecasters : sequence of Forecaster
    origins : sequence of Origin
    record : ObservedHistory
    measurement : Measurement
    draws : int
        The first so many of each are read, and weighted by their fit to the years before the origin.
    progress : callable, optional
        Called with the number of forecasters done.

    Raises
    ------
    EnsembleError
        If runs are missing.
    """
    windows = [Window(origin.month.year, record.window.last) for origin in origins]
    views = []
    for done, each in enumerate(forecasters, 1):
        views.append(_views(each, origins, windows, record, measurement, draws))
        if progress is not None:
            progress(done)
    events, paths = [], []
    for place, window in enumerate(windows):
        past, seen = past_before(window.first, record), outcomes_of(record, window)
        own = [found[place] for found in views]
        given = np.array([*(view.events for view in own), base_rate(past, window)])
        events.append(event_losses(given, seen.events[None])[:, 0])
        scored = [path_scores(view.alignment, seen.alignment, view.weights, view.draws) for view in own]
        scored.append(quantile_scores(drift(past, window), seen.alignment))
        paths.append(np.array(scored).sum(axis=-1))
    years = sum(window.years for window in windows)
    return Losses(np.sum(events, axis=0) / years, np.sum(paths, axis=0) / years)


def _views(
    each: Forecaster,
    origins: Sequence[Origin],
    windows: Sequence[Window],
    record: ObservedHistory,
    measurement: Measurement,
    draws: int,
) -> list[Ahead]:
    """Return what a forecaster expects from each origin; its runs over the record's years are read once."""
    runs = list(takewhile(lambda run: run[0] < draws, each.store.histories(each.name, RECORD_PERIOD)))
    found = []
    for origin, window in zip(origins, windows, strict=True):
        weights = weights_by_fit(runs, record, window.first - 1, measurement)
        found.append(look_ahead(each.store, each.name, origin, window, measurement, weights))
    return found


def score(forecasters: Sequence[Forecaster], losses: Losses, *, seed: int) -> pd.DataFrame:
    """Return the scores and verdicts of the back-test.

    Parameters
    ----------
    forecasters : sequence of Forecaster
        The shared world among them.
    losses : Losses
        Theirs.
    seed : int
        Of the resampling of states.

    Returns
    -------
    DataFrame
        One row a forecaster: ``name``, ``kind``, ``like``; mean ``brier``, ``log`` (nats) and ``crps``;
        ``log_difference`` from the base rate with its 90 % interval ``log_low`` to ``log_high``; the log
        score on its own outcomes (``own_log``) and the shared world's on them (``world_own_log``; NaN where
        none is an event); and whether it has each of `VERDICTS`.
    """
    drawn = lots(seed)
    shared = over(losses.events, SHARED)
    world = next(place for place, each in enumerate(forecasters) if each.name == SHARED_WORLD)
    low, high = bounds(shared[LOG] - shared[LOG, -1], drawn)
    better = np.logical_or.reduce(visibly_less(shared, shared[:, -1:], drawn), axis=0)
    means = shared[:, :-1].mean(axis=-1)
    table = pd.DataFrame(
        {
            "name": [each.name for each in forecasters],
            "kind": [each.kind for each in forecasters],
            "like": [each.like for each in forecasters],
            "brier": means[BRIER], "log": means[LOG], "crps": losses.paths[:-1].mean(axis=-1),
            "log_difference": means[LOG] - shared[LOG, -1].mean(),
            "log_low": low[:-1], "log_high": high[:-1],
            "better": better[:-1],
            "better_paths": visibly_less(losses.paths, losses.paths[-1], drawn)[:-1],
            "beats_world": visibly_less(shared[LOG], shared[LOG, world], drawn)[:-1],
        }
    )  # fmt: skip
    own = [_own(losses.events[LOG], place, world, each.like, drawn) for place, each in enumerate(forecasters)]
    return table.join(pd.DataFrame(own))


def _own(log: Array, place: int, world: int, like: str, drawn: Array) -> dict[str, float | bool]:
    """Return what a forecaster is worth on its own outcomes."""
    outcomes = spoken_to(load_thesis(like))
    if not set(outcomes) & set(EVENTS):
        return {"own_log": np.nan, "world_own_log": np.nan, "own_better": False, "own_apart": False}
    own = over(log, outcomes)
    return {
        "own_log": float(own[place].mean()),
        "world_own_log": float(own[world].mean()),
        "own_better": bool(visibly_less(own[place], own[world], drawn)),
        "own_apart": bool(apart(own[place], own[world], own[-1], drawn)),
    }
