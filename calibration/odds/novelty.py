"""Whether the record looks like anything that a thesis writes; if not, odds among theses say little."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.covariance import LedoitWolf
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PowerTransformer

from calibration.odds.evidence import Array, Evidence

UNUSUAL = 0.05
"""Share of a thesis's own histories that are as unlike the rest; below it a history is flagged."""

_FOLDS = 5


def novelty(evidence: Evidence, history: Array, seed: int) -> pd.DataFrame:
    """Return how unlike each thesis's histories a history is.

    The distance is Mahalanobis's with a shrunk covariance (Ledoit and Wolf 2004), on statistics made as
    near normal as a power transform does (Yeo and Johnson 2000). Runs are judged by runs of other folds, as
    the history is.

    Parameters
    ----------
    evidence : Evidence
    history : ndarray, shape (statistics,)
    seed : int

    Returns
    -------
    DataFrame
        By thesis: distance, the median run's distance, share of runs at least as distant, flagged.
    """
    rows = []
    for place, thesis in enumerate(evidence.theses):
        cloud = evidence.statistics[evidence.labels == place]
        own, other = [], []
        for known, unknown in KFold(_FOLDS, shuffle=True, random_state=seed).split(cloud):
            judged = _Cloud(cloud[known]).distances(np.vstack([cloud[unknown], history]))
            own.append(judged[:-1])
            other.append(judged[-1])
        runs, distance = np.concatenate(own), float(np.mean(other))
        share = float((1 + (runs >= distance).sum()) / (1 + len(runs)))
        rows.append(
            {
                "thesis": thesis,
                "distance": distance,
                "median_of_runs": float(np.median(runs)),
                "share_as_distant": share,
                "flagged": share < UNUSUAL,
            }
        )
    return pd.DataFrame(rows)


def set_apart(evidence: Evidence, history: Array) -> pd.DataFrame:
    """Return what sets a history apart from each thesis's: each statistic, alone and given all others.

    A history may be strange though each of its numbers is usual: many challenges with few crowds, say.

    Returns
    -------
    DataFrame
        Thesis, statistic, and its distance from the mean of the runs and from what the other statistics lead
        to expect, both in standard deviations; by thesis, the greatest distance given the others first.
    """
    rows = []
    for place, thesis in enumerate(evidence.theses):
        cloud = _Cloud(evidence.statistics[evidence.labels == place])
        alone, given = cloud.places(history), cloud.places_given_the_rest(history)
        for name in np.argsort(-np.abs(given), kind="stable").tolist():
            rows.append(
                {
                    "thesis": thesis,
                    "statistic": evidence.names[name],
                    "alone": float(alone[name]),
                    "given_the_rest": float(given[name]),
                }
            )
    return pd.DataFrame(rows)


def outlying(evidence: Evidence, history: Array) -> pd.DataFrame:
    """Return each statistic's place among all runs, the most outlying first.

    Returns
    -------
    DataFrame
        Statistic, value, 5th, 50th and 95th percentile of runs, and the two-sided share as extreme.
    """
    rows = []
    for place, name in enumerate(evidence.names):
        known = evidence.statistics[:, place]
        known = known[~np.isnan(known)]
        value = float(history[place])
        row = {
            "statistic": name,
            "value": value,
            "low": np.nan,
            "median": np.nan,
            "high": np.nan,
            "tail": np.nan,
        }
        if known.size and np.isfinite(value):
            row["low"], row["median"], row["high"] = np.quantile(known, [0.05, 0.5, 0.95]).tolist()
            row["tail"] = min(1.0, 2 * min(float((known <= value).mean()), float((known >= value).mean())))
        rows.append(row)
    return pd.DataFrame(rows).sort_values("tail", kind="stable", ignore_index=True)


def by_thesis(evidence: Evidence, history: Array) -> pd.DataFrame:
    """Return where each thesis's histories put each statistic, next to the record.

    Returns
    -------
    DataFrame
        By statistic and thesis: record, and the 5th, 50th and 95th percentile of the runs in which it is
        defined (``low``, ``median``, ``high``).
    """
    rows = []
    for place, name in enumerate(evidence.names):
        for number, thesis in enumerate(evidence.theses):
            values = evidence.statistics[evidence.labels == number, place]
            values = values[~np.isnan(values)]
            low, median, high = np.quantile(values, [0.05, 0.5, 0.95]) if values.size else [np.nan] * 3
            rows.append(
                {
                    "statistic": name, "thesis": thesis, "record": float(history[place]), "low": float(low),
                    "median": float(median), "high": float(high),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


class _Cloud:
    """Histories as a normal cloud, in standard deviations.

    Parameters
    ----------
    histories : ndarray, shape (runs, statistics)
    """

    def __init__(self, histories: Array) -> None:
        self._scale = make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True), PowerTransformer(standardize=True)
        ).fit(histories)
        self._shape = LedoitWolf().fit(self._scale.transform(histories))

    def distances(self, judged: Array) -> Array:
        """Return Mahalanobis's distance of each history from the middle."""
        found: Array = np.sqrt(self._shape.mahalanobis(self._scale.transform(judged)))
        return found

    def places(self, history: Array) -> Array:
        """Return each statistic's distance from the mean, in standard deviations."""
        found: Array = self._scale.transform(history[None])[0] - self._shape.location_
        return found

    def places_given_the_rest(self, history: Array) -> Array:
        """Return each statistic's distance from what all others lead to expect, in its standard deviations.

        The precision matrix holds the regressions of each on the others (Whittaker 1990, *Graphical Models
        in Applied Multivariate Statistics*, ch. 5).
        """
        precision = self._shape.precision_
        found: Array = precision @ self.places(history) / np.sqrt(np.diag(precision))
        return found
