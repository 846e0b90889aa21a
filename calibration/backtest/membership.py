"""Who is in the alliance (CSTO), and so who can join it and who can leave it."""

from __future__ import annotations

import numpy as np

from calibration.backtest.outcomes import EVENTS, Array, Flags
from calibration.history import ObservedHistory, Window
from sim.world.state import STATES

JOINED, LEFT = (list(EVENTS).index(name) for name in ("joined", "left"))


def members_by_year(history: ObservedHistory, window: Window) -> Flags:
    """Return who was a member on the first of January of each year, and on that after the last.

    A state whose first change in the window is its exit was a member before.

    Parameters
    ----------
    history : ObservedHistory
        Only the window of it is looked at.
    window : Window

    Returns
    -------
    ndarray of bool, shape (states, years + 1)

    Raises
    ------
    ValueError
        If the history does not cover the window.
    """
    found = np.zeros((len(STATES), window.years + 1), dtype=bool)
    seen: set[str] = set()
    for change in sorted(history.within(window).memberships):
        if change.subject not in STATES:
            continue
        own = found[STATES.index(change.subject)]
        if change.subject not in seen:
            own[:] = change.detail == "left"
            seen.add(change.subject)
        own[change.month.year + 1 - window.first :] = change.detail == "joined"
    return found


def at_risk(members: Flags) -> Flags:
    """Return to whom each event could happen, by membership on the first of January of the year.

    Only a member can leave and only another state can join. Nobody can join before the alliance has its
    first member: to found it is another thing. All other events can happen to every state.

    Parameters
    ----------
    members : ndarray of bool, shape (states, years + 1)
        As from `members_by_year`.

    Returns
    -------
    ndarray of bool, shape (states, years, events)
    """
    inside = members[:, :-1]
    there = np.logical_or.accumulate(inside.any(axis=0))
    found = np.ones((*inside.shape, len(EVENTS)), dtype=bool)
    found[..., JOINED] = ~inside & there
    found[..., LEFT] = inside
    return found


def for_all(rates: Array, members: Flags) -> Array:
    """Turn the chances of states at risk into those of all: one that left may join again, and so on.

    Parameters
    ----------
    rates : ndarray, shape (states, years, events)
        Chance of an event in a year if it can happen to the state.
    members : ndarray of bool, shape (states,)
        On the first of January of the first year.

    Returns
    -------
    ndarray, shape (states, years, events)
        Entry and exit times the chance of being out and in on the first of January; others unchanged.
    """
    found, inside = rates.copy(), members.astype(float)
    for year in range(rates.shape[1]):
        joining, leaving = (1 - inside) * rates[:, year, JOINED], inside * rates[:, year, LEFT]
        found[:, year, JOINED], found[:, year, LEFT] = joining, leaving
        inside = inside + joining - leaving
    return found
