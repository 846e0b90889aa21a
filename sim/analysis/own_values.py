"""Where scenarios stand without a sweep, on the scale of what it varies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.design import INITIAL
from sim.scenario.library import SHARED_WORLD
from sim.world import build_world, describe

if TYPE_CHECKING:
    from sim.scenario import Scenario

Own = dict[str, dict[str, float]]
"""By path, then by scenario, the shared world among them."""


def own_values(scenarios: Sequence[Scenario], paths: Sequence[str]) -> Own:
    """Return what scenarios, and the shared world, have of what is varied: a number, or a prior's centre.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Before anything is varied in them.
    paths : sequence of str
        Of parameters, or of quantities of the start.
    """
    return {path: _of_path(scenarios, path) for path in paths}


def _of_path(scenarios: Sequence[Scenario], path: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for scenario in scenarios:
        if path.startswith(INITIAL):
            quantity = path.removeprefix(INITIAL)
            setting = scenario.initial.get(quantity)
            shared = _recorded(scenario, quantity)
        else:
            setting = scenario.parameters.get(path)
            shared = float(scenario.shared(path).prior.centre)
        found.setdefault(SHARED_WORLD, shared)
        found[scenario.name] = shared if setting is None else float(setting.prior.centre)
    return found


def _recorded(scenario: Scenario, quantity: str) -> float:
    """Return the mean that the record gives a quantity of the start, such as ``KGZ.alignment``."""
    rows = describe(build_world(scenario.start))
    names = rows["state"].astype(str) + "." + rows["quantity"].astype(str)
    return float(rows.loc[names == quantity, "mean"].iloc[0])
