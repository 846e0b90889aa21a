"""``calibrate forecast``: forecasts of 2025 to 2034, in a file with its hash."""
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
    short_help="Forecast 2025-2034, in a file with its hash.",
    examples=(
        "calibrate forecast",
        "calibrate forecast --backtest results/backtest --out results/forecast",
        "calibrate publish results/forecast/forecast_2026-01-31_0123456789abcdef.csv",
    ),
)
@draws_option(fewest=2)
@click.option("--prior", is_flag=True, help="Count all draws alike, not by their fit to 1992-2024.")
@click.option(
    "--backtest", "tested", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of a back-test, for the weights of the mixture.  [default: equal weights]",
)  # fmt: skip
@ensemble_options
@out_option("forecast")
@format_option
def forecast(
    draws: int | None,
    prior: bool,
    tested: Path | None,
    folder: Path,
    making: Making,
    out: Path | None,
    formats: tuple[str, ...],
) -> None:
    """Forecast challenges, falls, interventions, memberships and alignment by state and year.

    The forecasts are those of each thesis, of their mixture, and the simple ones of the back-test. They start
    at the end of the record, in December 2024. The file's text depends on the runs and the record alone. Its
    SHA-256 stands in its name and beside it, so that it can be scored later. The file is a draft:
    `calibrate publish` copies it to the published forecasts, which never change.
    """
    import datetime

    from calibration.backtest.baselines import BASELINES
    from calibration.cli.runs import report_place, stacking_shares, stored_draws, stored_runs
    from calibration.ensemble.origins import FORECAST, RECORD_PERIOD, THESES
    from calibration.forecast.definitions import CURRENT
    from calibration.forecast.figures import alignment_figure, event_figure
    from calibration.forecast.file import write_forecast
    from calibration.forecast.make import make_forecast
    from calibration.record.observed import observed_record
    from calibration.source import CalibrationSource
    from calibration.statistics.measurement import Measurement
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar
    from sim.figures.saving import save_all

    stack = stacking_shares(tested) if tested is not None else None
    target = choose_folder(out, "forecast")
    origins = (FORECAST,) if prior else (RECORD_PERIOD, FORECAST)
    store = stored_runs(folder, origins, draws=draws, default=DRAWS, target=target, making=making)
    plan = store.plan()
    with counting_bar("theses", len(THESES), shown=not making.quiet) as advance:
        table = make_forecast(
            store, THESES, observed_record(),
            measurement=Measurement(), fitted=not prior, stack=stack, progress=advance,
        )  # fmt: skip
    draws_read = stored_draws(store, (FORECAST,))
    about = {
        "definitions": CURRENT,
        "what": "forecast from the record's end in 2024-12; probabilities by year, quantiles of alignment",
        "model": plan.fingerprint, "seed": plan.seed, "citizens": plan.citizens,
        "draws": draws_read,
        "weights": "all draws alike" if prior else "draws by their fit to 1992-2024",
        "stack": {k: round(v, 6) for k, v in stack.items()} if stack else "equal",
        "baselines": "known past to 2024: " + ", ".join(BASELINES),
    }  # fmt: skip
    path = write_forecast(table, about, target, datetime.datetime.now(datetime.UTC).date())
    source = CalibrationSource(plan, draws_read, THESES, "" if prior else "protest")
    weights = "by stacking weights of the back-test" if stack else "equally weighted"
    for event in ("challenge", "fall", "intervention", "left"):
        save_all(event_figure(table, event, source, weights), target / "figures", event, formats)
    save_all(alignment_figure(table, source=source), target / "figures", "alignment", formats)
    output(quiet=making.quiet).print(f"{len(table)} numbers")
    report_place("Forecast", path, quiet=making.quiet)
