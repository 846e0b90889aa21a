"""What the documents say of theses made by lot: how often they win what the real ones win, and of power."""

from __future__ import annotations

from typing import Any

import pandas as pd

from calibration.odds.posterior import RULED_OUT
from calibration.placebo.judge import PLACEBO, QUESTIONS, THESIS
from docs.remake.stored import Tree, by
from docs.remake.words import known, markdown, name, short

_STEP = "placebo"


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


def _verdicts(shares: pd.DataFrame) -> str:
    cells = by(shares, "verdict", "kind")
    rows = [
        (words, *(_of(cells[verdict, kind]) for kind in (THESIS, PLACEBO)))
        for verdict, words in QUESTIONS.items()
    ]
    return markdown(("against the shared world alone", "theses", "placebos"), rows)


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
