"""Run scenarios into a folder that keeps nothing of the runs but their outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.outcomes import OUTCOMES
from sim.runs import store
from sim.runs.chunk import Recipe
from sim.runs.interrupt import RunsInterrupted, interrupted
from sim.runs.missing import make_missing
from sim.runs.opened import opened
from sim.runs.packed import pack_outcomes
from sim.runs.record import FailedRun, Tally

if TYPE_CHECKING:
    from sim.scenario import Scenario


def run_outcomes(
    scenarios: Sequence[Scenario],
    folder: Path,
    recipe: Recipe,
    *,
    workers: int = 1,
    command: str = "",
    progress: Callable[[Tally], None] | None = None,
) -> tuple[pd.DataFrame, list[FailedRun]]:
    """Run those replicates whose outcomes are not in a folder yet, and return the outcomes of all.

    Parameters
    ----------
    scenarios : sequence of Scenario
        With distinct names and one seed.
    folder : Path
        New, empty, or with outcomes of some of the same runs.
    recipe : Recipe
    workers : int
        Processes.
    command : str
        For the log.
    progress : callable, optional
        Called before the first run and after some each time.

    Returns
    -------
    outcomes : DataFrame
        One row a finished run, in the index ``scenario`` and ``replicate``; a column an outcome.
    failures : list of FailedRun

    Raises
    ------
    RunsInterrupted
        After Ctrl-C: part of the runs would show some effects and not others. What is finished is kept.
    FolderError
        If the folder holds anything else, or another process writes to it.
    OSError
        If it cannot be written to. Runs that were finished are kept.
    WorkersError
        If no worker starts.
    """
    with opened(folder, scenarios, recipe, kept=store.OUTCOMES, command=command) as kept:
        failures = make_missing(kept, scenarios, recipe, pack_outcomes, workers=workers, progress=progress)
        complete = {scenario.name: sorted(kept.complete(scenario)) for scenario in scenarios}
        finished = sum(map(len, complete.values()))
        if interrupted():
            asked = sum(scenario.runs for scenario in scenarios)
            raise RunsInterrupted(finished + len(failures), asked, str(folder))
        rows = {
            (run.scenario, run.replicate): [float(run.summary[name]) for name in OUTCOMES]
            for scenario in sorted(scenarios, key=lambda scenario: scenario.name)
            for run in kept.load(scenario, complete[scenario.name])
        }
    index = pd.MultiIndex.from_tuples(list(rows), names=["scenario", "replicate"])
    return pd.DataFrame(list(rows.values()), index=index, columns=list(OUTCOMES)), failures
