"""Whose side Moscow takes, given a challenge: the model's forecast with the challenged state left out.

The rule, fixed before a score was looked at, and not to be tuned:

- Draws are those of the shared world over the record's years, from the calibration's wide priors, which are
  set by hand. For a state they are weighted by how near their runs come to the record of the other thirteen,
  as in the back-test (`calibration.backtest.ahead.weights_by_nearness`): every fact about the state is left
  out of runs and record (`calibration.skill.without`), and the statistics are computed anew.
- The forecast for a challenge in year y is the weighted share of the state's simulated challenges, at most
  `APART` years from y, in which Moscow backs the incumbent. It is drawn toward the state's share over all
  years by one case, and that toward the share of all states by one case. Weights are scaled so that they sum
  to the effective number of runs (Kish). Challenges count as runs have them, without errors of the record, as
  in the scores of free runs.
- Nothing later than the last year that is scored is looked at, of runs or record.

As in every hindcast, runs know votes, the war in Ukraine and each January's fundamentals as they were, of the
state that is left out too. So do the regressions beside it. What is left out is what the state did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.backtest.ahead import weights_by_nearness
from calibration.ensemble.origins import RECORD_PERIOD
from calibration.ensemble.store import EnsembleError, EnsembleStore
from calibration.history import ObservedHistory, Window
from calibration.record.observed import observed_record
from calibration.skill.evaluate import LEFT_OUT, SIDE, sides_apart
from calibration.skill.forecasters import BASE, SIDES
from calibration.skill.looks import digest_of
from calibration.skill.measures import score_events
from calibration.skill.panel import FIRST, LAST
from calibration.skill.without import without
from calibration.statistics import summarise
from calibration.statistics.measurement import Measurement
from sim.analysis.odds import effective_number
from sim.scenario import SHARED_WORLD
from sim.world.state import STATES

Array = NDArray[np.float64]

FITTED, PRIOR = "fitted to the others", "not fitted"
"""Forecasters: draws weighted by their fit to the other states, and all draws alike."""

CODINGS = ("published", "episodes")
"""Codings that are scored where none are named."""

APART = 5
"""Years either way of a challenge within which the runs' challenges count."""

_ERROR_SEED = 20_241_231  # of the measurement errors of runs


@dataclass(frozen=True, slots=True, eq=False)
class Backed:
    """The challenges of an ensemble's runs, and what the runs come to without each state.

    Parameters
    ----------
    draws : ndarray of int, shape (runs,)
        Which draw each run is of.
    statistics : mapping of str to ndarray, shape (runs, statistics)
        By the state that is left out.
    run, state, year : ndarray, shape (challenges,)
        The place of its run, the place of its state in `STATES`, the year in which it begins.
    backed : ndarray of float, shape (challenges,)
        1 where Moscow backs the incumbent.
    """

    draws: NDArray[np.int64]
    statistics: dict[str, Array]
    run: NDArray[np.int64]
    state: NDArray[np.int64]
    year: NDArray[np.int64]
    backed: Array

    def weights(self, record: ObservedHistory, state: str) -> Array:
        """Return the weights of runs by their fit to a record without a state, shape (runs,)."""
        window = Window(FIRST, record.window.last)
        seen = np.array(list(summarise(without(record, state), window).values()))
        found = weights_by_nearness(self.draws.tolist(), self.statistics[state], seen)
        return np.array([found[draw] for draw in self.draws.tolist()])

    def chances(self, state: str, years: Sequence[int], weights: Array) -> Array:
        """Return the chance that Moscow backs the incumbent in a challenge of a state, shape (years,).

        Parameters
        ----------
        state : str
            Code.
        years : sequence of int
        weights : ndarray, shape (runs,)
            At least one above 0.
        """
        each = (weights * weights.sum() / (weights**2).sum())[self.run]
        common = (each @ self.backed + 0.5) / (each.sum() + 1)
        here = self.state == STATES.index(state)
        each, backed, year = each[here], self.backed[here], self.year[here]
        own = (each @ backed + common) / (each.sum() + 1)
        near = each * (np.abs(np.asarray(years)[:, None] - year) <= APART)
        found: Array = (near @ backed + own) / (near.sum(axis=1) + 1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """Forecasts of Moscow's side with states left out, and their scores.

    Parameters
    ----------
    cases : DataFrame
        One row a coding and challenge: id, state, year, happened, and a probability by forecaster.
    scores : DataFrame
        As from `calibration.skill.measures.score_events`, by coding, with first and last year.
    sizes : DataFrame
        One row a state that is left out: runs, and their effective number under the weights of the fit.
    """

    cases: pd.DataFrame
    scores: pd.DataFrame
    sizes: pd.DataFrame

    @property
    def forecasters(self) -> tuple[str, ...]:
        """Who was scored, the base rate aside."""
        return tuple(name for name in dict.fromkeys(self.scores["forecaster"]) if name != BASE)

    @property
    def digest(self) -> str:
        """Hash of the forecasts and of what came."""
        return digest_of({"cases": self.cases})

    @property
    def summary(self) -> str:
        """The scores in short, for the register of looks."""
        told = []
        for coding, own in self.scores.groupby("coding", sort=False):
            rows = {str(row["forecaster"]): row for row in own.to_dict("records")}
            others = ", ".join(f"{name} {rows[name]['log_difference']:+.3f}" for name in self.forecasters)
            told.append(f"{coding}: log score of the base rate {rows[BASE]['log']:.3f}; {others}")
        return f"Moscow's side, {LEFT_OUT}, " + "; ".join(told)


def sides_left_out(
    store: EnsembleStore,
    codings: Sequence[str] = CODINGS,
    last: int = LAST,
    *,
    draws: int | None = None,
    thesis: str = SHARED_WORLD,
    record: ObservedHistory | None = None,
    measurement: Measurement | None = None,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> LeftOut:
    """Forecast whose side Moscow takes in each challenge on record from an ensemble, and score it.

    Parameters
    ----------
    store : EnsembleStore
        With the thesis's runs over the record's years.
    codings : sequence of str
        Of `calibration.record.challenges.CODINGS`, those with Moscow's side: not ``crowds``.
    last : int
        Last year that is scored, and looked at.
    draws : int, optional
        Only the first so many; all that are stored where not given.
    thesis : str
    record : ObservedHistory, optional
        What draws are fitted to; the record where not given.
    measurement : Measurement, optional
        Errors of the record, put on runs before they are held against it; the usual ones where not given.
    seed : int
        Of the resampling of states.
    progress : callable, optional
        Called with the number of runs read.

    Raises
    ------
    EnsembleError
        If no such run is stored.
    """
    window = Window(FIRST, last)
    seen = (observed_record() if record is None else record).within(window)
    runs = read_backed(store, thesis, window, measurement or Measurement(), draws, progress)
    alike = np.ones(len(runs.draws))
    weights = {state: runs.weights(seen, state) for state in STATES}
    cases, scores = [], []
    for coding in codings:
        table = sides_apart(coding, "all", last).drop(columns=["origin", "outcome"])
        for state, own in table.groupby("state"):
            years = own["year"].tolist()
            table.loc[own.index, FITTED] = runs.chances(str(state), years, weights[str(state)])
            table.loc[own.index, PRIOR] = runs.chances(str(state), years, alike)
        cases.append(table.assign(coding=coding))
        found = score_events(table, [BASE, *SIDES, FITTED, PRIOR], BASE, seed=seed)
        scores.append(found.assign(coding=coding, outcome=SIDE, origin=LEFT_OUT, first=FIRST, last=last))
    sizes = [
        {"state": state, "runs": len(own), "effective": effective_number(own)}
        for state, own in weights.items()
    ]
    return LeftOut(
        pd.concat(cases, ignore_index=True), pd.concat(scores, ignore_index=True), pd.DataFrame(sizes)
    )


def read_backed(
    store: EnsembleStore,
    thesis: str,
    window: Window,
    measurement: Measurement,
    draws: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Backed:
    """Return the challenges of an ensemble's runs, and the runs' statistics without each state.

    Parameters
    ----------
    store : EnsembleStore
    thesis : str
    window : Window
        Years that are looked at.
    measurement : Measurement
        Errors put on the runs before they are summed up.
    draws : int, optional
        Only the first so many.
    progress : callable, optional
        Called with the number of runs read.

    Raises
    ------
    EnsembleError
        If no such run is stored.
    """
    kept: list[int] = []
    rows: dict[str, list[list[float]]] = {state: [] for state in STATES}
    challenges: list[tuple[int, int, int, bool]] = []
    for draw, repeat, whole in store.histories(thesis, RECORD_PERIOD):
        if draws is not None and draw >= draws:
            break
        history = whole.within(window)
        for found in history.challenges:
            place = STATES.index(found.state)
            challenges.append((len(kept), place, found.month.year, found.support != "none"))
        measured = measurement.apply(history, np.random.default_rng((_ERROR_SEED, draw, repeat)))
        for state, own in rows.items():
            own.append(list(summarise(without(measured, state), window).values()))
        kept.append(draw)
        if progress is not None:
            progress(len(kept))
    if not kept:
        raise EnsembleError(f"{store.folder}: no run of {thesis} from {RECORD_PERIOD.key} is finished")
    run, state_of, year, backed = np.array(challenges, dtype=np.int64).reshape(-1, 4).T
    statistics = {state: np.array(own, dtype=float) for state, own in rows.items()}
    return Backed(np.array(kept), statistics, run, state_of, year, backed.astype(float))
