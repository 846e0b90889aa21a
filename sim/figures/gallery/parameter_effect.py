"""How an outcome goes with a drawn parameter, over runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.errors import RequestError
from sim.figures import labels, style
from sim.figures.registry import figure
from sim.figures.source import Source, check_outcomes, source_of
from sim.naming import nearest, printable
from sim.renamed import current_column

_LEAST = 10  # runs in a bin

_NOTE = (
    "Dots: runs. Lines: median of each fifth of the runs by the parameter (fewer bins where there are under"
    " 50 runs)."
)
_BAND = " Band: 5 % to 95 % of the runs in it."


def binned_quantiles(x: NDArray[np.float64], y: NDArray[np.float64], bins: int = 5) -> NDArray[np.float64]:
    """Return quantiles of ``y`` in bins of ``x`` that hold about as many runs each.

    Parameters
    ----------
    x, y : ndarray, shape (runs,)
        Finite.
    bins : int
        At most so many, with ten runs each at least.

    Returns
    -------
    ndarray, shape (bins, 4)
        Mean of ``x``, then the 5 %, 50 % and 95 % quantiles of ``y``.
    """
    order = np.argsort(x, kind="stable")
    parts = np.array_split(order, max(1, min(bins, len(x) // _LEAST)))
    return np.array(
        [[x[part].mean(), *np.quantile(y[part], [0.05, 0.5, 0.95])] for part in parts if part.size]
    )


@figure(
    title="An outcome against the value drawn for a parameter",
    needs=("draws", "outcomes"),
    command="sim.figures.plot_parameter_effect(...)",
)
def plot_parameter_effect(
    draws: pd.DataFrame, outcomes: pd.DataFrame, parameter: str, outcome: str, source: Source | None = None
) -> Figure:
    """Draw an outcome against the value drawn for a parameter.

    Parameters
    ----------
    draws : DataFrame
        As in ``draws.parquet``: ``scenario``, ``replicate`` and a column a parameter.
    outcomes : DataFrame
        As in ``outcomes.parquet``.
    parameter : str
        Dotted path, for example ``moscow.keep_weight``.
    outcome : str
        For example ``street_falls``.
    source : Source, optional

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If there is no such parameter or outcome, or the parameter is the same in every run.
    """
    check_outcomes(outcomes)
    parameter = parameter if parameter in draws else current_column(parameter)
    outcome = outcome if outcome in outcomes else current_column(outcome)
    for table, column, kind in ((draws, parameter, "parameter"), (outcomes, outcome, "outcome")):
        if column not in table:
            close = nearest(column, [str(name) for name in table.columns])
            hint = f"; did you mean {close}?" if close else ""
            raise RequestError(f"no {kind} {printable(column)[:80]!r} in these results{hint}")
    source = source or source_of(outcomes)
    keys = ["scenario", "replicate"]
    left, right = (
        table.astype({"scenario": str}) for table in (draws[[*keys, parameter]], outcomes[[*keys, outcome]])
    )
    pairs = left.merge(right, on=keys).dropna()
    if pairs[parameter].nunique() < 2:
        raise RequestError(f"{parameter} is the same in every run: there is no effect to show")
    names = list(source.scenarios)
    colours, short = style.scenario_colours(names), style.short_names(names, 26)
    drawn = style.new_figure(3.9 + 0.1 * max(0, len(names) - 8), 5.6)
    (axis,) = style.panels(drawn, 1, 1)
    handles = []
    for name in names:
        part = pairs[pairs["scenario"] == name]
        if part.empty:
            continue
        x, y = part[parameter].to_numpy(float), part[outcome].to_numpy(float)
        axis.plot(x, y, ".", color=colours[name], alpha=0.25, markersize=4, markeredgewidth=0, zorder=2)
        middle, low, median, high = binned_quantiles(x, y).T
        if len(names) <= 2:
            axis.fill_between(middle, low, high, color=colours[name], alpha=0.15, linewidth=0, zorder=1)
        axis.plot(middle, median, color=colours[name], linewidth=1.5, marker="o", markersize=3.5, zorder=3)
        handles.append(Line2D([], [], color=colours[name], marker="o", markersize=3.5, label=short[name]))
    axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
    axis.set_xlabel(style.plain(parameter), fontsize=style.TEXT)
    axis.set_ylabel(style.plain(labels.outcome_axis(outcome)), fontsize=style.TEXT)
    if len(handles) > 1:
        axis.legend(
            handles=handles, fontsize=style.SMALL, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5)
        )
    title = f"{labels.outcome_label(outcome)} against {parameter}"
    style.frame(drawn, title, source, _NOTE + (_BAND if len(names) <= 2 else ""))
    return drawn
