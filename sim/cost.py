"""What runs cost in time, disk and memory, from measured rates.

Measured on one core of a busy 2-core virtual machine with Python 3.11, kernels compiled, in November 2026:
processor seconds of a run of 20 years with 50, 1,000, 10,000 and 100,000 citizens a state were 0.16, 0.18,
0.63 and 4.7, and in proportion with 5 and 50 years; a results folder took 370 bytes a run and month; memory
grew by 100 bytes for each citizen of each state. Another machine differs by a factor of a few, which is near
enough to tell a minute from a year.
"""

from __future__ import annotations

from dataclasses import dataclass

_SECONDS_A_MONTH = 6.7e-4
_SECONDS_A_MONTH_AND_CITIZEN = 1.9e-7  # a citizen in each of the 14 states
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
