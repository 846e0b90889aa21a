"""``sim variance``: how much of a result rests on assumed numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import pandas as pd
from rich.table import Table

from sim.analysis.variance import GROUPS, few_runs, no_shares
from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import Command, plain_table
from sim.cli.options import analysis_options, scenario_argument
from sim.measures.definitions import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario


# -- shares of variance as tables for the terminal -------------------------------------------------

_NOISE = 0.5  # error of a share from which it says nothing
_LEGEND = (
    "Percent of the variance over runs. First number: what would go if these numbers were known exactly; "
    "in brackets: what would stay if all others were known. The first ones add up to less than 100 where "
    "things act together, the second ones to more; below 0, by chance, is shown as 0. Assumed, calibrated "
    "and cited are parameters by the source of their number (`sim show` tags each), luck is what happens to "
    "happen. Error: half the width of the 95 % interval, the largest of the row; not resolved where that is "
    "above 50 (variance.csv has the numbers). n: replicates in which the outcome is defined in every "
    "variant, if fewer than all."
)


def variance_table(scenario: str, shares: pd.DataFrame) -> Table:
    """Return a table of one result: outcomes of a scenario, or their differences from the first one.

    Parameters
    ----------
    scenario : str
    shares : DataFrame
        Rows of one scenario and result, as `sim.analysis.variance.variance_shares` returns them.
    """
    baseline = str(shares["baseline"].iloc[0])
    title = f"{scenario} less {baseline}" if baseline else scenario
    table = plain_table(f"What the spread of {title} rests on", "", *GROUPS, "error", numbers=True)
    most = int(shares["pairs"].max())
    for outcome, part in shares.groupby("outcome", sort=False):
        by_group = part.set_index("group").loc[list(GROUPS)]
        alone, in_all = by_group["alone"].to_numpy(float), by_group["in_all"].to_numpy(float)
        error = by_group[["alone_error", "in_all_error"]].to_numpy(float).max()
        pairs = int(part["pairs"].iloc[0])
        label = OUTCOMES[str(outcome)].label + (f" (n={pairs})" if pairs < most else "")
        if missing := no_shares(alone[0], pairs):
            table.add_row(label, missing)
            continue
        if error > _NOISE:
            table.add_row(label, "not resolved", *[""] * (len(GROUPS) - 1), _percent(error, "±"))
            continue
        cells = [_cell(*pair) for pair in zip(alone.tolist(), in_all.tolist(), strict=True)]
        table.add_row(label, *cells, _percent(error, "±"))
    return table


def legend(shares: pd.DataFrame) -> str:
    """Return how to read the tables, and whether there were too few runs for them.

    Parameters
    ----------
    shares : DataFrame
        As `sim.analysis.variance.variance_shares` returns it.
    """
    few = few_runs(int(shares["pairs"].max()))
    return _LEGEND + (f" Caution: {few}." if few else "")


def _cell(alone: float, in_all: float) -> str:
    return f"{_percent(max(alone, 0))} ({_percent(max(in_all, 0))})"


def _percent(share: float, sign: str = "") -> str:
    return "–" if math.isnan(share) else f"{sign}{100 * share:.0f}"


# -- ``sim variance``: how much of a result rests on assumed numbers -------------------------------

# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast


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
    figure="Draw the shares with their intervals.",
)
def variance(scenarios: tuple[str, ...], **options: Any) -> None:
    """Show what the spread of the key outcomes rests on: assumed numbers, calibrated ones, luck ...

    Differences are from the first scenario. Each group of numbers is drawn anew while the others stay, so
    a scenario takes seven times the runs: about a minute and a half on two cores at the default number.
    """
    from sim.analysis.variance import DEFAULT_RUNS, FRESH_SEED, REDRAWN, few_runs, variance_shares, variants
    from sim.cli.console import remark
    from sim.cli.variance import legend
    from sim.experiment.shortcuts import prepare
    from sim.scenario import load

    given = AnalysisOptions(**options)
    common = [*given.settings, f"runs={given.runs or DEFAULT_RUNS}", f"seed={given.seed_or(FRESH_SEED)}"]
    loaded, notes = prepare([load(name, common) for name in scenarios])
    analysis = Analysis("variance", variants(loaded), given, REDRAWN)
    few = few_runs(loaded[0].runs)
    for note in [*notes, *([few] if few else [])]:
        remark(note)
    shares = variance_shares(loaded, analysis.outcomes())
    analysis.report(
        {"variance.csv": shares},
        printed=_tables(shares),
        legend=legend(shares),
        figures=_figures(shares, loaded, analysis.about),
    )


def _tables(shares: pd.DataFrame) -> Iterator[Table]:
    from sim.cli.variance import variance_table

    for (scenario, _), part in shares.groupby(["scenario", "result"], sort=False):
        yield variance_table(str(scenario), part)


def _figures(
    shares: pd.DataFrame, scenarios: list[Scenario], about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.figures import Source, variance_intervals
    from sim.figures.draw import file_names
    from sim.figures.source import version_of

    names = [scenario.name for scenario in scenarios]
    for name, slug, scenario in zip(names, file_names(names), scenarios, strict=True):
        source = Source(scenario.seed, {name: scenario.runs}, version_of(about))
        yield f"variance_{slug}", variance_intervals(shares[shares["scenario"] == name], source)
