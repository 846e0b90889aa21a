"""Outlines of the states and of the disputed territories, and the projection that draws them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

# -- albers equal-area conic projection of the region: areas on the map compare as they do on the ground ---

_PARALLELS = np.radians([38.0, 57.0])  # of no distortion: a sixth in from the region's south and north
_CENTRE = np.radians([53.0, 48.0])  # longitude of the middle meridian, latitude of the origin

_N = float(np.sin(_PARALLELS).mean())
_C = float(np.cos(_PARALLELS[0]) ** 2 + 2 * _N * np.sin(_PARALLELS[0]))
_RHO_CENTRE = float(np.sqrt(_C - 2 * _N * np.sin(_CENTRE[1])) / _N)


def project(longitude: ArrayLike, latitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project degrees to the plane.

    Parameters
    ----------
    longitude, latitude : array_like
        Degrees east and north.

    Returns
    -------
    x, y : ndarray
        In radii of a spherical Earth, from 53° E, 48° N.

    References
    ----------
    Snyder (1987), Map projections: a working manual, USGS Professional Paper 1395, pp. 98-103: spherical
    form, standard parallels 38° N and 57° N.
    """
    rho = np.sqrt(_C - 2 * _N * np.sin(np.radians(np.asarray(latitude, dtype=float)))) / _N
    angle = _N * (np.radians(np.asarray(longitude, dtype=float)) - _CENTRE[0])
    return rho * np.sin(angle), _RHO_CENTRE - rho * np.cos(angle)


# -- outlines of the states and of the disputed territories, read from ``shapes.json`` -------------


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


@cache
def outlines() -> dict[str, dict[str, Path]]:
    """Return every shape's projected outline, by the file's groups; a page of maps draws each many times."""
    found = {group: shapes()[group] for group in ("context", "states", "disputed")}
    found["russia"] = {"RUS": shapes()["russia"]}
    return {group: {name: outline(shape) for name, shape in held.items()} for group, held in found.items()}


def corners_of(group: str, name: str) -> NDArray[np.float64]:
    """Return all corners of a shape's outline, projected, shape (corners, 2)."""
    return np.asarray(outlines()[group][name].vertices, dtype=float)


def _area(corners: NDArray[np.float64]) -> float:
    x, y = corners.T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
