"""A map of the region: states in the colours of their values, and small ones once more in boxes below."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.patches import Patch, PathPatch

from sim.analysis import written
from sim.figures import style
from sim.figures.geography import corners_of, outlines, project, shapes

SEA, LAND, RUSSIA, BORDER = "#eef3f7", "#e9e9e9", "#cfcfcf", "#6a6a6a"

INSETS: dict[str, tuple[str, ...]] = {
    "Moldova": ("MDA",),
    "Caucasus": ("GEO", "ARM", "AZE"),
    "Baltic states": ("EST", "LVA", "LTU"),
}
"""States that are too small to be read on the map, by the box that shows them larger."""

NOTE = (
    "Disputed territories are drawn in the state in which they are internationally recognised, hatched, and"
    " take its colour. Donbas: as held from 2014 to 2022; the parts of Kherson and Zaporizhzhia occupied"
    " since 2022 are not marked. Albers equal-area projection; shapes: Natural Earth (public domain),"
    " adapted. Russia is not rated. Short names: ISO 3166 codes."
)

MARGIN = 0.03  # around the states, radii of the Earth
NEAR = 0.006  # the same in a box
_MOST_LABELLED = 3  # panels side by side: in narrower ones letters would cover the states
_GAP = 0.012  # between boxes, and above them, widths of the map
BESIDE = {"ARM": (42.6, 39.5), "AZE": (49.6, 40.2)}  # labels in small panels: there is no room inside
_AT_SEA = {"EST": (20.2, 59.2), "LVA": (19.3, 57.3), "LTU": (18.9, 55.6)}  # and in the smallest
BOXED_STATES = {code for codes in INSETS.values() for code in codes}
_SMALL = BOXED_STATES | {"KGZ", "TJK"}

MARKS = {  # where the names of disputed territories stand, off the land
    "Crimea": (34.3, 43.3), "Donbas": (42.8, 48.7), "Abkhazia": (37.2, 42.2), "South Ossetia": (47.6, 44.6),
    "Transnistria": (25.3, 44.4), "Karabakh": (46.9, 36.9),
}  # fmt: skip

BOXED = {  # where labels stand in the boxes, clear of the names of territories
    "MDA": (28.3, 47.2), "GEO": (43.25, 41.95), "ARM": (44.55, 40.55), "AZE": (48.2, 40.6),
    "Transnistria": (28.6, 48.3), "Abkhazia": (41.0, 43.75), "South Ossetia": (44.9, 43.15),
    "Karabakh": (46.6, 38.75),
}  # fmt: skip


def signed(value: float) -> str:
    """Write a value with its sign, if it has one when it is rounded."""
    return written.signed(value).replace("-", "−")


@dataclass(frozen=True, slots=True)
class Shading:
    """How values become colours and labels.

    Parameters
    ----------
    colours : Colormap
    scale : Normalize
    text : callable
        Writes a state's value; takes its code and the value.
    """

    colours: Colormap
    scale: Normalize
    text: Callable[[str, float], str] = lambda _, value: signed(value)

    def colour(self, value: float) -> Any:
        """Return a value's colour; white where there is none."""
        return self.colours(self.scale(value)) if np.isfinite(value) else "white"

    def label(self, code: str, value: float) -> str:
        """Return what is written below a state's name."""
        return self.text(code, value) if np.isfinite(value) else "no data"


def shape_of_map() -> float:
    """Return the height of a map, with the boxes below it, over its width."""
    left, bottom, right, top = bounds(shapes()["states"], MARGIN)
    return (top - bottom) / (right - left) + _height_of_boxes()


def draw_map(axis: Axes, values: Mapping[str, float], shading: Shading, size: int = 1) -> None:
    """Draw the region into a panel.

    Parameters
    ----------
    axis : Axes
        Best as high as `shape_of_map` says.
    values : mapping of str to float
        By state. A state without a value is white.
    shading : Shading
    size : int
        Panels side by side on the page: the more, the less is written; from four on nothing.

    Notes
    -----
    Each patch carries its state's code, or its territory's name, as its ``gid``.
    """
    axis.set_facecolor(SEA)
    _draw_land(axis, values, shading, "/" * (8 if size == 1 else 10))
    if size <= _MOST_LABELLED:
        _label(axis, values, shading, size)
    left, bottom, right, top = bounds(shapes()["states"], MARGIN)
    _view(axis, left, bottom - _height_of_boxes() * (right - left), right, top)
    _draw_boxes(axis, values, shading, size)
    for spine in axis.spines.values():
        spine.set_visible(False)


def key(axis: Axes) -> None:
    """Say in a corner of a panel what the hatching and the grey land are."""
    keys = [
        Patch(
            facecolor="white", edgecolor=style.INK, hatch="//////", linewidth=0.6, label="disputed territory"
        ),
        Patch(facecolor=RUSSIA, edgecolor=BORDER, linewidth=0.6, label="Russia"),
    ]
    axis.legend(handles=keys, loc="upper right", fontsize=6, framealpha=0.9, edgecolor="none", borderpad=0.3)


def _draw_land(axis: Axes, values: Mapping[str, float], shading: Shading, hatch: str) -> None:
    everything = outlines()
    for path in everything["context"].values():
        _add(axis, PathPatch(path, facecolor=LAND, edgecolor="white", linewidth=0.4, zorder=1))
    for code, path in everything["russia"].items():
        _add(axis, PathPatch(path, facecolor=RUSSIA, edgecolor=BORDER, linewidth=0.3, zorder=2, gid=code))
    for code, path in everything["states"].items():
        colour = shading.colour(values.get(code, np.nan))
        _add(axis, PathPatch(path, facecolor=colour, edgecolor=BORDER, linewidth=0.5, zorder=3, gid=code))
    for name, path in everything["disputed"].items():
        patch = PathPatch(path, facecolor="none", edgecolor=style.INK, zorder=4, gid=name)
        patch.set(hatch=hatch, hatch_linewidth=0.4, linewidth=0.5, linestyle=(0, (2, 1)))
        _add(axis, patch)


def _add(axis: Axes, patch: PathPatch) -> None:
    """Add a patch as `Axes.add_patch` does, but for the limits that would follow from it: `_view` sets them.

    To find these limits takes longer than everything else about a map.
    """
    axis.add_artist(patch)


def _halo() -> list[Any]:
    return [patheffects.withStroke(linewidth=1.6, foreground="white", alpha=0.85)]


def _letters(size: int) -> float:
    return (6.5, 5.5, 4.6)[min(size, 3) - 1]


def _label(axis: Axes, values: Mapping[str, float], shading: Shading, size: int) -> None:
    everything, letters = shapes(), _letters(size)
    for code, shape in everything["states"].items():
        moved = (BESIDE if size > 1 else {}) | (_AT_SEA if size > 2 else {})
        x, y = project(*moved.get(code, shape["label"]))
        called = code if code in _SMALL or size > 1 else shape["name"]
        fits = size == 1 or code not in BOXED_STATES
        rated = f"\n{shading.label(code, values.get(code, np.nan))}" if fits else ""
        axis.text(
            float(x), float(y), called + rated, fontsize=letters, ha="center", va="center", color=style.INK,
            linespacing=0.95, path_effects=_halo(), zorder=6, gid=f"label {code}",
        )  # fmt: skip
    if size > 2:
        return
    x, y = project(*everything["russia"]["label"])
    axis.text(float(x), float(y), "Russia", fontsize=letters, ha="center", color="#555555", zorder=6)
    lines = {"arrowstyle": "-", "color": style.INK, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 0}
    for name in everything["disputed"]:
        middle = corners_of("disputed", name).mean(axis=0)
        x, y = project(*MARKS[name])
        axis.annotate(
            name, (middle[0], middle[1]), (float(x), float(y)), fontsize=letters - 0.5, style="italic",
            ha="center", va="center", color=style.INK, arrowprops=lines, path_effects=_halo(), zorder=5,
        )  # fmt: skip


def _height_of_boxes() -> float:
    """Return the height of the boxes, and of the gap above them, over the width of the map that they fill."""
    return (1 - _GAP * (len(INSETS) - 1)) / sum(map(aspect, INSETS.values())) + _GAP


def _draw_boxes(axis: Axes, values: Mapping[str, float], shading: Shading, size: int) -> None:
    """Draw the small states side by side along the lower edge, all as high."""
    high = _height_of_boxes() - _GAP  # in widths of the map
    place = 0.0
    for codes in INSETS.values():
        wide = aspect(codes) * high
        box = axis.inset_axes((place, 0.0, wide, high / shape_of_map()), zorder=7)
        place += wide + _GAP
        box.set_facecolor(SEA)
        _draw_land(box, values, shading, "/" * 6)
        if size <= _MOST_LABELLED:
            _label_box(box, values, shading, codes, _letters(size))
        _view(box, *bounds(codes, NEAR))
        for spine in box.spines.values():
            spine.set(visible=True, color=BORDER, linewidth=0.6)


def _label_box(
    box: Axes, values: Mapping[str, float], shading: Shading, codes: Collection[str], letters: float
) -> None:
    everything = shapes()
    for code in codes:
        x, y = project(*BOXED.get(code, everything["states"][code]["label"]))
        rated = shading.label(code, values.get(code, np.nan))
        box.text(
            float(x), float(y), f"{code}\n{rated}", fontsize=letters, ha="center", va="center",
            color=style.INK, linespacing=0.95, path_effects=_halo(), zorder=6, clip_on=True,
        )  # fmt: skip
    for name, shape in everything["disputed"].items():
        if shape["state"] in codes:
            x, y = project(*BOXED[name])
            box.text(
                float(x), float(y), name, fontsize=letters - 0.8, style="italic", ha="center", va="center",
                color=style.INK, path_effects=_halo(), zorder=6, clip_on=True,
            )  # fmt: skip


def bounds(codes: Collection[str], margin: float) -> tuple[float, float, float, float]:
    """Return the left, lower, right and upper edge of some states, with a margin."""
    corners = np.vstack([corners_of("states", code) for code in codes])
    left, bottom = (corners.min(axis=0) - margin).tolist()
    right, top = (corners.max(axis=0) + margin).tolist()
    return left, bottom, right, top


_ENDS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)  # alignments lie between -1 and 1: none differ by more


def end_of_scale(far: float) -> float:
    """Return where a scale of differences ends that reach so far: the first end that holds all."""
    return next((end for end in _ENDS if far <= end), _ENDS[-1])


def aspect(codes: Collection[str]) -> float:
    """Return how wide the box around some states is, relative to its height."""
    left, bottom, right, top = bounds(codes, NEAR)
    return (right - left) / (top - bottom)


def _view(axis: Axes, left: float, bottom: float, right: float, top: float) -> None:
    """Show part of the plane, without ticks, as far across as up."""
    axis.set_xlim(left, right)
    axis.set_ylim(bottom, top)
    axis.set_aspect("equal")
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(False)
