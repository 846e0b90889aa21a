"""Albers equal-area conic projection of the region: areas on the map compare as they do on the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
