"""What ``sim claims`` and ``sim variance`` have in common: runs kept as outcomes alone, and a report."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
import shlex
import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.table import Table

    from sim.experiment.chunk import Recipe
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class AnalysisOptions:
    """Options of `sim.cli.options.analysis_options`, as given."""

    runs: int | None
    seed: int | None
    workers: int | None
    out: Path | None
    force: bool
    yes: bool
    figure: bool
    formats: tuple[str, ...]
    settings: tuple[str, ...]
    quiet: bool

    def seed_or(self, fresh: int) -> int:
        """Return the seed, or a fresh one where none is given."""
        return fresh if self.seed is None else self.seed


class Analysis:
    """Some runs, and the folder that tells what they show.

    Parameters
    ----------
    name : str
        Of the folder where the user gave none.
    scenarios : sequence of Scenario
    options : AnalysisOptions
    recipe : Recipe

    Raises
    ------
    TooLargeError
        If the runs would take too much.
    FolderError
        If the folder is unfit, or cannot be written to.
    """

    def __init__(
        self, name: str, scenarios: Sequence[Scenario], options: AnalysisOptions, recipe: Recipe
    ) -> None:
        from sim.experiment import store
        from sim.experiment.folder import choose_results, make_folder
        from sim.experiment.limits import check_cost
        from sim.experiment.workers import start_fork_server, usable_cores

        self.scenarios = scenarios
        self.options = options
        self.recipe = recipe
        self.workers = options.workers or usable_cores()
        self.total = sum(scenario.runs for scenario in scenarios)
        check_cost(scenarios, workers=self.workers, folder=None, allow_large=options.yes)
        if self.workers > 1:
            start_fork_server()  # it loads the model while this process does other things
        self.folder = choose_results(
            options.out, name, scenarios, recipe, kept=store.OUTCOMES, force=options.force
        )
        make_folder(self.folder)
        self.about: dict[str, Any] = {}

    def outcomes(self, needed: Collection[str] | None = None) -> pd.DataFrame:
        """Run what the folder does not hold, show progress, and say which runs failed.

        Parameters
        ----------
        needed : collection of str, optional
            Names of outcomes; all of the package if not given.

        Returns
        -------
        DataFrame
            As `sim.experiment.run.run_outcomes` returns it.

        Raises
        ------
        click.ClickException
            If no run was finished.
        RunsInterrupted
            After Ctrl-C; says which command goes on.
        """
        from sim.cli.console import remark, remarked_warnings, telling_how_to_resume
        from sim.experiment.files import describe_run
        from sim.experiment.progress import progress_bar
        from sim.experiment.run import run_outcomes

        command = shlex.join(["sim", *sys.argv[1:]])
        started, clock = datetime.now(UTC), time.monotonic()
        with (
            telling_how_to_resume(self.options.out, self.folder),
            progress_bar(self.total, shown=not self.options.quiet) as advance,
            remarked_warnings(),
        ):
            outcomes, failures = run_outcomes(
                self.scenarios,
                self.folder,
                self.recipe,
                workers=self.workers,
                command=command,
                progress=advance,
                outcomes=needed,
            )
        self.about = describe_run(
            self.scenarios,
            command=command,
            workers=self.workers,
            started=started,
            seconds=time.monotonic() - clock,
            finished_runs=self.total,
            failed_runs=len(failures),
            interrupted=False,
        )
        if failures:
            remark(f"{len(failures)} of {self.total} runs failed; the first: {failures[0].error}")
        if outcomes.empty and self.total:
            raise click.ClickException("no run was finished")
        return outcomes

    def report(
        self,
        files: Mapping[str, pd.DataFrame],
        *,
        printed: Iterable[Table],
        legend: str,
        figures: Iterable[tuple[str, Figure]],
        digits: int = 6,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """Write tables and ``about.json``, print, draw, and say where everything is, as far as is asked for.

        Parameters
        ----------
        files : mapping of str to DataFrame
            By the name of the csv file.
        printed : iterable of Table
        legend : str
            How to read them.
        figures : iterable of (str, Figure)
            By name; drawn only where the user wants them.
        digits : int
            Of each number in the files.
        about : mapping, optional
            What ``about.json`` holds, if not what `running` noted.
        """
        for name, rows in files.items():
            rows.to_csv(self.folder / name, index=False, float_format=f"%.{digits}g", lineterminator="\n")
        (self.folder / "about.json").write_text(
            json.dumps(about or self.about, indent=2) + "\n", encoding="utf-8"
        )
        if not self.options.quiet:
            from sim.cli.console import output

            console = output()
            for table in printed:
                console.print(table)
                console.print()
            console.print(legend)
        drawn: list[Path] = []
        if self.options.figure:
            from sim.figures import save_all

            for name, figure in figures:
                drawn += save_all(figure, self.folder / "figures", name, self.options.formats)
        click.echo(self.folder if self.options.quiet else f"\nResults: {self.folder}")
        for path in drawn if not self.options.quiet else ():
            click.echo(f"Figure: {path}")
