"""What a thesis expects from an origin: frequencies over its runs, weighted by their fit before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.outcomes import Array, Outcomes, outcomes_of
from calibration.ensemble.origins import RECORD_PERIOD, Origin
from calibration.ensemble.store import EnsembleError, EnsembleStore
from calibration.fit.sample import Scale, reachable
from calibration.history import ObservedHistory, Window
from calibration.statistics import summarise
from calibration.statistics.measurement import Measurement
from calibration.statistics.summary import summarise_run

_ERROR_SEED = 20_140_101  # of the measurement errors of runs ahead


@dataclass(frozen=True, slots=True)
class Ahead:
    """Forecasts of one thesis from one origin.

    Parameters
    ----------
    events : ndarray, shape (states, years, events)
        Probabilities.
    alignment : ndarray, shape (states, years, runs)
    weights : ndarray, shape (runs,)
        Summing to 1.
    draws : ndarray of int, shape (runs,)
        Which draw each run is of.
    """

    events: Array
    alignment: Array
    weights: Array
    draws: NDArray[np.int64]

    @property
    def size(self) -> float:
        """Effective number of runs (Kish)."""
        return float(1 / (self.weights**2).sum())


def look_ahead(
    store: EnsembleStore,
    thesis: str,
    origin: Origin,
    window: Window,
    measurement: Measurement,
    weights: dict[int, float] | None = None,
) -> Ahead:
    """Return what a thesis expects in a window.

    A probability is (k + m) / (n + 1) of n effective runs, where m is the thesis's mean over states and
    years: nothing is held impossible because a finite ensemble did not show it.

    Parameters
    ----------
    store : EnsembleStore
    thesis : str
    origin : Origin
    window : Window
        Years ahead, within the runs.
    measurement : Measurement
        Errors of the record, put on runs, since it is the record that will be looked at.
    weights : dict of int to float, optional
        Of draws; equal where not given.

    Raises
    ------
    EnsembleError
        If there are no runs with a weight.
    """
    events, levels, given, draws = [], [], [], []
    for draw, repeat, history in store.histories(thesis, origin):
        weight = 1.0 if weights is None else weights.get(draw, 0.0)
        if weight > 0:
            found = recorded(history, draw, repeat, window, measurement)
            events.append(found.events)
            levels.append(found.alignment)
            given.append(weight)
            draws.append(draw)
    if not given:
        raise EnsembleError(f"{store.folder}: no run of {thesis} from {origin.key} has a weight")
    shares = np.array(given) / sum(given)
    size = float(1 / (shares**2).sum())
    mean = np.tensordot(shares, np.array(events, dtype=float), axes=1)
    return Ahead(smoothed(mean, size), np.stack(levels, axis=-1), shares, np.array(draws))


def recorded(
    history: ObservedHistory, draw: int, repeat: int, window: Window, measurement: Measurement
) -> Outcomes:
    """Return what the record would hold of a run ahead: its errors are the same whenever it is read."""
    generator = np.random.default_rng((_ERROR_SEED, draw, repeat))
    return outcomes_of(measurement.apply(history, generator), window)


def smoothed(mean: Array, size: float) -> Array:
    """Draw frequencies toward the mean over states and years, as much as one run more would do.

    Parameters
    ----------
    mean : ndarray, shape (..., states, years, events)
    size : float
        Effective number of runs.
    """
    places = mean.shape[-3] * mean.shape[-2]
    common = (mean.sum(axis=(-3, -2), keepdims=True) * size + 0.5) / (places * size + 1)
    drawn: Array = (mean * size + common) / (size + 1)
    return drawn


def fitted_weights(
    store: EnsembleStore,
    thesis: str,
    record: ObservedHistory,
    last_year: int,
    measurement: Measurement,
    keep: float = 0.5,
) -> dict[int, float]:
    """Return the weights of draws by how their runs over the record's years come near it, up to a year.

    As `weights_by_fit` of all stored runs of a thesis.

    Parameters
    ----------
    store : EnsembleStore
    thesis : str
    record : ObservedHistory
    last_year : int
    measurement : Measurement
    keep : float
        Share of draws with a weight.
    """
    return weights_by_fit(store.histories(thesis, RECORD_PERIOD), record, last_year, measurement, keep)


def weights_by_fit(
    runs: Iterable[tuple[int, int, ObservedHistory]],
    record: ObservedHistory,
    last_year: int,
    measurement: Measurement,
    keep: float = 0.5,
) -> dict[int, float]:
    """Return the weights of draws by how near their runs come to the record, up to a year.

    The nearest share of the draws gets an Epanechnikov weight by distance in the statistics that the model
    reaches, each in standard deviations. Nothing after ``last_year`` is looked at, of runs or record.

    Parameters
    ----------
    runs : iterable of (int, int, ObservedHistory)
        Draw, repeat and history over the record's years.
    record : ObservedHistory
    last_year : int
    measurement : Measurement
    keep : float
        Share of draws with a weight.
    """
    window = Window(RECORD_PERIOD.month.year, last_year)
    draws, rows = [], []
    for draw, repeat, history in runs:
        draws.append(draw)
        rows.append(list(summarise_run(history, window, measurement, draw, repeat).values()))
    seen = np.array(list(summarise(record, window).values()))
    return weights_by_nearness(draws, np.array(rows, dtype=float), seen, keep)


def weights_by_nearness(
    draws: Sequence[int], statistics: Array, seen: Array, keep: float = 0.5
) -> dict[int, float]:
    """Return the weights of draws by how near the statistics of their runs come to those of a record.

    Parameters
    ----------
    draws : sequence of int, length runs
        Which draw each run is of.
    statistics : ndarray, shape (runs, statistics)
        NaN where undefined.
    seen : ndarray, shape (statistics,)
        Of the record.
    keep : float
        Share of the runs with a weight.

    Returns
    -------
    dict of int to float
        All 1 where the runs reach no statistic of the record.
    """
    some = ~np.isnan(statistics).all(axis=0)
    used = np.zeros(len(seen), dtype=bool)
    used[some] = reachable(statistics[:, some], seen[some])
    if not used.any():
        return dict.fromkeys(draws, 1.0)
    scale = Scale.of(statistics[:, used])
    gaps = scale.apply(statistics[:, used]) - scale.apply(seen[used])
    distances = np.sqrt((gaps**2).sum(axis=1))
    reach = float(np.quantile(distances, keep)) or 1.0
    kernel = np.maximum(1 - (distances / (reach * 1.000001)) ** 2, 0.0)
    weights: dict[int, float] = {}
    for draw, weight in zip(draws, kernel.tolist(), strict=True):
        weights[draw] = weights.get(draw, 0.0) + weight
    return weights
