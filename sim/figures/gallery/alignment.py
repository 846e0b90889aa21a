"""Fan charts of each state's alignment over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.errors import RequestError
from sim.figures import labels, rows, style
from sim.figures.paths import (
    Fans,
    draw_fan,
    draw_reference,
    fan_key,
    fans,
    gather,
    reference_key,
    time_axis,
)
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.naming import several

if TYPE_CHECKING:
    from sim.figures.tables import Tables

_ACROSS = 4  # panels


def _draw(tables: Tables, variant: str) -> Figure:
    name = tables.by_file_name[variant]
    pair = [name] if name == tables.baseline else [tables.baseline, name]
    return alignment_fans(tables.series.alignments, tables.source, pair)


@figure(
    title="Alignment with Moscow by state over time: median and bands over runs",
    needs=("trajectories",),
    draw=_draw,
    variants=lambda tables: list(tables.by_file_name),
)
def alignment_fans(
    trajectories: pd.DataFrame | Fans, source: Source, scenarios: str | Sequence[str]
) -> Figure:
    """Draw the alignment of each state over time, a panel a state, for one or two scenarios.

    Parameters
    ----------
    trajectories : DataFrame or Fans
        As in ``trajectories.parquet``, or the bands already, as `sim.figures.paths.fans` returns them.
    source : Source
    scenarios : sequence of str
        One or two. The last is the fan; the first of two is drawn as lines to compare it with.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If there are not one or two scenarios, or one of them has no trajectories.
    """
    scenarios = several(scenarios, "scenarios")
    if not 1 <= len(scenarios) <= 2:
        raise RequestError(f"one or two scenarios to a figure of alignments, not {len(scenarios)}")
    paths = trajectories if isinstance(trajectories, dict) else fans(gather(trajectories, "alignment"))
    for name in scenarios:
        if not any(scenario == name for scenario, _ in paths):
            raise RequestError(f"scenario {name!r} has no trajectories")
    colours = style.scenario_colours(source.scenarios)
    codes = list(labels.STATE_NAMES)
    lines, across = style.grid(len(codes) + 1, _ACROSS)  # the last place is the legend's
    drawn = style.new_figure(lines * 1.6 + 0.6)
    axes = style.panels(drawn, len(codes) + 1, across, sharex=True, sharey=True)
    for axis, code in zip(axes, codes, strict=False):
        axis.axhline(0, color=style.FAINT, linewidth=0.6, zorder=1)
        for name in scenarios:
            if (name, code) in paths:
                mark = draw_fan if name == scenarios[-1] else draw_reference
                mark(axis, *paths[name, code], colours[name] if mark is draw_fan else style.INK)
        style.panel_title(axis, labels.STATE_NAMES[code])
        time_axis(axis)
        axis.set_ylim(-1.05, 1.05)
        axis.set_yticks([-1, 0, 1])
    for axis in axes[:-1][-across:]:
        axis.tick_params(labelbottom=True)
    for axis in axes[:-1:across]:
        axis.set_ylabel("alignment", fontsize=style.SMALL)
    short = style.short_names(scenarios, 24, lines=3)
    handles = fan_key(colours[scenarios[-1]], short[scenarios[-1]])
    if len(scenarios) == 2:
        handles += reference_key(short[scenarios[0]])
    axes[-1].set_axis_off()
    legend = axes[-1].legend(handles=handles, loc="center left", frameon=False, fontsize=style.SMALL)
    legend.set_in_layout(False)  # a long name may run on into the empty place beside it
    title = "Alignment with Moscow by state: " + " and ".join(scenarios)
    note = "Bands hold 50 % and 90 % of runs in each month. Alignment: −1 against Moscow, 1 with it."
    note += rows.ALIGNMENT_BY_STATE
    style.frame(drawn, title, source.only(list(scenarios)), note)
    return drawn
