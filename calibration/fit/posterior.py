"""Approximate Bayesian computation on a stored sample: rejection, then local-linear adjustment.

The statistics are many and the runs are few, so they are first compressed to one number a parameter, its
ridge regression on all of them (semi-automatic ABC: Fearnhead and Prangle 2012, JRSS B 74). Runs are then
weighted by their distance from the record in those numbers (Epanechnikov kernel) and their parameters moved
along a local linear regression to where the record is (Beaumont, Zhang and Balding 2002, Genetics 162). All
of it happens on the scale of prior scores, on which every value is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold

from calibration.fit.sample import Array, FitError, Sample, Scale

FEWEST = 75
"""Runs below which nothing is fitted."""

_FOLDS = 10
_PENALTIES = np.geomspace(1, 3000, 12)


@dataclass(frozen=True, slots=True)
class Posterior:
    """A weighted sample.

    Parameters
    ----------
    scores : ndarray, shape (kept, parameters)
        Adjusted prior scores.
    weights : ndarray, shape (kept,)
        Summing to 1.
    rows : ndarray of int, shape (kept,)
        Which runs of the sample they come from.
    """

    scores: Array
    weights: Array
    rows: NDArray[np.intp]

    @property
    def size(self) -> float:
        """Effective number of draws (Kish)."""
        return float(1 / (self.weights**2).sum())

    @property
    def mean(self) -> Array:
        """Posterior mean, shape (parameters,)."""
        centre: Array = self.weights @ self.scores
        return centre

    @property
    def sd(self) -> Array:
        """Posterior standard deviation, shape (parameters,)."""
        spread: Array = np.sqrt(self.weights @ (self.scores - self.mean) ** 2)
        return spread

    def quantiles(self, levels: tuple[float, ...]) -> Array:
        """Return weighted quantiles, shape (levels, parameters)."""
        columns = []
        for values in self.scores.T:
            order = np.argsort(values)
            heights = np.cumsum(self.weights[order]) - self.weights[order] / 2
            columns.append(np.interp(levels, heights, values[order]))
        return np.array(columns).T

    def ranks(self, truth: Array) -> Array:
        """Return the share of the posterior below some scores, shape (parameters,)."""
        shares: Array = self.weights @ (self.scores < truth)
        return np.clip(shares, 0, 1)  # weights sum to 1 only nearly, and a histogram drops what is above

    def resample(self, number: int, seed: int) -> Array:
        """Return equally weighted draws, shape (number, parameters)."""
        generator = np.random.default_rng(seed)
        return self.scores[generator.choice(len(self.scores), number, p=self.weights)]


class Fitter:
    """Learns from a sample once, then gives a posterior for any statistics.

    Parameters
    ----------
    sample : Sample
    keep : float
        Share of the runs that get a weight.
    parameters : ndarray of int, optional
        Columns to fit; all if not given. Distances are taken in these.

    Raises
    ------
    FitError
        If there are too few runs.
    """

    def __init__(self, sample: Sample, keep: float = 0.5, parameters: NDArray[np.intp] | None = None) -> None:
        if len(sample) < FEWEST:
            raise FitError(f"{len(sample)} runs are too few for a fit: at least {FEWEST} are needed")
        self.keep = max(round(keep * len(sample)), 50)
        columns = np.arange(len(sample.paths)) if parameters is None else parameters
        self.scores = sample.scores[:, columns]
        self.scale = Scale.of(sample.statistics)
        scaled = self.scale.apply(sample.statistics)
        self.model = _regressions(scaled, self.scores)
        self.compressed = _out_of_sample(scaled, self.scores)

    def predict(self, statistics: Array) -> Array:
        """Return each parameter's regression on statistics, shape (rows, parameters)."""
        return _predictions(self.model, self.scale.apply(statistics))

    def posterior(self, statistics: Array) -> Posterior:
        """Return the posterior given statistics, shape (statistics,)."""
        target = self.predict(statistics)[0]
        spread = self.compressed.std(axis=0)
        away = (self.compressed - target) / np.where(spread > 0, spread, np.inf)
        distance = np.sqrt((away**2).sum(axis=1))
        rows = np.argsort(distance)[: self.keep]
        farthest = distance[rows[-1]]
        weights = 1 - (distance[rows] / farthest) ** 2 if farthest > 0 else np.ones(len(rows))
        weights = np.maximum(weights, 0)
        design = np.column_stack([np.ones(len(rows)), self.compressed[rows] - target])
        roots = np.sqrt(weights)[:, None]
        slopes = np.linalg.lstsq(roots * design, roots * self.scores[rows], rcond=None)[0]
        centre = slopes[0]
        residuals = self.scores[rows] - design @ slopes
        weights = weights / weights.sum()
        freedom = 1 / (weights**2).sum() - design.shape[1]  # lost to the regression, which narrows residuals
        wider = np.sqrt(1 / (weights**2).sum() / max(freedom, 1))
        return Posterior(centre + wider * residuals, weights, rows)


def _regressions(scaled: Array, scores: Array) -> RidgeCV:
    """Return a regression of each parameter, each with its own penalty."""
    return RidgeCV(_PENALTIES, alpha_per_target=True).fit(scaled, scores)


def _predictions(model: RidgeCV, scaled: Array) -> Array:
    return np.asarray(model.predict(scaled)).reshape(len(scaled), -1)  # of one parameter it is flat


def _out_of_sample(scaled: Array, scores: Array) -> Array:
    """Return each run's regression as of a model that has not seen it.

    Otherwise runs would look closer to their own parameters than the record can be to its own, and
    intervals would come out too narrow.
    """
    found = np.empty_like(scores)
    for train, test in KFold(_FOLDS, shuffle=True, random_state=2).split(scaled):
        found[test] = _predictions(_regressions(scaled[train], scores[train]), scaled[test])
    return found
