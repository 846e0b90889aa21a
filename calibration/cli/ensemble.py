"""``calibrate ensemble``: make or continue the stored prior ensemble."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from calibration.cli.options import DEFAULT_FOLDER, DRAWS, MOST, citizens_option, workers_option
from sim.cli.console import Command
from sim.cli.kinds import ShippedName
from sim.cli.options import quiet_option, yes_option


@click.command(
    cls=Command,
    short_help="Make the runs that every later step reads.",
    examples=(
        "calibrate ensemble --draws 200 --thesis baseline",
        "calibrate ensemble --draws 1500 --workers 2",
        "calibrate ensemble --draws 300 --origins all --ensemble results/rolling",
    ),
)
@click.option(
    "--draws",
    "-n",
    type=click.IntRange(min=1, max=MOST),
    default=DRAWS,
    show_default=True,
    help="Draws of the parameters for each thesis.",
)
@click.option(
    "--thesis",
    "theses",
    type=ShippedName("thesis"),
    multiple=True,
    metavar="NAME",
    help="Only this thesis; repeatable.  [default: all seven]",
)
@click.option(
    "--origins",
    type=click.Choice(["record", "rolling", "forecast", "all"]),
    default="record",
    show_default=True,
    help="Where runs start: 1992 along the record; 2000 to 2018 without later knowledge; 2024-12; all.",
)
@click.option(
    "--repeats",
    type=click.IntRange(min=1, max=MOST),
    default=1,
    show_default=True,
    help="Runs of each draw from each origin, each with random numbers of its own.",
)
@click.option("--lucks", type=click.IntRange(min=1, max=MOST), hidden=True, help="The old name of --repeats.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of all random numbers.  [default: 19911226]")
@citizens_option
@workers_option
@click.option(
    "--out",
    "--ensemble",
    "-o",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Folder of the ensemble. Runs that it holds already are kept.",
)
@click.option(
    "--adopt",
    "adopts",
    is_flag=True,
    help="Keep runs of another version of the model, if a sample made again is the same, bit for bit.",
)
@click.option("--fresh", is_flag=True, help="Replace an earlier ensemble in that folder.")
@yes_option
@quiet_option
def ensemble(
    draws: int,
    theses: tuple[str, ...],
    origins: str,
    repeats: int,
    lucks: int | None,
    seed: int | None,
    citizens: int,
    workers: int | None,
    folder: Path,
    adopts: bool,
    fresh: bool,
    allow_large: bool,
    quiet: bool,
) -> None:
    """Run every thesis many times over the years on record, with parameters drawn from their priors.

    It stores the drawn parameters and what an observer would have written down. The same command continues
    where it stopped, and more draws add to the stored ones.
    """
    from calibration.cli.making import Making, make_missing, refuse_large
    from calibration.cli.runs import report_place
    from calibration.ensemble.build import adopt
    from calibration.ensemble.origins import FORECAST, RECORD_PERIOD, ROLLING, THESES
    from calibration.ensemble.plan import Plan
    from calibration.ensemble.scenarios import scenario_of
    from calibration.ensemble.store import EnsembleStore
    from sim.renamed import current

    chosen = {
        "record": (RECORD_PERIOD,),
        "rolling": ROLLING,
        "forecast": (FORECAST,),
        "all": (RECORD_PERIOD, *ROLLING, FORECAST),
    }[origins]
    if lucks is not None:
        current("option", "--lucks")
        repeats = lucks
    named = tuple(current("thesis", name) for name in theses)
    plan = Plan(draws, named or THESES, chosen, repeats=repeats, citizens=citizens)
    if seed is not None:
        plan = replace(plan, seed=seed)
    for thesis in plan.theses:
        scenario_of(thesis, plan.origins[0], citizens)  # refuses an unknown one before anything is touched
    store = EnsembleStore(folder)
    making = Making(workers, allow_large, quiet)
    if fresh and folder.exists():
        whole = {(thesis, origin): draws * repeats for thesis in plan.theses for origin in plan.origins}
        refuse_large(plan, whole, making)  # before the old one is gone
        store.remove()
    if adopts and (again := adopt(store)) and not quiet:
        click.echo(f"{again} runs made again: the same, bit for bit; all are kept for this model")
    made = make_missing(plan, store, None, making)
    failed = int((store.read("runs")["error"] != "").sum())
    if not quiet:
        click.echo(f"{plan.runs} runs, {made} of them new" + (f", {failed} failed" if failed else ""))
    report_place("Ensemble", folder, quiet=quiet)
