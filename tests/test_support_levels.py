"""The intervention on Moscow's support: its levels differ in support alone, under any thesis."""

from __future__ import annotations

import pytest

from sim.instruments import INSTRUMENTS, RESCUE_INSTRUMENTS, TABLE
from sim.measures import measure
from sim.measures.history import RunHistory
from sim.model.simulate import simulate
from sim.scenario import fingerprint, load, thesis_names
from sim.world import build_world

SUPPORT_ALONE = {  # read by nothing but `Moscow.worth` and the prices of its offers to challenged regimes
    "moscow.unconditional_support", "moscow.first_deployment_price",
    *(entry.price for entry in TABLE if entry.rung),
}  # fmt: skip


def at_level(level: str, thesis: str, *settings: str):
    return load(f"support-{level}", [f"thesis={thesis}", *settings])


@pytest.mark.parametrize("thesis", thesis_names())
def test_levels_differ_in_support_alone(thesis):
    none, own, high = (at_level(level, thesis) for level in ("none", "own", "high"))
    assert fingerprint(own) == fingerprint(load(thesis))
    assert none.parameters == own.parameters
    assert not own.timeline
    assert not high.timeline
    changed = {path for path in high.parameters if high.parameters[path] != own.parameters.get(path)}
    assert changed == SUPPORT_ALONE, "scenarios/what-if/support-high.yaml sets the price of each rung to 0"
    assert all(high.parameters[path] == own.parameters[path] for path in set(own.parameters) - changed)


def test_none_covers_every_way_to_help_in_every_state_to_the_end():
    none = at_level("none", "baseline")
    (entry,) = none.timeline
    assert set(entry.instruments) == set(RESCUE_INSTRUMENTS), "scenarios/what-if/support-none.yaml lists all"
    assert set(entry.states) == {state.code for state in build_world(none.start).states}
    assert entry.at == none.start
    assert entry.months >= 50 * 12  # the longest run there is


def test_help_rises_from_none_to_high_and_only_help_is_switched_off():
    world = build_world(load("baseline").start)
    used = {}
    for level in ("none", "own", "high"):
        scenario = at_level(level, "milosevic", "citizens=200", "seed=61")
        histories = [simulate(scenario, replicate, world).history for replicate in range(4)]
        runs = [measure(RunHistory(history, world)) for history in histories]
        used[level] = {name: sum(run[f"used_{name}"] for run in runs) for name in INSTRUMENTS}
    helped = {level: sum(used[level][name] for name in RESCUE_INSTRUMENTS) for level in used}
    assert helped["none"] == 0
    assert 0 < helped["own"] < helped["high"]
    assert sum(used["none"][name] for name in set(INSTRUMENTS) - set(RESCUE_INSTRUMENTS)) > 0
