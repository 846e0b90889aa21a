"""What signposts and scenario discovery say of the shipped theses, as tables and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import log2
from typing import Any

import pandas as pd

from docs.remake.stored import Tree
from docs.remake.words import WRITTEN_AS, count, known, percent, plain, whose
from sim.analysis.reliability import ENDS, part_text
from sim.analysis.signpost_words import shares_in_words, told
from sim.analysis.signposts import LEAST_FITTING
from sim.explain.words import capital, counted, month_name
from sim.months import Month

Lines = Iterator[tuple[str, ...] | str]
"""Rows of a table as tuples of cells, the head first; other lines as text."""

_STEP = "questions"
_TOLD = 5  # signposts of a window
_ALL = "all"


SHIPPED = 1 + len(WRITTEN_AS)
"""The shared world and the shipped theses."""


def most_bits() -> float:
    """Return the bits of an answer to which of the shipped theses, or the shared world, it is."""
    return log2(SHIPPED)


def signposts(tree: Tree) -> Lines:
    """Yield what to watch in each window, most telling first."""
    posts, windows = _texts(tree, "signposts", "assumed", "unaudited"), tree.table(_STEP, "windows")
    for window in windows.to_dict("records"):
        years = int(window["years"])
        last = month_name(str(Month.parse(str(window["from"])) + (12 * years - 1)))
        telling = int(window["telling"])
        yield (
            f"**By {last}** ({counted(years, 'year')}). Of {int(window['observables']):,} signposts, "
            f"{telling} tell more than chance, which reaches {window['chance']:.2f} bits."
        )
        yield ""
        if telling:
            yield ("what to watch", "bits", "bits a year", "share of runs")
            for row in posts[posts["years"] == years].head(_TOLD).to_dict("records"):
                cells: dict[str, Any] = {str(key): value for key, value in row.items()}
                mark = "" if cells["assumed"] or not cells["unaudited"] else " (not audited)"
                yield (
                    capital(told(str(cells["observable"]), int(cells["threshold"]))) + mark,
                    f"{cells['bits']:.2f}",
                    f"{cells['bits_a_year']:.2f}",
                    shares_in_words(cells),
                )
            yield ""


def checked(tree: Tree) -> Lines:
    """Yield the reliability curve as a table, with what was stated in words under it."""
    curve = tree.table(_STEP, "reliability") if tree.about(_STEP) else pd.DataFrame()
    if curve.empty:
        yield "There are too few runs to check odds."
        return
    yield ("allowance", "after", "odds given", "how many", "mean", "came true (95 %)", "calibrated")
    for row in curve.to_dict("records"):
        yield (
            f"{percent(row['allowed'])} %", counted(int(row["years"]), "year"),
            part_text(float(row["given"])), f"{int(row['odds']):,}", f"{percent(row['given'])} %",
            f"{percent(row['came_true'])} % ({percent(row['low'])} to {percent(row['high'])})",
            "yes" if row["calibrated"] else "**no**",
        )  # fmt: skip
    yield ""
    windows = tree.table(_STEP, "checked")
    for allowed, part in curve.groupby("allowed", sort=False):
        yield _calibration(float(str(allowed)), part, windows[windows["allowed"] == allowed])


def _calibration(allowed: float, curve: pd.DataFrame, windows: pd.DataFrame) -> str:
    """Say how often odds lie outside the interval, how wrong they are, and how often they are refused."""
    rows = windows.to_dict("records")
    errors = "; ".join(
        f"after {counted(int(row['years']), 'year')} {row['error']:.2f}, before {row['error_before']:.2f}"
        for row in rows
    )
    wrong = int((~curve["calibrated"].astype(bool)).sum())
    outside = count(wrong) if wrong else "none"
    chance = count(round(1 / (1 - ENDS[1] + ENDS[0])))
    refused = sum(row["refused"] for row in rows) / sum(row["truths"] for row in rows)
    return (
        f"- With an allowance of {percent(allowed)} % the mean lies outside the interval in {outside} "
        f"of {count(len(curve))} rows; one in {chance} would by chance. "
        f"Mean squared error (Brier): {errors}. "
        f"Odds are refused for {percent(refused)} % of truths, since under {count(LEAST_FITTING)} runs fit."
    )


def regions(tree: Tree) -> Lines:
    """Yield what PRIM found, on training and held-out runs and under shuffled labels."""
    verdicts, boxes = _texts(tree, "verdict", "too_few"), _texts(tree, "box", "unit", "meaning")
    scores = tree.table(_STEP, "scores")
    yield (
        "end state", "under", "base", "density and coverage, training", "the same, held out",
        "training density, labels shuffled", "shuffled searches as good", "verdict",
    )  # fmt: skip
    found: list[str] = []
    for row in verdicts.to_dict("records"):
        state, scenario = str(row["end_state"]), str(row["scenario"])
        together = str(row["scenarios"]).split(", ")
        where = f"all {count(len(together))} together" if scenario == _ALL else whose(scenario)
        if row["too_few"]:
            yield (state, where, "–", "–", "–", "–", "–", f"nothing can be found: {row['too_few']}")
            continue
        own = scores[(scores["end_state"] == state) & (scores["scenario"] == scenario)].set_index("score")
        by: Mapping[str, Mapping[str, float]] = {str(key): own.loc[key] for key in own.index}
        yield (
            state, where, f"{percent(by['held out']['base'])} %", _pair(by["training"]),
            f"**{_pair(by['held out'])}**", f"{_share(by['training, labels shuffled (mean)']['density'])} %",
            f"{percent(row['by_chance'])} %", "**found**" if row["found"] else "nothing found",
        )  # fmt: skip
        if row["found"]:
            box = boxes[(boxes["end_state"] == state) & (boxes["scenario"] == scenario)]
            found.append(f"- {state}, {where}: {'; '.join(map(_limit, box.to_dict('records')))}")
    yield ""
    if found:
        yield "In the parameters' own words, what was found:"
        yield ""
        yield from found
    else:
        yield "So in no case does the search find a region of which it could be sure."


def _texts(tree: Tree, name: str, *columns: str) -> pd.DataFrame:
    """Return a table in which these columns are texts, though all of them may be empty."""
    table = tree.table(_STEP, name)
    return table.assign(**{column: table[column].astype(object).fillna("") for column in columns})


def _pair(score: Mapping[str, float]) -> str:
    return f"{_share(score['density'])} %, {_share(score['coverage'])} %"


def _share(value: float) -> str:
    return percent(value) if known(value) else "–"


def _limit(row: Mapping[Any, Any]) -> str:
    low, high = float(row["low"]), float(row["high"])
    if low == float("-inf"):
        told = f"at most {plain(high)}"
    elif high == float("inf"):
        told = f"at least {plain(low)}"
    else:
        told = f"{plain(low)} to {plain(high)}"
    return f"{row['meaning']} (`{row['parameter']}`): {told} {row['unit']}".rstrip()


BLOCKS: dict[str, Callable[[Tree], Lines]] = {
    "signposts": signposts,
    "signposts checked": checked,
    "regions": regions,
}
"""Tables that are told line by line, by the name that a template asks for."""
