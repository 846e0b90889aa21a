"""``sim variance``: how much of a result rests on assumed numbers."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
import math
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.command import Command
from sim.cli.options import quiet_option, scenario_argument, set_option, yes_option

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


@click.command(
    cls=Command,
    short_help="Show how much of a result rests on assumed numbers.",
    examples=(
        "sim variance null dubnov",
        "sim variance null piontkovsky kuzio --runs 256 --figure",
        "sim variance my-question.yaml --workers 2 --out results/my-variance",
    ),
)
@scenario_argument("scenarios", many=True)
@click.option("--runs", "-n", type=click.IntRange(min=2), help="Runs of each variant.  [default: 128]")
@click.option(
    "--seed", type=click.IntRange(min=0), help="Seed of all luck.  [default: one of its own, 19912612]"
)
@click.option("--workers", "-j", type=click.IntRange(min=1), help="Processes.  [default: one a core]")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder for variance.csv.  [default: a new one under results/]",
)
@click.option("--force", is_flag=True, help="Replace earlier results in --out.")
@yes_option
@click.option("--figure", is_flag=True, help="Draw the shares.")
@set_option
@quiet_option
def variance(
    scenarios: tuple[str, ...],
    *,
    runs: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    force: bool,
    yes: bool,
    figure: bool,
    settings: tuple[str, ...],
    quiet: bool,
) -> None:
    """Show what the spread of the key outcomes rests on: assumed numbers, calibrated ones, luck ...

    Differences are from the first scenario. Each group of numbers is drawn anew while the others stay, so
    a scenario takes seven times the runs: about a minute and a half on two cores at the default number.
    """
    from sim.cli.console import output
    from sim.results.limits import check_cost
    from sim.results.prepare import prepare
    from sim.results.variance import DEFAULT_RUNS, FRESH_SEED, VARIANTS, variance_shares
    from sim.runs.about import describe_run
    from sim.runs.folder import choose_folder
    from sim.runs.progress import progress_bar
    from sim.runs.workers import usable_cores
    from sim.scenario import load

    common = [*settings, f"runs={runs or DEFAULT_RUNS}", f"seed={FRESH_SEED if seed is None else seed}"]
    loaded, _ = prepare([load(name, common) for name in scenarios])
    cores = workers or usable_cores()
    planned = [scenario for scenario in loaded for _ in VARIANTS]
    check_cost(planned, workers=cores, folder=None, allow_large=yes)
    folder = choose_folder(out, "variance", force=force)
    started, clock = datetime.now(UTC), time.monotonic()
    total = len(VARIANTS) * sum(scenario.runs for scenario in loaded)
    with progress_bar(total, shown=not quiet) as advance:
        shares = variance_shares(loaded, workers=cores, progress=advance)
    folder.mkdir(parents=True, exist_ok=True)
    shares.to_csv(folder / "variance.csv", index=False, float_format="%.6g", lineterminator="\n")
    about = describe_run(
        loaded,
        command=shlex.join(["sim", *sys.argv[1:]]),
        workers=cores,
        started=started,
        seconds=time.monotonic() - clock,
        finished_runs=total,
        failed_runs=0,
        interrupted=False,
    )
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    if not quiet:
        console = output()
        for (scenario, result), part in shares.groupby(["scenario", "result"], sort=False):
            console.print(_table(str(scenario), str(result), loaded[0].name, part))
            console.print()
        console.print(_LEGEND)
    if figure:
        from sim.figures import save, variance_bars

        for scenario, part in shares.groupby("scenario", sort=False):
            save(variance_bars(part), folder / "figures" / f"variance_{str(scenario).replace('/', '-')}.png")
    click.echo(folder if quiet else f"\nResults: {folder}")


_LEGEND = (
    "Percent of the variance over runs. First number: what would go if these numbers were known exactly; "
    "in brackets: what would stay if all others were known. The first ones add up to less than 100 where "
    "things act together, the second ones to more. Sampling error: half the width of the 95 % interval, "
    "largest of the row."
)


def _table(scenario: str, result: str, baseline: str, shares: pd.DataFrame) -> Table:
    from sim.cli.console import plain_table
    from sim.outcomes import OUTCOMES
    from sim.results.variance import GROUPS

    title = f"{scenario} less {baseline}" if result == "difference" else scenario
    table = plain_table(f"What the spread of {title} rests on", "", *GROUPS, "error", numbers=True)
    for outcome, part in shares.groupby("outcome", sort=False):
        by_group = part.set_index("group").loc[list(GROUPS)]
        alone, in_all = by_group["alone"].to_numpy(float), by_group["in_all"].to_numpy(float)
        error = by_group[["alone_error", "in_all_error"]].to_numpy(float).max()
        cells = [_cell(*pair) for pair in zip(alone.tolist(), in_all.tolist(), strict=True)]
        table.add_row(OUTCOMES[str(outcome)].label, *cells, _percent(error, "±"))
    return table


def _cell(alone: float, in_all: float) -> str:
    return "–" if math.isnan(alone) else f"{_percent(max(alone, 0))} ({_percent(max(in_all, 0))})"


def _percent(share: float, sign: str = "") -> str:
    return "–" if math.isnan(share) else f"{sign}{100 * share:.0f}"
