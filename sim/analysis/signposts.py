"""Signposts: what to watch to tell scenarios, or end states, apart; and what has been seen says about them.

All is read off stored runs. How much a signpost tells is its mutual information with what is to be told
apart, in bits, beside the most that any signpost reaches with shuffled labels. What has been seen weighs
every run by how well it fits; the weights give odds, and how the outcomes of the fitting runs differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.compare import named
from sim.analysis.observables import Statement, counted
from sim.analysis.sweep import FEW
from sim.errors import RequestError, ResultsError
from sim.experiment.place import check_results
from sim.experiment.results import Results
from sim.measures.end_state import END_STATES
from sim.naming import printable, several

Values = NDArray[np.float64]

YEARS = (1, 2, 5)
"""Windows, if none are asked for."""

BY = ("scenario", "end state")
"""What may be told apart."""

LEAST_FITTING = 30
"""Runs that fit in full, below which odds are refused: else the answer would be that of runs without it."""

ERROR = 0.05
"""Chance that one statement is wrong of a run that fits all the others; a judgement."""

_SHUFFLES = 200
_RESAMPLES = 1000
_SEED = 20100101
_TAKEN = ["scenario", "replicate", "tick", "kind", "actor", "target", "detail"]


@dataclass(frozen=True)
class Runs:
    """Stored runs, replicate by replicate: those that are there in every scenario.

    Parameters
    ----------
    scenarios : tuple of str
    events : DataFrame
    outcomes : DataFrame
        In the index ``replicate`` and ``scenario``, sorted by replicate, then in the order of scenarios.
    """

    scenarios: tuple[str, ...]
    events: pd.DataFrame
    outcomes: pd.DataFrame

    @classmethod
    def of(cls, results: Results, scenarios: str | Sequence[str] = ()) -> Runs:
        """Read the runs of some scenarios, or of all.

        Raises
        ------
        ResultsError
            If there is no such scenario, they start in different months, or share no replicate.
        """
        check_results(results)
        chosen = several(scenarios, "scenarios") or results.scenarios
        names = tuple(named("scenario", name, results.scenarios) for name in chosen)
        starts = {str(item["start"]) for item in results.about["scenarios"] if item["name"] in names}
        if len(starts) > 1:
            raise ResultsError(f"the scenarios start in different months ({', '.join(sorted(starts))})")
        table = results.outcomes.astype({"scenario": str})
        table = table[table["scenario"].isin(names)].set_index(["replicate", "scenario"])
        whole = table.groupby(level="replicate").size() == len(names)
        order = pd.MultiIndex.from_product(
            [sorted(whole[whole].index), names], names=["replicate", "scenario"]
        )
        if not len(order):
            raise ResultsError("the scenarios share no finished replicate")
        return cls(names, results.read("events", _TAKEN), table.loc[order])

    def counts(self, months: int) -> pd.DataFrame:
        """Return what is seen in the first months, see `counted`; rows as in ``outcomes``."""
        runs = self.outcomes.index.to_frame()[["scenario", "replicate"]]
        found = counted(self.events, pd.MultiIndex.from_frame(runs), months)
        return found.set_axis(self.outcomes.index)

    def labels(self, by: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Return what each run is to be told apart by, as a place among names.

        Raises
        ------
        RequestError
            If ``by`` is neither scenario nor end state.
        ResultsError
            If all runs are of one name.
        """
        if by not in BY:
            raise RequestError(f"tell apart by {' or '.join(BY)}, not {printable(by)[:80]!r}")
        if by == "scenario":
            present, column = self.scenarios, list(self.outcomes.index.get_level_values("scenario"))
        else:
            column = list(self.outcomes["end_state"])
            present = tuple(name for name in END_STATES if name in column)
        if len(present) < 2:
            raise ResultsError(f"all runs are of one {by}: there is nothing to tell apart")
        places = {name: place for place, name in enumerate(present)}
        return np.array([places[str(name)] for name in column]), present


# -- what to watch ---------------------------------------------------------------------------------


def signposts(
    results: Results,
    *,
    scenarios: str | Sequence[str] = (),
    by: str = "scenario",
    years: int | Sequence[int] = YEARS,
) -> pd.DataFrame:
    """Return what tells scenarios or end states apart soonest and best.

    Parameters
    ----------
    results : Results
    scenarios : sequence of str
        All without it.
    by : str
        ``scenario`` or ``end state``.
    years : sequence of int
        Windows from the start of the runs.

    Returns
    -------
    DataFrame
        One row a window and observable, most telling first in each window:

        ``years``, ``observable``, ``threshold``
            The signpost: in the first ``years`` it happens at least ``threshold`` times. Of all thresholds
            the most telling.
        ``bits``
            Mutual information of that with the label, less what it is with shuffled labels on average.
        ``chance``
            What the most telling of all signposts of the window exceeds in 5 % of shuffles.
        ``exceeds``
            Whether the signpost does, before the average is taken off.
        ``share: NAME``
            Share of the runs of each scenario, or of each end state, in which it happens.

    Raises
    ------
    RequestError, ResultsError
        If something is asked for that cannot be done.
    """
    runs = Runs.of(results, scenarios)
    labels, names = runs.labels(by)
    windows = several(years, "years", "whole numbers", (int, np.integer))
    if not windows or min(windows) < 1:
        raise RequestError("give windows of a year or more")
    found = [
        _in_window(runs.counts(12 * year), labels, names, by, len(runs.scenarios), year) for year in windows
    ]
    return pd.concat(found, ignore_index=True)


def _in_window(
    counts: pd.DataFrame, labels: NDArray[np.int64], names: Sequence[str], by: str, together: int, years: int
) -> pd.DataFrame:
    candidates = [(str(name), level) for name in counts for level in _thresholds(counts[name].to_numpy())]
    shares = [f"share: {name}" for name in names]
    columns = ["years", "observable", "threshold", "bits", "chance", "exceeds", *shares]
    if not candidates:
        return pd.DataFrame(columns=columns)
    seen = np.column_stack([counts[name].to_numpy() >= level for name, level in candidates]).astype(float)
    bits, by_label = information(labels, seen, len(names))
    shuffled = np.array([information(each, seen, len(names))[0] for each in _shuffled(labels, by, together)])
    table = pd.DataFrame(candidates, columns=["observable", "threshold"]).assign(
        years=years,
        bits=bits - shuffled.mean(axis=0),
        chance=float(np.quantile(shuffled.max(axis=1), 0.95)),
    )
    table["exceeds"] = bits > table["chance"]
    table[shares] = by_label.T
    twin = pd.DataFrame(seen.T).duplicated(keep="last").to_numpy()  # says of every run what a later one says
    table = table[~twin]
    table = table.sort_values("bits", ascending=False, kind="stable").drop_duplicates("observable")
    return table[columns].reset_index(drop=True)


def information(labels: NDArray[np.int64], seen: Values, number: int) -> tuple[Values, Values]:
    """Return the mutual information of a label with each of many yes-or-no observations.

    Parameters
    ----------
    labels : ndarray of int, shape (runs,)
    seen : ndarray, shape (runs, observations)
        0 or 1.
    number : int
        Of labels.

    Returns
    -------
    bits : ndarray, shape (observations,)
    shares : ndarray, shape (labels, observations)
        Of the runs of a label in which it is seen.
    """
    members = np.eye(number)[labels]
    total = members.sum(axis=0)[:, None]
    yes = members.T @ seen
    share = yes.sum(axis=0) / len(labels)
    entropy = _entropy(share) - (total / len(labels) * _entropy(yes / total)).sum(axis=0)
    return np.maximum(entropy, 0.0), yes / total


def _entropy(share: Values) -> Values:
    """Return the entropy of yes and no, in bits."""
    found = np.zeros(share.shape)
    for part in (share, 1 - share):
        found -= part * np.log2(part, out=np.zeros(share.shape), where=part > 0)
    return found


def _thresholds(values: NDArray[np.int64]) -> list[int]:
    """Return numbers that some runs reach and others do not: at most five, over the distribution."""
    levels = np.unique(values)
    levels = levels[levels > values.min()]
    if len(levels) > 5:
        levels = np.unique(np.quantile(values[values > values.min()], [0, 0.25, 0.5, 0.75, 0.9]).astype(int))
    return [int(level) for level in levels if (values >= level).any() and (values < level).any()]


def _shuffled(labels: NDArray[np.int64], by: str, together: int) -> list[NDArray[np.int64]]:
    """Return shuffled labels: of scenarios within each replicate; of end states, replicates whole."""
    rng = np.random.default_rng(_SEED)
    rows = labels.reshape(-1, together)  # a row a replicate
    if by == "scenario":
        return [rng.permuted(rows, axis=1).ravel() for _ in range(_SHUFFLES)]
    return [rng.permutation(rows).ravel() for _ in range(_SHUFFLES)]


# -- what has been seen ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Odds:
    """What has been seen says.

    Parameters
    ----------
    statements : tuple of Statement
    months : int
        From the start of the runs, in which it was seen.
    table : DataFrame
        One row a scenario, or an end state: ``before``, the same for every scenario, or the share of runs
        that end so; ``after``, with what was seen; and a 95 % bootstrap interval ``low``, ``high``.
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
    scenarios: str | Sequence[str] = (),
    by: str = "scenario",
    error: float = ERROR,
    least: int = LEAST_FITTING,
) -> Odds:
    """Weigh stored runs by how well they fit what has been seen in their first months.

    Scenarios count alike before. A run's weight is ``1 - error`` for each statement that holds of it, and
    ``error`` for each that does not, multiplied.

    Parameters
    ----------
    results : Results
    seen : sequence of str or Statement
        Such as ``fall:street KGZ >= 1``; see `sim.analysis.observables`.
    months : int
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
    if months < 1 or not 0 <= error < 0.5:
        raise RequestError("give at least one month, and an error from 0 to below .5")
    listed = several(seen, "seen", "statements, such as `fall:street KGZ >= 1`", (str, Statement))
    statements = tuple(Statement.parse(item) if isinstance(item, str) else item for item in listed)
    runs = Runs.of(results, scenarios)
    labels, names = runs.labels(by)
    counts = runs.counts(months)
    held = np.column_stack([statement.holds(counts) for statement in statements])
    weights = weigh(held, error)
    full = held.all(axis=1)
    matching = int(full.sum())
    if matching < max(least, 1):
        raise ResultsError(
            f"too few runs fit what was seen: {matching} of {len(held)} in full; {least} are needed: "
            "make more runs, or state less"
        )
    members = np.eye(len(names))[labels]
    rows = (weights[:, None] * members).reshape(-1, len(runs.scenarios), len(names)).sum(axis=1)
    draws = np.random.default_rng(_SEED).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), _RESAMPLES)
    resampled = draws @ rows
    resampled /= resampled.sum(axis=1, keepdims=True)
    low, high = np.nanquantile(resampled, [0.025, 0.975], axis=0)
    table = pd.DataFrame(
        {"before": members.mean(axis=0), "after": rows.sum(axis=0) / rows.sum(), "low": low, "high": high},
        index=pd.Index(names, name=by),
    )
    return Odds(
        statements, months, table, _outcomes(runs.outcomes, weights), len(held), matching,
        effective_number(weights), float(weights[~full].sum() / weights.sum()),
    )  # fmt: skip


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
