"""Figures of a forecast, state by state."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from calibration.backtest.baselines import BASELINES
from calibration.backtest.outcomes import EVENTS
from calibration.backtest.run import STACKED
from calibration.forecast.make import QUANTILE
from sim.figures import style
from sim.figures.source import SourceLine

_ACROSS = 5
_LABELS = {STACKED: "mixture"}


def event_figure(
    table: pd.DataFrame, event: str, source: SourceLine | None = None, weights: str = "weighted"
) -> Figure:
    """Draw the probability of an event by state and year, one line a thesis and one their mixture.

    Parameters
    ----------
    table : DataFrame
        Of a forecast.
    event : str
        One of `EVENTS`.
    source : SourceLine, optional
    weights : str
        How the mixture is weighted, in a few words.
    """
    rows = table[(table["outcome"] == event) & ~table["forecaster"].isin(BASELINES)]
    states, names = (list(dict.fromkeys(rows[column])) for column in ("state", "forecaster"))
    colours = style.scenario_colours([name for name in names if name != STACKED])
    figure = style.new_figure(6.0)
    axes = style.panels(figure, len(states), _ACROSS, sharex=True, sharey=True)
    for axis, state in zip(axes, states, strict=True):
        for name in names:
            own = rows[(rows["state"] == state) & (rows["forecaster"] == name)]
            first = state == states[0]
            axis.plot(
                own["year"], own["value"], label=_LABELS.get(name, name) if first else None,
                zorder=3 if name == STACKED else 2, color=colours.get(name, style.INK),
                linewidth=1.8 if name == STACKED else 0.9,
            )  # fmt: skip
        style.panel_title(axis, state)
        axis.locator_params(axis="x", nbins=3, integer=True)
    axes[0].set_ylim(0, 1.05 * float(rows["value"].max()))
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside right center", fontsize=style.SMALL, frameon=False
    )
    style.frame(
        figure,
        f"Probability by year: {EVENTS[event]}",
        source,
        f"One line a thesis; black: their mixture, {weights}. The model compares what theses imply; for a"
        " named country it is no prophecy.",
    )
    return figure


def alignment_figure(
    table: pd.DataFrame, forecaster: str = STACKED, source: SourceLine | None = None
) -> Figure:
    """Draw one forecaster's alignment by state: median, and bands of 50 and 90 %."""
    rows = table[(table["kind"] == QUANTILE) & (table["forecaster"] == forecaster)]
    states = list(dict.fromkeys(rows["state"]))
    figure = style.new_figure(6.0)
    axes = style.panels(figure, len(states), _ACROSS, sharex=True, sharey=True)
    for axis, state in zip(axes, states, strict=True):
        wide = rows[rows["state"] == state].pivot(index="year", columns="level", values="value")
        axis.fill_between(wide.index, wide[0.05], wide[0.95], color=style.PALETTE[0], alpha=0.2, linewidth=0)
        axis.fill_between(wide.index, wide[0.25], wide[0.75], color=style.PALETTE[0], alpha=0.3, linewidth=0)
        axis.plot(wide.index, (wide[0.45] + wide[0.55]) / 2, color=style.PALETTE[0], linewidth=1.2)
        axis.axhline(0, color=style.FAINT, linewidth=0.6)
        style.panel_title(axis, state)
        axis.locator_params(axis="x", nbins=3, integer=True)
    style.frame(
        figure,
        f"Alignment with Moscow, less the mean of the states: {_LABELS.get(forecaster, forecaster)}",
        source,
        "Median, 50 % and 90 % bands, with the record's measurement error.",
    )
    return figure
