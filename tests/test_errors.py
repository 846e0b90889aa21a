"""One base of all errors that a user can mend: the command line needs to know no other."""

from __future__ import annotations

import importlib
import pickle
import pkgutil

import click
import pytest
from click.testing import CliRunner

import calibration
import sim
from sim.cli.console import Commands
from sim.errors import SimError, TooLargeError, WorkersError
from sim.scenario.problems import Problem, ScenarioError

MODULES = [
    item.name
    for package in (sim, calibration)
    for item in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not item.name.endswith(("__main__", "experiment.loaded"))
]


def test_every_class_of_error_is_one_of_ours():
    own = {
        value
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and issubclass(value, Exception) and value.__module__.startswith("sim")
    }
    assert {"ScenarioError", "ResultsError", "FolderError"} <= {kind.__name__ for kind in own}
    inner = {"UnfitError", "Stopped"}  # caught where it is raised
    others = {kind.__name__ for kind in own if not issubclass(kind, SimError | Warning)}
    assert {name for name in others if not name.startswith("_")} <= inner


@pytest.mark.parametrize(
    "error",
    [TooLargeError("too much", hopeless=True), WorkersError("none"), ScenarioError([Problem("a", "is odd")])],
)
def test_errors_travel_between_processes(error):
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (SimError("mend it"), 2, "Error: mend it\n"),
        (FileNotFoundError(2, "No such file", "a.csv"), 2, "Error: a.csv: no such file\n"),
        (ModuleNotFoundError("No module named 'sklearn'", name="sklearn.ensemble"), 2, "[calibration]"),
        (ValueError("odd"), 1, "Unexpected error: ValueError: odd; `demo --debug ...` shows where\n"),
        (ModuleNotFoundError("No module named 'sim.x'", name="sim.x"), 1, "Unexpected error: ModuleNotFound"),
    ],
)
def test_the_command_line_tells_the_users_errors_from_its_own(error, code, text):
    @click.group("demo", cls=Commands)
    @click.option("--debug", is_flag=True)
    def demo(debug):
        del debug

    @demo.command()
    def fail():
        raise error

    done = CliRunner().invoke(demo, ["fail"])
    assert (done.exit_code, text in done.stderr) == (code, True), done.stderr
    assert "Traceback" in CliRunner().invoke(demo, ["--debug", "fail"]).stderr
