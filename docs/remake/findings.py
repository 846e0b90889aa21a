"""What the documents say of runs from 2010 on: levels of support, claims, the audit, the variance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import sqrt
from statistics import NormalDist
from typing import Any

import pandas as pd

from docs.remake.stored import Tree, by
from docs.remake.words import known, markdown, name, percent, whose
from sim.analysis.audit import ASSUMED, LABELS, NO_EFFECT, resolved
from sim.analysis.claims import AS_CLAIMED, NOT_COMPARED, NOT_VISIBLE, OPPOSITE, ZERO
from sim.analysis.deciding import NEAR, NUMBERS, deciding, paths, shown_apart
from sim.analysis.written import difference_text, in_percent, whole_percent
from sim.measures import OUTCOMES, key_outcomes
from sim.scenario import SHARED_WORLD, load_thesis, thesis_names

_FALLS, _CHALLENGES = "street_falls", "challenges"
_LARGE = 0.5  # of a variance


def support(tree: Tree) -> dict[str, Any]:
    """Return what Moscow's support does to falls under each thesis, held against none.

    ``more`` and ``fewer`` are the theses under which some level brings visibly more falls than none, and
    visibly fewer; the interval decides.
    """
    rows = tree.table("support", "support").assign(thesis=lambda table: table["thesis"].map(name))
    cells = by(rows, "thesis", "outcome", "level")
    theses = list(dict.fromkeys(rows["thesis"]))
    falls = rows[rows["outcome"] == _FALLS]
    more = list(dict.fromkeys(falls.loc[falls["low"] > 0, "thesis"]))
    fewer = list(dict.fromkeys(falls.loc[falls["high"] < 0, "thesis"]))
    lower = [thesis for thesis in theses if cells[thesis, _CHALLENGES, "high"]["high"] < 0]

    def cell(thesis: str, outcome: str, level: str, strong: str) -> str:
        row = cells[thesis, outcome, level]
        return f"{strong}{difference_text(row['difference'], row['low'], row['high'])}{strong}"

    table = []
    for thesis in theses:
        strong = "**" if thesis in more else ""
        table.append((
            f"{strong}{whose(thesis).removeprefix('the ')}{strong}", cell(thesis, _FALLS, "own", strong),
            cell(thesis, _FALLS, "high", strong), cell(thesis, _CHALLENGES, "high", ""),
        ))  # fmt: skip
    head = ("", "falls to the street, own less none", "high less none", "challenges, high less none")
    return {
        "table": markdown(head, table), "more": more, "fewer": [item for item in fewer if item not in more],
        "lower": lower, "runs_in_all": 3 * len(theses) * tree.about("support").get("runs", 0),
    }  # fmt: skip


def claims(tree: Tree) -> dict[str, Any]:
    """Return what each claim does, and how the verdicts agree with what the thesis files say of them."""
    rows = tree.table("claims", "claims")
    marked = {claim.id for item in thesis_names() for claim in load_thesis(item).claims if claim.finding}
    rows = rows[rows["verdict"] != NOT_COMPARED]
    unseen, seen = ({*rows.loc[rows["verdict"] == value, "claim"]} for value in (NOT_VISIBLE, AS_CLAIMED))
    order, pairs = list(rows["claim"]), int(rows["pairs"].median())
    weak = list(rows.loc[rows["held_against"] == ZERO, "claim"])
    table = []
    for row in rows.to_dict("records"):
        against = ", compared with 0" if row["held_against"] == ZERO else ""
        table.append((
            str(row["claim"]), OUTCOMES[row["outcome"]].label + against, str(row["sign"]),
            difference_text(row["difference"], row["low"], row["high"]),
            str(row["verdict"]),
        ))  # fmt: skip
    return {
        "table": markdown(("claim", "outcome", "claimed", "difference", "verdict"), table),
        "number": len(rows),
        "by_chance": round(0.05 * len(rows)),
        "pairs": pairs,
        "found": [(power, _effect_found(power, pairs)) for power in (0.8, 0.95)],
        "findings": [claim for claim in order if claim in marked & unseen],
        "marked_but_seen": [claim for claim in order if claim in marked & seen],
        "unseen": [claim for claim in order if claim in unseen - marked],
        "opposite": list(rows.loc[rows["verdict"] == OPPOSITE, "claim"]),
        "weak": weak,
    }


def _effect_found(power: float, pairs: int) -> float:
    """Return the effect, in sds of paired differences, that a 95 % interval tells from 0 with some power."""
    normal = NormalDist()
    return (normal.inv_cdf(0.975) + normal.inv_cdf(power)) / sqrt(pairs)


def audit(tree: Tree) -> dict[str, Any]:
    """Return what the audit of the shipped theses says."""
    cells = deciding(tree.table("audit", "audit"), tree.table("audit", "drops"))
    about = tree.about("audit")
    key = cells[(cells["label"] != NO_EFFECT) & cells["outcome"].isin(key_outcomes())]
    counts = [
        (str(thesis), *(str((own["label"] == label).sum()) for label in LABELS))
        for thesis, own in cells.groupby("thesis")
    ]
    effects = [
        (
            str(cell["thesis"]), OUTCOMES[str(cell["outcome"])].label,
            difference_text(cell["difference"], cell["low"], cell["high"]),
            (f"**{ASSUMED}**" if cell["label"] == ASSUMED else str(cell["label"]))
            + (f", {NEAR}" if cell["near"] else ""),
            _carried_by(cell) + _decided_by(cell),
        )
        for cell in key.to_dict("records")
    ]  # fmt: skip
    return {
        "counts": markdown(("thesis", *LABELS), counts),
        "effects": markdown(("thesis", "outcome", "effect", "label", "carried by"), effects),
        "runs": about["runs_a_scenario"],
        "seed": about["seed"],
        "cells": len(cells),
        "near": int(cells["near"].sum()),
        "labels": int((cells["label"] != NO_EFFECT).sum()),
        "outcomes": cells["outcome"].nunique(),
        "by_one": {
            str(thesis): _carried_by_one(own[own["label"] != NO_EFFECT])
            for thesis, own in cells.groupby("thesis")
        },
        "of": {
            str(thesis): {outcome: _cell(row) for outcome, row in by(own, "outcome").items()}
            for thesis, own in cells.groupby("thesis")
        },
    }  # fmt: skip


def variance(tree: Tree) -> dict[str, Any]:
    """Return what the spread of outcomes rests on.

    ``half`` is the share of results of which assumed numbers have a hand in half or more of the variance;
    ``middle_told`` tells the median over results of each group's total index.
    """
    rows = tree.table("variance", "variance")
    rows = rows[rows["group"] != "cited"].assign(scenario=lambda table: table["scenario"].map(name))
    groups = list(dict.fromkeys(rows["group"]))
    heads = {"assumed": "assumed parameters"}
    table = []
    for (scenario, result, outcome), own in rows.groupby(["scenario", "result", "outcome"], sort=False):
        shares = by(own, "group")
        if (scenario == SHARED_WORLD) == (result == "outcome"):
            less = "" if result == "outcome" else f" less {SHARED_WORLD}"
            table.append((
                f"{scenario}{less}", OUTCOMES[str(outcome)].label,
                *(_share(shares[group]["in_all"], shares[group]["in_all_error"]) for group in groups),
            ))  # fmt: skip
    middle = {str(group): float(own["in_all"].median()) for group, own in rows.groupby("group")}
    assumed = rows[rows["group"] == "assumed"]["in_all"].dropna()
    return {
        "table": markdown(("result", "outcome", *(heads.get(group, group) for group in groups)), table),
        "half": float((assumed >= _LARGE).mean()) if len(assumed) else 0.0,
        "middle_told": ", ".join(f"{group} {percent(middle[group])} %" for group in groups),
    }


def _share(value: float, error: float) -> str:
    return f"{percent(value)} ± {percent(error)}" if known(value) else "not known"


def _cell(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "difference": float(row["difference"]), "label": str(row["label"]),
        "carrier": [path for path in str(row["carrier"]).split(" + ") if path],
        "share": float(row["share"]),
    }  # fmt: skip


def _carried_by_one(effects: pd.DataFrame) -> dict[str, Any]:
    """Return which parameter alone carries the most effects of a thesis, and how many of them.

    ``carried`` of ``effects`` lose two thirds or more without it, as far as the runs tell: of ``unresolved``
    they do not. It sets ``direct`` of those carried directly.
    """
    alone = effects[(effects["carrier"] != "") & ~effects["carrier"].str.contains("+", regex=False)]
    most = alone["carrier"].value_counts()
    parameter = str(most.index[0]) if len(most) else ""
    own = alone[alone["carrier"] == parameter]
    told = [resolved(low, high) for low, high in zip(own["share_low"], own["share_high"], strict=True)]
    carried = own.loc[told, "outcome"]
    return {
        "parameter": parameter, "effects": len(effects), "carried": len(carried),
        "direct": sum(parameter in OUTCOMES[str(name)].parameterised_by for name in carried),
        "unresolved": len(own) - len(carried),
    }  # fmt: skip


def _carried_by(cell: Mapping[Hashable, Any]) -> str:
    if not cell["carrier"]:
        return "several"
    share = in_percent(cell["share"]) if resolved(cell["share_low"], cell["share_high"]) else "not resolved"
    return ", ".join(f"`{path}`" for path in str(cell["carrier"]).split(" + ")) + f" ({share})"


def _decided_by(cell: Mapping[Hashable, Any]) -> str:
    """Return the share that decides a label where it is another; its interval where that leaves it open."""
    row = {str(key): value for key, value in cell.items()}
    share, low, high = (row[key] for key in NUMBERS)
    bounds = f"{whole_percent(low)} to {whole_percent(high)}"
    if shown_apart(row):
        told = ", ".join(f"`{path}`" for path in paths(row["direct"]))
        its = f"{in_percent(share)}, {bounds}" if resolved(low, high) else "not resolved"
        return f"; directly: {told} ({its})"
    return f", interval {bounds}" if row["near"] and resolved(low, high) else ""
