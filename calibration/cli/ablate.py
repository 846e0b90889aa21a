"""``calibrate ablate``: what each rule of the shared world earns."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calibration.cli.options import CHALLENGE_CODINGS, out_option, workers_option
from sim.analysis.written import in_percent
from sim.cli.console import Command
from sim.cli.options import quiet_option, yes_option

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

_RUNS, _CITIZENS, _SEED = 100, 300, 11
_KEPT = "runs"  # folder of the runs, in that of the scores


@click.command(
    cls=Command,
    short_help="Leave one rule of the shared world out at a time.",
    examples=(
        "calibrate ablate first-version",
        "calibrate ablate first-version --runs 20 --coding episodes --out results/ablation",
        "calibrate ablate first-version --only moscow.recognition",
    ),
)
@click.argument("scenario")
@click.option(
    "--coding", "codings", type=click.Choice(CHALLENGE_CODINGS), multiple=True,
    default=("episodes", "crowds"),
    show_default=True, help="What counts as a challenge (docs/RECORD.md); may be given several times.",
)  # fmt: skip
@click.option(
    "--runs", "-n", type=click.IntRange(min=2), default=_RUNS, show_default=True, help="Of every variant."
)
@click.option(
    "--citizens", type=click.IntRange(50, 100_000), default=_CITIZENS, show_default=True,
    help="In each state.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=_SEED, show_default=True, help="Of the runs.")
@click.option(
    "--only", multiple=True, metavar="PARAMETER",
    help="Leave out this rule alone; may be given several times.  [default: every rule in turn]",
)  # fmt: skip
@workers_option
@yes_option
@quiet_option
@out_option("ablation")
def ablate(
    scenario: str,
    codings: tuple[str, ...],
    runs: int,
    citizens: int,
    seed: int,
    only: tuple[str, ...],
    workers: int | None,
    allow_large: bool,
    quiet: bool,
    out: Path | None,
) -> None:
    """Leave out one rule at a time, and compare hindcasts of 1992 to 2013 with the record.

    SCENARIO is a world without the rules, a shipped name or a file. A parameter that is left out has the
    prior that it has there; all else is as in the shared world. All variants share their random numbers.
    The command does not look at later years.
    """
    from calibration.cli.runs import report_place
    from calibration.skill.ablation import ablation, variants
    from sim.cli.console import output
    from sim.experiment.experiment import Experiment
    from sim.experiment.folder import choose_folder, make_folder
    from sim.scenario import load

    found = variants(load(scenario), citizens, only)
    begun = out is not None and (out / _KEPT).is_dir()  # gone on with; the experiment refuses other runs
    target = out if out is not None and begun else choose_folder(out, "ablation")
    make_folder(target)
    experiment = Experiment(
        list(found.values()), runs=runs, seed=seed, workers=workers, out=target / _KEPT,
        allow_large=allow_large, command="calibrate ablate",
    )  # fmt: skip
    results = experiment.run(progress=not quiet)
    names = {item.name: what for what, item in found.items()}
    table = ablation(results, names, tuple(dict.fromkeys(codings)))
    table.to_csv(target / "ablation.csv", index=False, float_format="%.6g")
    console = output(quiet=quiet)
    for coding in dict.fromkeys(codings):
        console.print(_shown(table[table["coding"] == coding], coding))
        console.print()
    console.print(
        "Log scores with the level of all probabilities set to the record's, lower is better: of all rules"
        " together, and how each variant differs (* where the 90 % interval, by bootstrap over states,"
        " excludes 0). Above 0: what was left out helps. Moscow's side: log score of whom it backs in the"
        " challenges on record, at the runs' own level; means: challenges in which it gives more than words.",
        soft_wrap=True,
    )
    report_place("Scores", target, quiet=quiet)


def _shown(rows: DataFrame, coding: str) -> Table:
    from sim.cli.console import plain_table

    columns = ("log score", "AUC", "from 2003", "a year", "falls", "after votes", "Moscow's side", "means")
    table = plain_table(f"Without, {coding}", "", *columns, numbers=True)
    for place, row in enumerate(rows.to_dict("records")):
        clear = "*" if row["low"] > 0 or row["high"] < 0 else " "
        score = f"{row['log']:.3f} " if place == 0 else f"{row['log_change']:+.3f}{clear}"
        table.add_row(
            str(row["variant"]), score, f"{row['auc']:.2f}", f"{row['later_auc']:.2f}",
            f"{row['challenges a year']:.2f}", in_percent(row['street falls']),
            f"{row['odds ratio after votes']:.1f}", _side(row, place), f"{row['means']:.1%}",
        )  # fmt: skip
    return table


def _side(row: Mapping[Hashable, Any], place: int) -> str:
    if row["side"] != row["side"]:  # the coding has none
        return "-"
    if place == 0:
        return f"{row['side']:.3f} "
    clear = "*" if row["side_low"] > 0 or row["side_high"] < 0 else " "
    return f"{row['side_change']:+.3f}{clear}"
