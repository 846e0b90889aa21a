"""``sim sweep``: how outcomes respond to parameters."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import click

from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import Command
from sim.cli.kinds import PathValue
from sim.cli.options import (
    analysis_options,
    names_option,
    no_states_option,
    scenario_argument,
    switch_options,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.table import Table

    from sim.analysis.sweep import Sweep

_COLUMNS = 6  # of levels that a table shows side by side
_MUCH = 0.5  # of all pairs: where the rule for stars asks for so many, it is said
_FILES = "sweep.csv has each point, runs.csv each run."


@click.command(
    cls=Command,
    short_help="Show how outcomes respond to parameters.",
    examples=(
        "sim sweep baseline --vary moscow.keep_weight=0.5,1,1.5,2 --figure",
        "sim sweep baseline dubnov --vary moscow.keep_weight=0.5:2 --points 4 --runs 50",
        "sim sweep baseline --vary moscow.keep_weight=1,2 --vary citizens.conformity --outcomes street_falls",
        "sim sweep baseline --vary moscow.keep_weight=0:3 --vary war.window=0:1 --method sobol --points 16",
        "sim sweep baseline --vary initial.KGZ.legitimacy=0.3:0.7",
    ),
)
@scenario_argument("scenarios", many=True)
@click.option(
    "--vary",
    type=PathValue(),
    metavar="PATH=VALUES",
    multiple=True,
    required=True,
    help="Vary a parameter, or a quantity of the start (initial.KGZ.alignment): PATH=0.5,1,2 for values, "
    "PATH=0.5:2 for a range, PATH alone for the 5 % to 95 % range of its shared prior; repeatable.",
)
@click.option(
    "--method",
    type=click.Choice(("grid", "latin", "sobol")),
    default="grid",
    show_default=True,
    help="Points: every combination of levels, a Latin hypercube, or Sobol' points.",
)
@click.option(
    "--points",
    type=click.IntRange(min=2),
    help="Levels of each range in a grid, otherwise points.  [default: 5 levels, 64 points]",
)
@names_option(
    "--outcomes",
    what="outcome or end state",
    help_text="Show these outcomes, and end states (their share of runs), between commas.  [default: of the "
    "key outcomes and all end states those with a star, and the names of the others]",
)
@no_states_option(
    "a sweep shows outcomes of the region. What happens to one state at one value is told by "
    "`sim compare SCENARIO --set PATH=VALUE --state {code}`, which compares it with SCENARIO itself"
)
@switch_options
@analysis_options(
    runs="Runs of each scenario at each point.  [default: 20]",
    seed=None,
    tables="sweep.csv and runs.csv",
    figure="Draw dose-response curves, and a heat map of each outcome over a grid of two parameters.",
)
def sweep(
    scenarios: tuple[str, ...],
    *,
    vary: tuple[str, ...],
    method: str,
    points: int | None,
    outcomes: tuple[str, ...],
    without: tuple[str, ...],
    with_: tuple[str, ...],
    **options: Any,
) -> None:
    """Run each SCENARIO over values or ranges of parameters, and show how outcomes respond.

    Every point has the same random numbers, replicate by replicate, so differences are due to the
    parameters. With two parameters in a grid, each curve is the mean over the other, and the heat map shows
    both.
    """
    from sim.analysis.design import Design
    from sim.analysis.sweep import gathered, plan_sweep, shown_outcomes
    from sim.analysis.written import UNAUDITED_LEVELS
    from sim.cli.console import remark
    from sim.experiment.prepare import Changes

    given = AnalysisOptions(**options)
    shown = shown_outcomes(outcomes or None)
    asked = {key: item for key, item in (("runs", given.runs), ("seed", given.seed)) if item is not None}
    changes = Changes.of(given.changes, without, with_).and_set(asked)
    plan = plan_sweep(scenarios, Design.make(vary, method, points), changes)
    for note in plan.notes:
        remark(note)
    analysis = Analysis("sweep", plan.scenarios, given)
    found = gathered(plan, analysis.outcomes(), analysis.about)
    analysis.report(
        {"sweep.csv": found.points(shown), "runs.csv": found.runs},
        printed=_tables(found, shown, only_moved=not outcomes),
        legend=_legend(found) + f"{UNAUDITED_LEVELS} {_FILES}",
        figures=_figures(found, outcomes, shown),
    )


def _legend(found: Sweep) -> str:
    from sim.analysis.marked import HOW_BARELY, STARRED_BEYOND
    from sim.analysis.written import mean_over

    few = _few_pairs(int(found.runs["replicate"].nunique()))
    mean = mean_over(len(found.design.paths), binned=found.binned)
    return (
        f"First line: {mean}. Second line: difference from the lowest level with common random numbers [95 % "
        f"interval]; * where that excludes {STARRED_BEYOND}. {HOW_BARELY} {few}"
    )


def _few_pairs(pairs: int) -> str:
    """Return what the rule for stars means where there are so few pairs; empty where it asks little."""
    from sim.analysis.intervals import LEAST_DIFFERING
    from sim.analysis.written import in_percent
    from sim.explain.words import counted

    if pairs < LEAST_DIFFERING:
        return (
            f"There are only {counted(pairs, 'pair')}: where some tie there can be no *. Make "
            f"{LEAST_DIFFERING} or more runs, better several times as many (--runs). "
        )
    if LEAST_DIFFERING / pairs < _MUCH:
        return ""
    return (
        f"Of {pairs} pairs {in_percent(LEAST_DIFFERING / pairs)} must so differ: what few runs reach may "
        "change much and have no *. More runs ask for a smaller share (--runs). "
    )


def _left_out(part: pd.DataFrame, names: Sequence[str]) -> Iterator[str]:
    """Yield which outcomes a table leaves out, and by which part of the rule.

    Parameters
    ----------
    part : DataFrame
        Of one scenario and parameter, as `Sweep.response` returns it.
    names : sequence of str
        Outcomes and end states of which no level has a star.
    """
    from sim.analysis.intervals import LEAST_DIFFERING
    from sim.analysis.sweep import label_of
    from sim.analysis.written import number

    too_few, within = [], []
    for name in names:
        rows = part[part["outcome"] == name]
        apart = rows[(rows["difference_low"] > 0) | (rows["difference_high"] < 0)]
        if apart.empty:
            within.append(label_of(name))
            continue
        row = apart.iloc[int(apart["difference"].abs().argmax())]
        pairs = int(row["difference_pairs"])
        differing = round(pairs * (1 - row["difference_tied"]))
        change = f"{number(row['mean'] - row['difference'])} to {number(row['mean'])} at {row['level']:.4g}"
        too_few.append(f"{label_of(name)} ({change}; {differing} of {pairs} pairs differ)")
    if too_few:
        yield (
            f"Left out although an interval excludes 0, since fewer than {LEAST_DIFFERING} pairs differ: "
            f"{'; '.join(too_few)}."
        )
    if within:
        yield f"Left out, since no interval excludes 0: {'; '.join(within)}."


def _tables(found: Sweep, shown: tuple[str, ...], *, only_moved: bool) -> Iterator[Table | str]:
    """Yield a table a scenario and parameter: outcomes by level, as many levels as fit."""
    from sim.analysis.sweep import label_of, moved
    from sim.analysis.written import apart
    from sim.cli.console import plain_table

    for path in found.design.paths:
        response = found.response(path, shown)
        has_moved = moved(response)
        for scenario, part in response.groupby("scenario", sort=False):
            levels = sorted(set(part["level"]))
            told = set(part["outcome"][has_moved[part.index]]) if only_moved else set(shown)
            names = [name for name in shown if name in told]
            if not names:
                yield f"{scenario}, by {path}: no outcome has a *"
            for first in range(0, len(levels) if names else 0, _COLUMNS):
                beside = levels[first : first + _COLUMNS]
                table = plain_table(
                    f"{scenario}, by {path}", "", *(f"{level:.4g}" for level in beside), numbers=True
                )
                for name in names:
                    rows = part[part["outcome"] == name].set_index("level")
                    means = dict(
                        zip(levels, apart([float(rows.loc[level, "mean"]) for level in levels]), strict=True)
                    )
                    cells = (
                        _cell(rows.loc[level], means[level], first=level == levels[0]) for level in beside
                    )
                    table.add_row(label_of(name), *cells)
                yield table
            yield from _left_out(part, [name for name in shown if name not in told])


def _cell(row: pd.Series[Any], mean: str, *, first: bool) -> str:
    """Return a mean and, below it, its difference from the first level."""
    from sim.analysis.ends import difference_of
    from sim.analysis.marked import star
    from sim.analysis.written import difference_text

    difference, low, high = (float(row[key]) for key in ("difference", "difference_low", "difference_high"))
    if first or isnan(difference):
        return mean
    return f"{mean}\n{difference_text(difference, low, high)} {star(difference_of(row))}".rstrip()


def _figures(found: Sweep, asked: tuple[str, ...], shown: tuple[str, ...]) -> Iterator[tuple[str, Figure]]:
    from sim.analysis.sweep import few_of
    from sim.figures import sweep_curves, sweep_map
    from sim.figures.tables import file_names

    drawn = shown if asked else few_of(found)
    yield "sweep_curves", sweep_curves(found, drawn)
    if found.design.method == "grid" and len(found.design.paths) == 2:
        for name, slug in zip(drawn, file_names(drawn), strict=True):
            yield f"sweep_map_{slug}", sweep_map(found, name)
