"""What of each thesis's results is assumed and what emerges, outcome by outcome."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.analysis.audit import ASSUMED, EMERGENT, NO_EFFECT, resolved
from sim.analysis.written import whole_percent
from sim.figures import labels, style
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.measures import find_outcome, key_outcomes
from sim.naming import several

COLOURS = {ASSUMED: "#F0B27A", EMERGENT: "#8FD3BE", NO_EFFECT: "#F4F4F4"}
"""Light tints of Okabe and Ito's vermilion and green, so that text on them is read; grey without effect."""

_ROW = 0.33
_NOTE = (
    "Arrow: the thesis raises or lowers the outcome against the shared world, the 95 % interval excluding"
    " 0. Lost: share of that difference which is gone as the parameter under it goes back to the shared"
    " world's prior; above 100 % where other parameters work against the effect; ? where too few runs tell"
    " it. Assumed: at least two thirds"
    " are carried by a parameter that sets the outcome directly, or by all that set it directly. Emergent:"
    " by another parameter, or spread; then the parameter that matters most stands in brackets."
)


@figure(
    title="What each thesis assumes, and what emerges from it",
    needs=("audit.csv",),
    command="sim claims --audit --figure",
)
def audit_map(
    cells: pd.DataFrame, source: Source | None = None, outcomes: Sequence[str] | None = None
) -> Figure:
    """Draw a cell for each thesis and outcome, coloured by its label.

    Parameters
    ----------
    cells : DataFrame
        As `sim.analysis.audit.audit_cells` returns it.
    source : Source, optional
    outcomes : sequence of str, optional
        Rows, from the top; the package's key outcomes without it.

    Returns
    -------
    Figure

    Raises
    ------
    OutcomeError
        If there is no such outcome, with the nearest name.
    """
    audited = set(cells["outcome"])
    if outcomes is None:
        outcomes = [name for name in key_outcomes(own=False) if name in audited]
    outcomes = [find_outcome(name, audited).name for name in several(outcomes, "outcomes")]
    theses = list(dict.fromkeys(cells["thesis"].astype(str)))
    drawn = style.new_figure(len(outcomes) * _ROW + 2.0, style.WIDTH if len(theses) > 2 else 5.0)
    axis = drawn.subplots()
    style.dress(axis)
    by_cell = {(row["thesis"], row["outcome"]): row for row in cells.to_dict("records")}
    for column, thesis in enumerate(theses):
        for line, outcome in enumerate(outcomes):
            _draw_cell(axis, column, line, by_cell[thesis, outcome])
    axis.set_xlim(0, len(theses))
    axis.set_ylim(len(outcomes), 0)
    axis.set_xticks([i + 0.5 for i in range(len(theses))], [style.plain(name) for name in theses])
    axis.set_yticks(
        [i + 0.5 for i in range(len(outcomes))], [style.plain(labels.outcome_label(o)) for o in outcomes]
    )
    axis.tick_params(length=0, labeltop=True, labelbottom=False)
    axis.grid(False)
    for side in axis.spines.values():
        side.set_visible(False)
    handles = [Patch(color=colour, label=label) for label, colour in COLOURS.items()]
    axis.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=3,
        fontsize=style.SMALL,
        frameon=False,
    )
    style.frame(drawn, "What each thesis assumes, and what emerges from it", source, _NOTE)
    return drawn


def _draw_cell(axis: Axes, column: int, line: int, cell: Mapping[Hashable, object]) -> None:
    label = str(cell["label"])
    axis.add_patch(
        Rectangle((column, line), 1, 1, facecolor=COLOURS[label], edgecolor="white", linewidth=1.2)
    )
    if label == NO_EFFECT:
        return
    arrow = "↑" if float(str(cell["difference"])) > 0 else "↓"
    share, low, high = (float(str(cell[key])) for key in ("share", "share_low", "share_high"))
    lost = f"{whole_percent(share)} % lost" if resolved(low, high) else "?"
    axis.text(
        column + 0.5, line + 0.33, f"{arrow} {lost}", ha="center", va="center",
        fontsize=style.SMALL, color=style.INK,
    )  # fmt: skip
    axis.text(
        column + 0.5, line + 0.73, style.plain(_carrier(cell)), ha="center", va="center", fontsize=4.6,
        color=style.INK,
    )  # fmt: skip


def _carrier(cell: Mapping[Hashable, object]) -> str:
    """Return the last part of the carrier's path; in brackets where none carries the effect."""
    paths = str(cell["carrier"]).split(" + ")
    if len(paths) > 1:
        return f"{len(paths)} together"
    if paths[0]:
        return paths[0].partition(".")[2]
    return f"({str(cell['most']).partition('.')[2]})"
