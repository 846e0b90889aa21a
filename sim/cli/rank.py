"""``sim rank``: which parameters matter."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import Command
from sim.cli.kinds import PathValue, ShippedName
from sim.cli.options import analysis_options, given_options, names_option

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.table import Table

    from sim.figures.source import Source

_RUN_OPTIONS = ("runs", "seed", "workers", "force", "adopt", "allow_large", "changes", "number", "vary")
_LEGEND = (
    "Chance: what the greatest of all parameters exceeds, in size, in 5 % of shuffles of the outcome over "
    "the runs (of a forest and of Sobol' shares: the most of 20; of Morris' effects, for each parameter: "
    "replicates' responses turned upside down or not). Parameters that do not exceed it are left out: a "
    "ranking always has a first place. Swing: mean over the fifth of the runs with the highest draws less "
    "that over the lowest fifth. The correlation is Spearman's. Intervals are of 95 %. A parameter that a "
    "scenario sets to one value is not ranked there. Outcomes are of whole runs."
)


@click.command(
    cls=Command,
    short_help="Show which parameters matter for an outcome.",
    examples=(
        "sim rank results/compare --outcomes street_falls",
        "sim rank results/compare --scenarios dubnov --outcomes integrated --top 5 --figure",
        "sim rank baseline --design morris --vary moscow.keep_weight --vary citizens.conformity --number 2",
        "sim rank baseline --design sobol --vary moscow.keep_weight=0:3 --vary war.window=0:0.1 --number 4",
    ),
)
@click.argument("source", metavar="FOLDER|SCENARIO", type=ShippedName("scenario"))
@names_option(
    "--outcomes",
    what="outcome or end state",
    help_text="Rank for these outcomes and end states, between commas.  [default: five of them]",
)
@names_option("--scenarios", what="scenario", help_text="Those of FOLDER, between commas.  [default: all]")
@click.option(
    "--forest", is_flag=True, help="With FOLDER: score by a random forest, too (extra `discovery`; slow)."
)
@click.option(
    "--design",
    type=click.Choice(("morris", "sobol")),
    help="Run SCENARIO at the points of a design: elementary effects, or shares of variance.",
)
@click.option(
    "--vary",
    type=PathValue(),
    metavar="PATH[=LOW:HIGH]",
    multiple=True,
    help="With --design: rank this parameter, over a range or the 5 % to 95 % range of its shared prior; "
    "repeatable.",
)
@click.option(
    "--number",
    type=click.IntRange(min=2),
    help="With --design: trajectories of Morris, or base points of Sobol'.  [default: 8, 64]",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Largest number of rows in a table.",
)
@analysis_options(
    runs="With --design: runs at each point.  [default: 20]",
    seed=None,
    tables="rank.csv",
    figure="Draw a tornado figure of each table, in the same order.",
)
def rank(
    source: str,
    *,
    outcomes: tuple[str, ...],
    scenarios: tuple[str, ...],
    forest: bool,
    design: str | None,
    vary: tuple[str, ...],
    number: int | None,
    top: int,
    **options: Any,
) -> None:
    """Rank parameters by what they do to an outcome, beside what chance does.

    With a FOLDER of stored runs no run is made: outcomes are compared with the values drawn for each
    parameter. A SCENARIO is run at the points of a --design over the parameters of --vary.
    """
    from sim.experiment.results import is_results
    from sim.scenario import load

    given = AnalysisOptions(**options)
    if design is None and is_results(source):
        if wrong := given_options(*_RUN_OPTIONS):
            raise click.UsageError(
                f"{wrong[0]} goes with --design and a SCENARIO: {source} holds runs already"
            )
        _of_folder(source, outcomes, scenarios, forest, top, given)
        return
    if design is None:
        load(source)  # a wrong name is told as such
        raise click.UsageError(f"{source} is a scenario: say with --design how to run it, or give a folder")
    if wrong := given_options("scenarios", "forest"):
        raise click.UsageError(f"{wrong[0]} goes with a FOLDER, not with --design")
    _by_design(source, outcomes, design, vary, number, top, given)


def _of_folder(
    source: str,
    outcomes: tuple[str, ...],
    scenarios: tuple[str, ...],
    forest: bool,
    top: int,
    given: AnalysisOptions,
) -> None:
    """Rank by stored draws; a table is written where the user says."""
    from sim.analysis.rank import rank_draws
    from sim.analysis.sweep import FEW
    from sim.cli.console import output, steps
    from sim.experiment.files import write_csv
    from sim.experiment.folder import make_folder
    from sim.experiment.results import open_results
    from sim.figures.saving import save_all
    from sim.figures.source import source_of

    results = open_results(source)
    total = len(scenarios or results.scenarios) * len(outcomes or FEW)
    with steps("outcomes", total, shown=not given.quiet) as advance:
        ranking = rank_draws(results, outcomes or None, scenarios=scenarios, forest=forest, progress=advance)
    written: list[Path] = []
    if given.out is not None:
        make_folder(given.out)
        written.append(given.out / "rank.csv")
        write_csv(written[0], ranking)
    _remark_missing(ranking, outcomes)
    console = output(quiet=given.quiet)
    for table in _tables(ranking, top):
        console.print(table)
        console.print()
    console.print(_LEGEND)
    if given.figure:
        folder = (given.out or results.path) / "figures"
        for name, figure in _figures(ranking, source_of(results.outcomes, results.about)):
            written += save_all(figure, folder, name, given.formats)
    for path in written:
        click.echo(path)


def _by_design(
    source: str,
    outcomes: tuple[str, ...],
    design: str,
    vary: tuple[str, ...],
    number: int | None,
    top: int,
    given: AnalysisOptions,
) -> None:
    """Run a scenario at the points of a design, and rank by it."""
    from sim.analysis.rank import RankDesign, rank_design
    from sim.analysis.sweep import gathered, plan_sweep, shown_outcomes
    from sim.cli.console import remark
    from sim.experiment.prepare import Changes
    from sim.figures.source import source_of

    shown_outcomes(outcomes or None)  # a wrong name costs no runs
    points = RankDesign.make(vary, design, number)
    asked = {key: item for key, item in (("runs", given.runs), ("seed", given.seed)) if item is not None}
    plan = plan_sweep([source], points.design, Changes.of(given.changes).and_set(asked))
    for note in plan.notes:
        remark(note)
    analysis = Analysis("rank", plan.scenarios, given)
    found = gathered(plan, analysis.outcomes(), analysis.about)
    ranking = rank_design(found, points, outcomes or None)
    _remark_missing(ranking, outcomes)
    analysis.report(
        {"rank.csv": ranking, "runs.csv": found.runs},
        printed=_tables(ranking, top),
        legend=_LEGEND,
        figures=_figures(ranking, source_of(found.runs, found.about)),
    )


def _remark_missing(ranking: pd.DataFrame, outcomes: tuple[str, ...]) -> None:
    """Say which outcomes are not ranked in some scenario."""
    from sim.analysis.sweep import FEW, shown_outcomes
    from sim.cli.console import remark

    for scenario, part in ranking.groupby("scenario", sort=False):
        there = set(part["outcome"])
        if missing := [name for name in shown_outcomes(outcomes or FEW) if name not in there]:
            remark(f"too rare, undefined or the same in the runs of {scenario}: {', '.join(missing)}")


def _tables(ranking: pd.DataFrame, top: int) -> Iterator[Table]:
    """Yield a table a scenario and outcome, and for each measure that stands alone."""
    from sim.analysis.rank import CORRELATION, SWING
    from sim.analysis.sweep import label_of
    from sim.cli.console import plain_table
    from sim.parameters import catalogue

    keys = ["scenario", "outcome", "parameter"]
    swings = ranking[ranking["measure"] == SWING].set_index(keys).to_dict("index")
    shown = ranking[ranking["measure"] != SWING]
    for (scenario, outcome, measure), part in shown.groupby(["scenario", "outcome", "measure"], sort=False):
        known = part["chance"].notna().all()
        sure = part[part["exceeds"]] if known else part
        title = f"{label_of(str(outcome))} in {scenario}, by {measure}"
        if known:
            low, high = (f"{part['chance'].agg(end):.2g}" for end in ("min", "max"))
            chance = low if low == high else f"{low} to {high}"
            title += f": {len(sure) or 'none'} of the {len(part)} that vary exceed chance ({chance})"
        if sure.empty:
            yield plain_table("", title)
            continue
        more = ("swing (95 %)",) if measure == CORRELATION else ()
        table = plain_table(title, "", f"{measure} (95 %)", *more, "meaning")
        for row in sure.head(top).to_dict("records"):
            path = str(row["parameter"])
            cells = [_interval(row)]
            if more:
                cells.append(_interval(swings[scenario, outcome, path]))
            spec = catalogue().get(path)
            table.add_row(path, *cells, f"{spec.meaning} ({spec.unit})" if spec else "")
        yield table


def _interval(row: dict[Any, Any]) -> str:
    value, low, high = (float(row[key]) for key in ("value", "low", "high"))
    return f"{value:.2g}" if isnan(low) else f"{value:+.2g} [{low:.2g}, {high:.2g}]"


def _figures(ranking: pd.DataFrame, source: Source) -> Iterator[tuple[str, Figure]]:
    from sim.analysis.rank import SWING
    from sim.figures import tornado
    from sim.figures.tables import file_names

    drawn = ranking[ranking["measure"] != SWING]  # it stands in the table of the correlation, in that order
    parts = list(drawn.groupby(["scenario", "outcome", "measure"], sort=False))
    for slug, ((scenario, *_), part) in zip(
        file_names([" ".join(map(str, keys)) for keys, _ in parts]), parts, strict=True
    ):
        yield f"tornado_{slug}", tornado(part, source.only([str(scenario)]))
