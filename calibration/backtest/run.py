"""The back-test: forecasts of every thesis and baseline from every origin, next to what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.backtest.ahead import Ahead, fitted_weights, look_ahead
from calibration.backtest.baselines import BASELINES, PATHS
from calibration.backtest.outcomes import ALIGNMENT, EVENTS, SHARED, Array, Flags, outcomes_of, spoken_to
from calibration.backtest.past import past_before
from calibration.backtest.scores import SCORES, event_scores, path_scores, quantile_scores, summarise_scores
from calibration.backtest.stacking import of_what_happened, stacking_weights
from calibration.ensemble.origins import Origin
from calibration.ensemble.store import EnsembleStore
from calibration.history import ObservedHistory, Window
from calibration.statistics.measurement import Measurement
from sim.scenario import load_thesis
from sim.world.state import STATES

STACKED = "stacked"
REFERENCE = "base rate"
_KEY = ("origin", "state", "year", "event")


@dataclass(frozen=True, slots=True)
class Backtest:
    """Forecasts, what happened, and scores of each case.

    Parameters
    ----------
    theses : tuple of str
    events : DataFrame
        One row an origin, state, year and event: happened, and a probability by forecaster.
    paths : DataFrame
        One row an origin, state and year: alignment as observed, and the CRPS by forecaster.
    weights : DataFrame
        Stacking weights by thesis, one row an origin: what was known there; the last row, ``all``, from
        every case.
    """

    theses: tuple[str, ...]
    events: pd.DataFrame
    paths: pd.DataFrame
    weights: pd.DataFrame

    @property
    def forecasters(self) -> tuple[str, ...]:
        """Theses, their stack, and baselines."""
        return tuple(name for name in self.events.columns if name not in (*_KEY, "happened"))

    def scores(self, *, cluster: str, seed: int) -> pd.DataFrame:
        """Return scores of every forecaster on the shared outcomes, on each event, and on each thesis's own.

        Parameters
        ----------
        cluster : str
            ``state`` or ``year``.
        seed : int

        Returns
        -------
        DataFrame
            As from `summarise_scores` against the base rate, with the set of outcomes, its kind (``shared``,
            ``event`` or ``thesis``), and the score (brier, log or crps).
        """
        sets: list[tuple[str, str, tuple[str, ...]]] = [("shared", "shared", SHARED)]
        sets += [("event", event, (event,)) for event in EVENTS]
        sets += [("thesis", thesis, spoken_to(load_thesis(thesis))) for thesis in self.theses]
        tables = []
        for kind, name, outcomes in sets:
            rows = self.events[self.events["event"].isin(outcomes)]
            if len(rows):
                tables += self._event_tables(rows, kind, name, cluster, seed)
            if kind == "shared" or ALIGNMENT in outcomes:
                tables.append(self._path_table(kind, name, cluster, seed))
        return pd.concat(tables, ignore_index=True)

    def _event_tables(
        self, rows: pd.DataFrame, kind: str, name: str, cluster: str, seed: int
    ) -> list[pd.DataFrame]:
        found = {
            who: event_scores(rows[who].to_numpy(), rows["happened"].to_numpy()) for who in self.forecasters
        }
        return [
            summarise_scores(
                rows, {who: found[who][score] for who in found}, REFERENCE, cluster=cluster, seed=seed
            ).assign(kind=kind, outcomes=name, measure=score)
            for score in SCORES
        ]

    def _path_table(self, kind: str, name: str, cluster: str, seed: int) -> pd.DataFrame:
        names = [column for column in self.paths.columns if column not in (*_KEY, "observed")]
        scores = {who: self.paths[who].to_numpy() for who in names}
        table = summarise_scores(self.paths, scores, REFERENCE, cluster=cluster, seed=seed)
        return table.assign(kind=kind, outcomes=name, measure="crps")


def backtest(
    store: EnsembleStore,
    theses: Sequence[str],
    origins: Sequence[Origin],
    record: ObservedHistory,
    *,
    measurement: Measurement,
    fitted: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Backtest:
    """Forecast from each origin to the end of the record, each time with what was known then.

    Parameters
    ----------
    store : EnsembleStore
        With the theses' runs from the origins, and over the record's years if ``fitted``.
    theses : sequence of str
    origins : sequence of Origin
        In order of time.
    record : ObservedHistory
    measurement : Measurement
    fitted : bool
        Weight draws by their fit to the years before the origin; otherwise the prior speaks.
    progress : callable, optional
        Called with the number of origins done.

    Raises
    ------
    EnsembleError
        If runs are missing.
    """
    events: list[pd.DataFrame] = []
    paths: list[pd.DataFrame] = []
    stacks: list[dict[str, object]] = []
    for done, origin in enumerate(origins, 1):
        start = origin.month.year
        window = Window(start, record.window.last)
        views = {}
        for thesis in theses:
            weights = fitted_weights(store, thesis, record, start - 1, measurement) if fitted else None
            views[thesis] = look_ahead(store, thesis, origin, window, measurement, weights)
        stack = _stack(events, theses, before=start)
        stacks.append({"origin": str(start), **dict(zip(theses, stack, strict=True))})
        past, seen = past_before(start, record), outcomes_of(record, window)
        given = {thesis: view.events for thesis, view in views.items()}
        given[STACKED] = np.einsum("k,ksye->sye", stack, np.array(list(given.values())))
        given |= {name: forecast(past, window) for name, forecast in BASELINES.items()}
        events.append(_event_rows(start, window, seen.events, given))
        scored = {
            thesis: path_scores(view.alignment, seen.alignment, view.weights, view.draws)
            for thesis, view in views.items()
        }
        scored[STACKED] = _mixed_scores(list(views.values()), stack, seen.alignment)
        scored |= {name: quantile_scores(path(past, window), seen.alignment) for name, path in PATHS.items()}
        paths.append(_path_rows(start, window, seen.alignment, scored))
        if progress is not None:
            progress(done)
    final = _stack(events, theses, before=record.window.last + 1)
    stacks.append({"origin": "all", **dict(zip(theses, final, strict=True))})
    return Backtest(
        tuple(theses),
        pd.concat(events, ignore_index=True),
        pd.concat(paths, ignore_index=True),
        pd.DataFrame(stacks),
    )


def _stack(events: Sequence[pd.DataFrame], theses: Sequence[str], before: int) -> Array:
    """Return stacking weights from forecasts of earlier origins for years before an origin.

    They are learned from the shared outcomes, since the kinds of intervention would count the same act
    again, and from the latest forecast of each state, year and event.
    """
    if not events:
        return np.full(len(theses), 1 / len(theses))
    known = pd.concat(events)  # in order of origins
    known = known[(known["year"] < before) & known["event"].isin(SHARED)]
    known = known.drop_duplicates(["state", "year", "event"], keep="last")
    return stacking_weights(of_what_happened(known[list(theses)].to_numpy(), known["happened"].to_numpy()))


def _mixed_scores(views: Sequence[Ahead], stack: Array, observed: Array) -> Array:
    members = np.concatenate([view.alignment for view in views], axis=-1)
    weights = np.concatenate([share * view.weights for share, view in zip(stack, views, strict=True)])
    return path_scores(members, observed, weights, np.concatenate([view.draws for view in views]))


def _event_rows(start: int, window: Window, happened: Flags, given: dict[str, Array]) -> pd.DataFrame:
    years = range(window.first, window.last + 1)
    index = pd.MultiIndex.from_product([[start], STATES, years, EVENTS], names=list(_KEY))
    columns = {"happened": happened.ravel(), **{name: values.ravel() for name, values in given.items()}}
    return pd.DataFrame(columns, index=index).reset_index()


def _path_rows(start: int, window: Window, observed: Array, scored: dict[str, Array]) -> pd.DataFrame:
    years = range(window.first, window.last + 1)
    index = pd.MultiIndex.from_product([[start], STATES, years], names=list(_KEY[:3]))
    columns = {"observed": observed.ravel(), **{name: values.ravel() for name, values in scored.items()}}
    return pd.DataFrame(columns, index=index).reset_index()
