"""The citizens' rules as compiled loops: what they resent, and who acts.

Citizens lie state after state in flat arrays. The rule (docs/MODEL.md) is

    act  if  G + conformity * m - risk_aversion * deterrence * P >= threshold          (1)
    G = hardship * (1 - legitimacy) + salience * g(-alignment * attitude)              (2)

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

from sim.model.compiled import KEPT
from sim.model.randomness import extend, to_uniform

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Single = float | np.float32

_NO_MOTIVE = np.float32(-1e30)  # below every bar


@numba.njit(cache=KEPT, nogil=True)
def draw_uniforms(key: np.uint64, states: int, citizens: int) -> Floats:
    """Return one uniform a citizen, shape (states * citizens,), keyed by (state, citizen)."""
    out = np.empty(states * citizens, dtype=np.float32)
    for state in range(states):
        by_state = extend(key, state)
        for i in range(citizens):
            out[state * citizens + i] = np.float32(to_uniform(extend(by_state, i)))
    return out


@numba.njit(cache=KEPT, nogil=True)
def motives(
    hardship: Floats,
    attitude: Floats,
    legitimacy: float,
    salience: float,
    alignment: float,
    congruence_relief: float,
    out: Floats,
) -> None:
    """Write each citizen's grievance G (formula 2) into `out`, all of shape (citizens,)."""
    deprivation = np.float32(1.0 - legitimacy)
    weight = np.float32(-salience * alignment)
    relief = np.float32(congruence_relief)
    for i in range(hardship.size):
        at_odds = weight * attitude[i]
        soothed = at_odds * relief
        out[i] = hardship[i] * deprivation + (at_odds if at_odds > 0 else soothed)


@numba.njit(cache=KEPT, nogil=True)
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
        The motive of those in jail is overwritten.
    jail : ndarray, shape (citizens,), uint8
        Months left in jail; the jailed cannot act.
    threshold, conformity, deterrence, arrest_constant, force : float
        Of formula 1; `force` is repressive capacity per citizen.
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
    return cascade_in(
        motive, risk_aversion, jail, threshold, conformity, deterrence, arrest_constant, force, national,
        localities, act, *desk(motive.size, localities),
    )  # fmt: skip


@numba.njit(cache=KEPT, nogil=True)
def desk(
    citizens: int, localities: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.float64], Floats, NDArray[np.float64], Floats]:
    """Return arrays in which `cascade_in` works: one allocation for all states of a month.

    Edges of localities; how many act there, what they see, and bars and fears there, shape (2, localities);
    what is seen where some number act, and bars and fears there.
    """
    edges = np.empty(localities + 1, dtype=np.uint64)
    for place in range(localities + 1):
        edges[place] = place * citizens // localities
    most = (citizens - 1) // localities + 2
    return (
        edges, np.empty(localities, dtype=np.int64), np.empty(localities),
        np.empty((2, localities), dtype=np.float32), np.empty(most), np.empty((2, most), dtype=np.float32),
    )  # fmt: skip


@numba.njit(cache=KEPT, nogil=True)
def cascade_in(
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
    edges: NDArray[np.uint64],
    counts: NDArray[np.int64],
    last_seen: NDArray[np.float64],
    at: Floats,
    seen_by: NDArray[np.float64],
    by: Floats,
) -> float:
    """Run a `cascade` in the arrays of a `desk`."""
    n = motive.size
    smallest = 1.0 / n
    if any_jailed(jail):
        silence_jailed(motive, jail)
    counts[:] = 0
    last_seen[:] = -1.0
    seen_by[:] = -1.0  # as last worked out: localities with as many acting see the same
    total, before = 0, -1
    while total != before:
        before = total
        share = national * (total / n)  # of the last sweep: no locality waits for another
        for place in range(localities):
            first, last = edges[place], edges[place + 1]
            seen = share + (1.0 - national) * (counts[place] / max(int(last - first), 1))
            if seen == last_seen[place]:
                continue  # who sees the same does the same
            last_seen[place] = seen
            acting = counts[place]
            if seen != seen_by[acting]:
                seen_by[acting] = seen
                ratio = force / max(seen, smallest)
                by[0, acting], by[1, acting] = bar_and_fear(
                    seen, ratio, threshold, conformity, deterrence, arrest_constant
                )
            bar, fear = by[0, acting], by[1, acting]
            at[0, place], at[1, place] = bar, fear
            count = count_acting(motive, risk_aversion, first, last, bar, fear)
            total += count - counts[place]
            counts[place] = count
    for place in range(localities):
        first, last = edges[place], edges[place + 1]
        if counts[place] == 0:
            act[first:last] = 0
            continue
        decide(motive, risk_aversion, first, last, at[0, place], at[1, place], act)
    return total / n


@numba.njit(cache=KEPT, nogil=True)
def bar_and_fear(
    seen: float, ratio: float, threshold: float, conformity: float, deterrence: float, arrest_constant: float
) -> tuple[Single, Single]:
    """Return what a motive must reach (formula 1), and what the risk of arrest takes off that of the fearful.

    Parameters
    ----------
    seen : float
        Participation as a citizen sees it, 0-1.
    ratio : float
        Repressive capacity to each citizen who acts.
    threshold, conformity, deterrence, arrest_constant : float
        Of formula 1.
    """
    risk = 1.0 - math.exp(-arrest_constant * ratio)
    return np.float32(threshold - conformity * seen), np.float32(deterrence * risk)


@numba.njit(cache=KEPT, nogil=True)
def acts(motive: Single, risk_aversion: Single, bar: Single, fear: Single) -> bool:
    """Return whether one citizen opposes in public (formula 1)."""
    return bool(motive - risk_aversion * fear >= bar)


# Each loop below does one thing to arrays passed in whole, so that the compiler turns it into vector
# instructions; sums are of integers, which do not depend on the order in which lanes are added. A count is
# made an int32 again at each step, or it would be an int64, and half as many would be counted at a time.
# Loops over part of an array take where it begins and ends, unsigned: a slice costs as much as the loop.


@numba.njit(cache=KEPT, nogil=True)
def any_jailed(jail: Bytes) -> bool:
    """Return whether anybody is in jail."""
    some = np.uint8(0)
    for i in range(jail.size):
        some = np.uint8(some | jail[i])
    return bool(some > 0)


@numba.njit(cache=KEPT, nogil=True)
def silence_jailed(motive: Floats, jail: Bytes) -> None:
    """Lower the motive of those in jail below every bar."""
    for i in range(motive.size):
        motive[i] = _NO_MOTIVE if jail[i] else motive[i]


@numba.njit(cache=KEPT, nogil=True)
def count_acting(
    motive: Floats, risk_aversion: Floats, first: np.uint64, last: np.uint64, bar: Single, fear: Single
) -> int:
    """Count who acts in one locality, from its first citizen to the one before the last."""
    count = np.int32(0)
    for i in range(first, last):
        count = np.int32(count + np.int32(acts(motive[i], risk_aversion[i], bar, fear)))
    return int(count)


@numba.njit(cache=KEPT, nogil=True)
def decide(
    motive: Floats,
    risk_aversion: Floats,
    first: np.uint64,
    last: np.uint64,
    bar: Single,
    fear: Single,
    act: Bytes,
) -> None:
    """Write who acts in one locality, as `count_acting` counts them."""
    for i in range(first, last):
        act[i] = acts(motive[i], risk_aversion[i], bar, fear)


@numba.njit(cache=KEPT, nogil=True)
def count_aggrieved(motive: Floats, bar: Single) -> int:
    """Count those whose grievance exceeds the threshold."""
    count = np.int32(0)
    for i in range(motive.size):
        count = np.int32(count + np.int32(motive[i] > bar))
    return int(count)


@numba.njit(cache=KEPT, nogil=True)
def count_outspoken(motive: Floats, act: Bytes, bar: Single) -> int:
    """Count those who act and whose grievance exceeds the threshold."""
    count = np.int32(0)
    for i in range(motive.size):
        count = np.int32(count + (np.int32(motive[i] > bar) & np.int32(act[i])))
    return int(count)


@numba.njit(cache=KEPT, nogil=True)
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


@numba.njit(cache=KEPT, nogil=True)
def protest(
    state: int,
    citizens: int,
    hardship: Floats,
    risk_aversion: Floats,
    attitude: Floats,
    jail: Bytes,
    act: Bytes,
    motive: Floats,
    legitimacy: float,
    salience: float,
    alignment: float,
    congruence_relief: float,
    threshold: float,
    conformity: float,
    deterrence: float,
    arrest_constant: float,
    force: float,
    national: float,
    localities: int,
) -> float:
    """Run one state's cascade and return participation; arrays are those of all states."""
    own = slice(state * citizens, (state + 1) * citizens)
    motives(hardship[own], attitude[own], legitimacy, salience, alignment, congruence_relief, motive[own])
    return cascade(
        motive[own], risk_aversion[own], jail[own], threshold, conformity, deterrence, arrest_constant, force,
        national, localities, act[own],
    )  # fmt: skip


@numba.njit(cache=KEPT, nogil=True)
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
    deterrence: NDArray[np.float64],
    arrest_constant: float,
    national: float,
    localities: int,
    participation: NDArray[np.float64],
    falsification: NDArray[np.float64],
) -> None:
    """Run every state's cascade for a month and measure preference falsification (Kuran 1991).

    Falsification is the share of citizens whose grievance exceeds the threshold and who stay silent.
    """
    working = desk(citizens, localities)
    for state in range(legitimacy.size):
        own = slice(state * citizens, (state + 1) * citizens)
        motives(
            hardship[own], attitude[own], legitimacy[state], salience[state], alignment[state],
            congruence_relief, motive[own],
        )  # fmt: skip
        bar = np.float32(threshold)
        aggrieved = count_aggrieved(motive[own], bar)
        participation[state] = cascade_in(
            motive[own], risk_aversion[own], jail[own], threshold, conformity, deterrence[state],
            arrest_constant, force[state], national, localities, act[own], *working,
        )  # fmt: skip
        falsification[state] = (aggrieved - count_outspoken(motive[own], act[own], bar)) / citizens
