"""What the spread of each outcome rests on, as stacked bars."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.figures import labels, rows, style
from sim.figures.source import Source
from sim.results.variance import GROUPS

COLOURS = dict(zip(GROUPS, ("#D55E00", "#E69F00", "#009E73", "#56B4E9", "#B8B8B8"), strict=True))
"""Okabe and Ito's colours; what we assume stands out, luck recedes."""

_TOGETHER = "several together"
_NOTE = (
    "Coloured: share of the variance over runs that would go if these numbers were known (first-order Sobol'"
    " index of the group, below 0 by chance shown as 0); white: what they do only together."
    " Bars that would exceed 1 by sampling error are scaled to it. See variance.csv for intervals and total"
    " indices."
)


def variance_bars(shares: pd.DataFrame, source: Source | None = None) -> Figure:
    """Draw the shares of one scenario's results.

    Parameters
    ----------
    shares : DataFrame
        Of one scenario, as `sim.results.variance.variance_shares` returns it.
    source : Source, optional

    Returns
    -------
    Figure
        A panel for the outcomes, and one for their differences from the first scenario, if any.
    """
    names = {"outcome": "Outcome", "difference": "Difference from the first scenario"}
    parts = {str(result): part for result, part in shares.groupby("result", sort=False)}
    outcomes = list(dict.fromkeys(shares["outcome"]))
    figure = style.new_figure(len(outcomes) * rows.ROW + 1.6)
    spec = figure.add_gridspec(2, len(parts), height_ratios=[1, len(outcomes)])
    key = figure.add_subplot(spec[0, :])
    axes = [figure.add_subplot(spec[1, place]) for place in range(len(parts))]
    for axis, (result, part) in zip(axes, parts.items(), strict=True):
        style.dress(axis)
        style.panel_title(axis, names[result])
        _draw(axis, part, outcomes)
    for axis in axes[1:]:
        axis.set_yticks([])
    axes[0].set_yticks(
        np.arange(len(outcomes))[::-1], [style.plain(labels.outcome_label(str(name))) for name in outcomes]
    )
    handles = [Patch(facecolor=colour, label=group) for group, colour in COLOURS.items()]
    handles.append(Patch(facecolor="white", edgecolor=style.FAINT, label=_TOGETHER))
    key.axis("off")
    key.legend(
        handles=handles, loc="center left", ncols=len(handles), fontsize=style.SMALL, frameon=False,
        borderaxespad=0, columnspacing=1.2, handlelength=1.4,
    )  # fmt: skip
    scenario = str(shares["scenario"].iloc[0])
    style.frame(figure, f"What the spread of {scenario} rests on", source, _NOTE)
    return figure


def _draw(axis: Axes, part: pd.DataFrame, outcomes: list[str]) -> None:
    table = part.pivot(index="outcome", columns="group", values="alone")
    alone = table.loc[outcomes, list(GROUPS)].clip(lower=0)
    scaled = alone.div(np.maximum(alone.sum(axis=1), 1.0), axis=0).to_numpy(float)
    heights = np.arange(len(outcomes))[::-1]
    defined = np.isfinite(scaled).all(axis=1)
    axis.barh(heights[defined], 1.0, height=0.62, color="white", edgecolor=style.FAINT, linewidth=0.5)
    left = np.zeros(len(outcomes))
    for place, group in enumerate(GROUPS):
        width = np.where(defined, scaled[:, place], 0.0)
        axis.barh(heights, width, left=left, height=0.62, color=COLOURS[group])
        left = left + width
    for height in heights[~defined]:
        axis.text(0.02, height, "does not vary", va="center", fontsize=6, color=style.FAINT)
    axis.set_xlim(0, 1)
    axis.set_ylim(-0.6, len(outcomes) - 0.4)
    axis.set_xlabel("share of variance", fontsize=style.SMALL)
    axis.tick_params(axis="y", length=0, labelsize=style.SMALL)
