"""Falls are told from other events in one place, and every count of them is that of the outcomes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim
from sim.experiment import columns
from sim.experiment.chunk import run_one
from sim.experiment.run import STANDARD
from sim.measures.falls import falls_among, rows_of_falls
from sim.measures.history import RunHistory
from sim.world.build import build_world

ROOMS = ("analysis", "cli", "explain", "explore", "figures", "measures", "report")
SCENARIO = sim.load("kuzio").replace(citizens=200)


@pytest.fixture(scope="module")
def record():
    return run_one(STANDARD, SCENARIO, 3)


def test_the_falls_among_events_are_those_of_the_history(record):
    history = RunHistory(record.history, build_world(SCENARIO.start))
    table = columns.events(record).to_pandas()
    found = falls_among(history.events)
    assert len(found) > 2
    assert {fall.detail for fall in found} == {"street", "elite"}
    for how in ("street", "elite"):
        told = falls_among(history.events, how)
        assert told == history.falls(how, history.states)
        rows = rows_of_falls(table, how)
        assert [*zip(rows["target"], rows["tick"], strict=True)] == [(e.target, e.tick) for e in told]
    assert len(rows_of_falls(table)) == len(found)
    for state in history.states:
        assert falls_among(history.events, states=(state,)) == [
            fall for fall in found if fall.target == state
        ]


def test_nothing_that_counts_tells_or_draws_looks_for_falls_itself():
    root = Path(sim.__file__).parent
    looking = [
        f"{path.relative_to(root)}:{node.lineno}"
        for room in ROOMS
        for path in (root / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Compare)
        and "kind" in ast.unparse(node.left)
        and any(isinstance(item, ast.Constant) and item.value == "fall" for item in node.comparators)
    ]
    assert looking == []
