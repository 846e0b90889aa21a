"""The workload of all that times runs of the model: frozen, so that versions and comparators get the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.parameters import catalogue
from sim.scenario import Scenario

FOLDER = Path(__file__).with_name("workload")
NAMES = ("baseline", "revised")
"""The shared world of 0.1.0 and the revised one: each sets every parameter of November 2026."""


def file(name: str = NAMES[0]) -> Path:
    """Return a workload's scenario file."""
    return FOLDER / f"{name}.yaml"


def keys(name: str = NAMES[0], **changes: Any) -> dict[str, Any]:
    """Return what a workload's file says, some of it changed."""
    read: dict[str, Any] = dict(YAML(typ="safe").load(file(name)))
    return read | changes


def scenario(years: int, citizens: int, name: str = NAMES[0]) -> Scenario:
    """Return a workload at some length and number of citizens."""
    return from_keys(keys(name, years=years, citizens=citizens))[0]


def from_keys(given: dict[str, Any]) -> tuple[Scenario, list[str]]:
    """Return a workload as a scenario, and the parameters that this version of the model does not know."""
    unknown = [path for path in given["parameters"] if path not in catalogue()]
    known = {path: value for path, value in given["parameters"].items() if path not in unknown}
    return Scenario.build("benchmark", **{**given, "parameters": known}), unknown
