"""How often Moscow uses each of its instruments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.analysis.intervals import bootstrap_means
from sim.analysis.shipped_audit import AuditMarks
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source
from sim.instruments import BY_NAME, INSTRUMENTS

if TYPE_CHECKING:
    from sim.figures.tables import Tables

_ACROSS = 5
_NOTE = "Dot: mean uses per run; thick line: its 95 % bootstrap interval; thin line: 5 % to 95 % of runs."


def uses_per_run(events: pd.DataFrame, scenario: str, runs: int) -> NDArray[np.float64]:
    """Return how often each run uses each instrument.

    Parameters
    ----------
    events : DataFrame
        As in ``events.parquet``.
    scenario : str
    runs : int
        Runs of the scenario; those without any use are rows of zeros, in no order.

    Returns
    -------
    ndarray, shape (runs, instruments)
        Columns as `sim.instruments.INSTRUMENTS`.
    """
    used = events[(events["kind"] == "instrument") & (events["scenario"] == scenario)]
    table = pd.crosstab(used["replicate"].to_numpy(), used["detail"].astype(str).to_numpy())
    counts = table.reindex(columns=list(INSTRUMENTS), fill_value=0).to_numpy(float)
    return np.vstack([counts, np.zeros((runs - len(counts), len(INSTRUMENTS)))])


def _draw(tables: Tables, _: str) -> Figure:
    return instrument_uses(tables.falls_and_uses, tables.measured, tables.audit)


@figure(
    title="Moscow's instruments: uses per run, by kind",
    needs=("events",),
    draw=_draw,
)
def instrument_uses(
    events: pd.DataFrame,
    source: Source,
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw the uses of each instrument, a panel an instrument and a row a scenario.

    Parameters
    ----------
    events : DataFrame
        As in ``events.parquet``.
    source : Source
        Its runs are the denominators.
    audit : AuditMarks, optional
        Which differences of the outcomes ``used_...`` are assumed, and are marked so, and which were not
        audited.

    Returns
    -------
    Figure
    """
    names = list(source.scenarios)
    colours, heights = style.scenario_colours(names), rows.places(names)
    uses = {name: uses_per_run(events, name, source.runs[name]) for name in names}
    lines, across = style.grid(len(INSTRUMENTS), _ACROSS)
    row = rows.height_for(names)
    drawn = style.new_figure(lines * (max(len(names), 2) * row + 0.65) + 0.8)
    axes = style.panels(drawn, len(INSTRUMENTS), across, sharey=True)
    for i, (axis, instrument) in enumerate(zip(axes, INSTRUMENTS, strict=True)):
        style.panel_title(axis, labels.sentence_case(BY_NAME[instrument].label).replace(" ", "\n"))
        rows.label_rows(axis, names, row=row)
        for name in names:
            counts = uses[name][:, [i]]
            low, high = np.quantile(counts, [0.05, 0.95], method="inverted_cdf")
            axis.plot([low, high], [heights[name]] * 2, color=colours[name], linewidth=0.9, zorder=2)
            first, last = bootstrap_means(counts)[:, 0]
            rows.interval(axis, heights[name], first, float(counts.mean()), last, colours[name], width=3.5)
            axis.text(
                1.01, heights[name], rows.mark(name, f"used_{instrument}", audit).strip(),
                transform=axis.get_yaxis_transform(), va="center", fontsize=6, color="#555555",
            )  # fmt: skip
        axis.set_xlim(left=-0.03 * max(axis.get_xlim()[1], 0.2), right=max(axis.get_xlim()[1], 0.2))
        axis.xaxis.set_major_locator(MaxNLocator(3))
    lowest = axes[(lines - 1) * across :]
    lowest[len(lowest) // 2].set_xlabel("uses per run", fontsize=style.SMALL)
    note = _NOTE + rows.legend(
        audit, [f"used_{name}" for name in INSTRUMENTS], names, rows.baseline_of(source, names)
    )
    style.frame(drawn, "Moscow's instruments: uses per run, by kind", source, note)
    return drawn
