"""The challenges on record under each coding, in one table that runs can have too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from calibration.record.load import LATEST, PUBLISHED, episodes, load_tables
from sim.months import Month
from sim.world.record import load_record
from sim.world.state import STATES

CODINGS = {
    "published": "episodes.csv as version 0.1.0 had it",
    "episodes": "episodes.csv, every row",
    "events": "events.csv where masses rose, de facto entities included",
    "crowds": "political crowds of Mass Mobilization that reach the share `SHARE`; ends in 2019",
}
"""What counts as a challenge."""

COLUMNS = {
    "scenario": "name of the scenario; record for the record",
    "replicate": "number of the run; 0 for the record",
    "state": "state, as ISO 3166 code",
    "start": "first day (datetime64); the first of the month where only the month is known",
    "end": "last day (datetime64); NaT where it is not known",
    "peak": "largest crowd at one time, share of the population; a lower bound in the record; NaN: unknown",
    "outcome": "fell, concession or survived; blank: not known",
    "street": "whether the incumbent fell to the street",
    "near_vote": "whether a vote or succession is near, by the record's coding or the run's events",
    "moscow": "whom Moscow backed: incumbent, opposition, secessionists, none; blank: not known",
    "means": "whether Moscow gave the incumbent more than words (money, covert help, the alliance)",
}
"""Columns of a table of challenges; a table of runs has the same."""

SHARE = 0.001
"""Share of the population on the street at one time from which there is a challenge (docs/RECORD.md)."""

QUIET_MONTHS = 6
"""Months without such a crowd after which the next one begins another challenge, as in the model."""

CROWDS_UNTIL = "2019-12"
"""Last month of the list of crowds that is counted; the list itself ends in March 2020."""

_MEANS = ("economic aid", "covert", "CSTO")
_STREET = ("protest", "armed protest")
_NOTHING_KNOWN: dict[str, Any] = {
    "outcome": "",
    "street": False,
    "near_vote": False,
    "moscow": "",
    "means": False,
}


def challenges(coding: str = "episodes", *, share: float = SHARE) -> pd.DataFrame:
    """Return the challenges of the 14 states on record.

    Parameters
    ----------
    coding : str
        One of `CODINGS`.
    share : float
        For ``crowds``: share of the population from which a crowd counts.

    Returns
    -------
    DataFrame
        One row a challenge, in order of time; columns as `COLUMNS`, and ``id``.

    Raises
    ------
    ValueError
        If there is no such coding.
    """
    if coding not in CODINGS:
        raise ValueError(f"no coding {coding!r}: use {', '.join(CODINGS)}")
    if coding == "crowds":
        found = _of_crowds(share)
    else:
        sheet = episodes(PUBLISHED if coding == "published" else LATEST)
        rows = list(_of_sheet(sheet))
        if coding == "events":
            rows = list(_of_events({row["id"]: row for row in rows}))
        found = pd.DataFrame(rows)
    found = found.assign(scenario="record", replicate=0)
    found["start"], found["end"] = pd.to_datetime(found["start"]), pd.to_datetime(found["end"])
    return found[["id", *COLUMNS]].sort_values(["start", "id"], kind="stable", ignore_index=True)


def largest_crowds(sheet: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of the largest crowd of each row of ``episodes`` or ``events``.

    Returns
    -------
    DataFrame
        Indexed as the sheet: ``listed`` (lower bound of the list of protests, persons), ``order`` (order of
        magnitude, log10), ``low`` (the larger lower bound of both, persons), ``population`` (persons, in the
        year of the start), ``share`` (low by population). NaN where nothing is known.
    """
    listed = pd.to_numeric(sheet["size_low"].replace("", np.nan))
    order = pd.to_numeric(sheet["size_order"].replace("", np.nan))
    low = pd.Series(np.fmax(listed, 10.0**order), sheet.index)
    places = zip(sheet["state"], sheet["start"], strict=True)
    people = pd.Series([population(state, int(start[:4])) for state, start in places], sheet.index)
    return pd.DataFrame(
        {"listed": listed, "order": order, "low": low, "population": people, "share": low / people}
    )


def population(state: str, year: int) -> float:
    """Return persons at mid-year; the last year on record where a later one is asked for."""
    known = load_record().series["population_million", state]
    return 1e6 * known[min(max(year, min(known)), max(known))]


def spells(share: float, quiet: int = QUIET_MONTHS) -> pd.DataFrame:
    """Return spells of political crowds: months with one, no more than some quiet months apart.

    Parameters
    ----------
    share : float
        Share of the population from which a crowd counts.
    quiet : int
        Months between two such crowds from which they belong to two spells.

    Returns
    -------
    DataFrame
        state, first and last (ordinals of months), peak (share of the population).
    """
    table = load_tables()["political_crowds"]
    rows: list[dict[str, Any]] = []
    for row in table[table["month"].between("1992-01", CROWDS_UNTIL)].to_dict("records"):
        state, month = row["state"], Month.parse(row["month"])
        size = float(row["largest"] or 0) / population(state, month.year)
        if size < share:
            continue
        if rows and rows[-1]["state"] == state and month.ordinal - rows[-1]["last"] < quiet:
            rows[-1] |= {"last": month.ordinal, "peak": max(rows[-1]["peak"], size)}
        else:
            rows.append({"state": state, "first": month.ordinal, "last": month.ordinal, "peak": size})
    return pd.DataFrame(rows, columns=["state", "first", "last", "peak"])


def _of_sheet(sheet: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row, share in zip(sheet.to_dict("records"), largest_crowds(sheet)["share"], strict=True):
        yield {
            "id": row["id"],
            "state": row["state"],
            "start": row["start"],
            "end": row["end"],
            "peak": share,
            "outcome": row["outcome"],
            "street": row["how_fell"] in _STREET,
            "near_vote": row["near_vote"] != "no",
            "moscow": row["russian_side"],
            "means": row["russian_side"] == "incumbent" and row["russian_response"] in _MEANS,
        }


def _of_events(known: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the second coding; what both sheets have is as in the first."""
    sheet = load_tables()["events"]
    sheet = sheet[(sheet["challenge"] == "1") & sheet["state"].isin(STATES)]
    for row, share in zip(sheet.to_dict("records"), largest_crowds(sheet)["share"], strict=True):
        if row["id"] in known:
            yield known[row["id"]]
        else:  # against Soviet rule, or inside an entity: who fell was not the state's incumbent
            yield {
                "id": row["id"], "state": row["state"], "start": row["start"], "end": row["end"],
                "peak": share,
            } | _NOTHING_KNOWN  # fmt: skip


def _of_crowds(share: float) -> pd.DataFrame:
    found = spells(share)
    starts = [f"{Month(first)}-01" for first in found["first"]]
    last = [pd.Period(str(Month(last)), "M").end_time.normalize() for last in found["last"]]
    return pd.DataFrame(
        {
            "id": [f"{state}-{start[:7]}" for state, start in zip(found["state"], starts, strict=True)],
            "state": found["state"], "start": starts, "end": last, "peak": found["peak"],
        }
    ).assign(**_NOTHING_KNOWN)  # fmt: skip
