"""Is the method to be trusted? Known parameters are hidden behind synthetic histories and looked for.

Simulation-based calibration (Talts et al. 2018): if the posterior is right, the rank of the truth in it is
uniform; and 50 % and 90 % intervals hold the truth as often as they say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from sklearn.model_selection import KFold

from calibration.fit.posterior import Fitter
from calibration.fit.sample import Array, Sample

RECOVERED = 0.1
"""Share of a parameter's prior variance that must come back, out of sample, for it to be fitted: first by
regression on the statistics, then by the posterior mean in synthetic histories.
"""

FOLDS = 5
"""Parts of the runs, each hidden in turn."""

_BINS = 10


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came back of known parameters.

    Parameters
    ----------
    paths : tuple of str
    truth, estimate : ndarray, shape (histories, parameters)
        Prior scores, and posterior means.
    ranks : ndarray, shape (histories, parameters)
        Share of the posterior below the truth.
    inside : dict of float to ndarray of bool, shape (histories, parameters)
        Whether the central interval of a level holds the truth.
    """

    paths: tuple[str, ...]
    truth: Array
    estimate: Array
    ranks: Array
    inside: dict[float, NDArray[np.bool_]]

    @property
    def shares(self) -> Array:
        """Share of each parameter's prior variance that came back, shape (parameters,).

        Below 0 if the posterior mean is a worse guess than the prior's.
        """
        lost: Array = ((self.truth - self.estimate) ** 2).mean(axis=0) / self.truth.var(axis=0)
        return 1 - lost

    def table(self) -> pd.DataFrame:
        """Return one row a parameter.

        Columns: parameter, recovered (share of the prior's variance), correlation, then for 50 and 90 % the
        share of intervals that hold the truth (``cover_50``) with its exact 95 % interval, and
        ``uniform_p``, the p-value of a chi-squared test that ranks are uniform.
        """
        rows = []
        for place, path in enumerate(self.paths):
            truth, estimate = self.truth[:, place], self.estimate[:, place]
            row: dict[str, float | str] = {
                "parameter": path,
                "recovered": float(self.shares[place]),
                "correlation": float(np.corrcoef(truth, estimate)[0, 1]),
            }
            for level, inside in self.inside.items():
                hits = int(inside[:, place].sum())
                interval = stats.binomtest(hits, len(truth)).proportion_ci(0.95)
                name = f"cover_{round(100 * level)}"
                row |= {name: hits / len(truth), f"{name}_low": interval.low, f"{name}_high": interval.high}
            row["uniform_p"] = uniformity(self.ranks[:, place])
            rows.append(row)
        return pd.DataFrame(rows)


def explained_shares(sample: Sample) -> Array:
    """Return how much of each parameter's variance statistics explain, cross-validated; can be below 0."""
    guesses = np.empty_like(sample.scores)
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(sample.scores):
        guesses[test] = Fitter(sample.take(train)).predict(sample.statistics[test])
    errors = ((sample.scores - guesses) ** 2).mean(axis=0)
    shares: Array = 1 - errors / sample.scores.var(axis=0)
    return shares


def recover(sample: Sample, parameters: NDArray[np.intp], keep: float, most: int = 1000) -> Recovery:
    """Hide the parameters of runs that the method has not seen, and look for them.

    Parameters
    ----------
    sample : Sample
    parameters : ndarray of int
        Columns that are fitted.
    keep : float
        As for `Fitter`.
    most : int
        Synthetic histories at most.
    """
    truth, estimate, ranks = [], [], []
    inside: dict[float, list[NDArray[np.bool_]]] = {0.5: [], 0.9: []}
    limit = -(-most // FOLDS)
    for train, test in KFold(FOLDS, shuffle=True, random_state=1).split(sample.scores):
        fitter = Fitter(sample.take(train), keep, parameters)
        for row in test[:limit]:
            known = sample.scores[row, parameters]
            posterior = fitter.posterior(sample.statistics[row])
            truth.append(known)
            estimate.append(posterior.mean)
            ranks.append(posterior.ranks(known))
            for level, found in inside.items():
                low, high = posterior.quantiles(((1 - level) / 2, (1 + level) / 2))
                found.append((low <= known) & (known <= high))
    return Recovery(
        tuple(sample.paths[place] for place in parameters),
        np.array(truth),
        np.array(estimate),
        np.array(ranks),
        {level: np.array(found) for level, found in inside.items()},
    )


def uniformity(ranks: Array) -> float:
    """Return the p-value of a chi-squared test that ranks in [0, 1] are uniform."""
    counts = np.histogram(ranks, bins=_BINS, range=(0, 1))[0]
    return float(stats.chisquare(counts).pvalue)
