"""What comes back from one replicate: its record, or the reason there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.model.trace import History


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One finished run.

    Parameters
    ----------
    scenario, thesis : str
        Names.
    replicate : int
        From 0; the same replicate of two scenarios shares its random numbers.
    outcomes : mapping of str to float
        Those of the package, by name.
    history : History
        Events and monthly series.
    draws : mapping of str to float
        Drawn parameters by dotted path.
    """

    scenario: str
    thesis: str
    replicate: int
    outcomes: Mapping[str, float]
    history: History
    draws: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FailedRun:
    """One run that raised an error or killed its worker.

    Parameters
    ----------
    scenario : str
    replicate : int
    error : str
        ``Type: message``.
    traceback : str
        Empty where the process died without one.
    """

    scenario: str
    replicate: int
    error: str
    traceback: str = ""


Record = RunRecord | FailedRun


@dataclass(frozen=True, slots=True)
class Tally:
    """How far runs have come.

    Parameters
    ----------
    scenario : str
        Of the latest run; empty before the first.
    asked : int
        All runs of all scenarios.
    kept : int
        Those that were there before.
    finished : int
        With those, and with the failed.
    failed : int
    """

    scenario: str
    asked: int
    kept: int
    finished: int
    failed: int
