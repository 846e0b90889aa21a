"""What the numbers of a step depend on, as one key: code, scenarios, sizes, and the steps before it.

Of code counts what it does, by `sim.experiment.identity`: a changed sentence or comment makes nothing old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from calibration.ensemble.plan import Plan
from sim.experiment.identity import NUMERICAL, code_key, code_parts, key_of, parts_of, scenario_key
from sim.experiment.run import STANDARD

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = [
    "code_by_group",
    "key_of",
    "of_code",
    "of_ensemble",
    "of_module",
    "of_runs",
    "scenario_key",
    "what_changed",
]


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


# -- the same in parts, to say why a step is not current --------------------------------------------


@cache
def code_by_group(entries: Sequence[Callable[..., Any] | str], *, runs: bool) -> dict[str, str]:
    """Return a key of each folder of modules, of the tables and of the packages that a step depends on.

    Parameters
    ----------
    entries : sequence of callable or str
        As for `of_code`.
    runs : bool
        Whether the code that makes runs counts too.
    """
    parts = parts_of(*entries) | (code_parts(STANDARD) if runs else {})
    groups: dict[str, dict[str, str]] = {}
    for name, key in parts.items():
        groups.setdefault(_group(name), {})[name] = key
    return {group: key_of(held) for group, held in sorted(groups.items())}


def _group(name: str) -> str:
    if name in (*NUMERICAL, "machine"):
        return "packages"
    return "tables" if "/" in name else ".".join(name.partition(":")[0].split(".")[:2])


def what_changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in which parts two steps differ: groups of code, or else what hangs on them.

    Parameters
    ----------
    then, now : mapping
        From a part's name to its key; ``code`` and ``before`` hold mappings themselves.
    """
    code, before = (_differing(then.get(name, {}), now[name]) for name in ("code", "before"))
    own = code + [name for name in ("commands", "scenarios") if then.get(name) != now[name]]
    if own:  # the ensemble and the steps before have mostly changed with it
        return own
    return [name for name in ("ensemble",) if then.get(name) != now[name]] + before


def _differing(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
