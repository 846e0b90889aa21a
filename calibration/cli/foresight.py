"""``calibrate foresight``: each thesis from the date of its article, on what it said would come."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path

import click

from calibration.cli.making import Making
from calibration.cli.options import DRAWS, draws_option, ensemble_options, out_option
from sim.cli.console import Command
from sim.cli.options import format_option


@click.command(
    cls=Command,
    short_help="Ask what the articles predicted, and what came.",
    examples=("calibrate foresight", "calibrate foresight --draws 500 --out results/foresight"),
)
@draws_option(fewest=2)
@ensemble_options
@out_option("foresight")
@format_option
def foresight(
    draws: int | None,
    folder: Path,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Show what each thesis said would come, what came, and how surprised the model was.

    Runs start when the article appeared and know nothing later. The same functions count what came, from the
    record's tables.
    """
    from calibration.cli.runs import report_place, stored_draws, stored_runs
    from calibration.ensemble.origins import THESES
    from calibration.foresight.figure import foresight_figure
    from calibration.foresight.judge import judge, load_statements
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output, plain_table
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar
    from sim.figures.saving import save_all

    target = choose_folder(out, "foresight")
    statements = load_statements()
    origins = tuple(dict.fromkeys(statement.origin for statement in statements))
    store = stored_runs(folder, origins, draws=draws, default=DRAWS, target=target, making=making)
    with counting_bar("statements", len(statements), shown=not making.quiet) as advance:
        table = judge(store, statements, observed_record(), measurement=Measurement(), progress=advance)
    target.mkdir(parents=True, exist_ok=True)
    table.to_csv(target / "foresight.csv", index=False)
    source = CalibrationSource(store.plan(), stored_draws(store, origins), THESES, "protest")
    save_all(foresight_figure(table, source), target / "figures", "foresight", formats)
    shown = plain_table(
        "", "thesis", "", "expected", "came", "p thesis", "p baseline", "bits", "baseline: bits"
    )
    for row in table.to_dict("records"):
        came = {True: "yes", False: "no"}.get(row["came_true"], "open")
        shown.add_row(
            row["thesis"], row["claim"], row["expected"], f"{came} ({row['happened']:.2g})",
            f"{row['expected_by_thesis']:.2f}", f"{row['expected_by_baseline']:.2f}",
            f"{row['surprise_thesis']:.1f}", f"{row['surprise_baseline']:.1f}",
        )  # fmt: skip
    console = output(quiet=making.quiet)
    console.print(shown)
    console.print(
        "p: probability that it would come, under the thesis and without one. Bits: surprise at what came; a "
        "coin's is 1.",
        soft_wrap=True,
    )
    report_place("Foresight", target, quiet=making.quiet)
