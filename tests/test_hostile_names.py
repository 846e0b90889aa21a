"""Names that steer a terminal, a figure or a file system; results that could run code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

import sim
from sim.cli.main import main
from sim.figures.saving import save
from sim.scenario import Scenario, ScenarioError, load

SOURCES = sorted(Path(sim.__file__).parent.rglob("*.py"))
DANGEROUS = {"eval", "exec", "compile", "__import__", "read_pickle", "to_pickle", "unsafe_load", "system"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nothing_unpickles_or_evaluates(source: Path) -> None:
    """What is read from a scenario or a results folder is data: parquet, JSON and plain YAML."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name.partition(".")[0] for alias in node.names}
            names.add((getattr(node, "module", None) or "").partition(".")[0])
            assert not names & {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            is_regex = isinstance(node.func, ast.Attribute) and called == "compile"
            assert called not in DANGEROUS or is_regex, f"{source}: {called}"
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle":
                    assert isinstance(keyword.value, ast.Constant)
                    assert keyword.value.value is False


@pytest.mark.parametrize("character", ["\\x1b[31m", "\\x07", "\\u202e", "\\u2066", "\\x9b"])
@pytest.mark.parametrize("text", ['title: "a{}b"', 'name: "a{}b"', '"ti{}tle": a', 'asked_by: "{}"'])
def test_characters_that_steer_a_terminal_are_refused(text: str, character: str, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(text.format(character) + "\n")
    with pytest.raises(ScenarioError, match="control character") as caught:
        load(file)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("key", ["\x1b]0;gone\x07", "a\nError: b", "\u202etxt.exe"])
def test_a_message_shows_them_written_out(key: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.build("x", parameters={key: 1})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "name", ["..", ".", "", "a/b", "../a", "/etc/x", "a\\b", "x" * 121, "\U0001f600" * 60]
)
def test_a_name_cannot_leave_the_results_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        Scenario.build(name)


ODD_NAMES = (
    "$\\frac{$",
    "a_b^{c",
    "[red]x[/red]",
    "[/]",
    "<script>alert(1)</script>",
    "%s {0} {x}",
    "Ж" * 95,
)


@pytest.mark.parametrize("name", ODD_NAMES[:6])
def test_odd_names_are_printed_and_stored_as_they_are(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "/" in name:
        name = name.replace("/", "|")  # no slash in a file's name
    monkeypatch.chdir(tmp_path)
    words = [
        "run",
        "baseline",
        "--set",
        f"name='{name}'",
        "--set",
        "years=1",
        "-n",
        "1",
        "--no-figures",
        "-o",
        "r",
    ]
    done = CliRunner().invoke(main, words)
    if "\\" in name:  # no more than a slash
        assert done.exit_code == 2
        return
    assert done.exit_code == 0, done.output
    assert name in done.output
    assert [path.name for path in (tmp_path / "r" / "scenarios").iterdir()] == [f"{name}.yaml"]


@pytest.mark.parametrize("text", ODD_NAMES)
def test_odd_names_are_drawn_as_they_are(text: str, tmp_path: Path) -> None:
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], label=text)
    axes.set_title(text)
    axes.set_xticks([0, 1], [text, "b"])
    axes.legend()
    save(figure, tmp_path / "f.png")
    svg = save(figure, tmp_path / "f.svg").read_text()
    assert "<script>" not in svg
