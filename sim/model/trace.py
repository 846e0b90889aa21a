"""What one run leaves behind: its dated events, with their reasons, and its monthly series."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.months import Month

# -- what one run leaves behind: its dated events and its monthly series ---------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger: who did what to whom, when and why.

    Parameters
    ----------
    tick : int
        Months since the start of the run.
    kind : str
        What happened; the vocabulary is `EVENT_KINDS`.
    actor : str
        Who did it: a state's code, ``RUS``, a power, a movement.
    target : str
        To whom: a state's code, a territory, an organisation, or the empty string.
    detail : str
        Which one: an instrument, a response, a class of successor; may be empty.
    value : float
        The one number that matters most (participation, alignment, cost); NaN if none.
    why : str
        The reason, in a plain phrase with the numbers behind it.
    """

    tick: int
    kind: str
    actor: str
    target: str
    detail: str
    value: float
    why: str


EVENT_KINDS = {
    "challenge": "a mass challenge opens (target: state; value: participation; detail: trigger)",
    "flare": "a challenge that ended under six months ago flares up again; it counts with that one",
    "challenge_ended": "it ends (target; detail: fall, repressed, bought off, conceded, ebbed, overtaken)",
    "response": "the regime answers (actor: state; detail: repress, buy off, concede, call Moscow, hedge)",
    "defection": "security services or elites turn (actor: security services or elites; target: state)",
    "fall": "the incumbent falls (target: state; detail: street or elite; value: alignment before)",
    "succession": "managed succession or death in office (target: state; detail: managed, death, lame duck)",
    "campaign": "outside organisers help a movement (actor: West; target: state; value: help it then has)",
    "successor": "a new leader (target: state; detail: anti, neutral, pro; value: alignment it seeks)",
    "election": "a national election (target: state; detail: held, turnover, parliamentary)",
    "request": "a regime asks Moscow for help (actor: state; target: RUS)",
    "instrument": "Moscow acts (actor: RUS; target: state or territory; detail: which; value: net value)",
    "refusal": "Moscow leaves a request unanswered (actor: RUS; target: state)",
    "realignment": "a state's alignment class changes (target; detail: away or toward; actor: who gains)",
    "membership": "a state joins or leaves (actor: state; target: organisation; detail: joined or left)",
    "territory": "a territory changes (target; detail: arose, upgraded, integrated, lost; value: status)",
    "clash": "an interstate clash (actor, target: states; value: hazard)",
    "garrison": "Russian troops move (target: state; detail: withdrawn or placed; value: thousand troops)",
    "war": "war in a state (actor: RUS; target: state; detail: started, ended, setback; value: load)",
    "moscow_leader": "a new leader in Moscow (target: RUS; detail: death, palace coup, managed)",
    "purge": "a rescued regime purges its rivals (target: state)",
    "timeline": "an event that the scenario's author set (detail: its name)",
}


@dataclass(slots=True)
class History:
    """One run: events, monthly series by state, and Moscow's own series.

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
    """

    start: Month
    states: tuple[str, ...]
    series: dict[str, NDArray[np.float32]]
    moscow: dict[str, NDArray[np.float32]]
    territories: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


# -- the ledger: every event of a run, in order, with its reason -----------------------------------


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
        why: str = "",
    ) -> None:
        """Write one event of this month.

        Raises
        ------
        KeyError
            If `kind` is not in `EVENT_KINDS`.
        """
        if kind not in EVENT_KINDS:
            raise KeyError(f"no such kind of event: {kind}")
        self.events.append(Event(self.tick, kind, actor, target, detail, float(value), why))
