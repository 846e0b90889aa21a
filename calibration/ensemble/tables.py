"""Observed histories as tables, and back, without loss."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from calibration.history import Challenge, Observation, ObservedHistory, Window
from sim.months import Month

_YEARLY = ("alignment", "crowds", "crowded_months")
_NOT_FACTS = ("window", "challenges", "members", *_YEARLY)
FACTS = tuple(item.name for item in dataclasses.fields(ObservedHistory) if item.name not in _NOT_FACTS)
"""Fields of `ObservedHistory` that are tuples of observations."""

_ALLIANCE_ROW = "RUS"


def fact_rows(history: ObservedHistory) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield field, month (ordinal), subject, detail and support of every dated fact."""
    for challenge in history.challenges:
        yield ("challenges", challenge.month.ordinal, challenge.state, challenge.outcome, challenge.support)
    for name in FACTS:
        for fact in getattr(history, name):
            yield (name, fact.month.ordinal, fact.subject, fact.detail, "")


def year_rows(history: ObservedHistory) -> Iterator[tuple[int, str, float, float, int, int]]:
    """Yield year, state, alignment, crowd, crowded months and members; the alliance's row is Russia's."""
    for year, count in history.members.items():
        yield (year, _ALLIANCE_ROW, np.nan, np.nan, -1, count)
    keys = dict.fromkeys(key for name in _YEARLY for key in getattr(history, name))
    for state, year in keys:
        yield (
            year,
            state,
            history.alignment.get((state, year), np.nan),
            history.crowds.get((state, year), np.nan),
            history.crowded_months.get((state, year), -1),
            -1,
        )


FACT_COLUMNS = ("field", "month", "subject", "detail", "support")
YEAR_COLUMNS = ("year", "state", "alignment", "crowd", "crowded_months", "members")


def facts_table(histories: Iterable[tuple[dict[str, Any], ObservedHistory]]) -> pd.DataFrame:
    """Return the dated facts of runs, one a row, each with the run's key in front."""
    return _typed(_table(histories, fact_rows, FACT_COLUMNS))


def years_table(histories: Iterable[tuple[dict[str, Any], ObservedHistory]]) -> pd.DataFrame:
    """Return the yearly figures of runs, one state and year a row, each with the run's key in front."""
    return _typed(_table(histories, year_rows, YEAR_COLUMNS))


def history_of(window: Window, facts: pd.DataFrame, years: pd.DataFrame) -> ObservedHistory:
    """Return the history of one run from its rows of both tables.

    Parameters
    ----------
    window : Window
    facts, years : DataFrame
    """
    fields: dict[str, list[Observation]] = {name: [] for name in FACTS}
    challenges: list[Challenge] = []
    for name, ordinal, subject, detail, support in zip(*_columns(facts, FACT_COLUMNS), strict=True):
        if name == "challenges":
            challenges.append(Challenge(Month(ordinal), subject, detail, support))
        else:
            fields[name].append(Observation(Month(ordinal), subject, detail))
    yearly: dict[str, Any] = {name: {} for name in (*_YEARLY, "members")}
    for year, state, alignment, crowd, crowded, members in zip(*_columns(years, YEAR_COLUMNS), strict=True):
        if members >= 0:
            yearly["members"][year] = members
        if not math.isnan(alignment):
            yearly["alignment"][state, year] = alignment
        if not math.isnan(crowd):
            yearly["crowds"][state, year] = crowd
        if crowded >= 0:
            yearly["crowded_months"][state, year] = crowded
    facts_of_run: dict[str, Any] = {name: tuple(found) for name, found in fields.items()}
    return ObservedHistory(window=window, challenges=tuple(challenges), **facts_of_run, **yearly)


def _columns(table: pd.DataFrame, names: tuple[str, ...]) -> list[list[Any]]:
    return [table[name].tolist() for name in names]


def _table(
    histories: Iterable[tuple[dict[str, Any], ObservedHistory]], rows: Any, columns: tuple[str, ...]
) -> pd.DataFrame:
    keys: list[str] = []
    data: list[tuple[Any, ...]] = []
    for key, history in histories:
        keys = list(key)
        data += [(*key.values(), *row) for row in rows(history)]
    return pd.DataFrame(data, columns=[*keys, *columns])


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Give whole numbers and floats half their width; words are written once by parquet."""
    small = {
        name: np.float32 if kind.kind == "f" else np.int32
        for name, kind in table.dtypes.items()
        if isinstance(kind, np.dtype) and kind.kind in "if"
    }
    return table.astype(small)
