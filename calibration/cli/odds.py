"""``calibrate odds``: which theses the record speaks for, and what one history can tell apart."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calibration.cli.options import (
    coding_option,
    draws_option,
    ensemble_options,
    out_option,
    repeats_option,
    resampling_seed_option,
)
from sim.cli.console import Command
from sim.cli.options import format_option

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console

    from calibration.cli.making import Making
    from calibration.history import Window
    from calibration.odds.held_out import HeldOut
    from calibration.odds.posterior import Odds

DRAWS = 300
SURE = 0.8
_NAMED = 3  # statistics that set the record apart


@click.command(
    cls=Command,
    short_help="Ask which theses the record can separate.",
    examples=(
        "calibrate odds",
        "calibrate odds --draws 1500 --workers 2 --out results/odds",
        "calibrate odds --years 1992-2013 --coding archigos",
        "calibrate odds --backtest results/backtest",
    ),
)
@draws_option(fewest=10, default=DRAWS)
@click.option(
    "--years",
    metavar="FIRST-LAST",
    default="1992-2024",
    show_default=True,
    help="Years of the record to judge by.",
)
@coding_option
@repeats_option
@click.option(
    "--length/--no-length",
    default=True,
    show_default=True,
    help="Also ask how long a history would have to be.",
)
@resampling_seed_option
@ensemble_options
@click.option(
    "--backtest", "tested", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of a back-test; its stacking weights are shown beside the odds.",
)  # fmt: skip
@out_option("odds")
@format_option
def odds(
    draws: int | None,
    years: str,
    coding: str,
    repeats: int,
    length: bool,
    seed: int,
    folder: Path,
    tested: Path | None,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Give each thesis its probability from the record, with its error, starting from equal odds.

    A classifier learns from simulated histories which thesis made them. It is calibrated on histories that
    it has not seen, and then judges the record. Figures show which theses one history can separate at all,
    whether the record looks like the theses' histories, and how many years of record it would take.
    """
    from calibration.cli.runs import report_place, stacking_shares, stored_runs
    from calibration.ensemble.origins import FORECAST, RECORD_PERIOD, THESES
    from calibration.odds.evidence import OddsError, read_evidence, statistics_of
    from calibration.odds.held_out import FOLDS, hold_out
    from calibration.odds.length import read_stretches, separation, years_needed
    from calibration.odds.novelty import by_thesis, novelty, outlying, set_apart
    from calibration.odds.posterior import odds as odds_given
    from calibration.odds.report import save_lengths, save_odds
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar

    record = observed_record(coding)
    window = _window(years, record.window.first, record.window.last)
    stack = stacking_shares(tested) if tested is not None else None
    target = choose_folder(out, "odds")
    origins = (RECORD_PERIOD, FORECAST) if length else (RECORD_PERIOD,)
    store = stored_runs(folder, origins, draws=draws, default=DRAWS, target=target, making=making)
    measurement = Measurement()
    evidence = read_evidence(store, THESES, RECORD_PERIOD, window, measurement)
    history = statistics_of(record, window)
    used = evidence.reachable(history)
    if not used.any():
        raise OddsError(
            "no statistic of the record lies within the runs' range: there is nothing to judge by"
        )
    left_out = [name for name, use in zip(evidence.names, used, strict=True) if not use]
    everything, evidence, history = (evidence, history), evidence.seen_through(used), history[used]
    with counting_bar("held-out folds", FOLDS, shown=not making.quiet) as advance:
        held = hold_out(evidence, seed, advance)
    with counting_bar("classifiers", repeats, shown=not making.quiet) as advance:
        found = odds_given(evidence, held, history, repeats=repeats, seed=seed, progress=advance)
    unlike, apart = novelty(evidence, history, seed), set_apart(evidence, history)
    about = {
        "years": str(window), "coding": coding, "seed": seed, "repeats": repeats,
        "histories_a_thesis": len(evidence) // len(THESES), "model": store.plan().fingerprint,
        "stacking": stack, "temperature": round(held.temperature, 4), "statistics_out_of_reach": left_out,
    }  # fmt: skip
    source = CalibrationSource(store.plan(), len(evidence) // len(THESES), THESES, coding, seed)
    save_odds(
        found,
        held,
        unlike,
        apart,
        outlying(*everything),
        by_thesis(*everything),
        target,
        about,
        source,
        formats,
    )
    console = output(quiet=making.quiet)
    _print(console, found, held, unlike, apart, left_out, seed)
    if stack is not None:
        shares = ", ".join(f"{thesis} {share:.2f}" for thesis, share in stack.items())
        console.print(
            f"Stacking weights by forecasts of later years, no probabilities: {shares}.", soft_wrap=True
        )
    if length:
        parts, further = read_stretches(store, THESES, measurement)
        with counting_bar("lengths", len(parts) + len(further), shown=not making.quiet) as advance:
            table = separation(parts, further, baseline=THESES[0], seed=seed, progress=advance)
        needed = years_needed(table, "probability", SURE)
        save_lengths(table, needed, record.window.years, target, replace(source, coding=""), formats)
        console.print(_needed(needed, record.window.years), soft_wrap=True)
    report_place("Odds", target, quiet=making.quiet)


def _window(years: str, first: int, last: int) -> Window:
    from calibration.history import Window

    try:
        start, end = (int(part) for part in years.split("-"))
    except ValueError:
        raise click.BadParameter(
            f"{years!r} is not FIRST-LAST, such as 1992-2013", param_hint="--years"
        ) from None
    if not first <= start < end <= last:
        raise click.BadParameter(
            f"{years} is not within {first}-{last}, the years on record", param_hint="--years"
        )
    return Window(start, end)


def _print(
    console: Console,
    odds: Odds,
    held: HeldOut,
    unlike: DataFrame,
    apart: DataFrame,
    left_out: list[str],
    seed: int,
) -> None:
    from sim.cli.console import plain_table

    table = plain_table(
        "The theses given the record",
        "thesis", "probability", "5-95 %", "told apart", "as unlike",
        numbers=True,
    )  # fmt: skip
    confusion = held.confusion()
    for row, other in zip(odds.table().to_dict("records"), unlike.to_dict("records"), strict=True):
        table.add_row(
            str(row["thesis"]),
            f"{row['probability']:.2f}",
            f"{row['low']:.2f}-{row['high']:.2f}",
            f"{confusion.loc[row['thesis'], row['thesis']]:.2f}",
            f"{other['share_as_distant']:.3f}" + ("*" if other["flagged"] else " "),
        )
    console.print(table)
    mean, low, high = held.mean_of_truth(seed)
    equal = 1 / len(odds.theses)
    lines = [
        "",
        odds.verdict,
        f"Simulated histories give their true thesis {mean:.2f} ({low:.2f}-{high:.2f}) on average; guessing "
        f"gives {equal:.2f}. Near the record the most probable thesis is wrong with a chance of "
        f"{odds.local_error:.2f}.",
        "Told apart: share of a thesis's own held-out histories that are taken for it. As unlike: share of "
        "its histories that are as unlike the others as the record is, in the statistics within reach.",
    ]
    if unlike["flagged"].all():
        lines.append("* No thesis writes histories like the record: its odds are an extrapolation.")
    elif unlike["flagged"].any():
        lines.append("* The record is unlike what this thesis writes.")
    if unlike["flagged"].any():
        lines.append(_set_apart(apart))
    if left_out:
        lines.append(f"Out of every run's range, and so left aside: {', '.join(left_out)}.")
    for line in lines:
        console.print(line, soft_wrap=True)


def _set_apart(apart: DataFrame) -> str:
    from calibration.statistics.summary import SUMMARIES

    labels = {summary.name: summary.label for summary in SUMMARIES}
    usual = apart.groupby("statistic")["given_the_rest"].median()
    most = usual.reindex(usual.abs().sort_values(ascending=False, kind="stable").index).head(_NAMED)
    named = "; ".join(f"{labels[str(name)]} {place:+.1f}" for name, place in most.items())
    return f"What sets it apart most, given all else (standard deviations, median of the theses): {named}."


def _needed(needed: DataFrame, have: int) -> str:
    known = needed.dropna(subset=["years"])
    parts = [f"{row['thesis']} {max(row['years'] - have, 0):.0f}" for row in known.to_dict("records")]
    more = ", ".join(parts) or "none"
    beyond = needed.loc[needed["years"].isna(), "thesis"]
    late = (
        f"; not within {needed['longest'].max() - have:.0f} more: {', '.join(beyond)}" if len(beyond) else ""
    )
    return f"More years of record until the truth gets {SURE:g} on average, by simulation: {more}{late}."
