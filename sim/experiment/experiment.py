"""An experiment: scenarios, and how they are run. The command line and Python take this one path.

>>> from sim import Experiment
>>> experiment = Experiment(["baseline", "dubnov"], runs=20, out="results/mine")  # doctest: +SKIP
>>> results = experiment.run(progress=True)  # doctest: +SKIP
"""
# ruff: noqa: PLC0415 - what is heavy is imported once workers load it too

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.experiment.interrupt import RunsInterrupted, interrupted
from sim.experiment.limits import check_cost
from sim.experiment.options import Options
from sim.experiment.prepare import Changes, Source, prepare
from sim.experiment.workers import NO_CHILDREN, children_allowed, start_fork_server, usable_cores

if TYPE_CHECKING:
    from typing import Unpack

    import pandas as pd

    from sim.experiment.chunk import Recipe
    from sim.experiment.ensemble import ExecutorFactory
    from sim.experiment.progress import Showing
    from sim.experiment.record import FailedRun, Tally
    from sim.experiment.results import Results
    from sim.experiment.store import RunStore
    from sim.experiment.until import Finding
    from sim.scenario import Scenario

_WORTH_A_PROCESS = 5
"""Runs that take about as long as a process takes to start."""


class Experiment:
    """Scenarios, and how they are run. What is wrong is told when it is made, before anything is written.

    Parameters
    ----------
    sources : sequence of Scenario, str or Path
        Scenarios, shipped ones' names, or files.
    comparing : bool
        Compare them with a baseline.
    baseline : str, optional
        Name of the baseline; the shared world if it is there, or else the first without it.
    baseline_too : bool
        Make the changes in the baseline as well.
    name : str, optional
        Without ``out`` the results go to ``results/NAME``, or the first free of ``results/NAME-2`` and so on.
        Without a name either, to a folder that is deleted with the `Results`.
    whole : bool
        Whether runs are kept whole, for `run`, or their outcomes alone, for `outcomes`.
    recipe : Recipe, optional
        Another model in the place of the shipped one.
    executor : callable, optional
        Makes another executor of the `concurrent.futures` family for a number of workers.
    replicates_a_chunk : int, optional
        How many runs travel together.
    command : str
        What was called, for ``about.json`` and the log.
    **options
        See `Options`.

    Attributes
    ----------
    scenarios : list of Scenario
        Ready to be run: changed, with one seed and number of runs, and a name each.
    notes : list of str
        What was done although nobody asked for it.
    baseline : str or None
    workers : int
    folder : Path
    findings : list of Finding
        How precise the outcomes of ``until`` are, of the runs that were made.
    failures : list of FailedRun
    about : dict
        What made the runs, as in ``about.json``.

    Raises
    ------
    ScenarioError
        If a scenario or a change cannot be used.
    RequestError
        If an option makes no sense, or the baseline is not run.
    FolderError
        If the folder holds anything else.
    TooLargeError
        If the runs would take too much time, disk or memory.
    WorkersError
        If there are too many workers for this machine, or no cluster answers.
    """

    def __init__(
        self,
        sources: Source | Sequence[Source],
        *,
        comparing: bool = False,
        baseline: str | None = None,
        baseline_too: bool = False,
        name: str | None = None,
        whole: bool = True,
        recipe: Recipe | None = None,
        executor: ExecutorFactory | None = None,
        replicates_a_chunk: int | None = None,
        command: str = "",
        **options: Unpack[Options],
    ) -> None:
        from sim.experiment.place import path_given

        if unknown := [key for key in options if key not in Options.__annotations__]:
            raise TypeError(f"no option {unknown[0]!r}; there are: {', '.join(Options.__annotations__)}")
        given: dict[str, Any] = {key: item for key, item in options.items() if item is not None}
        changes = Changes.of(*(given.get(key, ()) for key in ("changes", "without", "with_")))
        asked: dict[str, Any] = {key: given[key] for key in ("runs", "seed") if key in given}
        changed, against = changes.and_set(asked).made_in(sources, comparing, baseline, baseline_too)
        self.scenarios, notes = prepare(changed)
        self.notes: list[str] = [*notes]
        known = [scenario.name for scenario in self.scenarios]
        if against is not None and against not in known:
            raise RequestError(f"the baseline {against} is not run; there are: {', '.join(known)}")
        self.total = sum(scenario.runs for scenario in self.scenarios)
        self.workers, executor = self._chosen_workers(given, executor)
        out = path_given(given["out"], "folder for results") if "out" in given else None
        check_cost(
            self.scenarios,
            workers=self.workers,
            folder=(out or Path(gettempdir() if name is None else "results")) if whole else None,
            allow_large=given.get("allow_large", False),
            remote=executor is not None,
        )
        if executor is None and self.workers > 1:
            start_fork_server()  # it loads the model while this process does

        from sim.analysis.compare import chosen_baseline
        from sim.experiment.folder import choose_results
        from sim.experiment.run import STANDARD
        from sim.experiment.until import check_targets, targets_of

        self.recipe = STANDARD if recipe is None else recipe
        self.baseline = chosen_baseline(known, against) if comparing else None
        self._targets = targets_of(given.get("until", {}))
        check_targets(self._targets, known, self.baseline)
        self._keep = TemporaryDirectory(prefix="sim-") if out is None and name is None else None
        self.folder, self._replaces = choose_results(
            Path(self._keep.name) if self._keep else out,
            name or next(iter(known), ""),
            self.scenarios,
            self.recipe,
            whole=whole,
            force=given.get("force", False),
            adopt=given.get("adopt", False),
        )
        self._adopts = given.get("adopt", False) and not self._replaces
        self.command = command
        self._work: dict[str, Any] = {
            "workers": self.workers, "executor": executor, "replicates_a_chunk": replicates_a_chunk
        }  # fmt: skip
        self.findings: list[Finding] = []
        self.failures: list[FailedRun] = []
        self.about: dict[str, Any] = {}

    def _chosen_workers(
        self, given: Mapping[str, Any], executor: ExecutorFactory | None
    ) -> tuple[int, ExecutorFactory | None]:
        """Return how many workers to use, and what makes their executor unless it is the usual one."""
        asked = given.get("workers")
        if asked is not None and (isinstance(asked, bool) or not isinstance(asked, int) or asked < 1):
            raise RequestError(f"workers must be a whole number, 1 or more, not {asked!r}")
        if address := given.get("cluster"):
            if not isinstance(address, str):
                raise RequestError(f"{address!r:.80} is no address of a cluster, such as tcp://host:8786")
            from sim.experiment.cluster import cluster_executor, cluster_workers

            return asked or cluster_workers(address), cluster_executor(address)
        workers = asked or max(1, min(usable_cores(), self.total // _WORTH_A_PROCESS))
        if executor is None and workers > 1 and not children_allowed():
            self.notes.append(NO_CHILDREN)
            return 1, None
        return workers, executor

    def run(self, *, progress: Showing = False) -> Results:
        """Run what is missing, write the tables, and return the results.

        After an interrupt, an error or a kill, the same again goes on where it stopped; with more runs or
        more scenarios it adds them. The files' bytes depend on the scenarios alone (``about.json`` and
        ``log.txt`` apart), not on the number of workers, how work is cut up, or how often it was begun.

        Raises
        ------
        RunsInterrupted
            After Ctrl-C, once what was finished is written.
        FolderError
            If another process writes to the folder, or it cannot be written to.
        OSError
            If the disk is full. Runs that were finished are kept.
        WorkersError
            If workers cannot be started or reached.
        """
        from sim.experiment.folder import stored_runs
        from sim.experiment.progress import reported_to
        from sim.experiment.results import Results
        from sim.experiment.until import log_findings, look, looks

        self._take_folder()
        most = max(scenario.runs for scenario in self.scenarios)
        there = min(most, stored_runs(self.folder, self.scenarios, self.recipe))
        with reported_to(progress, self.total) as tell:
            for runs in looks(most) if self._targets else [most]:
                if runs < there:
                    continue  # runs that are there already are all used
                scenarios = self._of(runs)
                with self._filled(scenarios, tell) as store:
                    self._write(store, scenarios)
                self.findings = look(self._targets, Results(self.folder), self.baseline)
                log_findings(self.findings, self.folder)
                if all(finding.precision.enough for finding in self.findings):
                    break
        return Results(self.folder, self._keep)

    def run_in_stages(
        self, stages: Sequence[int], *, progress: Showing = False
    ) -> Generator[tuple[int, Results]]:
        """Run what is missing, and hand over results as soon as some numbers of runs are there.

        Workers go on, behind the caller, while it looks at results; a stage that was passed in the meantime
        is left out. The folder is nobody else's until the last is handed over, or the iterator closed.

        Parameters
        ----------
        stages : sequence of int
            Runs of each scenario, ascending; the last is all of them.
        progress : bool or callable
            As for `run`.

        Yields
        ------
        int, Results
            A stage, and results of so many runs. The next are written over them.

        Raises
        ------
        RunsInterrupted, FolderError, OSError, WorkersError
            As for `run`.
        """
        from sim.experiment.progress import reported_to
        from sim.experiment.results import Results

        self._take_folder()
        ahead = list(stages)
        with reported_to(progress, self.total) as tell, self._opened(self.scenarios) as store:
            for _ in self._made(store, self.scenarios, tell, behind=True):
                there = [stage for stage in ahead[:-1] if self._has(store, stage)]
                if there and not self._has(store, ahead[-1]):
                    ahead = ahead[len(there) :]
                    self._write(store, self._of(there[-1]))
                    yield there[-1], Results(self.folder, self._keep)
            self._write(store, self.scenarios)
        yield ahead[-1], Results(self.folder, self._keep)

    def _of(self, runs: int) -> list[Scenario]:
        """Return the scenarios with fewer runs, where they have more."""
        return [dataclasses.replace(item, runs=min(runs, item.runs)) for item in self.scenarios]

    def _has(self, store: RunStore, runs: int) -> bool:
        """Whether so many runs of each scenario were made, or have failed."""
        asked = self._of(runs)
        made = sum(len(store.complete(item)) for item in asked)
        return made + sum(run.replicate < runs for run in self.failures) == sum(item.runs for item in asked)

    @property
    def shortfall(self) -> list[str]:
        """What ``until`` asked for and the runs do not tell, in sentences."""
        from sim.experiment.until import in_sentences

        enough = all(finding.precision.enough for finding in self.findings)
        return [] if enough else in_sentences(self.findings)

    def outcomes(self, needed: Collection[str] | None = None, *, progress: Showing = False) -> pd.DataFrame:
        """Run what is missing, keep nothing of the runs but their outcomes, and return these.

        An outcome that is new, or defined otherwise than when runs were made, needs new runs: they are made,
        and the log says why.

        Parameters
        ----------
        needed : collection of str, optional
            Names of outcomes; all of the package if not given.
        progress : bool or callable
            As for `run`.

        Returns
        -------
        DataFrame
            One row a finished run, in the index ``scenario`` and ``replicate``; a column an outcome.

        Raises
        ------
        RunsInterrupted
            After Ctrl-C: part of the runs would show some effects and not others. What is finished is kept.
        FolderError, OSError, WorkersError
            As for `run`.
        """
        from sim.experiment.progress import reported_to
        from sim.experiment.run import kept_outcomes
        from sim.measures import find_outcome, package_outcomes
        from sim.measures.definition import definition_keys

        chosen = (find_outcome(name, package_outcomes()) for name in needed or package_outcomes())
        needs = definition_keys({entry.name: entry for entry in chosen})
        self._take_folder(needs)
        with reported_to(progress, self.total) as tell, self._filled(self.scenarios, tell, needs) as store:
            self._stop_if_asked()
            return kept_outcomes(store, self.scenarios)

    def _take_folder(self, needs: Mapping[str, str] | None = None) -> None:
        from sim.experiment.folder import take_folder

        take_folder(self.folder, replace=self._replaces)
        if self._adopts:
            from sim.analysis.verify import adopt

            adopt(self.folder, self.scenarios, self.recipe, needs)

    def _stop_if_asked(self) -> None:
        if interrupted():
            raise RunsInterrupted(self.about["runs_finished"], self.total, str(self.folder))

    @contextmanager
    def _opened(
        self, scenarios: Sequence[Scenario], needs: Mapping[str, str] | None = None
    ) -> Iterator[RunStore]:
        """Open the folder, and hand its store over while the block lasts."""
        from sim.experiment.run import opened

        self._started, self._clock = datetime.now(UTC), time.monotonic()
        with opened(self.folder, scenarios, self.recipe, needs, command=self.command) as store:
            yield store

    def _made(
        self, store: RunStore, scenarios: Sequence[Scenario], tell: Callable[[Tally], None], behind: bool
    ) -> Iterator[None]:
        """Make the runs that the folder lacks, and yield each time that some are kept."""
        from sim.experiment.run import make_missing

        with closing(make_missing(store, scenarios, progress=tell, behind=behind, **self._work)) as made:
            for failed in made:
                self.failures = failed
                yield

    @contextmanager
    def _filled(
        self,
        scenarios: Sequence[Scenario],
        tell: Callable[[Tally], None],
        needs: Mapping[str, str] | None = None,
    ) -> Iterator[RunStore]:
        """Open the folder, make the runs that it lacks, and hand its store over while the block lasts."""
        with self._opened(scenarios, needs) as store:
            for _ in self._made(store, scenarios, tell, behind=False):
                pass
            self._describe(store, scenarios)
            yield store

    def _write(self, store: RunStore, scenarios: Sequence[Scenario]) -> None:
        """Write tables and all else that a folder holds beside its runs."""
        from sim.experiment.tables import write_results

        self._describe(store, scenarios)
        write_results(store, scenarios, self.failures, self.about)
        self._stop_if_asked()

    def _describe(self, store: RunStore, scenarios: Sequence[Scenario]) -> None:
        """Say what made the runs so far."""
        from sim.experiment.files import describe_run

        self.about = describe_run(
            scenarios,
            command=self.command,
            workers=self.workers,
            started=self._started,
            seconds=time.monotonic() - self._clock,
            finished_runs=sum(len(store.complete(item)) for item in scenarios) + len(self.failures),
            failed_runs=len(self.failures),
            interrupted=interrupted(),
        )
        if self.baseline is not None:
            self.about["baseline"] = self.baseline
