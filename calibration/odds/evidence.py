"""What an ensemble offers a classifier: runs of every thesis, each as its summary statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.ensemble.origins import Origin
from calibration.ensemble.store import EnsembleStore
from calibration.history import ObservedHistory, Window
from calibration.statistics import NAMES, summarise
from calibration.statistics.measurement import Measurement
from calibration.statistics.summary import summarise_run
from sim.errors import SimError

Array = NDArray[np.float64]

FEWEST = 10
"""Draws below which there is nothing to compare."""


class OddsError(SimError, ValueError):
    """The ensemble does not allow a comparison of theses."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Runs under several theses.

    Parameters
    ----------
    theses : tuple of str
    labels : ndarray of int, shape (runs,)
        Place of each run's thesis in ``theses``.
    draws : ndarray of int, shape (runs,)
        A draw has the same quantiles and the same random numbers under every thesis, so its runs are
        twins: they must be held out together.
    statistics : ndarray, shape (runs, statistics)
        NaN where undefined.
    names : tuple of str
        Of the statistics.
    """

    theses: tuple[str, ...]
    labels: NDArray[np.intp]
    draws: NDArray[np.intp]
    statistics: Array
    names: tuple[str, ...] = NAMES

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[np.intp]) -> Evidence:
        """Return some of the runs."""
        return Evidence(self.theses, self.labels[rows], self.draws[rows], self.statistics[rows], self.names)

    def seen_through(self, used: NDArray[np.bool_]) -> Evidence:
        """Return the same runs with some of the statistics only."""
        names = tuple(name for name, use in zip(self.names, used, strict=True) if use)
        return Evidence(self.theses, self.labels, self.draws, self.statistics[:, used], names)

    def reachable(self, record: Array) -> NDArray[np.bool_]:
        """Return which statistics of a record some run reaches; to judge by others would be to extrapolate.

        Parameters
        ----------
        record : ndarray, shape (statistics,)
        """
        some = ~np.isnan(self.statistics).all(axis=0)
        filled = np.where(some, self.statistics, 0.0)
        low, high = np.nanmin(filled, axis=0), np.nanmax(filled, axis=0)
        inside: NDArray[np.bool_] = some & (low <= record) & (record <= high)
        return inside


def read_evidence(
    store: EnsembleStore, theses: Sequence[str], origin: Origin, window: Window, measurement: Measurement
) -> Evidence:
    """Return the stored runs of some theses, with the errors of the record put on them.

    Only draws that every thesis has are kept, so that none has more runs than another.

    Raises
    ------
    EnsembleError
        If a thesis has no runs from that origin.
    OddsError
        If there are fewer than two theses, or fewer than ten draws in common.
    """
    if len(theses) < 2:
        raise OddsError("odds need at least two theses")
    found: list[dict[tuple[int, int], list[float]]] = []
    for thesis in theses:
        rows = {
            (draw, repeat): list(summarise_run(history, window, measurement, draw, repeat).values())
            for draw, repeat, history in store.histories(thesis, origin)
        }
        found.append(rows)
    common = sorted(set.intersection(*(set(rows) for rows in found)))
    if len({draw for draw, _ in common}) < FEWEST:
        raise OddsError(
            f"{store.folder}: {len(common)} draws that all of {', '.join(theses)} have from {origin.key}; "
            "odds need at least ten, and are of use from some hundreds: make more (--draws)"
        )
    return Evidence(
        tuple(theses),
        np.repeat(np.arange(len(theses)), len(common)),
        np.tile(np.array([draw for draw, _ in common]), len(theses)),
        np.array([rows[key] for rows in found for key in common], dtype=float),
    )


def statistics_of(record: ObservedHistory, window: Window) -> Array:
    """Return the record's statistics as one row, in the order of the vector."""
    return np.array(list(summarise(record, window).values()), dtype=float)
