"""What has been seen says: odds of scenarios, or of end states, and how outcomes change.

It weighs every stored run by how well it fits; the weights give odds, and the outcomes of the fitting runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.observables import Statement, statements_of
from sim.analysis.signposts import LEAST_FITTING, Runs, check_fitting
from sim.analysis.sweep import FEW
from sim.analysis.telling import Values
from sim.errors import RequestError
from sim.experiment.results import Results
from sim.measures.end_state import END_STATES
from sim.months import Month

ERROR = 0.05
"""Chance that one statement is wrong of a run that fits all the others; a judgement."""

_RESAMPLES = 1000
_SEED = 20100101


@dataclass(frozen=True)
class Odds:
    """What has been seen says.

    Parameters
    ----------
    statements : tuple of Statement
    months : int
        In which it was seen.
    since : Month
        The first of them.
    table : DataFrame
        One row a scenario, or an end state: ``before``, the same for every scenario, or the share of runs
        that end so; ``after``, with what was seen; a 95 % bootstrap interval ``low``, ``high``; and
        ``fitting``, how many of its runs fit in full. The interval says what more runs would change, and
        nothing else.
    outcomes : DataFrame
        One row an outcome: its mean over all runs ``before``, and by weight, ``after``.
    runs, matching : int
        All, and those of which every statement holds.
    effective : float
        Number of equally weighted runs that would be as precise.
    part_missing : float
        Part of all weight that lies on runs of which some statement does not hold, 0-1.
    """

    statements: tuple[Statement, ...]
    months: int
    since: Month
    table: pd.DataFrame
    outcomes: pd.DataFrame
    runs: int
    matching: int
    effective: float
    part_missing: float


def odds(
    results: Results,
    seen: str | Statement | Sequence[str | Statement],
    *,
    months: int,
    since: str | Month | None = None,
    scenarios: str | Sequence[str] = (),
    by: str = "scenario",
    error: float = ERROR,
    least: int = LEAST_FITTING,
) -> Odds:
    """Weigh stored runs by how well they fit what has been seen in some months.

    Scenarios count alike before. A run's weight is ``1 - error`` for each statement that holds of it, and
    ``error`` for each that does not, multiplied.

    Parameters
    ----------
    results : Results
    seen : sequence of str or Statement
        Such as ``fall:street KGZ >= 1``, or of some of the months alone ``fall:street KGZ >= 1 from 2026-12
        by 2028-11``; see `sim.analysis.observables`.
    months : int
    since : str or Month, optional
        The first of these months; the start of the runs without it.
    scenarios : sequence of str
        All without it.
    by : str
        ``scenario`` or ``end state``.
    error : float
        From 0, for runs that fit entirely or not at all, to below .5.
    least : int
        Runs that fit in full, below which this is refused.

    Raises
    ------
    RequestError
        If a statement or a number is wrong.
    ResultsError
        If too few runs fit, or as for `Runs.of`.
    """
    if not seen:
        raise RequestError("say what has been seen: at least one statement")
    if months < 1:
        raise RequestError("give at least one month")
    checked_error(error)
    statements = statements_of(seen)
    runs = Runs.of(results, scenarios)
    labels, names = runs.labels(by)
    held = runs.held(statements, months, runs.first(since))
    weights = weigh(held, error)
    full = check_fitting(held.all(axis=1), least)
    matching = int(full.sum())
    members = np.eye(len(names))[labels]
    rows = (weights[:, None] * members).reshape(-1, len(runs.scenarios), len(names)).sum(axis=1)
    draws = np.random.default_rng(_SEED).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), _RESAMPLES)
    resampled = draws @ rows
    resampled /= resampled.sum(axis=1, keepdims=True)
    low, high = np.nanquantile(resampled, [0.025, 0.975], axis=0)
    table = pd.DataFrame(
        {
            "before": members.mean(axis=0),
            "after": rows.sum(axis=0) / rows.sum(),
            "low": low,
            "high": high,
            "fitting": members[full].sum(axis=0).astype(int),
        },
        index=pd.Index(names, name=by),
    )
    return Odds(
        statements, months, runs.start + runs.first(since), table, _outcomes(runs.outcomes, weights),
        len(held), matching, effective_number(weights), float(weights[~full].sum() / weights.sum()),
    )  # fmt: skip


def checked_error(error: float) -> None:
    """Raise a RequestError if an error is outside its range."""
    if not 0 <= error < 0.5:
        raise RequestError("give an error from 0 to below .5")


def weigh(held: NDArray[np.bool_], error: float) -> Values:
    """Return the weight of each run, of at most 1, by the statements (columns) that hold of it."""
    misses = (~held).sum(axis=1).astype(float)
    ratio = error / (1 - error)
    return np.asarray(np.where(misses > 0, ratio ** np.maximum(misses, 1), 1.0), float)


def effective_number(weights: Values) -> float:
    """Return the number of equal weights that would be as precise (Kish)."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _outcomes(outcomes: pd.DataFrame, weights: Values) -> pd.DataFrame:
    """Return outcomes and shares of end states, over all runs and by weight."""
    shares = {f"ends in {name}": (outcomes["end_state"] == name).astype(float) for name in END_STATES}
    values = {name: outcomes[name].astype(float) for name in FEW if name in outcomes} | shares
    rows = {}
    for name, column in values.items():
        known = column.notna().to_numpy()
        number = column.to_numpy()[known]
        fit = weights[known]
        after = float(number @ fit / fit.sum()) if fit.sum() > 0 else math.nan
        rows[name] = {"before": float(number.mean()), "after": after}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("outcome")
