"""How runs end: the share of each class of end state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.analysis.ends import assumed_ends
from sim.analysis.intervals import wilson
from sim.analysis.less_time import ends_in_less_time
from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.written import ASSUMED_END_STATE_MEANS, DAGGER, whole_percent
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source, source_of
from sim.measures.end_state import END_STATES

if TYPE_CHECKING:
    from sim.figures.tables import Tables

COLOURS = ("#EE8866", "#EEDD88", "#99DDFF", "#77AADD", "#DDDDDD", "#44BB99", "#FFAABB", "#AAAA00")
"""Colours of the classes, in the order of `sim.measures.end_state.END_STATES`; any other class after them.

Paul Tol's light scheme, on which dark letters can be read.
"""

_ROW = 0.3  # inches

_NOTE = (
    "Left: shares of runs by class, in the colours of the lines under the names at the right; those under 8 %"
    " are not written out. Right: the same shares, each with its 95 % Wilson interval."
)


def end_state_shares(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the share of runs in each class.

    Parameters
    ----------
    outcomes : DataFrame
        With ``scenario`` and ``end_state``.

    Returns
    -------
    DataFrame
        Rows: scenarios in order; columns: the published classes in order, then any other.
    """
    classes = [*END_STATES, *sorted(set(outcomes["end_state"].dropna()) - set(END_STATES))]
    scenarios = list(outcomes["scenario"].unique())
    counts = pd.crosstab(outcomes["scenario"], outcomes["end_state"])
    counts = counts.reindex(index=scenarios, columns=classes, fill_value=0)
    return counts.div(counts.sum(axis=1), axis=0)


def _draw(tables: Tables, _: str) -> Figure:
    source = tables.measured
    caution = ends_in_less_time(tables.results.about, source.scenarios, source.window)
    return end_states(tables.outcomes, source, tables.audit, caution)


@figure(
    title="How runs end: shares of the classes of end state",
    needs=("outcomes",),
    draw=_draw,
)
def end_states(
    outcomes: pd.DataFrame,
    source: Source | None = None,
    audit: AuditMarks | None = None,
    caution: str = "",
) -> Figure:
    """Draw the classes in which runs end: stacked shares, then each share with its interval.

    Parameters
    ----------
    outcomes : DataFrame
        With ``scenario`` and ``end_state``.
    source : Source, optional
    audit : AuditMarks, optional
        Classes whose rule reads an outcome that is assumed are marked, where the scenario's share is not the
        baseline's.
    caution : str
        What is said of runs that are shorter than the classes were made for.

    Returns
    -------
    Figure
    """
    source = source or source_of(outcomes)
    names = list(source.scenarios)
    shares = end_state_shares(outcomes)
    classes, heights = list(shares.columns), rows.places(names)
    baseline = rows.baseline_of(source, names)
    assumed = audit.assumed if audit is not None else ()
    by_class = {(str(name), kind): row[kind] for name, row in shares.iterrows() for kind in classes}
    marked = assumed_ends(pd.Series(by_class, dtype=float), baseline, assumed)
    runs = outcomes.dropna(subset=["end_state"]).groupby("scenario", observed=True).size()
    drawn = style.new_figure(max(len(names), 2) * _ROW + 1.5)
    stacked, *single = drawn.subplots(
        1, 1 + len(classes), sharey=True, width_ratios=[3.2, *[1] * len(classes)]
    )
    rows.label_rows(stacked, names, row=_ROW)
    left = dict.fromkeys(names, 0.0)
    for place, name_of_class in enumerate(classes):
        colour = COLOURS[place % len(COLOURS)]
        axis = single[place]
        for name in names:
            share = float(shares.loc[name, name_of_class])  # type: ignore[arg-type]
            stacked.barh(
                heights[name], share, 0.74, left[name], color=colour, edgecolor="white", linewidth=0.6,
            )  # fmt: skip
            if share >= 0.08:
                stacked.text(
                    left[name] + share / 2, heights[name], whole_percent(share), ha="center", va="center",
                    fontsize=6.5, color=style.INK,
                )  # fmt: skip
            left[name] += share
            count = int(runs.get(name, 0))
            low, high = wilson(round(share * count), count)
            rows.interval(axis, heights[name], low, share, high, style.INK)
            if (name, name_of_class) in marked:
                axis.text(
                    1.0, heights[name], DAGGER, transform=axis.get_yaxis_transform(), va="center", fontsize=6,
                    color="#555555",
                )  # fmt: skip
        style.dress(axis)
        axis.set_xlim(-0.03, 1.03)
        axis.set_xticks([0, 0.5, 1], ["0", "50", "100"])
        axis.tick_params(axis="y", length=0, labelleft=False)
        title = "\n".join(style.plain(labels.sentence_case(name_of_class)).split(" ", 1))
        axis.set_title(title, fontsize=style.SMALL, color=style.INK, loc="left")
        axis.plot([-0.03, 1.03], [1.0, 1.0], transform=axis.get_xaxis_transform(), color=colour, linewidth=4)
    style.dress(stacked)
    stacked.grid(False)
    stacked.tick_params(axis="y", length=0)
    stacked.set_xlim(0, 1)
    stacked.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    stacked.set_xlabel("share of runs, %", fontsize=style.SMALL)
    single[len(classes) // 2].set_xlabel("share of runs, %", fontsize=style.SMALL)
    legend = f" {DAGGER}: {ASSUMED_END_STATE_MEANS}" if marked else ""
    legend += rows.legend(audit, (), names, baseline, END_STATES)
    style.frame(
        drawn,
        "How runs end: shares of the classes of end state",
        source,
        f"{_NOTE} {caution}".rstrip() + legend,
    )
    return drawn
