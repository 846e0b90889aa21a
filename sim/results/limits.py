"""Refuse what cannot be done, and ask before what takes long, by an estimate made before anything runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cost import Cost, bytes_text, cost_of, time_text
from sim.results.words import counted
from sim.runs.workers import check_workers, usable_cores

if TYPE_CHECKING:
    from sim.scenario import Scenario

LONG = 2 * 3_600
"""Seconds; what takes longer is asked about."""

MUCH = 10e9
"""Bytes on disk; what takes more is asked about."""

ENDLESS = 365.25 * 86_400
"""Seconds; what takes longer is refused."""


class TooLargeError(ValueError):
    """A request that would take too much time, disk or memory.

    Parameters
    ----------
    message : str
    hopeless : bool
        Whether it is refused in any case, not merely asked about.
    """

    def __init__(self, message: str, hopeless: bool = False) -> None:
        super().__init__(message)
        self.hopeless = hopeless


def estimate(scenarios: Sequence[Scenario]) -> Cost:
    """Return what the runs of some scenarios cost; see `sim.cost` for the rates."""
    return sum((cost_of(item.runs, item.months, item.citizens) for item in scenarios), Cost())


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
