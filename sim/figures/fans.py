"""Fan charts over time: Moscow's influence by scenario, and each state's alignment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.compare import chosen_baseline
from sim.figures import labels, rows, style
from sim.figures.paths import Paths, bands, draw_fan, draw_reference, gather
from sim.figures.rows import Cells
from sim.figures.source import Source
from sim.scenario.vocabulary import MOSCOW
from sim.series import INTEGRATED_WEIGHT

_CHANGE = "influence_change"  # the outcome that sums up a path of influence
_BANDS = "Line: median; dark band: 50 % of runs; light band: 90 % of runs."
_MEANS = {
    "influence": " Index: mean alignment of the 14 states (−1 against Moscow, 1 with it), weighted by their "
    f"strategic value, plus {INTEGRATED_WEIGHT:g} for each integrated territory."
}


def influence_fans(
    trajectories: pd.DataFrame,
    source: Source,
    *,
    column: str = "influence",
    label: str = "Moscow's influence (index)",
    baseline: str | None = None,
    assumed: Cells = frozenset(),
) -> Figure:
    """Draw one of Moscow's series over time, a panel a scenario, all on the same axes.

    Parameters
    ----------
    trajectories : DataFrame
        As in ``trajectories.parquet``; Moscow's rows have the state RUS.
    source : Source
    column : str
        One of `sim.model.trace.MOSCOW_SERIES`.
    label : str
        Of the axis, with the unit.
    baseline : str, optional
        Its median is dashed in the other panels; ``null`` if it is there, otherwise the first scenario.
    assumed : frozenset of (scenario, outcome)
        Where the change of influence is among them, its panel is marked as such.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If no scenario has the series.
    """
    paths = gather(trajectories[trajectories["state"] == MOSCOW], column)
    names = [name for name in source.scenarios if (name, MOSCOW) in paths]
    if not names:
        raise ValueError(f"no run has the series {column!r} of Moscow")
    baseline = chosen_baseline(names, baseline)
    colours, titles = style.scenario_colours(names), style.short_names(names, 20)
    lines, across = style.grid(len(names), 4 if len(names) > 6 else 3)
    figure = style.new_figure(lines * 1.55 + 0.9 if len(names) > 1 else 3.6)
    axes = style.panels(figure, len(names), across, sharex=True, sharey=True)
    for i, (axis, name) in enumerate(zip(axes, names, strict=True)):
        draw_fan(axis, *paths[name, MOSCOW], colours[name])
        if name != baseline and (baseline, MOSCOW) in paths:
            times, values = paths[baseline, MOSCOW]
            axis.plot(
                times, bands(values)[2], color=style.INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=4
            )
        style.panel_title(axis, titles[name] + rows.mark(name, _CHANGE, assumed))
        _time_axis(axis)
        if i % across == 0:
            axis.set_ylabel(style.plain(label), fontsize=style.SMALL)
    dashed = f" Dashed: median of {baseline}." if len(names) > 1 else ""
    title = f"{label.partition(' (')[0]} over time: median and bands over runs"
    note = _BANDS + dashed + _MEANS.get(column, "") + rows.legend(assumed, [_CHANGE])
    style.frame(figure, title, source.only(names), note)
    return figure


def alignment_fans(trajectories: pd.DataFrame | Paths, source: Source, scenarios: Sequence[str]) -> Figure:
    """Draw the alignment of each state over time, a panel a state, for one or two scenarios.

    Parameters
    ----------
    trajectories : DataFrame or Paths
        As in ``trajectories.parquet``, or already gathered from it by `sim.figures.paths.gather`.
    source : Source
    scenarios : sequence of str
        One or two. The last is the fan; the first of two is drawn as lines to compare it with.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are not one or two scenarios, or one of them has no trajectories.
    """
    if not 1 <= len(scenarios) <= 2:
        raise ValueError(f"one or two scenarios to a figure of alignments, not {len(scenarios)}")
    paths = trajectories if isinstance(trajectories, dict) else gather(trajectories, "alignment")
    for name in scenarios:
        if not any(scenario == name for scenario, _ in paths):
            raise ValueError(f"scenario {name!r} has no trajectories")
    colours = style.scenario_colours(source.scenarios)
    figure = style.new_figure(7.0)
    codes = list(labels.STATE_NAMES)
    axes = style.panels(figure, len(codes) + 1, 4, sharex=True, sharey=True)
    for axis, code in zip(axes, codes, strict=False):
        axis.axhline(0, color=style.FAINT, linewidth=0.6, zorder=1)
        for name in scenarios:
            if (name, code) in paths:
                mark = draw_fan if name == scenarios[-1] else draw_reference
                mark(axis, *paths[name, code], colours[name] if mark is draw_fan else style.INK)
        style.panel_title(axis, labels.STATE_NAMES[code])
        _time_axis(axis)
        axis.set_ylim(-1.05, 1.05)
        axis.set_yticks([-1, 0, 1])
    for axis in axes[10:14]:
        axis.tick_params(labelbottom=True)
    for axis in axes[0:13:4]:
        axis.set_ylabel("alignment", fontsize=style.SMALL)
    short = style.short_names(scenarios, 24, lines=3)
    handles = _fan_key(colours[scenarios[-1]], short[scenarios[-1]])
    if len(scenarios) == 2:
        handles += _reference_key(short[scenarios[0]])
    axes[-1].set_axis_off()
    legend = axes[-1].legend(handles=handles, loc="center left", frameon=False, fontsize=style.SMALL)
    legend.set_in_layout(False)  # a long name may run on into the empty place beside it
    title = "Alignment with Moscow by state: " + " and ".join(scenarios)
    note = "Bands hold 50 % and 90 % of runs in each month. Alignment: −1 against Moscow, 1 with it."
    note += rows.ALIGNMENT_BY_STATE
    style.frame(figure, title, source.only(list(scenarios)), note)
    return figure


def _fan_key(colour: str, name: str) -> list[Artist]:
    """Return what explains a fan in a legend."""
    return [
        Line2D([], [], color=colour, linewidth=1.3, label=f"{name}: median"),
        Patch(facecolor=colour, alpha=0.48, label="50 % of runs"),  # both bands, one over the other
        Patch(facecolor=colour, alpha=0.20, label="90 % of runs"),
    ]


def _reference_key(name: str) -> list[Artist]:
    """Return what explains the lines that a fan is compared with."""
    return [
        Line2D([], [], color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)), label=f"{name}: median"),
        Line2D(
            [], [], color=style.INK, linewidth=0.8, linestyle=(0, (1, 1.5)), label=f"{name}: 90 % of runs"
        ),
    ]


def _time_axis(axis: Axes) -> None:
    axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
    axis.margins(x=0.01)
