"""A change that leaves the numbers alone may be declared so: a sample is made again, the rest is kept."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from test_runs import contents
from test_runs_fakes import FakeScenario, build_world, run_outcomes, run_to_folder, simulate
from test_runs_resumed import made

import sim
from sim.cli.main import main
from sim.errors import FolderError, ResultsError
from sim.experiment import identity
from sim.experiment.chunk import Recipe


@pytest.fixture
def counter(tmp_path):
    return tmp_path / "counter"


@contextmanager
def another_version():
    """Have the code another key while the block lasts, as after a change somewhere."""
    usual = identity.installed_version
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "installed_version", lambda name: "0.1" if name == "numba" else usual(name))
        identity.parts_of.cache_clear()
        yield
    identity.parts_of.cache_clear()


def asked(counter, runs=25):
    return [
        FakeScenario(name, runs=runs, counter=str(counter), years=years)
        for name, years in (("a", 2), ("b", 3))
    ]


def one_number_off(scenario, replicate, world):
    run = simulate(scenario, replicate, world)
    if replicate == 24:
        run.history.series["alignment"][7, 1] += 1e-7
    return run


OFF = Recipe(one_number_off, build_world)


def test_runs_that_are_the_same_are_kept_and_gone_on_with(tmp_path, counter):
    whole = run_to_folder(asked(counter, 30), tmp_path / "whole").path
    with another_version():
        run_to_folder(asked(counter), tmp_path / "out")
    made(counter)
    with pytest.raises(FolderError, match=r"numba 0\.1, now .*--adopt keeps its runs"):
        run_to_folder(asked(counter, 30), tmp_path / "out")
    run_to_folder(asked(counter, 30), tmp_path / "out", adopt=True)
    assert made(counter) == 10 + 2 * 5  # a sample, and what was missing
    assert contents(tmp_path / "out") == contents(whole)
    log = (tmp_path / "out" / "log.txt").read_text()
    assert "adopted 50 runs of code " in log
    assert "(numba 0.1, now " in log
    assert "10 made again were the same, bit for bit: a 0, " in log
    assert ", b 24\n" in log
    run_to_folder(asked(counter, 30), tmp_path / "out", adopt=True)  # nothing is left to adopt
    assert made(counter) == 0


def test_runs_that_are_not_the_same_stay_as_they_were(tmp_path, counter):
    run_to_folder(asked(counter), tmp_path / "out")
    before = contents(tmp_path / "out")
    message = r"not every run is the same: b, replicate 24: alignment in .* differs at 2010-08 GEO: stored"
    with pytest.raises(ResultsError, match=message):
        run_to_folder(asked(counter), tmp_path / "out", OFF, adopt=True)
    assert contents(tmp_path / "out") == before
    assert run_to_folder(asked(counter), tmp_path / "out").about["runs_finished"] == 50


def test_outcomes_kept_alone_are_adopted_too(tmp_path, counter):
    with another_version():
        before, _ = run_outcomes(asked(counter), tmp_path / "out")
    made(counter)
    after, _ = run_outcomes(asked(counter), tmp_path / "out", adopt=True)
    assert made(counter) == 10
    assert after.equals(before)


def test_another_scenario_is_never_adopted(tmp_path, counter):
    with another_version():
        run_to_folder(asked(counter), tmp_path / "out")
    other = [FakeScenario("a", runs=25, seed=9), FakeScenario("b", runs=25, years=3)]
    with pytest.raises(FolderError, match="another scenario or seed named a"):
        run_to_folder(other, tmp_path / "out", adopt=True)


def test_the_command_adopts_results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    short = sim.Scenario.build("short", years=1, citizens=50, runs=4)
    with another_version():
        sim.compare([short, short.replace(name="other")], out="r", workers=1)
    told = CliRunner().invoke(main, ["verify", "r", "--sample", "2"])
    assert "made by another version of the code" in told.stderr
    done = CliRunner().invoke(main, ["verify", "r", "--adopt", "--sample", "3"])
    assert (
        done.stdout == "3 runs made again: the same, bit for bit; all are kept for this version of the code\n"
    )
    assert CliRunner().invoke(main, ["verify", "r", "--sample", "1"]).stderr == ""
    (store,) = (tmp_path / "r" / "runs").iterdir()
    assert json.loads((tmp_path / "r" / "about.json").read_text())["stored"]["code"] == store.name
    table = tmp_path / "r" / "events.parquet"
    time = table.stat().st_mtime_ns
    sim.compare([short, short.replace(name="other")], out="r", workers=1)
    assert table.stat().st_mtime_ns == time  # nothing had to be made
