"""Theses side by side under one scenario: each held against the shared world under the same scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sim.analysis.compare import Comparison, compare
from sim.experiment.under import Group
from sim.scenario.library import is_shared_world


def beside(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Return the theses side by side, for each scenario that is laid over them.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One a thesis, as `sim.analysis.asked.Asked.compare` returns them.

    Returns
    -------
    list of Comparison
        One a scenario: under each thesis, with differences from the same scenario under the shared world,
        and without single states. None unless the shared world is one of several theses.
    """
    groups = [_group(item) for item in comparisons]
    world = next((group for group in groups if is_shared_world(group.under)), None)
    if world is None or len(groups) < 2:
        return []
    first = comparisons[0]
    found = []
    for name in world.scenarios:
        if name == world.baseline:  # the theses alone: `sim compare` of them has that
            continue
        same = [
            other
            for group in groups
            for other in group.scenarios
            if group is not world and group.plain(other) == world.plain(name)
        ]
        made = compare(first.results, window=first.window, group=Group(name, (name, *same)))
        found.append(dataclasses.replace(made, shown=first.shown, chosen=first.chosen))
    return found


def theses_of(item: Comparison, comparisons: Sequence[Comparison]) -> tuple[str, dict[str, str]]:
    """Return which scenario theses stand side by side under, and the thesis of each that it compares.

    Parameters
    ----------
    item : Comparison
        Of those that `beside` returns.
    comparisons : sequence of Comparison
        What it was given.
    """
    groups = [_group(other) for other in comparisons]
    (plain,) = {group.plain(item.baseline) for group in groups if item.baseline in group.scenarios}
    return plain, {
        name: group.under for group in groups for name in group.scenarios if name in item.scenarios
    }


def how_to_see_beside(comparisons: Sequence[Comparison]) -> str:
    """Return how to get theses side by side where they are not; empty where they are, or there is one."""
    theses = [item.under for item in comparisons]
    if len(theses) < 2 or not all(theses) or any(map(is_shared_world, theses)):
        return ""
    return (
        "For one table with the theses side by side, each held against the shared world under the same "
        f"scenario, add the shared world: --under baseline,{','.join(theses)}."
    )


def _group(item: Comparison) -> Group:
    return Group(item.baseline, item.scenarios, item.under)
