"""Make the runs that an ensemble lacks, after saying how many they are and how long they take."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibration.ensemble.build import ScenarioOf
    from calibration.ensemble.origins import Origin
    from calibration.ensemble.plan import Plan
    from calibration.ensemble.store import EnsembleStore
    from sim.scenario import Scenario

PLAN = "plan.json"
"""The file that makes a folder an ensemble."""

_SHORT = 30
"""Seconds; below, processes take longer to start than to work."""


@dataclass(frozen=True, slots=True)
class Making:
    """How runs are made.

    Parameters
    ----------
    workers : int or None
        Processes; one a core where not given.
    yes : bool
        Go on where the request is large, or the ensemble's folder looks misspelt.
    quiet : bool
        Say nothing but what went wrong.
    """

    workers: int | None
    yes: bool
    quiet: bool


def refuse_misspelt(folder: Path, making: Making) -> None:
    """Refuse an ensemble that is not there while one of nearly the same name is.

    Raises
    ------
    EnsembleError
        With the nearest name.
    """
    from calibration.ensemble.store import EnsembleError
    from sim.naming import nearest

    if making.yes or folder.exists():
        return
    others = {path.parent.name for path in folder.parent.glob(f"*/{PLAN}")}
    if found := nearest(folder.name, others):
        raise EnsembleError(
            f"{folder}: no ensemble here; did you mean {folder.parent / found}? "
            "To make a new one under this name, add --yes"
        )


def refuse_large(
    plan: Plan,
    runs: Mapping[tuple[str, Origin], int],
    making: Making,
    scenarios_of: ScenarioOf | None = None,
) -> list[Scenario]:
    """Return the scenarios of some runs, unless the runs would take too much.

    Parameters
    ----------
    plan : Plan
    runs : mapping
        How many runs of a thesis from an origin.
    making : Making
    scenarios_of : callable, optional
        As for `make_missing`.

    Raises
    ------
    TooLargeError
        With the estimate, and what would be less.
    WorkersError
        If there are too many workers for this machine.
    """
    from calibration.ensemble.scenarios import scenario_of
    from sim.experiment.limits import check_cost
    from sim.experiment.workers import usable_cores

    of = scenarios_of or scenario_of
    scenarios = [
        replace(of(thesis, origin, plan.citizens), runs=number) for (thesis, origin), number in runs.items()
    ]
    # An ensemble keeps little of what `sim` keeps of a run, so its disk is not asked about.
    check_cost(scenarios, workers=making.workers or usable_cores(), folder=None, allow_large=making.yes)
    return scenarios


def make_missing(
    plan: Plan,
    store: EnsembleStore,
    target: Path | None,
    making: Making,
    scenarios_of: ScenarioOf | None = None,
) -> int:
    """Make the runs of a plan that are not stored, and return how many they were.

    Parameters
    ----------
    plan : Plan
    store : EnsembleStore
    target : Path or None
        Where results of these runs go. That it can be written to is seen before any run is made.
    making : Making
    scenarios_of : callable, optional
        Where the plan's theses are no shipped ones.

    Raises
    ------
    EnsembleError
        If the store holds something else, or runs of another model.
    FolderError
        If the target cannot be written to.
    RunsInterrupted
        After Ctrl-C; what was finished is stored.
    TooLargeError
        If the runs would take too much.
    WorkersError
        If there are too many workers for this machine.
    """
    from calibration.ensemble.build import build, missing
    from calibration.ensemble.scenarios import scenario_of
    from sim.cli.console import remark
    from sim.experiment.folder import make_folder
    from sim.experiment.limits import estimate, time_text
    from sim.experiment.progress import progress_bar
    from sim.experiment.workers import usable_cores
    from sim.explain.words import counted

    workers = making.workers or usable_cores()
    waiting: Counter[tuple[str, Origin]] = Counter()
    for thesis, origin, draws in missing(plan, store):
        waiting[thesis, origin] += len(draws) * plan.repeats
    scenarios = refuse_large(plan, waiting, making, scenarios_of)
    there = store.folder.exists()
    if target is not None:
        make_folder(target)
    store.open(plan)
    if waiting and not making.quiet:
        seconds = estimate(scenarios).seconds / min(workers, usable_cores())
        told = f"about {time_text(seconds)}" if seconds >= _SHORT else "less than a minute"
        theses = list(dict.fromkeys(thesis for thesis, _ in waiting))
        whose = theses[0] if len(theses) == 1 else f"{len(theses)} scenarios"
        starts = ", ".join(dict.fromkeys(origin.start for _, origin in waiting))
        remark(
            f"{store.folder} {'lacks runs' if there else 'is new'}: {waiting.total():,} runs of {whose} from "
            f"{starts} are made and kept there, in {told} on {counted(workers, 'worker')}"
        )
    if waiting:
        with progress_bar(waiting.total(), shown=not making.quiet) as advance:
            build(plan, store, workers=workers, progress=advance, scenarios=scenarios_of or scenario_of)
    return waiting.total()
