"""The record: small tables of facts and figures, as they stood on the first day of the start month."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.months import Month
from sim.parameters.parameter import Tag
from sim.world.state import Estimate

if TYPE_CHECKING:
    import pandas as pd


# -- how measures of different units are brought to one scale --------------------------------------


def ramp(value: float, low: float, high: float) -> float:
    """Rise linearly from 0 at ``low`` to 1 at ``high``, flat outside; ``low`` may be the larger."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


def log_ramp(value: float, low: float, high: float) -> float:
    """As `ramp`, in the logarithm of positive numbers."""
    return ramp(math.log(max(value, 1e-12)), math.log(low), math.log(high))


def root_sum_square(errors: Sequence[float]) -> float:
    """Combine independent standard deviations."""
    return math.sqrt(math.fsum(error * error for error in errors))


def great_circle_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the distance between two points given as (latitude, longitude) in degrees (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (first, second))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def bounded(
    mean: float, sd: float, *, source: str, low: float = 0.0, high: float = 1.0, tag: Tag = Tag.ASSUMED
) -> Estimate:
    """Return an estimate whose mean is cut to its range."""
    return Estimate(min(max(mean, low), high), sd, low, high, tag, source)


# -- the record: small tables of facts and figures, each column documented and openly licensed -----

_DICTIONARY = "columns"


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """The tables, read once and never changed.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By file name without its ending.
    dictionary : DataFrame
        One row a column of a table: file, column, meaning, unit, source, licence, note, carry_years.
    rows : mapping of str to tuple of dict
        The same tables as rows, for those that are read row by row.
    series : mapping of (str, str) to dict of int to float
        Yearly values of an indicator by (column, state); years that are blank in the table are absent.
    carry_years : mapping of str to int
        For how many years an indicator may be carried beyond its last or first value.
    yearly_step : mapping of str to float
        Root mean square change of an indicator from one year to the next, over all states.
    """

    tables: Mapping[str, pd.DataFrame]
    dictionary: pd.DataFrame
    rows: Mapping[str, tuple[dict[str, Any], ...]]
    series: Mapping[tuple[str, str], dict[int, float]]
    carry_years: Mapping[str, int]
    yearly_step: Mapping[str, float]


@cache
def load_record() -> Record:
    """Read the tables that come with the package and check them against their dictionary.

    Raises
    ------
    ValueError
        If a column has no row in the dictionary, or its row has no source or licence.
    """
    import pandas as pd  # noqa: PLC0415 - importing the package stays fast

    folder = files("sim.world") / "tables"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    read = {}
    for name in names:
        with (folder / name).open("r", encoding="utf-8") as stream:
            read[name.removesuffix(".csv")] = pd.read_csv(stream, keep_default_na=False, na_values=[""])
    dictionary = read.pop(_DICTIONARY)
    check_documented(read, dictionary)
    indicators = read["indicators"]
    measured = [name for name in indicators.columns if name not in ("state", "year")]
    carried = dictionary[dictionary["file"] == "indicators.csv"].set_index("column")["carry_years"]
    return Record(
        tables=read,
        dictionary=dictionary,
        rows={name: _rows(table) for name, table in read.items()},
        series=_series(indicators, measured),
        carry_years={name: int(carried[name]) for name in measured},
        yearly_step={name: _step(indicators, name) for name in measured},
    )


def check_documented(tables: Mapping[str, pd.DataFrame], dictionary: pd.DataFrame) -> None:
    """Refuse a table with a column that the dictionary leaves out, or a dictionary that names no column.

    Raises
    ------
    ValueError
        Naming the file and the column.
    """
    documented = set(zip(dictionary["file"], dictionary["column"], strict=True))
    present = {(f"{name}.csv", column) for name, table in tables.items() for column in table.columns}
    for file, column in sorted(present - documented):
        raise ValueError(f"{file}: column {column!r} has no row in columns.csv")
    for file, column in sorted(documented - present):
        raise ValueError(f"columns.csv: {file} has no column {column!r}")
    for key in ("meaning", "unit", "source", "licence"):
        for row in dictionary[dictionary[key].isna()].itertuples():
            raise ValueError(f"columns.csv: {row.file}, column {row.column!r}: no {key}")


def _rows(table: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    filled = table.astype(object).where(table.notna(), "")
    return tuple({str(key): value for key, value in row.items()} for row in filled.to_dict("records"))


def _series(indicators: pd.DataFrame, columns: list[str]) -> dict[tuple[str, str], dict[int, float]]:
    # by arrays: a frame for each state and column took a third of a second of every process that runs a model
    years, states = indicators["year"].to_numpy(dtype=int), indicators["state"].to_numpy(dtype=str)
    values = {column: indicators[column].to_numpy(dtype=float) for column in columns}
    found: dict[tuple[str, str], dict[int, float]] = {}
    for state in np.unique(states):
        here = states == state
        for column in columns:
            known = here & ~np.isnan(values[column])
            found[column, str(state)] = dict(
                zip(years[known].tolist(), values[column][known].tolist(), strict=True)
            )
    return found


def _step(indicators: pd.DataFrame, column: str) -> float:
    wide = indicators.pivot(index="year", columns="state", values=column)
    changes = wide.diff().to_numpy(dtype=float)
    return math.sqrt(float((changes[np.isfinite(changes)] ** 2).mean()))


# -- the record as it stood on the first day of the start month ------------------------------------


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
