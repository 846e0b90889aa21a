"""Outcomes of two scenarios on the same luck: their distributions, and the differences pair by pair."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.results.intervals import bootstrap_means


def against(these: pd.DataFrame, those: pd.DataFrame) -> pd.DataFrame:
    """Describe one scenario's outcomes, and their paired differences from the baseline's.

    Parameters
    ----------
    these, those : DataFrame
        Of the scenario and of the baseline: one row a replicate, one column an outcome.

    Returns
    -------
    DataFrame
        One row an outcome; columns as in `sim.results.compare.Comparison`'s ``values``.
    """
    shared = these.index.intersection(those.index)
    differences = (these.loc[shared] - those.loc[shared]).to_numpy(float)
    low, high = bootstrap_means(differences)
    pairs = np.isfinite(differences).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.DataFrame(
            {
                "runs": these.notna().sum(),
                "mean": these.mean(),
                "median": these.median(),
                "q05": [_quantile(these[name], 0.05) for name in these],
                "q95": [_quantile(these[name], 0.95) for name in these],
                "pairs": pairs,
                "difference": np.nansum(differences, axis=0) / pairs,
                "low": low,
                "high": high,
                "above": (differences > 0).sum(axis=0) / pairs,
                "tied": (differences == 0).sum(axis=0) / pairs,
            }
        )


def _quantile(values: pd.Series[float], share: float) -> float:
    """Return a quantile of the defined values; of counts one that occurred: no run has 1.45 wars."""
    known = values.dropna().to_numpy(float)
    if not known.size:
        return float("nan")
    whole = bool((known == np.round(known)).all())
    return float(np.quantile(known, share, method="inverted_cdf" if whole else "linear"))
