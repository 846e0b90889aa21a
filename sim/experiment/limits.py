"""What runs cost in time, disk and memory, and what is refused or asked before it starts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import TooLargeError
from sim.experiment.workers import check_workers, usable_cores
from sim.explain.words import counted

if TYPE_CHECKING:
    from sim.scenario import Scenario


# -- what runs cost in time, disk and memory, from measured rates ----------------------------------

_SECONDS_A_MONTH = 5.0e-4
_SECONDS_A_MONTH_AND_CITIZEN = 1.2e-7  # a citizen in each of the 14 states
_DISK_A_RUN = 7_000  # bytes: outcomes and parameters as drawn
_DISK_A_MONTH = 340  # bytes: series, events and territories, compressed
_COPIES_ON_DISK = 2  # the runs as stored, and the tables made of them
_MEMORY_A_PROCESS = 320e6  # bytes: Python with its libraries, kernels compiled
_MEMORY_A_CITIZEN = 1_400  # bytes a process: 100 for a citizen of each of the 14 states
_MEMORY_A_RUN = 10_000  # bytes in the main process: its outcomes and parameters, and copies of them


@dataclass(frozen=True, slots=True)
class Cost:
    """What some runs take.

    Parameters
    ----------
    runs : int
    seconds : float
        Of one core.
    disk : float
        Bytes of the results folder.
    memory : float
        Bytes of one process at work.
    kept : float
        Bytes that the main process holds besides.
    """

    runs: int = 0
    seconds: float = 0.0
    disk: float = 0.0
    memory: float = _MEMORY_A_PROCESS
    kept: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.runs + other.runs,
            self.seconds + other.seconds,
            self.disk + other.disk,
            max(self.memory, other.memory),
            self.kept + other.kept,
        )


def cost_of(runs: int, months: int, citizens: int) -> Cost:
    """Return the cost of the runs of one scenario.

    Parameters
    ----------
    runs : int
    months : int
        Length of one.
    citizens : int
        In each state.
    """
    return Cost(
        runs=runs,
        seconds=float(runs) * months * (_SECONDS_A_MONTH + _SECONDS_A_MONTH_AND_CITIZEN * citizens),
        disk=float(runs) * (_DISK_A_RUN + _DISK_A_MONTH * months) * _COPIES_ON_DISK,
        memory=_MEMORY_A_PROCESS + _MEMORY_A_CITIZEN * float(citizens),
        kept=float(runs) * _MEMORY_A_RUN,
    )


def time_text(seconds: float) -> str:
    """Return a time in words, to one or two figures.

    >>> time_text(5400)
    '1.5 hours'
    """
    for unit, length in (("years", 365.25 * 86_400), ("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= length:
            return f"{_rounded(seconds / length)} {unit}"
    return f"{_rounded(seconds)} seconds"


def bytes_text(size: float) -> str:
    """Return an amount of data in words, to one or two figures.

    >>> bytes_text(2.4e9)
    '2.4 GB'
    """
    for unit, length in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= length:
            return f"{_rounded(size / length)} {unit}"
    return f"{_rounded(size / 1e3)} kB"


def _rounded(value: float) -> str:
    return f"{float(f'{value:.2g}'):,g}" if value < 1e6 else f"{value:.1e}"


# -- refuse what cannot be done, and ask before what takes long, by an estimate made before anything runs ---

LONG = 2 * 3_600
"""Seconds; what takes longer is asked about."""

MUCH = 10e9
"""Bytes on disk; what takes more is asked about."""

ENDLESS = 365.25 * 86_400
"""Seconds; what takes longer is refused."""


def estimate(scenarios: Sequence[Scenario]) -> Cost:
    """Return what the runs of some scenarios cost; see `sim.experiment.limits` for the rates."""
    return sum((cost_of(item.runs, item.months, item.citizens) for item in scenarios), Cost())


WORTH_TELLING = 60
"""Seconds; of what takes longer the cost is told before it starts."""


def cost_told(scenarios: Sequence[Scenario], *, workers: int, remote: bool = False) -> str:
    """Return what some runs take and how to ask for less, in a sentence; empty where they take little.

    Parameters
    ----------
    scenarios : sequence of Scenario
    workers : int
        Processes that share the work.
    remote : bool
        Whether the workers are on other machines.
    """
    cost, together = estimate(scenarios), workers if remote else min(workers, usable_cores())
    seconds = cost.seconds / together
    if seconds < WORTH_TELLING:
        return ""
    each = max(item.runs for item in scenarios)
    return (
        f"{cost.runs:,} runs ({len(scenarios)} variants, {each} each), at most about {time_text(seconds)} on "
        f"{counted(together, 'worker')}; fewer with --runs"
    )


def check_cost(
    scenarios: Sequence[Scenario],
    *,
    workers: int,
    folder: Path | None,
    allow_large: bool = False,
    remote: bool = False,
) -> None:
    """Refuse runs that this machine cannot do, and large ones that nobody has agreed to.

    Parameters
    ----------
    scenarios : sequence of Scenario
    workers : int
        Processes that share the work.
    folder : Path or None
        Where results go; None if they are not kept.
    allow_large : bool
        Go on where the request is merely large.
    remote : bool
        Whether the workers are on other machines, whose memory is not known.

    Raises
    ------
    TooLargeError
        With the estimate, and what would be less.
    WorkersError
        If there are too many workers for this machine.
    """
    if not remote:
        check_workers(workers)
    cost = estimate(scenarios)
    together = workers if remote else min(workers, usable_cores())
    seconds = cost.seconds / together
    memory = cost.kept + cost.memory * (1 if remote else min(workers, cost.runs) + (workers > 1))
    disk = 0.0 if folder is None else cost.disk
    told = f"{cost.runs:,} runs would take about {time_text(seconds)} on {counted(together, 'worker')}, "
    told += f"{bytes_text(memory)} of memory" + (
        f" and {bytes_text(disk)} of disk" if folder is not None else ""
    )
    reasons = []
    if seconds > ENDLESS:
        reasons.append("that is more than a year")
    available = _memory()
    if available is not None and memory > available:
        reasons.append(f"this machine has {bytes_text(available)} of memory")
    free = _free_disk(folder) if folder is not None else None
    if free is not None and disk > free:
        reasons.append(f"{bytes_text(free)} of disk are free")
    less = "ask for fewer runs, citizens, years or scenarios"
    if reasons:
        raise TooLargeError(f"{told}, but {' and '.join(reasons)}; {less}", hopeless=True)
    if not allow_large and (seconds > LONG or disk > MUCH):
        raise TooLargeError(f"{told}; {less}, or go on with --yes (in Python: allow_large=True)")


def _memory() -> float | None:
    """Return the machine's memory in bytes, where the system tells."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _free_disk(folder: Path) -> float | None:
    """Return the free bytes on the disk of a folder that may not be there yet; None if it is on none."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return None
    return float(usage.free) if usage.total else None
