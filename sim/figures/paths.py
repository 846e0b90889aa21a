"""Monthly series of many runs, as arrays, and their bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.figures import style

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a fan chart: 90 % and 50 % bands around the median."""

KEYS = ("scenario", "replicate", "month", "state")
"""Columns that say of what a row of trajectories is."""

Paths = dict[tuple[str, str], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""By scenario and state: times in years, shape (months,), and values, shape (runs, months)."""

Fans = dict[tuple[str, str], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""By scenario and state: times in years, shape (months,), and the quantiles `LEVELS`, shape (5, months)."""


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
    gathering = Gathering(column)
    gathering.add(trajectories)
    return gathering.paths


class Gathering:
    """What `gather` collects, from one part of the runs after another.

    Parameters
    ----------
    column : str
    """

    def __init__(self, column: str) -> None:
        self._column = column
        self._blocks: dict[tuple[str, str], list[tuple[list[str], NDArray[Any]]]] = {}

    def add(self, rows: pd.DataFrame) -> None:
        """Take in some runs whole."""
        defined = rows.loc[rows[self._column].notna(), [*KEYS, self._column]]
        for (scenario, state), part in defined.groupby(["scenario", "state"], observed=True, sort=False):
            month, months = pd.factorize(part["month"].astype(str), sort=True)
            run, replicates = pd.factorize(part["replicate"], sort=True)
            values = part[self._column].to_numpy()
            block = np.full((len(replicates), len(months)), np.nan, values.dtype)
            block[run, month] = values
            self._blocks.setdefault((str(scenario), str(state)), []).append((list(months), block))

    @property
    def paths(self) -> Paths:
        """All runs by scenario and state."""
        return {key: _joined(blocks) for key, blocks in self._blocks.items()}


def _joined(blocks: Sequence[tuple[list[str], NDArray[Any]]]) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Put the runs of several parts under one another, over the months of any."""
    months = sorted({month for known, _ in blocks for month in known})
    values = np.full((sum(len(block) for _, block in blocks), len(months)), np.nan, blocks[0][1].dtype)
    first = 0
    for known, block in blocks:
        values[first : first + len(block), np.searchsorted(months, known)] = block
        first += len(block)
    return years_of(months), values


def bands(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the quantiles `LEVELS` over runs, shape (5, months)."""
    exact = values.astype(float)
    # without gaps the plain one gives the same numbers, many times as fast
    quantile = np.nanquantile if np.isnan(exact).any() else np.quantile
    found: NDArray[np.float64] = quantile(exact, LEVELS, axis=0)
    return found


def fans(paths: Paths) -> Fans:
    """Return what is drawn of paths: their bands, however many runs there are."""
    return {key: (times, bands(values)) for key, (times, values) in paths.items()}


def last_alignments(trajectories: pd.DataFrame, by: str = "") -> pd.DataFrame:
    """Return the rows of the last month of each scenario in which an alignment is known, up to a month."""
    rows = trajectories[[*KEYS, "alignment"]]
    rows = rows[rows["alignment"].notna()]
    codes, months = pd.factorize(rows["month"].astype(str), sort=True)
    if by:
        inside = codes < np.searchsorted(np.asarray(months, dtype=str), by, side="right")
        rows, codes = rows[inside], codes[inside]
    month = pd.Series(codes, rows.index)
    ends: pd.DataFrame = rows[month == month.groupby(rows["scenario"].astype(str)).transform("max")]
    return ends


def draw_fan(axis: Axes, times: NDArray[np.float64], levels: NDArray[np.float64], colour: str) -> None:
    """Draw the median over 50 % and 90 % bands, as `bands` returns them."""
    low, lower, middle, upper, high = levels
    axis.fill_between(times, low, high, color=colour, alpha=0.20, linewidth=0, zorder=2)
    axis.fill_between(times, lower, upper, color=colour, alpha=0.35, linewidth=0, zorder=2)
    axis.plot(times, middle, color=colour, linewidth=1.3, zorder=3)


def time_axis(axis: Axes) -> None:
    """Put whole years under a panel, and a faint grid behind it."""
    axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axis.grid(True, axis="y", color=style.GRID, linewidth=0.6)
    axis.margins(x=0.01)


def draw_reference(axis: Axes, times: NDArray[np.float64], levels: NDArray[np.float64], colour: str) -> None:
    """Draw the median and the 90 % band as lines, to compare a fan with."""
    low, _, middle, _, high = levels
    axis.plot(times, middle, color=colour, linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
    for edge in (low, high):
        axis.plot(times, edge, color=colour, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=4)


def fan_key(colour: str, name: str) -> list[Artist]:
    """Return what explains a fan in a legend."""
    return [
        Line2D([], [], color=colour, linewidth=1.3, label=f"{name}: median"),
        Patch(facecolor=colour, alpha=0.48, label="50 % of runs"),  # both bands, one over the other
        Patch(facecolor=colour, alpha=0.20, label="90 % of runs"),
    ]


def reference_key(name: str) -> list[Artist]:
    """Return what explains the lines that a fan is compared with."""
    return [
        Line2D([], [], color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)), label=f"{name}: median"),
        Line2D(
            [], [], color=style.INK, linewidth=0.8, linestyle=(0, (1, 1.5)), label=f"{name}: 90 % of runs"
        ),
    ]
