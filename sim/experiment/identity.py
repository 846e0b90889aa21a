"""What a run's numbers depend on: the code, the scenario and its seed. Runs are kept under the two keys.

The code's key is made from the sources and data tables that make numbers, not from the version's name, so
that a change in a checkout counts. Left out are ``sim/cli`` and ``sim/figures``, which only show results,
``sim/measures``, whose outcomes are kept by their definitions (`sim.experiment.kept`), ``sim/shipped``,
where an installation holds the scenarios (the scenario's key tells them apart), and the version of Python, on
which numbers do not depend. What no key can tell, such as another mathematical library of the system, ``sim
verify`` finds.
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
import platform
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import sim
from sim.experiment.files import installed_version

if TYPE_CHECKING:
    from sim.experiment.chunk import Recipe
    from sim.scenario import Scenario

_LENGTH = 12  # of a key in hexadecimal digits: two in a folder never meet by chance
_NO_PART = ("cli", "figures", "measures", "shipped")
_PACKAGES = ("numpy", "numba", "llvmlite", "mesa", "pandas")


@lru_cache(maxsize=8)
def code_parts(recipe: Recipe) -> dict[str, str]:
    """Return what the code's key is made of.

    Parameters
    ----------
    recipe : Recipe
        Its functions' source files count too, where they lie outside the package.

    Returns
    -------
    dict of str to str
        ``source``, a hash of sources and data tables; ``machine``; and the versions of the packages that
        compute.
    """
    root = Path(sim.__file__).parent
    files = {
        path.relative_to(root).as_posix(): path
        for path in root.rglob("*")
        if path.suffix in {".py", ".csv"} and path.relative_to(root).parts[0] not in _NO_PART
    }
    for function in (recipe.simulate, recipe.build_world):
        source = Path(inspect.getsourcefile(function) or "")
        if source.is_file() and root not in source.parents:
            files[source.name] = source
    digest = hashlib.sha256()
    for name in sorted(files):
        content = files[name].read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    versions = {name: installed_version(name) for name in _PACKAGES}
    return {"source": digest.hexdigest(), "machine": platform.machine(), **versions}


def code_key(recipe: Recipe) -> str:
    """Return the key of the code that makes a run."""
    return _key(json.dumps(code_parts(recipe), sort_keys=True))


def scenario_key(scenario: Scenario) -> str:
    """Return the key of a resolved scenario and its seed.

    The number of runs is not part of it, so that more can be asked for; nor are title, question and who
    asked, which no number depends on.
    """
    plain = dataclasses.replace(scenario, runs=1, title="", question="", asked_by="")
    return _key(plain.to_yaml())


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
