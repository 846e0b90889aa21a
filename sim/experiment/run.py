"""Run scenarios into a results folder: what is missing there, and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq

from sim.experiment.chunk import Recipe
from sim.experiment.ensemble import ExecutorFactory
from sim.experiment.files import checksum, describe_run, replacing, write_text
from sim.experiment.identity import code_key
from sim.experiment.interrupt import RunsInterrupted, interrupted
from sim.experiment.kept import renewed
from sim.experiment.missing import make_missing, opened
from sim.experiment.record import FailedRun, Tally
from sim.experiment.store import RunStore, pack, pack_outcomes, set_aside
from sim.experiment.tables import NAMES, write_tables
from sim.measures import find_outcome, package_outcomes
from sim.measures.definition import definition_keys
from sim.model.simulate import simulate
from sim.world.build import build_world

if TYPE_CHECKING:
    from sim.scenario import Scenario


# -- how a run of the shipped model is made --------------------------------------------------------

STANDARD = Recipe(simulate, build_world)


# -- run scenarios into a results folder: what is missing there, and nothing else ------------------


def run_to_folder(
    scenarios: Sequence[Scenario],
    folder: Path,
    recipe: Recipe,
    *,
    workers: int = 1,
    replicates_a_chunk: int | None = None,
    command: str = "",
    progress: Callable[[Tally], None] | None = None,
    executor: ExecutorFactory | None = None,
) -> None:
    """Store every replicate of every scenario, running those that are not in the folder yet.

    Called again after an interrupt, an error or a kill it goes on where it stopped; with more runs or more
    scenarios it adds them. The files' bytes depend on the scenarios alone (``about.json`` and ``log.txt``
    apart), not on how many workers there are, how the work is cut up, or how often it was begun.

    Parameters
    ----------
    scenarios : sequence of Scenario
        With distinct names; in a comparison, with one seed.
    folder : Path
        New, empty, or with some of the same runs; see `sim.experiment.folder.choose_results`.
    recipe : Recipe
        `sim.experiment.run.STANDARD`, or another model in the place of the shipped one.
    workers : int
        Processes; 1 runs in this one.
    replicates_a_chunk : int, optional
        How many runs travel together.
    command : str
        Kept in ``about.json``.
    progress : callable, optional
        Called before the first run and after each.
    executor : callable, optional
        Makes another executor of the `concurrent.futures` family for a number of workers, as
        `sim.experiment.cluster.cluster_executor` does.

    Raises
    ------
    RunsInterrupted
        After Ctrl-C, once what was finished is written.
    FolderError
        If the folder holds anything else, or another process writes to it.
    OSError
        If it cannot be written to. Runs that were finished are kept.
    WorkersError
        If workers cannot be started or reached.
    ValueError
        If two scenarios have one name, or ``workers`` is below 1.
    """
    _check(scenarios, workers)
    with opened(folder, scenarios, recipe, command=command) as store:
        session = _Session(scenarios, store, recipe, workers)
        session.failed = make_missing(
            store,
            scenarios,
            recipe,
            pack,
            workers=workers,
            replicates_a_chunk=replicates_a_chunk,
            progress=progress,
            executor=executor,
        )
        session.finish(command)


class _Session:
    """What one call did in a folder that is its own for the time."""

    def __init__(self, scenarios: Sequence[Scenario], store: RunStore, recipe: Recipe, workers: int) -> None:
        self.scenarios = scenarios
        self.store = store
        self.folder = store.folder
        self.recipe = recipe
        self.workers = workers
        self.started, self.clock = datetime.now(UTC), time.monotonic()
        self.failed: list[FailedRun] = []

    def finish(self, command: str) -> None:
        """Write the tables, unless they are there and nothing has changed."""
        stopped = interrupted()
        asked = sum(scenario.runs for scenario in self.scenarios)
        finished = sum(len(self.store.complete(scenario)) for scenario in self.scenarios) + len(self.failed)
        what = {
            "code": code_key(self.recipe),
            "runs": [
                [scenario.name, self.store.key(scenario), len(self.store.complete(scenario))]
                for scenario in self.scenarios
            ],
        }
        if stopped or self.failed or not self._is_written(what):
            (self.folder / "about.json").unlink(missing_ok=True)  # no file counts until all are new
            write_tables(self.folder, self.scenarios, self.store, self.failed, self.recipe.build_world)
            self._write_scenarios()
            about = describe_run(
                self.scenarios,
                command=command,
                workers=self.workers,
                started=self.started,
                seconds=time.monotonic() - self.clock,
                finished_runs=finished,
                failed_runs=len(self.failed),
                interrupted=stopped,
            )
            about |= {"stored": what, "definitions": definition_keys(package_outcomes())}
            self._write_about(about)
        else:
            self._renew_outcomes()
        if stopped:
            raise RunsInterrupted(finished, asked, str(self.folder))

    def _renew_outcomes(self) -> None:
        """Write the outcomes again if some are defined otherwise than when they were written."""
        about, keys = _read_about(self.folder), definition_keys(package_outcomes())
        if about is None or about.get("definitions") == keys:
            return
        path = self.folder / "outcomes.parquet"
        table = renewed(self.folder, pq.read_table(path), about, package_outcomes(), self.recipe.build_world)
        with replacing(path) as partial:
            pq.write_table(table, partial, compression="zstd")
        self._write_about(about | {"definitions": keys})

    def _write_about(self, about: dict[str, Any]) -> None:
        text = json.dumps(about | {"sha256": self._checksums()}, indent=2, ensure_ascii=False)
        write_text(self.folder / "about.json", text + "\n")

    def _is_written(self, what: dict[str, Any]) -> bool:
        """Whether the tables of these very runs are there; damaged ones are set aside."""
        about = _read_about(self.folder)
        if about is None or about.get("stored") != what or about.get("interrupted"):
            return False
        whole = True
        for name, wanted in about.get("sha256", {}).items():
            path = self.folder / name
            if not path.is_file():
                whole = False
            elif checksum(path) != wanted:
                set_aside(self.folder, path, "it is made again from the stored runs")
                whole = False
        return whole

    def _write_scenarios(self) -> None:
        for scenario in self.scenarios:
            path = _scenario_file(self.folder, scenario)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, scenario.to_yaml())

    def _checksums(self) -> dict[str, str]:
        paths = [self.folder / f"{name}.parquet" for name in NAMES]
        paths += [_scenario_file(self.folder, scenario) for scenario in self.scenarios]
        return {path.relative_to(self.folder).as_posix(): checksum(path) for path in paths}


def _read_about(folder: Path) -> dict[str, Any] | None:
    path = folder / "about.json"
    if not path.is_file():
        return None
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        about = None
    if not isinstance(about, dict):
        set_aside(folder, path, "it is written again")
        return None
    return about


def _scenario_file(folder: Path, scenario: Scenario) -> Path:
    return folder / "scenarios" / f"{scenario.name}.yaml"


def _check(scenarios: Sequence[Scenario], workers: int) -> None:
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two scenarios are named {', '.join(twice)}")


# -- run scenarios into a folder that keeps nothing of the runs but their outcomes -----------------


def run_outcomes(
    scenarios: Sequence[Scenario],
    folder: Path,
    recipe: Recipe,
    *,
    workers: int = 1,
    command: str = "",
    progress: Callable[[Tally], None] | None = None,
    outcomes: Collection[str] | None = None,
) -> tuple[pd.DataFrame, list[FailedRun]]:
    """Run those replicates whose outcomes are not in a folder yet, and return the outcomes of all.

    Nothing else is kept of a run, so an outcome that is new, or defined otherwise, needs new runs: they are
    made, and the log says why.

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
    outcomes : collection of str, optional
        Names of those that are needed; all of the package if not given.

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
    chosen = {name: find_outcome(name, package_outcomes()) for name in outcomes or package_outcomes()}
    needs = definition_keys(chosen)
    with opened(folder, scenarios, recipe, needs=needs, command=command) as kept:
        failures = make_missing(kept, scenarios, recipe, pack_outcomes, workers=workers, progress=progress)
        complete = {scenario.name: sorted(kept.complete(scenario)) for scenario in scenarios}
        finished = sum(map(len, complete.values()))
        if interrupted():
            asked = sum(scenario.runs for scenario in scenarios)
            raise RunsInterrupted(finished + len(failures), asked, str(folder))
        rows = {
            (run.scenario, run.replicate): [run.outcomes[name][1] for name in chosen]
            for scenario in sorted(scenarios, key=lambda scenario: scenario.name)
            for run in kept.load(scenario, complete[scenario.name])
        }
    index = pd.MultiIndex.from_tuples(list(rows), names=["scenario", "replicate"])
    return pd.DataFrame(list(rows.values()), index=index, columns=list(chosen)), failures
