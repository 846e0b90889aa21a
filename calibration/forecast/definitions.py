"""What a forecast's numbers are of, by version: a published file is judged as it was meant.

A file names its version under ``definitions``; the first files name none, and are of version 1. A version is
never changed once a forecast of it is published. A change of what is predicted, or of how it is counted on
record, is a new version, with an entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.history import ObservedHistory, Window
from sim.world.state import STATES

Array = NDArray[np.float64]

CURRENT = 2
"""Version of the forecasts that are written now."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What is forecast, and how what came is read from the record.

    Parameters
    ----------
    sheet : str
        Version of the coding sheet of challenges that what came is read from
        (`calibration.record.load.episodes`).
    events : tuple of str
        Outcomes that a probability is given for, in the file's order.
    shared : tuple of str
        Those that scores are taken over.
    alignment : str
        The outcome that quantiles are given for.
    levels : tuple of float
        Of the quantiles.
    happened : callable
        From a record and a window to which events happened, shape (states, years, events).
    deviations : callable
        From the same to alignment less the mean of the states, shape (states, years); NaN where it is not on
        record.
    """

    sheet: str
    events: tuple[str, ...]
    shared: tuple[str, ...]
    alignment: str
    levels: tuple[float, ...]
    happened: Callable[[ObservedHistory, Window], NDArray[np.bool_]]
    deviations: Callable[[ObservedHistory, Window], Array]


# -- version 1: version 0.1.0 of the package, which wrote `uprising` for `challenge` ---------------

_EVENTS = (
    "challenge", "fall", "intervention", "words", "means", "troops", "territory", "integration", "war",
    "joined", "left",
)  # fmt: skip
_KINDS = ("words", "means", "troops", "territory", "integration", "war")


def _happened(history: ObservedHistory, window: Window) -> NDArray[np.bool_]:
    """Return what happened at least once in a state and year.

    A challenge counts where it begins, a fall one of any kind; an intervention is an act of Moscow of any
    of its kinds; joined and left are of the alliance.
    """
    part = history.within(window)
    facts = [(challenge.state, challenge.month.year, "challenge") for challenge in part.challenges]
    facts += [(fall.subject, fall.month.year, "fall") for fall in part.falls]
    for act in part.interventions:
        if act.detail in _KINDS:
            facts += [(act.subject, act.month.year, event) for event in (act.detail, "intervention")]
    facts += [(change.subject, change.month.year, change.detail) for change in part.memberships]
    found = np.zeros((len(STATES), window.years, len(_EVENTS)), dtype=bool)
    for state, year, event in facts:
        if state in STATES:
            found[STATES.index(state), year - window.first, _EVENTS.index(event)] = True
    return found


def _deviations(history: ObservedHistory, window: Window) -> Array:
    """Return alignment at the end of each year, less the mean of the states."""
    years = range(window.first, window.last + 1)
    levels = np.array(
        [[history.alignment.get((state, year), np.nan) for year in years] for state in STATES], dtype=float
    )
    found: Array = levels - levels.mean(axis=0)
    return found


_FIRST = Definitions(
    sheet="0.1.0",
    events=_EVENTS,
    shared=("challenge", "fall", "intervention", "joined", "left"),
    alignment="alignment",
    levels=(0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95),
    happened=_happened,
    deviations=_deviations,
)

# -- version 2: the sheet of 0.2.0, which takes in challenges in one region that the first left out ---
# Forecasts have rested on that sheet since 0.2.0. The one of 30 November 2026 does too, but names version 1,
# and is judged as it says.

DEFINITIONS: Mapping[int, Definitions] = {1: _FIRST, 2: replace(_FIRST, sheet="0.2.0")}
"""Every version that a published forecast may have."""
