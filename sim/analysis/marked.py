"""The marks beside a difference in tables, and what they mean: the same wherever tables stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.intervals import LEAST_DIFFERING, barely, visible
from sim.analysis.written import DAGGER, pairs_text, whole_percent

STAR = "*"
"""Mark of a difference that is told apart from 0."""

BARE_STAR = "(*)"
"""The same of an interval that other resamples of the same runs might let include 0."""

STARRED_BEYOND = (
    f"0, as one in twenty would by chance alone, and where pairs tie at least {LEAST_DIFFERING} differ"
)
"""What the interval of a difference with a star excludes, in words; see `sim.analysis.intervals.visible`."""

HOW_BARELY = f"{BARE_STAR}: it does so barely, and other resamples of these runs might not: make more runs."
"""What a star in brackets means; see `sim.analysis.intervals.barely`."""

HOW_STARRED = (
    f"{STAR} where the interval excludes {STARRED_BEYOND}. {HOW_BARELY} (n pairs): where it rests on fewer "
    "pairs of runs than there are, since the outcome is undefined in the others."
)
"""What is said under differences of the star and of few pairs; the dagger has a sentence of its own."""

HOW_MARKED = (
    f"{HOW_STARRED} (n % tied): in so many pairs both are equal. (all tied): in every one, so the interval "
    "has no width, and says nothing of what is too rare for so few runs."
)
"""The same where ties stand beside differences, and not in a column."""

_MOSTLY = 0.5  # share of pairs from which on it is said that they tie


def star(row: Any) -> str:
    """Return the star of a difference, in brackets where it hangs on the resamples; empty without one.

    Parameters
    ----------
    row : mapping or Series
        As for `marks`.
    """
    if not visible(row):
        return ""
    return BARE_STAR if barely(row) else STAR


def marks(row: Mapping[str, float], most: float, *, assumed: bool) -> tuple[str, str, str]:
    """Return what stands beside a difference: its marks, on how many pairs it rests, and how many tie.

    Parameters
    ----------
    row : mapping
        With ``pairs``, ``low``, ``high`` and ``tied``, as `sim.analysis.intervals.against` returns them.
    most : float
        Pairs that there are.
    assumed : bool
        Whether an audit labels it so.

    Returns
    -------
    signs, pairs, ties : str
        Such as ``* †`` or ``(*)``, ``(7 pairs)`` and ``(80 % tied)``; each may be empty. Ties are told
        where at least half of the pairs tie, and where they alone keep a star away.
    """
    sure = bool(visible(row))
    signs = " ".join(filter(None, (star(row), DAGGER * assumed)))
    return signs, pairs_text(row["pairs"], most), _ties(row, sure=sure)


def _ties(row: Mapping[str, float], *, sure: bool) -> str:
    apart = row["low"] > 0 or row["high"] < 0
    if row["tied"] == 1:
        return "(all tied)"
    told = row["tied"] >= _MOSTLY or (apart and not sure)
    share = whole_percent(row["tied"])
    return f"({'over 99' if share == '100' else share} % tied)" if told else ""
