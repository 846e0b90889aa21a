"""Workers start wherever `sim` is called from: they need nothing of the program that asks for them."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest
from test_runs import ENVIRONMENT

from sim.experiment import workers

CALL = """
import sim
short = sim.Scenario.build("short", years=1, citizens=50, runs=4)
def compare(workers=2):
    comparison = sim.compare([short, short.replace(name="other")], workers=workers)
    print(len(comparison.results.outcomes), comparison.results.about["workers"], flush=True)
"""
SPAWN = "\nimport sim.experiment.workers\nsim.experiment.workers.start_fork_server = lambda: False\n"
THREAD = "\nimport threading\nthread = threading.Thread(target=compare)\nthread.start()\nthread.join()\n"
DAEMON = """
import multiprocessing
if __name__ == "__main__":
    process = multiprocessing.get_context("{how}").Process(target=compare, daemon=True)
    process.start()
    process.join()
"""
PROMPT = "import code, sys\ncode.InteractiveConsole().runsource(open(sys.argv[1]).read(), symbol='exec')\n"
SPAWNED = pytest.param(SPAWN, id="spawn", marks=pytest.mark.slow)
STARTS = pytest.mark.parametrize("start", [pytest.param("", id="forkserver"), SPAWNED])


def run(words, *, place: Path, text: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        input=text,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=place,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def script(place: Path, *parts: str) -> Path:
    file = place / "script.py"
    file.write_text("".join([CALL, *parts]))
    return file


@STARTS
def test_a_script_needs_no_guard(tmp_path, start):
    said = run([script(tmp_path, start, "\ncompare()\nprint('once')\n")], place=tmp_path)
    assert said == "8 2\nonce\n"  # nothing of the script is run by the workers


@pytest.mark.slow
def test_a_module_needs_no_guard(tmp_path):
    script(tmp_path, "\ncompare()\n")
    assert run(["-m", "script"], place=tmp_path) == "8 2\n"


@pytest.mark.slow
@STARTS
def test_standard_input_will_do(tmp_path, start):
    assert run(["-"], place=tmp_path, text=f"{CALL}{start}\ncompare()\n") == "8 2\n"


@pytest.mark.slow
def test_a_prompt_will_do(tmp_path):
    file = script(tmp_path, "\ncompare()\n")
    assert run(["-c", PROMPT, file], place=tmp_path) == "8 2\n"


@pytest.mark.slow
@STARTS
def test_a_thread_will_do(tmp_path, start):
    assert run([script(tmp_path, start, THREAD)], place=tmp_path) == "8 2\n"


@pytest.mark.skipif(sys.platform == "win32", reason="fork")
@pytest.mark.parametrize("how", ["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def test_where_children_are_not_allowed_runs_are_made_in_the_process(tmp_path, how):
    said = run([script(tmp_path, DAEMON.format(how=how))], place=tmp_path)
    assert "8 1\n" in said
    assert "this process may not start others, so runs are made in it" in said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="fork")
def test_a_forked_child_may_ask_for_workers(tmp_path):
    forked = DAEMON.format(how="fork").replace("daemon=True", "daemon=False")
    assert run([script(tmp_path, forked)], place=tmp_path) == "8 2\n"
    both = forked.replace("    process = ", "    compare()\n    process = ")
    assert run([script(tmp_path, both)], place=tmp_path) == "8 2\n8 2\n"


@pytest.mark.slow
def test_a_model_of_the_scripts_own_is_run_by_workers_that_import_it(tmp_path):
    own = """
from sim.experiment.chunk import Recipe
from sim.experiment.run import STANDARD
from sim.model.simulate import simulate
from sim.world.build import build_world
def mine(scenario, replicate, world):
    return simulate(scenario, replicate, world)
if __name__ == "__main__":
    experiment = sim.Experiment([short], recipe=Recipe(mine, build_world), workers=2)
    results = experiment.run()
    print(len(results.outcomes), results.failures.empty)
"""
    assert run([script(tmp_path, own)], place=tmp_path) == "4 True\n"


def _killed_while_sending():
    """Do to a worker's result what a kill between its length and its bytes does."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    queue = frame.f_locals["result_queue"]
    queue._wlock.acquire()
    os.write(queue._writer.fileno(), struct.pack("!i", 40_000))
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Windows has no such signal")
def test_a_worker_killed_while_it_sends_a_result_breaks_the_pool(monkeypatch):
    monkeypatch.setattr(workers, "_GRACE", 0.5)
    with pytest.raises(BrokenExecutor), workers.process_pool(2) as pool:
        others = list(pool._processes.values())
        pool.submit(_killed_while_sending).result(timeout=60)
    assert all(process.exitcode is not None for process in others)


def test_a_pool_that_loses_nobody_is_left_alone(monkeypatch):
    monkeypatch.setattr(workers, "_GRACE", 0.05)
    with workers.process_pool(2) as pool:
        assert [pool.submit(abs, -number).result(timeout=60) for number in range(3)] == [0, 1, 2]
        time.sleep(0.5)
        assert pool.submit(abs, -3).result(timeout=60) == 3
