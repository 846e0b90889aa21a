"""The table of what hardly any run may do, beside the record."""

from __future__ import annotations

import math
from collections.abc import Iterator

from calibration.skill.tails import RARELY, bounds, of_record
from docs.remake.words import percent

Lines = Iterator[tuple[str, ...] | str]
"""Rows of a table as tuples of cells, the head first; other lines as text."""


def tails() -> Lines:
    """Yield each bound: the record's number, what is held, of what, where it stands and why."""
    record = of_record()
    yield ("", "record", "bound", "held in", "in the code", "why")
    for name, bound in bounds().items():
        ends = f"at most {bound.high:.3g}" if bound.low == 0 else f"{bound.low:.3g} to {bound.high:.3g}"
        part = "" if "together" in bound.of else f"{percent(1 - RARELY)} % of "
        cell = f"{part}{bound.of}"
        if bound.missed is not None:
            low, high = (percent(share) for share in bound.missed)
            cell = f"**missed**: {low} to {high} % of {bound.of} lie beyond"
        value = record[name]
        known = "none" if value == 0 else f"{value:.3g}" if math.isfinite(value) else ""
        yield (bound.what, known, ends, cell, f"`{bound.constant}`", bound.reason)


BLOCKS = {"tails": tails}
"""Every generated table by the name in its mark."""
