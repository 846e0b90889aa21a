"""Writes down every series at the end of each month."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from sim.model.trace import History
from sim.series import INTEGRATED, INTEGRATED_WEIGHT, MOSCOW_SERIES, STATE_SERIES

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace


class Recorder:
    """Collects the monthly series of a run."""

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self._states: list[list[list[float]]] = []
        self._moscow: list[list[float]] = []
        self._territories: list[list[int]] = []
        self._total_value = math.fsum(regime.strategic_value for regime in space.regimes)
        self._now_states = self._read_states()
        self._now_moscow = self._read_moscow()

    def _read_states(self) -> list[list[float]]:
        space = self.space
        silent = space.population.falsification.tolist()
        young = space.population.young_share.tolist()
        return [
            [
                regime.alignment, regime.legitimacy, regime.cohesion, regime.security_loyalty,
                regime.preparedness, regime.dependence, regime.peak_participation, silent[regime.index],
                regime.attitude, young[regime.index], regime.garrison,
            ]
            for regime in space.regimes
        ]  # fmt: skip

    def _read_moscow(self) -> list[float]:
        space, budget = self.space, self.space.moscow.budget
        members = space.alliance.members
        return [
            influence(space, self._total_value), space.moscow.free_capacity, space.wars.load,
            space.wars.load_in_ukraine, space.wars.load_elsewhere,
            budget.troops_free, space.moscow.standing, budget.money_left,
            len(members) + 1.0, space.alliance.trust_of(members),
        ]  # fmt: skip

    def record(self) -> None:
        """Write down this month."""
        self._now_states, self._now_moscow = self._read_states(), self._read_moscow()
        self._states.append(self._now_states)
        self._moscow.append(self._now_moscow)
        self._territories.append([territory.status for territory in self.space.territories])

    def state_value(self, variable: str, state: int) -> float:
        """Return a state's latest value of a series."""
        return self._now_states[state][list(STATE_SERIES).index(variable)]

    def moscow_value(self, variable: str) -> float:
        """Return Moscow's latest value of a series."""
        return self._now_moscow[list(MOSCOW_SERIES).index(variable)]

    def history(self) -> History:
        """Return everything recorded so far."""
        space = self.space
        rows = chain.from_iterable(chain.from_iterable(self._states))
        states = np.fromiter(rows, np.float32).reshape(-1, len(space.regimes), len(STATE_SERIES))
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


def influence(space: PostSovietSpace, total_value: float) -> float:
    """Return Moscow's influence: alignment weighted by strategic value, plus what is integrated."""
    weighted = math.fsum([r.strategic_value * r.alignment for r in space.regimes]) / total_value
    return weighted + INTEGRATED_WEIGHT * [t.status for t in space.territories].count(INTEGRATED)
