"""From statistics to probabilities of the theses, by classification of simulated histories.

Not by counting which thesis's runs come near the record (ABC model choice): where statistics are not
sufficient across models, and none that one can write down are, those counts do not converge to the posterior
probabilities, and nothing tells how far off they are (Robert, Cornuet, Marin and Pillai 2011, PNAS). What a
classifier estimates is the posterior given these statistics, no more; its error is measured on simulations
that it has not seen (Pudlo et al. 2016, Bioinformatics).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from calibration.odds.evidence import Array, Evidence

_FLOOR = 1e-6  # of a probability, so that its logarithm is finite


@dataclass(frozen=True, slots=True)
class Classifier:
    """Gradient-boosted trees and a quadratic logit, averaged: trees for thresholds, the logit for small data.

    Parameters
    ----------
    members : tuple
        Fitted classifiers of scikit-learn.
    theses : int
        Number of classes.
    known : ndarray of bool, shape (statistics,)
        Statistics that some run had when they were fitted; the others say nothing.
    """

    members: tuple[Any, ...]
    theses: int
    known: NDArray[np.bool_]

    def log_probabilities(self, statistics: Array) -> Array:
        """Return uncalibrated log probabilities, shape (runs, theses)."""
        total = np.zeros((len(statistics), self.theses))
        for member in self.members:
            total[:, member.classes_] += member.predict_proba(statistics[:, self.known])
        logs: Array = np.log(np.maximum(total / len(self.members), _FLOOR))
        return logs


def train(evidence: Evidence, seed: int) -> Classifier:
    """Fit both classifiers to runs.

    Parameters
    ----------
    evidence : Evidence
    seed : int
    """
    trees = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=1.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    logit = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        PolynomialFeatures(2, include_bias=False),
        StandardScaler(),
        LogisticRegression(C=0.003, max_iter=500),
    )
    known = np.asarray(~np.isnan(evidence.statistics).all(axis=0))
    for member in (trees, logit):
        member.fit(evidence.statistics[:, known], evidence.labels)
    return Classifier((trees, logit), len(evidence.theses), known)


def tempered(logs: Array, temperature: float) -> Array:
    """Return probabilities whose logarithms are divided by a temperature; a high one makes them equal.

    Parameters
    ----------
    logs : ndarray, shape (runs, theses)
    temperature : float
        Above 0.
    """
    cooled = logs / temperature
    raised = np.exp(cooled - cooled.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares


def best_temperature(logs: Array, labels: NDArray[np.intp]) -> float:
    """Return the temperature with the best mean log score on held-out runs (Guo et al. 2017).

    Parameters
    ----------
    logs : ndarray, shape (runs, theses)
        Of runs that the classifier has not seen.
    labels : ndarray of int, shape (runs,)
    """

    def loss(exponent: float) -> float:
        shares = tempered(logs, float(np.exp(exponent)))
        return -float(np.log(np.maximum(shares[np.arange(len(labels)), labels], _FLOOR)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 6.0), method="bounded").x))
