"""The record as a mark against the model's interval, pattern by pattern."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.table import number
from sim.figures import style
from sim.figures.source import SourceLine

_EDGE = 3.0  # of the axis, in half-widths of the model's interval
_ROW = 0.17  # inches
_MODEL, _INSIDE, _OUTSIDE = style.BASELINE_COLOUR, style.PALETTE[0], style.PALETTE[1]


def pattern_figure(comparison: pd.DataFrame, source: SourceLine | None, title: str) -> Figure:
    """Draw one panel a window and one row a pattern.

    Each row has its own scale, on which 5-95 % of runs reach from -1 to 1. A record beyond three times that
    is drawn as an arrow at the edge. The record's value stands at the end of the row.

    Parameters
    ----------
    comparison : DataFrame
        From `calibration.comparison.compare`.
    source : SourceLine, optional
    title : str
    """
    windows = list(dict.fromkeys(comparison["window"]))
    labels = list(dict.fromkeys(comparison["label"]))
    figure = style.new_figure(1.3 + _ROW * len(labels))
    axes = style.panels(figure, len(windows), len(windows), sharex=True, sharey=True)
    heights = {label: len(labels) - 1 - place for place, label in enumerate(labels)}
    for axis, window in zip(axes, windows, strict=True):
        style.panel_title(axis, str(window))
        for row in comparison[comparison["window"] == window].to_dict("records"):
            _row(axis, row, heights[row["label"]])
        axis.set_xlim(-_EDGE - 0.2, _EDGE + 1.1)
        axis.set_xticks([-1, 0, 1], ["5 %", "", "95 %"])
    axes[0].set_yticks(list(heights.values()), [style.plain(label) for label in labels])
    axes[0].set_ylim(-0.7, len(labels) - 0.3)
    for axis in axes:
        axis.tick_params(axis="y", length=0)
    style.frame(
        figure,
        title,
        source,
        "Grey bar: 5-95 % of runs, each row on its own scale; tick: median. Mark: the record, its value at"
        " the right; thin line: its 90 % interval, cut at the edge. Orange: outside the model's interval;"
        " arrow: far outside. A tick without a bar: hardly any run differs.",
    )
    return figure


def _row(axis: Axes, row: dict[Any, Any], height: float) -> None:
    if not row["runs"] or not np.isfinite(row["record"]):
        axis.text(
            0, height, "undefined", ha="center", va="center", fontsize=style.SMALL - 1, color=style.FAINT
        )
        return
    place = _scale(row)
    spread = row["high"] > row["low"]
    if spread:
        axis.plot(
            [-1, 1], [height, height], color=_MODEL, linewidth=5, alpha=0.45, solid_capstyle="butt", zorder=2
        )
    axis.plot([place(row["median"])] * 2, [height - 0.3, height + 0.3], color=_MODEL, linewidth=1.2, zorder=3)
    colour = _OUTSIDE if row["outside"] else _INSIDE
    if spread and np.isfinite(row["record_low"]):
        ends = [np.clip(place(row[key]), -_EDGE, _EDGE) for key in ("record_low", "record_high")]
        axis.plot(ends, [height, height], color=colour, linewidth=0.8, zorder=4)
    at = place(row["record"])
    beyond = abs(at) > _EDGE
    marker = (">" if at > 0 else "<") if beyond else "o"
    at = float(np.clip(at, -_EDGE, _EDGE))
    axis.plot([at], [height], marker=marker, markersize=4.5, color=colour, markeredgecolor="white", zorder=5)
    axis.text(
        _EDGE + 0.2,
        height,
        number(row["record"]),
        fontsize=style.SMALL - 1,
        color=colour,
        va="center",
        zorder=5,
    )


def _scale(row: dict[Any, Any]) -> Any:
    """Return the map of a row's values to the common axis."""
    centre, half = (row["low"] + row["high"]) / 2, (row["high"] - row["low"]) / 2

    def place(value: float) -> float:
        if half > 0:
            return float((value - centre) / half)
        return 0.0 if value == centre else float(np.copysign(2 * _EDGE, value - centre))

    return place
