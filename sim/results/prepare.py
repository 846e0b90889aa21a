"""Make scenarios fit to be run together: one seed, one number of runs, a name each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.results.spans import unequal_spans

if TYPE_CHECKING:
    from sim.scenario import Scenario


def prepare(scenarios: Sequence[Scenario]) -> tuple[list[Scenario], list[str]]:
    """Give scenarios the first one's seed and number of runs, so that replicates pair up, and distinct names.

    Parameters
    ----------
    scenarios : sequence of Scenario
        At least one.

    Returns
    -------
    scenarios : list of Scenario
    notes : list of str
        What was changed although nobody asked for it.
    """
    first = scenarios[0]
    notes = []
    if len({scenario.seed for scenario in scenarios}) > 1:
        notes.append(f"the scenarios' seeds differ; all use that of {first.name}, {first.seed}")
    if len({scenario.runs for scenario in scenarios}) > 1:
        notes.append(f"the scenarios' numbers of runs differ; all use that of {first.name}, {first.runs}")
    if spans := unequal_spans((item.name, str(item.start), item.years) for item in scenarios):
        notes.append(spans)
    taken: set[str] = set()
    prepared = []
    for scenario in scenarios:
        name = _free_name(scenario.name, taken)
        if name != scenario.name:
            notes.append(f"a second scenario named {scenario.name} is called {name}")
        taken.add(name)
        prepared.append(dataclasses.replace(scenario, name=name, runs=first.runs, seed=first.seed))
    return prepared, notes


def _free_name(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate
