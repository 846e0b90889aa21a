"""Writes down every series at the end of each month."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT
from sim.model.rows import RowArray
from sim.model.trace import History
from sim.series import INTEGRATED, INTEGRATED_WEIGHT, MOSCOW_SERIES, STATE_SERIES

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace


class Recorder:
    """Collects the monthly series of a run."""

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self._months = 0
        self._states = np.empty((space.months, len(space.regimes), len(STATE_SERIES)))
        self._moscow: list[list[float]] = []
        self._territories: list[list[int]] = []
        self._total_value = math.fsum(regime.strategic_value for regime in space.regimes)
        self._weighted = np.empty(len(space.regimes))
        self._now_states = np.empty(self._states.shape[1:])
        self._read_states(self._now_states)
        self._now_moscow = self._read_moscow([territory.status for territory in space.territories])

    def _read_states(self, out: NDArray[np.float64]) -> None:
        people = self.space.population
        _states(self.space.rows.regimes, people.falsification, people.young_share, out, self._weighted)

    def _read_moscow(self, statuses: list[int]) -> list[float]:
        space, budget = self.space, self.space.moscow.budget
        members = space.alliance.members
        return [
            influence(self._weighted, self._total_value, statuses), space.moscow.free_capacity,
            space.wars.load, space.wars.load_in_ukraine, space.wars.load_elsewhere,
            budget.troops_free, space.moscow.standing, budget.money_left,
            len(members) + 1.0, space.alliance.trust_of(members),
        ]  # fmt: skip

    def record(self) -> None:
        """Write down this month."""
        self._now_states = self._states[self._months]
        self._read_states(self._now_states)
        statuses = [territory.status for territory in self.space.territories]
        self._now_moscow = self._read_moscow(statuses)
        self._months += 1
        self._moscow.append(self._now_moscow)
        self._territories.append(statuses)

    def state_value(self, variable: str, state: int) -> float:
        """Return a state's latest value of a series."""
        return float(self._now_states[state, list(STATE_SERIES).index(variable)])

    def moscow_value(self, variable: str) -> float:
        """Return Moscow's latest value of a series."""
        return self._now_moscow[list(MOSCOW_SERIES).index(variable)]

    def history(self) -> History:
        """Return everything recorded so far."""
        space = self.space
        states = self._states[: self._months].astype(np.float32)
        moscow = np.array(self._moscow, dtype=np.float32)
        territories = np.array(self._territories, dtype=np.int8)
        return History(
            start=space.world.start,
            states=tuple(regime.code for regime in space.regimes),
            series={name: states[:, :, i] for i, name in enumerate(STATE_SERIES)},
            moscow={name: moscow[:, i] for i, name in enumerate(MOSCOW_SERIES)},
            territories={t.name: territories[:, i] for i, t in enumerate(space.territories)},
            events=space.ledger.events,
            challenges=space.challenges.records,
        )


@numba.njit(cache=KEPT, nogil=True)
def _states(
    rows: RowArray,
    falsification: NDArray[np.float64],
    young_share: NDArray[np.float64],
    out: NDArray[np.float64],
    weighted: NDArray[np.float64],
) -> None:
    """Write down every state's numbers.

    Parameters
    ----------
    falsification, young_share : ndarray, shape (states,)
    out : ndarray, shape (states, series)
        In the order of `STATE_SERIES`.
    weighted : ndarray, shape (states,)
        Alignment by strategic value.
    """
    for i in range(rows.size):
        row, to = rows[i], out[i]
        to[0], to[1], to[2], to[3] = row.alignment, row.legitimacy, row.cohesion, row.security_loyalty
        to[4], to[5], to[6] = row.preparedness, row.dependence, row.peak_participation
        to[7], to[8], to[9], to[10] = falsification[i], row.attitude, young_share[i], row.garrison
        weighted[i] = row.strategic_value * row.alignment


def influence(weighted: NDArray[np.float64], total_value: float, statuses: list[int]) -> float:
    """Return Moscow's influence: alignment weighted by strategic value, plus what is integrated.

    Parameters
    ----------
    weighted : ndarray, shape (states,)
        Alignment by strategic value.
    total_value : float
        Sum of strategic values.
    statuses : list of int
        Of territories.
    """
    return math.fsum(weighted.tolist()) / total_value + INTEGRATED_WEIGHT * statuses.count(INTEGRATED)
