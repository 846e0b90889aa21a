"""One thing set to several levels under each of several theses: what an outcome does as it rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import bootstrap_means
from sim.errors import RequestError
from sim.figures import labels, style
from sim.figures.gallery.differences import paired_differences
from sim.figures.registry import figure
from sim.figures.source import Source, shown_columns, source_of
from sim.naming import several

_NOTE = (
    "Dots: mean difference from the first level, pair by pair with common random numbers; bars: 95 %"
    " bootstrap interval of it. The first level is 0 by definition. One scale within a row."
)


def level_differences(
    outcomes: pd.DataFrame, column: str, families: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Hold the scenarios of each family against the family's first.

    Parameters
    ----------
    outcomes : DataFrame
        As in ``outcomes.parquet``.
    column : str
        An outcome.
    families : mapping of str to sequence of str
        Scenarios of each family, from the lowest level up.

    Returns
    -------
    DataFrame
        One row a family and scenario, in that index: ``pairs``, ``difference``, and its 95 % bootstrap
        interval ``low``, ``high``.
    """
    rows = {}
    for family, given in families.items():
        scenarios = several(given, "a family", "scenarios")
        for scenario in scenarios:
            differences = paired_differences(outcomes, column, scenario, scenarios[0])
            low, high = bootstrap_means(differences[:, None])[:, 0]
            mean = float(differences.mean()) if differences.size else float("nan")
            rows[family, scenario] = {
                "pairs": differences.size, "difference": mean, "low": float(low), "high": float(high),
            }  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["family", "scenario"])
    return table


@figure(
    title="Outcomes by the level of one thing, under each of several theses",
    needs=("outcomes",),
    command="python examples/support_levels.py",
)
def plot_levels(
    outcomes: pd.DataFrame,
    columns: str | Sequence[str],
    families: Mapping[str, Sequence[str]],
    levels: Sequence[str],
    *,
    title: str,
    source: Source | None = None,
) -> Figure:
    """Draw outcomes by level, a row an outcome and a column a family.

    Parameters
    ----------
    outcomes : DataFrame
        As in ``outcomes.parquet``.
    columns : sequence of str
        Outcomes.
    families : mapping of str to sequence of str
        Scenarios of each family, one a level.
    levels : sequence of str
        What the levels are called, from the lowest up.
    title : str
    source : Source, optional

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If a family has not one scenario a level.
    """
    columns, levels = shown_columns(outcomes, columns), several(levels, "levels")
    families = {family: several(given, "a family", "scenarios") for family, given in families.items()}
    wrong = [family for family, scenarios in families.items() if len(scenarios) != len(levels)]
    if wrong:
        raise RequestError(f"{wrong[0]} has not one scenario for each level: {', '.join(levels)}")
    names = list(families)
    colours, short = style.scenario_colours(names), style.short_names(names, 12)
    drawn = style.new_figure(len(columns) * 1.5 + 1.0)
    axes = drawn.subplots(len(columns), len(names), squeeze=False, sharex=True, sharey="row")
    places = np.arange(len(levels))
    for line, column in enumerate(columns):
        table = level_differences(outcomes, column, families)
        for axis, name in zip(axes[line], names, strict=True):
            style.dress(axis)
            axis.grid(False)
            axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
            axis.axhline(0, color=style.FAINT, linewidth=0.8, zorder=1)
            part = table.loc[name]
            axis.plot(places, part["difference"], color=colours[name], linewidth=1.0, zorder=2)
            axis.vlines(places, part["low"], part["high"], color=colours[name], linewidth=2.2, zorder=3)
            axis.plot(places, part["difference"], "o", color=colours[name], markersize=3.5, zorder=4)
            axis.set_xticks(places, [style.plain(level) for level in levels])
            axis.set_xlim(-0.4, len(levels) - 0.6)
            axis.yaxis.set_major_locator(MaxNLocator(4))
            if line == 0:
                style.panel_title(axis, short[name])
        axes[line][0].set_ylabel(style.plain(labels.outcome_label(column)), fontsize=style.SMALL)
    style.frame(drawn, title, _count(outcomes, source), _NOTE)
    return drawn


def _count(outcomes: pd.DataFrame, source: Source | None) -> Source:
    """Return a source line that counts the runs and leaves the many names to the panels."""
    given = source or source_of(outcomes)
    return Source(given.seed, {"the panels'": min(given.runs.values())}, given.version)
