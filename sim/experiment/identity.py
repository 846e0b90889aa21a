"""What a run's numbers depend on: the code, the scenario and its seed. Runs are kept under the two keys.

The code's key covers what is imported when a run is made, and nothing else: the modules of the model, found
by their import statements; the data tables that these read; and the versions of the packages that compute.
Of a module counts what it does, not what it says (`sim.experiment.sources`): comments, docstrings, the words
of errors and what is declared as told to readers are left out. The version of Python does not count, since
numbers do not depend on it. What no key can tell, such as another mathematical library of the system, ``sim
verify`` finds. Outcomes are kept by their own definitions (`sim.experiment.kept`).
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.experiment.files import installed_version
from sim.experiment.sources import file_of, modules_behind, table_digest

if TYPE_CHECKING:
    from sim.experiment.chunk import Recipe
    from sim.scenario import Scenario

NUMERICAL = ("numpy", "numba", "llvmlite", "mesa", "pandas")
"""Packages whose version counts: those that compute, and pandas, which reads the tables."""

_FORM = "sim.experiment.columns"  # the module that gives a stored run its form
_LENGTH = 12  # of a key in hexadecimal digits: two in a folder never meet by chance


# -- the key of the code ---------------------------------------------------------------------------


@lru_cache(maxsize=16)
def parts_of(*entries: Callable[..., Any] | str) -> dict[str, str]:
    """Return what the key of some code consists of.

    Parameters
    ----------
    *entries : callable or str
        Functions, or modules by name. Their modules count, and all that these import.

    Returns
    -------
    dict of str to str
        A hash of every module by its name, and of every table by its path; the functions' names; ``machine``;
        and the versions of the packages that compute.
    """
    found = modules_behind(*sorted({_home(entry) for entry in entries} - {""}))
    parts = {name: module.digest for name, module in found.items()}
    for module in found.values():
        parts |= {table: table_digest(path) for table, path in module.tables()}
    parts |= {_name(entry): "" if _home(entry) else _code(entry) for entry in entries if callable(entry)}
    return parts | {"machine": platform.machine()} | {name: installed_version(name) for name in NUMERICAL}


def code_parts(recipe: Recipe) -> dict[str, str]:
    """Return what the key of the code that makes a run consists of, and of the form in which it is kept."""
    return parts_of(recipe.simulate, recipe.build_world, _FORM)


def code_key(recipe: Recipe) -> str:
    """Return the key of the code that makes a run."""
    return key_of(code_parts(recipe))


def key_of(content: object) -> str:
    """Return the key of what JSON can hold."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def what_differs(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say in what two versions of the code differ, as `code_parts` tells them."""
    changed = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    outside = [name for name in changed if name in (*NUMERICAL, "machine")]
    inside = [name for name in changed if name not in outside]
    told = [f"{name} {then.get(name)}, now {now.get(name)}" for name in outside]
    more = f" and {len(inside) - 3} more" if len(inside) > 3 else ""
    return "; ".join([*told, *([f"{', '.join(inside[:3])}{more} changed"] if inside else [])])


def _home(entry: Callable[..., Any] | str) -> str:
    """Return the module of a function or of a callable object; empty if it has no file."""
    name = entry if isinstance(entry, str) else _module_of(entry)
    return name if file_of(name) else ""


def _name(entry: Callable[..., Any]) -> str:
    kind = entry if hasattr(entry, "__qualname__") else type(entry)
    return f"{_module_of(entry)}: {kind.__qualname__}"


def _module_of(entry: Callable[..., Any]) -> str:
    name: str = getattr(entry, "__module__", None) or type(entry).__module__
    return "__main__" if name == "__mp_main__" else name  # what a worker calls it


def _code(entry: Callable[..., Any]) -> str:
    """Return a hash of a function that was typed in, as in a notebook."""
    code = getattr(entry, "__code__", None)
    text = repr((code.co_code, code.co_consts, code.co_names)) if code else repr(entry)
    return hashlib.sha256(text.encode()).hexdigest()


# -- the key of a scenario -------------------------------------------------------------------------


def scenario_key(scenario: Scenario) -> str:
    """Return the key of all that the runs of a scenario depend on, besides the code and the replicate.

    The number of runs is not part of it, so that more can be asked for; nor is any name or sentence.
    """
    return key_of(scenario.inputs())
