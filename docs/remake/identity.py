"""What the numbers of a step depend on, as one key: code, scenarios, sizes, and the steps before it."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from calibration.ensemble.plan import Plan
from sim.experiment.identity import code_key, scenario_key
from sim.experiment.run import STANDARD

if TYPE_CHECKING:
    from sim.scenario import Scenario

_LENGTH = 12


def key_of(content: object) -> str:
    """Return the key of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:_LENGTH]


@cache
def of_code(modules: Sequence[str]) -> str:
    """Return the key of the code of some packages or modules."""
    digest = hashlib.sha256()
    for name in modules:
        module = importlib.import_module(name)
        file = Path(str(module.__file__))
        for path in sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


def of_runs(scenarios: Iterable[Scenario]) -> str:
    """Return the key of the runs of some scenarios; their number does not count."""
    return key_of([code_key(STANDARD), [scenario_key(scenario) for scenario in scenarios]])


@cache
def of_ensemble() -> str:
    """Return the key of the runs of the prior ensemble."""
    return Plan(1).fingerprint
