"""Scenario and thesis files, read, checked and resolved to one canonical form.

>>> from sim.scenario import Scenario
>>> str(Scenario.build("short", start="2015-06", years=1).last)
'2016-05'

`specification` declares what files hold, `fields` what single keys accept, `timeline` the events, `settings`
the numbers. `reader` reads YAML, `layers` the files that a scenario is made of, `resolve` merges them to a
`scenario`. Everything is imported on first use: importing this package stays fast, and the model, which needs
the events alone, does not depend on what reads and checks files.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.describe import difference, fingerprint
    from sim.scenario.layers import load_thesis
    from sim.scenario.library import SHARED_WORLD, names, thesis_names
    from sim.scenario.problems import Problem, ScenarioError
    from sim.scenario.resolve import shipped_claims
    from sim.scenario.scenario import Scenario, load
    from sim.scenario.schema import json_schema, thesis_schema
    from sim.scenario.settings import Setting
    from sim.scenario.specification import Claim, Effect, Thesis

__all__ = [
    "SHARED_WORLD",
    "Claim",
    "Effect",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Setting",
    "Thesis",
    "difference",
    "fingerprint",
    "json_schema",
    "load",
    "load_thesis",
    "names",
    "shipped_claims",
    "thesis_names",
    "thesis_schema",
]

_HOMES = {
    "Claim": "specification",
    "Effect": "specification",
    "Problem": "problems",
    "SHARED_WORLD": "library",
    "Scenario": "scenario",
    "ScenarioError": "problems",
    "Setting": "settings",
    "Thesis": "specification",
    "difference": "describe",
    "fingerprint": "describe",
    "json_schema": "schema",
    "load": "scenario",
    "load_thesis": "layers",
    "names": "library",
    "shipped_claims": "resolve",
    "thesis_names": "library",
    "thesis_schema": "schema",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"sim.scenario.{_HOMES[name]}"), name)
    globals()[name] = value  # found at once the next time
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
