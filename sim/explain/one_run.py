"""One run with all that is known of it: its events, challenges, series, drawn parameters and start."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import ResultsError
from sim.experiment.parameters import Change, changes_in
from sim.explain.sentences import Entries, entries_in_words, sentence
from sim.explain.words import find_state
from sim.measures.end_state import EndState, end_state
from sim.model.draw import StartingState, draw_states, estimates
from sim.model.randomness import RandomNumbers
from sim.model.record_followed import world_at
from sim.model.regimes.regime import clamp
from sim.model.trace import Challenge, Event
from sim.months import Month
from sim.naming import nearest
from sim.parameters import Parameters, catalogue
from sim.renamed import among

if TYPE_CHECKING:
    from sim.experiment.record import RunRecord
    from sim.experiment.results import Results
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Rise:
    """One time that the street rose: a challenge until it first ended, or one of its flare-ups.

    Parameters
    ----------
    state : str
    renewed : bool
        Whether it is a flare-up.
    events : list of Event
        All that belongs to it, in order: the opening, responses, requests, Moscow's help and refusals, the
        services' defection, a fall with its successor, the end.
    answers : list of str
        The regime's response, one a week.
    """

    state: str
    renewed: bool
    events: list[Event]
    answers: list[str]

    def of_kind(self, kind: str) -> list[Event]:
        """Return its events of a kind."""
        return [event for event in self.events if event.kind == kind]

    def first(self, kind: str) -> Event | None:
        """Return its first event of a kind, if any."""
        return next((event for event in self.events if event.kind == kind), None)

    @property
    def opened(self) -> Event:
        """Its first event: a ``challenge`` or a ``flare``."""
        return self.events[0]

    @property
    def ended(self) -> Event | None:
        """Its end; None if the run ended first."""
        return self.first("challenge_ended")

    @property
    def months(self) -> range:
        """Months from the first to the last event, both counted, by their numbers from 0."""
        return range(self.opened.tick, self.events[-1].tick + 1)


def rises(challenges: Iterable[Challenge], events: Iterable[Event]) -> list[Rise]:
    """Return every time that the street rose in a run, in the order in which it did.

    Parameters
    ----------
    challenges : iterable of Challenge
    events : iterable of Event
        Of the same run, in order.
    """
    found: list[Rise] = []
    latest: dict[int, Rise] = {}
    answers = {challenge.number: list(challenge.answers) for challenge in challenges}
    for event in events:
        number = event.facts.get("challenge")
        if number is None:
            continue
        number = int(number)
        if event.kind in ("challenge", "flare"):
            latest[number] = Rise(event.target, event.kind == "flare", [], [])
            found.append(latest[number])
        rise, left = latest[number], answers[number]
        rise.events.append(event)
        if event.kind == "challenge_ended":
            weeks = int(event.facts["weeks"])
            rise.answers.extend(left[:weeks])
            del left[:weeks]
    for number, rise in latest.items():
        rise.answers.extend(answers[number])  # of a challenge that is open at the end
    return found


@dataclass(frozen=True, slots=True)
class OneRun:
    """One replicate of a scenario.

    Parameters
    ----------
    scenario : Scenario
    replicate : int
    events : list of Event
        In order of time.
    challenges : list of Challenge
        In the order in which they opened.
    series : dict of str to DataFrame
        By state: its rows of ``trajectories.parquet``, one a month, indexed by month from 0. Moscow is RUS.
    parameters : Parameters
        At the start, as drawn.
    start : dict of str to StartingState
        By state, as drawn.
    others : Results or None
        The folder that holds this run among others.
    changes : sequence of Change
        How parameters change on the way, in order.
    outcomes : mapping of str to float
        Those of a run in memory, as `sim.measures.measure` returns them; empty where a folder has them.

    Attributes
    ----------
    rises : list of Rise
        Every time that the street rose, in order.
    entries : Entries
        The scenario's own events in words.
    """

    scenario: Scenario
    replicate: int
    events: list[Event]
    challenges: list[Challenge]
    series: dict[str, pd.DataFrame]
    parameters: Parameters
    start: dict[str, StartingState]
    others: Results | None = None
    changes: Sequence[Change] = ()
    outcomes: Mapping[str, float] = field(default_factory=dict)
    rises: list[Rise] = field(init=False)
    entries: Entries = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rises", rises(self.challenges, self.events))
        object.__setattr__(self, "entries", entries_in_words(self.scenario))

    @property
    def states(self) -> list[str]:
        """Codes of the states, without Moscow."""
        return list(self.start)

    @property
    def end(self) -> EndState | None:
        """The class in which it ended, and the figures that put it there; None where no outcome is known.

        Of a run of a folder it is read when it is asked for: outcomes may have to be computed anew.
        """
        if self.others is None:
            return end_state(self.outcomes) if self.outcomes else None
        rows = self.others.outcomes
        mine = rows[(rows["scenario"] == self.scenario.name) & (rows["replicate"] == self.replicate)].iloc[0]
        return EndState(mine["end_state"], mine["end_state_reason"])

    def value(self, state: str, variable: str, tick: int) -> float:
        """Return a series at the end of a month; of the first month where ``tick`` is before it."""
        return float(self.series[state][variable].iloc[max(tick, 0)])

    def parameters_in(self, tick: int) -> Parameters:
        """Return the parameters that held in a month."""
        values: dict[str, float] = {}
        for change in self.changes:
            values |= change.values if change.tick <= tick else {}
        return self.parameters.replace(values) if values else self.parameters

    def month(self, tick: int) -> str:
        """Return a month as ``YYYY-MM``."""
        return str(self.scenario.start + tick)

    def sentence(self, event: Event) -> str:
        """Tell one event of the run: the month, what happened, and why."""
        return sentence(event, self.month(event.tick), self.entries)

    def openness(self, state: str, tick: int) -> float:
        """Return a state's openness in a month: its start, or the record's where a run follows the record."""
        start = self.start[state]
        january = Month.of((self.scenario.start + tick).year, 1)
        if self.scenario.mode != "historical" or january <= self.scenario.start:
            return start["openness"]
        now = next(record for record in world_at(january).states if record.code == state)
        estimate = dict(estimates(now))["openness"]
        error = start["openness"] - start.record.openness.mean
        return clamp(estimate.mean + error, estimate.low, estimate.high)

    def medians(self, state: str, year: int, variables: Collection[str]) -> dict[str, float]:
        """Return the medians of a state's series in a year over all of the scenario's runs.

        Returns
        -------
        dict of str to float
            Empty where no other runs are known.
        """
        if self.others is None:
            return {}
        rows = self.others.read(
            "trajectories",
            ["month", *variables],
            [("scenario", "==", self.scenario.name), ("state", "==", state)],
        )
        rows = rows[rows["month"].str.startswith(f"{year}-")]
        return {name: float(rows[name].median()) for name in variables}


def from_results(results: Results, scenario: str | None, replicate: int) -> OneRun:
    """Take one run from a results folder.

    Parameters
    ----------
    results : Results
    scenario : str or None
        The folder's first without it.
    replicate : int

    Raises
    ------
    ResultsError
        If the folder has no such scenario or run.
    """
    from sim.experiment import columns  # noqa: PLC0415
    from sim.scenario import load  # noqa: PLC0415  it loads what reads YAML

    name = results.scenarios[0] if scenario is None else among("scenario", scenario, results.scenarios)
    if name not in results.scenarios:
        raise ResultsError(_unknown_scenario(name, results))
    mine = [("scenario", "==", name), ("replicate", "==", replicate)]
    draws = results.read("draws", filters=mine)
    if draws.empty:
        _refuse_replicate(results, name, replicate)
    drawn = draws.drop(columns=["scenario", "replicate"]).iloc[0].dropna()
    return _one_run(
        load(results.path / "scenarios" / f"{name}.yaml").replace(name=name),
        replicate,
        columns.events_of(results.whole_table("events", columns.EVENTS, mine)),
        columns.challenges_of(results.whole_table("challenges", columns.CHALLENGES, mine)),
        results.read("trajectories", filters=mine),
        {str(name): float(value) for name, value in drawn.items()},
        results,
    )


def from_record(scenario: Scenario, record: RunRecord) -> OneRun:
    """Take one run from memory."""
    from sim.experiment import columns  # noqa: PLC0415

    return _one_run(
        scenario,
        record.replicate,
        columns.events_of(columns.events(record)),  # with the digits that a folder would hold
        columns.challenges_of(columns.challenges(record)),
        columns.trajectories(record).to_pandas(),
        dict(record.draws),
        None,
        record.outcomes,
    )


def run_replicate(scenario: Scenario, replicate: int) -> OneRun:
    """Run one replicate of a scenario.

    Raises
    ------
    ResultsError
        If the run fails.
    """
    from sim.experiment.chunk import run_one  # noqa: PLC0415
    from sim.experiment.record import FailedRun  # noqa: PLC0415
    from sim.experiment.run import STANDARD  # noqa: PLC0415

    record = run_one(STANDARD, scenario, replicate)
    if isinstance(record, FailedRun):
        raise ResultsError(f"{scenario.name}, replicate {replicate} failed: {record.error}")
    return from_record(scenario, record)


def check_state(run: OneRun, code: str) -> str:
    """Return a state's code for what a user wrote: a code in any case, or a name.

    Raises
    ------
    ResultsError
        If there is no such state; it offers the nearest.
    """
    try:
        return find_state(code, run.states)
    except ValueError as error:
        raise ResultsError(str(error)) from None


def _one_run(
    scenario: Scenario,
    replicate: int,
    events: list[Event],
    challenges: list[Challenge],
    trajectories: pd.DataFrame,
    draws: dict[str, float],
    others: Results | None,
    outcomes: Mapping[str, float] = MappingProxyType({}),
) -> OneRun:
    numbers = RandomNumbers(scenario.seed, replicate, 1)
    initial = {path: setting.prior for path, setting in scenario.initial.items()}
    starts = draw_states(numbers, world_at(scenario.start), initial)
    return OneRun(
        scenario,
        replicate,
        events,
        challenges,
        {
            str(code): part.reset_index(drop=True)
            for code, part in trajectories.groupby("state", observed=True)
        },
        Parameters().replace({path: value for path, value in draws.items() if path in catalogue()}),
        {start.record.code: start for start in starts},
        others,
        changes_in(scenario, events, draws),
        outcomes,
    )


def _refuse_replicate(results: Results, name: str, replicate: int) -> None:
    failures = results.read("failures")
    failed = failures[(failures["scenario"] == name) & (failures["replicate"] == replicate)]
    if not failed.empty:
        raise ResultsError(f"{name}, replicate {replicate} failed: {failed.iloc[0]['error']}")
    there = results.read("draws", ["replicate"], [("scenario", "==", name)])["replicate"]
    span = f"there are {there.min()} to {there.max()}" if len(there) else "none was finished"
    raise ResultsError(f"{results.path} has no replicate {replicate} of {name}; {span}")


def _unknown_scenario(name: str, results: Results) -> str:
    close = nearest(name, results.scenarios)
    hint = f"; did you mean {close}?" if close else ""
    return f"{results.path} has no scenario {name}; there are: {', '.join(results.scenarios)}{hint}"
