"""How long a history must be for the theses to be told apart, by simulation.

Shorter than the record: the first years of simulated histories. Longer: more stretches of years under the
same parameters, each with random numbers of its own. The first are the ten years after the record; those
beyond start from the record again (2000, 2005, ...), since nobody knows the world of 2060. Evidence of
stretches is added up and calibrated anew, which treats them as independent given the thesis. Where theses
differ by parameters that last, that loses a little, so the years needed are rather too many than too few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.ensemble.origins import FORECAST, RECORD_PERIOD, ROLLING, Origin
from calibration.ensemble.store import EnsembleStore
from calibration.history import Window
from calibration.odds.classifier import best_temperature
from calibration.odds.evidence import FEWEST, Evidence, read_evidence
from calibration.odds.held_out import HeldOut, clustered_mean, hold_out
from calibration.statistics.measurement import Measurement

_SHORTER = (2002, 2013, 2024)  # last years of the record's part
_FIRST_FORECAST_YEAR = 2025


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some years of simulated history under every thesis.

    Parameters
    ----------
    years : int
    evidence : Evidence
    """

    years: int
    evidence: Evidence


def separation(
    windows: Sequence[Stretch],
    further: Sequence[Stretch],
    *,
    baseline: str,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Return how well theses are told apart, by length of history.

    Parameters
    ----------
    windows : sequence of Stretch
        Parts of one history, each from its start, the shortest first.
    further : sequence of Stretch
        Added to the longest of them one by one; the same draws.
    baseline : str
        The thesis that log odds are taken against.
    seed : int
    progress : callable, optional
        Called with the number of stretches judged.

    Returns
    -------
    DataFrame
        By length and thesis: mean probability of the truth with its 90 % interval, and the mean log odds of
        the truth against the baseline (NaN for the baseline itself).
    """
    rows: list[dict[str, object]] = []
    total, sum_ = 0, None
    for done, stretch in enumerate((*windows, *further), 1):
        held = hold_out(stretch.evidence, seed)
        if sum_ is None or done <= len(windows):
            total, sum_ = stretch.years, held
        else:
            total, sum_ = total + stretch.years, _added(sum_, held)
        rows += _rows(total, sum_, baseline, seed)
        if progress is not None:
            progress(done)
    return pd.DataFrame(rows)


def years_needed(table: pd.DataFrame, column: str, goal: float) -> pd.DataFrame:
    """Return the length at which a mean first reaches a goal, between two lengths by a straight line.

    Parameters
    ----------
    table : DataFrame
        From `separation`.
    column : str
        ``probability`` or ``log_odds``.
    goal : float

    Returns
    -------
    DataFrame
        By thesis: years, NaN where it is not reached; longest, the length that was tried.
    """
    found = []
    for thesis, rows in table.groupby("thesis", sort=False):
        years, values = rows["years"].to_numpy(dtype=float), rows[column].to_numpy(dtype=float)
        reached = np.flatnonzero(values >= goal)
        needed = float("nan")
        if reached.size:
            place = int(reached[0])
            needed = float(years[place])
            if place:
                part = (goal - values[place - 1]) / (values[place] - values[place - 1])
                needed = float(years[place - 1] + part * (years[place] - years[place - 1]))
        found.append({"thesis": thesis, "years": needed, "longest": float(years.max())})
    return pd.DataFrame(found)


def read_stretches(
    store: EnsembleStore, theses: Sequence[str], measurement: Measurement
) -> tuple[list[Stretch], list[Stretch]]:
    """Return the parts of the record's years, and what further stretches the ensemble has.

    Raises
    ------
    EnsembleError
        If there are no runs over the record's years.
    """
    start = RECORD_PERIOD.month.year
    windows = [_stretch(store, theses, RECORD_PERIOD, Window(start, last), measurement) for last in _SHORTER]
    there = [origin for origin in (FORECAST, *ROLLING) if _has(store, theses, origin)]
    further = [_stretch(store, theses, origin, _window(origin), measurement) for origin in there]
    return windows, further


def _window(origin: Origin) -> Window:
    if origin == FORECAST:
        return Window(_FIRST_FORECAST_YEAR, _FIRST_FORECAST_YEAR + origin.years - 2)
    return Window(origin.month.year, origin.month.year + origin.years - 1)


def _has(store: EnsembleStore, theses: Sequence[str], origin: Origin) -> bool:
    return all(len(store.draws_stored(thesis, origin)) >= FEWEST for thesis in theses)


def _stretch(
    store: EnsembleStore, theses: Sequence[str], origin: Origin, window: Window, measurement: Measurement
) -> Stretch:
    return Stretch(window.years, read_evidence(store, theses, origin, window, measurement))


def _added(one: HeldOut, other: HeldOut) -> HeldOut:
    """Return the evidence of both histories of each draw together."""
    places = [_first_places(held) for held in (one, other)]
    common = sorted(places[0].keys() & places[1].keys())
    first, second = (np.array([found[key] for key in common]) for found in places)
    logs = one.logs[first] / one.temperature + other.logs[second] / other.temperature
    labels = one.labels[first]
    return HeldOut(one.theses, labels, one.draws[first], logs, best_temperature(logs, labels))


def _first_places(held: HeldOut) -> dict[tuple[int, int], int]:
    keys = zip(held.labels.tolist(), held.draws.tolist(), strict=True)
    found: dict[tuple[int, int], int] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, place)
    return found


def _rows(years: int, held: HeldOut, baseline: str, seed: int) -> list[dict[str, object]]:
    shares = np.log(np.maximum(held.probabilities, 1e-12))
    against = held.theses.index(baseline) if baseline in held.theses else None
    rows: list[dict[str, object]] = []
    for place, thesis in enumerate(held.theses):
        own = held.labels == place
        mean, low, high = clustered_mean(held.of_truth[own], held.draws[own], seed)
        gap = float("nan")
        if against is not None and place != against:
            gap = float((shares[own, place] - shares[own, against]).mean())
        rows.append(
            {
                "years": years, "thesis": thesis, "probability": mean, "low": low, "high": high,
                "log_odds": gap, "histories": int(own.sum()),
            }
        )  # fmt: skip
    return rows
