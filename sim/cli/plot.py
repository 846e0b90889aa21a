"""``sim plot``: the figures of results already there."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.console import Command, remark
from sim.cli.options import (
    caption_option,
    figures_option,
    format_option,
    names_option,
    states_option,
    stored_month_options,
)

if TYPE_CHECKING:
    from sim.months import Month


@click.command(
    cls=Command,
    short_help="Draw the figures of a results folder.",
    examples=(
        "sim plot results/compare",
        "sim plot results/compare --out paper/figures --format pdf --figures influence --no-caption",
        "sim plot results/compare --figures end_states,differences --scenarios dubnov,kuzio",
        "sim plot results/compare --state KGZ,Moldova",
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Folder for them.  [default: FOLDER/figures]"
)
@figures_option
@names_option(
    "--scenarios",
    what="scenario",
    help_text="Draw these, between commas, and their baseline.  [default: all]",
)
@click.option("--baseline", help="Scenario that differences are from.  [default: as in the comparison]")
@stored_month_options
@states_option(shows="Draw what happens in these states, and nothing else unless --figures names it")
@caption_option
@format_option
def plot(
    folder: Path,
    *,
    out: Path | None,
    only: tuple[str, ...],
    scenarios: tuple[str, ...],
    baseline: str | None,
    since: Month | None,
    by: Month | None,
    states: tuple[str, ...],
    no_caption: bool,
    formats: tuple[str, ...],
) -> None:
    """Draw the figures of the results in FOLDER and list the files."""
    from sim.analysis.reopened import reopened
    from sim.cli.console import drawing
    from sim.experiment.folder import make_folder
    from sim.figures import draw_groups
    from sim.figures.draw import OF_A_STATE, SKIPPED

    results, asked = reopened(folder, scenarios=scenarios, baseline=baseline, since=since, by=by)
    place = out or folder / "figures"
    make_folder(place)
    how: dict[str, Any] = {
        "only": only or ([OF_A_STATE] if states else None), "window": asked.window, "states": states,
        "caption": not no_caption,
    }  # fmt: skip
    with drawing():
        drawn = draw_groups(results, asked.groups, place, formats, **how)
    for path in drawn:
        click.echo(path)
    for note in sorted(place.rglob(SKIPPED)):
        remark(f"not drawn: {'; '.join(note.read_text(encoding='utf-8').splitlines())}")
