"""`sim.run` and `sim.compare`: from a scenario to its results in one call."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from sim.analysis.compare import Comparison, chosen_baseline, unequal_spans
from sim.analysis.compare import compare as compare_results
from sim.experiment.folder import choose_results
from sim.experiment.limits import check_cost
from sim.experiment.progress import progress_bar
from sim.experiment.results import Results, ResultsError
from sim.experiment.run import STANDARD
from sim.experiment.until import Target, check_targets, run_until, told
from sim.measures import chosen_outcomes
from sim.renamed import among
from sim.scenario import Scenario, load

# -- make scenarios fit to be run together: one seed, one number of runs, a name each --------------


def prepare(scenarios: Sequence[Scenario]) -> tuple[list[Scenario], list[str]]:
    """Give scenarios the first one's seed and number of runs, so that replicates pair up, and distinct names.

    Parameters
    ----------
    scenarios : sequence of Scenario
        At least one.

    Returns
    -------
    scenarios : list of Scenario
    notes : list of str
        What was changed although nobody asked for it.
    """
    first = scenarios[0]
    notes = []
    if len({scenario.seed for scenario in scenarios}) > 1:
        notes.append(f"the scenarios' seeds differ; all use that of {first.name}, {first.seed}")
    if len({scenario.runs for scenario in scenarios}) > 1:
        notes.append(f"the scenarios' numbers of runs differ; all use that of {first.name}, {first.runs}")
    if spans := unequal_spans((item.name, str(item.start), item.years) for item in scenarios):
        notes.append(spans)
    taken: set[str] = set()
    prepared = []
    for scenario in scenarios:
        name = _free_name(scenario.name, taken)
        if name != scenario.name:
            notes.append(f"a second scenario named {scenario.name} is called {name}")
        taken.add(name)
        prepared.append(dataclasses.replace(scenario, name=name, runs=first.runs, seed=first.seed))
    return prepared, notes


def _free_name(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


# -- `sim.run` and `sim.compare`: from a scenario to its results in one call -----------------------

Source = Scenario | str | Path
"""A scenario, a shipped one's name, or a file."""


def run(
    scenario: Source,
    *,
    runs: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    progress: bool = False,
    allow_large: bool = False,
    until: Mapping[str, float] | None = None,
) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario, str or Path
    runs, seed : int, optional
        The scenario's own without it.
    workers : int
        Processes. A script that asks for more than one needs ``if __name__ == "__main__":``.
    out : str or Path, optional
        A folder for the results: new, empty, or with some of the same runs, which are then not made again.
        Without it they go with the returned object.
    progress : bool
        Show a bar, on a terminal.
    allow_large : bool
        Go on where the runs take hours.
    until : mapping of str to float, optional
        Stop once the 95 % interval of each outcome's mean is narrower, from low to high, than its number.
        ``runs`` is then the most runs; a warning says how many more are needed if they do not do.

    Returns
    -------
    Results

    Raises
    ------
    ScenarioError
        If the scenario cannot be used.
    FolderError
        If ``out`` holds anything else.
    TooLargeError
        If the runs would take too much time, disk or memory.
    WorkersError
        If there are too many workers for this machine, or they do not start.
    ValueError
        If ``until`` names no outcome, or a width that is not above 0.
    """
    return _run(
        [scenario],
        runs=runs,
        seed=seed,
        workers=workers,
        out=out,
        progress=progress,
        allow_large=allow_large,
        until=until,
    )


def compare(
    scenarios: Sequence[Source],
    *,
    baseline: str | None = None,
    runs: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    progress: bool = False,
    allow_large: bool = False,
    until: Mapping[str, float] | None = None,
    outcomes: Sequence[str | Callable[..., Any]] | None = None,
) -> Comparison:
    """Run scenarios on the same luck and compare them, replicate by replicate.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
    baseline : str, optional
        Which one the others are held against; without it ``baseline`` if it is there, otherwise the first.
    runs, seed : int, optional
        Those of the first scenario without it.
    workers, out, progress, allow_large
        As for `run`.
    until : mapping of str to float, optional
        As for `run`, but of the paired difference of every other scenario from the baseline.
    outcomes : sequence of str or callable, optional
        What tables show: names, or functions of a run's history, which are registered as `sim.outcome` does.
        Without it the key outcomes, and those that a user has registered.

    Returns
    -------
    Comparison
        The runs themselves are in its ``results``.

    Raises
    ------
    ScenarioError
        If a scenario cannot be used.
    FolderError
        If ``out`` holds anything else.
    TooLargeError
        If the runs would take too much time, disk or memory.
    WorkersError
        If there are too many workers for this machine, or they do not start.
    ResultsError
        If the baseline is not among the scenarios, or no run was finished, or ``until`` is given with one
        scenario only.
    ValueError
        If ``until`` names no outcome, or a width that is not above 0.
    OutcomeError
        If there is no such outcome, or a user's fails.
    """
    shown = None if outcomes is None else chosen_outcomes(outcomes)  # a wrong name costs no runs
    results = _run(
        scenarios,
        baseline=baseline,
        runs=runs,
        seed=seed,
        workers=workers,
        out=out,
        progress=progress,
        allow_large=allow_large,
        until=until,
        comparing=True,
    )
    return compare_results(results, baseline, shown)


def _run(
    sources: Sequence[Source],
    *,
    baseline: str | None = None,
    runs: int | None,
    seed: int | None,
    workers: int,
    out: str | Path | None,
    progress: bool,
    allow_large: bool,
    until: Mapping[str, float] | None,
    comparing: bool = False,
) -> Results:
    targets = [Target(outcome, width) for outcome, width in (until or {}).items()]
    asked = {key: value for key, value in (("runs", runs), ("seed", seed)) if value is not None}
    loaded = [source if isinstance(source, Scenario) else load(source) for source in sources]
    scenarios, _ = prepare([scenario.replace(**asked) if asked else scenario for scenario in loaded])
    if spans := unequal_spans((item.name, str(item.start), item.years) for item in scenarios):
        warnings.warn(spans, stacklevel=3)
    known = [scenario.name for scenario in scenarios]
    baseline = baseline and among("scenario", baseline, known)
    if baseline is not None and baseline not in known:
        raise ResultsError(f"baseline {baseline} is not run; there are: {', '.join(known)}")
    against = chosen_baseline(known, baseline) if comparing else None
    check_targets(targets, known, against)
    where = Path(gettempdir()) if out is None else Path(out)
    check_cost(scenarios, workers=workers, folder=where, allow_large=allow_large)
    keep = TemporaryDirectory(prefix="sim-") if out is None else None
    folder = (
        Path(keep.name)
        if keep is not None
        else choose_results(Path(str(out)), "results", scenarios, STANDARD)
    )
    with progress_bar(sum(scenario.runs for scenario in scenarios), shown=progress) as advance:
        findings = run_until(
            targets,
            scenarios,
            folder,
            STANDARD,
            baseline=against,
            workers=workers,
            command=f"sim.run({', '.join(scenario.name for scenario in scenarios)})",
            progress=advance,
        )
    if not all(finding.precision.enough for finding in findings):
        warnings.warn("\n".join(told(findings)), stacklevel=3)
    return Results(folder, keep)
