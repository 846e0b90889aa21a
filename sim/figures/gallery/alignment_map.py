"""Map of alignment at the end, disputed territories marked within the states that hold them by law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib import colormaps, patheffects
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch

from sim.figures import style
from sim.figures.geography import corners_of, outline, project, shapes
from sim.figures.registry import figure
from sim.figures.rows import ALIGNMENT_BY_STATE
from sim.figures.source import Source

if TYPE_CHECKING:
    from sim.figures.draw import Tables

COLOURS = colormaps["PuOr_r"]
"""Purple-orange, white at 0: safe for colour-blind readers. Purple is against Moscow, orange with it."""

SCALE = Normalize(-1, 1)
_SEA, _LAND, _RUSSIA, _BORDER = "#eef3f7", "#e9e9e9", "#cfcfcf", "#6a6a6a"
_MARGIN = 0.03  # around the states, radii of the Earth
_BESIDE = {"ARM": (42.6, 39.5), "AZE": (49.6, 40.2)}  # labels in small panels: there is no room inside
_AT_SEA = {"EST": (20.2, 59.2), "LVA": (19.3, 57.3), "LTU": (18.9, 55.6)}  # and in the smallest

_MARKS = {  # where the names of disputed territories stand, off the land
    "Crimea": (34.3, 43.3), "Donbas": (42.8, 48.7), "Abkhazia": (37.2, 42.2), "South Ossetia": (47.6, 44.6),
    "Transnistria": (25.3, 44.4), "Karabakh": (46.9, 36.9),
}  # fmt: skip

_NOTE = (
    "Disputed territories are drawn in the state in which they are internationally recognised, hatched, and"
    " take its colour. Donbas: as held from 2014 to 2022; the parts of Kherson and Zaporizhzhia occupied"
    " since 2022 are not marked. Albers equal-area projection; shapes: Natural Earth (public domain),"
    " adapted. Russia is not rated. Short names: ISO 3166 codes. Alignment: −1 against Moscow, 1 with it."
    + ALIGNMENT_BY_STATE
)


def alignment_at_end(trajectories: pd.DataFrame) -> pd.DataFrame:
    """Return each state's alignment in the last month, mean over runs.

    Parameters
    ----------
    trajectories : DataFrame
        As in ``trajectories.parquet``.

    Returns
    -------
    DataFrame
        Rows: scenarios; columns: states.
    """
    rows = trajectories[["scenario", "month", "state", "alignment"]].dropna(subset=["alignment"])
    month = rows["month"].astype(str)
    last = month.groupby(rows["scenario"].astype(str)).transform("max")
    ends = rows[month == last]
    means = ends.groupby([ends["scenario"].astype(str), ends["state"].astype(str)])["alignment"].mean()
    return means.unstack("state")


def _draw(tables: Tables, _: str) -> Figure:
    return alignment_map(alignment_at_end(tables.trajectories), tables.source)


@figure(
    title="Alignment with Moscow at the end: mean over runs",
    needs=("trajectories",),
    draw=_draw,
)
def alignment_map(alignment: pd.DataFrame, source: Source) -> Figure:
    """Draw the map, a panel a scenario.

    Parameters
    ----------
    alignment : DataFrame
        Rows: scenarios; columns: states; values: mean alignment, -1 to 1, as `alignment_at_end` returns it.
    source : Source

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If no scenario of the source is in the table.
    """
    names = [name for name in source.scenarios if name in alignment.index]
    if not names:
        raise ValueError("no scenario has an alignment at the end")
    lines, across = style.grid(len(names), 1 if len(names) == 1 else 2 if len(names) <= 6 else 3)
    shape = 0.60  # height of a panel over its width
    drawn = style.new_figure(lines * (style.WIDTH / across * shape + 0.25) + 1.8)
    axes = style.panels(drawn, len(names), across)
    titles = style.short_names(names, 40 if across < 3 else 30)
    by_scenario: dict[str, dict[str, float]] = alignment.T.to_dict()  # type: ignore[assignment]
    for axis, name in zip(axes, names, strict=True):
        draw_map(axis, by_scenario[name], size=across)
        if len(names) > 1:
            style.panel_title(axis, titles[name])
    bar = drawn.colorbar(
        ScalarMappable(SCALE, COLOURS), ax=axes, location="bottom", shrink=0.5, aspect=40, pad=0.02,
        ticks=[-1, -0.5, 0, 0.5, 1],
    )  # fmt: skip
    bar.ax.set_xticklabels(["−1\nagainst Moscow", "−0.5", "0", "0.5", "1\nwith Moscow"])
    bar.ax.tick_params(labelsize=style.SMALL)
    keys = [
        Patch(
            facecolor="white", edgecolor=style.INK, hatch="//////", linewidth=0.6, label="disputed territory"
        ),
        Patch(facecolor=_RUSSIA, edgecolor=_BORDER, linewidth=0.6, label="Russia"),
    ]
    axes[-1].legend(
        handles=keys, loc="upper right", fontsize=6, framealpha=0.9, edgecolor="none", borderpad=0.3
    )
    whose = f", {names[0]}" if len(names) == 1 else ""
    style.frame(drawn, f"Alignment with Moscow at the end: mean over runs{whose}", source.only(names), _NOTE)
    return drawn


def draw_map(axis: Axes, alignment: Mapping[str, float], size: int = 1) -> None:
    """Draw the region into a panel.

    Parameters
    ----------
    axis : Axes
    alignment : mapping of str to float
        By state, -1 to 1. A state without a value is white.
    size : int
        Panels side by side on the page: the more, the less is written.

    Notes
    -----
    Each patch carries its state's code, or its territory's name, as its ``gid``.
    """
    everything = shapes()
    axis.set_facecolor(_SEA)
    for shape in everything["context"].values():
        axis.add_patch(PathPatch(outline(shape), facecolor=_LAND, edgecolor="white", linewidth=0.4, zorder=1))
    axis.add_patch(
        PathPatch(
            outline(everything["russia"]),
            facecolor=_RUSSIA,
            edgecolor=_BORDER,
            linewidth=0.3,
            zorder=2,
            gid="RUS",
        )
    )
    for code, shape in everything["states"].items():
        value = alignment.get(code, np.nan)
        colour = COLOURS(SCALE(value)) if np.isfinite(value) else "white"
        axis.add_patch(
            PathPatch(outline(shape), facecolor=colour, edgecolor=_BORDER, linewidth=0.5, zorder=3, gid=code)
        )
    hatch = "/" * (8 if size == 1 else 10)
    for name, shape in everything["disputed"].items():
        patch = PathPatch(outline(shape), facecolor="none", edgecolor=style.INK, zorder=4, gid=name)
        patch.set(hatch=hatch, hatch_linewidth=0.4, linewidth=0.5, linestyle=(0, (2, 1)))
        axis.add_patch(patch)
    _label(axis, alignment, size)
    _view(axis)


def _label(axis: Axes, alignment: Mapping[str, float], size: int) -> None:
    halo = [patheffects.withStroke(linewidth=1.6, foreground="white", alpha=0.85)]
    everything = shapes()
    letters = (6.5, 5.5, 4.6)[min(size, 3) - 1]
    for code, shape in everything["states"].items():
        moved = (_BESIDE if size > 1 else {}) | (_AT_SEA if size > 2 else {})
        x, y = project(*moved.get(code, shape["label"]))
        value = alignment.get(code, np.nan)
        rated = f"{value:+.2f}".replace("-", "−") if np.isfinite(value) else "no data"
        small = code in {"EST", "LVA", "LTU", "MDA", "GEO", "ARM", "AZE", "KGZ", "TJK"}
        text = (code if small or size > 1 else shape["name"]) + (f"\n{rated}" if size == 1 else "")
        axis.text(
            float(x), float(y), text, fontsize=letters, ha="center", va="center", color=style.INK,
            linespacing=0.95, path_effects=halo, zorder=6, gid=f"label {code}",
        )  # fmt: skip
    if size > 2:
        return
    x, y = project(*everything["russia"]["label"])
    axis.text(float(x), float(y), "Russia", fontsize=letters, ha="center", color="#555555", zorder=6)
    lines = {"arrowstyle": "-", "color": style.INK, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 0}
    for name, shape in everything["disputed"].items():
        middle = corners_of(shape).mean(axis=0)
        x, y = project(*_MARKS[name])
        axis.annotate(
            name, (middle[0], middle[1]), (float(x), float(y)), fontsize=letters - 0.5, style="italic",
            ha="center", va="center", color=style.INK, arrowprops=lines, path_effects=halo, zorder=5,
        )  # fmt: skip


def _view(axis: Axes) -> None:
    """Fit the panel to the states."""
    corners = np.vstack([corners_of(shape) for shape in shapes()["states"].values()])
    (left, bottom), (right, top) = corners.min(axis=0) - _MARGIN, corners.max(axis=0) + _MARGIN
    axis.set_xlim(left, right)
    axis.set_ylim(bottom, top)
    axis.set_aspect("equal")
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(False)
    for spine in axis.spines.values():
        spine.set_visible(False)
