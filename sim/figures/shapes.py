"""Outlines of the states and of the disputed territories, read from ``shapes.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from sim.figures.projection import project


@cache
def shapes() -> dict[str, Any]:
    """Return the file: ``states``, ``russia``, ``context`` and ``disputed``, with source and licence."""
    text = files("sim.figures").joinpath("shapes.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def outline(shape: dict[str, Any]) -> Path:
    """Return a shape's projected outline, its holes cut out.

    Parameters
    ----------
    shape : dict
        With ``polygons``: lists of rings, each a flat list of longitudes and latitudes.
    """
    paths = []
    for polygon in shape["polygons"]:
        for place, ring in enumerate(polygon):
            points = np.asarray(ring, dtype=float).reshape(-1, 2)
            corners = np.column_stack(project(points[:, 0], points[:, 1]))
            # The non-zero rule fills where rings turn the same way, so holes turn the other way.
            if (_area(corners) > 0) != (place == 0):
                corners = corners[::-1]
            paths.append(Path(np.vstack([corners, corners[:1]]), closed=True))
    return Path.make_compound_path(*paths)


def corners_of(shape: dict[str, Any]) -> NDArray[np.float64]:
    """Return all corners of a shape's outline, projected, shape (corners, 2)."""
    return np.asarray(outline(shape).vertices, dtype=float)


def _area(corners: NDArray[np.float64]) -> float:
    x, y = corners.T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
