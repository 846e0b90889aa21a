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
            judged = _distances(cloud[known], np.vstack([cloud[unknown], history]))
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


def _distances(cloud: Array, judged: Array) -> Array:
    scale = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True), PowerTransformer(standardize=True)
    ).fit(cloud)
    shape = LedoitWolf().fit(scale.transform(cloud))
    found: Array = np.sqrt(shape.mahalanobis(scale.transform(judged)))
    return found
