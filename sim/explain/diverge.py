"""Where one replicate parts ways under two scenarios: bit by bit, and event by event."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiment.results import ResultsError
from sim.explain.one_run import OneRun
from sim.measures.falls import falls_among
from sim.model.trace import Event
from sim.parameters import catalogue
from sim.scenario.vocabulary import MOSCOW
from sim.series import MOSCOW_SERIES, STATE_SERIES

Series = NDArray[np.float32]
Flags = NDArray[np.bool_]

WIDE = 0.1
"""Difference in alignment from which two states count as apart."""

_OTHER_UNITS = ("garrison",)  # all other series of a state are on a scale of one
_MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Gap:
    """Two values that differ.

    Parameters
    ----------
    what : str
        A parameter's or start quantity's path, or a series.
    state : str
        Code; RUS for Moscow's own series; empty for parameters.
    first, second : float
    claim : str
        Which claim sets it, if one does.
    """

    what: str
    state: str
    first: float
    second: float
    claim: str = ""

    @property
    def size(self) -> float:
        """How far apart they are."""
        return abs(self.first - self.second)


@dataclass(frozen=True, slots=True)
class EventGap:
    """The first month in which the ledgers differ.

    Parameters
    ----------
    tick : int
    first, second : tuple of Event
        What only the first, or only the second, run has.
    """

    tick: int
    first: tuple[Event, ...]
    second: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class YearGap:
    """How far apart two runs are at the end of a year."""

    year: int
    states_apart: int
    influence: tuple[float, float]
    falls: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Divergence:
    """How two runs part ways.

    Parameters
    ----------
    months : int
        Months that both runs have.
    parameters, start : tuple of Gap
        Drawn parameters and start quantities that differ, the widest apart for their range first.
    tick : int or None
        First month in which any series differs by a single bit; None if none ever does.
    series : tuple of Gap
        What differs in that month, the widest first.
    visible : tuple of int and Gap, or None
        First month in which a state's series on a scale of one differs by more than `WIDE`, and which.
    numbers : pair of events, or None
        First event that both have, with other numbers.
    event : EventGap or None
    years : tuple of YearGap
        At most ten, the last among them.
    """

    months: int
    parameters: tuple[Gap, ...]
    start: tuple[Gap, ...]
    tick: int | None
    series: tuple[Gap, ...]
    visible: tuple[int, Gap] | None
    numbers: tuple[Event, Event] | None
    event: EventGap | None
    years: tuple[YearGap, ...]

    @property
    def never(self) -> bool:
        """Whether the two runs are the same, bit by bit and event by event."""
        return self.tick is None and self.event is None and self.numbers is None


def diverge(first: OneRun, second: OneRun) -> Divergence:
    """Compare one replicate under two scenarios.

    Parameters
    ----------
    first, second : OneRun
        With the same seed and replicate; where one is longer, its later months are left out.

    Returns
    -------
    Divergence

    Raises
    ------
    ResultsError
        If they start in different months, or share no random numbers.
    """
    a, b = first.scenario, second.scenario
    if a.start != b.start:
        raise ResultsError(
            f"{a.name} starts in {a.start} and {b.name} in {b.start}: their months cannot be compared"
        )
    if (a.seed, first.replicate) != (b.seed, second.replicate):
        raise ResultsError(f"{a.name} and {b.name} share no random numbers: seed or replicate differs")
    months = min(a.months, b.months)
    gaps, tick = _series_gaps(first, second, months)
    return Divergence(
        months,
        _parameter_gaps(first, second),
        _start_gaps(first, second),
        tick,
        gaps,
        _visible(first, second, months),
        _numbers(first, second, months),
        _event_gap(first, second, months),
        _year_gaps(first, second, months),
    )


def _parameter_gaps(first: OneRun, second: OneRun) -> tuple[Gap, ...]:
    specs = catalogue()
    gaps = []
    for path in specs:
        ours, theirs = (_parameter(run, path) for run in (first, second))
        if ours != theirs:
            setting = second.scenario.parameters.get(path) or first.scenario.parameters.get(path)
            gaps.append(Gap(path, "", ours, theirs, (setting.claim or "") if setting else ""))
    return tuple(sorted(gaps, key=lambda gap: -gap.size / (specs[gap.what].high - specs[gap.what].low)))


def _parameter(run: OneRun, path: str) -> float:
    section, name = path.split(".")
    return float(getattr(getattr(run.parameters, section), name))


def _start_gaps(first: OneRun, second: OneRun) -> tuple[Gap, ...]:
    gaps = [
        Gap(quantity, state, ours.values[quantity], second.start[state].values[quantity])
        for state, ours in first.start.items()
        for quantity in ours.values
        if ours.values[quantity] != second.start[state].values[quantity]
    ]
    return tuple(sorted(gaps, key=lambda gap: -gap.size))


def _series_gaps(first: OneRun, second: OneRun, months: int) -> tuple[tuple[Gap, ...], int | None]:
    """Return what differs in the first month in which anything does, and that month."""
    earliest = {
        (state, variable): tick
        for state, variable, ours, theirs in _pairs(first, second, months)
        if (tick := _first(_differs(ours, theirs))) is not None
    }
    if not earliest:
        return (), None
    tick = min(earliest.values())
    gaps = [
        Gap(variable, state, first.value(state, variable, tick), second.value(state, variable, tick))
        for (state, variable), when in earliest.items()
        if when == tick
    ]
    return tuple(sorted(gaps, key=lambda gap: -gap.size)), tick


def _visible(first: OneRun, second: OneRun, months: int) -> tuple[int, Gap] | None:
    found: list[tuple[int, float, Gap]] = []
    for state, variable, ours, theirs in _pairs(first, second, months):
        if state == MOSCOW or variable in _OTHER_UNITS:
            continue
        tick = _first(np.abs(ours - theirs) > WIDE)
        if tick is not None:
            gap = Gap(variable, state, float(ours[tick]), float(theirs[tick]))
            found.append((tick, -gap.size, gap))
    if not found:
        return None
    tick, _, gap = min(found, key=lambda item: item[:2])
    return tick, gap


def _pairs(first: OneRun, second: OneRun, months: int) -> list[tuple[str, str, Series, Series]]:
    """Return both runs' values of every series of every state, and of Moscow's own."""
    return [
        (
            state,
            variable,
            first.series[state][variable].to_numpy(np.float32)[:months],
            second.series[state][variable].to_numpy(np.float32)[:months],
        )
        for state in (*first.states, MOSCOW)
        for variable in (MOSCOW_SERIES if state == MOSCOW else STATE_SERIES)
    ]


def _differs(ours: Series, theirs: Series) -> Flags:
    differs: Flags = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
    return differs


def _first(flags: Flags) -> int | None:
    return int(flags.argmax()) if flags.any() else None


def _key(event: Event) -> tuple[str, ...]:
    return event.kind, event.actor, event.target, event.detail


def _by_month(run: OneRun, months: int) -> list[list[Event]]:
    by_month: list[list[Event]] = [[] for _ in range(months)]
    for event in run.events:
        if event.tick < months:
            by_month[event.tick].append(event)
    return by_month


def _event_gap(first: OneRun, second: OneRun, months: int) -> EventGap | None:
    ledgers = zip(_by_month(first, months), _by_month(second, months), strict=True)
    for tick, (ours, theirs) in enumerate(ledgers):
        here, there = Counter(map(_key, ours)), Counter(map(_key, theirs))
        if here != there:
            return EventGap(tick, _surplus(ours, here - there), _surplus(theirs, there - here))
    return None


def _surplus(events: list[Event], left: Counter[tuple[str, ...]]) -> tuple[Event, ...]:
    """Return the last events that the other run lacks, in order: what both have comes first."""
    kept = []
    for event in reversed(events):
        if left[_key(event)] > 0:
            left[_key(event)] -= 1
            kept.append(event)
    return tuple(reversed(kept))


def _numbers(first: OneRun, second: OneRun, months: int) -> tuple[Event, Event] | None:
    """Return the first event that both have, with other numbers as a reader sees them."""
    for ours, theirs in zip(_by_month(first, months), _by_month(second, months), strict=True):
        waiting: dict[tuple[str, ...], list[Event]] = {}
        for event in theirs:
            waiting.setdefault(_key(event), []).append(event)
        for event in ours:
            same = waiting.get(_key(event))
            if not same:
                continue
            other = same.pop(0)
            if first.sentence(event) != second.sentence(other):
                return event, other
    return None


def _year_gaps(first: OneRun, second: OneRun, months: int) -> tuple[YearGap, ...]:
    ends = [tick for tick in range(months) if (first.scenario.start + tick).month == 12 or tick == months - 1]
    step = -(-len(ends) // _MOST_YEARS)
    return tuple(_year_gap(first, second, tick) for tick in ends[::-1][::step][::-1])


def _year_gap(first: OneRun, second: OneRun, tick: int) -> YearGap:
    apart = [
        abs(first.value(state, "alignment", tick) - second.value(state, "alignment", tick)) > WIDE
        for state in first.states
    ]
    runs = (first, second)
    influence = [run.value(MOSCOW, "influence", tick) for run in runs]
    falls = [sum(event.tick <= tick for event in falls_among(run.events)) for run in runs]
    return YearGap(
        (first.scenario.start + tick).year, sum(apart), (influence[0], influence[1]), (falls[0], falls[1])
    )
