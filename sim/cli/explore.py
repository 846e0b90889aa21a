"""``sim explore``: a page in the browser."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.console import Command


@click.command(
    cls=Command,
    short_help="Open a page: choose scenarios, move their numbers, run.",
    examples=(
        "sim explore",
        "sim explore --folder my-scenarios",
        "sim explore --port 8765 --no-open",
    ),
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Offer the scenario files of this folder beside the shipped ones.  [default: the present one]",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the page.  [default: a free one]"
)
@click.option("--no-open", is_flag=True, help="Only print the address.")
def explore(*, folder: Path, port: int, no_open: bool) -> None:
    """Open a page in the browser, for this machine alone, until Ctrl-C.

    Choose theses and what-ifs, move the numbers in which they differ, and run: map, end states, paths and
    differences come in as runs are made. Save a scenario as a file, or the results as a report. A second page
    plays one run month by month. Needs the extra `explore`.
    """
    from sim.explore.server import serve

    def tell(address: str) -> None:
        click.echo(f"{address}\nCtrl-C ends it, and the runs of open pages.", err=False)

    serve(folder, port=port, opens=not no_open, tell=tell)
