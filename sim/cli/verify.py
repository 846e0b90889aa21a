"""``sim verify``: make some stored runs again and compare them bit for bit."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.console import Command
from sim.cli.options import quiet_option


@click.command(
    cls=Command,
    short_help="Make stored runs again and compare.",
    examples=(
        "sim verify results/compare",
        "sim verify results/compare --sample 100",
        "sim verify results/compare --adopt",
    ),
)
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--sample",
    "size",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many runs to make again, spread evenly over all.",
)
@click.option(
    "--adopt",
    "adopts",
    is_flag=True,
    help="Where another version of the code made the results and these runs are the same: keep them for "
    "this version, so that you can add to them.",
)
@quiet_option
def verify(results: Path, *, size: int, adopts: bool, quiet: bool) -> None:
    """Check a results folder: its files' checksums, and a sample of its runs made again.

    RESULTS is a folder that `sim run` or `sim compare` wrote. Says which file is damaged, and which run and
    variable come out otherwise; the exit code is then 1. Says too if runs are missing, since the command was
    interrupted.
    """
    from sim.analysis.verify import adopt, damaged_files, sample, stored_scenarios
    from sim.analysis.verify import verify as differences
    from sim.cli.console import remark
    from sim.experiment.identity import code_key
    from sim.experiment.progress import counting_bar
    from sim.experiment.results import open_results
    from sim.experiment.run import STANDARD

    opened = open_results(results)
    damaged = damaged_files(opened)
    for name in damaged:
        click.echo(f"{opened.path / name} is missing or damaged: the command that made it makes it again")
    if damaged:
        raise click.exceptions.Exit(1)
    same_code = opened.about["stored"]["code"] == code_key(STANDARD)
    if adopts and not same_code:
        made = adopt(opened.path, stored_scenarios(opened), STANDARD, size=size)
        if not quiet:
            click.echo(
                f"{made} runs made again: the same, bit for bit; all are kept for this version of the code"
            )
        return
    if not same_code:
        remark("these results were made by another version of the code")
    if opened.about.get("interrupted"):
        asked = opened.about["runs_a_scenario"] * len(opened.scenarios)
        remark(
            f"{opened.about['runs_finished']} of {asked} runs are there, since the command that made them "
            "was interrupted: typed again, it makes the rest"
        )
    runs = sample(opened, size)
    found = 0
    with counting_bar("runs verified", len(runs), shown=not quiet) as advance:
        for difference in differences(opened, STANDARD, runs, advance):
            found += 1
            click.echo(str(difference))
    if found:
        raise click.exceptions.Exit(1)
    if not quiet:
        click.echo(f"{len(runs)} of {len(opened.outcomes)} runs made again: the same, bit for bit")
