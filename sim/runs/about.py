"""What made a results folder: versions, seed, command and times."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario

PACKAGE = "post-soviet-scenarios"

_PACKAGES = (PACKAGE, "mesa", "numpy", "numba", "pandas", "pyarrow")


def describe_run(
    scenarios: Sequence[Scenario],
    *,
    command: str,
    workers: int,
    started: datetime,
    seconds: float,
    finished_runs: int,
    failed_runs: int,
    interrupted: bool,
) -> dict[str, Any]:
    """Return the contents of ``about.json``.

    Parameters
    ----------
    scenarios : sequence of Scenario
        At least one.
    command : str
        The command line, or the library's call.
    workers : int
    started : datetime
        With a time zone.
    seconds : float
        From start to end, by a clock that nobody sets.
    finished_runs, failed_runs : int
        Finished includes failed.
    interrupted : bool
        Whether Ctrl-C cut the ensemble short.
    """
    return {
        "command": command,
        "seed": scenarios[0].seed,
        "runs_a_scenario": scenarios[0].runs,
        "scenarios": [
            {"name": item.name, "title": item.title, "start": str(item.start), "years": item.years}
            for item in scenarios
        ],
        "runs_finished": finished_runs,
        "runs_failed": failed_runs,
        "interrupted": interrupted,
        "workers": workers,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {name: installed_version(name) for name in _PACKAGES},
    }


def installed_version(package: str = PACKAGE) -> str:
    """Return a package's version, this one's without a name."""
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "not installed"
