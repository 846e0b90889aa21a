"""What of each thesis's results is assumed and what emerges, outcome by outcome."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.analysis.audit import ASSUMED, EMERGENT, NO_EFFECT, resolved
from sim.analysis.deciding import NEAR, NUMBERS, paths, shown_apart
from sim.analysis.written import whole_percent
from sim.figures import labels, style
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.measures import find_outcome, key_outcomes
from sim.naming import several

COLOURS = {ASSUMED: "#F0B27A", EMERGENT: "#8FD3BE", NO_EFFECT: "#F4F4F4"}
"""Light tints of Okabe and Ito's vermilion and green, so that text on them is read; grey without effect."""

_ROW = 0.33
_OPEN = (0, (2, 1.5))  # dashes round a label that is near the line
_NOTE = (
    "Arrow: the thesis raises or lowers the outcome against the shared world, the 95 % interval excluding"
    " 0. Lost: share of that difference which is gone as the parameter under it goes back to the shared"
    " world's prior; above 100 % where other parameters work against the effect; ? where too few runs tell"
    " it. Assumed: at least two thirds"
    " are carried by a parameter that sets the outcome directly, or by all that set it directly. Emergent:"
    " by another parameter, or spread; then the parameter that matters most stands in brackets. Near the"
    " line: the interval of the share that decides the label holds two thirds, so other runs may label it"
    " otherwise; there the cell shows what decides."
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
        As `sim.analysis.deciding.deciding` returns it, or `sim.analysis.audit.audit_cells`, which does not
        say what is near the line.
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
    if any(_near(by_cell[thesis, outcome]) for thesis in theses for outcome in outcomes):
        handles.append(Patch(facecolor="none", edgecolor=style.INK, linestyle=_OPEN, label=NEAR))
    axis.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=len(handles),
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
    if _near(cell):
        inside = Rectangle((column + 0.02, line + 0.06), 0.96, 0.88, fill=False, edgecolor=style.INK)
        inside.set(linestyle=_OPEN, linewidth=0.6)
        axis.add_patch(inside)
    arrow = "↑" if float(str(cell["difference"])) > 0 else "↓"
    lost, carrier = _told(cell)
    axis.text(
        column + 0.5, line + 0.33, f"{arrow} {lost}", ha="center", va="center",
        fontsize=style.SMALL, color=style.INK,
    )  # fmt: skip
    axis.text(
        column + 0.5, line + 0.73, style.plain(carrier), ha="center", va="center", fontsize=4.6,
        color=style.INK,
    )  # fmt: skip


def _near(cell: Mapping[Hashable, object]) -> bool:
    return str(cell.get("near")) == "True"  # of a table that was read as text, too


def _told(cell: Mapping[Hashable, object]) -> tuple[str, str]:
    """Return the share that is lost, and without what: the last part of the carrier's path.

    In brackets where that does not carry the effect. Near the line it is what decides.
    """
    row = {str(key): value for key, value in cell.items()}
    apart = _near(cell) and shown_apart(row)
    keys = NUMBERS if apart else ("share", "share_low", "share_high")
    share, low, high = (float(str(row[key])) for key in keys)
    lost = f"{whole_percent(share)} % lost" if resolved(low, high) else "?"
    of = paths(str(row["direct" if apart else "carrier"]))
    told = f"{_together(of)}, directly" if apart else _together(of or paths(str(row["most"])))
    return lost, told if (row["carrier"] and not apart) or row["label"] == ASSUMED else f"({told})"


def _together(of: Sequence[str]) -> str:
    return f"{len(of)} together" if len(of) > 1 else "".join(of).partition(".")[2]
