"""Scenarios of Moscow, the regimes around it, and their citizens' protest movements.

>>> import sim
>>> sim.names()  # the shipped scenarios  # doctest: +SKIP
>>> results = sim.run("dubnov", runs=20)  # doctest: +SKIP
>>> results.outcomes["integrated"].describe()  # doctest: +SKIP
>>> comparison = sim.compare(["baseline", "dubnov"], runs=20)  # doctest: +SKIP
>>> print(comparison.to_markdown(["integrated", "influence_change"]))  # doctest: +SKIP

Everything is loaded when it is first used, so importing this is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import figures
    from sim.analysis.compare import Comparison
    from sim.experiment.limits import TooLargeError
    from sim.experiment.results import Results, open_results
    from sim.experiment.shortcuts import compare, run
    from sim.measures import OutcomeError, outcome
    from sim.model.simulate import simulate
    from sim.parameters import catalogue
    from sim.scenario import Scenario, ScenarioError, load, names

__all__ = [
    "Comparison",
    "OutcomeError",
    "Results",
    "Scenario",
    "ScenarioError",
    "TooLargeError",
    "catalogue",
    "compare",
    "figures",
    "load",
    "names",
    "open_results",
    "outcome",
    "run",
    "simulate",
]

_HOMES = {
    "Comparison": "sim.analysis.compare",
    "OutcomeError": "sim.measures",
    "Results": "sim.experiment.results",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "TooLargeError": "sim.experiment.limits",
    "catalogue": "sim.parameters",
    "compare": "sim.experiment.shortcuts",
    "load": "sim.scenario",
    "names": "sim.scenario",
    "open_results": "sim.experiment.results",
    "outcome": "sim.measures",
    "run": "sim.experiment.shortcuts",
    "simulate": "sim.model.simulate",
}


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module("sim.figures")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value  # found at once the next time
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
