"""What each claim of the theses does to its outcome, as a forest plot."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.claims import AS_CLAIMED, NOT_COMPARED, NOT_VISIBLE, OPPOSITE, THE_THESIS_WITHOUT_IT, ZERO
from sim.errors import RequestError
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source

COLOURS = {AS_CLAIMED: "#009E73", NOT_VISIBLE: style.BASELINE_COLOUR, OPPOSITE: "#D55E00"}
"""Okabe and Ito's green and vermilion; grey where the interval holds 0."""

_HEAD = 0.62  # inches a panel takes beside its rows
_LEGEND = 4  # rows that the legend takes
_OUTERMOST = 2.5  # standard deviations at which the axis ends at most; what lies beyond is drawn at the edge
_INNERMOST = 0.5  # and at least, so that small effects look small
_NOTE = (
    "Dot: mean difference that the claim makes to its outcome, pair by pair, in standard deviations of that"
    " outcome; line: 95 % bootstrap interval. Arrow beside the outcome: where the claim says that it goes."
    " * : seen in another scenario than the thesis's own, or held against another scenario than the same runs"
    " without the claim (see claims.csv). ‡ : held against 0 and not against the thesis without the claim, so"
    " hardly able to fail. What lies beyond 2.5 is drawn there. Claims that no comparison of runs"
    " can show are left out."
)


@figure(
    title="What each claim does to the outcome that it speaks of",
    needs=("claims.csv",),
    command="sim claims --figure",
)
def claim_effects(claims: pd.DataFrame, source: Source | None = None) -> Figure:
    """Draw the effect of every claim that is compared, a panel a thesis.

    Parameters
    ----------
    claims : DataFrame
        As `sim.analysis.claims.judge` returns it.
    source : Source, optional

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If no claim is compared.
    """
    compared = claims[claims["verdict"] != NOT_COMPARED]
    if compared.empty:
        raise RequestError("no claim states an effect on an outcome: there is nothing to draw")
    parts = {str(name): part for name, part in compared.groupby("thesis", sort=False)}
    lines, across = style.grid(len(parts), 2)
    names = list(parts)
    counts = [len(parts[name]) for name in names]
    longest = [max(counts[i * across : (i + 1) * across]) for i in range(lines)]
    spare = [longest[i // across] - count for i, count in enumerate(counts)]
    roomy = int(np.argmax(spare))
    longest[roomy // across] += max(_LEGEND - spare[roomy], 0)
    drawn = style.new_figure(sum(longest) * rows.ROW + lines * _HEAD + 1.4)
    axes = drawn.subplots(lines, across, squeeze=False, sharex=True, height_ratios=longest)
    places = list(axes.flat)
    for unused in places[len(parts) :]:
        unused.set_visible(False)
    reach = _reach(compared)
    for i, (axis, (name, part)) in enumerate(zip(places, parts.items(), strict=False)):
        style.dress(axis)
        axis.tick_params(labelbottom=True)
        style.panel_title(axis, style.plain(name))
        _draw(axis, part, longest[i // across], reach)
    for axis in places[max(0, len(parts) - across) : len(parts)]:
        axis.set_xlabel("standard deviations of the outcome", fontsize=style.SMALL)
    handles = [
        Line2D([], [], color=colour, marker="o", markersize=4, linewidth=1.2, label=name)
        for name, colour in COLOURS.items()
    ]
    places[roomy].legend(handles=handles, loc="lower right", fontsize=style.SMALL, frameon=False)
    style.frame(drawn, "What each claim does to the outcome that it speaks of", _short(source), _NOTE)
    return drawn


def standardised(claims: pd.DataFrame) -> pd.DataFrame:
    """Return difference, low and high in standard deviations of each outcome.

    A difference without spread on either side is 0 where it is 0, and infinite otherwise.
    """
    values = claims[["difference", "low", "high"]].to_numpy(float)
    scale = claims["scale"].to_numpy(float)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(values == 0, 0.0, values / scale)
    return pd.DataFrame(scaled, index=claims.index, columns=["difference", "low", "high"])


def _reach(claims: pd.DataFrame) -> float:
    """Return at how many standard deviations the axis ends: no wider than the intervals are, if they end."""
    scaled = standardised(claims).to_numpy(float)
    widest = np.abs(scaled[~np.isnan(scaled)]).max(initial=_INNERMOST)
    return float(min(widest, _OUTERMOST))


def _draw(axis: Axes, part: pd.DataFrame, lines: int, reach: float) -> None:
    """Draw a thesis's claims from the top of a panel that has room for so many lines."""
    heights = np.arange(len(part))[::-1].astype(float)
    scaled = standardised(part).clip(-reach, reach).to_numpy(float)
    axis.axvline(0, color=style.FAINT, linewidth=0.8, zorder=1)
    for height, found, (centre, low, high) in zip(heights, part["verdict"], scaled, strict=True):
        if np.isfinite(centre):
            rows.interval(axis, height, low, centre, high, COLOURS[str(found)], width=3.0)
        else:
            axis.text(0.05, height, "undefined in these runs", va="center", fontsize=6, color=style.FAINT)
    axis.set_yticks(heights, [_label(row) for row in part.to_dict("records")])
    axis.set_ylim(len(part) - lines - 0.6, len(part) - 0.4)
    axis.set_xlim(-reach * 1.04, reach * 1.04)
    axis.tick_params(axis="y", length=0, labelsize=style.SMALL)


def _label(row: Mapping[Hashable, object]) -> str:
    arrow = {"up": "↑", "down": "↓"}[str(row["sign"])]
    usual = row["seen_in"] == row["thesis"] and row["held_against"] == THE_THESIS_WITHOUT_IT
    mark = " ‡" if row["held_against"] == ZERO else "" if usual else " *"
    outcome = labels.outcome_label(str(row["outcome"]))
    return style.plain(f"{outcome} {arrow}{mark}  {row['claim']}")


def _short(source: Source | None) -> Source | None:
    """Return a source line that names the theses alone: their many variants would fill a page."""
    if source is None:
        return None
    kept = [name for name in source.scenarios if "-without-" not in name]
    return source.only(kept)
