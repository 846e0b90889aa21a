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

from sim.model.compiled import KEPT
from sim.model.randomness import extend, to_uniform

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Single = float | np.float32

_NO_MOTIVE = np.float32(-1e30)  # below every bar
_FIXED_POINT = np.float32(2.0**30)  # an attitude times this is an int32


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
    """Write each citizen's grievance G (M2) into `out`, all of shape (citizens,)."""
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
    if any_jailed(jail):
        silence_jailed(motive, jail)
    edges = np.empty(localities + 1, dtype=np.int64)
    bars = np.empty(localities, dtype=np.float32)
    fears = np.empty(localities, dtype=np.float32)
    counts = np.zeros(localities, dtype=np.int64)
    last_seen = np.full(localities, -1.0)
    # what is seen where some number act, as last worked out: localities with as many acting see the same
    most = (n - 1) // localities + 2
    seen_by = np.full(most, -1.0)
    bars_by = np.empty(most, dtype=np.float32)
    fears_by = np.empty(most, dtype=np.float32)
    for place in range(localities + 1):
        edges[place] = place * n // localities
    total, before = 0, -1
    while total != before:
        before = total
        share = national * (total / n)  # of the last sweep: no locality waits for another
        for place in range(localities):
            first, last = edges[place], edges[place + 1]
            seen = share + (1.0 - national) * (counts[place] / max(last - first, 1))
            if seen == last_seen[place]:
                continue  # who sees the same does the same
            last_seen[place] = seen
            acting = counts[place]
            if seen != seen_by[acting]:
                seen_by[acting] = seen
                ratio = force / max(seen, smallest)
                bars_by[acting], fears_by[acting] = bar_and_fear(
                    seen, ratio, threshold, conformity, deterrence, arrest_constant
                )
            bar, fear = bars_by[acting], fears_by[acting]
            bars[place], fears[place] = bar, fear
            count = count_acting(motive[first:last], risk_aversion[first:last], bar, fear)
            total += count - counts[place]
            counts[place] = count
    for place in range(localities):
        first, last = edges[place], edges[place + 1]
        if counts[place] == 0:
            act[first:last] = 0
            continue
        decide(motive[first:last], risk_aversion[first:last], bars[place], fears[place], act[first:last])
    return total / n


@numba.njit(cache=KEPT, nogil=True)
def bar_and_fear(
    seen: float, ratio: float, threshold: float, conformity: float, deterrence: float, arrest_constant: float
) -> tuple[Single, Single]:
    """Return what a motive must reach (M1), and what the risk of arrest takes off the motive of the fearful.

    Parameters
    ----------
    seen : float
        Participation as a citizen sees it, 0-1.
    ratio : float
        Repressive capacity to each citizen who acts.
    threshold, conformity, deterrence, arrest_constant : float
        Of M1.
    """
    risk = 1.0 - math.exp(-arrest_constant * ratio)
    return np.float32(threshold - conformity * seen), np.float32(deterrence * risk)


@numba.njit(cache=KEPT, nogil=True)
def acts(motive: Single, risk_aversion: Single, bar: Single, fear: Single) -> bool:
    """Return whether one citizen opposes in public (M1)."""
    return bool(motive - risk_aversion * fear >= bar)


# Each loop below does one thing to arrays passed in whole, so that the compiler turns it into vector
# instructions; sums are of integers, which do not depend on the order in which lanes are added. A count is
# made an int32 again at each step, or it would be an int64, and half as many would be counted at a time.


@numba.njit(cache=KEPT, nogil=True)
def any_jailed(jail: Bytes) -> bool:
    """Return whether anybody is in jail."""
    some = np.uint8(0)
    for i in range(jail.size):
        some |= jail[i]
    return bool(some > 0)


@numba.njit(cache=KEPT, nogil=True)
def silence_jailed(motive: Floats, jail: Bytes) -> None:
    """Lower the motive of those in jail below every bar."""
    for i in range(motive.size):
        motive[i] = _NO_MOTIVE if jail[i] else motive[i]


@numba.njit(cache=KEPT, nogil=True)
def count_acting(motive: Floats, risk_aversion: Floats, bar: Single, fear: Single) -> int:
    """Count who acts in one locality, given what all of them see."""
    count = np.int32(0)
    for i in range(motive.size):
        count = np.int32(count + np.int32(acts(motive[i], risk_aversion[i], bar, fear)))
    return int(count)


@numba.njit(cache=KEPT, nogil=True)
def decide(motive: Floats, risk_aversion: Floats, bar: Single, fear: Single, act: Bytes) -> None:
    """Write who acts in one locality, given what all of them see."""
    for i in range(motive.size):
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
def crowd_attitude(attitude: Floats, act: Bytes) -> float:
    """Return the mean attitude to Moscow of those who act, or of all if nobody does."""
    total, crowd, count = 0.0, 0.0, 0
    for i in range(attitude.size):
        total += attitude[i]
        if act[i]:
            crowd += attitude[i]
            count += 1
    return crowd / count if count else total / attitude.size


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
def live_a_month(
    citizens: int,
    attitude: Floats,
    succession: Floats,
    jail: Bytes,
    drift: NDArray[np.float64],
    jolt: NDArray[np.float64],
    replacement: NDArray[np.float64],
    cohort_gap: float,
    youth_response: float,
    replaced: NDArray[np.float64],
    mean_attitude: NDArray[np.float64],
    young_share: NDArray[np.float64],
) -> None:
    """Move every citizen one month: cohorts, attitude to Moscow, jail.

    Parameters
    ----------
    succession : ndarray, shape (states * citizens,)
        Uniform in (0, 1): a citizen's place in the order in which cohorts replace each other.
    drift : ndarray, shape (states,)
        Monthly change of attitude, the mean of both cohorts'.
    jolt : ndarray, shape (states,)
        One-off change of attitude, the same for all.
    replacement : ndarray, shape (states,)
        Chance that a citizen born before 1976 is replaced by one born later.
    cohort_gap : float
        How much less attached the newcomer is.
    youth_response : float
        How far the young move with `drift`, 0-2; their elders move by 2 less this.
    replaced : ndarray, shape (states,)
        How far replacement has come: the young are those whose `succession` lies below it. Moved on.
    mean_attitude, young_share : ndarray, shape (states,)
        Output.
    """
    for state in range(drift.size):
        own = slice(state * citizens, (state + 1) * citizens)
        before = np.float32(replaced[state])
        replaced[state] += replacement[state] * (1.0 - replaced[state])
        now = np.float32(replaced[state])
        if now > before:
            replace(attitude[own], succession[own], before, now, np.float32(cohort_gap))
        elder = np.float32((2 - youth_response) * drift[state] + jolt[state])
        youth = np.float32(youth_response * drift[state] + jolt[state])
        move(attitude[own], succession[own], now, youth, elder)
        serve_a_month(jail[own])
        mean_attitude[state] = mean(attitude[own])
        young_share[state] = count_below(succession[own], now) / citizens


@numba.njit(cache=KEPT, nogil=True)
def replace(attitude: Floats, succession: Floats, before: Single, now: Single, gap: Single) -> None:
    """Put heirs, less attached by a gap, in the place of those whose turn has come."""
    for i in range(attitude.size):
        due = (succession[i] >= before) & (succession[i] < now)
        attitude[i] -= gap if due else np.float32(0.0)


@numba.njit(cache=KEPT, nogil=True)
def move(attitude: Floats, succession: Floats, replaced: Single, youth: Single, elder: Single) -> None:
    """Move the attitudes of the young and of their elders, within [-1, 1]."""
    for i in range(attitude.size):
        view = attitude[i] + (youth if succession[i] < replaced else elder)
        attitude[i] = min(max(view, np.float32(-1.0)), np.float32(1.0))


@numba.njit(cache=KEPT, nogil=True)
def serve_a_month(jail: Bytes) -> None:
    """Take a month off every sentence."""
    for i in range(jail.size):
        jail[i] -= np.uint8(jail[i] > 0)


@numba.njit(cache=KEPT, nogil=True)
def mean(attitude: Floats) -> float:
    """Return the mean of numbers in [-1, 1], summed in fixed point (to 2**-30)."""
    total = np.int64(0)
    for i in range(attitude.size):
        total += np.int64(np.int32(attitude[i] * _FIXED_POINT))
    return total / (float(_FIXED_POINT) * attitude.size)


@numba.njit(cache=KEPT, nogil=True)
def count_below(values: Floats, bar: Single) -> int:
    """Count the values below a bar."""
    count = np.int32(0)
    for i in range(values.size):
        count = np.int32(count + np.int32(values[i] < bar))
    return int(count)


@numba.njit(cache=KEPT, nogil=True)
def shift(
    attitude: Floats, succession: Floats, replaced: float, change: float, youth_response: float
) -> None:
    """Move one state's attitudes at once; the young and their elders as `live_a_month` does."""
    youth, elder = np.float32(youth_response * change), np.float32((2 - youth_response) * change)
    move(attitude, succession, np.float32(replaced), youth, elder)


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
    for state in range(legitimacy.size):
        own = slice(state * citizens, (state + 1) * citizens)
        motives(
            hardship[own], attitude[own], legitimacy[state], salience[state], alignment[state],
            congruence_relief, motive[own],
        )  # fmt: skip
        bar = np.float32(threshold)
        aggrieved = count_aggrieved(motive[own], bar)
        participation[state] = cascade(
            motive[own], risk_aversion[own], jail[own], threshold, conformity, deterrence[state],
            arrest_constant, force[state], national, localities, act[own],
        )  # fmt: skip
        falsification[state] = (aggrieved - count_outspoken(motive[own], act[own], bar)) / citizens
