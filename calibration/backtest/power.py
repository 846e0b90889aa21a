"""How often the back-test would find a thesis that is true, and how often one that is not.

Each thesis writes histories in turn: what its own runs show from every origin stands for what happened. All
theses forecast them as they forecast the record, but without the draw that wrote the history, and with the
prior's weights: what runs did before an origin is not that history's past.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.backtest.ahead import recorded, smoothed
from calibration.backtest.baselines import base_rate
from calibration.backtest.losses import BRIER, LOG, beyond, event_losses, lots, over, visibly_less
from calibration.backtest.outcomes import EVENTS, SHARED, Array, Flags, spoken_to
from calibration.backtest.past import past_before
from calibration.ensemble.origins import Origin
from calibration.ensemble.store import EnsembleError, EnsembleStore
from calibration.history import ObservedHistory, Window
from calibration.statistic import binomial_interval
from calibration.statistics.measurement import Measurement
from sim.explain.words import counted
from sim.scenario import SHARED_WORLD, load_thesis

FEWEST = 2
"""Draws: one that writes a history, and one that forecasts it."""

FOUND = {
    "best_log": "has the best log score of all theses on the shared outcomes",
    "better": "predicts the shared outcomes visibly better than the base rate",
    "own_better": "predicts its own outcomes visibly better than the shared world",
    "own_beyond": "is better than the shared world on its own outcomes by more than both intervals",
}
"""Verdicts that a thesis can have in a history."""


@dataclass(frozen=True, slots=True)
class Written:
    """Losses in the histories that theses have written.

    Parameters
    ----------
    theses : tuple of str
    draws : tuple of int
        Of the histories of each thesis.
    losses : ndarray, shape (scores, draws, truths, forecasters, states, events)
        As from `event_losses`, over all origins, a mean of years; truths are the theses, forecasters too, and
        last the base rate.
    """

    theses: tuple[str, ...]
    draws: tuple[int, ...]
    losses: Array

    def verdicts(self, seed: int) -> dict[str, NDArray[np.bool_]]:
        """Return whether each forecaster has each verdict of `FOUND`, shape (draws, truths, theses).

        Parameters
        ----------
        seed : int
            Of the resampling of states.
        """
        drawn, theses = lots(seed), self.losses[:, :, :, :-1]
        shared, base = over(theses, SHARED), over(self.losses[:, :, :, -1:], SHARED)
        world = self.theses.index(SHARED_WORLD)
        found = {
            "best_log": self._best_log(),
            "better": visibly_less(shared[BRIER], base[BRIER], drawn)
            | visibly_less(shared[LOG], base[LOG], drawn),
            "own_better": np.zeros(theses.shape[1:4], dtype=bool),
            "own_beyond": np.zeros(theses.shape[1:4], dtype=bool),
        }
        for place, thesis in enumerate(self.theses):
            outcomes = spoken_to(load_thesis(thesis))
            if set(outcomes) & set(EVENTS):
                own = over(self.losses[LOG], outcomes)
                mine, worlds, rate = own[:, :, place], own[:, :, world], own[:, :, -1]
                found["own_better"][..., place] = visibly_less(mine, worlds, drawn)
                found["own_beyond"][..., place] = beyond(mine, worlds, rate, drawn)
        return found

    def _best_log(self) -> NDArray[np.bool_]:
        """Return whether each thesis has the best log score, alone, shape (draws, truths, theses)."""
        means = over(self.losses[:, :, :, :-1], SHARED)[LOG].mean(axis=-1)
        least = np.sort(means, axis=-1)[..., :2]
        return np.asarray((means == least[..., :1]) & (least[..., :1] < least[..., 1:]))

    def power(self, seed: int) -> pd.DataFrame:
        """Return how often each thesis has each verdict in its own histories, and in the shared world's.

        Returns
        -------
        DataFrame
            By ``thesis``, ``verdict`` and ``histories_of`` (who wrote them): in ``number`` of ``total``
            histories, ``share``, and its exact 90 % interval ``low`` to ``high``.
        """
        found = self.verdicts(seed)
        rows = []
        for place, thesis in enumerate(self.theses):
            for verdict in FOUND:
                for truth in dict.fromkeys((thesis, SHARED_WORLD)):
                    hits = found[verdict][:, self.theses.index(truth), place]
                    number, total = int(hits.sum()), len(hits)
                    low, high = binomial_interval(number, total)
                    rows.append(
                        {
                            "thesis": thesis, "verdict": verdict, "histories_of": truth, "number": number,
                            "total": total, "share": number / total, "low": low, "high": high,
                        }
                    )  # fmt: skip
        return pd.DataFrame(rows)

    def best(self) -> pd.DataFrame:
        """Return how often each thesis has the best log score in each one's histories.

        Returns
        -------
        DataFrame
            One row a ``truth``, a column a thesis; a row sums to less than 1 where two share the best score.
        """
        shares = self._best_log().mean(axis=0)
        table = pd.DataFrame(shares, columns=list(self.theses))
        table.insert(0, "truth", list(self.theses))
        return table


def write_histories(
    store: EnsembleStore,
    theses: Sequence[str],
    origins: Sequence[Origin],
    record: ObservedHistory,
    *,
    measurement: Measurement,
    draws: int,
    progress: Callable[[int], None] | None = None,
) -> Written:
    """Let every draw of every thesis write a history, and forecast it by the other draws of all theses.

    A history is of one draw at every origin. That draw is left out of every thesis's forecasts, since draws
    of one number share random numbers. The base rate is that of the record's past: runs from an origin have
    none of their own.

    Parameters
    ----------
    store : EnsembleStore
    theses : sequence of str
        The shared world among them.
    origins : sequence of Origin
    record : ObservedHistory
        Its past is that of the base rate, its last year that of the forecasts.
    measurement : Measurement
        Errors of the record, put on forecasts and histories alike.
    draws : int
        The first so many; of each its first run.
    progress : callable, optional
        Called with the number of origins done.

    Raises
    ------
    EnsembleError
        If fewer than two draws have finished everywhere.
    """
    windows = [Window(origin.month.year, record.window.last) for origin in origins]
    read = [
        {thesis: _read(store, thesis, origin, window, measurement, draws) for thesis in theses}
        for origin, window in zip(origins, windows, strict=True)
    ]
    common = sorted(set.intersection(*(set(runs) for held in read for runs in held.values())))
    if len(common) < FEWEST:
        raise EnsembleError(
            f"{store.folder}: {counted(len(common), 'draw')} finished from every origin; at least {FEWEST} "
            "are needed"
        )
    total: Array | None = None
    for done, (held, window) in enumerate(zip(read, windows, strict=True), 1):
        runs = np.array([[held[thesis][draw] for draw in common] for thesis in theses])
        past = past_before(window.first, record)
        losses = _losses(runs, base_rate(past, window))
        total = losses if total is None else total + losses
        if progress is not None:
            progress(done)
    assert total is not None  # there are origins
    return Written(tuple(theses), tuple(common), total / sum(window.years for window in windows))


def _read(
    store: EnsembleStore, thesis: str, origin: Origin, window: Window, measurement: Measurement, draws: int
) -> dict[int, Flags]:
    """Return the events of the first run of each draw, shape (states, years, events)."""
    found = {}
    for draw, repeat, history in store.histories(thesis, origin):
        if draw >= draws:
            break
        if repeat == 0:
            found[draw] = recorded(history, draw, repeat, window, measurement).events
    return found


def _losses(runs: Flags, base: Array) -> Array:
    """Return the losses from one origin.

    Parameters
    ----------
    runs : ndarray of bool, shape (theses, draws, states, years, events)
    base : ndarray, shape (states, years, events)

    Returns
    -------
    ndarray, shape (scores, draws, theses, theses + 1, states, events)
    """
    number = runs.shape[1]
    hits = runs.sum(axis=1)
    losses = []
    for draw in range(number):
        others = smoothed((hits - runs[:, draw]) / (number - 1), number - 1)
        losses.append(event_losses(np.concatenate([others, base[None]]), runs[:, draw]))
    return np.stack(losses, axis=1)
