"""The record as it stood on the first day of the start month, with nothing later where it can be avoided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.months import Month
from sim.world.record import Record
from sim.world.scales import root_sum_square


@dataclass(frozen=True, slots=True)
class Reading:
    """A yearly indicator read at the start month.

    Parameters
    ----------
    value : float
    carried : int
        Years between the value and the year wanted; 0 where the record has that year.
    error : float
        Standard deviation added by carrying, in the indicator's unit; 0 if not carried.
    """

    value: float
    carried: int
    error: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the record says on the first day of a month.

    Parameters
    ----------
    record : Record
    start : Month
    """

    record: Record
    start: Month

    @property
    def day(self) -> str:
        """First day of the month, ``YYYY-MM-DD``."""
        return f"{self.start}-01"

    @property
    def year(self) -> int:
        """The last completed year: a yearly figure of the current one would contain events yet to come."""
        return self.start.year - 1

    def reading(self, column: str, state: str) -> Reading | None:
        """Read a yearly indicator, carried forward, or backward where the series begins later.

        The error of carrying grows as that of a random walk: the root mean square yearly change of the
        indicator times the square root of the years carried.

        Returns
        -------
        Reading or None
            None beyond the limit ``carry_years`` of the indicator in ``columns.csv``.
        """
        series = self.record.series[column, state]
        if not series:
            return None
        year = max((known for known in series if known <= self.year), default=min(series))
        carried = abs(self.year - year)
        if carried > self.record.carry_years[column]:
            return None
        return Reading(series[year], carried, self.record.yearly_step[column] * math.sqrt(carried))

    def carried_error(self, state: str, weights: Mapping[str, float]) -> float:
        """Return the error that carrying adds to a sum in which indicators have these weights."""
        readings = ((weight, self.reading(column, state)) for column, weight in weights.items())
        return root_sum_square(
            [weight * reading.error for weight, reading in readings if reading is not None]
        )

    def value(self, column: str, state: str) -> float:
        """Read an indicator that the record has for every state and year.

        Raises
        ------
        LookupError
            If it is missing beyond its limit.
        """
        found = self.reading(column, state)
        if found is None:
            raise LookupError(f"indicators.csv: no {column} for {state} within reach of {self.year}")
        return found.value

    def recent(self, column: str, state: str, years: int) -> tuple[float, ...]:
        """Return the values of the last completed years that the record has, oldest first."""
        series = self.record.series[column, state]
        return tuple(series[year] for year in range(self.year - years + 1, self.year + 1) if year in series)

    def spells(self, table: str, state: str) -> tuple[dict[str, Any], ...]:
        """Return the rows of a table of spells that hold for a state on that day."""
        rows = (row for row in self.record.rows[table] if row["state"] == state)
        return tuple(row for row in rows if self.holds(row))

    def spell(self, table: str, state: str) -> dict[str, Any] | None:
        """Return the one spell of a state on that day, or None."""
        found = self.spells(table, state)
        if len(found) > 1:
            raise ValueError(f"{table}.csv: spells of {state} overlap on {self.day}")
        return found[0] if found else None

    def holds(self, row: dict[str, Any]) -> bool:
        """Whether a spell has begun and not ended; its last day is part of it."""
        return bool(row["start"] <= self.day and (not row["end"] or row["end"] >= self.day))

    def memberships(self, state: str) -> frozenset[str]:
        """Organisations and treaty statuses a state has, as named in ``memberships.csv``."""
        return frozenset(row["organisation"] for row in self.spells("memberships", state))

    def past(self, rows: Iterable[dict[str, Any]], key: str = "date") -> list[dict[str, Any]]:
        """Return the rows dated up to that day, oldest first."""
        return sorted((row for row in rows if row[key] <= self.day), key=lambda row: str(row[key]))
