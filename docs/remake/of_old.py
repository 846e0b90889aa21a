"""What is to be said of numbers that an earlier version made: `of_old.csv`, by version and step."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".csv")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def note(made: str, step: str) -> str:
    """Return what is to be said of a step's numbers; empty if nothing is.

    Parameters
    ----------
    made : str
        From what they were made, as `about.json` has it.
    step : str
        A row for it goes before one for every step of the version.
    """
    versions = made.replace(",", " ").split()
    own = [row for row in _rows() if row["version"] in versions and row["step"] in ("", step)]
    own.sort(key=lambda row: row["step"] == "")
    return own[0]["note"] if own else ""


def notes(by_origin: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Return what is to be said of some steps, by what they were made from; each thing once."""
    found = (note(made, step) for made, steps in by_origin for step in steps)
    return [text for text in dict.fromkeys(found) if text]
