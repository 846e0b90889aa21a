"""Do odds come true as often as they say: the reliability curve of what signposts tell."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from sim.explain.words import counted
from sim.figures import style
from sim.figures.registry import figure
from sim.figures.source import Source

_NOTE = (
    "On the line, odds come true as often as they say. Each run of one half of the replicates was taken for"
    " the truth; the other half gave its odds. Bars: 95 %, by resampling the replicates of both halves."
    " Number: of odds given."
)


@figure(
    title="Whether the odds that signposts give come true",
    needs=("reliability.csv",),
    command="sim signposts results/compare --check --figure",
)
def reliability_curve(table: pd.DataFrame, source: Source | None = None) -> Figure:
    """Draw the share that came true over the odds that were given, a panel a window.

    Parameters
    ----------
    table : DataFrame
        As `sim.analysis.reliability.Reliability.table`.
    source : Source, optional
    """
    windows = list(table["years"].unique())
    drawn = style.new_figure(3.4)
    axes = style.panels(drawn, len(windows), len(windows), sharey=True)
    for axis, years in zip(axes, windows, strict=True):
        rows = table[table["years"] == years]
        style.dress(axis)
        axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
        axis.plot([0, 1], [0, 1], color=style.FAINT, linewidth=0.8)
        bars = [rows["came_true"] - rows["low"], rows["high"] - rows["came_true"]]
        axis.errorbar(
            rows["given"], rows["came_true"], yerr=[bar.clip(lower=0) for bar in bars], fmt="o",
            color=style.PALETTE[0], markersize=4, elinewidth=1.0,
        )  # fmt: skip
        for row in rows.itertuples():
            axis.annotate(
                f"{row.odds:,}", (row.given, row.came_true), (5, -9), textcoords="offset points",
                fontsize=style.SMALL, color=style.INK,
            )  # fmt: skip
        axis.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        axis.set_aspect("equal")
        axis.set_title(f"after {counted(int(years), 'year')}", fontsize=style.SMALL)
        axis.set_xlabel("odds given", fontsize=style.SMALL)
    axes[0].set_ylabel("share that came true", fontsize=style.SMALL)
    style.frame(drawn, "Do the odds come true?", source, _NOTE)
    return drawn
