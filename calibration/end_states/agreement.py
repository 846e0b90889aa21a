"""Readers' forms, and how far they agree with the rule and with one another."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from calibration.what_ifs.facts import exact
from sim.errors import SimError
from sim.measures.end_state import END_STATES
from sim.naming import nearest, printable

RULE = "rule"
"""Name of the rule among the readers."""

KEY_COLUMNS = ("history", "scenario", "replicate", "end_state")
FORM_COLUMNS = ("history", "end_state")

RESAMPLES = 2000
_LEVELS = (0.025, 0.975)
SEED = 20_250_101
"""Of the resampling only."""


class FormError(SimError, ValueError):
    """A form or key cannot be read."""


def read_key(path: Path) -> pd.DataFrame:
    """Read which run each history was, and its end state by the rule.

    Raises
    ------
    FormError
        If a column is missing, a history comes twice, or a class is none.
    """
    table = _read(path, KEY_COLUMNS)
    if blank := [line for line, name in enumerate(table["end_state"], 2) if not name]:
        raise FormError(f"{path}: line {blank[0]}: no end_state")
    return table


def read_form(path: Path, histories: Sequence[str]) -> pd.Series[str]:
    """Read one reader's form.

    Parameters
    ----------
    path : Path
        A csv with the columns ``history`` and ``end_state``; others are left aside.
    histories : sequence of str
        Those that there are.

    Returns
    -------
    Series
        End state by history; those left empty are not in it.

    Raises
    ------
    FormError
        If a column is missing, a history is unknown or comes twice, a class is none, or all are empty.
    """
    table = _read(path, FORM_COLUMNS)
    known = set(histories)
    for line, history in enumerate(table["history"], 2):
        if history not in known:
            raise FormError(f"{path}: line {line}: there is no history {printable(history)!r}")
    filled = table[table["end_state"] != ""]
    if filled.empty:
        raise FormError(f"{path}: no end_state is filled in (allowed: {', '.join(END_STATES)})")
    return filled.set_index("history")["end_state"]


def agreement(answers: Mapping[str, pd.Series[str]]) -> pd.DataFrame:
    """Return how far each two of the readers, the rule among them, agree.

    Parameters
    ----------
    answers : mapping of str to Series
        End state by history, by reader.

    Returns
    -------
    DataFrame
        One row a pair: first, second, histories (that both coded), agree, share, low, high (exact 95 %
        interval), kappa, kappa_low, kappa_high (95 % bootstrap over histories). Cohen's kappa is NaN where
        both put every history in one and the same class; such resamples are left out.
    """
    rows = []
    for first, second in combinations(answers, 2):
        both = pd.concat({first: answers[first], second: answers[second]}, axis=1, join="inner")
        one, two = both[first].to_numpy(dtype=str), both[second].to_numpy(dtype=str)
        hits = int((one == two).sum())
        share = hits / len(both) if len(both) else math.nan
        rows.append((first, second, len(both), hits, share, *exact(hits, len(both)), *_kappa(one, two)))
    counted = ["histories", "agree", "share", "low", "high", "kappa", "kappa_low", "kappa_high"]
    return pd.DataFrame(rows, columns=["first", "second", *counted])


def confusion(rule: pd.Series[str], answers: Mapping[str, pd.Series[str]]) -> pd.DataFrame:
    """Return in which classes each reader put the histories of each class of the rule.

    Returns
    -------
    DataFrame
        One row a reader and class of the rule: reader, rule, then a column of counts a class.
    """
    rows = []
    for reader, own in answers.items():
        coded = own[own.index.isin(rule.index)]
        table = pd.crosstab(rule[coded.index].to_numpy(), coded.to_numpy())
        table = table.reindex(index=list(END_STATES), columns=list(END_STATES), fill_value=0)
        rows += [(reader, name, *map(int, table.loc[name])) for name in END_STATES]
    return pd.DataFrame(rows, columns=["reader", "rule", *END_STATES])


def _kappa(one: NDArray[np.str_], two: NDArray[np.str_]) -> tuple[float, float, float]:
    if not len(one):
        return math.nan, math.nan, math.nan
    with warnings.catch_warnings():  # all in one class: NaN, as stated
        warnings.simplefilter("ignore")
        kappa = float(cohen_kappa_score(one, two))
    resampled = resampled_kappas(one, two)
    known = resampled[~np.isnan(resampled)]
    low, high = np.quantile(known, _LEVELS) if len(known) else (math.nan, math.nan)
    return kappa, float(low), float(high)


def resampled_kappas(one: NDArray[np.str_], two: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return kappa of histories drawn with replacement; all at once, as one by one takes seconds."""
    kinds, places = np.unique(np.stack([one, two]), return_inverse=True)
    cells = np.eye(len(kinds) ** 2)[places.reshape(2, -1)[0] * len(kinds) + places.reshape(2, -1)[1]]
    drawn = np.random.default_rng(SEED).multinomial(len(one), np.full(len(one), 1 / len(one)), RESAMPLES)
    shares = (drawn @ cells / len(one)).reshape(RESAMPLES, len(kinds), len(kinds))
    observed = np.trace(shares, axis1=1, axis2=2)
    by_chance = (shares.sum(axis=1) * shares.sum(axis=2)).sum(axis=1)
    left = 1 - by_chance
    alike = np.isclose(left, 0)
    found: NDArray[np.float64] = np.where(alike, np.nan, (observed - by_chance) / np.where(alike, 1, left))
    return found


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise FormError(f"{path}: not a table: {str(error).strip()}") from None
    for column in columns:
        if column not in table.columns:
            raise FormError(f"{path}: no column {column} (needed: {', '.join(columns)})")
    table = pd.DataFrame({column: table[column].str.strip() for column in columns})
    table["end_state"] = table["end_state"].str.casefold()
    for line, (history, name) in enumerate(zip(table["history"], table["end_state"], strict=True), 2):
        if history in set(table["history"][: line - 2]):
            raise FormError(f"{path}: line {line}: history {printable(history)!r} comes twice")
        if name and name not in END_STATES:
            close = nearest(name, END_STATES)
            hint = f"did you mean {close}? " if close else ""
            allowed = ", ".join(END_STATES)
            raise FormError(
                f"{path}: line {line}: {printable(name)!r} is no end_state; {hint}(allowed: {allowed})"
            )
    return table
