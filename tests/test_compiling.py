"""What a run calls is compiled before it, in several processes; where that cannot be, the run compiles it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from test_runs import ENVIRONMENT

from sim.experiment import compiling

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied")

A_RUN = """
import gc, json
from functools import partial
from numba.core.dispatcher import Dispatcher
from sim.experiment import compiling
from sim.experiment.chunk import Chunk, run_chunk
from sim.experiment.run import STANDARD
from sim.experiment.store import pack
from sim.scenario import Scenario
compiling.usable_cores = lambda: 2
short = Scenario.build("short", years=1, citizens=50)
run = partial(run_chunk, STANDARD, pack, Chunk(short, (0,)))
"""
TYPES = """
called = [(loop.__name__, types, loop) for module in compiling.called_in(run) for loop, types in module]
run()
print(json.dumps([[name, types in loop.signatures, len(loop.signatures)] for name, types, loop in called]))
"""
COMPILED = """
compiling.compile_together(run)
run()
loops = [it for it in gc.get_objects() if isinstance(it, Dispatcher) and it.__module__.startswith("sim.")]
print(json.dumps([[it.__name__ for it in loops if found(it)] for found in (
    lambda it: it.stats.cache_misses, lambda it: it.stats.cache_hits)]))
"""


def python(code: str, **environment: str) -> list:
    """Return what a new interpreter prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", A_RUN + code],
        env=ENVIRONMENT | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not done.stderr
    return json.loads(done.stdout)


def test_interpreted_loops_are_called_with_the_types_that_a_run_calls_them_with():
    called = python(TYPES)
    assert len(called) > 20
    assert [each for each in called if each[1:] != [True, 1]] == []


@pytest.mark.slow
def test_a_run_compiles_nothing_after_it(tmp_path):
    missed, found = python(COMPILED, NUMBA_CACHE_DIR=str(tmp_path))
    assert missed == ["stream_key"]
    assert len(found) > 20
    missed, _ = python(COMPILED, NUMBA_CACHE_DIR=str(tmp_path))
    assert missed == []


class FirstLoop:
    """Stands in for a loop, compiled or not."""

    def __init__(self, misses: int) -> None:
        self.stats = SimpleNamespace(cache_misses=misses)

    def __call__(self, *_: int) -> None:
        """Nothing is to be seen of it."""


@pytest.fixture
def nothing_compiled(monkeypatch):
    monkeypatch.setattr(compiling, "stream_key", FirstLoop(1))
    monkeypatch.setattr(compiling, "usable_cores", lambda: 2)
    monkeypatch.setattr(compiling, "KEPT", True)


@pytest.mark.parametrize(
    ("name", "value"), [("stream_key", FirstLoop(0)), ("usable_cores", lambda: 1), ("KEPT", False)]
)
def test_no_process_starts_where_it_would_be_of_no_use(nothing_compiled, monkeypatch, name, value):
    monkeypatch.setattr(compiling, name, value)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process is started"))
    compiling.compile_together(pytest.fail)


def test_where_no_process_can_start_or_one_dies_the_run_compiles(nothing_compiled, monkeypatch):
    compiling.compile_together(lambda: os.kill(os.getpid(), signal.SIGKILL))
    compiling.compile_together(lambda: 1 / 0)

    def fork():
        raise BlockingIOError("too many processes")

    monkeypatch.setattr(os, "fork", fork)
    compiling.compile_together(pytest.fail)
