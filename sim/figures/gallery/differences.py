"""Paired differences from the baseline: a replicate under two scenarios, with common random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.analysis.intervals import bootstrap_means
from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.written import pairs_text, whole_percent
from sim.errors import RequestError
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source, shown_columns, source_of, theme_columns
from sim.measures.registry import themes

if TYPE_CHECKING:
    from sim.figures.tables import Tables

_HEAD = 0.5  # inches that a panel takes beside its rows
_COLUMN_HEAD = 0.3  # inches over the first row, where two lines say what stands beside rows
_NOTE = (
    "Differences between runs of the same replicate, which share their random numbers. Dot: mean; thick "
    "line: its 95 % bootstrap interval; thin line: 5 % to 95 % of pairs. Right of each row: share of pairs "
    "in which the scenario is above the baseline / equal to it, in percent; (n pairs): where they are fewer "
    "than all, since the outcome is undefined in the others."
)


def paired_differences(
    outcomes: pd.DataFrame, column: str, scenario: str, baseline: str
) -> NDArray[np.float64]:
    """Return a scenario's outcome less the baseline's, over the replicates in which both are defined.

    Parameters
    ----------
    outcomes : DataFrame
        With ``scenario``, ``replicate`` and the column.
    column, scenario, baseline : str

    Returns
    -------
    ndarray, shape (pairs,)

    Raises
    ------
    RequestError
        If there is no such outcome.
    """
    shown_columns(outcomes, [column])
    table = outcomes.set_index("replicate")
    these = table.loc[table["scenario"] == scenario, column].astype(float)
    those = table.loc[table["scenario"] == baseline, column].astype(float)
    differences = (these - those).dropna().to_numpy()
    return differences.astype(np.float64)


def _shared(outcomes: pd.DataFrame, scenario: str, baseline: str) -> int:
    """Return how many pairs of runs there are, whether or not an outcome is defined in them."""
    replicates = {
        name: outcomes.loc[outcomes["scenario"] == name, "replicate"] for name in (scenario, baseline)
    }
    return int(replicates[scenario].isin(replicates[baseline]).sum())


def _draw(tables: Tables, theme: str) -> Figure:
    columns, title = theme_columns(tables.outcomes, theme), labels.theme_title(theme)
    source, audit = tables.measured, tables.audit
    return outcome_differences(tables.outcomes, columns, tables.baseline, source, title, audit)


@figure(
    title="Outcomes: differences from the baseline, pair by pair",
    needs=("outcomes",),
    draw=_draw,
    variants=lambda _: list(themes()),
)
def outcome_differences(
    outcomes: pd.DataFrame,
    columns: str | Sequence[str] | None = None,
    baseline: str | None = None,
    source: Source | None = None,
    title: str = "Outcomes",
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw each outcome's paired difference from the baseline, a panel an outcome and a row a scenario.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run: ``scenario``, ``replicate`` and the outcomes.
    columns : sequence of str, optional
        Outcomes to show; those of any theme that are there, or else the first twelve.
    baseline : str, optional
        What they were compared with when run, ``baseline`` if that is not known, or else the first.
    source : Source, optional
    title : str
        What the outcomes have in common.
    audit : AuditMarks, optional
        Which differences are assumed, and are marked so, and which were not audited.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If there is only one scenario, the baseline is not among them, or no outcome is there to show.
    """
    source = source or source_of(outcomes)
    names = list(source.scenarios)
    if len(names) < 2:
        raise RequestError("differences need two scenarios, and there is only one")
    baseline = rows.baseline_of(source, names, baseline)
    if baseline not in names:
        raise RequestError(f"the baseline {baseline!r} is not among the scenarios: {', '.join(names)}")
    shown = shown_columns(outcomes, columns)
    others = [name for name in names if name != baseline]
    colours = style.scenario_colours(names)
    lines, across = style.grid(len(shown), 3)
    titles = [style.wrapped(labels.outcome_label(column)) for column in shown]
    head = _HEAD + _COLUMN_HEAD + style.title_room(titles)
    title = f"{title}: differences from {baseline}, pair by pair"
    note = _NOTE + labels.defined(shown) + rows.legend(audit, shown, names, baseline)
    rest = style.caption_room(title, source, note, style.WIDTH)
    row = style.row_height(len(others), lines, rows.height_for(others), head, rest)
    drawn = style.new_figure(lines * (max(len(others), 2) * row + head) + rest)
    panels = style.panels(drawn, len(shown), across, sharey=True)
    for axis, column, heading in zip(panels, shown, titles, strict=True):
        style.panel_title(axis, heading)
        rows.label_rows(axis, others, above=max(0.9, _COLUMN_HEAD / row), row=row)
        axis.text(
            1.02, 1.0, "above / equal,\n% of pairs", transform=axis.transAxes, va="top", fontsize=6,
            color="#555555",
        )  # fmt: skip
        axis.axvline(0, color=style.FAINT, linewidth=0.8, zorder=1)
        for name in others:
            _draw_pair(
                axis,
                rows.places(others)[name],
                paired_differences(outcomes, column, name, baseline),
                colours[name],
                mark=rows.mark(name, column, audit),
                most=_shared(outcomes, name, baseline),
            )
        axis.xaxis.set_major_locator(MaxNLocator(3))  # a fourth number may touch the third
        axis.margins(x=0.08)
    style.frame(drawn, title, source, note)
    return drawn


def _draw_pair(
    axis: Axes, height: float, differences: NDArray[np.float64], colour: str, *, mark: str, most: int
) -> None:
    def beside(text: str) -> None:
        across = axis.get_yaxis_transform()
        axis.text(1.02, height, text, transform=across, va="center", fontsize=6, color="#555555")

    if not differences.size:
        beside("no pair")
        return
    low, high = np.quantile(differences, [0.05, 0.95])
    axis.plot([low, high], [height, height], color=colour, linewidth=0.9, zorder=2)
    first, last = bootstrap_means(differences[:, None])[:, 0]
    rows.interval(axis, height, first, float(differences.mean()), last, colour, width=3.5)
    shares = f"{whole_percent((differences > 0).mean())} / {whole_percent((differences == 0).mean())}"
    beside(f"{shares}{mark} {pairs_text(differences.size, most)}".rstrip())
