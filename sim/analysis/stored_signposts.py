"""Signposts that `sim signposts FOLDER --out FOLDER` stored, for report and workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.signpost_words import shares_in_words
from sim.explain.words import capital, counted

if TYPE_CHECKING:
    from sim.experiment.results import Results

FILE = "signposts.csv"
"""Name of the file in a results folder."""

MOST = 5
"""Rows that are shown of each window."""

_NEEDED = {"from", "years", "bits", "bits_a_year", "exceeds", "assumed", "words", "given"}


def stored_signposts(results: Results) -> pd.DataFrame | None:
    """Return the signposts stored in a results folder; None if there are none, or of an earlier version."""
    path = Path(results.path) / FILE
    if not path.is_file():
        return None
    found = pd.read_csv(path, keep_default_na=False)
    if not set(found) >= _NEEDED:
        return None
    return found


def how_to_store(results: Results) -> str:
    """Return which command stores signposts in a results folder."""
    return f"sim signposts {results.path} --out {results.path}"


def windows_of(stored: pd.DataFrame) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each window's title, and its most telling signposts as texts, the headings first.

    Parameters
    ----------
    stored : DataFrame
        As `stored_signposts` returns it.
    """
    for (since, years), part in stored.groupby(["from", "years"], sort=False):
        sure = part[part["exceeds"].astype(str) == "True"]
        given = str(part["given"].iloc[0])
        title = f"{counted(int(str(years)), 'year')} from {since}{f', after {given}' if given else ''}"
        rows = [
            [
                capital(str(row["words"])),
                f"{row['bits']:.2f}",
                f"{row['bits_a_year']:.2f}",
                shares_in_words(row),
            ]
            for row in (
                {str(key): value for key, value in each.items()}
                for each in sure.head(MOST).to_dict("records")
            )
        ]
        yield title, [["what to watch", "bits", "bits a year", "share of runs"], *rows]
