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
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import figures
    from sim.analysis.compare import Comparison
    from sim.analysis.connector import as_function
    from sim.analysis.discover import discover
    from sim.analysis.odds import odds
    from sim.analysis.rank import rank_draws
    from sim.analysis.reliability import check_odds
    from sim.analysis.signposts import signposts
    from sim.analysis.sweep import Sweep, sweep
    from sim.errors import SimError, TooLargeError
    from sim.experiment.calls import build, compare, compare_under, run, simulate
    from sim.experiment.experiment import Experiment
    from sim.experiment.interrupt import RunsInterrupted
    from sim.experiment.results import Results, open_results
    from sim.measures import OutcomeError, outcome
    from sim.measures.history import RunHistory
    from sim.parameters import catalogue
    from sim.scenario import Scenario, ScenarioError, load, names

# Mesa loads tqdm, which asks notebooks for ipywidgets; our own bars need none.
warnings.filterwarnings("ignore", message="IProgress not found")

__all__ = [
    "Comparison",
    "Experiment",
    "OutcomeError",
    "Results",
    "RunHistory",
    "RunsInterrupted",
    "Scenario",
    "ScenarioError",
    "SimError",
    "Sweep",
    "TooLargeError",
    "as_function",
    "build",
    "catalogue",
    "check_odds",
    "compare",
    "compare_under",
    "discover",
    "figures",
    "load",
    "names",
    "odds",
    "open_results",
    "outcome",
    "rank_draws",
    "run",
    "signposts",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    homes = {
        "analysis.compare": ["Comparison"],
        "analysis.connector": ["as_function"],
        "analysis.discover": ["discover"],
        "analysis.rank": ["rank_draws"],
        "analysis.reliability": ["check_odds"],
        "analysis.odds": ["odds"],
        "analysis.signposts": ["signposts"],
        "analysis.sweep": ["Sweep", "sweep"],
        "errors": ["SimError", "TooLargeError"],
        "experiment.calls": ["build", "compare", "compare_under", "run", "simulate"],
        "experiment.experiment": ["Experiment"],
        "experiment.interrupt": ["RunsInterrupted"],
        "experiment.results": ["Results", "open_results"],
        "measures": ["OutcomeError", "outcome"],
        "measures.history": ["RunHistory"],
        "parameters": ["catalogue"],
        "scenario": ["Scenario", "ScenarioError", "load", "names"],
    }
    if name == "figures":
        return importlib.import_module("sim.figures")
    for home, held in homes.items():
        if name in held:
            value = getattr(importlib.import_module(f"sim.{home}"), name)
            globals()[name] = value  # found at once the next time
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
