"""Figures of the record: what happened where and when, and how alignment moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibration.history import BALTIC, REGION, ObservedHistory
from sim.figures import style
from sim.figures.labels import STATE_NAMES
from sim.figures.source import SourceLine
from sim.world.state import Estimate

_STATES = (*BALTIC, *REGION)
_ACROSS = 4
_MARKS = {
    "challenge": ("o", style.BASELINE_COLOUR, 12.0),
    "fall to the street": ("X", style.PALETTE[1], 34.0),
    "Moscow: words or means": ("^", style.PALETTE[5], 16.0),
    "Moscow: troops, war": ("s", style.PALETTE[0], 36.0),  # a territory in the same month leaves a rim
    "Moscow: a territory": ("D", style.PALETTE[3], 9.0),
}
_INTERVENTIONS = {
    "words": "Moscow: words or means",
    "means": "Moscow: words or means",
    "troops": "Moscow: troops, war",
    "war": "Moscow: troops, war",
    "territory": "Moscow: a territory",
}
_OFFSETS = dict(zip(_MARKS, (0.0, 0.0, 0.28, -0.28, -0.28), strict=True))


def timeline_figure(record: ObservedHistory, source: SourceLine | None = None) -> Figure:
    """Draw every challenge, fall and intervention by state and year, over the months with large crowds."""
    figure = style.new_figure(5.4)
    axis: Axes = style.panels(figure, 1, 1)[0]
    heights = {state: place for place, state in enumerate(reversed(_STATES))}
    for (state, year), months in record.crowded_months.items():
        if months:
            strength = min(0.12 + 0.06 * months, 0.5)
            axis.barh(
                heights[state], 1, left=year, height=0.9, color=style.PALETTE[4], alpha=strength, zorder=1
            )
    for kind, (marker, colour, size) in _MARKS.items():
        places = [(when, heights[state] + _OFFSETS[kind]) for when, state in _events(record, kind)]
        if places:
            across, up = zip(*places, strict=True)
            axis.scatter(across, up, s=size, marker=marker, color=colour, linewidths=0, zorder=3)
    axis.set_yticks(list(heights.values()), [STATE_NAMES[state] for state in heights])
    axis.tick_params(axis="y", length=0)
    axis.set_xlim(record.window.first - 0.3, record.window.last + 1.3)
    axis.set_ylim(-0.7, len(_STATES) - 0.3)
    handles = [
        Line2D([], [], marker=marker, color=colour, linestyle="", markersize=4.5, label=kind)
        for kind, (marker, colour, _) in _MARKS.items()
    ]
    axis.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles),
        fontsize=style.SMALL,
        frameon=False,
        columnspacing=1.2,
        handletextpad=0.2,
    )
    style.frame(
        figure,
        f"The record of {record.window}: challenges, falls, and what Moscow did",
        source,
        "Dots: mass protest challenges the regime; a cross lies where it brings the incumbent down. Above:"
        " Moscow gives the regime words or means; below: it sends troops, goes to war, or fights for a"
        " territory or raises its status. Shaded: years with crowds of 10 000 or more, darker for more"
        " months; that list ends in 2019.",
    )
    return figure


def alignment_figure(
    alignments: Mapping[tuple[str, int], Estimate], source: SourceLine | None = None
) -> Figure:
    """Draw alignment by state as deviation from the mean of the 14, with its error, one panel a state."""
    years = sorted({year for _, year in alignments})
    means = {year: np.mean([alignments[state, year].mean for state in _STATES]) for year in years}
    figure = style.new_figure(1.1 + 1.15 * -(-len(_STATES) // _ACROSS))
    for axis, state in zip(
        style.panels(figure, len(_STATES), _ACROSS, sharex=True, sharey=True), _STATES, strict=True
    ):
        values = np.array([alignments[state, year].mean - means[year] for year in years])
        errors = np.array([alignments[state, year].sd for year in years])
        axis.fill_between(
            years, values - errors, values + errors, color=style.PALETTE[0], alpha=0.2, linewidth=0
        )
        axis.plot(years, values, color=style.PALETTE[0], linewidth=1.2)
        axis.axhline(0, color=style.FAINT, linewidth=0.6)
        style.panel_title(axis, STATE_NAMES[state])
    style.frame(
        figure,
        "Alignment with Moscow on record, less the mean of the 14 states",
        source,
        "Line: a composite of treaties, UN votes, bases and trade at the end of each year, from −1 (against"
        " Moscow) to 1 (with it), less the mean of the 14 that year: above 0 a state is closer to Moscow than"
        " they are on average. Band: one standard deviation of its error to either side.",
    )
    return figure


def _events(record: ObservedHistory, kind: str) -> list[tuple[float, str]]:
    found = []
    if kind == "challenge":
        found = [(challenge.month, challenge.state) for challenge in record.challenges]
    elif kind == "fall to the street":
        found = [(fall.month, fall.subject) for fall in record.street_falls]
    else:
        found = [
            (fact.month, fact.subject)
            for fact in record.interventions
            if _INTERVENTIONS.get(fact.detail) == kind
        ]
    return [(month.year + (month.month - 0.5) / 12, state) for month, state in found if state in _STATES]
