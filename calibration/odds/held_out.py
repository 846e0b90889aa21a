"""What the classifier makes of simulated histories whose thesis is known, and that it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from calibration.odds.classifier import best_temperature, tempered, train
from calibration.odds.evidence import Array, Evidence

FOLDS = 5


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Held-out probabilities of every run.

    Parameters
    ----------
    theses : tuple of str
    labels : ndarray of int, shape (runs,)
        The truth.
    draws : ndarray of int, shape (runs,)
    logs : ndarray, shape (runs, theses)
        Uncalibrated log probabilities, each from a classifier that has not seen the run or its twins.
    temperature : float
        Calibrates them; one number fitted to all held-out runs together.
    """

    theses: tuple[str, ...]
    labels: NDArray[np.intp]
    draws: NDArray[np.intp]
    logs: Array
    temperature: float

    @property
    def probabilities(self) -> Array:
        """Calibrated, shape (runs, theses)."""
        return tempered(self.logs, self.temperature)

    @property
    def of_truth(self) -> Array:
        """Probability that each run's true thesis gets, shape (runs,)."""
        found: Array = self.probabilities[np.arange(len(self.labels)), self.labels]
        return found

    @property
    def chosen(self) -> NDArray[np.intp]:
        """Most probable thesis of each run."""
        return np.asarray(self.probabilities.argmax(axis=1))

    def confusion(self) -> pd.DataFrame:
        """Return the share of each thesis's histories (rows) that are taken for each thesis (columns)."""
        number = len(self.theses)
        counts = np.zeros((number, number))
        np.add.at(counts, (self.labels, self.chosen), 1)
        return self._table(counts / counts.sum(axis=1, keepdims=True))

    def mean_posterior(self) -> pd.DataFrame:
        """Return the mean probability that each thesis's histories (rows) give each thesis (columns)."""
        shares = self.probabilities
        rows = [shares[self.labels == place].mean(axis=0) for place in range(len(self.theses))]
        return self._table(np.array(rows))

    def mean_of_truth(self, seed: int, level: float = 0.90) -> tuple[float, float, float]:
        """Return the mean probability of the truth, with a bootstrap interval over draws.

        Returns
        -------
        tuple of float
            Mean, lower and upper bound.
        """
        return clustered_mean(self.of_truth, self.draws, seed, level)

    def reliability(self, bins: int = 8) -> pd.DataFrame:
        """Return, by bin of the given probability, its mean, the share that came true, and the number."""
        given = self.probabilities.ravel()
        true = (self.labels[:, None] == np.arange(len(self.theses))).ravel()
        edges = np.unique(np.quantile(given, np.linspace(0, 1, bins + 1)))
        place = np.clip(np.searchsorted(edges, given, side="right") - 1, 0, max(len(edges) - 2, 0))
        table = pd.DataFrame({"bin": place, "given": given, "came_true": true})
        found = table.groupby("bin").agg(
            given=("given", "mean"), came_true=("came_true", "mean"), number=("given", "size")
        )
        return found.reset_index(drop=True)

    def _table(self, values: Array) -> pd.DataFrame:
        return pd.DataFrame(values, index=pd.Index(self.theses, name="truth"), columns=list(self.theses))


def hold_out(evidence: Evidence, seed: int, progress: Callable[[int], None] | None = None) -> HeldOut:
    """Judge every run by classifiers that have not seen it, and calibrate the probabilities.

    Parameters
    ----------
    evidence : Evidence
    seed : int
    progress : callable, optional
        Called with the number of folds done.
    """
    logs = np.zeros((len(evidence), len(evidence.theses)))
    folds = GroupKFold(min(FOLDS, len(np.unique(evidence.draws))), shuffle=True, random_state=seed)
    for done, (known, unknown) in enumerate(folds.split(evidence.statistics, groups=evidence.draws), 1):
        judge = train(evidence.take(known), seed)
        logs[unknown] = judge.log_probabilities(evidence.statistics[unknown])
        if progress is not None:
            progress(done)
    temperature = best_temperature(logs, evidence.labels)
    return HeldOut(evidence.theses, evidence.labels, evidence.draws, logs, temperature)


def clustered_mean(
    values: Array, clusters: NDArray[np.intp], seed: int, level: float = 0.90, resamples: int = 1000
) -> tuple[float, float, float]:
    """Return a mean with a percentile bootstrap interval over clusters.

    Parameters
    ----------
    values : ndarray, shape (n,)
    clusters : ndarray of int, shape (n,)
        Values of one cluster are drawn together.
    seed : int
    level : float
    resamples : int
    """
    _, places = np.unique(clusters, return_inverse=True)
    sums, sizes = np.bincount(places, values), np.bincount(places)
    generator = np.random.default_rng(seed)
    drawn = generator.integers(len(sums), size=(resamples, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)
