"""Who rules, since when, and how rulers before went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.months import Month
from sim.world.snapshot import Snapshot

FORCED_EXITS = frozenset({"uprising", "uprising successor blocked", "armed overthrow", "palace coup"})
_SAME_REIGN_DAYS = 183  # a leader back within half a year, after a snap election, has not left


@dataclass(frozen=True, slots=True)
class Leader:
    """The effective leader on the first day of a month.

    Parameters
    ----------
    name : str
    age : float
        Years, taking a birthday in mid-year: off by up to half a year.
    tenure : int
        Months since taking office; an absence under half a year is not counted as leaving.
    """

    name: str
    age: float
    tenure: int


def leader(snapshot: Snapshot, state: str) -> Leader:
    """Return the effective leader of a state, or of Moscow (RUS)."""
    row = snapshot.spell("leaders", state)
    if row is None:
        raise LookupError(f"leaders.csv: nobody leads {state} on {snapshot.day}")
    since = str(row["start"])
    earlier = [
        r for r in snapshot.record.rows["leaders"] if r["state"] == state and r["leader"] == row["leader"]
    ]
    for spell in sorted(earlier, key=lambda r: str(r["start"]), reverse=True):
        if spell["end"] and spell["end"] < since and _days(spell["end"], since) <= _SAME_REIGN_DAYS:
            since = str(spell["start"])
    start = snapshot.start
    age = start.year + (start.month - 1) / 12 - (int(row["birth_year"]) + 0.5)
    return Leader(str(row["leader"]), age, max(0, start - Month.parse(since[:7])))


def forced_exits(snapshot: Snapshot, state: str, years: int) -> int:
    """Count leaders brought down by a street, a rebellion or a palace in the years before the start."""
    first = f"{snapshot.start.year - years:04d}{snapshot.day[4:]}"
    return len(
        [
            row
            for row in snapshot.record.rows["leaders"]
            if row["state"] == state
            and first <= row["end"] < snapshot.day
            and row["exit_mode"] in FORCED_EXITS
        ]
    )


def _days(early: str, late: str) -> int:
    return (date.fromisoformat(late) - date.fromisoformat(early)).days
