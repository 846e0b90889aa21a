"""``calibrate codings``: how far the results hang on what counts as a fall to the street."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from calibration.cli.making import Making
from calibration.cli.options import (
    DRAWS,
    draws_option,
    ensemble_options,
    out_option,
    repeats_option,
    resampling_seed_option,
)
from sim.cli.console import Command


@click.command(
    cls=Command,
    short_help="Compare posterior and odds under three codings of a fall.",
    examples=("calibrate codings", "calibrate codings --ensemble results/ensemble --out results/codings"),
)
@draws_option(fewest=10)
@repeats_option
@resampling_seed_option
@ensemble_options
@out_option("codings")
def codings(
    draws: int | None,
    repeats: int,
    seed: int,
    folder: Path,
    making: Making,
    out: Path | None,
) -> None:
    """Show the posterior and the odds of 1992-2013 under each coding of a fall to the street.

    The same regressions and classifiers judge all three records, on the statistics that some run reaches
    under every coding. So only the coding differs. Writes statistics.csv, posterior.csv and odds.csv.
    """
    from calibration.cli.runs import report_place, stored_runs
    from calibration.codings import by_coding
    from calibration.ensemble.origins import RECORD_PERIOD
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output, plain_table
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar

    target = choose_folder(out, "codings")
    store = stored_runs(folder, (RECORD_PERIOD,), draws=draws, default=DRAWS, target=target, making=making)
    with counting_bar("classifiers", repeats, shown=not making.quiet) as advance:
        found = by_coding(store, Measurement(), repeats=repeats, seed=seed, progress=advance)
    target.mkdir(parents=True, exist_ok=True)
    console = output(quiet=making.quiet)
    for name, table, row, cell in (
        ("statistics", found.statistics, "statistic", "{value:.3g}"),
        ("posterior", found.posterior, "parameter", "{median:.3g} ({low:.3g}, {high:.3g})"),
        ("odds", found.odds, "thesis", "{probability:.2f} ({low:.2f}, {high:.2f})"),
    ):
        table.to_csv(target / f"{name}.csv", index=False)
        names = list(dict.fromkeys(table["coding"]))
        shown = plain_table(name, "", *names, numbers=True)
        for label, rows in table.groupby(row, sort=False):
            shown.add_row(str(label), *(cell.format_map(each) for each in rows.to_dict("records")))
        console.print(shown)
        console.print()
    console.print(
        "Statistics: those on which the codings differ. Posterior: median (90 % interval). Odds: probability "
        "(5-95 % of classifiers on resampled ensembles).",
        soft_wrap=True,
    )
    report_place("Codings", target, quiet=making.quiet)
