"""Figures of the odds: the theses given the record, what one history can tell, and how long it would take."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.odds.held_out import HeldOut
from calibration.odds.posterior import RULED_OUT, Odds
from calibration.statistics.summary import SUMMARIES
from sim.figures import style
from sim.figures.rows import label_rows, places
from sim.figures.source import SourceLine

_HEAT = "Blues"
_SHOWN = 14  # outlying statistics


def odds_figure(odds: Odds, source: SourceLine | None = None) -> Figure:
    """Draw each thesis's probability given the record, with what the ensemble's size leaves open."""
    figure = style.new_figure(1.3 + 0.27 * len(odds.theses))
    axis = style.panels(figure, 1, 1)[0]
    heights, colours = places(odds.theses), style.scenario_colours(odds.theses)
    axis.axvline(1 / len(odds.theses), color=style.FAINT, linewidth=0.8, linestyle="--")
    for place, thesis in enumerate(odds.theses):
        height, colour = heights[thesis], colours[thesis]
        axis.plot(odds.repeats[:, place], [height] * len(odds.repeats), "|", color=colour, alpha=0.5, ms=7)
        axis.plot([odds.low[place], odds.high[place]], [height] * 2, color=colour, linewidth=1.4)
        axis.plot(odds.probabilities[place], height, "o", color=colour, markeredgecolor="white")
    label_rows(axis, odds.theses)
    axis.set_xlim(0, max(0.5, float(odds.high.max()) * 1.05))
    axis.set_xlabel("probability given the record", fontsize=style.SMALL)
    style.frame(
        figure,
        "The theses given the record, from equal odds before it",
        source,
        "Dot: classifier, calibrated on held-out histories. Bar: 5-95 % of classifiers trained on resampled"
        f" ensembles (strokes). Dashed: equal odds. {odds.verdict}",
    )
    return figure


def confusion_figure(held: HeldOut, source: SourceLine | None = None) -> Figure:
    """Draw what histories of each thesis are taken for, and the probabilities that they give on average."""
    figure = style.new_figure(4.3)
    axes = style.panels(figure, 2, 2, sharey=True)
    pairs = (
        (held.confusion(), "share of histories taken for it"),
        (held.mean_posterior(), "mean probability given to it"),
    )
    for axis, (table, title) in zip(axes, pairs, strict=True):
        _heat(axis, table)
        style.panel_title(axis, title)
        axis.set_xlabel("thesis that it is held for", fontsize=style.SMALL)
    axes[0].set_ylabel("thesis that made the history", fontsize=style.SMALL)
    number = len(held.theses)
    style.frame(
        figure,
        "What one history can tell apart",
        source,
        f"{len(held.labels) // number} histories a row, judged by a classifier that has not seen them."
        f" Guessing gives {1 / number:.2f} everywhere.",
    )
    return figure


def reliability_figure(held: HeldOut, source: SourceLine | None = None) -> Figure:
    """Draw given probabilities against how often they came true."""
    figure = style.new_figure(3.2, 3.6)
    axis = style.panels(figure, 1, 1)[0]
    table = held.reliability()
    error = 1.645 * np.sqrt(table["came_true"] * (1 - table["came_true"]) / table["number"])
    axis.plot([0, 1], [0, 1], color=style.FAINT, linewidth=0.8)
    axis.errorbar(table["given"], table["came_true"], yerr=error, fmt="o", color=style.PALETTE[0], ms=4)
    top = min(1.0, 1.15 * float(max(table["given"].max(), table["came_true"].max())))
    axis.set(xlim=(0, top), ylim=(0, top))
    axis.set_xlabel("probability given to a thesis", fontsize=style.SMALL)
    axis.set_ylabel("share that it was true", fontsize=style.SMALL)
    style.frame(figure, "Are the probabilities right?", source, "Held-out histories; bars: 90 %.")
    return figure


def novelty_figure(outlying: pd.DataFrame, source: SourceLine | None = None) -> Figure:
    """Draw the record's most outlying statistics against all runs, each on its own scale."""
    shown = outlying.dropna(subset=["tail"]).head(_SHOWN)
    figure = style.new_figure(1.2 + 0.2 * len(shown))
    axis = style.panels(figure, 1, 1)[0]
    for height, row in zip(range(len(shown) - 1, -1, -1), shown.to_dict("records"), strict=True):
        half = (row["high"] - row["low"]) / 2 or 1.0
        middle = (row["high"] + row["low"]) / 2
        at = float(np.clip((row["value"] - middle) / half, -3, 3))
        axis.plot(
            [-1, 1], [height] * 2, color=style.BASELINE_COLOUR, linewidth=5, alpha=0.45, solid_capstyle="butt"
        )
        axis.plot([(row["median"] - middle) / half], [height], "|", color=style.BASELINE_COLOUR, ms=8)
        colour = style.PALETTE[1] if abs(at) > 1 else style.PALETTE[0]
        axis.plot([at], [height], "o", color=colour, markeredgecolor="white", zorder=4)
        axis.text(3.2, height, f"{row['value']:.3g}", fontsize=style.SMALL, va="center", color=colour)
    axis.set_yticks(range(len(shown) - 1, -1, -1), [_label(str(name)) for name in shown["statistic"]])
    axis.set(xlim=(-3.2, 3.9), ylim=(-0.7, len(shown) - 0.3))
    axis.set_xticks([-1, 0, 1], ["5 %", "", "95 %"])
    axis.tick_params(axis="y", length=0)
    style.frame(
        figure,
        "Where the record is least like simulated histories",
        source,
        "Grey: 5-95 % of the runs of all theses; stroke: median. Dot: the record, its value at the right;"
        " orange: outside; at the edge: further out.",
    )
    return figure


def length_figure(table: pd.DataFrame, record_years: int, source: SourceLine | None = None) -> Figure:
    """Draw how sure of the truth a history makes us, by its length."""
    theses = list(dict.fromkeys(table["thesis"]))
    colours = style.scenario_colours(theses)
    figure = style.new_figure(3.4)
    axes = style.panels(figure, 2, 2, sharex=True)
    for thesis in theses:
        rows = table[table["thesis"] == thesis]
        axes[0].fill_between(
            rows["years"], rows["low"], rows["high"], color=colours[thesis], alpha=0.15, linewidth=0
        )
        for axis, column in zip(axes, ("probability", "log_odds"), strict=True):
            if rows[column].notna().any():
                axis.plot(rows["years"], rows[column], "o-", ms=3, color=colours[thesis], label=thesis)
    axes[0].axhline(1 / len(theses), color=style.FAINT, linewidth=0.8, linestyle="--")
    axes[1].axhline(np.log(RULED_OUT), color=style.FAINT, linewidth=0.8, linestyle="--")
    for axis, title in zip(
        axes, ("mean probability of the truth", "mean log odds against baseline"), strict=True
    ):
        axis.axvline(record_years, color=style.FAINT, linewidth=0.8)
        style.panel_title(axis, title)
        axis.set_xlabel("years of history", fontsize=style.SMALL)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside right center", fontsize=style.SMALL, frameon=False
    )
    style.frame(
        figure,
        "How long a history must be to tell the theses apart",
        source,
        f"By simulation. Vertical line: the record, {record_years} years; beyond it further years under the"
        f" same parameters are added. Dashed: guessing; odds of {RULED_OUT:g} to 1. Bands: 90 %.",
    )
    return figure


def _label(statistic: str) -> str:
    labels = {summary.name: summary.label for summary in SUMMARIES}
    return style.plain(labels.get(statistic, statistic.replace("_", " ")))


def _heat(axis: Axes, table: pd.DataFrame) -> None:
    values = table.to_numpy(dtype=float)
    top = max(0.5, float(values.max()))
    axis.imshow(values, cmap=_HEAT, vmin=0, vmax=top, aspect="auto")
    axis.grid(False)
    names = list(style.short_names(table.columns).values())
    axis.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axis.set_yticks(range(len(names)), names)
    for row, column in np.ndindex(*values.shape):
        share = values[row, column]
        axis.text(
            column, row, f"{share:.2f}", ha="center", va="center", fontsize=style.SMALL - 1,
            color="white" if share > 0.55 * top else style.INK,
        )  # fmt: skip
