"""Each recipe of CONTRIBUTING.md is followed, as it stands, in a copy of the checkout."""

import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from forked import CHECKOUT
from recipes import BLOCK, follow

COPIED = ("sim", "scenarios", "calibration", "docs", "examples", "tests", "pyproject.toml", "README.md")
TEXT = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^### \d+\. (.+?)\n(.*?)(?=^### |\Z)", TEXT, re.DOTALL | re.MULTILINE))
_COMMANDS = {"sim": "sim.cli", "calibrate": "calibration.cli", "pytest": "pytest"}
SAYS = {  # what the last command must say, so that a recipe that does nothing is noticed
    "Add a thesis": "N1",
    "Add a claim": "rivals.campaign_help",
    "Add an outcome": " passed",
    "Add a figure": " passed",
    "Add an instrument of Moscow": " passed",
    "Add a command": "180",
    "Add a parameter": "learning.exhaustion_if_lost",
    "Add a rule of the shared world": "1 passed",
    "Add a stage of the month": "solidarity",
}
SAME_NUMBERS = {"Add a parameter", "Add a rule of the shared world", "Add a stage of the month"}
"""Recipes that say that runs stay what they were until the new parameter is set."""


def copy_of(folder, target):
    """Copy what commands need, compiled kernels too."""
    target.mkdir()
    for name in COPIED:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, target / name)
        else:
            shutil.copy2(folder / name, target / name)


def run(line, folder, home):
    """Run a command of the copy; return what it printed."""
    program, *words = shlex.split(line)
    if program == "pytest":  # in the checkout, and without workers of its own
        home, words = folder, [*words, "-n", "0"]
    done = subprocess.run(
        [sys.executable, "-m", _COMMANDS[program], *words],
        cwd=home, env={"PYTHONPATH": str(folder), "PATH": "", "COLUMNS": "160"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@cache
def events_of(folder, home):
    """Return the events, and the sum of the series, of a short run in a checkout."""
    code = (
        "import sim\n"
        "run = sim.simulate(sim.load('baseline').replace(years=3, citizens=60), 0)\n"
        "for event in run.history.events: print(event)\n"
        "print(sum(float(each.sum()) for each in run.history.series.values()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home, env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_there_is_a_recipe_for_whatever_is_added_most():
    things = {name.removeprefix("Add ").split(" ", 1)[1] for name in RECIPES}
    assert things == {
        "thesis", "claim", "outcome", "instrument of Moscow", "figure", "command", "column of data",
        "parameter", "rule of the shared world", "stage of the month",
    }  # fmt: skip


def test_every_call_of_pytest_stands_in_a_block_where_it_is_run():
    for name, text in RECIPES.items():
        assert "pytest " not in BLOCK.sub("", text), name
        named = re.findall(r"tests/test_\w+\.py", BLOCK.sub("", text))
        assert all((CHECKOUT / path).is_file() for path in named), name


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_can_be_followed(name, tmp_path):
    folder, home = tmp_path / "copy", tmp_path / "home"
    copy_of(CHECKOUT, folder)
    home.mkdir()
    said = ""
    for language, block in BLOCK.findall(RECIPES[name]):
        if language == "bash":
            for line in block.splitlines():
                said = run(line, folder, home)
        else:
            follow(block, folder)
    assert SAYS.get(name, "") in said
    made = sorted(str(path.relative_to(home)) for path in home.rglob("*"))
    if name == "Add a figure":
        assert any(Path(path).stem == "clashes" for path in made), made
    if name in {"Add an outcome", "Add an instrument of Moscow"}:
        import pandas as pd  # noqa: PLC0415

        columns = pd.read_parquet(home / "recipe" / "outcomes.parquet").columns
        assert ("purges" if name == "Add an outcome" else "used_advisers") in columns
    if name in SAME_NUMBERS:
        assert events_of(folder, home) == events_of(CHECKOUT, CHECKOUT)
    if name == "Add an instrument of Moscow":
        audited = (
            "from sim.measures import OUTCOMES; from sim.model.moscow.instruments import RESCUE_LADDER; "
            "print(*OUTCOMES['used_advisers'].parameterised_by, *(rung.name for rung in RESCUE_LADDER))"
        )
        done = subprocess.run(
            [sys.executable, "-c", audited], cwd=home, env={"PYTHONPATH": str(folder), "PATH": ""},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        own = {"instruments.security_gain", "instruments.security_price", "costs.security_attention"}
        assert own | {"advisers"} <= set(done.stdout.split())
