"""What the command line says where something is wrong or ends the runs, and its exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.experiment.interrupt import RunsInterrupted
from tests.command_line import ENVIRONMENT, FAST, call, write_two_scenarios


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """Give every test two small scenario files in an empty folder."""
    monkeypatch.chdir(tmp_path)
    write_two_scenarios(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "missing.yaml"], "missing.yaml"),
        (["run", "one.yaml", "--set", "moscow.keep_wait=1"], "did you mean moscow.keep_weight?"),
        (["run", "one.yaml", "--set", "years=0"], "years"),
        (["run", "one.yaml", "--runs", "0"], "0 is not in the range x>=1"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["compare"], "Missing argument 'SCENARIO...'"),
        (["compare", "one.yaml", "--baseline", "baseline"], "baseline is not run; there are: one"),
        (["show", "one.yaml", "--replicate", "-1"], "range 0<=x<="),
        (["plot", "."], "is not a results folder"),
        (["compare", "baseline", "dubnov", "--outcomes", "vacuum"], "vacuum is an end state, no outcome"),
        (["rum"], "No such command 'rum'"),
        (["show", "--month", "one.yaml"], "leave out"),
        (["show", "--month", "--replicate", "3"], "leave out --replicate"),
        (["show", "one.yaml", "--story", "--initial"], "--story and --initial show different things"),
        (["list", "--outcomes", "--figures"], "--outcomes and --figures are different lists"),
        (["run", "dubnov", "--without", "D2", "--without", "D2"], "claim D2 is switched twice"),
        (["compare", "dubnov", "--with", "D2", "--without", "D2"], "claim D2 is switched twice"),
    ],
)
def test_the_users_errors_are_one_message_and_exit_2(arguments, message):
    done = call(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "folder",
    [
        "one.yaml/out",
        pytest.param("/proc/nothing", marks=pytest.mark.skipif(sys.platform != "linux", reason="/proc")),
    ],
)
@pytest.mark.parametrize("words", [("run", "one.yaml"), ("claims", "kuzio"), ("variance", "one.yaml")])
def test_a_folder_that_cannot_be_made_is_told_before_anything_is_run(words, folder, monkeypatch):
    def fail(*_):
        raise AssertionError("something was run")

    monkeypatch.setattr("sim.experiment.chunk.run_one", fail)
    done = call(*words, "--workers", "1", "--out", folder)
    assert done.exit_code == 2
    *before, last = done.stderr.splitlines()
    assert last.startswith(f"Error: {folder} cannot be written to (")
    assert last.endswith("): choose another folder with --out")
    assert all("runs (" in line for line in before)  # what it would cost, told before


def test_what_a_terminal_has_no_letter_for_does_not_end_a_command():
    environment = ENVIRONMENT | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", "one.yaml", "two.yaml", "--runs", "1", "--no-figures"],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "?" in done.stdout  # for a dash


def test_a_figure_that_is_asked_for_and_cannot_be_drawn_is_told():
    call("run", "one.yaml", "--out", "here", *FAST)
    done = call("plot", "here", "--figure", "differences")
    assert done.exit_code == 0
    assert "not drawn: differences" in done.stderr
    assert "--story" in call("show", "here").stderr


def test_a_folder_of_an_analysis_is_not_said_to_be_of_another_kind():
    made = call(
        "variance", "one.yaml", "--runs", "2", "--workers", "1", "--set", "citizens=60", "--out", "there"
    )
    assert made.exit_code == 0, made.output
    assert "keeps of its runs their outcomes alone" in call("plot", "there").stderr
    done = call("verify", "there")
    assert done.exit_code == 2
    assert "holds no checksums of its files: `sim run` and `sim compare` write them" in done.stderr


def test_an_error_in_a_real_process_has_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "run", "missing.yaml"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "Error: missing.yaml: no such file\n"


def test_an_unexpected_error_is_short_unless_asked(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("the sky fell")

    monkeypatch.setattr("sim.experiment.experiment.Experiment.run", fail)
    short = call("run", "one.yaml")
    assert short.exit_code == 1
    assert short.stderr == "Unexpected error: RuntimeError: the sky fell; `sim --debug ...` shows where\n"
    assert "Traceback" in call("--debug", "run", "one.yaml").stderr


def test_an_interrupt_says_what_was_kept(monkeypatch):
    def stop(*_, **__):
        raise RunsInterrupted(3, 10, "results/one")

    monkeypatch.setattr("sim.experiment.experiment.Experiment.run", stop)
    done = call("run", "one.yaml")
    assert done.exit_code == 130
    assert done.stderr.startswith("interrupted: 3 of 10 runs finished, kept in results/one; to go on: sim ")
    assert done.stderr.endswith(" --out results/one\n")


def test_what_ends_the_runs_is_told_once_and_without_the_name_of_a_class(monkeypatch, capfd):
    def stop(*_, **__):
        raise RunsInterrupted(1, 2, "results/one")

    monkeypatch.setattr("sim.experiment.run.make_missing", stop)
    done = call("run", "one.yaml", "--workers", "1", "--out", "kept")
    assert done.exit_code == 130
    printed = done.stderr + capfd.readouterr().err
    assert printed.startswith("interrupted: 1 of 2 runs finished")
    assert printed.count("\n") == 1
    assert "ended by RunsInterrupted" in Path("kept/log.txt").read_text()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT")
def test_ctrl_c_in_a_real_process_writes_what_is_finished():
    command = [
        sys.executable,
        "-m",
        "sim.cli",
        "run",
        "one.yaml",
        *FAST,
        "--runs",
        "100000",
        "--workers",
        "2",
    ]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(Path("results").rglob("*.zip")):
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "of 100000 runs finished, kept in results/one; to go on: sim run one.yaml" in errors
    assert "Traceback" not in errors
    kept = sim.open_results("results/one")
    assert len(kept.outcomes) == kept.about["runs_finished"] > 0
    assert kept.failures.empty
