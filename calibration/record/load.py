"""Reads the tables of the record and checks each column against the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import pandas as pd

from sim.world.record import check_documented

_DICTIONARY = "columns"


@cache
def load_tables() -> Mapping[str, pd.DataFrame]:
    """Read the tables that come with the package, by file name without its ending.

    Returns
    -------
    mapping of str to DataFrame
        ``episodes``, ``overthrows``, ``interventions`` and ``alliance_calls``; every cell is text,
        blank where nothing is known or applies.

    Raises
    ------
    ValueError
        If a column has no row in ``columns.csv``, or its row has no meaning, unit, source or licence.
    """
    return read_tables(files("calibration.record") / "tables")


def read_dictionary() -> pd.DataFrame:
    """Return the dictionary: one row a column of a table, with meaning, unit, source, licence and note."""
    file = files("calibration.record") / "tables" / f"{_DICTIONARY}.csv"
    with file.open("r", encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


def read_tables(folder: Traversable) -> dict[str, pd.DataFrame]:
    """Read and check the tables in a folder; see `load_tables`."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    read = {}
    for name in names:
        with (folder / name).open("r", encoding="utf-8") as stream:
            read[name.removesuffix(".csv")] = pd.read_csv(stream, dtype=str, keep_default_na=False)
    dictionary = read.pop(_DICTIONARY)
    check_documented(read, dictionary.replace("", None))
    return read
