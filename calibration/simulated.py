"""From the results of simulated runs to observed histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from calibration.history import Challenge, Observation, ObservedHistory, Window
from sim.months import Month
from sim.results.results import Results

ALLIANCE = "CSTO"
_WORDS = ("political_support",)
_MEANS = ("loan", "security_help", "csto_deployment")
_CONCEDED = ("conceded", "bought off")
_SUCCESSION_LAG = 1  # months within which a new leader follows a fall


def observed_runs(results: Results, scenario: str) -> dict[int, ObservedHistory]:
    """Return what an observer would have written down of each run of a scenario.

    Parameters
    ----------
    results : Results
    scenario : str

    Returns
    -------
    dict of int to ObservedHistory
        By replicate.
    """
    only = [("scenario", "==", scenario)]
    events = results.read("events", filters=only)
    moscow = results.read(
        "trajectories", ["replicate", "month", "csto_members"], [*only, ("state", "==", "RUS")]
    )
    by_run = dict(iter(events.groupby("replicate", sort=True)))
    empty = events.iloc[:0]
    return {
        int(str(replicate)): observed_run(by_run.get(replicate, empty), own)
        for replicate, own in moscow.groupby("replicate", sort=True)
    }


def observed_run(events: pd.DataFrame, moscow: pd.DataFrame) -> ObservedHistory:
    """Return what an observer would have written down of one run.

    Parameters
    ----------
    events : DataFrame
        The run's rows of ``events.parquet``.
    moscow : DataFrame
        The run's rows of state RUS in ``trajectories.parquet``: month and csto_members.

    Raises
    ------
    ValueError
        If the run covers no full calendar year.
    """
    months = [Month.parse(str(month)) for month in moscow["month"]]
    window = _full_years(months)
    notes = _Notes()
    for row in events.sort_values("tick", kind="stable").to_dict("records"):
        notes.take(row)
    members = {
        month.year: int(count)
        for month, count in zip(months, moscow["csto_members"], strict=True)
        if month.month == 12
    }
    history = ObservedHistory(
        window=Window(months[0].year, months[-1].year),
        challenges=tuple(notes.challenges()),
        members=members,
        **{name: tuple(facts) for name, facts in notes.facts.items()},
    )
    return history.within(window)


def _full_years(months: list[Month]) -> Window:
    first, last = months[0], months[-1]
    window = Window(first.year + (first.month > 1), last.year - (last.month < 12))
    if window.years < 1:
        raise ValueError(f"a run from {first} to {last} covers no full calendar year")
    return window


@dataclass(slots=True)
class _Open:
    """A challenge as it goes on."""

    month: Month
    state: str
    outcome: str = ""
    support: str = "none"


@dataclass(slots=True)
class _Notes:
    """Reads a run's ledger line by line."""

    facts: dict[str, list[Observation]] = field(default_factory=lambda: defaultdict(list))
    _challenges: list[_Open] = field(default_factory=list)
    _open: dict[str, _Open] = field(default_factory=dict)
    _fallen: dict[str, Month] = field(default_factory=dict)

    def take(self, row: dict[Any, Any]) -> None:
        """Take in one event."""
        kind, target, detail = str(row["kind"]), str(row["target"]), str(row["detail"])
        month, actor = Month.parse(str(row["month"])), str(row["actor"])
        if kind in ("challenge", "challenge_ended", "instrument"):
            self._follow(kind, month, target, detail)
        if kind == "fall":
            self._note("falls", month, target, detail)
            if detail == "street":
                self._fallen[target] = month
        elif kind == "successor" and target in self._fallen:
            if month - self._fallen.pop(target) <= _SUCCESSION_LAG:
                self._note("successors", month, target, detail)
        elif kind in ("election", "succession"):
            self._note("votes", month, target, kind)
        elif kind == "war" and detail == "started":
            self._note("wars", month, target)
        elif kind == "territory":
            self._note("territories", month, target, detail)
        elif kind == "instrument" and detail == "csto_deployment":
            self._note("deployments", month, target)
        elif kind == "refusal":
            self._note("refusals", month, target)
        elif kind == "membership" and target == ALLIANCE:
            self._note("memberships", month, actor, detail)
        elif kind == "clash":
            self._note("clashes", month, "-".join(sorted((actor, target))))

    def challenges(self) -> Iterator[Challenge]:
        """Yield the challenges; one still open at the end has been survived so far."""
        for seen in self._challenges:
            yield Challenge(seen.month, seen.state, seen.outcome or "survived", seen.support)

    def _note(self, name: str, month: Month, subject: str, detail: str = "") -> None:
        self.facts[name].append(Observation(month, subject, detail))

    def _follow(self, kind: str, month: Month, state: str, detail: str) -> None:
        if kind == "challenge":
            self._open[state] = _Open(month, state)
            self._challenges.append(self._open[state])
            return
        seen = self._open.get(state)
        if seen is None:
            return
        if kind == "challenge_ended":
            seen.outcome = "fell" if detail == "fall" else "concession" if detail in _CONCEDED else "survived"
            del self._open[state]
        elif detail in _MEANS:
            seen.support = "means"
        elif detail in _WORDS and seen.support == "none":
            seen.support = "words"
