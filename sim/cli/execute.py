"""What ``sim run`` and ``sim compare`` have in common: run, store, draw."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.switches import Switches

if TYPE_CHECKING:
    from sim.experiment.ensemble import ExecutorFactory
    from sim.experiment.results import Results
    from sim.experiment.until import Finding, Target


_WORTH_A_PROCESS = 5
"""Runs that take about as long as a process takes to start."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of `sim.cli.options.run_options`, as given."""

    runs: int | None
    until: tuple[Target, ...]
    seed: int | None
    workers: int | None
    out: Path | None
    force: bool
    yes: bool
    settings: tuple[str, ...]
    without: tuple[str, ...]
    with_: tuple[str, ...]
    cluster: str | None
    no_figures: bool
    formats: tuple[str, ...]
    quiet: bool

    @property
    def switches(self) -> Switches:
        """Claims that are switched off and on."""
        return Switches(self.without, self.with_)


def execute(
    sources: Sequence[str],
    folder_name: str | None,
    options: RunOptions,
    *,
    comparing: bool = False,
    baseline: str | None = None,
) -> Results:
    """Run scenarios as the user asked, say what happens, and return the stored results.

    Parameters
    ----------
    sources : sequence of str
        Shipped names or files.
    folder_name : str or None
        Name of the results' folder where the user gave none; the first scenario's without it.
    options : RunOptions
    comparing : bool
        Leave the claims of the baseline as they are; see `Switches.beside`.
    baseline : str, optional
        A scenario's name, which must be among them.

    Raises
    ------
    click.BadParameter
        If the baseline is not run.
    ResultsError
        If the precision of differences is asked for, and there are none.
    ScenarioError, FolderError
        If the input or the folder is unfit.
    TooLargeError
        If the runs would take too much.
    RunsInterrupted
        After Ctrl-C; says which command goes on.
    WorkersError
        If workers or a cluster cannot be reached.
    """
    from sim.cli.console import remark, remarked_warnings, telling_how_to_resume
    from sim.experiment.limits import check_cost
    from sim.experiment.shortcuts import prepare
    from sim.experiment.workers import start_fork_server
    from sim.renamed import among
    from sim.scenario import load

    settings = list(options.settings)
    settings += [f"runs={options.runs}"] if options.runs is not None else []
    settings += [f"seed={options.seed}"] if options.seed is not None else []
    given = [load(source, settings) for source in sources]
    baseline = baseline and among("scenario", baseline, [scenario.name for scenario in given])
    scenarios, notes = prepare(
        options.switches.beside(given, baseline) if comparing else options.switches.apply_to_all(given)
    )
    known = [scenario.name for scenario in scenarios]
    if baseline is not None and baseline not in known:
        raise click.BadParameter(
            f"{baseline} is not run; there are: {', '.join(known)}", param_hint="--baseline"
        )
    total = sum(scenario.runs for scenario in scenarios)
    workers, executor = _workers(options, total)
    check_cost(
        scenarios,
        workers=workers,
        folder=options.out or Path("results"),
        allow_large=options.yes,
        remote=options.cluster is not None,
    )
    if executor is None and workers > 1:
        start_fork_server()  # it loads the model while this process does
    from sim.analysis.compare import chosen_baseline
    from sim.experiment.folder import choose_results, make_folder
    from sim.experiment.progress import progress_bar
    from sim.experiment.run import STANDARD
    from sim.experiment.until import check_targets, run_until

    against = chosen_baseline(known, baseline) if comparing else None
    check_targets(options.until, known, against)
    name = (folder_name or scenarios[0].name).replace("/", "-")
    folder = choose_results(options.out, name, scenarios, STANDARD, force=options.force)
    make_folder(folder)
    for note in notes:
        remark(note)

    from sim.experiment.results import Results

    with (
        telling_how_to_resume(options.out, folder),
        progress_bar(total, shown=not options.quiet) as advance,
        remarked_warnings(),
    ):
        findings = run_until(
            options.until,
            scenarios,
            folder,
            STANDARD,
            baseline=against,
            workers=workers,
            command=shlex.join(["sim", *sys.argv[1:]]),
            progress=advance,
            executor=executor,
        )
    _report_precision(findings, quiet=options.quiet)
    return Results(folder)


def _report_precision(findings: Sequence[Finding], *, quiet: bool) -> None:
    """Say whether the runs tell what was asked precisely enough, and how many more it takes otherwise."""
    from sim.cli.console import remark
    from sim.experiment.until import told

    if not quiet or not all(finding.precision.enough for finding in findings):
        for sentence in told(findings):
            remark(sentence)


def _workers(options: RunOptions, runs: int) -> tuple[int, ExecutorFactory | None]:
    """Return how many workers to use, and what makes their executor unless it is the usual one."""
    if options.cluster is not None:
        from sim.experiment.cluster import cluster_executor, cluster_workers

        return options.workers or cluster_workers(options.cluster), cluster_executor(options.cluster)
    from sim.experiment.workers import usable_cores

    return options.workers or max(1, min(usable_cores(), runs // _WORTH_A_PROCESS)), None


def report_failures(results: Results) -> None:
    """Say which runs failed, if any.

    Raises
    ------
    click.ClickException
        If all of them did.
    """
    from sim.cli.console import remark

    failed = len(results.failures)
    if failed:
        first = results.failures.iloc[0]
        where = f"{first['scenario']} {first['replicate']}"
        remark(
            f"{failed} runs failed, see {results.path / 'failures.parquet'}; the first was {where}: "
            f"{first['error']}"
        )
    if failed and not len(results.outcomes):
        raise click.ClickException("no run was finished")


def draw(results: Results, options: RunOptions) -> list[Path]:
    """Draw every figure into the results' folder, unless the user wants none."""
    if options.no_figures:
        return []
    from sim.figures import draw_all

    figures: list[Path] = draw_all(results, results.path / "figures", options.formats)
    return figures


def report_folder(results: Results, figures: Sequence[Path], *, quiet: bool) -> None:
    """Say where everything is; the folder alone where the user wants quiet."""
    if quiet:
        click.echo(results.path)
        return
    click.echo(f"\nResults: {results.path}")
    if figures:
        click.echo(f"Figures: {results.path / 'figures'} ({len(figures)})")
