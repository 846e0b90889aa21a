"""From runs after the end of the record to a table of forecasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from calibration.backtest.ahead import Ahead, fitted_weights, look_ahead
from calibration.backtest.baselines import BASELINES, PATHS
from calibration.backtest.outcomes import ALIGNMENT, EVENTS, Array
from calibration.backtest.past import past_before
from calibration.backtest.run import STACKED
from calibration.ensemble.origins import FORECAST
from calibration.ensemble.store import EnsembleStore
from calibration.history import ObservedHistory, Window
from calibration.statistics.measurement import Measurement
from sim.world.state import STATES

AHEAD = Window(2025, 2034)
"""The years that are forecast."""

LEVELS = tuple(round(0.05 + 0.1 * step, 2) for step in range(10))
"""Quantiles of alignment: the middles of ten equal parts, which together stand for all."""

EVENT = "event"
QUANTILE = "quantile"
COLUMNS = ("forecaster", "state", "year", "outcome", "kind", "level", "value")


def make_forecast(
    store: EnsembleStore,
    theses: Sequence[str],
    record: ObservedHistory,
    *,
    measurement: Measurement,
    fitted: bool = True,
    stack: Mapping[str, float] | None = None,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Return forecasts of every thesis, of their mixture, and of the back-test's simple forecasts.

    The simple ones know the record to its end, and no runs. Those that foretell no alignment have no
    quantiles.

    Parameters
    ----------
    store : EnsembleStore
        With the theses' runs after the record, and over its years if ``fitted``.
    theses : sequence of str
    record : ObservedHistory
        To its end.
    measurement : Measurement
    fitted : bool
        Weight draws by their fit to the record; otherwise the prior speaks.
    stack : mapping of str to float, optional
        Weights of the mixture by thesis; equal where not given.
    progress : callable, optional
        Called with the number of theses done.

    Returns
    -------
    DataFrame
        Columns as `COLUMNS`: for an event the probability that it happens in the year (level blank), for
        alignment its quantiles (deviation from the mean of the states at the end of the year).

    Raises
    ------
    EnsembleError
        If runs are missing.
    ValueError
        If a thesis has no weight.
    """
    shares = dict.fromkeys(theses, 1 / len(theses)) if stack is None else dict(stack)
    if missing := [thesis for thesis in theses if thesis not in shares]:
        raise ValueError(f"no stacking weight for {', '.join(missing)}")
    views: dict[str, Ahead] = {}
    for done, thesis in enumerate(theses, 1):
        weights = None
        if fitted:
            weights = fitted_weights(store, thesis, record, record.window.last, measurement)
        views[thesis] = look_ahead(store, thesis, FORECAST, AHEAD, measurement, weights)
        if progress is not None:
            progress(done)
    together = np.array([shares[thesis] for thesis in theses])
    parts = list(views.values())
    views[STACKED] = Ahead(
        np.einsum("k,ksye->sye", together, np.array([view.events for view in parts])),
        np.concatenate([view.alignment for view in parts], axis=-1),
        np.concatenate([share * view.weights for share, view in zip(together, parts, strict=True)]),
        np.concatenate([view.draws for view in parts]),
    )
    events = {name: view.events for name, view in views.items()}
    levels = {name: weighted_quantiles(view.alignment, view.weights, LEVELS) for name, view in views.items()}
    past = past_before(AHEAD.first, record)
    events |= {name: simple(past, AHEAD) for name, simple in BASELINES.items()}
    for name, path in PATHS.items():
        values = path(past, AHEAD)
        alike = np.full(values.shape[-1], 1 / values.shape[-1])
        levels[name] = weighted_quantiles(values, alike, LEVELS)
    return pd.concat([_rows(name, events[name], levels.get(name)) for name in events], ignore_index=True)


def weighted_quantiles(members: Array, weights: Array, levels: Sequence[float]) -> Array:
    """Return quantiles of weighted members: the smallest with at least that much weight up to it.

    Parameters
    ----------
    members : ndarray, shape (..., members)
    weights : ndarray, shape (members,)
        Summing to 1.
    levels : sequence of float

    Returns
    -------
    ndarray, shape (..., levels)
    """
    order = np.argsort(members, axis=-1, kind="stable")
    heights = np.cumsum(weights[order], axis=-1)
    places = np.stack([(heights < level - 1e-12).sum(axis=-1) for level in levels], axis=-1)
    places = np.minimum(places, members.shape[-1] - 1)
    found: Array = np.take_along_axis(np.take_along_axis(members, order, axis=-1), places, axis=-1)
    return found


def _rows(name: str, probabilities: Array, quantiles: Array | None) -> pd.DataFrame:
    years = range(AHEAD.first, AHEAD.last + 1)
    events = pd.MultiIndex.from_product([STATES, years, EVENTS], names=["state", "year", "outcome"])
    first = pd.DataFrame({"value": probabilities.ravel(), "kind": EVENT, "level": np.nan}, index=events)
    tables = [first.reset_index()]
    if quantiles is not None:
        tables.append(_quantile_rows(quantiles))
    return pd.concat(tables, ignore_index=True).assign(forecaster=name)[list(COLUMNS)]


def _quantile_rows(quantiles: Array) -> pd.DataFrame:
    years = range(AHEAD.first, AHEAD.last + 1)
    levels = pd.MultiIndex.from_product([STATES, years, LEVELS], names=["state", "year", "level"])
    values = {"value": quantiles.ravel(), "kind": QUANTILE, "outcome": ALIGNMENT}
    return pd.DataFrame(values, index=levels).reset_index()
