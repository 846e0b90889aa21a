"""``calibrate placebo``: how often theses made by lot win what the real ones win."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calibration.cli.making import Making
from calibration.cli.options import MOST, coding_option, ensemble_options, out_option, repeats_option
from sim.cli.console import Command
from sim.cli.options import format_option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pandas import DataFrame
    from rich.console import Console


DRAWS = 150
PLACEBOS = 12
ODDS, BACKTEST = "odds", "backtest"
_OF_ODDS = {"coding": "--coding", "repeats": "--repeats"}


@click.command(
    cls=Command,
    short_help="Ask how often random theses win a verdict.",
    examples=(
        "calibrate placebo",
        "calibrate placebo --placebos 24 --draws 300 --out results/placebo",
        "calibrate placebo --seed 2  # other placebos",
        "calibrate placebo --of backtest  # what are the scores of `calibrate backtest` worth?",
    ),
)
@click.option(
    "--of", "judged_by", type=click.Choice([ODDS, BACKTEST]), default=ODDS, show_default=True,
    help="Whose verdicts: those of the odds, or those of the back-test.",
)  # fmt: skip
@click.option(
    "--draws", "-n", type=click.IntRange(min=10, max=MOST), default=DRAWS, show_default=True,
    help="Draws of the parameters for each thesis and placebo.",
)  # fmt: skip
@click.option(
    "--placebos", "number", type=click.IntRange(min=1, max=1_000), default=PLACEBOS, show_default=True,
    help="Random theses, each like one of the shipped theses in turn.",
)  # fmt: skip
@coding_option
@repeats_option
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True,
    help="Seed of the placebos, of folds and of resampling.",
)  # fmt: skip
@ensemble_options
@out_option("placebo")
@format_option
@click.pass_context
def placebo(
    context: click.Context,
    judged_by: str,
    draws: int,
    number: int,
    coding: str,
    repeats: int,
    seed: int,
    folder: Path,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Judge random theses (placebos) by the record like the real ones, each against the shared world alone.

    A placebo has the number, starts and sizes of a real thesis's claims, on other parameters and with signs
    drawn at random. If placebos win a verdict as often as theses do, the verdict does not say who is right.
    The command also shows how often a thesis or placebo is found in histories that it made, and in others.
    Placebos' runs are kept beside the ensemble, with the same draws and random numbers.

    With `--of backtest` theses and placebos are scored as in `calibrate backtest`, from as many draws each.
    Then theses write the history, and the scores show how often the thesis that wrote it is found.
    """
    if judged_by == BACKTEST:
        from calibration.cli.placebo_ahead import score_placebos

        _refuse_unused(context)
        score_placebos(folder, draws=draws, number=number, seed=seed, making=making, out=out, formats=formats)
        return
    from calibration.cli.placebo_runs import stored_placebos
    from calibration.cli.runs import report_place, stored_runs
    from calibration.ensemble.origins import RECORD_PERIOD, THESES
    from calibration.odds.evidence import statistics_of
    from calibration.placebo.judge import PLACEBO, THESIS, Arm, judge, reachable, read_rows
    from calibration.placebo.report import save_placebos
    from calibration.placebo.theses import draw_placebos
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics import NAMES
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar
    from sim.scenario import SHARED_WORLD

    target = choose_folder(out, "placebo")
    placebos = draw_placebos(number, seed)
    record = observed_record(coding)
    history = statistics_of(record, record.window)
    store = stored_runs(folder, (RECORD_PERIOD,), draws=draws, default=DRAWS, target=target, making=making)
    by_lot = stored_placebos(store, placebos, (RECORD_PERIOD,), draws=draws, target=target, making=making)
    measurement = Measurement()
    theses = [thesis for thesis in THESES if thesis != SHARED_WORLD]
    waiting = [(store, thesis, THESIS, thesis) for thesis in theses]
    waiting += [(by_lot, placebo.name, PLACEBO, placebo.like) for placebo in placebos]
    with counting_bar("theses read", len(waiting) + 1, shown=not making.quiet) as advance:
        world = read_rows(store, SHARED_WORLD, RECORD_PERIOD, record.window, measurement, draws)
        arms: list[Arm] = []
        for place, name, kind, like in waiting:
            advance(len(arms) + 1)
            rows = read_rows(place, name, RECORD_PERIOD, record.window, measurement, draws)
            arms.append(Arm(name, kind, like, rows))
        advance(len(arms) + 1)
    with counting_bar("comparisons", len(arms), shown=not making.quiet) as advance:
        judged = judge(world, arms, history, repeats=repeats, seed=seed, progress=advance)
    used = reachable(world, arms, history)
    left_out = [name for name, use in zip(NAMES, used, strict=True) if not use]
    about = {
        "years": str(record.window), "coding": coding, "seed": seed, "repeats": repeats, "draws": draws,
        "placebos": number, "model": store.plan().fingerprint, "statistics_out_of_reach": left_out,
    }  # fmt: skip
    source = CalibrationSource(store.plan(), draws, THESES, coding, seed)
    save_placebos(judged, placebos, target, about, source, formats)
    _print(output(quiet=making.quiet), judged, left_out)
    report_place("Placebos", target, quiet=making.quiet)


def _refuse_unused(context: click.Context) -> None:
    """Refuse options that say nothing of the back-test.

    Raises
    ------
    UsageError
        With their names.
    """
    from click.core import ParameterSource

    given = [
        option
        for name, option in _OF_ODDS.items()
        if context.get_parameter_source(name) not in (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)
    ]
    if given:
        raise click.UsageError(f"{' and '.join(given)}: only with --of {ODDS}")


def _print(console: Console, judged: DataFrame, left_out: list[str]) -> None:
    from calibration.placebo.judge import PLACEBO, QUESTIONS, beaten, shares
    from sim.cli.console import plain_table

    table = plain_table(
        "Each against the shared world alone, given the record",
        "", "probability", "5-95 %", "found", "20 to 1", "false", "verdict",
        numbers=True,
    )  # fmt: skip
    for row in judged.to_dict("records"):
        table.add_row(
            str(row["name"]), f"{row['probability']:.2f}", f"{row['low']:.2f}-{row['high']:.2f}",
            f"{row['found']:.2f}", f"{row['found_surely']:.2f}", f"{row['false']:.2f}", _verdict(row),
        )  # fmt: skip
    console.print(table)
    found = shares(judged)
    lines = [
        "",
        "Found: share of its own unseen histories that give it more than even odds; 20 to 1: share that give "
        "it those; false: share of the shared world's that give it more than even odds.",
    ]
    for verdict, words in QUESTIONS.items():
        told = [
            f"{row['number']} of {row['total']} {'placebos' if row['kind'] == PLACEBO else 'theses'} "
            f"({row['low']:.2f}-{row['high']:.2f})"
            for row in found[found["verdict"] == verdict].to_dict("records")
        ]
        lines.append(f"{words.capitalize()}: {', '.join(told)}.")
    above = ", ".join(f"{row['thesis']} {row['number']}" for row in beaten(judged).to_dict("records"))
    total = int((judged["kind"] == PLACEBO).sum())
    lines.append(f"Placebos, of {total}, with better odds than each thesis: {above}.")
    if left_out:
        lines.append(f"Out of every run's range, and so left aside: {', '.join(left_out)}.")
    for line in lines:
        console.print(line, soft_wrap=True)


def _verdict(row: Mapping[Any, Any]) -> str:
    if not row["told_apart"]:
        return "not told apart"
    if row["ruled_out"]:
        return "ruled out"
    if row["rules_out_world"]:
        return "rules it out"
    return "preferred" if row["preferred"] else "not separated"
