"""Scenarios of unequal start or length: what is not comparable between them."""

from __future__ import annotations

from collections.abc import Iterable


def unequal_spans(spans: Iterable[tuple[str, str, int]]) -> str:
    """Warn of scenarios that start in different months or run for different times.

    Parameters
    ----------
    spans : iterable of (name, start, years)
        Of each scenario.

    Returns
    -------
    str
        A sentence without its first capital; empty if all are of one start and length.
    """
    known = list(spans)
    if len({(start, years) for _, start, years in known}) < 2:
        return ""
    told = ", ".join(f"{name} {start}, {years} years" for name, start, years in known)
    return (
        f"the scenarios' spans differ ({told}): counts over unequal spans are not comparable, and the "
        "same replicate meets other months; better compare scenarios of one start and length"
    )
