"""Random numbers as a function: a draw depends on (seed, replicate, process, entity, tick, index) alone."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import cache, lru_cache
from statistics import NormalDist

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT

_NORMAL_QUANTILE = NormalDist().inv_cdf

BEYOND_ROUNDING = 1 + 1e-9
"""Factor on a highest chance whose terms are not taken in the order of the rule's own."""


class Process(IntEnum):
    """What a stream of draws is for. Numbers are fixed for good: a new process takes a new one."""

    __hash__ = int.__hash__  # that of an enumeration is some ten times slower

    PARAMETERS = 1
    INITIAL_STATE = 2
    HARDSHIP = 3
    RISK_AVERSION = 4
    ATTITUDE = 5
    COHORT = 6
    ETHNICITY = 7
    # 8 is used up: it drew the replacement of cohorts, which now goes by COHORT
    ARREST = 9
    PERFORMANCE = 10
    FOCAL_EVENT = 11
    SPARK = 12
    CAMPAIGN = 13
    LEADER_EXIT = 14
    PALACE_COUP = 15
    ELECTION = 16
    RESPONSE = 17
    DEFECTION = 18
    FALL = 19
    CLAN_CONTEST = 20
    SUCCESSOR = 21
    MOSCOW_CHOICE = 22
    MOSCOW_SIGHT = 23
    MOSCOW_LEADER = 24
    WAR = 25
    SETBACK = 26
    TERRITORY = 27
    TERRITORY_CHOICE = 28
    LOSS = 29
    CLASH = 30
    CONQUEST = 31
    MEMBERSHIP = 32
    INTEGRATION = 33
    MEDIATION = 34
    ACCESSION = 35
    EARLY_VOTE = 36
    COURSE = 37
    NEIGHBOURHOOD = 40


@numba.njit(cache=KEPT, inline="always")
def mix(value: np.uint64) -> np.uint64:
    """Return the SplitMix64 finaliser of a 64-bit word."""
    value = np.uint64(value + np.uint64(0x9E3779B97F4A7C15))
    value = np.uint64((value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9))
    value = np.uint64((value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))
    return np.uint64(value ^ (value >> np.uint64(31)))


@numba.njit(cache=KEPT, inline="always")
def extend(key: np.uint64, part: int | np.uint64) -> np.uint64:
    """Return the key of a stream narrowed by one more part."""
    return mix(key ^ mix(np.uint64(part)))


@numba.njit(cache=KEPT, inline="always")
def to_uniform(word: np.uint64) -> float:
    """Return a uniform in (0, 1) from the top 53 bits of a word."""
    return (float(word >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@numba.njit(cache=KEPT, nogil=True)
def stream_key(seed: int, replicate: int, process: int) -> np.uint64:
    """Return the key of one process of one replicate."""
    return extend(extend(extend(np.uint64(0), seed), replicate), process)


@numba.njit(cache=KEPT, nogil=True)
def _table(key: np.uint64, ticks: int, entities: NDArray[np.uint64], width: int) -> NDArray[np.float64]:
    draws = np.empty((ticks, entities.size, width))
    for entity in range(entities.size):
        by_entity = extend(key, entities[entity])
        for tick in range(ticks):
            by_tick = extend(by_entity, tick)
            for index in range(width):
                draws[tick, entity, index] = to_uniform(extend(by_tick, index))
    return draws


@numba.njit(cache=KEPT, nogil=True)
def _named_uniforms(key: np.uint64, numbers: NDArray[np.uint64]) -> NDArray[np.float64]:
    uniforms = np.empty(numbers.size)
    for i in range(numbers.size):
        uniforms[i] = to_uniform(extend(key, numbers[i]))
    return uniforms


class RandomNumbers:
    """All random numbers of one replicate.

    Parameters
    ----------
    seed : int
        Of the ensemble, 0 to 2**63 - 1.
    replicate : int
    ticks : int
        Months in the run; only how much is computed ahead depends on it, never a draw.
    """

    def __init__(self, seed: int, replicate: int, ticks: int) -> None:
        self.seed = seed
        self.replicate = replicate
        self.ticks = ticks
        self._keys: dict[Process, np.uint64] = {}
        self._tables: dict[tuple[Process, int, int], NDArray[np.float64]] = {}
        self._tick = -1
        self._month: dict[tuple[Process, int, int], list[list[float]]] = {}  # of that tick, as far as asked
        self._named: dict[tuple[Process, tuple[str, ...], int], NDArray[np.float64]] = {}
        self._first: dict[tuple[Process, int], NDArray[np.float64]] = {}
        self._normals: dict[tuple[Process, int], NDArray[np.float64]] = {}
        self._lowest_of: dict[
            tuple[Process, int, int, int | None], tuple[list[list[float]], list[float]]
        ] = {}
        self._lowest: dict[tuple[Process, int | tuple[str, ...], int], list[float]] = {}

    def key(self, process: Process) -> np.uint64:
        """Return the key with which a kernel draws for one process."""
        key = self._keys.get(process)
        if key is None:
            key = self._keys[process] = np.uint64(stream_key(self.seed, self.replicate, int(process)))
        return key

    def draws(self, process: Process, tick: int, entities: int, width: int = 1) -> list[list[float]]:
        """Return a month's uniforms in (0, 1), indexed [entity][index]; to be read, not changed."""
        if tick != self._tick:
            self._tick, self._month = tick, {}
        shape = (process, entities, width)
        month = self._month.get(shape)
        if month is None:
            month = self._month[shape] = self._all(*shape)[tick].tolist()
        return month

    def draw(
        self, process: Process, tick: int, entity: int, entities: int, width: int = 1, index: int = 0
    ) -> float:
        """Return one of a month's `draws`: for what few entities are asked, cheaper than all of them."""
        table = self._tables.get((process, entities, width))
        if table is None:
            table = self._all(process, entities, width)
        number: float = table.item(tick, entity, index)
        return number

    def month(self, process: Process, tick: int, entities: int, width: int = 1) -> NDArray[np.float64]:
        """Return a month's uniforms in (0, 1), shape (entities,): the `draws` of index 0, for loops."""
        uniforms: NDArray[np.float64] = self._firsts(process, entities, width)[tick]
        return uniforms

    def table(self, process: Process, tick: int, entities: int, width: int) -> NDArray[np.float64]:
        """Return a month's uniforms in (0, 1), shape (entities, width): its `draws`, for loops."""
        table = self._tables.get((process, entities, width))
        if table is None:
            table = self._all(process, entities, width)
        uniforms: NDArray[np.float64] = table[tick]
        return uniforms

    def normals(self, process: Process, tick: int, entities: int) -> NDArray[np.float64]:
        """Return a month's standard normal numbers, shape (entities,), each at its `draws`' quantile."""
        table = self._normals.get((process, entities))
        if table is None:
            uniforms = self._all(process, entities, 1)
            table = np.array(list(map(_NORMAL_QUANTILE, uniforms.ravel().tolist())))
            table = self._normals[process, entities] = table.reshape(-1, entities)
        month: NDArray[np.float64] = table[tick]
        return month

    def named_draws(
        self, process: Process, tick: int, names: tuple[str, ...], width: int
    ) -> list[list[float]]:
        """Return a month's uniforms indexed [place in names][index], keyed by name and not by place.

        A territory or dyad therefore keeps its numbers whatever else is in the world.
        """
        month: list[list[float]] = self._all_named(process, names, width)[tick].tolist()
        return month

    def lowest(self, process: Process, tick: int, entities: int, width: int = 1, index: int = 0) -> float:
        """Return the lowest of a month's uniforms of one index over all entities.

        What no entity's chance exceeds need not be asked of each: most months nothing rare happens.
        """
        lowest = self._lowest.get((process, entities, index))
        if lowest is None:
            lowest = self._all(process, entities, width)[:, :, index].min(axis=1).tolist()
            self._lowest[process, entities, index] = lowest
        return lowest[tick]

    def below(
        self,
        process: Process,
        tick: int,
        entities: int,
        limit: float,
        width: int = 1,
        index: int | None = None,
    ) -> list[int]:
        """Return the entities of which a month's uniform of an index, or of any, is below a limit, in order.

        Nobody else need be asked whose chance does not exceed the limit.
        """
        shape = (process, entities, width, index)
        lowest = self._lowest_of.get(shape)
        if lowest is None:
            table = self._all(process, entities, width)
            by_entity = table.min(axis=2) if index is None else table[:, :, index]
            lowest = self._lowest_of[shape] = by_entity.tolist(), by_entity.min(axis=1).tolist()
        if lowest[1][tick] >= limit:
            return []
        return [entity for entity, uniform in enumerate(lowest[0][tick]) if uniform < limit]

    def lowest_named(
        self, process: Process, tick: int, names: tuple[str, ...], width: int, index: int = 0
    ) -> float:
        """Return the lowest of a month's uniforms of one index over all names; 1 if there are none."""
        lowest = self._lowest.get((process, names, index))
        if lowest is None:
            lowest = self._all_named(process, names, width)[:, :, index].min(axis=1, initial=1.0).tolist()
            self._lowest[process, names, index] = lowest
        return lowest[tick]

    def _all(self, process: Process, entities: int, width: int) -> NDArray[np.float64]:
        """Return a run's uniforms, shape (ticks, entities, width)."""
        shape = (process, entities, width)
        table = self._tables.get(shape)
        if table is None:
            numbers = np.arange(entities, dtype=np.uint64)
            table = self._tables[shape] = _table(self.key(process), self.ticks, numbers, width)
        return table

    def _all_named(self, process: Process, names: tuple[str, ...], width: int) -> NDArray[np.float64]:
        """Return a run's uniforms by name, shape (ticks, names, width)."""
        shape = (process, names, width)
        table = self._named.get(shape)
        if table is None:
            table = self._named[shape] = _table(self.key(process), self.ticks, name_numbers(names), width)
        return table

    def _firsts(self, process: Process, entities: int, width: int) -> NDArray[np.float64]:
        """Return a run's uniforms of index 0, shape (ticks, entities): months lie together."""
        table = self._first.get((process, entities))
        if table is None:
            table = np.ascontiguousarray(self._all(process, entities, width)[:, :, 0])
            self._first[process, entities] = table
        return table

    def quantile(self, process: Process, name: str) -> float:
        """Return the uniform in (0, 1) of a named quantity that is drawn once a run."""
        return self.quantiles(process, (name,))[0]

    def quantiles(self, process: Process, names: tuple[str, ...]) -> list[float]:
        """Return the uniforms of several named quantities, as `quantile` does each."""
        uniforms: list[float] = _named_uniforms(self.key(process), name_numbers(names)).tolist()
        return uniforms


def normal(uniform: float) -> float:
    """Return the standard normal value at a quantile in (0, 1)."""
    return _NORMAL_QUANTILE(uniform)


@cache
def name_number(name: str) -> int:
    """Return a number for a name, the same in every process and on every platform (FNV-1a, 63 bits)."""
    number = 0xCBF29CE484222325
    for byte in name.encode():
        number = ((number ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return number >> 1


@lru_cache(maxsize=256)  # the runs of an ensemble name the same
def name_numbers(names: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return the numbers of several names; to be read, not changed."""
    return np.array([name_number(name) for name in names], dtype=np.uint64)


# -- A replicate's random numbers with some of them resampled: what a variance decomposition compares ---

DRAWN_ONCE = frozenset({Process.PARAMETERS, Process.INITIAL_STATE})
"""Processes that draw a run's fixed numbers; all others are what happens in it."""


class ResampledNumbers(RandomNumbers):
    """The random numbers of a replicate, but for what is taken from another seed.

    Parameters
    ----------
    seed, replicate, ticks : int
        As for `RandomNumbers`.
    other_seed : int
        Where what is resampled comes from.
    events : bool
        Whether everything but parameters and initial state is resampled.
    resamples : callable
        ``resamples(process, name)`` says whether a parameter or an estimate of the initial state is.
    """

    def __init__(
        self,
        seed: int,
        replicate: int,
        ticks: int,
        *,
        other_seed: int,
        events: bool,
        resamples: Callable[[Process, str], bool],
    ) -> None:
        super().__init__(seed, replicate, ticks)
        self.other = RandomNumbers(other_seed, replicate, ticks)
        self.events = events
        self.resamples = resamples

    def key(self, process: Process) -> np.uint64:
        """Return the key of a process, the other seed's if what happens is resampled."""
        resampled = self.events and process not in DRAWN_ONCE
        return self.other.key(process) if resampled else super().key(process)

    def quantiles(self, process: Process, names: tuple[str, ...]) -> list[float]:
        """Return the quantiles of named numbers, the other seed's where they are resampled."""
        own, others = super().quantiles(process, names), self.other.quantiles(process, names)
        return [
            other if self.resamples(process, name) else mine
            for name, mine, other in zip(names, own, others, strict=True)
        ]
