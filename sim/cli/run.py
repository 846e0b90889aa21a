"""``sim run``: one scenario."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from typing import Any

import click

from sim.cli.console import Command
from sim.cli.execute import Display, called, draw, execute, report_failures, report_folder
from sim.cli.options import run_options, scenario_argument, window_options


@click.command(
    cls=Command,
    short_help="Run one scenario.",
    examples=(
        "sim run dubnov",
        "sim run my-scenario.yaml --runs 20 --out results/mine",
        "sim run baseline --set moscow.keep_weight=1.5 --set years=10",
        "sim run baseline --with K4 --with P3",
        "sim run baseline --runs 500 --until influence_end=0.02",
        "sim run dubnov --outcomes wars,street_falls --from 2028-01 --by 2033-12",
    ),
)
@scenario_argument("scenario")
@window_options
@run_options
def run(scenario: str, **options: Any) -> None:
    """Run one scenario many times, and show how its outcomes are distributed.

    SCENARIO is a shipped name (see `sim list`) or a file.
    """
    from sim.experiment.experiment import Experiment

    display, how = Display.split(options)
    experiment = Experiment([scenario], name="", command=called(), **how)
    display.check(experiment)
    results = execute(experiment, display, out=options["out"])
    report_failures(results)
    if not display.quiet:
        from sim.analysis.compare import compare
        from sim.cli.console import output
        from sim.cli.tables import WIDTH, end_state_legend, end_state_table, paragraphs, single_table

        comparison = compare(results, None, display.outcomes or None, window=display.window)
        console = output(WIDTH)
        console.print(f"{paragraphs([comparison], console.width)}\n")
        console.print(single_table(comparison))
        console.print()
        console.print(end_state_table([comparison], console.width))
        console.print(end_state_legend([comparison]))
    report_folder(results, draw(results, display), quiet=display.quiet)
