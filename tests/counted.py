"""The modules whose code makes a run's numbers, and a scenario as they alone read it."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import sim
from sim.experiment.sources import modules_behind
from sim.parameters import Fixed

COUNTED = modules_behind("sim.model.simulate", "sim.world.build", "sim.experiment.columns")
ENSEMBLE = ("calibration.ensemble.simulate", "calibration.ensemble.tables", "sim.world.build")

BARE = """
import dataclasses, pickle, sys
values = pickle.load(sys.stdin.buffer)
Bare = dataclasses.make_dataclass("Bare", list(values))
scenario = Bare(**values)
"""


def bare(name: str, **keys) -> dict[str, object]:
    """Return what the model reads of a scenario, in classes of Python's own."""
    known = sim.load(name).replace(**keys)
    values = {name: getattr(known, name) for name in ("start", "seed", "months", "citizens", "mode")}
    values["timeline"] = tuple(SimpleNamespace(**dict(event)) for event in known.timeline)
    assert values["timeline"]
    assert all(event.when is None for event in values["timeline"])
    values["initial"] = {path: SimpleNamespace(prior=each.prior) for path, each in known.initial.items()}
    values["priors"] = known.priors
    event = SimpleNamespace(event="challenge", actor=None, target=None, detail=None, facts={}, nth=1)
    first = {"claim": "P1", "month": None, "condition": None, "occurrence": event}
    values["onsets"] = (SimpleNamespace(**first, priors={"citizens.cohort_gap": Fixed(0.4)}),)
    return values


def nodes(kind):
    """Yield every node of a kind in the modules that count, with its module and the function it is in."""
    for name, module in COUNTED.items():
        tree = ast.parse(module.path.read_bytes())
        place = {}
        for function in ast.walk(tree):
            if isinstance(function, (ast.FunctionDef, ast.ClassDef)):
                place |= {id(node): f"{name}.{function.name}" for node in ast.walk(function)}
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield place.get(id(node), name), node
