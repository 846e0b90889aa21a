"""The calendar of national votes."""

from __future__ import annotations

from sim.months import Month
from sim.world.record import Record, Snapshot
from sim.world.state import STATES

_FIRST = Month.of(1991, 1)


def executive_elections(record: Record) -> dict[str, tuple[Month, ...]]:
    """Elections of the chief executive held since 1991, by state and for Moscow (RUS), oldest first.

    An election of parliament counts while parliament chooses the chief executive (``executive_offices.csv``),
    one of the president while the president is it. An election of two rounds is dated by the second.
    """
    return {state: tuple(m for m in _held(record, state) if m >= _FIRST) for state in (*STATES, "RUS")}


def parliamentary_elections(record: Record) -> dict[str, tuple[Month, ...]]:
    """Elections of parliament since 1991 that do not choose the chief executive, by state, oldest first."""
    executive = executive_elections(record)
    held: dict[str, list[Month]] = {state: [] for state in STATES}
    for row in record.rows["elections"]:
        month = Month.parse(row["month"])
        state = row["state"]
        if (
            state in held
            and row["kind"] == "parliament"
            and month >= _FIRST
            and month not in executive[state]
        ):
            held[state].append(month)
    return {state: tuple(sorted(months)) for state, months in held.items()}


def months_since_election(snapshot: Snapshot, state: str) -> int:
    """Months since the last election of the chief executive, from 1990 on."""
    past = [month for month in _held(snapshot.record, state) if month < snapshot.start]
    if not past:
        raise LookupError(f"elections.csv: no election of {state} before {snapshot.start}")
    return snapshot.start - past[-1]


def election_term(snapshot: Snapshot, state: str) -> int:
    """Months between elections of the chief executive by the constitution in force."""
    office = snapshot.spell("executive_offices", state)
    if office is None:
        raise LookupError(f"executive_offices.csv: no office of {state} on {snapshot.day}")
    return int(office["term_months"])


def parliament_term(snapshot: Snapshot, state: str) -> int:
    """Months between votes for a parliament that does not choose the chief executive; 0 where it does."""
    row = snapshot.spell("parliaments", state)
    return 0 if row is None else int(row["term_months"])


def months_since_parliament(snapshot: Snapshot, state: str) -> int:
    """Months since the last vote for such a parliament; half a term where none is on record."""
    past = [m for m in parliamentary_elections(snapshot.record)[state] if m < snapshot.start]
    return snapshot.start - past[-1] if past else parliament_term(snapshot, state) // 2


def announced_votes(snapshot: Snapshot, state: str) -> tuple[tuple[str, Month], ...]:
    """Votes to come that had been announced before the start, other than when they were due.

    Returns
    -------
    tuple of (str, Month)
        ``executive`` for a vote on the chief executive, ``parliament`` for another, and the month.
    """
    office = snapshot.spell("executive_offices", state)
    chosen_by = None if office is None else office["chosen_by"]
    now = str(snapshot.start)
    return tuple(
        ("executive" if row["kind"] == chosen_by else "parliament", Month.parse(row["month"]))
        for row in snapshot.record.rows["early_votes"]
        if row["state"] == state and row["announced"] < now <= row["month"]
    )


def _held(record: Record, state: str) -> list[Month]:
    offices = [row for row in record.rows["executive_offices"] if row["state"] == state]
    return sorted(
        Month.parse(row["month"])
        for row in record.rows["elections"]
        if row["state"] == state and any(_fills(row, office) for office in offices)
    )


def _fills(election: dict[str, str], office: dict[str, str]) -> bool:
    begun = office["start"][:7] <= election["month"]
    running = not office["end"] or election["month"] <= office["end"][:7]
    return begun and running and election["kind"] == office["chosen_by"]
