"""Reads the tables of the record and checks each column against the dictionary.

Two rules keep the record honest. The rows of each version of the coding sheet stay readable, since what was
published is judged by the sheet that it rests on (`PUBLISHED`). And what happened from `HELD_BACK` on
is kept apart: it is read only to score a forecast that was made before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import pandas as pd

from sim.errors import SimError
from sim.world.record import check_documented

PUBLISHED = "0.1.0"
"""Version of the coding sheet that the forecast of 0.1.0 rests on, and every result of that version."""

LATEST = "0.2.0"
"""Newest version of the coding sheet."""

HELD_BACK = "2025-01-01"
"""First day of what is kept for scoring forecasts."""

DATED = ("start", "date", "month")
"""Columns that say when a row's event happened."""

_DICTIONARY = "columns"


class RecordError(SimError, ValueError):
    """A table of the record is not as it must be."""


@cache
def load_tables() -> Mapping[str, pd.DataFrame]:
    """Read the tables that come with the package, by file name without its ending.

    Returns
    -------
    mapping of str to DataFrame
        ``episodes``, ``events``, ``overthrows`` and so on; every cell is text, blank where nothing is known
        or applies. ``episodes`` has the rows of every version; see `episodes`.

    Raises
    ------
    ValueError
        If a column has no row in ``columns.csv``, or its row has no meaning, unit, source or licence.
    RecordError
        If a row is dated from `HELD_BACK` on.
    """
    return read_tables(files("calibration.record") / "tables")


def episodes(version: str = LATEST, later: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the coding sheet of challenges as a version of the project had it.

    Parameters
    ----------
    version : str
        Rows that came with later versions are left out.
    later : DataFrame, optional
        Rows from `HELD_BACK` on. A blank version is known to all.
    """
    sheet = load_tables()["episodes"]
    rows = sheet if later is None else pd.concat([sheet, later], ignore_index=True)
    known = [_number(since or PUBLISHED) <= _number(version) for since in rows["since_version"]]
    return rows[known].reset_index(drop=True)


def read_dictionary() -> pd.DataFrame:
    """Return the dictionary: one row a column of a table, with meaning, unit, source, licence and note."""
    file = files("calibration.record") / "tables" / f"{_DICTIONARY}.csv"
    with file.open("r", encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


def read_tables(folder: Traversable) -> dict[str, pd.DataFrame]:
    """Read and check the tables in a folder; see `load_tables`."""
    read = documented_tables(folder)
    for name, table in read.items():
        refuse_days(table, f"{name}.csv", later=False)
    return read


def documented_tables(folder: Traversable) -> dict[str, pd.DataFrame]:
    """Return the tables in a folder as text, blanks empty, without the dictionary that lies beside them.

    Raises
    ------
    ValueError
        If a column has no row in ``columns.csv``, or its row has no meaning, unit, source or licence.
    """
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    read = {}
    for name in names:
        with (folder / name).open("r", encoding="utf-8") as stream:
            read[name.removesuffix(".csv")] = pd.read_csv(stream, dtype=str, keep_default_na=False)
    dictionary = read.pop(_DICTIONARY)
    check_documented(read, dictionary.replace("", None))
    return read


def refuse_days(table: pd.DataFrame, name: str, *, later: bool) -> None:
    """Refuse a row whose date is none, or lies on the wrong side of `HELD_BACK`.

    Parameters
    ----------
    table : DataFrame
    name : str
        Of the file, for the message.
    later : bool
        Whether rows must be dated from `HELD_BACK` on; otherwise before it.

    Raises
    ------
    RecordError
        Naming file, line and date.
    """
    for column in DATED:
        for line, day in enumerate(table.get(column, ()), 2):
            form = "%Y-%m" if len(day) == len("2025-01") else "%Y-%m-%d"
            if pd.isna(pd.to_datetime(day, errors="coerce", format=form)):
                raise RecordError(f"{name}: line {line}: {column} {day!r} is no date (YYYY-MM-DD)")
            if later and day < HELD_BACK[: len(day)]:
                raise RecordError(
                    f"{name}: line {line}: {column} {day} is before {HELD_BACK}: what happened until then"
                    " is in the shipped tables"
                )
            if not later and day >= HELD_BACK[: len(day)]:
                raise RecordError(
                    f"{name}: line {line}: {column} {day}: what happened from {HELD_BACK} on is held back, to"
                    " score forecasts: keep it in a folder of its own (docs/RECORD.md)"
                )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
