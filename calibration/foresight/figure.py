"""What was expected, under each thesis and without one, against what came."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibration.ensemble.origins import THESES
from sim.figures import style
from sim.figures.around import shared_legend
from sim.figures.source import SourceLine


def foresight_figure(table: pd.DataFrame, source: SourceLine | None = None) -> Figure:
    """Draw each statement's probability under its thesis and under baseline; what came true is filled.

    Parameters
    ----------
    table : DataFrame
        From `calibration.foresight.judge.judge`.
    source : SourceLine, optional
    """
    figure = style.new_figure(1.5 + 0.36 * len(table))
    axis = style.panels(figure, 1, 1)[0]
    colours = style.scenario_colours(THESES)  # as in every other figure
    labels = []
    for height, row in zip(range(len(table) - 1, -1, -1), table.to_dict("records"), strict=True):
        colour = colours[row["thesis"]]
        own, baseline = row["expected_by_thesis"], row["expected_by_baseline"]
        axis.plot([baseline, own], [height, height], color=colour, linewidth=1, alpha=0.6)
        axis.plot(baseline, height, "|", color=style.BASELINE_COLOUR, ms=9, mew=1.6)
        filling = colour if row["came_true"] else "white"
        axis.plot(own, height, "o", color=colour, markerfacecolor=filling)
        labels.append("\n".join(textwrap.wrap(f"{row['claim']} {row['expected']}", 62)[:2]))
    axis.set_yticks(range(len(table) - 1, -1, -1), labels, fontsize=style.SMALL - 1)
    axis.set(xlim=(0, 1), ylim=(-0.6, len(table) - 0.4))
    axis.tick_params(axis="y", length=0)
    axis.set_xlabel("probability that it would come", fontsize=style.SMALL)
    style.frame(
        figure,
        "What the theses said would come",
        source,
        "Dot: under the thesis, filled if it came true by the end of 2024; stroke: without a thesis. Runs"
        " start in the January nearest to the article.",
    )
    theses = list(dict.fromkeys(table["thesis"]))
    handles = [
        Line2D([], [], marker="o", linestyle="", color=colours[name], markersize=4.5, label=name)
        for name in theses
    ]
    handles.append(
        Line2D([], [], marker="|", linestyle="", color=style.BASELINE_COLOUR, ms=8, mew=1.6, label="baseline")
    )
    shared_legend(figure, handles, columns=len(handles))
    return figure
