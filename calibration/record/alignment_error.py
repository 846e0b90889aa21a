"""How far the composite of alignment errs from one year to the next, by what the record itself shows.

An error that comes anew each year is taken back the year after: it makes successive changes go opposite
ways. What lasts (the weights of the components, say) cancels in changes, and cannot be seen in them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

JUMP = 0.15
"""Change in a year from which it is held for a turn of policy, not for an error: Georgia's of 1999 and 2009,
Ukraine's of 2014 and their like. With them none of the error would be seen."""


def yearly_error(levels: NDArray[np.float64]) -> float:
    """Return the standard deviation of the part of the error that is new each year.

    If a level is a path with independent changes, plus an error that is new each year, the covariance of
    successive changes is minus the error's variance (Harvey 1989, *Forecasting, Structural Time Series
    Models and the Kalman Filter*, local level model).

    Parameters
    ----------
    levels : ndarray, shape (years, states)
        Alignment as measured; at least 4 years.

    Returns
    -------
    float
        In units of alignment; 0 if successive changes rather go the same way. To be trusted where it is small
        against `JUMP`.
    """
    changes = np.diff(levels - levels.mean(axis=1, keepdims=True), axis=0)
    before, after = changes[:-1], changes[1:]
    calm = (np.abs(before) < JUMP) & (np.abs(after) < JUMP)
    covariance = float(np.cov(before[calm], after[calm])[0, 1])
    return math.sqrt(max(-covariance, 0.0))
