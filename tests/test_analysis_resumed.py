"""``sim claims`` and ``sim variance`` go on where they stopped: the same tables, and no run made twice."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_runs_fakes import RECIPE, run_outcomes, run_to_folder
from test_runs_resumed import asked, made

from sim.cli.main import main
from sim.errors import FolderError
from sim.experiment import identity
from sim.experiment.interrupt import RunsInterrupted
from sim.model.model import PostSovietSpace

SMALL = ("--runs", "3", "--workers", "1", "--set", "citizens=60", "--quiet")
COMMANDS = {
    "claims": ("claims", "dubnov", "--set", "years=2", *SMALL),
    "audit": ("claims", "dubnov", "--audit", "--set", "years=1", *SMALL),
    "variance": ("variance", "baseline", "dubnov", "--set", "years=1", *SMALL),
    "sweep": ("sweep", "baseline", "dubnov", "--set", "years=1", "--vary", "war.window=0,1", *SMALL),
}
TABLES = {"claims": ["claims.csv"], "audit": ["audit.csv", "drops.csv"], "variance": ["variance.csv"]}
TABLES["sweep"] = ["sweep.csv", "runs.csv"]


@pytest.fixture
def counter(tmp_path):
    return tmp_path / "counter"


@pytest.fixture
def months(monkeypatch):
    """Count the runs that are made, and press Ctrl-C in one of them if asked."""

    class Runs:
        made = 0
        interrupted = 0  # which run, from 1

    run = PostSovietSpace.run

    def counted(model):
        Runs.made += 1
        if Runs.made == Runs.interrupted:
            signal.raise_signal(signal.SIGINT)
        return run(model)

    monkeypatch.setattr(PostSovietSpace, "run", counted)
    return Runs


def call(*words: str):
    return CliRunner().invoke(main, words)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_goes_on_after_ctrl_c_and_then_makes_no_run(tmp_path, monkeypatch, months, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["sim", *COMMANDS[name]])
    done = call(*COMMANDS[name], "--out", "whole")
    assert done.exit_code == 0, done.output
    all_runs, months.made = months.made, 0
    months.interrupted = all_runs // 2
    stopped = call(*COMMANDS[name])
    assert stopped.exit_code == 130
    assert (
        f"{all_runs // 2} of {all_runs} runs finished, kept in results/{name}; to go on: " in stopped.output
    )
    assert stopped.output.strip().endswith(f"--out results/{name}")
    assert not list(Path("results").rglob("*.csv"))
    again = call(*COMMANDS[name], "--out", f"results/{name}")
    assert again.exit_code == 0, again.output
    assert months.made == all_runs
    for _ in range(2):
        for table in TABLES[name]:
            assert Path("results", name, table).read_bytes() == Path("whole", table).read_bytes()
        assert call(*COMMANDS[name]).stdout == f"results/{name}\n"
    assert months.made == all_runs
    assert json.loads(Path("results", name, "about.json").read_text())["runs_finished"] == all_runs


def test_outcomes_are_kept_extended_and_the_same_for_any_workers(tmp_path, counter):
    whole, _ = run_outcomes(asked(counter), tmp_path / "whole", RECIPE, workers=2)
    assert made(counter) == 50
    run_outcomes(asked(counter, 7)[:1], tmp_path / "out", RECIPE)
    assert made(counter) == 7
    found, failures = run_outcomes(asked(counter), tmp_path / "out", RECIPE)
    assert made(counter) == 43
    assert not failures
    assert found.equals(whole)
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_failed_runs_are_tried_again_and_the_others_are_not(tmp_path, counter):
    found, failures = run_outcomes(asked(counter, raises=3), tmp_path / "out", RECIPE)
    assert ([run.replicate for run in failures], len(found)) == ([3, 3], 48)
    made(counter)
    found, failures = run_outcomes(asked(counter), tmp_path / "out", RECIPE)
    assert (failures, len(found), made(counter)) == ([], 50, 2)


def test_runs_kept_whole_and_runs_kept_as_outcomes_never_meet(tmp_path, counter):
    run_outcomes(asked(counter), tmp_path / "outcomes", RECIPE)
    with pytest.raises(FolderError, match="is not empty and holds no runs to go on with"):
        run_to_folder(asked(counter), tmp_path / "outcomes", RECIPE)
    run_to_folder(asked(counter), tmp_path / "whole", RECIPE)
    with pytest.raises(FolderError, match="is not empty and holds no runs to go on with"):
        run_outcomes(asked(counter), tmp_path / "whole", RECIPE)
    run_outcomes(asked(counter, seed=9), tmp_path / "outcomes", force=True)
    assert len(list((tmp_path / "outcomes").rglob("baseline-*"))) == 1


def test_another_version_of_the_code_never_mixes_in(tmp_path, counter, monkeypatch):
    with pytest.raises(RunsInterrupted):
        run_outcomes(asked(counter, interrupts=4), tmp_path / "out", RECIPE)
    kept = sorted((tmp_path / "out").rglob("*.zip"))
    monkeypatch.setattr(identity, "installed_version", lambda _: "0.1")
    identity.parts_of.cache_clear()
    try:
        with pytest.raises(FolderError, match="another version of the code"):
            run_outcomes(asked(counter), tmp_path / "out", RECIPE)
    finally:
        identity.parts_of.cache_clear()
    assert sorted((tmp_path / "out").rglob("*.zip")) == kept


def test_a_damaged_file_is_set_aside_and_its_runs_are_made_again(tmp_path, counter):
    whole, _ = run_outcomes(asked(counter), tmp_path / "out", RECIPE)
    made(counter)
    victim = max((tmp_path / "out").rglob("*.zip"))
    lost = victim.name.split("-")[:2]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    found, _ = run_outcomes(asked(counter), tmp_path / "out", RECIPE)
    assert found.equals(whole)
    assert made(counter) == int(lost[1]) - int(lost[0]) + 1
    assert (tmp_path / "out" / "damaged" / victim.name).is_file()


def test_nothing_asked_for_is_nothing_made(tmp_path):
    found, failures = run_outcomes([], tmp_path / "out", RECIPE)
    assert (len(found), failures) == (0, [])
