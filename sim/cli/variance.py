"""``sim variance``: how much of a result rests on assumed numbers."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import Command
from sim.cli.options import analysis_options, scenario_argument

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.table import Table

    from sim.scenario import Scenario


@click.command(
    cls=Command,
    short_help="Show how much of a result rests on assumed numbers.",
    examples=(
        "sim variance baseline dubnov",
        "sim variance baseline piontkovsky kuzio --runs 256 --figure",
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
    """Show what the spread of the key outcomes rests on: assumed numbers, calibrated ones, random numbers ...

    Differences are from the first scenario. Each group of numbers is drawn anew while the others stay. So a
    scenario takes seven times the runs: about a minute and a half on two cores at the default number.
    """
    from sim.analysis.variance import DEFAULT_RUNS, FRESH_SEED, RESAMPLED, few_runs, variance_shares, variants
    from sim.cli.console import remark
    from sim.cli.reports import variance_legend
    from sim.experiment.prepare import Changes, prepare
    from sim.measures import key_outcomes

    given = AnalysisOptions(**options)
    asked = given.asked(runs=DEFAULT_RUNS, seed=FRESH_SEED)
    changes = Changes.of(asked.pop("settings")).and_set(asked)
    loaded, notes = prepare(changes.apply_to_all(scenarios))
    analysis = Analysis("variance", variants(loaded), given, RESAMPLED)
    few = few_runs(loaded[0].runs)
    for note in [*notes, *([few] if few else [])]:
        remark(note)
    shares = variance_shares(loaded, analysis.outcomes(list(key_outcomes(own=False))))
    analysis.report(
        {"variance.csv": shares},
        printed=_tables(shares),
        legend=variance_legend(shares),
        figures=_figures(shares, loaded, analysis.about),
    )


def _tables(shares: pd.DataFrame) -> Iterator[Table]:
    from sim.cli.reports import variance_table

    for (scenario, _), part in shares.groupby(["scenario", "result"], sort=False):
        yield variance_table(str(scenario), part)


def _figures(
    shares: pd.DataFrame, scenarios: list[Scenario], about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.experiment.files import version_of
    from sim.figures import Source, variance_intervals
    from sim.figures.tables import file_names

    names = [scenario.name for scenario in scenarios]
    for name, slug, scenario in zip(names, file_names(names), scenarios, strict=True):
        source = Source(scenario.seed, {name: scenario.runs}, version_of(about))
        yield f"variance_{slug}", variance_intervals(shares[shares["scenario"] == name], source)
