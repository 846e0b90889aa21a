"""What to watch: in which share of the runs of each scenario, or end state, a signpost happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from sim.analysis.signpost_words import BEFORE, SHARE, about_states, no_given_past, runs_in_words, told
from sim.analysis.written import DAGGER, SIGNPOST_ASSUMED, SIGNPOST_UNAUDITED
from sim.explain.words import capital, counted
from sim.figures import around, style
from sim.figures.registry import figure
from sim.figures.source import Source

_ROW = 0.66  # inches: four lines
_NOTE = (
    "Dot: share of runs in which it happens at least so often. The most telling is on top, with its bits and"
    " bits a year of waiting. What does not exceed the best of all signposts in 95 % of shuffles is left out."
)
_UNAUDITED = "?"


@figure(
    title="What to watch to tell scenarios apart",
    needs=("signposts.csv",),
    command="sim signposts results/compare baseline dubnov --figure",
)
def what_to_watch(table: pd.DataFrame, source: Source | None = None, most: int = 10) -> Figure:
    """Draw the signposts of one window.

    Parameters
    ----------
    table : DataFrame
        Of one window, as `sim.analysis.signposts.signposts` returns it, with one that exceeds chance.
    source : Source, optional
    most : int
        Signposts that are drawn.

    Returns
    -------
    Figure
    """
    shown = (
        table[table["exceeds"].astype(bool)].head(most).fillna({"assumed": "", "unaudited": "", "given": ""})
    )
    names = [str(name).removeprefix(SHARE) for name in table if str(name).startswith(SHARE)]
    colours = style.scenario_colours(names)
    drawn = style.new_figure(len(shown) * _ROW + 2.0)
    (axis,) = style.panels(drawn, 1, 1)
    style.dress(axis)
    heights = [float(len(shown) - 1 - place) for place in range(len(shown))]
    for height, row in zip(heights, shown.to_dict("records"), strict=True):
        shares = [float(row[f"{SHARE}{name}"]) for name in names]
        axis.plot([min(shares), max(shares)], [height, height], color=style.GRID, linewidth=2.0, zorder=1)
        for name, share in zip(names, shares, strict=True):
            axis.plot([share], [height], marker="o", markersize=6, color=colours[name], alpha=0.9, zorder=3)
    axis.set_yticks(heights, [_label(row) for row in shown.to_dict("records")])
    axis.tick_params(axis="y", length=0, labelsize=style.SMALL)
    axis.set_ylim(-0.6, len(shown) - 0.4)
    axis.set_xlim(-0.03, 1.03)
    axis.xaxis.set_major_formatter(PercentFormatter(1))
    axis.set_xlabel("share of runs", fontsize=style.SMALL)
    first = shown.iloc[0]
    given = str(first["given"]) if "given" in shown else ""
    title = f"What to watch in {counted(int(first['years']), 'year')} from {first['from']}"
    title += about_states(shown) + (", after what was seen" if given else "")
    assumed = (shown["assumed"] != "").any()
    unaudited = ((shown["assumed"] == "") & (shown["unaudited"] != "")).any()
    numbers = runs_in_words({str(key): value for key, value in first.items()})
    held = f"Only the {first['runs']} runs count{numbers} of which this holds: {given}." if given else ""
    later = any(str(name).startswith(BEFORE) for name in shown)
    held = held or (no_given_past(str(first["from"])) if later else "")
    notes = [_NOTE, held, SIGNPOST_ASSUMED if assumed else ""]
    notes += [f"{_UNAUDITED} {SIGNPOST_UNAUDITED}"] if unaudited else []
    style.frame(drawn, title, source, " ".join(filter(None, notes)))
    short = style.short_names(names, 24)
    handles = [
        Line2D([], [], color=colours[name], marker="o", linestyle="", markersize=6, label=short[name])
        for name in names
    ]
    around.shared_legend(drawn, handles, 4)
    return drawn


def _label(row: Mapping[Any, Any]) -> str:
    """Return a signpost in words, over some lines, with its bits and the mark of what is assumed."""
    mark = f" {DAGGER} {row['assumed']}" if row["assumed"] else f" {_UNAUDITED}" if row["unaudited"] else ""
    words = capital(told(str(row["observable"]), int(row["threshold"])))
    (short,) = style.short_names([words], 50, 3).values()
    bits = f"{float(row['bits']):.2f} bits, {float(row['bits_a_year']):.2f} a year"
    (marked,) = style.short_names([f"{bits}{mark}"], 50, 2).values()
    return f"{short}\n{marked}"
