"""Figures of a back-test: scores against the base rate, and whether probabilities came true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from calibration.backtest.run import REFERENCE, Backtest
from sim.figures import style
from sim.figures.around import shared_labels
from sim.figures.rows import label_rows, places
from sim.figures.source import SourceLine

_TICKS = (0.001, 0.01, 0.1, 1.0)
_EDGES = (0.003, 0.01, 0.03, 0.1, 0.3)  # of bins of probabilities, alike for all forecasters
_FEWEST = 20  # cases in a bin, for its share to be drawn
_TITLES = {"brier": "Brier score", "log": "log score", "crps": "CRPS of alignment"}


def score_figure(
    scores: pd.DataFrame,
    theses: Sequence[str],
    outcomes: str = "shared",
    source: SourceLine | None = None,
    cluster: str = "state",
) -> Figure:
    """Draw each forecaster's score less that of the base rate, with its interval; left is better.

    Parameters
    ----------
    scores : DataFrame
        From `Backtest.scores`.
    theses : sequence of str
    outcomes : str
        Which set.
    source : SourceLine, optional
    cluster : str
        What the intervals resample.
    """
    shown = scores[(scores["outcomes"] == outcomes) & (scores["forecaster"] != REFERENCE)]
    names = list(dict.fromkeys(shown["forecaster"]))
    colours = style.scenario_colours(theses)
    figure = style.new_figure(1.4 + 0.24 * len(names))
    axes = style.panels(figure, 3, 3, sharey=True)
    heights = places(names)
    for axis, (measure, title) in zip(axes, _TITLES.items(), strict=True):
        axis.axvline(0, color=style.FAINT, linewidth=0.8, linestyle="--")
        for row in shown[shown["measure"] == measure].to_dict("records"):
            height, colour = heights[row["forecaster"]], colours.get(row["forecaster"], style.INK)
            axis.plot([row["low"], row["high"]], [height, height], color=colour, linewidth=1.4)
            axis.plot(row["difference"], height, "o", color=colour, markeredgecolor="white")
        style.panel_title(axis, title)
        axis.locator_params(axis="x", nbins=4)
    label_rows(axes[0], names)
    style.frame(
        figure,
        f"Forecasts against the base rate: {outcomes} outcomes",
        source,
        "Difference in mean score; left of the dashed line is better than the base rate. Bars: 90 %,"
        f" bootstrap over {cluster}s. Stacked: mixture of theses by weights learned before each origin. CRPS"
        " is held against past drift of all states; state rate and logistic foretell no alignment.",
    )
    return figure


def came_true_figure(test: Backtest, source: SourceLine | None = None) -> Figure:
    """Draw each forecaster's probabilities of all events against how often they came true."""
    names = test.forecasters
    colours = style.scenario_colours(test.theses)
    figure = style.new_figure(1.2 + 1.35 * -(-len(names) // 4))
    axes = style.panels(figure, len(names), 4, sharex=True, sharey=True)
    for axis, name in zip(axes, names, strict=True):
        given = np.asarray(test.events[name], dtype=float)
        cases = test.events.assign(given=given, place=np.digitize(given, _EDGES))
        table = cases.groupby("place").agg(
            given=("given", "mean"), happened=("happened", "mean"), number=("given", "size")
        )
        table = table[table["number"] >= _FEWEST].clip(lower=_TICKS[0])
        axis.plot([0.001, 1], [0.001, 1], color=style.FAINT, linewidth=0.8)
        axis.plot(
            table["given"], table["happened"], "o-", ms=3, color=colours.get(name, style.INK), linewidth=1,
            clip_on=False, zorder=3,
        )  # fmt: skip
        axis.set(xscale="log", yscale="log", xlim=(0.001, 1), ylim=(0.001, 1))
        for side in (axis.xaxis, axis.yaxis):
            side.set_ticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
            side.set_minor_locator(NullLocator())
        style.panel_title(axis, name)
    style.frame(
        figure,
        "Did what was given a probability happen that often?",
        source,
        "All events, origins, states and years, in six bins of probability that are alike for all; a bin of"
        f" fewer than {_FEWEST} cases is not drawn. Both axes are logarithmic; less is drawn at .001.",
    )
    shared_labels(figure, "probability given", "share that happened")
    return figure
