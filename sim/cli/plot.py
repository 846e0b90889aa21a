"""``sim plot``: the figures of results already there."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from sim.cli.console import Command
from sim.cli.options import format_option


class FigureName(click.types.StringParamType):
    """The name of a figure; the shell completes it."""

    name = "figure"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or fail with the nearest and all that there are."""
        from sim.figures.draw import chosen

        try:
            chosen([value])
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer every figure."""
        from sim.figures.registry import names

        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]


@click.command(
    cls=Command,
    short_help="Draw the figures of a results folder.",
    examples=(
        "sim plot results/compare",
        "sim plot results/compare --out paper/figures --format pdf",
        "sim plot results/compare --figure influence --figure end_states",
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Folder for them.  [default: FOLDER/figures]"
)
@click.option(
    "--figure",
    "only",
    type=FigureName(),
    metavar="NAME",
    multiple=True,
    help="Draw this one (`sim list --figures` names them); repeatable.  [default: all]",
)
@click.option(
    "--baseline",
    help="Scenario to hold the others against.  [default: that of `sim compare`; baseline, or the first]",
)
@format_option
def plot(
    folder: Path,
    out: Path | None,
    *,
    only: tuple[str, ...],
    baseline: str | None,
    formats: tuple[str, ...],
) -> None:
    """Draw the figures of the results in FOLDER and list the files."""
    from sim.experiment.folder import make_folder
    from sim.experiment.results import open_results
    from sim.figures import draw_all

    results = open_results(folder)
    place = out or folder / "figures"
    make_folder(place)
    for path in draw_all(results, place, formats, only=only or None, baseline=baseline):
        click.echo(path)
