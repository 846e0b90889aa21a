"""Signposts: what to watch to tell scenarios, or end states, apart.

All is read off stored runs. How much a signpost tells is its mutual information with what is to be told
apart, in bits, beside the most that any signpost reaches with shuffled labels. What a thesis assumes rather
than brings about is marked by the audit of the outcomes that count the same events.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.audit import ASSUMED
from sim.analysis.compare import named
from sim.analysis.observables import (
    Statement,
    counted,
    of_states,
    outcomes_counting,
    parameters_behind,
    sides,
    statements_of,
)
from sim.analysis.shipped_audit import stored_scenarios
from sim.analysis.signpost_words import RUNS, told
from sim.analysis.telling import before_window, in_window
from sim.errors import RequestError, ResultsError
from sim.experiment.place import check_results
from sim.experiment.results import Results
from sim.explain.words import find_states
from sim.measures.end_state import END_STATES
from sim.measures.window import Window
from sim.months import Month
from sim.naming import printable, several

YEARS = (1, 2, 5)
"""Windows, if none are asked for."""

BY = ("scenario", "end state")
"""What may be told apart."""

LEAST_FITTING = 30
"""Runs that fit in full, below which what was seen gives no answer: it would be that of runs without it."""

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

    def of_replicate(self) -> NDArray[np.int64]:
        """Return the replicate of each run."""
        return self.outcomes.index.get_level_values("replicate").to_numpy()

    def fitting(self, seen: Sequence[Statement], until: str | Month | None, before: int) -> NDArray[np.bool_]:
        """Return in which runs every statement holds from the start to the end of a month.

        Parameters
        ----------
        seen : sequence of Statement
            Without any, all runs fit.
        until : str or Month, optional
            The last month that is known; the one before the window without it.
        before : int
            Tick at which the window begins.

        Raises
        ------
        RequestError
            If no month is left before the window.
        ResultsError
            If fewer than `LEAST_FITTING` runs fit.
        """
        if not seen:
            return np.ones(len(self.outcomes), bool)
        months = before if until is None else self.first(until) + 1
        if not 1 <= months <= before:
            begins = self.start + before
            raise RequestError(
                f"what was seen must end before the window begins, in {begins}: give a later since"
            )
        return check_fitting(self.held(seen, months).all(axis=1))

    def held(self, seen: Sequence[Statement], months: int, first: int = 0) -> NDArray[np.bool_]:
        """Return which statements hold of each run: a row a run, a column a statement.

        Parameters
        ----------
        seen : sequence of Statement
        months : int
            Those that are known; a statement may be of some of them.
        first : int
            Tick of the first of them.

        Raises
        ------
        RequestError
            If the months of a statement are outside these.
        """
        start, end = self.start + first, self.start + (first + months - 1)
        counts: dict[tuple[Month, Month], pd.DataFrame] = {}
        columns = []
        for statement in seen:
            of = (statement.since or start, statement.by or end)
            if not start <= of[0] <= of[1] <= end:
                raise RequestError(f"`{statement}` is outside the months that are known, {start} to {end}")
            if of not in counts:
                counts[of] = self.counts(of[1] - of[0] + 1, of[0] - self.start)
            columns.append(statement.holds(counts[of]))
        return np.column_stack(columns)

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


def check_fitting(held: Any, least: int = LEAST_FITTING) -> NDArray[np.bool_]:
    """Return which runs fit in full, or raise a ResultsError if too few do."""
    fits = np.asarray(held, bool)
    if (matching := int(fits.sum())) < max(least, 1):
        raise ResultsError(
            f"too few runs fit what was seen: {matching} of {len(fits)} in full; {least} are needed: "
            "make more runs, or state less"
        )
    return fits


# -- what to watch ---------------------------------------------------------------------------------


def signposts(
    results: Results,
    *,
    scenarios: str | Sequence[str] = (),
    by: str = "scenario",
    years: int | Sequence[int] | None = None,
    since: str | Month | None = None,
    seen: str | Statement | Sequence[str | Statement] = (),
    until: str | Month | None = None,
    states: str | Sequence[str] = (),
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
    seen : sequence of str or Statement
        What has happened before that month, such as ``fall:street KGZ >= 1``: only runs of which all of it
        holds are used. Without it all runs are, whatever came before in them.
    until : str or Month, optional
        The last month in which that counts; the one before ``since`` without it.
    states : sequence of str
        Codes, names or regions: only signposts about one of these states, and the best of these by chance.
        Without it all signposts.

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
        ``before: NAME``
            Where the window begins later than the runs: share of them in which it had happened before, at
            least once, or governments stood so in the month before.
        ``assumed``
            Scenarios whose number of such events differs from the shared world's by assumption, as the audit
            of whole runs has it, or because they set the parameter that alone brings them about: there the
            signpost repeats the thesis. Names with commas between.
        ``unaudited``
            Scenarios of which no audit says anything here.
        ``words``
            The signpost in a reader's words, with its last month.
        ``given``, ``runs``
            What has been seen, with semicolons between, or empty; and how many runs are used.
        ``runs: NAME``
            How many of them are of each scenario, or of each end state: what its shares are of.
        ``about``
            Codes of the states, with commas between, if some were asked for.

    Raises
    ------
    RequestError, ResultsError
        If something is asked for that cannot be done.
    """
    codes = find_states(states) if states else ()
    runs = Runs.of(results, scenarios)
    labels, names = runs.labels(by)
    first = runs.first(since)
    lengths = windows(years, runs, first)
    statements = statements_of(seen)
    fits = runs.fitting(statements, until, first)
    # a name without a run that fits has no share
    there, labels = np.unique(labels[fits], return_inverse=True)
    if len(there) < 2:
        raise ResultsError(f"all runs that fit what was seen are of one {by}: there is nothing to tell apart")
    names = tuple(names[place] for place in there)
    numbers = {f"{RUNS}{name}": int((labels == place).sum()) for place, name in enumerate(names)}
    replicates = runs.of_replicate()[fits]
    found = pd.concat(
        [
            in_window(
                of_states(runs.counts(12 * year, first), codes)[fits], labels, names, by, replicates, year
            )
            for year in lengths
        ],
        ignore_index=True,
    )
    if first:
        earlier = before_window(runs.counts(first)[fits], found, labels, names)
        found = found.join(earlier)
    found.insert(0, "from", str(runs.start + first))
    audited, sets = results.labels(), {each.name: each.parameters for each in stored_scenarios(results)}
    marks = [audit_of(str(name), runs.scenarios, audited, sets) for name in found["observable"]]
    for place, column in enumerate(("assumed", "unaudited")):
        found[column] = [", ".join(mark[place]) for mark in marks]
    found["words"] = [
        told(str(name), int(number), runs.start + (first + 12 * int(years) - 1))
        for name, number, years in zip(found["observable"], found["threshold"], found["years"], strict=True)
    ]
    about = {"about": ", ".join(codes)} if codes else {}
    return found.assign(given="; ".join(map(str, statements)), runs=int(fits.sum()), **numbers, **about)


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
    observable: str,
    scenarios: Sequence[str],
    labels: Mapping[str, Mapping[str, str]],
    sets: Mapping[str, Collection[str]],
) -> tuple[list[str], list[str]]:
    """Return under which scenarios an observable is assumed, and of which no audit says anything.

    It is assumed where audits label so an outcome that counts its events. So it is where no outcome does,
    and the scenario sets a parameter that alone brings them about.

    Parameters
    ----------
    observable : str
    scenarios : sequence of str
        A single one is held against nothing.
    labels : mapping
        As `sim.experiment.results.Results.labels` returns them.
    sets : mapping
        Parameters that each scenario sets, by dotted path.
    """
    if len(scenarios) < 2:
        return [], []
    counting, behind = outcomes_counting(observable), set(parameters_behind(observable))
    assumed, unaudited = [], []
    for name in scenarios:
        cells = labels.get(name)
        known = [cells[outcome] for outcome in counting if outcome in cells] if cells else []
        if ASSUMED in known or behind & set(sets.get(name, ())):
            assumed.append(name)
        elif cells is None or (cells and not known):
            unaudited.append(name)
    return assumed, unaudited
