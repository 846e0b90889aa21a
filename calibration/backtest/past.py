"""What was known on the first of January of a year, and nothing later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibration.backtest.membership import at_risk, members_by_year
from calibration.backtest.outcomes import Array, Flags, Outcomes, outcomes_of
from calibration.history import ObservedHistory, Window
from sim.world.record import load_record
from sim.world.state import STATES

_CYCLE = 4
"""Years between votes where a state's own are too few to tell."""


@dataclass(frozen=True, slots=True)
class Past:
    """Outcomes and circumstances before an origin.

    Parameters
    ----------
    window : Window
        The years before the origin.
    outcomes : Outcomes
        Of those years.
    members : ndarray of bool, shape (states, years + 1)
        Who was in the CSTO on the first of January of each of those years, and of the origin's.
    openness : mapping of (str, int) to float
        Electoral democracy (V-Dem) by state and year.
    votes : mapping of str to tuple of int
        Years with a national vote.
    leaders : mapping of str to tuple of float
        When each leader of the state took office, in years.
    """

    window: Window
    outcomes: Outcomes
    members: Flags
    openness: Mapping[tuple[str, int], float]
    votes: Mapping[str, tuple[int, ...]]
    leaders: Mapping[str, tuple[float, ...]]

    @property
    def at_risk(self) -> Flags:
        """To whom each event could happen, shape (states, years, events)."""
        return at_risk(self.members)

    def known(self) -> Array:
        """Return openness, whether there was a vote, and tenure in the years of the past.

        Returns
        -------
        ndarray, shape (states, years, 3)
            Openness of the year before; tenure as log(1 + years) on the first of January.
        """
        years = range(self.window.first, self.window.last + 1)
        return np.array(
            [
                [
                    (
                        self._openness(state, year - 1),
                        float(year in self.votes[state]),
                        self._tenure(state, year),
                    )
                    for year in years
                ]
                for state in STATES
            ]
        )

    def expected(self, window: Window) -> Array:
        """Return the same for later years as one would expect them at the origin.

        Openness stays as it was last seen, votes come in the state's cycle, and the leader stays.
        """
        last = self.window.last
        return np.array(
            [
                [
                    (
                        self._openness(state, last),
                        float(self._vote_due(state, year)),
                        self._tenure(state, year),
                    )
                    for year in range(window.first, window.last + 1)
                ]
                for state in STATES
            ]
        )

    def _openness(self, state: str, year: int) -> float:
        seen = [then for (where, then) in self.openness if where == state]
        earlier = [then for then in seen if then <= year]
        return self.openness[state, max(earlier) if earlier else min(seen)]

    def _tenure(self, state: str, year: int) -> float:
        begun = [start for start in self.leaders[state] if start <= year]
        return float(np.log1p(year - max(begun))) if begun else 0.0

    def _vote_due(self, state: str, year: int) -> bool:
        held = self.votes[state]
        if not held:
            return False
        gaps = np.diff(held)
        cycle = round(float(np.median(gaps))) if len(gaps) else _CYCLE
        return (year - held[-1]) % max(cycle, 1) == 0


def past_before(
    year: int, history: ObservedHistory, rows: Mapping[str, Any] | None = None, first: int = 1992
) -> Past:
    """Return what was known at the beginning of a year.

    Parameters
    ----------
    year : int
        The origin.
    history : ObservedHistory
        The record; what it holds from ``year`` on is not looked at.
    rows : mapping of str to rows, optional
        Tables ``indicators``, ``elections`` and ``leaders``; the shipped record's where not given.
    first : int
        First year of the past.
    """
    tables = rows if rows is not None else load_record().rows
    window = Window(first, year - 1)
    votes: dict[str, set[int]] = {state: set() for state in STATES}
    for row in tables["elections"]:
        held = int(str(row["month"])[:4])
        if row["state"] in votes and held < year:
            votes[row["state"]].add(held)
    leaders: dict[str, list[float]] = {state: [] for state in STATES}
    for row in tables["leaders"]:
        start = str(row["start"])
        begun = int(start[:4]) + (int(start[5:7]) - 1) / 12
        if row["state"] in leaders and begun < year:
            leaders[row["state"]].append(begun)
    return Past(
        window,
        outcomes_of(history, window),
        members_by_year(history, window),
        {
            (str(row["state"]), int(row["year"])): float(row["polyarchy"])
            for row in tables["indicators"]
            if row["state"] in STATES and int(row["year"]) < year and row["polyarchy"] is not None
        },
        {state: tuple(sorted(held)) for state, held in votes.items()},
        {state: tuple(begun) for state, begun in leaders.items()},
    )
