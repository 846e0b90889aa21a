"""What the README and the page on the calibration say of runs: the patterns, and what the steps cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np

from calibration.record.alignment_error import yearly_error
from calibration.record.observed import RECORD
from calibration.record.yearly import alignments
from calibration.statistics.measurement import Measurement
from docs.remake.history import state_names
from docs.remake.of_code import prior_in
from docs.remake.skill_steps import FIRST_VERSION
from docs.remake.stored import Tree, by
from docs.remake.what_ifs import assumed_ends, classes_of, dagger_of
from docs.remake.words import count, percent, plain, short, whose
from sim.analysis.in_words import UNTOLD
from sim.analysis.intervals import commonest
from sim.analysis.written import DAGGER
from sim.experiment.limits import time_text
from sim.explain.words import listed
from sim.months import Month
from sim.world.build import build_world
from sim.world.state import STATES

_BALTIC = ("EST", "LVA", "LTU")
_SHOWN = {
    "challenges": ("GEO", "ARM", "BLR", "MDA", "TJK", "UZB", "TKM"),
    "street falls": ("UKR", "KGZ", "GEO", "TJK"),
}
"""States of which the README gives the record and the mean of runs."""

_TIMED = ("ensemble", "fit", "odds", "lengths", "codings", "backtest")
_OPPOSED = 0.05  # share of citizens in open opposition at which the risk of arrest is told


def patterns(tree: Tree) -> dict[str, Any]:
    """Return where runs from 1992 on agree with the record and where not."""
    rows, states = tree.table("patterns", "patterns"), tree.table("patterns", "patterns_by_state")
    outside = rows[rows["outside"]]
    windows = list(dict.fromkeys(rows["window"]))
    cells = by(states, "quantity", "state")
    baltic = [cells["challenges", code] for code in _BALTIC]
    names = state_names()
    return {
        "runs": tree.about("patterns")["runs"],
        "outside": "; ".join(_misses(outside.to_dict("records"))),
        "outside_number": len(outside),
        "number": len(rows),
        "inside": len(rows) - len(outside),
        "only_late": set(outside["window"]) <= {windows[-1]},
        "late": windows[-1].split("-")[0],
        "challenges": "; ".join(
            f"{names[code]} {plain(row['record'])} and {row['mean']:.0f}"
            + (" (outside the range)" if row["outside"] else "")
            for code, row in _rows(cells, "challenges")
        ),
        "baltic": " and ".join(f"{math.fsum(row[of] for row in baltic):.0f}" for of in ("record", "mean")),
        "falls": ", ".join(
            f"{names[code]} {plain(row['record'])} and {short(row['mean'], 1)}"
            for code, row in _rows(cells, "street falls")
        ),
        "falls_on_record": count(
            sum(row["record"] for (quantity, _), row in cells.items() if quantity == "street falls")
        ),
    }


def answer(tree: Tree) -> dict[str, str]:
    """Return how runs of each scenario end, and how often as their authors expect, in a sentence each.

    Shares bear a dagger as those of `sim compare` do, and ``dagger`` says what it means where there is one.
    """
    marked = assumed_ends(tree)
    shares = tree.table("end_states", "end_states")
    by_class: dict[str, list[str]] = {}
    for scenario, rows in shares.groupby("scenario", sort=False):
        found = commonest(dict(zip(rows["end_state"], rows["hits"], strict=True)))
        share = rows.set_index("end_state")["share"]
        mark = dagger_of(str(scenario), found, marked)
        told = f"{whose(str(scenario))} {listed([percent(share[state]) for state in found])} %{mark}"
        by_class.setdefault(listed(found, "or") + (f", {UNTOLD}" if found[1:] else ""), []).append(told)
    expected = tree.table("end_states", "expected").to_dict("records")
    apart = [row for row in expected if row["low"] > row["baseline_high"]]
    ends = [
        f"{whose(row['thesis'])}, {row['expected']} in {percent(row['share'])} %{'' if place else ' of runs'}"
        f" ({percent(row['baseline'])} %){dagger_of(row['thesis'], classes_of(row), marked)}"
        for place, row in enumerate(apart)
    ]
    others = len(expected) - len(apart)
    return {
        "dagger": f" {DAGGER} rests on assumed outcomes: no evidence." if marked else "",
        "ends": "; ".join(f"{name} ({', '.join(told)})" for name, told in by_class.items()),
        "expected": f"clearly more often than the shared world (in brackets): {'; '.join(ends) or 'none'}."
        + (
            f" The other {count(others)} {'does' if others == 1 else 'do'} not end so more often."
            if apart and others
            else ""
        ),
    }


def _rows(cells: Mapping[Any, dict[str, Any]], quantity: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((code, cells[quantity, code]) for code in _SHOWN[quantity])


def _misses(rows: Iterable[Mapping[Any, Any]]) -> list[str]:
    return [
        f"{row['label']} in {row['window']} (too {'low' if row['record'] > row['high'] else 'high'} in runs)"
        for row in rows
    ]


@cache
def measured() -> dict[str, Any]:
    """Return how well alignment is measured, by the record alone, and arrests in the first version."""
    recorded = alignments(RECORD)
    levels = [
        [recorded[state, year].mean for state in STATES] for year in range(RECORD.first, RECORD.last + 1)
    ]
    world = build_world(Month.parse("2010-01"))
    steepness, scale = (
        prior_in(FIRST_VERSION, path).centre for path in ("citizens.arrest_constant", "regimes.force_scale")
    )
    return {
        "yearly_error": short(yearly_error(np.array(levels)), 3),
        "read_with": short(Measurement().alignment_sd, 3),
        "arrest": {
            state.code: short(1 - math.exp(-steepness * scale * state.security_density.mean / _OPPOSED))
            for state in world.states
        },
    }


def costs(tree: Tree) -> dict[str, str]:
    """Return how long steps took when their numbers were made, in words.

    The ensemble is told in two parts, without those runs of the shared world that the fit alone needs: they
    are counted to the fit.
    """
    spent = {step: tree.about(step).get("seconds", {}) for step in _TIMED}
    ensemble = spent.pop("ensemble")
    record, baseline = (ensemble.get(part, 0.0) for part in ("record", "record-baseline"))
    told = {step: math.fsum(parts.values()) for step, parts in spent.items()}
    told["fit"] += baseline
    told["ensemble_record"] = record
    told["ensemble_later"] = math.fsum(ensemble.values()) - record - baseline
    return {step: time_text(seconds) for step, seconds in told.items()}
