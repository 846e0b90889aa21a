"""The challenges of a run: all that happened in each, how Moscow's clients fare, and who follows whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from sim.instruments import RESCUE_INSTRUMENTS
from sim.measures.definitions import CLIENT_ALIGNMENT, EMULATION_WINDOW, WAR_LOAD
from sim.model.trace import Event, History

# -- the challenges of a run, each with everything that the ledger holds of it ---------------------

EventRow = dict[Any, Any]
"""A row of ``events.parquet``."""

OPENINGS = ("challenge", "flare")
"""Kinds of event that open a challenge."""


@dataclass(slots=True)
class Challenge:
    """One mass challenge to one regime.

    Parameters
    ----------
    state : str
    events : list of dict
        Rows of ``events.parquet``, in order: the opening, responses, requests, Moscow's help and refusals,
        the services' defection, a fall with its successor, the end.
    """

    state: str
    events: list[EventRow] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[EventRow]:
        """Return its events of a kind."""
        return [event for event in self.events if event["kind"] == kind]

    def first(self, kind: str) -> EventRow | None:
        """Return its first event of a kind, if any."""
        return next((event for event in self.events if event["kind"] == kind), None)

    @property
    def opened(self) -> EventRow:
        """Its first event: a ``challenge``, or a ``flare`` where the street came back within half a year."""
        return self.events[0]

    @property
    def renewed(self) -> bool:
        """Whether the street came back too soon for the ledger to count a new challenge."""
        return str(self.opened["kind"]) != "challenge"

    @property
    def ended(self) -> EventRow | None:
        """Its end; None if the run ended first."""
        return self.first("challenge_ended")

    @property
    def felled(self) -> bool:
        """Whether the regime fell in it."""
        return self.first("fall") is not None

    @property
    def turned_course(self) -> bool:
        """Whether it ended by a response that no month began with: the ledger notes each month's first."""
        by = {"repressed": "repress", "bought off": "buy off", "conceded": "concede"}
        responses = self.of_kind("response")
        how = by.get(self.ended["detail"]) if self.ended else None
        return how is not None and how not in [event["detail"] for event in responses]

    @property
    def months(self) -> int:
        """Months from the first to the last event, both counted."""
        return int(self.events[-1]["tick"]) - int(self.opened["tick"]) + 1

    @property
    def peak(self) -> float:
        """Largest share of citizens in open opposition, 0-1."""
        if self.ended is not None:
            return float(self.ended["value"])
        return max(float(e["value"]) for e in self.events if e["kind"] in (*OPENINGS, "response"))


def challenges(events: Iterable[EventRow]) -> list[Challenge]:
    """Gather the challenges of one run.

    Parameters
    ----------
    events : iterable of dict
        The run's rows of ``events.parquet``, in order.

    Returns
    -------
    list of Challenge
        In the order in which they open.
    """
    found: list[Challenge] = []
    under_way: dict[str, Challenge] = {}
    for event in events:
        state, kind = _state(event), event["kind"]
        if not state:
            continue
        if state not in under_way:
            if kind not in OPENINGS:
                continue
            under_way[state] = Challenge(state)
            found.append(under_way[state])
        under_way[state].events.append(event)
        if kind == "challenge_ended":
            challenge = under_way.pop(state)
            if event["detail"] != "fall":  # an elite's own move in the same month is no part of it
                challenge.events = [
                    e
                    for e in challenge.events
                    if e["kind"] not in ("fall", "successor") and e["actor"] != "elites"
                ]
    return found


def _state(event: EventRow) -> str:
    """Return the state whose challenge an event may belong to, or nothing."""
    kind = event["kind"]
    if kind in ("response", "request"):
        return str(event["actor"])
    if kind in (
        *OPENINGS, "challenge_ended", "defection", "fall", "successor", "refusal", "purge",
    ) or (kind == "instrument" and event["detail"] in RESCUE_INSTRUMENTS):  # fmt: skip
        return str(event["target"])
    return ""


# -- how Moscow's clients fare when they are challenged: left alone or helped, fallen or not -------


@dataclass(frozen=True, slots=True)
class ClientChallenge:
    """One challenge to a client of Moscow, with every flare-up of it.

    Parameters
    ----------
    at_war : bool
        Whether Moscow was at war when it opened.
    helped : bool
        Whether Moscow gave any help.
    fell : bool
        Whether the street brought the incumbent down.
    """

    at_war: bool
    helped: bool
    fell: bool


def client_challenges(history: History, region: Collection[str]) -> list[ClientChallenge]:
    """Return the challenges to states of a region that were clients in the month before.

    A challenge lasts until the next one in its state opens: what comes between belongs to it.
    """
    found: list[ClientChallenge] = []
    for column, code in enumerate(history.states):
        if code not in region:
            continue
        alignment = history.series["alignment"][:, column]
        events = [event for event in history.events if event.target == code]
        opened = [place for place, event in enumerate(events) if event.kind == "challenge"]
        for place, following in pairwise([*opened, len(events)]):
            before = max(events[place].tick - 1, 0)
            if alignment[before] > CLIENT_ALIGNMENT:
                at_war = bool(history.moscow["war_load"][events[place].tick] > WAR_LOAD)
                found.append(_told(events[place + 1 : following], at_war=at_war))
    return found


def _told(after: list[Event], *, at_war: bool) -> ClientChallenge:
    return ClientChallenge(
        at_war,
        helped=any(event.kind == "instrument" and event.detail in RESCUE_INSTRUMENTS for event in after),
        fell=any(event.kind == "fall" and event.detail == "street" for event in after),
    )


# -- whether movements follow one another: challenges after a success elsewhere --------------------


def emulation_ratio(
    challenges: Sequence[Event], falls: Sequence[Event], region: Sequence[str], months: int
) -> float:
    """Return the rate of challenges soon after a fall in another state, over the rate at other times.

    Challenges, not falls, are counted: they are more, and a regime that has learnt from the same example may
    well survive them (Beissinger 2007). A state's own fall does not count as an example to itself.

    Parameters
    ----------
    challenges, falls : sequence of Event
        Of the region, with ticks from 0 to ``months - 1``.
    region : sequence of str
        Codes of its states.
    months : int
        Length of the run.

    Returns
    -------
    float
        1 where movements ignore one another; NaN without a month in the wake of a fall, or without a
        challenge at other times.
    """
    row = {code: index for index, code in enumerate(region)}
    wake = np.zeros((len(region), months), bool)
    for fall in falls:
        elsewhere = np.arange(len(region)) != row[fall.target]
        wake[elsewhere, fall.tick + 1 : fall.tick + 1 + EMULATION_WINDOW] = True
    begun = np.zeros(wake.shape, int)
    for challenge in challenges:
        begun[row[challenge.target], challenge.tick] += 1
    inside, outside = begun[wake], begun[~wake]
    if not inside.size or not outside.sum():
        return float("nan")
    return float(inside.mean() / outside.mean())
