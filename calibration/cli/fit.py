"""``calibrate fit``: the posterior of the shared parameters, and its checks."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calibration.cli.options import (
    MOST,
    citizens_option,
    coding_option,
    ensemble_options,
    out_option,
)
from sim.cli.console import Command
from sim.cli.options import format_option

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console
    from rich.table import Table

    from calibration.cli.making import Making
    from calibration.fit.inference import Inference
    from calibration.history import ObservedHistory

THESIS = "baseline"
DRAWS, QUICK_DRAWS = 4000, 600
_REPORTED = 2500  # draws of the fit in docs/HISTORY.md
CHECKS, QUICK_CHECKS = 200, 50
UNEVEN = 0.05  # p-value of uniform ranks below which it is said, times the number of parameters


@click.command(
    cls=Command,
    short_help="Fit the shared parameters to the record.",
    examples=(
        "calibrate fit --quick",
        "calibrate fit --draws 4000 --workers 2 --out results/fit",
        "calibrate fit --quick --coding archigos",
    ),
)
@click.option(
    "--quick", is_flag=True, help=f"{QUICK_DRAWS} draws and {QUICK_CHECKS} checks: minutes, and rough."
)
@click.option(
    "--draws",
    "-n",
    type=click.IntRange(min=100, max=MOST),
    help=f"Draws of the parameters to fit with, one run each.  [default: {DRAWS}]",
)
@click.option(
    "--checks",
    type=click.IntRange(min=10, max=MOST),
    help=f"New histories under the posterior, to compare with the record.  [default: {CHECKS}]",
)
@click.option(
    "--keep",
    type=click.FloatRange(0.05, 1),
    default=0.5,
    show_default=True,
    help="Share of the draws nearest to the record that get a weight.",
)
@coding_option
@ensemble_options
@citizens_option
@out_option("fit")
@format_option
def fit(
    quick: bool,
    draws: int | None,
    checks: int | None,
    keep: float,
    coding: str,
    folder: Path,
    citizens: int,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Fit the shared parameters to 1992-2013, and check the fit on what is known and on 2014-2024.

    It makes the runs that the ensemble lacks, and finds which parameters the record says something about. It
    writes their joint posterior as a file for scenarios (`parameters: posterior/shared.yaml`). Figures show
    prior and posterior, recovery, ranks, and the record next to new histories, pattern by pattern.

    It warns where the posterior's effective size, or the number of checks, is below 171. From there on, the
    5 % beyond an end of a 90 % interval have a standard error of at most a third of that.
    """
    from calibration.cli.making import make_missing, refuse_misspelt
    from calibration.cli.runs import remark_failures, report_place
    from calibration.comparison import FIT
    from calibration.ensemble.origins import RECORD_PERIOD
    from calibration.ensemble.plan import Plan
    from calibration.ensemble.priors import ASKED
    from calibration.ensemble.store import EnsembleStore
    from calibration.fit.inference import infer
    from calibration.fit.report import save_checks, save_fit
    from calibration.fit.sample import read_sample, vector
    from calibration.fit.trust import ENOUGH
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics import summarise
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder

    target = choose_folder(out, "fit")
    refuse_misspelt(folder, making)
    number = draws or (QUICK_DRAWS if quick else DRAWS)
    store = EnsembleStore(folder)
    plan = Plan(number, (THESIS,), (RECORD_PERIOD,), citizens=citizens)
    make_missing(plan, store, target, making)
    remark_failures(store, (THESIS,), (RECORD_PERIOD,), number)
    record, measurement = observed_record(coding), Measurement()
    sample = read_sample(store, THESIS, ASKED, FIT, measurement, number)
    inference = infer(sample, ASKED, vector(summarise(record, FIT)), keep)
    source = CalibrationSource(plan, len(sample), (THESIS,), coding)
    rows = save_fit(
        inference, record, target, coding=coding, plan=plan, keep=keep, source=source, formats=formats
    )
    console = output(quiet=making.quiet)
    console.print(_table(inference))
    console.print()
    console.print(_said(inference), soft_wrap=True)
    size = inference.posterior.size
    more = math.ceil(1.1 * len(sample) * ENOUGH / size)
    _warn("an effective size", size, f"try --draws {more}")
    asked = checks or (QUICK_CHECKS if quick else CHECKS)
    histories = _histories(rows, asked, plan.citizens, making)
    comparison = save_checks(histories, record, target, source, formats)
    _show_checks(comparison, console)
    _warn("a number of checks", len(histories), f"try --checks {ENOUGH} or more")
    if number < _REPORTED:
        console.print(_of_its_size(number), soft_wrap=True)
    report_place("Fit", target, quiet=making.quiet)


def _of_its_size(draws: int) -> str:
    """Say how a fit on fewer draws than the one that is reported differs from it."""
    return (
        f"A fit on {draws} draws tends to keep fewer parameters, and to miss more patterns, than the one"
        f" on {_REPORTED} in docs/HISTORY.md: that is a matter of its size, not a finding."
    )


def _warn(what: str, number: float, remedy: str) -> None:
    from calibration.fit.trust import warning
    from sim.cli.console import remark

    if text := warning(what, number, remedy):
        remark(text)


def _histories(rows: DataFrame, number: int, citizens: int, making: Making) -> list[ObservedHistory]:
    """Make new histories under the posterior."""
    from calibration.fit.predictive import calibrated_scenario, predict
    from calibration.statistics.measurement import Measurement
    from sim.experiment.progress import progress_bar
    from sim.experiment.workers import usable_cores

    workers = making.workers or usable_cores()
    scenario = calibrated_scenario(THESIS, "posterior", rows, citizens)
    with progress_bar(number, shown=not making.quiet) as advance:
        return predict(scenario, number, Measurement(), workers=workers, progress=advance)


def _show_checks(comparison: DataFrame, console: Console) -> None:
    from calibration.table import LEGEND, tables

    for table in tables(comparison, "new histories under the posterior"):
        console.print()
        console.print(table)
    console.print(LEGEND)
    missed = comparison[comparison["outside"]]
    for window, group in missed.groupby("window", sort=False):
        console.print(f"Missed in {window}: {', '.join(group['label'])}.", soft_wrap=True)


def _table(inference: Inference) -> Table:
    from calibration.table import number
    from sim.cli.console import plain_table

    table = plain_table(
        "Shared parameters that 22 years can tell",
        "parameter", "prior", "", "posterior", "", "recovered", "50 % holds", "90 % holds", "ranks p",
        numbers=True,
    )  # fmt: skip
    rows = inference.table()
    for row in rows[rows["fitted"]].to_dict("records"):
        table.add_row(
            str(row["parameter"]),
            number(row["prior_median"]),
            f"({row['prior_low']:.3g}, {row['prior_high']:.3g})",
            f"{row['median']:.3g}",
            f"({row['low']:.3g}, {row['high']:.3g})",
            f"{row['recovered']:.2f}",
            f"{row['cover_50']:.2f} ({row['cover_50_low']:.2f}, {row['cover_50_high']:.2f})",
            f"{row['cover_90']:.2f} ({row['cover_90_low']:.2f}, {row['cover_90_high']:.2f})",
            f"{row['uniform_p']:.2f}",
        )
    return table


def _said(inference: Inference) -> str:
    from calibration.fit.recovery import RECOVERED

    rows = inference.table()
    never = rows.loc[~rows["fitted"] & ~rows["parameter"].isin(inference.failed), "parameter"]
    lines = [
        "Median (90 % interval). Recovered: share of the prior's variance that comes back from synthetic "
        "histories. Holds: share of intervals with the truth inside (95 % interval).",
        f"Hardly told by any statistic (less than {RECOVERED:g} of the variance), and so left at the shared "
        f"prior: {', '.join(never) or 'none'}.",
        f"Effective size of the posterior: {inference.posterior.size:.0f} of {len(inference.sample)} draws. "
        "Share of the model's histories at least as odd as the record, in the statistics within reach: "
        f"{inference.surprise:.2f}.",
    ]
    if inference.failed:
        failed = ", ".join(f"{path} ({share:.2f})" for path, share in inference.failed.items())
        lines.insert(
            2,
            f"Tried, but not recovered from synthetic histories, and so left at it too: {failed}.",
        )
    uneven = rows.loc[rows["uniform_p"] * len(inference.paths) < UNEVEN, "parameter"]
    if len(uneven):
        lines.append(
            f"Ranks are not uniform, so that intervals are not to be leaned on: {', '.join(uneven)}."
        )
    if inference.left_out:
        lines.append(f"Out of the model's reach, and so not fitted to: {', '.join(inference.left_out)}.")
    return "\n".join(lines)
