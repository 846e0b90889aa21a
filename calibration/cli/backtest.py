"""``calibrate backtest``: forecasts of years that are known, made without them, and scored."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calibration.cli.options import DRAWS, draws_option, ensemble_options, out_option
from sim.cli.console import Command
from sim.cli.options import format_option

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

    from calibration.cli.making import Making


@click.command(
    cls=Command,
    short_help="Score forecasts from earlier years against what came.",
    examples=(
        "calibrate backtest",
        "calibrate backtest --draws 500 --workers 2 --out results/backtest",
        "calibrate backtest --prior --cluster year",
    ),
)
@draws_option(fewest=2)
@click.option(
    "--prior", is_flag=True, help="Count all draws alike, not by their fit to the years before the origin."
)
@click.option(
    "--cluster", type=click.Choice(["state", "year"]), default="state", show_default=True,
    help="What the 90 % intervals of scores resample.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the resampling."
)
@ensemble_options
@out_option("backtest")
@format_option
def backtest(
    draws: int | None,
    prior: bool,
    cluster: str,
    seed: int,
    folder: Path,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Predict challenges, falls, interventions, memberships and alignment by state and year, and score it.

    Forecasts run from 2000, 2005, 2010, 2014 and 2018 to 2024, each with what was known at its start. They
    are those of each thesis, of their mixture (stack), and simple ones. Each thesis is scored on shared
    outcomes and on those that it speaks to. `calibrate placebo --of backtest` says what scores are worth.
    """
    from calibration.backtest.figures import came_true_figure, score_figure
    from calibration.backtest.run import backtest as run
    from calibration.cli.runs import report_place, stored_draws, stored_runs
    from calibration.ensemble.origins import RECORD_PERIOD, ROLLING, THESES
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar
    from sim.figures.saving import save_all

    target = choose_folder(out, "backtest")
    origins = ROLLING if prior else (RECORD_PERIOD, *ROLLING)
    store = stored_runs(folder, origins, draws=draws, default=DRAWS, target=target, making=making)
    with counting_bar("origins", len(ROLLING), shown=not making.quiet) as advance:
        test = run(
            store, THESES, ROLLING, observed_record(),
            measurement=Measurement(), fitted=not prior, progress=advance,
        )  # fmt: skip
    scores = test.scores(cluster=cluster, seed=seed)
    target.mkdir(parents=True, exist_ok=True)
    test.events.to_parquet(target / "forecasts.parquet", index=False)
    test.paths.to_parquet(target / "alignment.parquet", index=False)
    scores.to_csv(target / "scores.csv", index=False)
    test.weights.to_csv(target / "stacking.csv", index=False)
    source = CalibrationSource(store.plan(), stored_draws(store, origins), THESES, "protest", seed)
    figures = target / "figures"
    save_all(score_figure(scores, THESES, source=source, cluster=cluster), figures, "scores", formats)
    save_all(came_true_figure(test, source), figures, "came_true", formats)
    console = output(quiet=making.quiet)
    for table in _tables(scores):
        console.print(table)
        console.print()
    last = test.weights.iloc[-1]
    shares = ", ".join(f"{thesis} {last[thesis]:.2f}" for thesis in THESES)
    console.print(f"Stacking weights from all cases: {shares}.", soft_wrap=True)
    console.print(
        "Low scores are better. In brackets: difference from the base rate, 90 % interval by bootstrap over "
        f"{cluster}s; * where it excludes 0. What such scores are worth: `calibrate placebo --of backtest`.",
        soft_wrap=True,
    )
    report_place("Back-test", target, quiet=making.quiet)


def _tables(scores: DataFrame) -> Iterator[Table]:
    from sim.cli.console import plain_table

    shared = plain_table(
        "Shared outcomes, all origins", "", "Brier", "log", "CRPS of alignment", numbers=True
    )
    rows = scores[scores["outcomes"] == "shared"]
    for name in dict.fromkeys(rows["forecaster"]):
        shared.add_row(name, *(_cell(rows, name, measure) for measure in ("brier", "log", "crps")))
    yield shared
    own = plain_table(
        "Outcomes that each thesis speaks to", "", "Brier", "log", "baseline: log", "CRPS", numbers=True
    )
    for thesis in dict.fromkeys(scores.loc[scores["kind"] == "thesis", "outcomes"]):
        rows = scores[(scores["kind"] == "thesis") & (scores["outcomes"] == thesis)]
        own.add_row(
            thesis, _cell(rows, thesis, "brier"), _cell(rows, thesis, "log"), _cell(rows, "baseline", "log"),
            _cell(rows, thesis, "crps"),
        )  # fmt: skip
    yield own


def _cell(rows: DataFrame, name: str, measure: str) -> str:
    found = rows[(rows["forecaster"] == name) & (rows["measure"] == measure)]
    if found.empty:
        return "-"
    row = found.iloc[0]
    clear = "*" if row["low"] > 0 or row["high"] < 0 else " "
    return f"{row['score']:.4f} ({row['low']:+.4f}, {row['high']:+.4f}){clear}"
