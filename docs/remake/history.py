"""What the documents say of the theses against the record: the fit, the odds, codings, lengths, places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from calibration.ensemble.origins import THESES
from calibration.ensemble.priors import ASKED
from calibration.odds.posterior import RULED_OUT
from calibration.statistics.summary import SUMMARIES
from docs.remake.stored import Tree, by
from docs.remake.words import known, listed, markdown, name, percent, plain, short
from sim.parameters import catalogue
from sim.scenario import SHARED_WORLD
from sim.world.record import load_record

_LABELS = {summary.name: summary.label for summary in SUMMARIES}
_CHANCE = 0.1  # of a pattern to lie outside a 90 % interval
_SOON = 15  # years
_NEAR = 0.05  # of a probability that is asked for
_LITTLE = 0.1  # of a probability
_APART = 1.5  # times as many
_RARE = 0.05  # share of histories
_MUCH = 0.25  # of a posterior interval
_WRITTEN = {"archigos": "Archigos"}


def fit(tree: Tree) -> dict[str, Any]:
    """Return what the record says of the parameters.

    ``moved`` are the parameters whose posterior interval does not hold the prior's median, ``missed`` the
    patterns by window that lie outside what new histories write.
    """
    rows, about = tree.table("fit", "parameters"), tree.about("fit")
    told = rows[rows["fitted"]]
    table = []
    for row in told.to_dict("records"):
        spans = (
            f"{plain(row[f'{of}median'])} ({plain(row[f'{of}low'])}, {plain(row[f'{of}high'])})"
            for of in ("prior_", "")
        )
        numbers = (f"{row[key]:.2f}" for key in ("recovered", "cover_50", "cover_90", "uniform_p"))
        table.append((f"`{row['parameter']}`", str(row["because"]), *spans, *numbers))
    head = ("parameter", "what on record moves it", "prior", "posterior", "recovered")
    moved = told[(told["prior_median"] < told["low"]) | (told["prior_median"] > told["high"])]
    ranks, number = told["uniform_p"], len(told)
    intervals = {
        str(path): {"shared": _shared(str(path)), "posterior": (row["low"], row["high"])}
        for path, row in by(told, "parameter").items()
    }
    posterior = {path: _width(both["posterior"]) for path, both in intervals.items()}
    return {
        "table": markdown((*head, "50 % holds", "90 % holds", "ranks, p"), table),
        "told": number,
        "asked": len(ASKED),
        "untold": list(rows.loc[~rows["fitted"], "parameter"]),
        "moved": list(moved["parameter"]),
        "lower": list(moved.loc[moved["median"] < moved["prior_median"], "parameter"]),
        "statistics": about["statistics"],
        "out_of_reach": [_LABELS[statistic] for statistic in about["out_of_reach"]],
        "surprise": about["surprise"],
        "synthetic": about["synthetic"],
        "points": {level: _points(level, about["synthetic"]) for level in (0.5, 0.9)},
        "uneven": int((ranks < 0.05).sum()),
        "uneven_by_chance": round(0.05 * number),
        "least_rank": float(ranks.min()),
        "least_rank_corrected": min(1.0, number * float(ranks.min())),
        "wider": sum(posterior[path] > _width(both["shared"]) for path, both in intervals.items()),
        "intervals": intervals,
        **_checks(tree),
    }


def _points(level: float, histories: int) -> int:
    """Return half of the 95 % interval of a share of intervals that hold, in points of percent."""
    return round(196 * math.sqrt(level * (1 - level) / histories))


def _shared(path: str) -> tuple[float, float]:
    prior = catalogue()[path].prior  # the one set by hand
    return prior.draw(0.05), prior.draw(0.95)


def _width(interval: tuple[float, float]) -> float:
    return interval[1] - interval[0]


def _checks(tree: Tree) -> dict[str, Any]:
    checks = tree.table("fit", "checks")
    missed: dict[str, list[dict[str, Any]]] = {str(window): [] for window in checks["window"]}
    for row in checks[checks["outside"]].to_dict("records"):
        told = {key: plain(row[key]) for key in ("record", "low", "high")}
        known_by = {"pattern": str(row["pattern"]), "label": str(row["label"])}
        missed[str(row["window"])].append({**known_by, **told, "too_many": row["record"] > row["high"]})
    patterns = int(checks.groupby("window").size().max())
    return {"missed": missed, "patterns": patterns, "missed_by_chance": math.ceil(_CHANCE * patterns)}


def odds(tree: Tree) -> dict[str, Any]:
    """Return which theses the record speaks for, and what sets it apart from all of them."""
    rows, about = tree.table("odds", "odds"), tree.about("odds")
    rows = rows.assign(thesis=rows["thesis"].map(name))
    table = []
    for row in rows.to_dict("records"):
        band = f"{row['low']:.2f}-{row['high']:.2f}"
        table.append((str(row["thesis"]), f"{row['probability']:.2f}", band, f"{row['recognised']:.2f}"))
    head = ("thesis", "probability", "5-95 % of retrained classifiers", "own histories recognised")
    statistics = tree.table("odds", "statistics")
    statistics = statistics.assign(thesis=statistics["thesis"].map(name))
    best = max(rows.to_dict("records"), key=lambda row: float(row["probability"]))
    unlike = tree.table("odds", "novelty")
    apart = tree.table("odds", "set_apart").groupby("statistic")["given_the_rest"].median()
    out = list(rows.loc[~rows["in_play"], "thesis"])
    return {
        "table": markdown(head, table),
        "informative": about["informative"],
        "out": out,
        "left": list(rows.loc[rows["in_play"], "thesis"]),
        "against": f"{RULED_OUT:g}",
        "why_out": {thesis: _furthest(statistics[statistics["thesis"] == thesis]) for thesis in out},
        "best": str(best["thesis"]),
        "best_probability": float(best["probability"]),
        "local_error": about["local_error"],
        "out_of_reach": [_LABELS[statistic] for statistic in about["statistics_out_of_reach"]],
        "all_unlike": bool(unlike["flagged"].all()),
        "some_unlike": bool(unlike["flagged"].any()),
        "as_unlike": float(unlike["share_as_distant"].max()),
        "apart": [
            (str(key), _LABELS[str(key)], float(value))
            for key, value in sorted(apart.items(), key=lambda item: -abs(item[1]))[:2]
        ],
        "statistic": by(statistics, "statistic", "thesis"),
    }


def _furthest(rows: pd.DataFrame, most: int = 2) -> str:
    """Name the statistics in which a thesis's histories lie furthest from the record."""
    found = [row for row in rows.to_dict("records") if row["high"] > row["low"] and known(row["record"])]
    found.sort(key=lambda row: -abs(row["median"] - row["record"]) / (row["high"] - row["low"]))
    told = []
    for row in found[:most]:
        median, low, high, record = (plain(row[key]) for key in ("median", "low", "high", "record"))
        told.append(f"{_LABELS[str(row['statistic'])]} {median} ({low} to {high}; the record {record})")
    return listed(told)


def codings(tree: Tree) -> dict[str, Any]:
    """Return how far posterior and odds hang on what counts as a fall."""
    rows, about = tree.table("codings", "odds"), tree.about("codings")
    rows = rows.assign(thesis=rows["thesis"].map(name))
    cells = by(rows, "coding", "thesis")
    names, theses = (list(dict.fromkeys(rows[column])) for column in ("coding", "thesis"))
    table = []
    for coding in names:
        shares = (f"{cells[coding, thesis]['probability']:.2f}" for thesis in theses)
        table.append((_WRITTEN.get(coding, coding), *shares))
    statistics = by(tree.table("codings", "statistics"), "statistic", "coding")
    falls = [(coding, statistics.get(("street_falls", coding))) for coding in names]
    posterior = tree.table("codings", "posterior")
    medians = by(posterior, "parameter", "coding")
    spans = by(tree.table("fit", "parameters"), "parameter")
    shifts = {
        str(path): float(np.ptp(own["median"]) / (spans[path]["high"] - spans[path]["low"]))
        for path, own in posterior.groupby("parameter")
    }
    moved = max(shifts, key=lambda path: shifts[path] if known(shifts[path]) else -1.0)
    probability = {thesis: float(cells[names[0], thesis]["probability"]) for thesis in theses}
    return {
        "table": markdown(("", *theses), table),
        "falls": ", ".join(f"{_WRITTEN.get(of, of)} {plain(row['value'])}" for of, row in falls if row),
        "moved_most": moved,
        "medians": ", ".join(f"{medians[moved, coding]['median']:.2f}" for coding in names),
        "posterior_moves": shifts[moved] > _MUCH,
        "odds_within_bands": about["odds_within_bands"],
        "probability": probability,
        "best": max(theses, key=lambda thesis: probability[thesis]),
    }


def lengths(tree: Tree) -> dict[str, Any]:
    """Return how many years of record it would take to tell the theses apart.

    ``soon`` are the theses that get the goal within some fifteen years, ``late`` those that get it with more,
    ``never`` those that do not within the longest history tried.
    """
    rows, about = tree.table("lengths", "length"), tree.about("lengths")
    rows = rows.assign(thesis=rows["thesis"].map(name))
    cells = by(rows, "years", "thesis")
    years, theses = (list(dict.fromkeys(rows[column])) for column in ("years", "thesis"))
    paths = {thesis: [float(cells[year, thesis]["probability"]) for year in years] for thesis in theses}
    table = [
        (f"{year:.0f}", *(f"{paths[thesis][row]:.2f}" for thesis in theses)) for row, year in enumerate(years)
    ]
    goal, have, last = about["sure"], about["record_years"], years[-1]
    reached = {thesis: _first_year(years, path, goal) for thesis, path in paths.items()}
    never = [thesis for thesis in theses if not known(reached[thesis])]
    nearest = max(never, key=lambda thesis: max(paths[thesis]), default="")
    near = bool(nearest) and max(paths[nearest]) >= goal - _NEAR
    shared = paths[SHARED_WORLD]
    return {
        "table": markdown(("years of record", *theses), table),
        "goal": short(goal, 1),
        "soon": [thesis for thesis in theses if reached[thesis] <= _SOON],
        "late": [(thesis, reached[thesis]) for thesis in theses if reached[thesis] > _SOON],
        "never": never,
        "further": f"{last - have:.0f}",
        "nearest": nearest if near else "",
        "nearest_years": f"{years[int(np.argmax(paths[nearest]))]:.0f}" if near else "",
        "shared_gains": max(shared) - float(np.interp(have, years, shared)) > _LITTLE,
        "undecided": len(never) > len(theses) / 2,
        "falls": any(max(path) - path[-1] > 0.01 for path in paths.values()),
    }


def _first_year(years: Sequence[float], values: Sequence[float], goal: float) -> float:
    """Return the length at which a mean first reaches a goal, between two lengths by a straight line."""
    place = next((place for place, value in enumerate(values) if value >= goal), None)
    if place is None:
        return math.nan
    if not place:
        return float(years[0])
    part = (goal - values[place - 1]) / (values[place] - values[place - 1])
    return float(years[place - 1] + part * (years[place] - years[place - 1]))


def places(tree: Tree) -> dict[str, Any]:
    """Return where challenges come in the shared world, and where they came.

    ``too_few`` and ``too_many`` are the states in which the record has more than half as many again as the
    mean of runs, and those in which the mean of runs has more than half as many again as the record.
    """
    rows, about = tree.table("places", "by_state"), tree.about("places")
    states = state_names()
    labels = [", ".join(states[code] for code in group.split("+")) for group in rows["states"]]
    table = [
        ("record", *(plain(value) for value in rows["record"])),
        (f"`{SHARED_WORLD}`, mean", *(f"{value:.1f}" for value in rows["mean"])),
    ]
    single = [row for row in rows.to_dict("records") if row["states"] in states]
    lead = tree.table("places", "lead").to_dict("records")
    shares = {name(str(row["thesis"])): float(row["share"]) for row in lead}
    most = max(shares.values())
    return {
        "table": markdown(("challenges 1992-2024", *labels), table),
        "too_few": [states[row["states"]] for row in single if row["record"] > _APART * row["mean"]],
        "too_many": [states[row["states"]] for row in single if row["mean"] > _APART * row["record"]],
        "ahead": listed(states[code] for code in about["ahead"]),
        "behind": listed(states[code] for code in about["behind"]),
        "lead": about["lead"],
        "share": percent(shares[SHARED_WORLD]),
        "most": percent(most),
        "rare": most < _RARE,
    }


def state_names() -> dict[str, str]:
    """Return what the states are called, by code."""
    rows = load_record().tables["states"]
    return dict(zip(rows["state"], rows["name"], strict=True))


def changes(tree: Tree) -> dict[str, Any]:
    """Return what was changed because the record refuted it: kept as it was, since that model is gone."""
    rows = tree.table("changes", "changes").astype(str).to_numpy().tolist()
    head = ("pattern", "record", "model before", "model after", "change, and why")
    return {"table": markdown(head, rows), **tree.about("changes")}


def order(theses: list[str]) -> list[str]:
    """Return theses in the order of the ensemble."""
    known_order = [name(thesis) for thesis in THESES]
    return sorted(theses, key=known_order.index)
