"""The figure: the citizen stage of everyone at every size, and how time grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.citizens.contestants import ENTRIES
from benchmarks.rows import Row, table

EXPOSURES = ("national exposure", "neighbourhood exposure")
COLOURS = dict(zip([entry.name for entry in ENTRIES], mpl.color_sequences["tab10"], strict=False))


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw what there is of the table; nothing if neither stage nor growth was measured."""
    frame = table(rows)
    stage = frame[(frame["part"] == "stage") & frame["what"].isin(EXPOSURES)]
    growth = frame[(frame["part"] == "growth") & (frame["subject"] != "exponent")]
    if stage.empty and growth.empty:
        return
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    axes = figure.subplots(1, 3)
    for axis, exposure in zip(axes, EXPOSURES, strict=False):
        _stage(axis, stage[stage["what"] == exposure], exposure)
    axes[1].sharey(axes[0])
    _growth(axes[2], growth)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5, frameon=False, fontsize=8)
    figure.savefig(path, dpi=200)


def _stage(axis: Axes, stage: pd.DataFrame, title: str) -> None:
    for name in [entry.name for entry in ENTRIES if entry.name in set(stage["subject"])]:
        own = stage[stage["subject"] == name]
        citizens = own["size"].str.split(" x ").str[0].str.replace(",", "").astype(int)
        width = 2.2 if name == ENTRIES[0].name else 1.2
        axis.plot(citizens, own["value"], marker="o", ms=4, lw=width, label=name, color=COLOURS[name])
    axis.set(xscale="log", yscale="log", title=title, xlabel="citizens a state")
    axis.set_ylabel("million citizen-months a second")
    axis.grid(alpha=0.3, which="major")


def _growth(axis: Axes, growth: pd.DataFrame) -> None:
    for what, own in growth.groupby("what", sort=False):
        size, seconds = own["size"].astype(float), own["value"]
        axis.plot(size / size.iloc[0], seconds / seconds.iloc[0], marker=".", lw=1.2, label=what)
    axis.axline((1, 1), (10, 10), color="0.6", ls=":", label="linear")
    axis.set(xscale="log", yscale="log", title="growth of the shipped model")
    axis.set(xlabel="size, smallest = 1", ylabel="time, smallest = 1")
    axis.legend(frameon=False, fontsize=7)
    axis.grid(alpha=0.3, which="major")
