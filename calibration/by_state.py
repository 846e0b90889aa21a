"""Where challenges and falls happen: the record next to runs, state by state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np
import pandas as pd

from calibration.comparison import distribution
from calibration.history import BALTIC, REGION, ObservedHistory, Window

QUANTITIES = ("challenges", "street falls")


def by_state(record: ObservedHistory, runs: Collection[ObservedHistory], window: Window) -> pd.DataFrame:
    """Place the record's counts by state in the distribution of runs.

    Parameters
    ----------
    record : ObservedHistory
    runs : collection of ObservedHistory
    window : Window
        Covered by the record and by every run.

    Returns
    -------
    DataFrame
        One row a state and quantity: window, state, quantity (``challenges`` or ``street falls``), record,
        and the columns of `calibration.comparison.distribution`.
    """
    recorded = counts(record.within(window))
    simulated = [counts(run.within(window)) for run in runs]
    rows = []
    for state in (*REGION, *BALTIC):
        for quantity in QUANTITIES:
            values = np.array([run[quantity][state] for run in simulated], dtype=float)
            known = float(recorded[quantity][state])
            row = {"window": str(window), "state": state, "quantity": quantity, "record": known}
            rows.append({**row, **distribution(values, known)})
    return pd.DataFrame(rows)


def counts(history: ObservedHistory) -> dict[str, Counter[str]]:
    """Count challenges and street falls by state; a state without any counts 0."""
    return {
        "challenges": Counter(challenge.state for challenge in history.challenges),
        "street falls": Counter(fall.subject for fall in history.street_falls),
    }
