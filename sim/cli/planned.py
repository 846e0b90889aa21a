"""Runs that a plan of claims or of an audit asks for: of each run, nothing but its outcomes is kept."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Planned:
    """Outcomes of the runs of a plan, and what made them.

    Parameters
    ----------
    outcomes : DataFrame
        As `sim.results.claims.run_outcomes` returns it.
    about : dict
        As `sim.runs.about.describe_run` returns it.
    """

    outcomes: pd.DataFrame
    about: dict[str, Any]


def run_planned(scenarios: Sequence[Scenario], *, workers: int | None, quiet: bool) -> Planned:
    """Run scenarios with progress, and say which runs failed.

    Raises
    ------
    click.ClickException
        If no run was finished.
    KeyboardInterrupt
        After Ctrl-C: half of the runs would show half of the effects.
    """
    from sim.cli.console import remark  # noqa: PLC0415 - heavy, so loaded when needed
    from sim.results.claims import run_outcomes  # noqa: PLC0415
    from sim.results.recipe import STANDARD  # noqa: PLC0415
    from sim.runs.about import describe_run  # noqa: PLC0415
    from sim.runs.progress import progress_bar  # noqa: PLC0415
    from sim.runs.workers import usable_cores  # noqa: PLC0415

    cores = workers or usable_cores()
    started, clock = datetime.now(UTC), time.monotonic()
    total = sum(scenario.runs for scenario in scenarios)
    with progress_bar(total, shown=not quiet) as advance:
        outcomes, failures = run_outcomes(scenarios, STANDARD, workers=cores, progress=advance)
    if failures:
        remark(f"{len(failures)} of {total} runs failed; the first: {failures[0].error}")
    if outcomes.empty and total:
        raise click.ClickException("no run was finished")
    about = describe_run(
        scenarios,
        command=shlex.join(["sim", *sys.argv[1:]]),
        workers=cores,
        started=started,
        seconds=time.monotonic() - clock,
        finished_runs=total,
        failed_runs=len(failures),
        interrupted=False,
    )
    return Planned(outcomes, about)
