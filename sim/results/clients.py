"""How Moscow's clients fare when they are challenged: left alone or helped, fallen or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from sim.instruments import RESCUE_INSTRUMENTS
from sim.model.history import Event, History
from sim.outcomes import CLIENT_ALIGNMENT, WAR_LOAD


@dataclass(frozen=True, slots=True)
class ClientChallenge:
    """One challenge to a client of Moscow, with every flare-up of it.

    Parameters
    ----------
    at_war : bool
        Whether the war in Ukraine was under way when it opened.
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
