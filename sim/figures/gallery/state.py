"""One state: what becomes of its government and of its citizens' views, and whether the incumbent falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from sim.analysis.written import UNAUDITED_STATES
from sim.errors import RequestError
from sim.figures import labels, style
from sim.figures.paths import Fans, draw_fan, draw_reference, fan_key, reference_key, time_axis, years_of
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.measures.falls import rows_of_falls

if TYPE_CHECKING:
    from sim.figures.tables import Tables

SERIES = {
    "alignment": "Alignment with Moscow",
    "dependence": "Dependence on Moscow",
    "attitude": "Attitude to Moscow",
    "legitimacy": "Legitimacy",
    "security_loyalty": "Loyalty of the services",
}
"""The series of `sim.series.STATE_SERIES` that are shown, with the titles of their panels."""

_SIGNED = ("alignment", "attitude")  # from -1 to 1, all others from 0
_FALLS = "Incumbent has fallen"
_ACROSS = 4  # panels
_LETTERS = 21  # of a name, a line


def fallen_by(
    events: pd.DataFrame, scenario: str, state: str, times: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return in how many runs an incumbent of a state has fallen, to the street or to elites.

    Parameters
    ----------
    events : DataFrame
        As in ``events.parquet``.
    scenario, state : str
    times : ndarray, shape (months,)
        Months as `sim.figures.paths.years_of` returns them, in order.

    Returns
    -------
    ndarray, shape (months,)
        By the end of each month.
    """
    falls = rows_of_falls(events[(events["scenario"] == scenario) & (events["target"] == state)])
    months = falls["month"].astype(str)
    first = months.groupby(falls["replicate"].to_numpy()).min()
    return np.searchsorted(np.sort(years_of(list(first))), times + 1e-9)


def _draw(tables: Tables, variant: str) -> Figure:
    paths = tables.fans_of(variant, list(SERIES))
    return state_paths(paths, tables.falls_and_uses, tables.measured, variant)


@figure(
    title="One state: alignment, views, legitimacy, services, and whether the incumbent falls",
    needs=("trajectories", "events"),
    command="sim compare baseline dubnov --state KGZ",
    draw=_draw,
    variants=lambda tables: tables.states,
)
def state_paths(paths: Mapping[str, Fans], events: pd.DataFrame, source: Source, state: str) -> Figure:
    """Draw what happens in one state over time, a panel a series, and the share of runs with a fall.

    Parameters
    ----------
    paths : mapping of str to Fans
        The bands of each of `SERIES`, as `sim.figures.paths.fans` returns them.
    events : DataFrame
        As in ``events.parquet``.
    source : Source
        Its baseline is drawn as lines to compare with.
    state : str
        Its code.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If no run has trajectories of the state.
    """
    names = [name for name in source.scenarios if (name, state) in paths["alignment"]]
    if not names:
        raise RequestError(f"no run has trajectories of {labels.STATE_NAMES[state]}")
    drawn = style.new_figure(4.6)
    axes = style.panels(drawn, len(SERIES) + 2, _ACROSS, sharex=True)  # the last place is the legend's
    reference = source.baseline if len(names) > 1 and source.baseline in names else ""
    others = [name for name in names if name != reference]
    alone = len(others) == 1  # one scenario beside the baseline has room for its bands
    colours = style.scenario_colours(source.scenarios)
    for axis, (column, title) in zip(axes, SERIES.items(), strict=False):
        style.panel_title(axis, title)
        for name in others:
            times, levels = paths[column][name, state]
            if alone:
                draw_fan(axis, times, levels, colours[name])
            else:
                axis.plot(times, levels[2], color=colours[name], linewidth=1.3, zorder=3)
        if reference:
            draw_reference(axis, *paths[column][reference, state], style.INK)
        axis.set_ylim(-1.05 if column in _SIGNED else -0.03, 1.05 if column in _SIGNED else 1.03)
        axis.set_yticks([-1, 0, 1] if column in _SIGNED else [0, 0.5, 1])
        time_axis(axis)
    _draw_falls(axes[len(SERIES)], paths["alignment"], events, source, state, names, reference)
    axes[-1].set_axis_off()
    short = style.short_names(names, _LETTERS)
    handles = [
        handle for name in others for handle in fan_key(colours[name], short[name])[: None if alone else 1]
    ]
    if reference:
        handles += reference_key(short[reference])
    legend = axes[-1].legend(handles=handles, loc="center left", frameon=False, fontsize=style.SMALL)
    legend.set_in_layout(False)  # a long name may run on into the empty place beside it
    since = f" since {source.window.since}" if source.window.since is not None else ""
    few = min(source.runs[name] for name in names)
    note = (
        "Alignment and attitude: −1 against Moscow, 1 with it. Last panel, a line a scenario: the share of"
        f" runs in which an incumbent has fallen{since} by then, to the street or to elites. With {few} runs"
        f" the standard error of a share of 10 % is {100 * np.sqrt(0.09 / few):.1f} points."
    )
    if len(names) > 1:
        note += f" {UNAUDITED_STATES}"
    title = (
        f"{labels.STATE_NAMES[state]}: paths over time, and the share of runs in which the incumbent falls"
    )
    style.frame(drawn, title, source, note)
    return drawn


def _draw_falls(
    axis: Axes,
    paths: Fans,
    events: pd.DataFrame,
    source: Source,
    state: str,
    names: Sequence[str],
    reference: str,
) -> None:
    """Draw the share of runs in which the incumbent has fallen by then, a line a scenario."""
    style.panel_title(axis, _FALLS)
    colours = style.scenario_colours(source.scenarios)
    highest = 0.0
    for name in names:
        times = paths[name, state][0]
        shares = fallen_by(events, name, state, times) / source.runs[name]
        highest = max(highest, float(shares[-1]))
        if name == reference:
            axis.plot(times, shares, color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
        else:
            axis.plot(times, shares, color=colours[name], linewidth=1.3, zorder=3)
    axis.set_ylim(0, max(1.08 * highest, 0.055))
    axis.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))  # whole percents: none is rounded
    axis.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    time_axis(axis)
