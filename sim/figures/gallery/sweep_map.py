"""How an outcome depends on two parameters together: a heat map on their own scales."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.analysis.sweep import Sweep, label_of, shown_outcomes
from sim.analysis.written import UNAUDITED_LEVELS, apart
from sim.errors import RequestError
from sim.figures import labels, style
from sim.figures.registry import figure
from sim.figures.source import source_of

_NOTE = (
    "Colour and number: mean over runs. A cell reaches half way to the neighbouring levels, so that axes are"
    " true to scale, with ticks at levels. Every point has the same random numbers. " + UNAUDITED_LEVELS
)


@figure(
    title="How an outcome depends on two parameters together",
    needs=("runs.csv",),
    command="sim sweep baseline --vary moscow.keep_weight=0.5,1,2 --vary citizens.conformity --figure",
)
def sweep_map(found: Sweep, outcome: str) -> Figure:
    """Draw a heat map of an outcome over a grid of two parameters, a panel a scenario.

    Parameters
    ----------
    found : Sweep
        Of two parameters in a grid.
    outcome : str
        An outcome, or an end state for the share of runs that end so.

    Returns
    -------
    Figure

    Raises
    ------
    SimError
        If there is no such outcome, or the sweep is no grid of two parameters.
    """
    (name,), paths = shown_outcomes([outcome]), found.design.paths
    if len(paths) != 2 or found.design.method != "grid":
        raise RequestError("a heat map takes a grid of two parameters")
    points = found.points([name])
    rows, columns = style.grid(len(found.scenarios), 3)
    drawn = style.new_figure(rows * 2.6 + 1.3)
    axes = style.panels(drawn, len(found.scenarios), columns, sharex=True, sharey=True)
    low, high = float(points["mean"].min()), float(points["mean"].max())
    short = style.short_names(found.scenarios, 30)
    for axis, scenario in zip(axes, found.scenarios, strict=True):
        own = points[points["scenario"] == scenario].pivot(index=paths[1], columns=paths[0], values="mean")
        across, up = own.columns.to_numpy(float), own.index.to_numpy(float)
        axis.grid(False)
        mesh = axis.pcolormesh(
            _edges(across), _edges(up), own.to_numpy(float), cmap="cividis", vmin=low, vmax=high
        )
        if own.size <= 49:
            _write_numbers(axis, own.to_numpy(float), across, up, (low + high) / 2)
        style.panel_title(axis, short[scenario])
        axis.set_xlabel(labels.parameter_axis(paths[0], 34), fontsize=style.SMALL)
        axis.set_xticks(*_ticks(across, 0.05 * columns))
        axis.set_yticks(*_ticks(up, 0.07))
    for axis in axes[::columns]:
        axis.set_ylabel(labels.parameter_axis(paths[1], 34), fontsize=style.SMALL)
    bar = drawn.colorbar(mesh, ax=axes, shrink=0.8)
    bar.ax.tick_params(labelsize=style.SMALL)
    title = f"{labels.sentence_case(label_of(name))}, by {paths[0]} and {paths[1]}"
    style.frame(drawn, title, source_of(found.runs, found.about), _NOTE)
    return drawn


def _write_numbers(
    axis: Axes,
    values: NDArray[np.float64],
    across: NDArray[np.float64],
    up: NDArray[np.float64],
    middle: float,
) -> None:
    """Write each cell's value into it, to be read on its colour."""
    texts = np.reshape(apart(values.ravel().tolist()), values.shape)
    for line, height in enumerate(up):
        for column, place in enumerate(across):
            value = values[line, column]
            if np.isfinite(value):
                colour = "white" if value < middle else style.INK
                axis.text(
                    place, height, texts[line, column], ha="center", va="center", fontsize=6, color=colour
                )


def _ticks(levels: NDArray[np.float64], room: float) -> tuple[list[float], list[str]]:
    """Return levels at which there is room for a number, and how it is written.

    Parameters
    ----------
    levels : ndarray
        In order.
    room : float
        What a number takes, as a share of the axis.
    """
    edges = _edges(levels)
    apart_by = room * (edges[-1] - edges[0])
    kept: list[float] = []
    for level in levels.tolist():
        if not kept or level - kept[-1] >= apart_by:
            kept.append(level)
    return kept, [f"{level:g}" for level in kept]


def _edges(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where cells around some levels end: half way between them, and as far beyond the outer ones."""
    if len(levels) == 1:
        return np.array([levels[0] - 0.5, levels[0] + 0.5])
    middles = (levels[:-1] + levels[1:]) / 2
    first, last = levels[0] - (middles[0] - levels[0]), levels[-1] + (levels[-1] - middles[-1])
    return np.concatenate([[first], middles, [last]])
