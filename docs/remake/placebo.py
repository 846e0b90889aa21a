"""What the documents say of theses made by lot: how often they win what the real ones win, and of power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.odds.posterior import RULED_OUT
from calibration.placebo.ahead import VERDICTS, WORLD
from calibration.placebo.judge import PLACEBO, QUESTIONS, THESIS
from calibration.statistic import binomial_interval
from docs.remake.stored import Tree, by
from docs.remake.words import known, listed, markdown, name, short
from sim.scenario import SHARED_WORLD

_STEP, _AHEAD = "placebo", "placebo_backtest"
_ALONE = "against the shared world alone"
_MOSTLY = 0.5  # from which the thesis with the best score is rather the true one than not


def placebo(tree: Tree) -> dict[str, Any]:
    """Return the verdicts that placebos win beside theses, and how often each is found where it is true.

    ``made`` is false, and nothing else is there, before the step was run for the first time.
    """
    about = tree.about(_STEP)
    if not about:
        return {"made": False}
    judged, beaten = tree.table(_STEP, "against_world"), tree.table(_STEP, "beaten")
    best = max(beaten.to_dict("records"), key=lambda row: float(row["probability"]))
    by_best = float(best["by_best"])
    return {
        "made": True,
        "draws": about["draws"],
        "placebos": about["placebos"],
        "years": about["years"],
        "verdicts": _verdicts(tree.table(_STEP, "shares")),
        "theses": _theses(judged, beaten),
        "preferred": [
            name(str(row)) for row in judged.loc[(judged["kind"] == THESIS) & judged["preferred"], "name"]
        ],
        "best": name(str(best["thesis"])),
        "best_above": int(best["number"]),
        "by_best": short(by_best) if known(by_best) else "",
        "apart": [name(str(row)) for row in judged.loc[_apart(judged, THESIS), "name"]],
        "placebos_apart": int(_apart(judged, PLACEBO).sum()),
        "found": _span(judged, "found"),
        "false": _span(judged, "false"),
    }


def _apart(judged: pd.DataFrame, kind: str) -> pd.Series[bool]:
    return (judged["kind"] == kind) & judged["told_apart"]


def ahead(tree: Tree) -> dict[str, Any]:
    """Return what placebos win in the back-test beside theses, and how often it finds who wrote the history.

    ``telling`` are the verdicts that theses win clearly more often than placebos: their intervals share no
    point. ``found`` says whether the best log score tells who is right: ``guess`` if it does so no more often
    than chance, ``seldom`` if less than every other time, else ``mostly``.

    Raises
    ------
    FileNotFoundError
        If the step has not been made.
    """
    scored, beaten = tree.table(_AHEAD, "scores"), tree.table(_AHEAD, "beaten")
    cells = by(tree.table(_AHEAD, "shares"), "verdict", "kind")
    about, (world,) = tree.about(_AHEAD), scored[scored["kind"] == WORLD].to_dict("records")
    best = min(beaten.to_dict("records"), key=lambda row: float(row["log"]))
    by_best = float(best["by_best"])
    return {
        **{key: about[key] for key in ("draws", "placebos", "histories")},
        "verdicts": _verdicts(tree.table(_AHEAD, "shares"), VERDICTS, "in the back-test"),
        "telling": listed(
            f"*{words}*"
            for verdict, words in VERDICTS.items()
            if cells[verdict, THESIS]["low"] > cells[verdict, PLACEBO]["high"]
        ),
        "world_too": bool(world["better"]),
        "best": name(str(best["thesis"])),
        "best_above": int(best["number"]),
        "by_best": short(by_best) if known(by_best) else "",
        **_power(tree.table(_AHEAD, "power"), tree.table(_AHEAD, "best")),
    }


def _power(power: pd.DataFrame, best: pd.DataFrame) -> dict[str, Any]:
    """Return how often each thesis is found where it wrote the history, and where the shared world did."""
    cells = by(power, "thesis", "verdict", "histories_of")
    theses = best["truth"].astype(str).tolist()
    shown = ("best_log", "own_better", "own_beyond")
    rivals = [thesis for thesis in theses if thesis != SHARED_WORLD]
    rows = [
        (
            name(thesis),
            *(_share(cells[thesis, key, who]) for key in shown for who in (thesis, SHARED_WORLD)),
        )
        for thesis in rivals
    ]
    own = [cells[thesis, "best_log", thesis] for thesis in theses]
    hits, total = (int(sum(row[key] for row in own)) for key in ("number", "total"))
    low, _ = binomial_interval(hits, total)
    chance = 1 / len(theses)
    head = ("best log score", "own outcomes better", "by more than both intervals")
    titles = [f"{words}, {where}" for words in head for where in ("if true", "if not")]
    false = [
        cells[thesis, "own_better", SHARED_WORLD]["share"] for thesis in theses if thesis != SHARED_WORLD
    ]
    return {
        "power": markdown(("thesis", *titles), rows),
        "right": short(hits / total),
        "chance": short(chance),
        "found": "guess" if low <= chance else "seldom" if hits / total < _MOSTLY else "mostly",
        "false_least": short(min(false)),
        "false_most": short(max(false)),
    }


def _share(row: dict[str, Any]) -> str:
    return f"{row['share']:.2f} ({row['low']:.2f}-{row['high']:.2f})"


def _verdicts(shares: pd.DataFrame, questions: Mapping[str, str] = QUESTIONS, title: str = _ALONE) -> str:
    cells = by(shares, "verdict", "kind")
    rows = [
        (words, *(_of(cells[verdict, kind]) for kind in (THESIS, PLACEBO)))
        for verdict, words in questions.items()
    ]
    return markdown((title, "theses", "placebos"), rows)


def _theses(judged: pd.DataFrame, beaten: pd.DataFrame) -> str:
    above = by(beaten, "thesis")
    rows = []
    for row in judged[judged["kind"] == THESIS].to_dict("records"):
        found, false = (
            f"{row[key]:.2f} ({row[f'{key}_low']:.2f}-{row[f'{key}_high']:.2f})" for key in ("found", "false")
        )
        given = f"{row['probability']:.2f} ({row['low']:.2f}-{row['high']:.2f})"
        sure = f"{row['found_surely']:.2f}"
        rows.append((name(str(row["name"])), given, _of(above[row["name"]]), found, sure, false))
    told = f"found at {RULED_OUT:g} to 1"
    head = ("thesis", "probability", "placebos above it", "found if true", told, "called if not")
    return markdown(head, rows)


def _of(row: dict[str, Any]) -> str:
    return f"{row['number']:.0f} of {row['total']:.0f} ({row['low']:.2f}-{row['high']:.2f})"


def _span(judged: pd.DataFrame, column: str) -> str:
    """Return the median of placebos, with the least and the most."""
    values = judged.loc[judged["kind"] == PLACEBO, column]
    return f"{short(values.median())} ({short(values.min())} to {short(values.max())})"
