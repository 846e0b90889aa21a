"""Part of a run, so that changes and counts can be measured over any months."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.measures.history import RunHistory
from sim.months import Month

if TYPE_CHECKING:
    from sim.model.trace import Challenge, Event, History
    from sim.world.state import World


@dataclass(frozen=True, slots=True)
class Window:
    """The months over which outcomes are measured; those of the whole run where an end is open.

    Parameters
    ----------
    since, by : Month, optional
        The first and the last month, both counted. A change is the value at the end of the last month less
        that at the end of the first; a count is of events within; a challenge belongs to the month in which
        it opened.
    """

    since: Month | None = None
    by: Month | None = None

    @classmethod
    def of(cls, since: str | Month | None = None, by: str | Month | None = None) -> Window:
        """Return a window from months as they are written, such as ``2014-03``.

        Raises
        ------
        RequestError
            If one is no month, or the last is not after the first.
        """
        window = cls(_month(since), _month(by))
        if window.since is not None and window.by is not None and window.by <= window.since:
            raise RequestError(f"the last month, {window.by}, must come after the first, {window.since}")
        return window

    def __bool__(self) -> bool:
        return self.since is not None or self.by is not None

    def __str__(self) -> str:
        first = f"from {self.since}" if self.since is not None else "from the start"
        return f"{first} to {self.by if self.by is not None else 'the end'}"

    def holds(self, month: str) -> bool:
        """Return whether a month, written ``YYYY-MM``, is one of the window's."""
        return (self.since is None or month >= str(self.since)) and (self.by is None or month <= str(self.by))

    def check(self, spans: Iterable[tuple[str, Month, int]]) -> None:
        """See that every run has at least two of the window's months.

        Parameters
        ----------
        spans : iterable of (str, Month, int)
            Name, first month and number of months of each scenario.

        Raises
        ------
        RequestError
            If one does not reach over the window.
        """
        for name, start, months in spans:
            last = start + (months - 1)
            for month in (self.since, self.by):
                if month is not None and not start <= month <= last:
                    raise RequestError(
                        f"{month} is outside the runs of {name}, which go from {start} to {last}"
                    )
            if (self.by or last) <= (self.since or start):
                raise RequestError(f"the window {self} holds no change: {name} runs from {start} to {last}")

    def of_run(self, history: History, world: World, draws: dict[str, float]) -> RunHistory:
        """Return what an outcome sees of a run within the window.

        Parameters
        ----------
        history : History
            The whole run.
        world : World
            The record at its start.
        draws : dict of str to float

        Notes
        -----
        The world is that of the run's start, but for the members of organisations, which are those before
        the window's first month. What a regime answered week by week is kept whole, since it has no dates.
        """
        if not self:
            return RunHistory(history, world, draws)
        months = len(next(iter(history.series.values())))
        first = 0 if self.since is None else self.since - history.start
        end = months if self.by is None else self.by - history.start + 1
        before = [event for event in history.events if event.tick < first]
        cut = dataclasses.replace(
            history,
            start=history.start + first,
            series={name: values[first:end] for name, values in history.series.items()},
            moscow={name: values[first:end] for name, values in history.moscow.items()},
            territories={name: values[first:end] for name, values in history.territories.items()},
            events=[
                dataclasses.replace(event, tick=event.tick - first)
                for event in history.events
                if first <= event.tick < end
            ],
            challenges=[
                _within(challenge, first, end)
                for challenge in history.challenges
                if first <= challenge.start < end
            ],
        )
        return RunHistory(cut, _with_members(world, before), draws)


WHOLE = Window()
"""The whole run."""


def _month(text: str | Month | None) -> Month | None:
    if text is None or isinstance(text, Month):
        return text
    try:
        return Month.parse(str(text))
    except ValueError as error:
        raise RequestError(str(error)) from None


_BESIDE = {
    "help_ticks": ("help",),
    "fall_ticks": ("falls", "successors", "successor_lines"),
    "ends": ("endings",),
}
"""Fields of a challenge that stand in the order of the ticks in another."""


def _within(challenge: Challenge, first: int, end: int) -> Challenge:
    """Return what had come of a challenge before a window's end, with ticks from the window's start."""
    cut: dict[str, Any] = {"start": challenge.start - first, "peak_tick": challenge.peak_tick - first}
    for name in ("requests", "refusals", "defections", "flares", *_BESIDE):
        ticks: Sequence[int] = getattr(challenge, name)
        kept = bisect_left(ticks, end)
        cut[name] = [tick - first for tick in ticks[:kept]]
        cut |= {beside: list(getattr(challenge, beside)[:kept]) for beside in _BESIDE.get(name, ())}
    return dataclasses.replace(challenge, **cut)


def _with_members(world: World, events: Sequence[Event]) -> World:
    """Return the record with the members of organisations as some events left them."""
    members = {state.code: set(state.memberships) for state in world.states}
    for event in events:
        if event.kind == "membership" and event.actor in members:
            (members[event.actor].add if event.detail == "joined" else members[event.actor].discard)(
                event.target
            )
    states = tuple(
        dataclasses.replace(state, memberships=frozenset(members[state.code])) for state in world.states
    )
    return dataclasses.replace(world, states=states)
