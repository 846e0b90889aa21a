"""How outcomes respond to parameters that are varied: a curve a scenario, on the parameter's own scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.sweep import MOST_DRAWN, Sweep, few_of, label_of, shown_outcomes
from sim.analysis.written import UNAUDITED_LEVELS, mean_over
from sim.explain.words import listed
from sim.figures import around, labels, style
from sim.figures.registry import figure
from sim.figures.source import source_of
from sim.scenario.library import SHARED_WORLD

_NOTE = (
    "Line: {mean}; band: its 95 % bootstrap interval (replicates resampled whole). Dots: levels{bins}. Every "
    "point has the same random numbers, so neighbouring points err together: differences from the lowest "
    "level, replicate by replicate, stand in the table that sim sweep prints. Without --outcomes "
    f"the first {MOST_DRAWN} outcomes with a star there are drawn, or some if none has one. "
) + UNAUDITED_LEVELS
_OWN_NOTE = (
    " Thin vertical line: the value without the sweep; of what is drawn from a prior, the prior's centre."
)
_ONE_COLUMN = 3  # outcomes by one parameter that stand one above the other; more take two columns
_LABEL_WIDTH = 44  # letters of a line below an axis


@figure(
    title="How outcomes respond to parameters",
    needs=("runs.csv",),
    command="sim sweep baseline --vary moscow.keep_weight=0.5,1,2 --figure",
)
def sweep_curves(found: Sweep, outcomes: Sequence[str] | None = None) -> Figure:
    """Draw dose-response curves: a row an outcome, a column a parameter; of one parameter, two columns.

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
    colours = style.scenario_colours([*found.scenarios, SHARED_WORLD])
    marks = {path: _marks(found, path) for path in paths}
    drawn, axes = _panels(len(names), len(paths))
    for column, path in enumerate(paths):
        response = found.response(path, names)
        for line, name in enumerate(names):
            axis = axes[line][column]
            axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
            axis.yaxis.set_major_locator(MaxNLocator(4))
            for scenario in found.scenarios:
                own = response[(response["scenario"] == scenario) & (response["outcome"] == name)]
                level, colour = own["level"].to_numpy(float), colours[scenario]
                axis.fill_between(level, own["low"], own["high"], color=colour, alpha=0.18, linewidth=0)
                axis.plot(level, own["mean"], color=colour, linewidth=1.4, marker="o", markersize=3.5)
            for value, owners in marks[path].items():
                axis.axvline(value, **_look(owners, colours), linewidth=0.8, zorder=0.5)
        for axis in (
            [axes[-1][column]] if len(paths) > 1 else [row[0] for row in axes[-_columns(len(names)) :]]
        ):
            axis.set_xlabel(labels.parameter_axis(path, _LABEL_WIDTH), fontsize=style.SMALL)
    for line, name in enumerate(names):
        axes[line][0].set_ylabel(
            "\n".join(style.short_names([labels.sentence_case(label_of(name))], 18, 3).values()),
            fontsize=style.SMALL,
        )
    source = source_of(found.runs, found.about)
    note = _NOTE.format(
        mean=mean_over(len(paths), binned=found.binned), bins=", or bins of points" if found.binned else ""
    )
    owned = [
        _handle(path, value, owners, found, colours)
        for path in paths
        for value, owners in marks[path].items()
    ]
    style.frame(drawn, f"Response to {', '.join(paths)}", source, note + _OWN_NOTE * bool(owned))
    short = style.short_names(found.scenarios, 24)
    handles = [
        Line2D([], [], color=colours[name], marker="o", markersize=3.5, label=short[name])
        for name in found.scenarios
        if len(found.scenarios) > 1
    ]
    if handles + owned:
        around.shared_legend(drawn, handles + owned, 2 if owned else 4)
    return drawn


def _columns(names: int) -> int:
    """Return in how many columns so many outcomes by one parameter stand."""
    return 2 if names > _ONE_COLUMN else 1


def _panels(names: int, paths: int) -> tuple[Figure, list[list[Axes]]]:
    """Return an empty figure, and its panels by outcome and parameter."""
    columns = _columns(names)
    if paths > 1:
        drawn = style.new_figure(names * 1.5 + 1.4, min(paths, 4) * 2.2 + 1)
        axes = drawn.subplots(names, paths, squeeze=False, sharex="col", sharey="row")
        for axis in axes.flat:
            style.dress(axis)
        return drawn, [list(row) for row in axes]
    drawn = style.new_figure(-(-names // columns) * 1.5 + 1.4, style.WIDTH * (1.0 if columns > 1 else 0.6))
    return drawn, [[axis] for axis in style.panels(drawn, names, columns, sharex=True)]


def _marks(found: Sweep, path: str) -> dict[float, list[str]]:
    """Return the values that are marked on the scale of a parameter, with the scenarios that have them.

    Only those among the levels: a value far away would press the curves together.
    """
    levels = found.design.points[path]
    marks: dict[float, list[str]] = {}
    for name, value in found.own.get(path, {}).items():
        if levels.min() <= value <= levels.max():
            marks.setdefault(value, []).append(name)
    return marks


def _look(owners: Sequence[str], colours: Mapping[str, str]) -> dict[str, Any]:
    """Return colour and style of a mark: of one scenario its own."""
    return {"color": colours[owners[0]] if len(owners) == 1 else style.INK, "linestyle": "--"}


def _handle(
    path: str, value: float, owners: Sequence[str], found: Sweep, colours: Mapping[str, str]
) -> Line2D:
    """Return what the legend says of a mark."""
    where = f"{path} of " if len(found.design.paths) > 1 else "own value of "
    (text,) = style.short_names([f"{where}{listed(owners)}: {value:.3g}"], 48, 3).values()
    return Line2D([], [], linewidth=0.8, label=text, **_look(owners, colours))
