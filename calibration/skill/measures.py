"""How good forecasts are: ranking, calibration, and scores with intervals that draw whole states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.backtest.scores import LEVEL, event_scores, resampled, summarise_scores

Array = NDArray[np.float64]

CLIP = 0.005
"""Probabilities are kept this far from 0 and 1: who says never is scored as saying once in 200."""

RESAMPLES = 1000
BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
"""Edges of the bins of a calibration curve."""


def pairs_won(probabilities: Array, happened: Array) -> Array:
    """Return for each pair of a case that happened and one that did not: 1 if ranked right, .5 if tied.

    Parameters
    ----------
    probabilities, happened : ndarray, shape (cases,)

    Returns
    -------
    ndarray, shape (cases that happened, cases that did not)
    """
    events, others = probabilities[happened == 1], probabilities[happened == 0]
    won: Array = (events[:, None] > others) + 0.5 * (events[:, None] == others)
    return won


def ranking(
    probabilities: Array,
    happened: Array,
    clusters: Sequence[object] | NDArray[np.generic],
    groups: Sequence[object] | NDArray[np.generic] | None = None,
    *,
    seed: int = 1,
) -> tuple[float, float, float]:
    """Return the area under the ROC curve with its 90 % interval.

    Parameters
    ----------
    probabilities, happened : ndarray, shape (cases,)
    clusters : sequence, length cases
        What is drawn whole for the interval: states.
    groups : sequence, length cases, optional
        Only pairs of the same group are compared: with states as groups it tells of *when*, not of *where*.
    seed : int

    Returns
    -------
    tuple of float
        Value, low, high; NaN where no pair can be compared.
    """
    happened = np.asarray(happened)
    won = pairs_won(probabilities, happened)
    compared = np.ones(won.shape)
    if groups is not None:
        _, codes = np.unique(np.asarray(groups), return_inverse=True)
        compared = (codes[happened == 1][:, None] == codes[happened == 0]).astype(float)
    if not compared.sum():
        return (np.nan, np.nan, np.nan)
    weights = resampled(clusters, seed, RESAMPLES)
    first, second = weights[:, happened == 1], weights[:, happened == 0]
    above = ((first @ (won * compared)) * second).sum(axis=1)
    below = ((first @ compared) * second).sum(axis=1)
    drawn = above[below > 0] / below[below > 0]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float((won * compared).sum() / compared.sum()), float(low), float(high)


def score_events(
    cases: pd.DataFrame, forecasters: Sequence[str], reference: str, seed: int = 1
) -> pd.DataFrame:
    """Return scores of forecasts of yes or no.

    Parameters
    ----------
    cases : DataFrame
        One row a case: ``happened`` (0 or 1), ``state``, and a probability by forecaster. If it has
        ``origin``, rankings within states compare cases of the same origin.
    forecasters : sequence of str
    reference : str
        The forecaster whom others are compared with.
    seed : int
        Of the resampling of states.

    Returns
    -------
    DataFrame
        By forecaster: cases, events, mean probability, brier and log; by how much brier and log differ from
        the reference (below 0 is better), with 90 % intervals; skill (part of the reference's log score that
        is saved); auc and within_auc with intervals.
    """
    happened = cases["happened"].to_numpy(dtype=float)
    states = cases["state"].to_numpy()
    groups = [f"{state} {origin}" for state, origin in zip(states, cases.get("origin", states), strict=True)]
    found = {name: event_scores(cases[name].to_numpy(), happened, CLIP) for name in forecasters}
    brier, log = (
        summarise_scores(
            cases, {name: found[name][score] for name in forecasters}, reference,
            cluster="state", seed=seed, resamples=RESAMPLES,
        ).set_index("forecaster")
        for score in ("brier", "log")
    )  # fmt: skip
    rows = []
    for name in forecasters:
        given = cases[name].to_numpy(dtype=float)
        auc, within = (ranking(given, happened, states, of, seed=seed) for of in (None, groups))
        row = {
            "forecaster": name,
            "cases": len(cases),
            "events": int(happened.sum()),
            "mean": float(given.mean()),
        }
        for score, table in (("brier", brier), ("log", log)):
            own = table.loc[name]
            row |= {score: own["score"], f"{score}_difference": own["difference"]}
            row |= {f"{score}_low": own["low"], f"{score}_high": own["high"]}
        row["skill"] = log.loc[name, "skill"]
        row |= dict(zip(("auc", "auc_low", "auc_high"), auc, strict=True))
        row |= dict(zip(("within_auc", "within_low", "within_high"), within, strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def calibration_curve(probabilities: Array, happened: Array) -> pd.DataFrame:
    """Return how often events happened by what was said of them.

    Returns
    -------
    DataFrame
        One row a bin of `BINS` with cases: low, high, cases, said (mean probability), happened (share).
    """
    places = np.clip(np.digitize(probabilities, BINS[1:-1]), 0, len(BINS) - 2)
    rows = [
        {
            "low": BINS[place],
            "high": BINS[place + 1],
            "cases": int((places == place).sum()),
            "said": float(probabilities[places == place].mean()),
            "happened": float(np.asarray(happened)[places == place].mean()),
        }
        for place in np.unique(places)
    ]
    return pd.DataFrame(rows)
