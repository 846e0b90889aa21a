"""From simulated runs to observed histories: what an observer would have written down of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from calibration.history import CROWD, Challenge, Observation, ObservedHistory, Window
from sim.months import Month
from sim.world.record import load_record

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.model.trace import History

ALLIANCE = "CSTO"
ON_THE_STREET = 0.1
"""Share of those in open opposition who are on the street (docs/MODEL.md, street scale)."""

_INTERVENTIONS = {
    "political_support": "words",
    "loan": "means",
    "security_help": "means",
    "csto_deployment": "troops",
    "economic_integration": "integration",
    "passports": "territory",
    "separatism": "territory",
    "annexation": "territory",
    "war": "war",
    "mediation": "mediation",
}
"""Kinds of `calibration.history.INTERVENTIONS` by Moscow's instrument."""

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
        By replicate; without alignment and crowds.
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
    notes = _Notes()
    for row in events.sort_values("tick", kind="stable").to_dict("records"):
        kind, actor, target, detail = (str(row[name]) for name in ("kind", "actor", "target", "detail"))
        notes.take(Month.parse(str(row["month"])), kind, actor, target, detail)
    return notes.history(months, moscow["csto_members"])


def observe(history: History) -> ObservedHistory:
    """Return what an observer would have written down of a run that is in memory.

    Parameters
    ----------
    history : History

    Raises
    ------
    ValueError
        If the run covers no full calendar year.
    """
    length = len(next(iter(history.moscow.values())))
    months = [history.start + tick for tick in range(length)]
    notes = _Notes()
    for event in history.events:
        notes.take(months[event.tick], event.kind, event.actor, event.target, event.detail)
    alignment: dict[tuple[str, int], float] = {}
    crowds: dict[tuple[str, int], float] = {}
    crowded: dict[tuple[str, int], int] = {}
    for place, state in enumerate(history.states):
        for tick, month in enumerate(months):
            if month.month == 12:
                alignment[state, month.year] = float(history.series["alignment"][tick, place])
                year = history.series["participation"][max(tick - 11, 0) : tick + 1, place]
                heads = ON_THE_STREET * _surges(year) * _population(state, month.year)
                crowds[state, month.year] = float(heads.max())
                crowded[state, month.year] = int((heads >= CROWD).sum())
    return notes.history(
        months, history.moscow["csto_members"], alignment=alignment, crowds=crowds, crowded_months=crowded
    )


def _surges(participation: np.ndarray) -> np.ndarray:
    """Return how far each month's peak of open opposition stands above the usual level of the year.

    The usual level is the steady opposition of parties, petitions and pickets, which no list of protests
    counts; its measure is the year's median month.
    """
    surges: np.ndarray = np.maximum(participation - np.median(participation), 0.0)
    return surges


@cache
def _population(state: str, year: int) -> float:
    """Return persons in the record's last year up to this one; forecasts go on with the last."""
    known = load_record().series["population_million", state]
    return 1e6 * known[min(max(year, min(known)), max(known))]


@cache
def _hosts() -> dict[str, str]:
    return {str(row["territory"]): str(row["host"]) for row in load_record().rows["territories"]}


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
    _place_free: dict[str, str] = field(default_factory=dict)

    def take(self, month: Month, kind: str, actor: str, target: str, detail: str) -> None:
        """Take in one event; events come in order of time."""
        if kind in ("challenge", "challenge_ended", "instrument"):
            self._follow(kind, month, target, detail)
        if kind == "fall":
            self._note("falls", month, target, detail)
            self._place_free[target] = detail
            if detail == "street":
                self._fallen[target] = month
        elif kind == "successor":
            self._succeed(month, target, detail)
        elif kind in ("election", "succession"):
            self._note("votes", month, target, kind)
            if detail != "lame duck":
                self._place_free[target] = "vote" if kind == "election" else "succession"
        elif kind == "war" and detail == "started":
            self._note("wars", month, target)
        elif kind == "territory":
            self._note("territories", month, target, detail)
        elif kind == "instrument":
            self._act(month, target, detail)
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

    def history(self, months: Sequence[Month], members: Iterable[float], **yearly: Any) -> ObservedHistory:
        """Return what was noted, in full calendar years.

        Parameters
        ----------
        months : sequence of Month
            Every month of the run.
        members : iterable of float
            Members of the alliance at the end of each.
        **yearly
            Fields of `ObservedHistory` by state and year.
        """
        ends = {
            month.year: int(count) for month, count in zip(months, members, strict=True) if month.month == 12
        }
        facts: dict[str, Any] = {name: tuple(found) for name, found in self.facts.items()}
        history = ObservedHistory(
            window=Window(months[0].year, months[-1].year),
            challenges=tuple(self.challenges()),
            members=ends,
            **facts,
            **yearly,
        )
        return history.within(_full_years(list(months)))

    def _succeed(self, month: Month, state: str, orientation: str) -> None:
        if state in self._place_free:
            self._note("leaders", month, state, self._place_free.pop(state))
        if state in self._fallen and month - self._fallen.pop(state) <= _SUCCESSION_LAG:
            self._note("successors", month, state, orientation)

    def _act(self, month: Month, target: str, instrument: str) -> None:
        """Note what Moscow does; between two states, for both."""
        if instrument == "csto_deployment":
            self._note("deployments", month, target)
        for place in target.split("-") if target not in _hosts() else (_hosts()[target],):
            self._note("interventions", month, place, _INTERVENTIONS[instrument])

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
