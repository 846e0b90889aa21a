"""What one run leaves behind: its dated events with their facts, its challenges, and its monthly series."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from sim.model.events import EVENT_KINDS
from sim.months import Month

# -- events ------------------------------------------------------------------------------------------

NEVER = -1
"""Tick of what has not happened."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger: who did what to whom and when, with the facts behind it.

    Parameters
    ----------
    tick : int
        Months since the start of the run.
    kind : str
        What happened; the vocabulary is `sim.model.events.EVENT_KINDS`.
    actor : str
        Who did it: a state's code, ``RUS``, a power, a movement.
    target : str
        To whom: a state's code, a territory, an organisation, or the empty string.
    detail : str
        Which one: an instrument, a response, a class of successor; may be empty.
    value : float
        The one number that matters most (participation, alignment, cost); NaN if none.
    facts : mapping of str to float or str
        Named numbers and words behind it; `sim.model.facts.FACTS` says what each is.
    """

    tick: int
    kind: str
    actor: str
    target: str
    detail: str
    value: float
    facts: Mapping[str, float | str] = field(default_factory=dict)


class Ledger:
    """Collects events as they happen.

    Attributes
    ----------
    events : list of Event
    tick : int
        The current month.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.tick = 0

    def note(
        self,
        kind: str,
        actor: str,
        target: str = "",
        detail: str = "",
        value: float = math.nan,
        **facts: float | str,
    ) -> None:
        """Write one event of this month.

        Raises
        ------
        KeyError
            If `kind` is not in `EVENT_KINDS`.
        ValueError
            If the detail, a fact or a cause is not declared there, or a fact is lacking.
        """
        if kind not in EVENT_KINDS:
            raise KeyError(f"no such kind of event: {kind}")
        if fault := EVENT_KINDS[kind].fault(detail, facts):
            raise ValueError(f"an event of kind {kind}: {fault}")
        self.events.append(Event(self.tick, kind, actor, target, detail, float(value), facts))


# -- challenges --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Challenge:
    """One mass challenge to one regime, with every flare-up of it, written as it happens.

    A street that rises again under six months after it went home goes on with the same challenge. What
    happened between two times at which it rose belongs to the earlier; ticks are months since the start of
    the run.

    Parameters
    ----------
    number : int
        Place among the challenges of its run, in the order in which they opened.
    state : str
        Code.
    start : int
        Tick at which it opened.
    trigger : str
        What set it off: codes of `sim.model.events.TRIGGERS`, joined by `sim.model.events.AND`.
    peak : float
        Highest share of citizens in open opposition, 0-1.
    peak_tick : int
        When that was first.
    answers : list of str
        The regime's response, one a week.
    requests : list of int
        Ticks at which the regime asked Moscow for help.
    refusals : list of int
        Ticks at which a request was left unanswered.
    help : list of str
        Instruments that Moscow used, in order.
    help_ticks : list of int
        When; of the same length.
    defections : list of int
        Ticks at which the services turned.
    falls : list of str
        ``street`` or ``elite`` for each time that the incumbent fell in it: seldom more than once.
    fall_ticks : list of int
        When; of the same length.
    successors : list of str
        Classes of those who followed, ``anti``, ``neutral`` or ``pro``; of the same length.
    successor_lines : list of float
        Alignments that they seek, -1 to 1; of the same length.
    flares : list of int
        Ticks at which it flared up again.
    ends : list of int
        Ticks at which it ended: each but the last before a flare. Shorter than one more than `flares` while
        it is open.
    endings : list of str
        How, by the codes of the event ``challenge_ended``; of the same length.
    """

    number: int
    state: str
    start: int
    trigger: str
    peak: float = 0.0
    peak_tick: int = NEVER
    answers: list[str] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    help_ticks: list[int] = field(default_factory=list)
    defections: list[int] = field(default_factory=list)
    falls: list[str] = field(default_factory=list)
    fall_ticks: list[int] = field(default_factory=list)
    successors: list[str] = field(default_factory=list)
    successor_lines: list[float] = field(default_factory=list)
    flares: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return len(self.ends) <= len(self.flares)

    @property
    def end(self) -> int:
        """Tick at which it ended for good; `NEVER` while it is open."""
        return NEVER if self.is_open else self.ends[-1]

    @property
    def ending(self) -> str:
        """How it ended for good; empty while it is open."""
        return "" if self.is_open else self.endings[-1]

    @property
    def weeks(self) -> int:
        """How many weeks the regime had to answer it, without the pauses."""
        return len(self.answers)

    @property
    def street_falls(self) -> int:
        """How often the incumbent fell to the street in it."""
        return self.falls.count("street")

    def is_open_at(self, tick: int) -> bool:
        """Return whether it was open in a month, be it for part of it."""
        rises = zip_longest([self.start, *self.flares], self.ends)
        return any(rose <= tick and (end is None or tick <= end) for rose, end in rises)

    def see(self, participation: float, tick: int) -> None:
        """Take note of a week's participation."""
        if participation > self.peak:
            self.peak, self.peak_tick = participation, tick


# -- a whole run -------------------------------------------------------------------------------------


@dataclass(slots=True, repr=False)
class History:
    """One run: events, challenges, monthly series by state, and Moscow's own series.

    Parameters
    ----------
    start : Month
    states : tuple of str
        ISO codes, the columns of every array in `series`.
    series : dict of str to ndarray, shape (months, states), float32
        By variable, value at the end of each month.
    moscow : dict of str to ndarray, shape (months,), float32
        Moscow's and the region's series.
    territories : dict of str to ndarray, shape (months,), int8
        Status of each territory by month: 0 latent, 1 de facto, 2 passports or peacekeepers, 3 integrated.
    events : list of Event
        In order of time.
    challenges : list of Challenge
        In the order in which they opened.
    """

    start: Month
    states: tuple[str, ...]
    series: dict[str, NDArray[np.float32]]
    moscow: dict[str, NDArray[np.float32]]
    territories: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    challenges: list[Challenge] = field(default_factory=list)

    def __repr__(self) -> str:
        months = len(next(iter(self.series.values()), ()))
        return f"<{type(self).__name__} {self.start}, {months} months, {len(self.events)} events>"


def later_name(path: str, claim: str) -> str:
    """Return the name, among a run's draws, of the value that a parameter takes when a claim begins.

    Parameters
    ----------
    path : str
        Of the parameter, dotted.
    claim : str
        Its id.
    """
    return f"{path} from {claim}"
