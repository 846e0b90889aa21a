"""``python -m calibration.patterns``: run the model over the years on record and compare."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.console import Command
from sim.cli.options import format_option

if TYPE_CHECKING:
    from sim.experiment.results import Results

HINDCAST = "what-if/hindcast"
TABLE = "patterns.csv"
STATE_TABLE = "patterns_by_state.csv"
FIGURE = "patterns"
_INTERRUPTED = 130  # as shells report a program that Ctrl-C ended


@click.command(
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples=(
        "python -m calibration.patterns --runs 50 --workers 2",
        "python -m calibration.patterns --scenario dubnov --out results/dubnov-patterns",
        "python -m calibration.patterns --results results/patterns --coding wide",
    ),
)
@click.option("--runs", "-n", type=click.IntRange(min=1), default=50, show_default=True, help="Runs.")
@click.option(
    "--seed", type=click.IntRange(min=0), help="Seed of all random numbers.  [default: the scenario's]"
)
@click.option("--workers", "-j", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder for the results.  [default: a new one under results/, or that of --results]",
)
@click.option(
    "--scenario",
    default=HINDCAST,
    show_default=True,
    help="A shipped name or a file; the windows are clipped to its years.",
)
@click.option(
    "--results",
    "earlier",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Read the runs of an earlier results folder instead of making new ones.",
)
@click.option(
    "--coding",
    type=click.Choice(["protest", "wide", "archigos"]),
    default="protest",
    show_default=True,
    help="What counts as a fall to the street in the record.",
)
@format_option
def patterns(
    runs: int,
    seed: int | None,
    workers: int,
    out: Path | None,
    scenario: str,
    earlier: Path | None,
    coding: str,
    formats: tuple[str, ...],
) -> None:
    """Hold the model against the record of 1992-2024, pattern by pattern.

    Prints the record next to the runs for 1992-2013 (fit) and 2014-2024 (test), then challenges and falls by
    state, and saves the same as patterns.csv, patterns_by_state.csv and a figure.
    """
    from sim.errors import SimError
    from sim.experiment.interrupt import RunsInterrupted
    from sim.experiment.results import open_results

    try:
        results = open_results(earlier) if earlier else _run(scenario, runs, seed, workers, out)
        _report(results, out if earlier and out else results.path, coding, formats)
    except SimError as error:
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(2) from None
    except RunsInterrupted as stop:
        click.echo(str(stop), err=True)
        raise click.exceptions.Exit(_INTERRUPTED) from None


def _run(scenario: str, runs: int, seed: int | None, workers: int, out: Path | None) -> Results:
    from sim.experiment.experiment import Experiment

    experiment = Experiment([scenario], name="patterns", runs=runs, seed=seed, workers=workers, out=out)
    return experiment.run(progress=True)


def _report(results: Results, folder: Path, coding: str, formats: Sequence[str]) -> None:
    """Print the tables and save them with the figure.

    Raises
    ------
    ResultsError
        If no run was finished, there are several scenarios, or none of their years is on record.
    """
    from calibration.comparison import by_state, compare, windows_for
    from calibration.figure import pattern_figure
    from calibration.history import Window
    from calibration.patterns.catalogue import PATTERNS
    from calibration.record.observed import CODINGS, observed_record
    from calibration.simulated import observed_runs
    from calibration.table import LEGEND, state_table, tables
    from sim.cli.console import output
    from sim.experiment.results import ResultsError
    from sim.figures.saving import save_all
    from sim.figures.source import source_of

    scenarios = sorted(set(results.outcomes["scenario"].astype(str)))
    if len(scenarios) != 1:
        raise ResultsError(
            f"{results.path}: runs of one scenario are needed, not of {', '.join(scenarios) or 'none'}"
        )
    name = scenarios[0]
    record = observed_record(coding)
    try:
        runs = list(observed_runs(results, name).values())
        windows = windows_for(runs[0], record)
    except ValueError as error:
        raise ResultsError(f"{results.path}: {error}") from None
    comparison = compare(record, runs, PATTERNS, windows)
    whole = Window(windows[0].first, windows[-1].last)
    states = by_state(record, runs, whole)
    console = output()
    heading = f"{name}, {len(runs)} runs"
    for table in (*tables(comparison, heading), state_table(states, heading)):
        console.print(table)
        console.print()
    console.print(LEGEND)
    console.print(f"A fall to the street in the record: {CODINGS[coding]}.")
    folder.mkdir(parents=True, exist_ok=True)
    comparison.to_csv(folder / TABLE, index=False)
    states.to_csv(folder / STATE_TABLE, index=False)
    title = f"The record against {name}: patterns of {whole}"
    source = source_of(results.outcomes, results.about)
    figures = save_all(pattern_figure(comparison, source, title), folder / "figures", FIGURE, formats)
    console.print("\nPatterns:", folder / TABLE, soft_wrap=True)
    console.print("By state:", folder / STATE_TABLE, soft_wrap=True)
    for path in figures:
        console.print("Figure:", path, soft_wrap=True)


if __name__ == "__main__":
    patterns(prog_name="python -m calibration.patterns")
