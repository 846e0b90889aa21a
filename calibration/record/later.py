"""A record that is carried on: what happened from 2025 on, kept apart to score forecasts with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from calibration.record.load import DATED, RecordError, load_tables, refuse_days
from sim.naming import nearest
from sim.scenario import ScenarioError
from sim.scenario.reader import decode
from sim.world.record import load_record

LATER = ("episodes", "overthrows", "interventions", "alliance_calls", "memberships", "territory_status")
"""Tables that it may have, with the columns of the shipped ones."""


def read_later(folder: Path) -> dict[str, pd.DataFrame]:
    """Read what happened from `calibration.record.load.HELD_BACK` on.

    Parameters
    ----------
    folder : Path
        With some of the tables of `LATER`, as ``NAME.csv``. A table that is not there has no rows; a column
        that is not there is blank, but for the date and for whom the row is about.

    Returns
    -------
    dict of str to DataFrame
        By name; every cell is text, with the columns of the shipped table.

    Raises
    ------
    RecordError
        If the folder has none of these tables, or another one; or a table has an unknown column, lacks one
        that is needed, or has a state, territory or day that cannot be.
    OSError
        If a file cannot be read.
    """
    names = sorted(path.stem for path in folder.glob("*.csv"))
    if not names:
        raise RecordError(f"{folder}: no table here (allowed: {', '.join(f'{name}.csv' for name in LATER)})")
    for name in names:
        if name not in LATER:
            raise RecordError(f"{folder / name}.csv: not a table of the record{_hint(name, LATER)}")
    return {name: _read(folder / f"{name}.csv", name) for name in names}


def _read(path: Path, name: str) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.StringIO(decode(path.read_bytes(), str(path))), dtype=str, keep_default_na=False
        )
    except ScenarioError as error:
        raise RecordError(str(error)) from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RecordError(f"{path}: not a table: {str(error).strip()}") from None
    columns = _columns(name)
    for column in table.columns:
        if column not in columns:
            raise RecordError(f"{path}: unknown column {column!r}{_hint(str(column), columns)}")
    about = "territory" if name == "territory_status" else "state"
    for column in (about, next(column for column in DATED if column in columns)):
        if column not in table.columns:
            raise RecordError(f"{path}: column {column!r} is missing")
    known = sorted(
        {str(row[about]) for row in load_record().rows["states" if about == "state" else "territories"]}
    )
    for line, subject in enumerate(table[about], 2):
        if subject not in known:
            raise RecordError(f"{path}: line {line}: no {about} {subject!r}{_hint(subject, known)}")
    refuse_days(table, str(path), later=True)
    return table.reindex(columns=columns, fill_value="")


def _columns(name: str) -> list[str]:
    own = load_tables()
    return list(own[name].columns if name in own else load_record().tables[name].columns)


def _hint(name: str, allowed: Sequence[str]) -> str:
    close = nearest(name, allowed)
    return (f"; did you mean {close}?" if close else "") + f" (allowed: {', '.join(allowed)})"
