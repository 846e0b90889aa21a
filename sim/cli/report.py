"""``sim report``: results as one file for readers who run nothing."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.console import Command
from sim.cli.options import (
    AS_COMPARED,
    different_option,
    names_option,
    states_option,
    stored_window_options,
)


@click.command(
    cls=Command,
    short_help="Write a report of a results folder, one HTML file.",
    examples=(
        "sim report results/compare",
        "sim report results/compare --scenarios dubnov --out for-the-editor.html --title Burdens",
        "sim report results/compare --state KGZ",
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(path_type=Path), help="The file.  [default: FOLDER/report.html]")
@click.option("--title", default="", help="Its title.  [default: of the scenarios]")
@click.option("--question", default="", help="The question at its head.  [default: the scenarios' own alone]")
@names_option(
    "--scenarios", what="scenario", help_text="These, between commas, and their baseline.  [default: all]"
)
@click.option("--baseline", help="Scenario that differences are from.  [default: as in the comparison]")
@stored_window_options
@different_option
@states_option(AS_COMPARED)
def report(folder: Path, *, out: Path | None, title: str, question: str, **shown: Any) -> None:
    """Write a report of the results in FOLDER: one HTML file that opens without a network, and prints.

    It holds the question, the answer in words, end states, a map by year, paths over time, differences, what
    happens to the states that --state names, three told runs per scenario, the numbers that differ with their
    sources, what the model cannot tell, and how to make it all again. Needs the extra `report`.
    """
    from sim.analysis.reopened import reopened
    from sim.experiment.folder import make_folder
    from sim.report.report import write_report

    results, asked = reopened(folder, **shown)
    if out is not None:
        make_folder(out.parent)
    click.echo(write_report(results, out, asked, title=title, question=question))
