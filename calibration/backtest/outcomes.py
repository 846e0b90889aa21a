"""What is predicted: by state and year, what an observer would write down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.history import ObservedHistory, Window
from sim.scenario import Thesis
from sim.world.state import STATES

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

EVENTS = {
    "challenge": "a mass challenge begins",
    "fall": "the incumbent falls, to the street or to elites",
    "intervention": "Moscow acts openly in or against the state, in any of the ways below",
    "words": "political support for a challenged incumbent",
    "means": "money, arms or security help for a challenged incumbent",
    "troops": "troops sent to save the incumbent",
    "territory": "support of a secession, recognition, annexation",
    "integration": "entry into an economic union or the like",
    "war": "large-scale force against the state begins",
    "joined": "entry into the CSTO",
    "left": "exit from the CSTO",
}
"""Yes or no, once a state and year."""

ALIGNMENT = "alignment"
"""Alignment at the end of the year, less the mean of the states: a number."""

SHARED = ("challenge", "fall", "intervention", "joined", "left")
"""Every thesis is scored on these, whatever it speaks to."""

_KINDS = ("words", "means", "troops", "territory", "integration", "war")

_SPOKEN_TO = {
    "challenges": ("challenge",),
    "challenges_near_election": ("challenge",),
    "emulation_ratio": ("challenge",),
    "member_challenge_rate": ("challenge",),
    "street_falls": ("fall",),
    "elite_falls": ("fall",),
    "defection_before_fall": ("fall",),
    "client_success_ratio": ("fall",),
    "successors_anti_share": (ALIGNMENT,),
    "unanswered_share": ("words", "means", "troops"),
    "clients_unhelped": ("words", "means", "troops"),
    "clients_unhelped_at_war": ("words", "means", "troops"),
    "instrument_variety": ("words", "means", "troops", "war"),
    "wars": ("war",),
    "used_annexation": ("territory",),
    "used_passports": ("territory",),
    "integrated": ("territory",),
    "integrated_mean": ("territory",),
    "arose": ("territory",),
    "used_economic_integration": ("integration",),
    "memberships_left": ("left",),
    "influence_change": (ALIGNMENT,),
    "alignment_end": (ALIGNMENT,),
    "realignments_away": (ALIGNMENT,),
    "realignments_toward": (ALIGNMENT,),
    "realignments_to_rivals": (ALIGNMENT,),
}
"""Which predicted outcomes show what a claim is about; claims about what is not on record have none."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What happened in some years.

    Parameters
    ----------
    events : ndarray of bool, shape (states, years, events)
        In the order of `STATES` and `EVENTS`.
    alignment : ndarray, shape (states, years)
    """

    events: Flags
    alignment: Array


def outcomes_of(history: ObservedHistory, window: Window, *, aligned: bool = True) -> Outcomes:
    """Return what happened in a window.

    Parameters
    ----------
    history : ObservedHistory
        Of the record, or of a run with the errors of the record put on it.
    window : Window
    aligned : bool
        Whether alignment is asked for; if not, it is NaN.

    Raises
    ------
    ValueError
        If the history does not cover the window, or alignment is asked for and missing.
    """
    part = history.within(window)
    events = np.zeros((len(STATES), window.years, len(EVENTS)), dtype=bool)
    places, columns = ({name: i for i, name in enumerate(names)} for names in (STATES, EVENTS))

    def mark(state: str, year: int, event: str) -> None:
        if state in places:
            events[places[state], year - window.first, columns[event]] = True

    for challenge in part.challenges:
        mark(challenge.state, challenge.month.year, "challenge")
    for fall in part.falls:
        mark(fall.subject, fall.month.year, "fall")
    for act in part.interventions:
        if act.detail in _KINDS:
            mark(act.subject, act.month.year, act.detail)
            mark(act.subject, act.month.year, "intervention")
    for change in part.memberships:
        mark(change.subject, change.month.year, change.detail)
    years = range(window.first, window.last + 1)
    if not aligned:
        return Outcomes(events, np.full((len(STATES), window.years), np.nan))
    try:
        levels = np.array([[part.alignment[state, year] for year in years] for state in STATES])
    except KeyError as error:
        raise ValueError(f"no alignment is known for {error.args[0]}") from None
    return Outcomes(events, levels - levels.mean(axis=0))


def spoken_to(thesis: Thesis) -> tuple[str, ...]:
    """Return the outcomes that a thesis's claims are about; all of them if it makes no claims.

    A claim says which outcome of the model it moves (its ``effect``); of these, the ones on record count.
    """
    if not thesis.claims:
        return (*EVENTS, ALIGNMENT)
    touched = {
        name
        for claim in thesis.claims
        if claim.effect is not None
        for name in _SPOKEN_TO.get(claim.effect.outcome, ())
    }
    return tuple(name for name in (*EVENTS, ALIGNMENT) if name in touched)
