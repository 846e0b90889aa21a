"""The shipped audit: which differences between the shipped theses and the shared world are assumed.

It is the output of ``sim claims --audit --out results/audit``, and holds for the scenarios that it
was made from: each is known by its fingerprint, so a scenario that anyone has changed is not labelled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.audit import ASSUMED
from sim.scenario import SHARED_WORLD, fingerprint
from sim.scenario.library import shipped_folder

if TYPE_CHECKING:
    from sim.analysis.audit import AuditPlan
    from sim.scenario import Scenario

CELLS, ABOUT = "audit.csv", "about.json"
"""Files of an audit."""

_NUMBERS = ("difference", "low", "high", "share", "share_low", "share_high")

Cells = frozenset[tuple[str, str]]
"""Pairs of a scenario's name and an outcome."""


def audit_folder() -> Path:
    """Return the folder of the shipped audit."""
    return shipped_folder() / "audit"


def shipped_cells() -> pd.DataFrame:
    """Return the shipped audit, as `sim.analysis.audit.audit_cells` makes it."""
    undefined = {name: [""] for name in _NUMBERS}
    return pd.read_csv(audit_folder() / CELLS, keep_default_na=False, na_values=undefined)


@cache
def shipped_about() -> dict[str, Any]:
    """Return what made the shipped audit: version, seed, runs, fingerprints; empty if none is shipped."""
    file = audit_folder() / ABOUT
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def fingerprints(plan: AuditPlan) -> dict[str, str]:
    """Return the fingerprint of the shared world and of each thesis in full, by scenario."""
    kept = {SHARED_WORLD, *(audited.scenario.name for audited in plan.audited)}
    return {scenario.name: fingerprint(scenario) for scenario in plan.scenarios if scenario.name in kept}


def assumed_cells(scenarios: Iterable[Scenario], baseline: str) -> Cells:
    """Return which differences from a baseline the shipped audit labels assumed.

    Parameters
    ----------
    scenarios : iterable of Scenario
        The baseline among them.
    baseline : str
        Name of the scenario that the others are held against.

    Returns
    -------
    frozenset of (scenario, outcome)
        Empty if the baseline is not the audited shared world.
    """
    known = shipped_about().get("fingerprints", {})
    audited = {text: name for name, text in known.items()}
    names = {scenario.name: audited.get(fingerprint(scenario)) for scenario in scenarios}
    if names.get(baseline) != SHARED_WORLD:
        return frozenset()
    cells = shipped_cells()
    assumed = cells[cells["label"] == ASSUMED]
    return frozenset(
        (name, str(outcome))
        for name, thesis in names.items()
        for outcome in assumed.loc[assumed["thesis"] == thesis, "outcome"]
    )
