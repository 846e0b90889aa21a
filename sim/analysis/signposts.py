"""Signposts: what to watch to tell scenarios, or end states, apart.

All is read off stored runs. How much a signpost tells is its mutual information with what is to be told
apart, in bits, beside the most that any signpost reaches with shuffled labels. What a thesis assumes rather
than brings about is marked by the audit of the outcomes that count the same events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.audit import ASSUMED
from sim.analysis.compare import named
from sim.analysis.observables import counted, outcomes_counting, sides
from sim.analysis.signpost_words import told
from sim.errors import RequestError, ResultsError
from sim.experiment.place import check_results
from sim.experiment.results import Results
from sim.measures.end_state import END_STATES
from sim.measures.window import Window
from sim.months import Month
from sim.naming import printable, several

Values = NDArray[np.float64]

YEARS = (1, 2, 5)
"""Windows, if none are asked for."""

BY = ("scenario", "end state")
"""What may be told apart."""

_SHUFFLES = 200
_SEED = 20100101
_TAKEN = ["scenario", "replicate", "tick", "kind", "actor", "target", "detail"]


@dataclass(frozen=True)
class Runs:
    """Stored runs, replicate by replicate: those that are there in every scenario.

    Parameters
    ----------
    scenarios : tuple of str
    results : Results
        Where they are read from.
    events : DataFrame
    outcomes : DataFrame
        In the index ``replicate`` and ``scenario``, sorted by replicate, then in the order of scenarios.
    start : Month
        Of all runs.
    months : int
        Of the shortest.
    """

    scenarios: tuple[str, ...]
    results: Results
    events: pd.DataFrame
    outcomes: pd.DataFrame
    start: Month
    months: int

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
        told = [item for item in results.about["scenarios"] if item["name"] in names]
        starts = {str(item["start"]) for item in told}
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
        months = 12 * min(int(item["years"]) for item in told)
        events = results.read("events", _TAKEN)
        return cls(names, results, events, table.loc[order], Month.parse(starts.pop()), months)

    def first(self, since: str | Month | None) -> int:
        """Return how many months after the start of the runs a month comes; 0 without one.

        Raises
        ------
        RequestError
            If it is no month, or outside the runs.
        """
        month = Window.of(since).since
        if month is None:
            return 0
        last = self.start + (self.months - 1)
        if not self.start <= month <= last:
            raise RequestError(f"{month} is outside the runs, which go from {self.start} to {last}")
        return month - self.start

    def counts(self, months: int, first: int = 0) -> pd.DataFrame:
        """Return what is seen in some months, from a tick on (`counted`, `sides`); rows as outcomes."""
        runs = pd.MultiIndex.from_frame(self.outcomes.index.to_frame()[["scenario", "replicate"]])
        last = self.start + (first + months - 1)
        alignment = self.results.read(
            "trajectories",
            ["scenario", "replicate", "state", "alignment"],
            scenarios=self.scenarios,
            since=last,
            by=last,
        )
        found = pd.concat([counted(self.events, runs, months, first), sides(alignment, runs)], axis=1)
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
    years: int | Sequence[int] | None = None,
    since: str | Month | None = None,
) -> pd.DataFrame:
    """Return what tells scenarios or end states apart soonest and best.

    Parameters
    ----------
    results : Results
    scenarios : sequence of str
        All without it.
    by : str
        ``scenario`` or ``end state``.
    years : sequence of int, optional
        Windows; `YEARS` without it, as far as the runs reach.
    since : str or Month, optional
        Their first month, such as ``2026-12``: what happened before is left out. The start of the runs
        without it.

    Returns
    -------
    DataFrame
        One row a window and observable, most telling first in each window:

        ``from``, ``years``, ``observable``, ``threshold``
            The signpost: in so many ``years`` from that month on it happens at least ``threshold`` times. Of
            all thresholds the most telling.
        ``bits``
            Mutual information of that with the label, less what it is with shuffled labels on average.
        ``bits_a_year``
            The same over the years that one has to wait for it.
        ``chance``
            What the most telling of all signposts of the window exceeds in 5 % of shuffles.
        ``exceeds``
            Whether the signpost does, before the average is taken off.
        ``share: NAME``
            Share of the runs of each scenario, or of each end state, in which it happens.
        ``assumed``
            Scenarios whose number of such events differs from the shared world's by assumption, as the audit
            of whole runs has it: there the signpost repeats the thesis. Names with commas between.
        ``unaudited``
            Scenarios of which no audit says anything here.
        ``words``
            The signpost as a reader can check it, with its last month.

    Raises
    ------
    RequestError, ResultsError
        If something is asked for that cannot be done.
    """
    runs = Runs.of(results, scenarios)
    labels, names = runs.labels(by)
    first = runs.first(since)
    lengths = windows(years, runs, first)
    found = pd.concat(
        [
            in_window(runs.counts(12 * year, first), labels, names, by, len(runs.scenarios), year)
            for year in lengths
        ],
        ignore_index=True,
    )
    found.insert(0, "from", str(runs.start + first))
    audited = results.labels()
    marks = [audit_of(str(name), runs.scenarios, audited) for name in found["observable"]]
    for place, column in enumerate(("assumed", "unaudited")):
        found[column] = [", ".join(mark[place]) for mark in marks]
    found["words"] = [
        told(str(name), int(number), runs.start + (first + 12 * int(years) - 1))
        for name, number, years in zip(found["observable"], found["threshold"], found["years"], strict=True)
    ]
    return found


def windows(years: int | Sequence[int] | None, runs: Runs, first: int) -> list[int]:
    """Return the lengths of windows, in years; `YEARS` if none are given, as far as the runs reach."""
    left = runs.months - first
    if years is None:
        if not (found := [year for year in YEARS if 12 * year <= left]):
            raise RequestError(f"under a year is left from {runs.start + first} to the end of the runs")
        return found
    asked = several(years, "years", "whole numbers", (int, np.integer))
    if not asked or min(asked) < 1:
        raise RequestError("give windows of a year or more")
    if 12 * max(asked) > left:
        last = runs.start + (runs.months - 1)
        raise RequestError(
            f"{max(asked)} years from {runs.start + first} on reach past the end of the runs, {last}"
        )
    return list(dict.fromkeys(asked))


def audit_of(
    observable: str, scenarios: Sequence[str], labels: Mapping[str, Mapping[str, str]]
) -> tuple[list[str], list[str]]:
    """Return of which scenarios audits label an observable assumed, and of which they say nothing.

    Parameters
    ----------
    observable : str
    scenarios : sequence of str
        A single one is held against nothing.
    labels : mapping
        As `sim.experiment.results.Results.labels` returns them.
    """
    if len(scenarios) < 2:
        return [], []
    counting = outcomes_counting(observable)
    assumed, unaudited = [], []
    for name in scenarios:
        cells = labels.get(name)
        known = [cells[outcome] for outcome in counting if outcome in cells] if cells else []
        if ASSUMED in known:
            assumed.append(name)
        elif cells is None or (cells and not known):
            unaudited.append(name)
    return assumed, unaudited


def in_window(
    counts: pd.DataFrame, labels: NDArray[np.int64], names: Sequence[str], by: str, together: int, years: int
) -> pd.DataFrame:
    """Return the signposts of one window, most telling first, with the columns that it alone decides.

    Parameters
    ----------
    counts : DataFrame
        As `Runs.counts` returns them.
    labels : ndarray of int, shape (runs,)
    names, by
        See `Runs.labels`.
    together : int
        Runs of a replicate, which follow one another.
    years : int
    """
    candidates = [(str(name), level) for name in counts for level in _thresholds(counts[name].to_numpy())]
    shares = [f"share: {name}" for name in names]
    columns = ["years", "observable", "threshold", "bits", "bits_a_year", "chance", "exceeds", *shares]
    if not candidates:
        return pd.DataFrame(columns=columns)
    seen = np.column_stack([counts[name].to_numpy() >= level for name, level in candidates]).astype(float)
    bits, by_label = information(labels, seen, len(names))
    shuffled = np.array([information(each, seen, len(names))[0] for each in _shuffled(labels, by, together)])
    table = pd.DataFrame(candidates, columns=["observable", "threshold"]).assign(
        years=years,
        bits=bits - shuffled.mean(axis=0),
        bits_a_year=(bits - shuffled.mean(axis=0)) / years,
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
    shares = np.divide(yes, total, out=np.zeros(yes.shape), where=total > 0)  # a label may have no run here
    entropy = _entropy(share) - (total / len(labels) * _entropy(shares)).sum(axis=0)
    return np.maximum(entropy, 0.0), shares


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
