"""How many draws it takes before the ends of a 90 % interval mean something.

Beyond each end of a 90 % interval 5 % are meant to lie. Where n draws put that end, the true share has a
standard error of √(.05 × .95 / n). Up to a third of the 5 % it is let pass: twice that to either side leaves
2 to 8 %.
"""

from __future__ import annotations

import math

_TAIL = 0.05
_TOLERATED = _TAIL / 3

ENOUGH = math.ceil(_TAIL * (1 - _TAIL) / _TOLERATED**2)
"""Draws, or effective draws of a weighted sample, from which the error is tolerated: 171."""


def tail_error(number: float) -> float:
    """Return the standard error of the share beyond an end of a 90 % interval.

    Parameters
    ----------
    number : float
        Draws, or effective draws; above 0.
    """
    return math.sqrt(_TAIL * (1 - _TAIL) / number)


def warning(what: str, number: float, remedy: str) -> str:
    """Return one line that warns of too few draws; empty if there are enough.

    Parameters
    ----------
    what : str
        Is counted.
    number : float
    remedy : str
        What to do.
    """
    if number >= ENOUGH:
        return ""
    return (
        f"Warning: {what} of {number:.0f} is too small to lean on the ends of 90 % intervals: the 5 % beyond "
        f"each have a standard error of {100 * tail_error(number):.1f} points; {remedy}"
    )
