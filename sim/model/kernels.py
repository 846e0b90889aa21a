"""The citizens' rules as compiled loops: who acts, what they resent, how their view of Moscow changes.

Citizens lie state after state in flat arrays. The rule (docs/MODEL.md) is

    act  if  G + conformity * m - risk_aversion * deterrence * P >= threshold          (M1)
    G = hardship * (1 - legitimacy) + salience * g(-alignment * attitude)              (M2)

where m mixes national and local participation and P = 1 - exp(-k * force / m) is the risk of arrest.
Its left side never falls as m rises, so iterating from nobody reaches the least fixed point, whatever
the order of updates (Tarski). Granovetter 1978 is hardship = 0, deterrence = 0, conformity = 1; Epstein
2002 is conformity = 0.
"""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.randomness import extend, to_uniform

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@numba.njit(cache=True, nogil=True)
def draw_uniforms(key: np.uint64, states: int, citizens: int) -> Floats:
    """Return one uniform a citizen, shape (states * citizens,), keyed by (state, citizen)."""
    out = np.empty(states * citizens, dtype=np.float32)
    for state in range(states):
        by_state = extend(key, state)
        for i in range(citizens):
            out[state * citizens + i] = np.float32(to_uniform(extend(by_state, i)))
    return out


@numba.njit(cache=True, nogil=True)
def motives(
    hardship: Floats,
    attitude: Floats,
    legitimacy: float,
    salience: float,
    alignment: float,
    congruence_relief: float,
    out: Floats,
) -> None:
    """Write each citizen's grievance G (M2) into `out`, all of shape (citizens,)."""
    deprivation = np.float32(1.0 - legitimacy)
    weight = np.float32(-salience * alignment)
    relief = np.float32(congruence_relief)
    for i in range(hardship.size):
        at_odds = weight * attitude[i]
        soothed = at_odds * relief
        out[i] = hardship[i] * deprivation + (at_odds if at_odds > 0 else soothed)


@numba.njit(cache=True, nogil=True)
def cascade(
    motive: Floats,
    risk_aversion: Floats,
    jail: Bytes,
    threshold: float,
    conformity: float,
    deterrence: float,
    arrest_constant: float,
    force: float,
    national: float,
    localities: int,
    act: Bytes,
) -> float:
    """Run the cascade from nobody to its least fixed point; write who acts into `act`.

    Parameters
    ----------
    motive, risk_aversion : ndarray, shape (citizens,), float32
    jail : ndarray, shape (citizens,), uint8
        Months left in jail; the jailed cannot act.
    threshold, conformity, deterrence, arrest_constant, force : float
        Of M1; `force` is repressive capacity per citizen.
    national : float
        Weight of national against local participation, 0-1.
    localities : int
        Neighbourhoods, equal blocks of citizens.
    act : ndarray, shape (citizens,), uint8
        Output.

    Returns
    -------
    float
        Share of citizens who act.
    """
    n = motive.size
    smallest = 1.0 / n
    edges = np.empty(localities + 1, dtype=np.int64)
    bars = np.empty(localities, dtype=np.float32)
    fears = np.empty(localities, dtype=np.float32)
    counts = np.zeros(localities, dtype=np.int64)
    for place in range(localities + 1):
        edges[place] = place * n // localities
    total, before = 0, -1
    while total != before:
        before = total
        for place in range(localities):
            first, last = edges[place], edges[place + 1]
            seen = national * (total / n) + (1.0 - national) * (counts[place] / max(last - first, 1))
            risk = 1.0 - math.exp(-arrest_constant * force / max(seen, smallest))
            bars[place] = np.float32(threshold - conformity * seen)
            fears[place] = np.float32(deterrence * risk)
            count = count_acting(
                motive[first:last], risk_aversion[first:last], jail[first:last], bars[place], fears[place]
            )
            total += count - counts[place]
            counts[place] = count
    for place in range(localities):
        for i in range(edges[place], edges[place + 1]):
            act[i] = (motive[i] - risk_aversion[i] * fears[place] >= bars[place]) & (jail[i] == 0)
    return total / n


@numba.njit(cache=True, nogil=True)
def count_acting(motive: Floats, risk_aversion: Floats, jail: Bytes, bar: float, fear: float) -> int:
    """Count who acts in one locality, given what all of them see; branch-free, so that it vectorises."""
    count = np.int32(0)
    for i in range(motive.size):
        count += np.int32(motive[i] - risk_aversion[i] * fear >= bar) & np.int32(jail[i] == 0)
    return int(count)


@numba.njit(cache=True, nogil=True)
def crowd_attitude(attitude: Floats, act: Bytes) -> float:
    """Return the mean attitude to Moscow of those who act, or of all if nobody does."""
    total, crowd, count = 0.0, 0.0, 0
    for i in range(attitude.size):
        total += attitude[i]
        if act[i]:
            crowd += attitude[i]
            count += 1
    return crowd / count if count else total / attitude.size


@numba.njit(cache=True, nogil=True)
def arrest(
    key: np.uint64, state: int, week: int, probability: float, months: int, act: Bytes, jail: Bytes
) -> int:
    """Jail each of those who act with a probability; return how many. `week` counts from the start."""
    by_week = extend(extend(key, state), week)
    count = 0
    for i in range(act.size):
        if act[i] and to_uniform(extend(by_week, i)) < probability:
            jail[i] = months
            count += 1
    return count


@numba.njit(cache=True, nogil=True)
def live_a_month(
    key: np.uint64,
    tick: int,
    citizens: int,
    attitude: Floats,
    young: Bytes,
    jail: Bytes,
    drift: NDArray[np.float64],
    jolt: NDArray[np.float64],
    replacement: NDArray[np.float64],
    cohort_gap: float,
    mean_attitude: NDArray[np.float64],
    young_share: NDArray[np.float64],
) -> None:
    """Move every citizen one month: cohorts, attitude to Moscow, jail.

    Parameters
    ----------
    drift : ndarray, shape (states,)
        Monthly change of attitude; the young move half as much again, their elders half as much.
    jolt : ndarray, shape (states,)
        One-off change of attitude, the same for all.
    replacement : ndarray, shape (states,)
        Chance that a citizen born before 1976 is replaced by one born later.
    cohort_gap : float
        How much less attached the newcomer is.
    mean_attitude, young_share : ndarray, shape (states,)
        Output.
    """
    for state in range(drift.size):
        by_state = extend(extend(key, state), tick)
        elder = np.float32(0.5 * drift[state] + jolt[state])
        youth = np.float32(1.5 * drift[state] + jolt[state])
        chance = replacement[state]
        gap = np.float32(cohort_gap)
        total, count = 0.0, 0
        for i in range(state * citizens, (state + 1) * citizens):
            view = attitude[i]
            if young[i] == 0 and to_uniform(extend(by_state, i - state * citizens)) < chance:
                young[i] = 1
                view -= gap
            view += youth if young[i] else elder
            view = min(max(view, np.float32(-1.0)), np.float32(1.0))
            attitude[i] = view
            total += view
            count += young[i]
            jail[i] -= np.uint8(jail[i] > 0)
        mean_attitude[state] = total / citizens
        young_share[state] = count / citizens


@numba.njit(cache=True, nogil=True)
def shift(attitude: Floats, young: Bytes, change: float) -> None:
    """Move one state's attitudes at once; the young by half as much again, their elders by half as much."""
    for i in range(attitude.size):
        view = attitude[i] + np.float32(change * (1.5 if young[i] else 0.5))
        attitude[i] = min(max(view, np.float32(-1.0)), np.float32(1.0))


@numba.njit(cache=True, nogil=True)
def watch_all(
    citizens: int,
    hardship: Floats,
    risk_aversion: Floats,
    attitude: Floats,
    jail: Bytes,
    act: Bytes,
    motive: Floats,
    legitimacy: NDArray[np.float64],
    salience: NDArray[np.float64],
    alignment: NDArray[np.float64],
    force: NDArray[np.float64],
    congruence_relief: float,
    threshold: float,
    conformity: float,
    deterrence: float,
    arrest_constant: float,
    national: float,
    localities: int,
    participation: NDArray[np.float64],
    falsification: NDArray[np.float64],
) -> None:
    """Run every state's cascade for a month and measure preference falsification (Kuran 1991).

    Falsification is the share of citizens whose grievance exceeds the threshold and who stay silent.
    """
    for state in range(legitimacy.size):
        own = slice(state * citizens, (state + 1) * citizens)
        motives(
            hardship[own], attitude[own], legitimacy[state], salience[state], alignment[state],
            congruence_relief, motive[own],
        )  # fmt: skip
        participation[state] = cascade(
            motive[own], risk_aversion[own], jail[own], threshold, conformity, deterrence,
            arrest_constant, force[state], national, localities, act[own],
        )  # fmt: skip
        bar = np.float32(threshold)
        silent = np.int32(0)
        for i in range(state * citizens, (state + 1) * citizens):
            silent += np.int32(motive[i] > bar) & np.int32(act[i] == 0)
        falsification[state] = silent / citizens
