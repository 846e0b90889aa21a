"""How Moscow's clients fare when they are challenged, and whether movements follow one another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.instruments import RESCUE_INSTRUMENTS
from sim.measures.definitions import CLIENT_ALIGNMENT, EMULATION_WINDOW, WAR_LOAD
from sim.model.trace import Event, History

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
