"""The tables of a results folder as figures need them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import pandas as pd

from sim.analysis.compare import chosen_baseline, named
from sim.analysis.shipped_audit import AuditMarks
from sim.errors import RequestError
from sim.figures.paths import KEYS, Fans, Gathering, fans, last_alignments
from sim.figures.source import Source, source_of
from sim.measures.falls import FALL
from sim.measures.window import WHOLE, Window
from sim.naming import several
from sim.renamed import among
from sim.scenario.vocabulary import MOSCOW


class ResultsLike(Protocol):
    """What is read of `sim.experiment.results.Results`."""

    @property
    def about(self) -> dict[str, Any]: ...  # noqa: D102

    @property
    def scenarios(self) -> list[str]: ...  # noqa: D102

    @property
    def outcomes(self) -> pd.DataFrame: ...  # noqa: D102

    @cached_property
    def events(self) -> pd.DataFrame: ...  # noqa: D102

    @cached_property
    def draws(self) -> pd.DataFrame: ...  # noqa: D102

    def outcomes_within(self, window: Window) -> pd.DataFrame: ...  # noqa: D102

    def read(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame: ...  # noqa: D102

    def audit(self, baseline: str) -> AuditMarks: ...  # noqa: D102


_COLUMNS = (*KEYS, "alignment", "influence")

_OF_EVENTS = ("scenario", "replicate", "month", "kind", "target", "detail")
_KINDS = (FALL, "instrument")

_LONG = ("trajectories", "events", "falls_and_uses", "draws")


class Series(NamedTuple):
    """What figures show of trajectories, however many runs there are.

    Parameters
    ----------
    alignments : Fans
        Of every state, by scenario.
    influence : Fans
        Of Moscow, by scenario.
    ends : DataFrame
        The rows of each scenario's last month in which an alignment is known, within the window.
    years : range
        Calendar years of the runs.
    """

    alignments: Fans
    influence: Fans
    ends: pd.DataFrame
    years: range


def file_names(scenarios: Sequence[str]) -> list[str]:
    """Return a safe and different file name for each scenario: letters, digits, hyphens and underscores."""
    found: list[str] = []
    for scenario in scenarios:
        slug = re.sub(r"[^A-Za-z0-9_-]+", "-", scenario).strip("-")[:60] or "scenario"
        name, number = slug, 2
        while name.lower() in (known.lower() for known in found):
            name, number = f"{slug}-{number}", number + 1
        found.append(name)
    return found


class Tables:
    """The tables of a results folder as figures need them, each read once, when it is first asked for.

    Parameters
    ----------
    results : Results
    scenarios : sequence of str, optional
        Those that are drawn; all without it.
    baseline : str, optional
        What scenarios are held against, if not what they were compared with when they were run.
    window : Window
        The months over which outcomes are measured.
    states : sequence of str
        Codes of those of which there are figures of their own.

    Attributes
    ----------
    results : Results
    states : tuple of str
    baseline : str
        Empty where no run was finished.
    outcomes : DataFrame
        One row a run, scenario by scenario: the baseline first, then the others in their order.
    source : Source
        What stands at the foot of a figure of paths, which are of whole runs.
    measured : Source
        The same of a figure of outcomes, of ends or of events: with the window.

    Raises
    ------
    ResultsError
        If there is no such scenario.
    """

    def __init__(
        self,
        results: ResultsLike,
        scenarios: str | Sequence[str] | None = None,
        baseline: str | None = None,
        window: Window = WHOLE,
        states: Sequence[str] = (),
    ) -> None:
        self.results = results
        self.states: tuple[str, ...] = tuple(states)
        outcomes = results.outcomes_within(window) if window else results.outcomes
        ran = set(outcomes["scenario"]) if len(outcomes) else set()
        asked = results.scenarios if scenarios is None else several(scenarios, "scenarios")
        known = [named("scenario", name, results.scenarios) for name in asked]
        order = [name for name in known if name in ran]
        against = results.about.get("baseline")
        against = against if against in ran else None
        if baseline:
            against = named("scenario", among("scenario", baseline, results.scenarios), results.scenarios)
        self.baseline = chosen_baseline(order, against) if order else ""
        order = list(dict.fromkeys([self.baseline, *order])) if order else []
        parts = [outcomes[outcomes["scenario"] == name] for name in order]
        self.outcomes = pd.concat(parts, ignore_index=True) if parts else outcomes
        read = source_of(self.outcomes, results.about) if parts else Source(results.about.get("seed"), {})
        self.source: Source = dataclasses.replace(read, baseline=self.baseline)
        self.measured = dataclasses.replace(self.source, window=window)

    def __getstate__(self) -> dict[str, Any]:
        """Travel to another process without the long tables: it reads what it needs."""
        return {key: held for key, held in self.__dict__.items() if key not in _LONG}

    @cached_property
    def audit(self) -> AuditMarks:
        """What the shipped audit says of the differences; it is of whole runs."""
        if self.measured.window:
            others = [name for name in self.source.runs if name != self.baseline]
            return self.results.audit(self.baseline).over_months(others)
        return self.results.audit(self.baseline)

    @property
    def by_file_name(self) -> dict[str, str]:
        """Each scenario by a safe file name."""
        return dict(zip(file_names(self.source.scenarios), self.source.scenarios, strict=True))

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event."""
        return self._drawn(self.results.events)

    @cached_property
    def falls_and_uses(self) -> pd.DataFrame:
        """Falls and uses of instruments in the window, without facts: a small part of `events`."""
        if getattr(self.results, "parts", None) is None:  # no results folder
            found = self.events
        else:
            read: Any = self.results.read
            found = self._drawn(read("events", [*_OF_EVENTS], [("kind", "in", [*_KINDS])]))
        window = self.measured.window
        return found[found["month"].astype(str).map(window.holds).astype(bool)] if window else found

    @property
    def years(self) -> range:
        """Calendar years of the runs, as far as the window has months of them."""
        years, window = self.series.years, self.measured.window
        first = years.start if window.since is None else window.since.year
        last = years.stop if window.by is None else window.by.year + 1
        return range(first, last)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a run: every parameter as drawn."""
        return self._drawn(self.results.draws)

    @cached_property
    def trajectories(self) -> pd.DataFrame:
        """One row a run, month and state: alignment, and in Moscow's rows influence."""
        return self._drawn(self.results.read("trajectories", [*_COLUMNS]))

    @cached_property
    def series(self) -> Series:
        """What figures show of trajectories, read some runs at a time: memory holds one scenario's paths."""
        alignments: Fans = {}
        influence: Fans = {}
        ends = []
        by = self.measured.window.by
        for name in self.source.scenarios:
            states, moscow = Gathering("alignment"), Gathering("influence")
            for rows in self._parts(name):
                states.add(rows[rows["state"] != MOSCOW])
                moscow.add(rows[rows["state"] == MOSCOW])
                ends.append(last_alignments(rows, str(by) if by is not None else ""))
            alignments |= fans(states.paths)
            influence |= fans(moscow.paths)
        times = [time for moving in (alignments, influence) for found, _ in moving.values() for time in found]
        if not times:
            raise RequestError("no run has trajectories")
        years = range(int(min(times)), int(max(times) + 1e-9) + 1)
        return Series(alignments, influence, pd.concat(ends, ignore_index=True), years)

    def fans_of(self, state: str, columns: Sequence[str]) -> dict[str, Fans]:
        """Return the bands of some series of a state, by column, read some runs at a time."""
        found: dict[str, Fans] = {column: {} for column in columns}
        for name in self.source.scenarios:
            gathered = {column: Gathering(column) for column in columns}
            for rows in self._parts(name, (*KEYS, *columns), state):
                for gathering in gathered.values():
                    gathering.add(rows)
            for column, gathering in gathered.items():
                found[column] |= fans(gathering.paths)
        return found

    def _parts(
        self, scenario: str, columns: Sequence[str] = _COLUMNS, state: str | None = None
    ) -> Iterable[pd.DataFrame]:
        """Return a scenario's trajectories, of one state or all, in parts where results can be read so."""
        parts = getattr(self.results, "parts", None)
        if parts is not None:
            found: Iterable[pd.DataFrame] = parts(
                "trajectories", [*columns], scenarios=scenario, states=state
            )
            return found
        whole = self.trajectories if state is None else self.results.read("trajectories", [*columns])
        rows = whole[whole["scenario"] == scenario]
        return [rows if state is None else rows[rows["state"] == state]]

    def _drawn(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the scenarios that are drawn."""
        if set(self.results.scenarios) <= set(self.source.scenarios):
            return table
        return table[table["scenario"].isin(self.source.scenarios)]
