"""The record next to simulated runs, pattern by pattern and state by state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.history import BALTIC, REGION, ObservedHistory, Window
from calibration.patterns.catalogue import Pattern
from calibration.statistic import LEVEL

FIT = Window(1992, 2013)
TEST = Window(2014, 2024)
WINDOWS = {"fit": FIT, "test": TEST}
"""Which years a model may be fitted to, and which are kept to test it."""

TAIL = 1 - LEVEL
"""Share of runs outside the model's interval, both sides together."""


def compare(
    record: ObservedHistory,
    runs: Collection[ObservedHistory],
    patterns: Sequence[Pattern],
    windows: Sequence[Window],
) -> pd.DataFrame:
    """Place the record in the distribution of runs.

    Parameters
    ----------
    record : ObservedHistory
    runs : collection of ObservedHistory
    patterns : sequence of Pattern
    windows : sequence of Window
        Each covered by the record and by every run.

    Returns
    -------
    DataFrame
        One row a window and pattern: window, number, pattern, label, record, record_low, record_high,
        based_on, median, low, high (5th and 95th percentile of runs), mean, position (share of runs below
        the record, ties by half), tail (two-sided share of runs at least as extreme as the record), outside
        (whether it lies outside low to high), runs (in which it is defined), caution. The record's interval
        is exact at 90 % for counts, rates and shares.
    """
    rows = []
    for window in windows:
        recorded = record.within(window)
        simulated = [run.within(window) for run in runs]
        for pattern in patterns:
            known = pattern.compute(recorded)
            low, high = known.interval()
            values = np.array([pattern.compute(run).value for run in simulated], dtype=float)
            rows.append(
                {
                    "window": str(window),
                    "number": pattern.number,
                    "pattern": pattern.name,
                    "label": pattern.label,
                    "record": known.value,
                    "record_low": low,
                    "record_high": high,
                    "based_on": known.based_on,
                    **distribution(values[np.isfinite(values)], known.value),
                    "caution": pattern.caution,
                }
            )
    return pd.DataFrame(rows)


def distribution(values: NDArray[np.float64], record: float) -> dict[str, float]:
    """Sum up the runs and place the record among them; see `compare` for the keys."""
    if values.size == 0:
        nothing = dict.fromkeys(("median", "low", "high", "mean", "position", "tail"), float("nan"))
        return {**nothing, "outside": False, "runs": 0}
    low, median, high = np.quantile(values, [TAIL / 2, 0.5, 1 - TAIL / 2])
    position = tail = float("nan")
    if np.isfinite(record):
        below, above = float((values <= record).mean()), float((values >= record).mean())
        position = float((values < record).mean()) + float((values == record).mean()) / 2
        tail = min(1.0, 2 * min(below, above))
    return {
        "median": float(median),
        "low": float(low),
        "high": float(high),
        "mean": float(values.mean()),
        "position": position,
        "tail": tail,
        "outside": bool(record < low or record > high),
        "runs": int(values.size),
    }


def windows_for(history: ObservedHistory, record: ObservedHistory) -> list[Window]:
    """Return the fit and test windows, clipped to the years that a run and the record share.

    Raises
    ------
    ValueError
        If they share none.
    """
    first = max(history.window.first, record.window.first)
    last = min(history.window.last, record.window.last)
    clipped = [Window(max(w.first, first), min(w.last, last)) for w in WINDOWS.values()]
    shared = [window for window in clipped if window.years > 0]
    if not shared:
        raise ValueError(f"the runs cover {history.window}, of which nothing is on record ({record.window})")
    return shared


# -- where challenges and falls happen, state by state -----------------------------------------------

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
        and the columns of `distribution`.
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
