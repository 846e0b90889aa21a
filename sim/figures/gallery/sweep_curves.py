"""How outcomes respond to parameters that are varied: a curve a scenario, on the parameter's own scale."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.sweep import Sweep, few_of, label_of, shown_outcomes
from sim.analysis.written import UNAUDITED_LEVELS, mean_over
from sim.figures import around, labels, style
from sim.figures.registry import figure
from sim.figures.source import source_of

_NOTE = (
    "Line: {mean}; band: its 95 % bootstrap interval (replicates resampled whole). Dots: levels{bins}. Every "
    "point has the same random numbers, so neighbouring points err together: differences from the lowest "
    "level, replicate by replicate, stand in the table that sim sweep prints. End states that hardly occur "
    "are left out unless --outcomes names them. "
) + UNAUDITED_LEVELS
_LABEL_WIDTH = 44  # letters of a line below an axis


@figure(
    title="How outcomes respond to parameters",
    needs=("runs.csv",),
    command="sim sweep baseline --vary moscow.keep_weight=0.5,1,2 --figure",
)
def sweep_curves(found: Sweep, outcomes: Sequence[str] | None = None) -> Figure:
    """Draw dose-response curves: a row an outcome, a column a parameter.

    Parameters
    ----------
    found : Sweep
    outcomes : sequence of str, optional
        Outcomes, and end states for the share of runs that end so; without it those of
        `sim.analysis.sweep.few_of`.

    Returns
    -------
    Figure

    Raises
    ------
    SimError
        If there is no such outcome.
    """
    names, paths = shown_outcomes(few_of(found) if outcomes is None else outcomes), found.design.paths
    colours = style.scenario_colours(found.scenarios)
    drawn = style.new_figure(len(names) * 1.5 + 1.4, max(style.WIDTH * 0.6, min(len(paths), 4) * 2.2 + 1))
    axes = drawn.subplots(len(names), len(paths), squeeze=False, sharex="col", sharey="row")
    for column, path in enumerate(paths):
        response = found.response(path, names)
        for line, name in enumerate(names):
            axis = axes[line][column]
            style.dress(axis)
            axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
            axis.yaxis.set_major_locator(MaxNLocator(4))
            for scenario in found.scenarios:
                own = response[(response["scenario"] == scenario) & (response["outcome"] == name)]
                level, colour = own["level"].to_numpy(float), colours[scenario]
                axis.fill_between(level, own["low"], own["high"], color=colour, alpha=0.18, linewidth=0)
                axis.plot(level, own["mean"], color=colour, linewidth=1.4, marker="o", markersize=3.5)
        axes[-1][column].set_xlabel(labels.parameter_axis(path, _LABEL_WIDTH), fontsize=style.SMALL)
    for line, name in enumerate(names):
        axes[line][0].set_ylabel(
            "\n".join(style.short_names([labels.sentence_case(label_of(name))], 18, 3).values()),
            fontsize=style.SMALL,
        )
    source = source_of(found.runs, found.about)
    note = _NOTE.format(
        mean=mean_over(len(paths), binned=found.binned), bins=", or bins of points" if found.binned else ""
    )
    style.frame(drawn, f"Response to {', '.join(paths)}", source, note)
    if len(found.scenarios) > 1:
        short = style.short_names(found.scenarios, 24)
        handles = [
            Line2D([], [], color=colours[name], marker="o", markersize=3.5, label=short[name])
            for name in found.scenarios
        ]
        around.shared_legend(drawn, handles, 4)
    return drawn
