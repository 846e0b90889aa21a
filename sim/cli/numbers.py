"""Differences as tables show them."""

from __future__ import annotations

from sim.results.compare import number


def difference_text(difference: float, low: float, high: float) -> str:
    """Return a difference with its sign and interval, as in ``+0.31 [0.1, 0.52]``."""
    sign = "+" if difference > 0 else ""
    return f"{sign}{_fine(difference)} [{_fine(low)}, {_fine(high)}]"


def _fine(value: float) -> str:
    """Write a number so that one which is not 0 does not look like it."""
    return f"{value:.1g}" if 0 < abs(value) < 0.01 else number(value)
