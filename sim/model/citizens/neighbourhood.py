"""Citizens and officers on a plane, each of whom sees only his surroundings (Epstein 2002).

The citizens decide by the rule of `kernels` (formulas 1 and 2). What differs is what they see: not their
nation and locality but the citizens and officers within sight, who move about. A run's states keep to
localities; this form shows that the rule holds Epstein's model as a limiting case, and what depends on the
ground.
"""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.citizens import kernels
from sim.model.compiled import KEPT
from sim.model.randomness import Process, RandomNumbers, extend, to_uniform

EMPTY = -1


class Neighbourhood:
    """One public on a torus of square sites, at most one person a site.

    Parameters
    ----------
    numbers : RandomNumbers
    side : int
        Sites along each edge.
    citizens, officers : int
        Together at most ``side ** 2``.
    sight : int
        How far each sees: the sites at most this many steps away along rows and columns.
    threshold, conformity, deterrence, arrest_constant : float
        Of formula 1. Epstein's are 0.1, 0, 1 and 2.3.
    longest_sentence : int
        Periods; sentences are drawn evenly from 0 to this.
    whole_officers : bool
        Whether citizens see only how many whole officers there are to each who acts, as implementations of
        Epstein's model round the ratio down, or the ratio itself.

    Attributes
    ----------
    hardship, risk_aversion : ndarray, shape (citizens,), float32, in [0, 1]
    act, jail : ndarray, shape (citizens,), uint8
        Open opposition (0/1), periods left in jail.
    """

    def __init__(
        self,
        numbers: RandomNumbers,
        *,
        side: int,
        citizens: int,
        officers: int,
        sight: int,
        threshold: float,
        conformity: float,
        deterrence: float,
        arrest_constant: float,
        longest_sentence: int,
        whole_officers: bool,
    ) -> None:
        people = citizens + officers
        if people > side**2:
            raise ValueError(f"{people} people do not fit on {side**2} sites")
        self.hardship = kernels.draw_uniforms(numbers.key(Process.HARDSHIP), 1, citizens)
        self.risk_aversion = kernels.draw_uniforms(numbers.key(Process.RISK_AVERSION), 1, citizens)
        self.act = np.zeros(citizens, dtype=np.uint8)
        self.jail = np.zeros(citizens, dtype=np.uint8)
        self._motive = np.empty(citizens, dtype=np.float32)
        self._view = np.zeros(citizens, dtype=np.float32)  # of Moscow: none here
        self._rule = (threshold, conformity, deterrence, arrest_constant, whole_officers, longest_sentence)
        self._key = numbers.key(Process.NEIGHBOURHOOD)
        self._period = 0
        sites = np.arange(side**2)
        order = np.argsort(kernels.draw_uniforms(self._key, 1, side**2), kind="stable")
        self._site = sites[order][:people].astype(np.int64)
        self._ground = np.full(side**2, EMPTY, dtype=np.int64)
        self._ground[self._site] = np.arange(people)
        self._sights = _sights(side, sight)

    def step(self, legitimacy: float) -> int:
        """Live one period at a legitimacy in [0, 1] and return how many act at its end."""
        self._period += 1
        kernels.motives(self.hardship, self._view, legitimacy, 0.0, 0.0, 0.0, self._motive)
        _live(
            np.uint64(extend(self._key, self._period)), self._ground, self._site, self._sights, self._motive,
            self.risk_aversion, self.act, self.jail, *self._rule,
        )  # fmt: skip
        return int(self.act.sum())


def _sights(side: int, sight: int) -> NDArray[np.int64]:
    """Return the sites seen from each site, shape (side ** 2, sites seen), itself left out."""
    steps = range(-sight, sight + 1)
    near = np.array([(x, y) for x in steps for y in steps if 0 < abs(x) + abs(y) <= sight])
    row, column = np.divmod(np.arange(side**2), side)
    rows, columns = row[:, None] + near[:, 0], column[:, None] + near[:, 1]
    return np.asarray(rows % side * side + columns % side, dtype=np.int64)


@numba.njit(cache=KEPT, nogil=True)
def _live(
    key: np.uint64,
    ground: NDArray[np.int64],
    site: NDArray[np.int64],
    sights: NDArray[np.int64],
    motive: NDArray[np.float32],
    risk_aversion: NDArray[np.float32],
    act: NDArray[np.uint8],
    jail: NDArray[np.uint8],
    threshold: float,
    conformity: float,
    deterrence: float,
    arrest_constant: float,
    whole_officers: bool,
    longest_sentence: int,
) -> None:
    """Let everyone, in random order, move to a free site in sight and then decide or arrest."""
    citizens = motive.size
    for i in range(citizens):
        jail[i] -= np.uint8(jail[i] > 0)
    turns = np.arange(site.size)
    for left in range(site.size - 1, 0, -1):  # Fisher and Yates
        other = int(to_uniform(extend(extend(key, 0), left)) * (left + 1))
        turns[left], turns[other] = turns[other], turns[left]
    for turn in turns:
        person = int(turn)
        if person < citizens and jail[person]:
            continue
        by_person = extend(extend(key, 1), person)
        _move(to_uniform(extend(by_person, 0)), person, ground, site, sights)
        seen, crowd, officers = _look(sights[site[person]], ground, citizens, act, jail)
        if person < citizens:
            others = crowd / max(seen, 1)
            ratio = officers / (crowd + 1.0)  # he counts himself
            if whole_officers:
                ratio = math.floor(ratio)
            bar, fear = kernels.bar_and_fear(
                others, ratio, threshold, conformity, deterrence, arrest_constant
            )
            act[person] = kernels.acts(motive[person], risk_aversion[person], bar, fear)
        elif crowd > 0:
            pick = int(to_uniform(extend(by_person, 1)) * crowd)
            suspect = _acting_in_sight(pick, sights[site[person]], ground, citizens, act)
            act[suspect] = 0
            jail[suspect] = int(to_uniform(extend(by_person, 2)) * (longest_sentence + 1))


@numba.njit(cache=KEPT, nogil=True)
def _move(
    uniform: float,
    person: int,
    ground: NDArray[np.int64],
    site: NDArray[np.int64],
    sights: NDArray[np.int64],
) -> None:
    """Move to one of the free sites in sight, each as likely as the next."""
    here = site[person]
    free = 0
    for there in sights[here]:
        free += ground[there] == EMPTY
    pick = int(uniform * free)
    for there in sights[here]:
        if ground[there] == EMPTY:
            if pick == 0:
                ground[here], ground[there], site[person] = EMPTY, person, there
                return
            pick -= 1


@numba.njit(cache=KEPT, nogil=True)
def _look(
    sight: NDArray[np.int64],
    ground: NDArray[np.int64],
    citizens: int,
    act: NDArray[np.uint8],
    jail: NDArray[np.uint8],
) -> tuple[int, int, int]:
    """Count the free citizens, those of them who act, and the officers in sight."""
    free, crowd, officers = 0, 0, 0
    for there in sight:
        other = ground[there]
        if other >= citizens:
            officers += 1
        elif other != EMPTY and jail[other] == 0:
            free += 1
            crowd += act[other]
    return free, crowd, officers


@numba.njit(cache=KEPT, nogil=True)
def _acting_in_sight(
    pick: int, sight: NDArray[np.int64], ground: NDArray[np.int64], citizens: int, act: NDArray[np.uint8]
) -> int:
    """Return the citizen in a given place among those in sight who act."""
    for there in sight:
        other = ground[there]
        if other != EMPTY and other < citizens and act[other]:
            if pick == 0:
                return int(other)
            pick -= 1
    raise ValueError("nobody in sight acts")
