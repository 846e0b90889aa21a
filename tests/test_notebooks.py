"""The notebooks of the documents: run to their end with few runs, and stored as they were run, and small."""

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from forked import CHECKOUT

from docs.remake.__main__ import main as remake
from docs.remake.notebooks import NOTEBOOKS, executed, names
from sim.errors import missing_extra

LARGEST = 400_000  # bytes of one notebook with its pictures


def stored(name):
    return json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))


def code_cells(name):
    return [cell for cell in stored(name)["cells"] if cell["cell_type"] == "code"]


def test_there_are_the_three_that_newcomers_need():
    assert names() == ["first_look", "own_question", "own_thesis"]


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_notebook_runs_to_its_end(name, tmp_path):
    pytest.importorskip("nbclient")
    made = executed(name, tmp_path, runs=2)
    shown = [cell for cell in made.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in shown)
    kinds = {key for cell in shown for output in cell.outputs for key in output.get("data", {})}
    assert {"text/html", "image/png"} <= kinds  # tables and figures are seen, not named
    assert any(path.name == "about.json" for path in (tmp_path / "results").rglob("*"))
    assert not any(output.get("name") == "stderr" for cell in shown for output in cell.outputs)
    bars = [output for cell in shown for output in cell.outputs if "<progress" in str(output)]
    assert bars == []  # gone when the work is


@pytest.mark.parametrize("name", names())
def test_what_is_stored_was_run_and_holds_nothing_of_the_machine(name):
    cells = code_cells(name)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
    assert "error" not in kinds
    assert not any(output.get("name") == "stderr" for cell in cells for output in cell["outputs"])
    text = (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
    assert len(text) < LARGEST
    told = re.sub(r'"image/png": "[^"]*"', "", text)
    places = {str(CHECKOUT), str(Path.home()), os.path.realpath("/tmp") + "/", "site-packages"} - {"/"}
    assert [place for place in places if place in told] == []
    assert set(stored(name)["metadata"]["language_info"]) == {"name"}


@pytest.mark.parametrize("name", names())
def test_the_number_of_runs_stands_in_one_place(name):
    source = ["".join(cell["source"]) for cell in code_cells(name)]
    assert len(re.findall(r"^RUNS = \d+$", "\n".join(source), re.MULTILINE)) == 1
    assert not re.search(r"\bruns=\d", "\n".join(source))


def test_a_missing_package_is_told_with_its_extra(monkeypatch):
    monkeypatch.setattr("docs.remake.notebooks.executed", _nothing_there)
    done = CliRunner().invoke(remake, ["notebooks"])
    assert done.exit_code == 2
    assert "pip install 'post-soviet-scenarios[notebooks]' brings it" in done.stderr
    done = CliRunner().invoke(remake, ["notebooks", "first"])
    assert done.exit_code == 2
    assert "no notebook 'first'; there are: first_look" in done.stderr


def _nothing_there(*_):
    raise ModuleNotFoundError("No module named 'nbclient'", name="nbclient")


def test_what_notebooks_need_is_named():
    for package in ("nbclient", "nbformat", "ipykernel"):
        assert "[notebooks]" in missing_extra(ModuleNotFoundError("", name=package))
