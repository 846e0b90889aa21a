"""Signposts that `sim signposts FOLDER --out FOLDER` stored, for report and workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.observables import about_one_of
from sim.analysis.signpost_words import (
    BEFORE_MEANS,
    about_codes,
    about_states,
    before_in_words,
    no_given_past,
    shares_in_words,
)
from sim.explain.words import capital, counted
from sim.months import Month

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


def windows_of(stored: pd.DataFrame, states: Sequence[str] = ()) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each window's title, and its most telling signposts as texts, the headings first.

    Parameters
    ----------
    stored : DataFrame
        As `stored_signposts` returns it.
    states : sequence of str
        Codes of states that are asked about: each window comes twice, then with signposts about them alone.
        What is stored about some states alone comes once, as it is.
    """
    for (since, years), part in stored.groupby(["from", "years"], sort=False):
        given = str(part["given"].iloc[0])
        after = f", after {given}" if given else ""
        title = f"{counted(int(str(years)), 'year')} from {since}"
        yield title + about_states(part) + after, _most_telling(part)
        if states and "about" not in part:
            own = part[[about_one_of(str(name), states) for name in part["observable"]]]
            yield title + about_codes(states) + after, _most_telling(own)


def _most_telling(part: pd.DataFrame) -> list[list[str]]:
    """Return the most telling signposts of a window as texts, the headings first."""
    sure = part[part["exceeds"].astype(str) == "True"].head(MOST)
    rows = [{str(key): value for key, value in each.items()} for each in sure.to_dict("records")]
    told = [
        [
            capital(str(row["words"])),
            f"{row['bits']:.2f}",
            f"{row['bits_a_year']:.2f}",
            ". ".join(filter(None, (shares_in_words(row), capital(before_in_words(row))))),
        ]
        for row in rows
    ]
    return [["what to watch", "bits", "bits a year", "share of runs"], *told]


def cautions_of(stored: pd.DataFrame, results: Results) -> list[str]:
    """Return what must be known of stored signposts whose windows begin later than the runs.

    Parameters
    ----------
    stored : DataFrame
        As `stored_signposts` returns it.
    results : Results
        In whose folder it is.
    """
    if stored.empty:
        return []
    start = min(Month.parse(str(item["start"])) for item in results.about["scenarios"])
    later = stored[[Month.parse(str(since)) > start for since in stored["from"]]]
    found = [no_given_past(since) for since in dict.fromkeys(later.loc[later["given"] == "", "from"])]
    rows = ({str(key): value for key, value in row.items()} for row in later.to_dict("records"))
    return [*found, *([BEFORE_MEANS] if any(map(before_in_words, rows)) else [])]
