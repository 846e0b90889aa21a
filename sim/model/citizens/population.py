"""The citizens of all 14 states as flat arrays, state after state."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.citizens import kernels, views
from sim.model.compiled import KEPT
from sim.model.randomness import Process, RandomNumbers, extend, to_uniform

if TYPE_CHECKING:
    from sim.parameters.citizens import CitizenParameters

LOCALITIES = 20  # neighbourhoods a state; fewer where that would leave under ten citizens in one


class Population:
    """Citizens of every state.

    Parameters
    ----------
    numbers : RandomNumbers
    citizens : int
        Per state, 50 to 100,000.
    titular_attitude, russian_share, young_share : sequence of float, one a state
        Mean attitude to Moscow of those who are not ethnic Russians; share of ethnic Russians; share of
        adults born in 1976 or later.
    russian_attitude, spread, cohort_gap : float
        As in `CitizenParameters`.

    Attributes
    ----------
    hardship, risk_aversion : ndarray, shape (states * citizens,), float32, in [0, 1]
    attitude : ndarray, float32, in [-1, 1]
    succession : ndarray, float32, in (0, 1)
        Place in the order in which cohorts replace each other.
    replaced : ndarray, shape (states,), float64, in [0, 1]
        How far that has come: those below it were born in 1976 or later.
    act, jail : ndarray, uint8
        Open opposition (0/1), months left in jail.
    mean_attitude, young_share, participation, falsification : ndarray, shape (states,), float64
    """

    def __init__(
        self,
        numbers: RandomNumbers,
        citizens: int,
        titular_attitude: list[float],
        russian_share: list[float],
        young_share: list[float],
        russian_attitude: float,
        spread: float,
        cohort_gap: float,
    ) -> None:
        states = len(titular_attitude)
        self.citizens = citizens
        self.localities = max(1, min(LOCALITIES, citizens // 10))
        self.hardship = kernels.draw_uniforms(numbers.key(Process.HARDSHIP), states, citizens)
        self.risk_aversion = kernels.draw_uniforms(numbers.key(Process.RISK_AVERSION), states, citizens)
        self.succession = kernels.draw_uniforms(numbers.key(Process.COHORT), states, citizens)
        self.replaced = np.array(young_share, dtype=np.float64)
        self.attitude = _attitudes(
            numbers.key(Process.ATTITUDE), numbers.key(Process.ETHNICITY), citizens, self.localities,
            self.young.astype(np.uint8),
            np.asarray(titular_attitude, dtype=np.float64), np.asarray(russian_share, dtype=np.float64),
            np.asarray(young_share, dtype=np.float64), russian_attitude, spread, cohort_gap,
        )  # fmt: skip
        total = states * citizens
        self.jail = np.zeros(total, dtype=np.uint8)
        self.act = np.zeros(total, dtype=np.uint8)
        self.motive = np.zeros(total, dtype=np.float32)
        by_state = self.attitude.reshape(states, citizens).astype(np.float64)
        self.mean_attitude: NDArray[np.float64] = by_state.mean(axis=1)
        self.polarisation: list[float] = by_state.std(axis=1).tolist()
        self.young_share = self.young.reshape(states, citizens).mean(axis=1)
        self.participation = np.zeros(states)
        self.falsification = np.zeros(states)

    def of(self, state: int) -> slice:
        """Return where one state's citizens lie."""
        return slice(state * self.citizens, (state + 1) * self.citizens)

    def live(
        self,
        rule: CitizenParameters,
        drift: ArrayLike,
        jolt: ArrayLike,
        replacement: ArrayLike,
    ) -> None:
        """Move every citizen one month: cohorts, attitude to Moscow, jail; as `views.live_a_month`."""
        views.live_a_month(
            self.citizens, self.attitude, self.succession, self.jail, np.asarray(drift), np.asarray(jolt),
            np.asarray(replacement), rule.cohort_gap, rule.youth_response, self.replaced,
            self.mean_attitude, self.young_share,
        )  # fmt: skip

    def watch(
        self,
        rule: CitizenParameters,
        legitimacy: ArrayLike,
        salience: ArrayLike,
        alignment: ArrayLike,
        deterrence: ArrayLike,
        force: ArrayLike,
    ) -> None:
        """Run every state's cascade for a month; sets participation and falsification."""
        kernels.watch_all(
            self.citizens, self.hardship, self.risk_aversion, self.attitude, self.jail, self.act, self.motive,
            np.asarray(legitimacy), np.asarray(salience), np.asarray(alignment), np.asarray(force),
            rule.congruence_relief, rule.threshold, rule.conformity, np.asarray(deterrence),
            rule.arrest_constant, rule.national_exposure, self.localities, self.participation,
            self.falsification,
        )  # fmt: skip

    def protest(
        self,
        state: int,
        rule: CitizenParameters,
        legitimacy: float,
        salience: float,
        alignment: float,
        deterrence: float,
        force: float,
    ) -> float:
        """Run one state's cascade and return participation."""
        share: float = kernels.protest(
            state, self.citizens, self.hardship, self.risk_aversion, self.attitude, self.jail, self.act,
            self.motive, legitimacy, salience, alignment, rule.congruence_relief, rule.threshold,
            rule.conformity, deterrence, rule.arrest_constant, force, rule.national_exposure, self.localities,
        )  # fmt: skip
        return share

    def arrest(self, key: np.uint64, state: int, week: int, probability: float, months: int) -> None:
        """Jail each of those who act in a state with a probability; `week` counts from the start."""
        own = self.of(state)
        kernels.arrest(key, state, week, probability, months, self.act[own], self.jail[own])

    def shift(self, state: int, rule: CitizenParameters, change: float) -> None:
        """Move one state's attitudes at once; as `views.shift`."""
        own = self.of(state)
        views.shift(
            self.attitude[own], self.succession[own], self.replaced[state], change, rule.youth_response
        )

    def crowd_attitude(self, state: int) -> float:
        """Return the mean attitude to Moscow of those who act in a state, or of all if nobody does."""
        own = self.of(state)
        return float(views.crowd_attitude(self.attitude[own], self.act[own]))

    @property
    def young(self) -> NDArray[np.bool_]:
        """Who was born in 1976 or later, shape (states * citizens,)."""
        return self.succession < np.repeat(self.replaced.astype(np.float32), self.citizens)

    @property
    def bytes_per_citizen(self) -> int:
        """Memory a citizen takes."""
        arrays = (
            self.hardship,
            self.risk_aversion,
            self.attitude,
            self.motive,
            self.succession,
            self.act,
            self.jail,
        )
        return int(math.fsum(array.itemsize for array in arrays))


@numba.njit(cache=KEPT, nogil=True)
def _attitudes(
    key: np.uint64,
    ethnicity_key: np.uint64,
    citizens: int,
    localities: int,
    young: NDArray[np.uint8],
    titular: NDArray[np.float64],
    russian_share: NDArray[np.float64],
    young_share: NDArray[np.float64],
    russian: float,
    spread: float,
    cohort_gap: float,
) -> NDArray[np.float32]:
    """Draw attitudes to Moscow; ethnic Russians live more in some localities than in others."""
    out = np.empty(titular.size * citizens, dtype=np.float32)
    for state in range(titular.size):
        by_state = extend(key, state)
        ethnic_by_state = extend(ethnicity_key, state)
        for i in range(citizens):
            place = i * localities // citizens
            # from twice the mean in the first locality down to none in the last
            local_share = 2.0 * russian_share[state] * (1.0 - (place + 0.5) / localities)
            is_russian = to_uniform(extend(ethnic_by_state, i)) < local_share
            by_citizen = extend(by_state, i)
            first, second = to_uniform(extend(by_citizen, 0)), to_uniform(extend(by_citizen, 1))
            z = math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)  # Box and Muller 1958
            mean = russian if is_russian else titular[state]
            j = state * citizens + i
            view = mean + spread * z + cohort_gap * (young_share[state] - young[j])
            out[j] = min(max(view, -1.0), 1.0)
    return out
