"""``sim export``: the tables of a comparison for a paper."""
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

_KINDS = ("xlsx", "tex", "md", "html")


@click.command(
    cls=Command,
    short_help="Write a comparison as tables for Excel, LaTeX or Word.",
    examples=(
        "sim export results/compare --format xlsx",
        "sim export results/compare --format tex --format html --out paper --scenarios dubnov,kuzio",
        "sim export results/compare --outcomes wars,street_falls --from 2028-01 --state KGZ",
        "sim export results/compare --format md --state KGZ,MDA --only-different",
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    default=("xlsx",),
    help="Excel, LaTeX, Markdown, or HTML to paste into Word; repeatable.  [default: xlsx]",
)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder for the files.  [default: FOLDER]")
@names_option(
    "--scenarios", what="scenario", help_text="These, between commas, and their baseline.  [default: all]"
)
@click.option("--baseline", help="Scenario that differences are from.  [default: as in the comparison]")
@stored_window_options
@different_option
@states_option(f"{AS_COMPARED}; none with --outcomes")
def export(folder: Path, *, kinds: tuple[str, ...], out: Path | None, **shown: Any) -> None:
    """Write the comparison of the results in FOLDER as tables, and list the files.

    Every file begins with the comparison in words, in LaTeX as comments. Under each table of LaTeX and HTML
    stand its notes, with version, seed and runs. Excel and LaTeX need the extra `report`.
    """
    import dataclasses

    from sim.analysis.beside import beside
    from sim.analysis.export import export as write
    from sim.analysis.reopened import reopened
    from sim.experiment.folder import make_folder

    results, asked = reopened(folder, **shown)
    if shown["outcomes"] and not shown["states"]:  # whoever names outcomes wants no tables of states
        asked = dataclasses.replace(asked, states=())
    place = out or folder
    make_folder(place)
    compared = asked.compare(results)
    for path in write([*compared, *beside(compared)], place, kinds, asked.effects_if_any(compared)):
        click.echo(path)
