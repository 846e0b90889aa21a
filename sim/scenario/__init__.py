"""Scenario and thesis files, read, checked and resolved to one canonical form.

>>> from sim.scenario import Scenario
>>> str(Scenario.build("short", start="2015-06", years=1).last)
'2016-05'

What reads and checks files is imported on first use, so that importing this package stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.scenario.difference import difference
from sim.scenario.library import SHARED_WORLD, names, thesis_names
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.setting import Setting
from sim.scenario.thesis import Claim, Thesis

if TYPE_CHECKING:
    from sim.scenario.resolve import load
    from sim.scenario.schema import json_schema, thesis_schema
    from sim.scenario.theses import load_thesis

__all__ = [
    "SHARED_WORLD",
    "Claim",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Setting",
    "Thesis",
    "difference",
    "json_schema",
    "load",
    "load_thesis",
    "names",
    "thesis_names",
    "thesis_schema",
]

_ON_FIRST_USE = {
    "load": "sim.scenario.resolve",
    "load_thesis": "sim.scenario.theses",
    "json_schema": "sim.scenario.schema",
    "thesis_schema": "sim.scenario.schema",
}


def __getattr__(name: str) -> Any:
    if name in _ON_FIRST_USE:
        return getattr(import_module(_ON_FIRST_USE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
