"""``sim variance``: how much of a result rests on assumed numbers."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.command import Command
from sim.cli.options import analysis_options, scenario_argument

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
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
@analysis_options(
    runs="Runs of each variant.  [default: 128]",
    seed=19912612,
    tables="variance.csv",
    figure="Draw the shares.",
)
def variance(scenarios: tuple[str, ...], **options: Any) -> None:
    """Show what the spread of the key outcomes rests on: assumed numbers, calibrated ones, luck ...

    Differences are from the first scenario. Each group of numbers is drawn anew while the others stay, so
    a scenario takes seven times the runs: about a minute and a half on two cores at the default number.
    """
    from sim.results.prepare import prepare
    from sim.results.variance import DEFAULT_RUNS, FRESH_SEED, VARIANTS, variance_shares
    from sim.scenario import load

    given = AnalysisOptions(**options)
    common = [*given.settings, f"runs={given.runs or DEFAULT_RUNS}", f"seed={given.seed_or(FRESH_SEED)}"]
    loaded, _ = prepare([load(name, common) for name in scenarios])
    analysis = Analysis("variance", loaded, given, variants=len(VARIANTS))
    with analysis.running() as advance:
        shares = variance_shares(loaded, workers=analysis.workers, progress=advance)
    analysis.report(
        {"variance.csv": shares},
        printed=_tables(shares, loaded[0].name),
        legend=_LEGEND,
        figures=_figures(shares),
    )


_LEGEND = (
    "Percent of the variance over runs. First number: what would go if these numbers were known exactly; "
    "in brackets: what would stay if all others were known. The first ones add up to less than 100 where "
    "things act together, the second ones to more. Sampling error: half the width of the 95 % interval, "
    "largest of the row."
)


def _tables(shares: pd.DataFrame, baseline: str) -> Iterator[Table]:
    for (scenario, result), part in shares.groupby(["scenario", "result"], sort=False):
        yield _table(str(scenario), str(result), baseline, part)


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


def _figures(shares: pd.DataFrame) -> Iterator[tuple[str, Figure]]:
    from sim.figures import variance_bars

    for scenario, part in shares.groupby("scenario", sort=False):
        yield f"variance_{str(scenario).replace('/', '-')}", variance_bars(part)
