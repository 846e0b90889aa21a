"""Monthly series of many runs, as arrays, and their bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.figures import style

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a fan chart: 90 % and 50 % bands around the median."""

Paths = dict[tuple[str, str], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""By scenario and state: times in years, shape (months,), and values, shape (runs, months)."""


def years_of(months: Sequence[str]) -> NDArray[np.float64]:
    """Return months written ``YYYY-MM`` as years: 2010-01 is 2010.0."""
    return np.array([int(month[:4]) + (int(month[5:7]) - 1) / 12 for month in months])


def gather(trajectories: pd.DataFrame, column: str) -> Paths:
    """Collect one variable's path in every run, by scenario and state.

    Parameters
    ----------
    trajectories : DataFrame
        With ``scenario``, ``replicate``, ``month``, ``state`` and the column.
    column : str

    Returns
    -------
    dict
        As `Paths`. A month that a run lacks is NaN. States in which the variable is nowhere
        defined are left out.
    """
    rows = trajectories[["scenario", "replicate", "month", "state", column]].dropna(subset=[column])
    paths: Paths = {}
    for (scenario, state), part in rows.groupby(["scenario", "state"], observed=True, sort=False):
        months, month = np.unique(part["month"].astype(str).to_numpy(), return_inverse=True)
        replicates, run = np.unique(part["replicate"].to_numpy(), return_inverse=True)
        values = np.full((len(replicates), len(months)), np.nan)
        values[run, month] = part[column].to_numpy(float)
        paths[str(scenario), str(state)] = years_of(months.tolist()), values
    return paths


def bands(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantiles `LEVELS` over runs, shape (5, months)."""
    return np.nanquantile(values, LEVELS, axis=0)


def draw_fan(axis: Axes, times: NDArray[np.float64], values: NDArray[np.float64], colour: str) -> None:
    """Draw the median over 50 % and 90 % bands."""
    low, lower, middle, upper, high = bands(values)
    axis.fill_between(times, low, high, color=colour, alpha=0.20, linewidth=0, zorder=2)
    axis.fill_between(times, lower, upper, color=colour, alpha=0.35, linewidth=0, zorder=2)
    axis.plot(times, middle, color=colour, linewidth=1.3, zorder=3)


def time_axis(axis: Axes) -> None:
    """Put whole years under a panel, and a faint grid behind it."""
    axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
    axis.margins(x=0.01)


def draw_reference(axis: Axes, times: NDArray[np.float64], values: NDArray[np.float64], colour: str) -> None:
    """Draw the median and the 90 % band as lines, to compare a fan with."""
    low, _, middle, _, high = bands(values)
    axis.plot(times, middle, color=colour, linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
    for edge in (low, high):
        axis.plot(times, edge, color=colour, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=4)
