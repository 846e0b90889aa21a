"""The record: small tables of facts and figures, each column documented and openly licensed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

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
    found: dict[tuple[str, str], dict[int, float]] = {}
    for state, table in indicators.groupby("state"):
        for column in columns:
            known = table[["year", column]].dropna()
            found[column, str(state)] = {
                int(year): float(value) for year, value in zip(known["year"], known[column], strict=True)
            }
    return found


def _step(indicators: pd.DataFrame, column: str) -> float:
    wide = indicators.pivot(index="year", columns="state", values=column)
    changes = wide.diff().to_numpy(dtype=float)
    return math.sqrt(float((changes[np.isfinite(changes)] ** 2).mean()))
