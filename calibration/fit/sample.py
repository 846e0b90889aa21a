"""An ensemble as a sample for regression: parameters as prior scores, statistics on a common scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from calibration.ensemble.origins import RECORD_PERIOD
from calibration.ensemble.priors import Asked
from calibration.ensemble.store import EnsembleStore
from calibration.history import Window
from calibration.statistics import NAMES
from calibration.statistics.measurement import Measurement
from calibration.statistics.summary import summarise_run
from sim.errors import SimError
from sim.parameters import catalogue
from sim.parameters.priors import LogNormal

Array = NDArray[np.float64]
_STANDARD = NormalDist()


class FitError(SimError, ValueError):
    """The ensemble does not allow a fit."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Draws of parameters, each with the statistics of one run.

    Parameters
    ----------
    paths : tuple of str
        Of the parameters.
    scores : ndarray, shape (runs, parameters)
        Parameters as prior scores: standard normal under the prior.
    statistics : ndarray, shape (runs, statistics)
        NaN where undefined.
    """

    paths: tuple[str, ...]
    scores: Array
    statistics: Array

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: NDArray[np.intp]) -> Sample:
        """Return some of the runs."""
        return Sample(self.paths, self.scores[rows], self.statistics[rows])

    def seen_through(self, statistics: NDArray[np.bool_]) -> Sample:
        """Return the sample with some of the statistics only."""
        return Sample(self.paths, self.scores, self.statistics[:, statistics])


def read_sample(
    store: EnsembleStore,
    thesis: str,
    asked: Sequence[Asked],
    window: Window,
    measurement: Measurement,
    draws: int | None = None,
) -> Sample:
    """Return an ensemble's runs over the years on record as a sample.

    Parameters
    ----------
    store : EnsembleStore
    thesis : str
    asked : sequence of Asked
        Parameters of interest; all others are nuisance.
    window : Window
        Years that the statistics sum up.
    measurement : Measurement
        Errors put on the runs.
    draws : int, optional
        Only the first so many draws.

    Raises
    ------
    EnsembleError
        If no run is stored.
    """
    table = store.read("draws", thesis, RECORD_PERIOD).set_index(["draw", "repeat"])
    keys, rows = [], []
    for draw, repeat, history in store.histories(thesis, RECORD_PERIOD):
        if draws is None or draw < draws:
            keys.append((draw, repeat))
            rows.append(list(summarise_run(history, window, measurement, draw, repeat).values()))
    values = table.reindex(keys)[[item.path for item in asked]].to_numpy(dtype=float)
    scores = np.column_stack([to_scores(item, values[:, place]) for place, item in enumerate(asked)])
    return Sample(tuple(item.path for item in asked), scores, np.array(rows, dtype=float))


def to_scores(asked: Asked, values: Array) -> Array:
    """Return a parameter's values as prior scores."""
    prior = asked.prior
    if isinstance(prior, LogNormal):
        logs: Array = (np.log(values) - np.log(prior.median)) / prior.sigma
        return logs
    return (values - asked.prior.centre) / asked.spread


def from_scores(asked: Asked, scores: Array) -> Array:
    """Return prior scores as values of the parameter, inside its range."""
    spec = catalogue()[asked.path]
    prior = asked.prior
    plain = prior.median * np.exp(prior.sigma * scores) if isinstance(prior, LogNormal) else None
    values = plain if plain is not None else prior.centre + asked.spread * scores
    return np.clip(values, spec.low, spec.high)


@dataclass(frozen=True, slots=True)
class Scale:
    """Puts statistics on a common scale: square roots of counts, missing ones at the mean, mean 0 and sd 1.

    Parameters
    ----------
    rooted : ndarray of bool, shape (statistics,)
    centre, spread : ndarray, shape (statistics,)
        A statistic that no run varies has spread 0 and is left out.
    """

    rooted: NDArray[np.bool_]
    centre: Array
    spread: Array

    @classmethod
    def of(cls, statistics: Array) -> Scale:
        """Return the scale of a set of runs."""
        whole = statistics == np.round(statistics)
        rooted = np.array(
            [bool(np.all(whole[:, i] | np.isnan(statistics[:, i]))) for i in range(len(whole[0]))]
        )
        rooted &= np.nanmin(np.where(np.isnan(statistics), 0.0, statistics), axis=0) >= 0
        plain = _rooted(statistics, rooted)
        known = ~np.isnan(plain)
        number = np.maximum(known.sum(axis=0), 1)
        centre = np.where(known, plain, 0.0).sum(axis=0) / number
        spread = np.sqrt(np.where(known, (plain - centre) ** 2, 0.0).sum(axis=0) / number)
        return cls(rooted, centre, spread)

    def apply(self, statistics: Array) -> Array:
        """Return statistics on the scale, shape (runs, statistics)."""
        plain = _rooted(np.atleast_2d(statistics), self.rooted)
        spread = np.where(self.spread > 0, self.spread, np.inf)
        scaled: Array = np.where(np.isnan(plain), 0.0, (plain - self.centre) / spread)
        return scaled


def reachable(statistics: Array, record: Array) -> NDArray[np.bool_]:
    """Return which statistics of the record lie inside the range of the runs, shape (statistics,).

    The model cannot write the others, whatever its parameters. To fit to them would be to extrapolate, so
    they are left out of the fit and named. So are those that are undefined in every run.
    """
    unknown = np.isnan(statistics)
    low = np.where(unknown, np.inf, statistics).min(axis=0)
    high = np.where(unknown, -np.inf, statistics).max(axis=0)
    inside: NDArray[np.bool_] = (low <= record) & (record <= high)
    return inside


def vector(statistics: dict[str, float]) -> Array:
    """Return named statistics as one row in the order of the vector."""
    return np.array([statistics[name] for name in NAMES])


def _rooted(statistics: Array, rooted: NDArray[np.bool_]) -> Array:
    return np.where(rooted, np.sqrt(np.where(rooted, statistics, 0.0)), statistics)
