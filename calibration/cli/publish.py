"""``calibrate publish``: put a forecast among those that are published, and stay as they are."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.console import Command

PUBLISHED = Path("docs") / "forecasts"


@click.command(
    cls=Command,
    short_help="Publish a forecast: from then on it stays.",
    examples=("calibrate publish results/forecast/forecast_2026-01-31_0123456789abcdef.csv",),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PUBLISHED,
    show_default=True, help="Folder of published forecasts.",
)  # fmt: skip
def publish(file: Path, folder: Path) -> None:
    """Copy a forecast of `calibrate forecast`, with its hash, to the published ones.

    The command checks the file against its hash, copies it byte for byte, and never writes over one. Nothing
    else writes there, and remaking the documents leaves it as it is. Its date is the day on which it was
    written.
    """
    from calibration.forecast.file import publish as put

    click.echo(f"Published: {put(file, folder)}")
