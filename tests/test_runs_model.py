"""The real model through the library's own calls: the same bytes for any number of workers."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from test_runs import ENVIRONMENT, contents

import sim
from sim.analysis.verify import damaged_files, sample, verify
from sim.cli.main import main
from sim.errors import RequestError
from sim.experiment.chunk import Recipe
from sim.experiment.run import STANDARD
from sim.measures import OUTCOMES
from sim.model.model import PostSovietSpace
from sim.model.simulate import simulate
from sim.world.build import build_world

SMALL = {"years": 2, "runs": 5, "citizens": 80}


@pytest.fixture(scope="module")
def scenarios():
    weak = sim.Scenario.build("weak", parameters={"moscow.keep_weight": 0.1}, **SMALL)
    strong = sim.Scenario.build("strong", parameters={"moscow.keep_weight": 4.0}, **SMALL)
    return [weak, strong]


def test_bytes_of_the_model_do_not_depend_on_workers(scenarios, tmp_path):
    comparison = sim.compare(scenarios, out=tmp_path / "one")
    sim.compare(scenarios, out=tmp_path / "two", workers=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert comparison.results.failures.empty


def test_compare_shares_the_random_numbers_of_a_replicate(scenarios):
    draws = sim.compare(scenarios, runs=2).results.draws
    varying = [name for name in draws if "." in name and name != "moscow.keep_weight"]
    weak, strong = (draws[draws["scenario"] == name][varying].to_numpy() for name in ("weak", "strong"))
    np.testing.assert_array_equal(weak, strong)
    assert (weak[0] != weak[1]).any()


def test_run_keeps_results_as_long_as_they_are_held(scenarios):
    results = sim.run(scenarios[0], runs=1, seed=3)
    path = results.path
    assert results.about["seed"] == 3
    assert path.is_dir()
    del results
    assert not path.exists()


def test_bad_numbers_of_runs_are_refused(scenarios):
    with pytest.raises(RequestError, match="runs"):
        sim.run(scenarios[0], runs=0)


def test_a_baseline_must_be_run(scenarios, tmp_path):
    with pytest.raises(RequestError, match="baseline baseline is not run; there are: weak, strong"):
        sim.compare(scenarios, baseline="baseline", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_process_that_leaves_runs_to_workers_loads_neither_the_model_nor_what_compiles_it(tmp_path):
    small = ["--set", "years=1", "--set", "citizens=50", "--runs", "2", "--workers", "2", "--quiet"]
    asked = ["compare", "baseline", "kuzio", *small, "--out", str(tmp_path / "out")]
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        f"try: main({asked!r})\nexcept SystemExit as left: assert not left.code\n"
        "print([name for name in ('mesa', 'numba', 'sim.model.model') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    assert done.stdout.strip().endswith("[]")


def test_importing_sim_loads_nothing_heavy():
    code = (
        "import sys, sim\n"
        "assert {'run', 'compare', 'load', 'open_results', 'figures'} <= set(dir(sim))\n"
        "print([name for name in ('numpy', 'pandas', 'mesa', 'matplotlib', 'click') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_loads(name):
    assert getattr(sim, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        _ = sim.rum


def test_verify_makes_runs_again_and_names_what_differs(scenarios, tmp_path, monkeypatch):
    results = sim.compare(scenarios, out=tmp_path / "out", runs=3).results
    assert sample(results, 2) == [("weak", 0), ("strong", 2)]
    assert not damaged_files(results)
    assert list(verify(results, STANDARD, sample(results, 3))) == []
    monkeypatch.setitem(OUTCOMES, "wars", replace(OUTCOMES["wars"], compute=lambda past: past.months))
    assert list(verify(results, STANDARD, sample(results, 2))) == []  # a definition is no fault of a run
    differences = list(verify(results, Recipe(one_bit_off, build_world), [("strong", 2)]))
    assert [(found.table, found.variable, found.where) for found in differences] == [
        ("trajectories", "alignment", "2025-08 GEO")
    ]
    assert "strong, replicate 2: alignment in trajectories.parquet differs at 2025-08 GEO" in str(
        differences[0]
    )


def one_bit_off(scenario, replicate, world):
    run = STANDARD.simulate(scenario, replicate, world)
    bits = run.history.series["alignment"].view(np.uint32)
    bits[7, run.history.states.index("GEO")] ^= 1
    return run


def test_the_command_verifies_and_fails_on_damage(scenarios, tmp_path):
    sim.run(scenarios[0], out=tmp_path / "out", runs=2)
    fine = CliRunner().invoke(main, ["verify", str(tmp_path / "out"), "--sample", "1"])
    assert (fine.exit_code, fine.stdout) == (0, "1 of 2 runs made again: the same, bit for bit\n")
    table = tmp_path / "out" / "events.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 4
    table.write_bytes(content)
    damaged = CliRunner().invoke(main, ["verify", str(tmp_path / "out"), "--sample", "1"])
    assert damaged.exit_code == 1
    assert "events.parquet is missing or damaged" in damaged.stdout


def test_the_command_says_what_an_interrupted_folder_lacks(scenarios, tmp_path):
    sim.run(scenarios[0], out=tmp_path / "out", runs=2)
    about = tmp_path / "out" / "about.json"
    told = json.loads(about.read_text())
    about.write_text(json.dumps({**told, "interrupted": True, "runs_a_scenario": 5}))
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "out"), "--sample", "1"])
    assert done.exit_code == 0
    assert "2 of 5 runs are there, since the command that made them was interrupted" in done.stderr


def test_no_model_stays_in_memory_when_its_run_is_over(scenarios):
    def models() -> int:
        gc.collect()
        return sum(type(thing) is PostSovietSpace for thing in gc.get_objects())

    before = models()
    for replicate in range(3):
        simulate(scenarios[0], replicate)
    assert models() == before
