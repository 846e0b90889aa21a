"""From the tables to an observed history, under one of three codings of a fall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from calibration.history import REGION, Challenge, Observation, ObservedHistory, Window
from calibration.record.interventions import interventions
from calibration.record.leaders import leader_changes
from calibration.record.load import LATEST, episodes, load_tables
from calibration.record.yearly import alignments, crowded_months, crowds
from sim.months import Month
from sim.world.record import load_record

RECORD = Window(1992, 2024)
"""The years that the record covers in full."""

CODINGS = {
    "protest": "the incumbent fell to protest, armed or not, in a mass challenge",
    "wide": "any fall in a mass challenge, a lost election included, and falls to rebels",
    "archigos": "irregular exits by Archigos 4.1, which ends in 2015, in a mass challenge or to rebels",
}
"""What counts as a fall to the street."""

_LAST_YEAR = {"archigos": 2015}
_STREET = ("protest", "armed protest")
_WORDS = ("rhetorical", "political support")
_MEANS = ("economic aid", "CSTO")
_UNKNOWN = 0  # status of a territory before its first row


def observed_record(
    coding: str = "protest",
    version: str = LATEST,
    *,
    later: Mapping[str, pd.DataFrame] | None = None,
    until: int | None = None,
) -> ObservedHistory:
    """Return the record as an observed history.

    Parameters
    ----------
    coding : str
        One of `CODINGS`. It decides what is a fall to the street, and so its successors.
    version : str
        Of the coding sheet; see `calibration.record.load.episodes`.
    later : mapping of str to DataFrame, optional
        What happened after `RECORD`, from `calibration.record.later.read_later`: only to score forecasts.
        Alignment, votes and leaders of those years are not in it.
    until : int, optional
        Last year that ``later`` covers in full.

    Raises
    ------
    ValueError
        If there is no such coding, or only one of ``later`` and ``until`` is given.
    """
    if coding not in CODINGS:
        raise ValueError(f"no coding {coding!r}: use {', '.join(CODINGS)}")
    if (later is None) != (until is None):
        raise ValueError("later and until go together")
    tables = _tables(version, later or {})
    sheet, overthrows = tables["episodes"], tables["overthrows"]
    street = [row for row in sheet if _fell(row, coding)]
    rebels = [row for row in overthrows if row["led_by"] == "armed"]
    counted = [row for row in rebels if coding == "wide" or _irregular(row, coding)]
    other = [row for row in overthrows if row not in counted]
    falls = [_fact(row, _fall_date(row), "street") for row in (*street, *counted)]
    falls += [_fact(row, row["date"], "elite") for row in other]
    calls = tables["alliance_calls"]
    whole = Window(1991, until or RECORD.last)
    challenges = tuple(_challenge(row, coding) for row in sheet)
    deployments = _ordered(_fact(row, row["date"]) for row in calls if row["what"] == "deployment")
    territories = _territories(tables["territory_status"])
    history = ObservedHistory(
        window=whole,
        challenges=challenges,
        falls=_ordered(falls),
        successors=_ordered(
            _fact(row, _fall_date(row), row["orientation"])
            for row in (*street, *counted)
            if row["orientation"]
        ),
        votes=_votes(sheet),
        wars=_ordered(_fact(row, row["start"]) for row in tables["interventions"] if row["kind"] == "war"),
        territories=territories,
        deployments=deployments,
        refusals=_ordered(_fact(row, row["date"]) for row in calls if row["met"] == "no"),
        memberships=_memberships(tables["memberships"]),
        clashes=_clashes(),
        interventions=_ordered(interventions(challenges, deployments, territories, tables)),
        leaders=_ordered(leader_changes()),
        alignment={key: estimate.mean for key, estimate in alignments(RECORD).items()},
        crowds=crowds(),
        crowded_months=crowded_months(),
        members={
            year: _members(tables["memberships"], f"{year}-12-31") for year in range(1992, whole.last + 1)
        },
    )
    return history.within(Window(RECORD.first, _LAST_YEAR.get(coding, whole.last)))


def members_at(day: str) -> int:
    """Return how many members the alliance (CSTO, before 2002 the treaty) had on a day, Russia included."""
    return _members(load_record().rows["memberships"], day)


def _tables(version: str, later: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the record's tables, and of those of the world that it reads, carried on."""
    found = {name: _rows(table) for name, table in load_tables().items()}
    found |= {name: list(load_record().rows[name]) for name in ("memberships", "territory_status")}
    carried = {name: rows + (_rows(later[name]) if name in later else []) for name, rows in found.items()}
    return carried | {"episodes": _rows(episodes(version, later.get("episodes")))}


def _members(memberships: Iterable[Mapping[str, Any]], day: str) -> int:
    spells = [row for row in memberships if row["organisation"] == "CSTO"]
    return 1 + len([row for row in spells if row["start"] <= day <= (row["end"] or day)])


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _month(date: str) -> Month:
    return Month.parse(date[:7])


def _fact(row: Mapping[str, Any], date: str, detail: str = "") -> Observation:
    return Observation(_month(date), row["state"], detail)


def _fall_date(row: dict[str, Any]) -> str:
    return str(row.get("fall_date") or row.get("date") or row["end"])


def _ordered(facts: Iterable[Observation]) -> tuple[Observation, ...]:
    return tuple(sorted(facts))


def _irregular(row: dict[str, Any], coding: str) -> bool:
    return bool(coding == "archigos" and row["archigos_exit"] == "irregular")


def _fell(row: dict[str, Any], coding: str) -> bool:
    if coding == "protest":
        return row["how_fell"] in _STREET
    return _irregular(row, coding) or (coding == "wide" and row["outcome"] == "fell")


def _challenge(row: dict[str, Any], coding: str) -> Challenge:
    outcome = "fell" if _fell(row, coding) else "concession" if row["outcome"] != "survived" else "survived"
    support = "none"
    if row["russian_side"] == "incumbent":
        response = row["russian_response"]
        support = "means" if response in _MEANS else "words" if response in _WORDS else "none"
    return Challenge(_month(row["start"]), row["state"], outcome, support)


def _votes(sheet: list[dict[str, Any]]) -> tuple[Observation, ...]:
    record = load_record()
    held = [
        Observation(Month.parse(row["month"]), row["state"], "election") for row in record.rows["elections"]
    ]
    managed = [
        Observation(_month(row["end"]), row["state"], "succession")
        for row in record.rows["leaders"]
        if row["exit_mode"] in ("managed succession", "natural death")
    ]
    coded = [_fact(row, row["start"], "succession") for row in sheet if row["near_vote"] == "succession"]
    return _ordered(vote for vote in (*held, *managed, *coded) if vote.subject in REGION)


def _territories(rows: Iterable[Mapping[str, Any]]) -> tuple[Observation, ...]:
    status: dict[str, int] = {}
    changes = []
    for row in sorted(rows, key=lambda row: str(row["date"])):
        name, now = row["territory"], int(row["status"])
        was = status.get(name, _UNKNOWN)
        status[name] = now
        if now != was:
            what = "lost" if now < was else "integrated" if now == 3 else "arose" if was == 0 else "upgraded"
            changes.append(Observation(_month(row["date"]), name, what))
    return tuple(changes)


def _memberships(rows: Iterable[Mapping[str, Any]]) -> tuple[Observation, ...]:
    facts = []
    for row in rows:
        if row["organisation"] == "CSTO":
            facts.append(_fact(row, row["start"], "joined"))
            if row["end"]:
                facts.append(_fact(row, row["end"], "left"))
    return _ordered(facts)


def _clashes() -> tuple[Observation, ...]:
    """Years of clashes between states, dated by their first month, since only the year is on record."""
    return _ordered(
        Observation(Month.of(int(row["year"]), 1), "-".join(sorted((row["first"], row["second"]))))
        for row in load_record().rows["clashes"]
    )
