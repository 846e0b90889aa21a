"""Forecasts that need no model: rates, persistence, and ridge regressions on what was known at the origin.

Each takes the years before an origin and the years to be forecast, and returns one probability a row of the
latter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

Array = NDArray[np.float64]
Forecaster = Callable[[pd.DataFrame, pd.DataFrame, str], Array]

BASE = "base rate"
"""Whom the others are compared with."""

OWN_YEARS = 10
"""Years of a state's own experience that the rate of all states is worth in `state_rate`."""

RECENT = 5
"""Years that persistence looks back on."""

STRUCTURAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "challenge": {
        "C1 openness": ("openness", "openness_gap"),
        "C2 civil society, vote, past": ("civil_society", "vote", "past"),
    },
    "fall": {"past challenges": ("past",)},
}
"""Covariates of the structural forecasters by outcome. They were named before they were scored here, by
people who
know the history; see the register of looks for what had been tried by then."""

WHEN: Mapping[str, tuple[str, ...]] = {
    "vote": ("vote",),
    "growth, income, vote": ("growth", "income", "vote"),
}
"""Covariates of the forecasters of *when*, one year ahead."""

SIDES: Mapping[str, tuple[str, ...]] = {
    "openness": ("openness",),
    "openness, near a vote": ("openness", "near_vote"),
}
"""Covariates of the forecasters of Moscow's side, given a challenge."""


def base_rate(before: pd.DataFrame, ahead: pd.DataFrame, outcome: str) -> Array:
    """Return the share of state-years with the event, the same for all; half an event is added."""
    return np.full(len(ahead), _rate(before[outcome]))


def state_rate(before: pd.DataFrame, ahead: pd.DataFrame, outcome: str) -> Array:
    """Return each state's own share, drawn toward that of all states."""
    common = _rate(before[outcome])
    own = (before[outcome] > 0).groupby(before["state"]).agg(["sum", "count"])
    shares = (own["sum"] + OWN_YEARS * common) / (own["count"] + OWN_YEARS)
    return ahead["state"].map(shares).to_numpy(dtype=float)


def persistence(before: pd.DataFrame, ahead: pd.DataFrame, outcome: str) -> Array:
    """Return the share of the state's last five years with the event, and a year at the rate of all."""
    recent = before[before["year"] > before["year"].max() - RECENT]
    own = (recent[outcome] > 0).groupby(recent["state"]).agg(["sum", "count"])
    shares = (own["sum"] + _rate(before[outcome])) / (own["count"] + 1)
    return ahead["state"].map(shares).to_numpy(dtype=float)


def structural(columns: Sequence[str]) -> Forecaster:
    """Return a logistic regression with a ridge penalty on standardised covariates.

    The penalty is that of a normal prior with a standard deviation of 1 on each coefficient. Where fewer
    than two cases differ from the others, the base rate is returned.

    Parameters
    ----------
    columns : sequence of str
        Covariates.
    """

    def forecast(before: pd.DataFrame, ahead: pd.DataFrame, outcome: str) -> Array:
        happened = (before[outcome] > 0).to_numpy()
        if not 2 <= happened.sum() <= len(happened) - 2:
            return base_rate(before, ahead, outcome)
        fit = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
        fit.fit(before[list(columns)].to_numpy(dtype=float), happened)
        found: Array = fit.predict_proba(ahead[list(columns)].to_numpy(dtype=float))[:, 1]
        return found

    return forecast


def forecasters(outcome: str) -> dict[str, Forecaster]:
    """Return the forecasters of an outcome of states and years, by name."""
    found: dict[str, Forecaster] = {BASE: base_rate, "state rate": state_rate, "persistence": persistence}
    return found | {name: structural(columns) for name, columns in STRUCTURAL[outcome].items()}


def _rate(counts: pd.Series) -> float:
    return float(((counts > 0).sum() + 0.5) / (len(counts) + 1))
