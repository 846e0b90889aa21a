"""Distributions of outcomes over runs, scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.analysis.shipped_audit import AuditMarks
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source, shown_columns, source_of, theme_columns
from sim.measures import OUTCOMES
from sim.measures.registry import themes

if TYPE_CHECKING:
    from sim.figures.tables import Tables

_MOST_BINS = 24
_TALLEST = 0.72  # of a row
_TALL, _AXIS, _ALONE = 0.5, 0.4, 5.0  # inches of a row, an axis and the width, where a panel stands alone
_HEAD, _REST = 0.5, 0.9  # inches that a panel takes beside its rows, and the figure beside its panels
_NOTE = (
    "Bars: share of runs, one scale within a panel. Dot: median. Line: 5 % to 95 % of runs."
    " n: runs in which the outcome is defined, if fewer than all."
)


def bin_edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return bins for all scenarios of a panel: one a count, or at most 24 equal ones.

    Parameters
    ----------
    values : ndarray
        Finite, at least one.

    Returns
    -------
    ndarray
        Edges. Whole numbers lie in the middle of their bins.
    """
    low, high = float(values.min()), float(values.max())
    if np.all(values == np.round(values)):
        step = max(1, int(np.ceil((high - low + 1) / _MOST_BINS)))
        return np.arange(low, high + 1 + step, step) - 0.5
    if high - low < 1e-9 * max(1.0, abs(low), abs(high)):
        half = 0.5 * max(abs(low), 1e-6) * 0.1
        return np.array([low - half, high + half])
    return np.linspace(low, high, _MOST_BINS + 1)


def _draw(tables: Tables, theme: str) -> Figure:
    columns = theme_columns(tables.outcomes, theme)
    title = f"{labels.theme_title(theme)}: distribution over runs"
    return outcome_distributions(tables.outcomes, columns, tables.measured, title, tables.audit)


@figure(
    title="Outcomes by scenario: distribution over runs",
    needs=("outcomes",),
    draw=_draw,
    variants=lambda _: list(themes()),
)
def outcome_distributions(
    outcomes: pd.DataFrame,
    columns: str | Sequence[str] | None = None,
    source: Source | None = None,
    title: str = "Outcomes by scenario: distribution over runs",
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw the distribution of each outcome, a panel an outcome and a row a scenario.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run: ``scenario`` and the outcomes. NaN is a run in which an outcome is not defined.
    columns : sequence of str, optional
        Outcomes to show; those of any theme that are there, or else the first twelve.
    source : Source, optional
        Read from the table if not given.
    title : str
    audit : AuditMarks, optional
        Which differences are assumed, and are marked so, and which were not audited.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If no outcome is there to show, or a column is missing.
    """
    shown = shown_columns(outcomes, columns)
    source = source or source_of(outcomes)
    names = list(source.scenarios)
    lines, across = style.grid(len(shown), 3)
    head = _HEAD + style.title_room(style.wrapped(labels.outcome_label(column)) for column in shown)
    row = style.row_height(len(names), lines, 0.3, head, _REST)
    drawn = style.new_figure(lines * (max(len(names), 2) * row + head) + _REST)
    for axis, column in zip(style.panels(drawn, len(shown), across, sharey=True), shown, strict=True):
        draw_distribution(axis, outcomes, column, names, audit, row)
    note = _NOTE + labels.defined(shown) + rows.legend(audit, shown, names, rows.baseline_of(source, names))
    style.frame(drawn, title, source, note)
    return drawn


def plot_outcome(
    outcomes: pd.DataFrame,
    column: str,
    source: Source | None = None,
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw one outcome's distribution, a row a scenario.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run: ``scenario`` and the outcome.
    column : str
        The outcome, for example ``street_falls``.
    source : Source, optional
    audit : AuditMarks, optional
        As for `outcome_distributions`, such as ``results.audit("baseline")``; the figure says if it is not
        given.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If there is no such column.
    """
    source = source or source_of(outcomes)
    names = list(source.scenarios)
    if audit is None and column in OUTCOMES and OUTCOMES[column].own:
        audit = AuditMarks()  # the shipped audit knows no outcome of a user's
    title = f"{labels.outcome_label(column)}: distribution over runs"
    told = rows.legend(audit, [column], names, rows.baseline_of(source, names))
    note = _NOTE + labels.defined([column]) + told
    below = style.wrapped(labels.outcome_axis(column), 50)
    height = max(len(names), 2) * _TALL + _AXIS + style.title_room([below])
    drawn = style.new_figure(height + style.caption_room(title, source, note, _ALONE), _ALONE)
    (axis,) = style.panels(drawn, 1, 1)
    draw_distribution(axis, outcomes, column, names, audit, _TALL)
    axis.set_title("", loc="left")
    axis.set_xlabel(below, fontsize=style.TEXT)
    style.frame(drawn, title, source, note)
    return drawn


def draw_distribution(
    axis: Axes,
    outcomes: pd.DataFrame,
    column: str,
    names: Sequence[str],
    audit: AuditMarks | None = None,
    row: float = rows.ROW,
) -> None:
    """Draw into a panel each scenario's share of runs by value, with the median and 90 % of runs.

    Raises
    ------
    RequestError
        If there is no such column, or it holds no numbers.
    """
    shown_columns(outcomes, [column])
    colours, heights = style.scenario_colours(names), rows.places(names)
    tables = {name: outcomes.loc[outcomes["scenario"] == name, column] for name in names}
    values = {name: rows.finite(table) for name, table in tables.items()}
    rows.label_rows(axis, names, above=0.9, below=0.45, row=row)
    style.panel_title(axis, style.wrapped(labels.outcome_label(column)))
    everything = np.concatenate([values[name] for name in names])
    if not everything.size:
        axis.text(
            0.5, 0.5, "not defined in any run", transform=axis.transAxes, ha="center", fontsize=style.SMALL
        )
        axis.set_xticks([])
        return
    whole = bool(np.all(everything == np.round(everything)))
    edges = bin_edges(everything)
    shares = {name: np.histogram(v, edges)[0] / max(v.size, 1) for name, v in values.items()}
    tallest = max(float(share.max()) for share in shares.values())
    for name in names:
        axis.plot(edges[[0, -1]], [heights[name]] * 2, color=style.GRID, linewidth=0.5, zorder=1)
        if values[name].size:
            tops = shares[name] / tallest * _TALLEST
            axis.bar(
                edges[:-1], tops, np.diff(edges), bottom=heights[name], align="edge", color=colours[name],
                alpha=0.55, edgecolor="white", linewidth=0.3, zorder=2,
            )  # fmt: skip
            # As in the tables: of counts the ends are values that occurred, the median may lie between two.
            low, high = np.quantile(values[name], [0.05, 0.95], method="inverted_cdf" if whole else "linear")
            middle = float(np.median(values[name]))
            rows.interval(axis, heights[name] - 0.14, low, middle, high, colours[name], width=1.6)
        beside = f"n={values[name].size}" if values[name].size < len(tables[name]) else ""
        beside += rows.mark(name, column, audit)
        if beside:
            axis.text(
                1.01, heights[name], beside.strip(), transform=axis.get_yaxis_transform(),
                fontsize=6, color=style.FAINT,
            )  # fmt: skip
    axis.xaxis.set_major_locator(MaxNLocator(5, integer=whole))
    margin = 0.02 * (edges[-1] - edges[0])
    axis.set_xlim(edges[0] - margin, edges[-1] + margin)
