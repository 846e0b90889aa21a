"""What the spread of each outcome rests on: shares of variance with their intervals, a column a group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.variance import GROUPS, few_runs, no_shares, with_current_groups
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source

COLOURS = dict(zip(GROUPS, ("#D55E00", "#B87A00", "#009E73", "#0072B2", "#6e6e6e"), strict=True))
"""Okabe and Ito's colours, the orange darkened to be seen as a line; what we assume stands out."""

_ROW = 0.2  # inches
_EDGES = (-0.1, 1.1)  # what lies beyond, as sampling error may have it, is drawn there
_NOTE = (
    "Dot: share of the variance over runs that would go if the numbers of this group were known (first-order"
    " Sobol' index); line: its 95 % bootstrap interval; what lies beyond the panel is drawn at its edge;"
    " ring: share that would stay"
    " if all other groups were known (total index). Assumed, calibrated, cited: parameters by the source of"
    " their number."
)


@figure(
    title="What the spread of each outcome rests on",
    needs=("variance.csv",),
    command="sim variance baseline dubnov --figure",
)
def variance_intervals(shares: pd.DataFrame, source: Source | None = None) -> Figure:
    """Draw the shares of one scenario's results.

    Parameters
    ----------
    shares : DataFrame
        Of one scenario, as `sim.analysis.variance.variance_shares` returns it.
    source : Source, optional

    Returns
    -------
    Figure
        A block of panels for the outcomes, and one for their differences from the first scenario, if any.
    """
    shares = with_current_groups(shares)
    parts = [part for _, part in shares.groupby("result", sort=False)]
    outcomes = [str(name) for name in dict.fromkeys(shares["outcome"])]
    drawn = style.new_figure(len(parts) * (len(outcomes) * _ROW + 0.5) + 1.3)
    grid: Any = drawn.subplots(len(parts), len(GROUPS), squeeze=False, sharex=True, sharey=True)
    scenario = str(shares["scenario"].iloc[0])
    for block, part in zip(grid, parts, strict=True):
        baseline = str(part["baseline"].iloc[0])
        heading = f"{scenario} less {baseline}" if baseline else scenario
        for axis, group in zip(block, GROUPS, strict=True):
            style.dress(axis)
            style.panel_title(axis, group, COLOURS[group])
            _draw(axis, part[part["group"] == group].set_index("outcome").loc[outcomes], COLOURS[group])
        for height, name in zip(_heights(outcomes), outcomes, strict=True):
            row = part[part["outcome"] == name].iloc[0]
            if missing := no_shares(float(row["alone"]), float(row["pairs"])):
                block[0].text(-0.1, height, missing, va="center", fontsize=6, color=style.FAINT)
        names = [style.plain(labels.outcome_label(name)) for name in outcomes]
        block[0].set_yticks(_heights(outcomes), names)
        block[0].set_ylabel(style.plain(heading), fontsize=style.TEXT, fontweight="bold")
    for axis in grid[-1]:
        axis.set_xlabel("% of variance", fontsize=style.SMALL)
    few = few_runs(int(shares["pairs"].max()))
    note = _NOTE + (f" Caution: {few}." if few else "")
    style.frame(drawn, f"What the spread of {scenario} rests on", source, note)
    return drawn


def _heights(outcomes: list[str]) -> list[float]:
    return [float(height) for height in reversed(range(len(outcomes)))]


def _draw(axis: Axes, part: pd.DataFrame, colour: str) -> None:
    for height, row in zip(_heights(list(part.index)), part.to_dict("records"), strict=True):
        alone, error, in_all = (float(row[key]) for key in ("alone", "alone_error", "in_all"))
        if np.isnan(alone):
            continue
        low, centre, high, total = np.clip([alone - error, alone, alone + error, in_all], *_EDGES).tolist()
        rows.interval(axis, height, low, centre, high, colour, width=1.6)
        axis.plot(
            [total], [height], marker="o", markersize=4.5, markerfacecolor="none", markeredgecolor=colour,
            markeredgewidth=0.7, zorder=3,
        )  # fmt: skip
    axis.set_xlim(_EDGES[0] - 0.05, _EDGES[1] + 0.05)
    axis.set_xticks([0, 0.5, 1], ["0", "50", "100"])
    axis.set_ylim(-0.6, len(part) - 0.4)
    axis.tick_params(axis="y", length=0, labelsize=style.SMALL)
