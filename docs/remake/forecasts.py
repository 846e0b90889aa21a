"""What the documents say of forecasts: the back-test, what articles saw coming, and what is published."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from calibration.backtest.baselines import BASELINES
from calibration.backtest.run import STACKED
from calibration.forecast.file import Forecast, read_forecast
from calibration.foresight.judge import load_statements
from docs.remake.chance import expected
from docs.remake.history import order
from docs.remake.stored import Tree, by
from docs.remake.words import count, known, listed, markdown, name, short, whose
from sim.renamed import RenamedWarning
from sim.scenario import SHARED_WORLD

_REFERENCE = "base rate"
_CLEARLY = 0.1  # more likely than in the shared world
_LIKELY = 0.5
_CAME = {"True": "yes", "False": "no"}
_ALIKE = 0.9  # correlation from which theses hardly differ


def backtest(tree: Tree) -> dict[str, Any]:
    """Return who predicted the years that are known.

    ``better`` are the theses that predict events visibly better than the base rate by some score, and
    ``better_paths`` those that do so for alignment; the interval of the difference decides.
    """
    rows, about = tree.table("backtest", "scores"), tree.about("backtest")
    rows = rows.assign(forecaster=rows["forecaster"].map(name), outcomes=rows["outcomes"].map(name))
    shared = by(rows[rows["kind"] == "shared"], "measure", "forecaster")
    forecasters = list(dict.fromkeys(who for _, who in shared))
    theses = [who for who in forecasters if who not in BASELINES and who != STACKED]
    table = [
        (who, *(_score(who, shared.get((measure, who))) for measure in ("brier", "log", "crps")))
        for who in forecasters
    ]
    better_paths = [who for who in theses if shared["crps", who]["high"] < 0]
    last = tree.table("backtest", "stacking").drop(columns="origin").to_dict("records")[-1]
    weights = {name(str(who)): float(value) for who, value in last.items()}
    heaviest = sorted(weights, key=lambda who: -weights[who])
    return {
        "table": markdown(("forecaster", "Brier", "log", "CRPS of alignment"), table),
        "better": [
            who for who in theses if min(shared["brier", who]["high"], shared["log", who]["high"]) < 0
        ],
        "best_log": min(forecasters, key=lambda who: float(shared["log", who]["score"])),
        "better_paths": better_paths,
        "not_better_paths": [who for who in theses if who not in better_paths],
        "best_paths": sorted(better_paths, key=lambda who: float(shared["crps", who]["score"]))[:2],
        "apart": short(float(np.ptp([shared["log", who]["score"] for who in theses])), 4),
        "own": _own_scores(rows, [who for who in theses if who != SHARED_WORLD]),
        "own_apart": [name(who) for who in about["own_apart"]],
        "weights": ", ".join(f"{whose(who)} {short(weights[who])}" for who in heaviest),
        "weight": weights,
    }


def _score(who: str, row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    if who == _REFERENCE:
        return f"{row['score']:.4f}"
    mark = "**" if row["high"] < 0 else "*" if row["low"] > 0 else ""
    return f"{mark}{row['score']:.4f} ({row['low']:+.4f}, {row['high']:+.4f}){mark}"


def _own_scores(rows: pd.DataFrame, theses: list[str]) -> str:
    """Tell the log scores on what each thesis speaks to, with the shared world's on the same."""
    own = by(rows[(rows["kind"] == "thesis") & (rows["measure"] == "log")], "outcomes", "forecaster")
    told = []
    for thesis in order(theses):
        scores = (short(own[thesis, who]["score"], 3) for who in (thesis, SHARED_WORLD))
        told.append(f"{whose(thesis)} {' and '.join(scores)}")
    return "; ".join(told)


def foresight(tree: Tree) -> dict[str, Any]:
    """Return what each article said would come, what came, and how surprised the runs were.

    ``saw`` are the claims whose statement came true and was clearly likelier under the thesis than in the
    shared world; ``missed`` those that the thesis held for likelier than not, and clearly likelier than the
    shared world does, and that did not come.
    """
    rows, about = tree.table("foresight", "foresight"), tree.about("foresight")
    came = [_CAME.get(str(value), "open") for value in rows["came_true"]]
    rows = rows.assign(thesis=rows["thesis"].map(name), came=came)
    kinds = ("thesis", "baseline")
    table = []
    for row in rows.to_dict("records"):
        told = (str(row[key]) for key in ("thesis", "claim", "expected", "came"))
        chances = (f"{row[f'expected_by_{kind}']:.2f}" for kind in kinds)
        bits = (row[f"surprise_{kind}"] for kind in kinds)
        table.append((*told, *chances, *(f"{value:.1f}" if known(value) else "" for value in bits)))
    ahead = rows["expected_by_thesis"] - rows["expected_by_baseline"] > _CLEARLY
    saw = rows[ahead & (rows["came"] == "yes")]
    missed = rows[ahead & (rows["came"] == "no") & (rows["expected_by_thesis"] > _LIKELY)]
    whom = ("thesis", SHARED_WORLD)
    head = ("thesis", "claim", "what it said", "came", *(f"p, {who}" for who in whom))
    return {
        "table": markdown((*head, *(f"bits, {who}" for who in whom)), table),
        "saw": listed(
            f"{whose(str(thesis))} ({', '.join(own)})"
            for thesis, own in saw.groupby("thesis", sort=False)["claim"]
        ),
        "saw_number": len(saw),
        "missed": listed(
            f"{whose(str(row['thesis']))} ({row['claim']}: {_lowered(str(row['expected']))})"
            for row in missed.to_dict("records")
        ),
        "missed_number": len(missed),
        "chance": _chance(rows[ahead & (rows["came"] != "open")]),
        "notes": "\n".join(f"- {it.claim}: {it.note}." for it in load_statements() if it.note),
        "draws": about["draws"],
        "error": short(math.sqrt(0.25 / about["draws"])),
    }


def _chance(ahead: pd.DataFrame) -> str:
    """Say how many of the statements that a thesis held for clearly likelier would come, by either side."""
    if not len(ahead):
        return ""
    came = int((ahead["came"] == "yes").sum())
    by_thesis, by_world = (expected(list(ahead[f"expected_by_{kind}"])) for kind in ("thesis", "baseline"))
    both = all(low <= came <= high for _, low, high in (by_thesis, by_world))
    verdict = "Either fits, so these statements decide nothing." if both else ""
    told = (
        f"Of {count(len(ahead))} statements that a thesis held for clearly likelier than the shared world"
        f" did, {count(came)} came true. If the theses were right, {by_thesis[0]:.1f} would"
        f" ({by_thesis[1]} to {by_thesis[2]} in nine of ten cases). If the shared world were,"
        f" {by_world[0]:.1f} would ({by_world[1]} to {by_world[2]})."
        f" Both reckon as if no statement said anything of another. {verdict}"
    )
    return told.strip()


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def published(tree: Tree) -> dict[str, Any]:
    """Return what is said of the latest published forecast: it is read as it stands, and never remade."""
    forecast = latest(tree)
    table = forecast.table
    events = table[(table["kind"] == "event") & ~table["forecaster"].isin([*BASELINES, STACKED])]
    first = events[events["outcome"] == events["outcome"].iloc[0]]
    wide = first.pivot(index=["state", "year"], columns="forecaster", values="value").to_numpy(float)
    correlations = np.corrcoef(wide.T)
    return {
        "first": int(table["year"].min()),
        "last": int(table["year"].max()),
        "date": forecast.date,
        "alike": float(np.median(correlations[np.triu_indices(len(correlations), 1)])) > _ALIKE,
    }


def latest(tree: Tree) -> Forecast:
    """Return the latest published forecast, checked against its hash; its old names need no note here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RenamedWarning)
        return read_forecast(sorted(tree.forecasts.glob("forecast_*.csv"))[-1])
