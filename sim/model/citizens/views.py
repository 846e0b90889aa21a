"""How citizens' views of Moscow change, as compiled loops: cohorts, news, what Moscow does.

Citizens lie state after state in flat arrays, as in `kernels`.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.citizens.kernels import Bytes, Floats, Single
from sim.model.compiled import KEPT

_FIXED_POINT = np.float32(2.0**30)  # an attitude times this is an int32


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
