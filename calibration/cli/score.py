"""``calibrate score``: check a forecast's file, and score it when the record has gone on."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.console import Command


@click.command(
    cls=Command,
    short_help="Check a forecast's hash, and score it.",
    examples=(
        "calibrate score results/forecast/forecast_2026-01-31_0123456789abcdef.csv",
        "calibrate score --against baseline forecast_2026-01-31_0123456789abcdef.csv",
        "calibrate score --check forecast_2026-01-31_0123456789abcdef.csv",
        "calibrate score --record record-2025 --until 2025 forecast_2026-01-31_0123456789abcdef.csv",
    ),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Only check the hash.")
@click.option(
    "--against",
    metavar="NAME",
    help="Forecaster to compare with.  [default: base rate; in older files baseline]",
)
@click.option(
    "--record", "later", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of tables with what happened from 2025 on (docs/RECORD.md); goes with --until."
    "  [default: the record that comes with the program]",
)  # fmt: skip
@click.option(
    "--until", type=click.IntRange(min=2025),
    help="Last year that --record covers in full.  [default: none]",
)  # fmt: skip
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Also write scores as csv."
)
def score(
    file: Path, check: bool, against: str | None, later: Path | None, until: int | None, out: Path | None
) -> None:
    """Check that a forecast is as it was written, and score the years that are on record by now.

    The record that comes with the program ends in 2024. You write down what happened since then, in a folder
    that only this command reads. Alignment is not scored on it.
    """
    if (later is None) != (until is None):
        raise click.UsageError("--record and --until go together: which years does the folder cover in full?")
    from calibration.forecast.file import read_forecast
    from sim.cli.console import output

    console = output()
    forecast = read_forecast(file)
    console.print(f"Unchanged since {forecast.date}: SHA-256 {forecast.digest}", soft_wrap=True)
    if check:
        return
    from calibration.forecast.judge import score_forecast
    from calibration.record.later import read_later
    from calibration.record.observed import observed_record

    record = observed_record(
        version=forecast.definitions.sheet,
        later=read_later(later) if later is not None else None,
        until=until,
    )
    scores = score_forecast(forecast, record, reference=against)
    sheet = forecast.definitions.sheet
    console.print(f"Judged by the coding sheet of {sheet}: rows that came with later ones do not count")
    console.print(scores.to_string(index=False, float_format="{:.4f}".format), soft_wrap=True)
    if out is not None:
        scores.to_csv(out, index=False)
