"""``calibrate placebo --of backtest``: what the scores of the back-test are worth."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console

    from calibration.cli.making import Making


def score_placebos(
    folder: Path,
    *,
    draws: int,
    number: int,
    seed: int,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Score theses and placebos in the back-test, let theses write the history, and say what comes of it.

    Parameters
    ----------
    folder : Path
        Of the ensemble; what it lacks is made.
    draws : int
        Of each thesis and placebo: no more are read.
    number : int
        Of placebos.
    seed : int
        Of placebos and resampling.
    making : Making
    out : Path or None
        Where results go.
    formats : tuple of str
        Of the figure.
    """
    from calibration.backtest.power import write_histories
    from calibration.cli.placebo_runs import stored_placebos
    from calibration.cli.runs import report_place, stored_runs
    from calibration.ensemble.origins import RECORD_PERIOD, ROLLING, THESES
    from calibration.placebo.ahead import WORLD, Forecaster, forecast, score
    from calibration.placebo.judge import PLACEBO, THESIS
    from calibration.placebo.report import save_scored
    from calibration.placebo.theses import draw_placebos
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar
    from sim.scenario import SHARED_WORLD

    target = choose_folder(out, "placebo")
    placebos, record, measurement = draw_placebos(number, seed), observed_record(), Measurement()
    origins = (RECORD_PERIOD, *ROLLING)
    store = stored_runs(folder, origins, draws=draws, default=draws, target=target, making=making)
    by_lot = stored_placebos(store, placebos, origins, draws=draws, target=target, making=making)
    forecasters = [
        Forecaster(thesis, WORLD if thesis == SHARED_WORLD else THESIS, thesis, store) for thesis in THESES
    ]
    forecasters += [Forecaster(placebo.name, PLACEBO, placebo.like, by_lot) for placebo in placebos]
    with counting_bar("theses and placebos", len(forecasters), shown=not making.quiet) as advance:
        losses = forecast(
            forecasters, ROLLING, record, measurement=measurement, draws=draws, progress=advance
        )
    with counting_bar("origins with histories of theses", len(ROLLING), shown=not making.quiet) as advance:
        written = write_histories(
            store, THESES, ROLLING, record, measurement=measurement, draws=draws, progress=advance
        )
    scored = score(forecasters, losses, seed=seed)
    about = {
        "from": [origin.month.year for origin in ROLLING], "to": record.window.last, "seed": seed,
        "draws": draws, "placebos": number, "histories": len(written.draws),
        "model": store.plan().fingerprint,
    }  # fmt: skip
    source = CalibrationSource(store.plan(), draws, THESES, "protest", seed)
    power = written.power(seed)
    save_scored(scored, power, written.best(), placebos, target, about, source, formats)
    console = output(quiet=making.quiet)
    _print_scores(console, scored)
    for line in _told(scored, power, len(written.draws)):
        console.print(line, soft_wrap=True)
    report_place("Placebos in the back-test", target, quiet=making.quiet)


def _print_scores(console: Console, scored: DataFrame) -> None:
    from calibration.placebo.ahead import VERDICTS
    from sim.cli.console import plain_table

    table = plain_table(
        "Shared outcomes, all origins; then own outcomes",
        "", "Brier", "log", "from the base rate", "CRPS", "own: log", "shared world", "verdicts",
        numbers=True,
    )  # fmt: skip
    for row in scored.to_dict("records"):
        own = (f"{row[key]:.4f}" for key in ("own_log", "world_own_log"))
        table.add_row(
            str(row["name"]), f"{row['brier']:.4f}", f"{row['log']:.4f}",
            f"{row['log_difference']:+.4f} ({row['log_low']:+.4f}, {row['log_high']:+.4f})",
            f"{row['crps']:.4f}", *own, ", ".join(name for name in VERDICTS if row[name]) or "-",
        )  # fmt: skip
    console.print(table)


def _told(scored: DataFrame, power: DataFrame, histories: int) -> Iterator[str]:
    """Say in plain words how often placebos win, and how often a true thesis does."""
    from calibration.backtest.power import FOUND
    from calibration.placebo.ahead import VERDICTS, WORLD
    from calibration.placebo.judge import PLACEBO, beaten, shares
    from sim.scenario import SHARED_WORLD

    rivals = scored[scored["kind"] != WORLD]
    found = shares(rivals, VERDICTS)
    yield "\nLow scores are better. In brackets: 90 % intervals, of scores by bootstrap over states."
    for verdict, words in VERDICTS.items():
        told = [
            f"{row['number']} of {row['total']} {'placebos' if row['kind'] == PLACEBO else 'theses'} "
            f"({row['low']:.2f}-{row['high']:.2f})"
            for row in found[found["verdict"] == verdict].to_dict("records")
        ]
        yield f"{words.capitalize()} ({verdict}): {', '.join(told)}."
    above = beaten(rivals, "log", low_is_good=True).to_dict("records")
    total = int((rivals["kind"] == PLACEBO).sum())
    counts = ", ".join(f"{row['thesis']} {row['number']}" for row in above)
    yield f"Placebos, of {total}, with a better log score than each thesis: {counts}."
    yield (
        f"\nHow often the scores find a thesis in {histories} histories that it wrote itself, and "
        "in as many that the shared world wrote (prior weights, events only):"
    )
    for verdict, words in FOUND.items():
        rows = power[(power["verdict"] == verdict) & (power["thesis"] != SHARED_WORLD)]
        own = rows[rows["histories_of"] != SHARED_WORLD].set_index("thesis")["share"]
        other = rows[rows["histories_of"] == SHARED_WORLD].set_index("thesis")["share"]
        told_of = ", ".join(f"{thesis} {own[thesis]:.2f} and {other[thesis]:.2f}" for thesis in own.index)
        yield f"{words.capitalize()} ({verdict}): {told_of}."
    yield f"By chance alone each has the best log score in {1 / power['thesis'].nunique():.2f} of histories."
