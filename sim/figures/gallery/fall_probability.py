"""Where and when regimes fall: share of runs by state and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.written import UNAUDITED_STATES
from sim.errors import RequestError
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.measures.falls import rows_of_falls

if TYPE_CHECKING:
    from sim.figures.tables import Tables

_ENDS = {"": ", to the street or to elites,", "street": "", "elite": ""}
_KINDS = {"": "the street or to elites", "street": "the street", "elite": "elites"}


def fall_probabilities(
    events: pd.DataFrame, scenario: str, runs: int, years: range, detail: str = ""
) -> NDArray[np.float64]:
    """Return the share of runs in which a state's incumbent falls at least once in a year.

    Parameters
    ----------
    events : DataFrame
        As in ``events.parquet``.
    scenario : str
    runs : int
        Runs of the scenario, those without any fall included.
    years : range
        Calendar years of the columns.
    detail : str
        ``street`` or ``elite``; both without it.

    Returns
    -------
    ndarray, shape (states, years)
        In the order of the states in `sim.figures.labels.STATE_NAMES`.
    """
    falls = rows_of_falls(events[events["scenario"] == scenario], detail)
    cells = pd.DataFrame(
        {
            "run": falls["replicate"].to_numpy(),
            "state": falls["target"].astype(str).to_numpy(),
            "year": falls["month"].astype(str).str[:4].astype(int).to_numpy(),
        }
    ).drop_duplicates()
    codes = {code: i for i, code in enumerate(labels.STATE_NAMES)}
    counts = np.zeros((len(codes), len(years)))
    for state, year in zip(cells["state"], cells["year"], strict=True):
        if state in codes and year in years:
            counts[codes[state], years.index(year)] += 1
    return counts / runs


def _draw(tables: Tables, _: str) -> Figure:
    return fall_heat_map(tables.falls_and_uses, tables.measured, tables.years, audit=tables.audit)


@figure(
    title="Share of runs in which an incumbent falls to the street or to elites, by state and year",
    needs=("events", "trajectories"),
    draw=_draw,
)
def fall_heat_map(
    events: pd.DataFrame,
    source: Source,
    years: range,
    detail: str = "",
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw the share of runs with a fall by state and year, a panel a scenario, all on one colour scale.

    Parameters
    ----------
    events : DataFrame
        As in ``events.parquet``.
    source : Source
        Its runs are the denominators.
    years : range
        Calendar years to show.
    detail : str
        ``street`` or ``elite``; both without it.
    audit : AuditMarks, optional
        Which scenarios were not audited; of single states none is.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If there are no years, or ``detail`` is neither of these.
    """
    if detail not in _KINDS:
        raise RequestError(f"detail {detail!r}: use 'street', 'elite' or nothing for both")
    if not len(years):
        raise RequestError("no years to show")
    names = list(source.scenarios)
    shares = {name: fall_probabilities(events, name, source.runs[name], years, detail) for name in names}
    highest = max(0.01, *(float(share.max()) for share in shares.values()))
    lines, across = style.grid(len(names), 3 if len(names) <= 9 else 4)
    states = list(labels.STATE_NAMES.values())
    drawn = style.new_figure(lines * 2.25 + 1.0, style.WIDTH if len(names) > 1 else 5.2)
    axes = style.panels(drawn, len(names), across, sharex=True, sharey=True)
    titles = style.short_names(names, 24 if across < 4 else 17)
    edges = np.arange(years.start, years.stop + 1)
    for axis, name in zip(axes, names, strict=True):
        mesh = axis.pcolormesh(
            edges, np.arange(len(states) + 1), shares[name], cmap="Blues", vmin=0, vmax=highest,
            edgecolors="#e8e8e8", linewidth=0.2,
        )  # fmt: skip
        mesh.set_clip_on(False)  # it fills the axes, and an SVG would name its clip by an address in memory
        axis.grid(False)
        axis.set_yticks(np.arange(len(states)) + 0.5, states)
        axis.set_ylim(len(states), 0)
        axis.tick_params(axis="y", length=0, labelsize=6)
        axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        style.panel_title(axis, titles[name])
    bar = drawn.colorbar(mesh, ax=axes, shrink=min(1.0, 0.5 + 0.5 / lines), aspect=30, pad=0.01)
    bar.set_label("share of runs", fontsize=style.SMALL)
    bar.locator = MaxNLocator(8, steps=[1, 2, 5, 10])  # whole percents, so that none is rounded
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0 if highest > 0.05 else 1))
    bar.ax.tick_params(labelsize=style.SMALL)
    bar.outline.set_visible(False)
    few = min(source.runs.values())
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else f"{years[0]}"
    title = f"Share of runs in which an incumbent falls to {_KINDS[detail]}, by state and year, {span}"
    note = (
        f"Cells: share of runs with at least one fall{_ENDS[detail]} in that state and year."
        f" With {few} runs the standard error of a share of 10 % is {100 * np.sqrt(0.09 / few):.1f} points."
    )
    if len(names) > 1:
        note += f" {UNAUDITED_STATES}{rows.legend(audit, (), names, rows.baseline_of(source, names))}"
    style.frame(drawn, title, source, note)
    return drawn
