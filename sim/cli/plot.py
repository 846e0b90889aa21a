"""``sim plot``: the figures of results already there."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.console import Command
from sim.cli.options import format_option


@click.command(
    cls=Command,
    short_help="Draw the figures of a results folder.",
    examples=(
        "sim plot results/compare",
        "sim plot results/compare --out paper/figures --format pdf",
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Folder for them.  [default: FOLDER/figures]"
)
@format_option
def plot(folder: Path, out: Path | None, formats: tuple[str, ...]) -> None:
    """Draw every figure of the results in FOLDER and list the files."""
    from sim.experiment.folder import make_folder
    from sim.experiment.results import open_results
    from sim.figures import draw_all

    results = open_results(folder)
    place = out or folder / "figures"
    make_folder(place)
    for path in draw_all(results, place, formats):
        click.echo(path)
