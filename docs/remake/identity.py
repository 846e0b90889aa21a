"""What the numbers of a step depend on, as one key: code, scenarios, sizes, and the steps before it.

Of code counts what it does, by `sim.experiment.identity`: a changed sentence or comment makes nothing old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from calibration.ensemble.plan import Plan
from sim.experiment.identity import code_key, key_of, parts_of, scenario_key
from sim.experiment.run import STANDARD

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["key_of", "of_code", "of_ensemble", "of_module", "of_runs"]


@cache
def of_code(entries: Sequence[Callable[..., Any] | str]) -> str:
    """Return the key of functions and modules, with all that they import and the tables that they read."""
    return key_of(parts_of(*entries))


@cache
def of_module(name: str) -> str:
    """Return the key of a module alone, without what it imports."""
    return parts_of(name)[name]


def of_runs(scenarios: Iterable[Scenario]) -> str:
    """Return the key of the runs of some scenarios; neither their number nor outcomes' definitions count."""
    return key_of([code_key(STANDARD), [scenario_key(scenario) for scenario in scenarios]])


@cache
def of_ensemble() -> str:
    """Return the key of the runs of the prior ensemble."""
    return Plan(1).fingerprint
