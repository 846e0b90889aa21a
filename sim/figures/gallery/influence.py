"""Fan charts of Moscow's influence over time, or of another of its series, by scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.shipped_audit import AuditMarks
from sim.errors import RequestError
from sim.figures import rows, style
from sim.figures.paths import Fans, draw_fan, fans, gather, time_axis
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.scenario.vocabulary import MOSCOW
from sim.series import INTEGRATED_WEIGHT
from sim.world.state import STATES

if TYPE_CHECKING:
    from sim.figures.tables import Tables

_CHANGE = "influence_change"  # the outcome that sums up a path of influence
_BANDS = "Line: median; dark band: 50 % of runs; light band: 90 % of runs."
_MEANS = {
    "influence": f" Index: mean alignment of the {len(STATES)} states (−1 against Moscow, 1 with it), "
    f"weighted by their strategic value, plus {INTEGRATED_WEIGHT:g} for each integrated territory."
}


def _draw(tables: Tables, _: str) -> Figure:
    found = tables.series.influence
    return influence_fans(found, tables.source, baseline=tables.baseline, audit=tables.audit)


@figure(
    title="Moscow's influence over time: median and bands over runs",
    needs=("trajectories",),
    draw=_draw,
)
def influence_fans(
    trajectories: pd.DataFrame | Fans,
    source: Source,
    *,
    column: str = "influence",
    label: str = "Moscow's influence (index)",
    baseline: str | None = None,
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw one of Moscow's series over time, a panel a scenario, all on the same axes.

    Parameters
    ----------
    trajectories : DataFrame or Fans
        As in ``trajectories.parquet``, where Moscow's rows have the state RUS, or the bands already, as
        `sim.figures.paths.fans` returns them.
    source : Source
    column : str
        One of `sim.series.MOSCOW_SERIES`.
    label : str
        Of the axis, with the unit.
    baseline : str, optional
        Its median is dashed in the other panels; by default that which they were compared with when run,
        ``baseline`` if that is not known, or else the first.
    audit : AuditMarks, optional
        Where the change of influence is assumed, its panel is marked so; it says which were not audited.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If no scenario has the series.
    """
    if isinstance(trajectories, dict):
        paths = trajectories
    else:
        paths = fans(gather(trajectories[trajectories["state"] == MOSCOW], column))
    names = [name for name in source.scenarios if (name, MOSCOW) in paths]
    if not names:
        raise RequestError(f"no run has the series {column!r} of Moscow")
    baseline = rows.baseline_of(source, names, baseline)
    colours, titles = style.scenario_colours(names), style.short_names(names, 20)
    lines, across = style.grid(len(names), 4 if len(names) > 6 else 3)
    drawn = style.new_figure(lines * 1.55 + 0.9 if len(names) > 1 else 3.6)
    axes = style.panels(drawn, len(names), across, sharex=True, sharey=True)
    for i, (axis, name) in enumerate(zip(axes, names, strict=True)):
        draw_fan(axis, *paths[name, MOSCOW], colours[name])
        if name != baseline and (baseline, MOSCOW) in paths:
            times, levels = paths[baseline, MOSCOW]
            axis.plot(times, levels[2], color=style.INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=4)
        style.panel_title(axis, titles[name] + rows.mark(name, _CHANGE, audit))
        time_axis(axis)
        if i % across == 0:
            axis.set_ylabel(style.plain(label), fontsize=style.SMALL)
    dashed = f" Dashed: median of {baseline}." if len(names) > 1 else ""
    title = f"{label.partition(' (')[0]} over time: median and bands over runs"
    note = _BANDS + dashed + _MEANS.get(column, "") + rows.legend(audit, [_CHANGE], names, baseline)
    style.frame(drawn, title, source.only(names), note)
    return drawn
