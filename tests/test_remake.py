"""The pipeline knows what depends on what, redoes only that, goes on after a kill, and leaves docs/ alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from docs.remake import running, tasks
from docs.remake.__main__ import main
from docs.remake.sizes import FULL, SMALL
from docs.remake.steps import Collected, Part, Place, Step
from docs.remake.stored import ROOT, Tree

COPIED = ("sim", "calibration", "docs", "scenarios", "examples", "README.md")


class Toy:
    """Two steps without any model: `second` needs `first`."""

    def __init__(self):
        self.made = []
        self.words = {"first": ("one",), "second": ("two",)}
        self.stop = ""

    def step(self, name, *needs):
        def run(place, folder):
            kept = folder / "kept.txt"
            kept.write_text(kept.read_text() + "again" if kept.exists() else "begun")
            if self.stop == name:
                raise KeyboardInterrupt
            self.made.append(name)

        def parts(size):
            return [Part(name, self.words[name], function=run, goes_on=True)]

        def collect(place, folders):
            table = pd.DataFrame({"kept": [(folders[name] / "kept.txt").read_text()]})
            return Collected({"table": table}, {"words": " ".join(self.words[name])})

        return Step(name, parts, collect, ("docs.remake.sizes",), needs)


@pytest.fixture
def toy(monkeypatch):
    toy = Toy()
    steps = {"first": toy.step("first"), "second": toy.step("second", "first")}
    monkeypatch.setattr(running, "STEPS", steps)
    monkeypatch.setattr(tasks, "STEPS", steps)
    monkeypatch.setattr(running.identity, "of_ensemble", lambda: "an ensemble")
    monkeypatch.setattr(tasks.pages, "stale", lambda tree: [])  # pages have tests of their own
    return toy


def go(out, *names):
    place = Place(out, SMALL, 1)
    tasks.begin(place)
    return tasks.remake(place, tasks.wanted(names), install=False)


def test_what_is_current_is_not_made_again(toy, tmp_path):
    assert go(tmp_path) == 0
    assert toy.made == ["first", "second"]
    assert go(tmp_path) == 0
    assert toy.made == ["first", "second"]


def test_a_change_redoes_what_depends_on_it_and_nothing_else(toy, tmp_path):
    go(tmp_path)
    toy.words["second"] = ("other",)
    go(tmp_path)
    assert toy.made == ["first", "second", "second"]
    assert Tree(tmp_path).about("second")["words"] == "other"
    toy.words["first"] = ("other",)
    go(tmp_path)
    assert toy.made == ["first", "second", "second", "first", "second"]


def test_a_step_is_asked_for_with_what_it_needs(toy, tmp_path):
    go(tmp_path, "second")
    assert toy.made == ["first", "second"]
    other = tmp_path / "other"
    go(other, "first")
    assert toy.made == ["first", "second", "first"]


def test_after_a_kill_it_goes_on_and_no_half_made_numbers_are_taken_for_whole(toy, tmp_path):
    toy.stop = "second"
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path)
    assert toy.made == ["first"]
    assert Tree(tmp_path).about("second") == {}
    toy.stop = ""
    assert go(tmp_path) == 0
    assert toy.made == ["first", "second"]
    assert Tree(tmp_path).table("second", "table")["kept"].tolist() == ["begunagain"]  # its own folder


def test_numbers_without_their_about_are_made_again(toy, tmp_path):
    go(tmp_path)
    (Tree(tmp_path).folder("first") / "about.json").unlink()  # as a kill leaves it while tables are replaced
    go(tmp_path)
    assert toy.made == ["first", "second", "first"]


def test_a_part_is_written_to_its_own_folder_even_where_a_place_has_its_name(tmp_path):
    """A command of the back-test wrote into the folder of the documents, which has the same name."""
    place = Place(tmp_path / "out", SMALL, 1)
    own = tmp_path / "own"
    words = running._completed(Part("backtest", ("calibrate", "backtest")), {"backtest": own}, place)
    assert words[words.index("--out") + 1] == str(own)


def test_every_step_keeps_numbers_of_its_own_and_is_told_apart_by_its_sizes():
    small, full = (
        {name: running.identity_of(step, Place(ROOT, size, 2)) for name, step in running.STEPS.items()}
        for size in (SMALL, FULL)
    )
    assert len(set(small.values())) == len(small)
    same = {name for name in small if small[name] == full[name]}
    assert same == {"published"}


def test_in_full_it_tells_its_cost_and_asks_beyond_two_hours(tmp_path):
    told = CliRunner().invoke(main, ["full", "--status", "--out", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "In all at most about" in told.output
    place = Place(tmp_path, FULL, 2)
    assert 0.5 * 3600 < sum(each.seconds for each in tasks.status(place, list(running.STEPS))) < 2 * 3600
    refused = CliRunner().invoke(main, ["full", "--out", str(tmp_path), "--workers", "1"])
    assert refused.exit_code == 2
    assert "more than two hours: go on with --yes" in refused.output
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small", "--out", str(ROOT / "docs")], "choose a folder outside the repository"),
        (["small", "--out", str(ROOT)], "choose a folder outside the repository"),
        (["small"], "Missing option '--out'"),
        (
            ["small", "claim", "--out", "x"],
            "claim is no step; did you mean claims? (allowed: support, claims",
        ),
    ],
)
def test_what_it_refuses(arguments, said):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert said in result.output


# -- with the model --------------------------------------------------------------------------------

STEPS = ("support", "audit", "variance", "patterns", "fit")
"""Some steps of which every page has numbers; `.ci/run` tries all of them."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the repository."""
    folder = tmp_path_factory.mktemp("clone") / "copy"
    folder.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def small(copy, out, *steps):
    """Run the pipeline small in a copy, and return what it said."""
    # one worker: a pool for each of so many small commands takes longer than their runs; `.ci/run` has two
    words = [sys.executable, "-m", "docs.remake", "small", *steps, "--out", str(out), "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(words, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.mark.slow
def test_a_changed_prior_is_followed_by_every_page(copy, tmp_path):
    sources = files(copy / "docs") | files(copy / "scenarios")
    said = small(copy, tmp_path, *STEPS)
    assert all(f".  step:{name}" in said for name in STEPS)
    before = (
        files(tmp_path / "docs")
        | files(tmp_path / "scenarios")
        | {"README": (tmp_path / "README.md").read_bytes()}
    )
    said = small(copy, tmp_path, *STEPS)
    assert all(f"-- step:{name}" in said for name in STEPS), "what is current was made again"

    for told in ("sim/model/model.py", "sim/analysis/audit.py", "calibration/fit/posterior.py"):
        source = copy / told
        source.write_text("# A comment.\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    said = small(copy, tmp_path, *STEPS)
    assert all(f"-- step:{name}" in said for name in STEPS), "a sentence alone made numbers old"

    module = copy / "sim" / "parameters" / "challenges.py"
    text = module.read_text(encoding="utf-8")
    changed = change_default(text, "election_spark", "0.16", "0.4")
    module.write_text(changed, encoding="utf-8")
    said = small(copy, tmp_path, *STEPS)
    assert all(f".  step:{name}" in said for name in STEPS)
    after = (
        files(tmp_path / "docs")
        | files(tmp_path / "scenarios")
        | {"README": (tmp_path / "README.md").read_bytes()}
    )
    followed = {str(path) for path in after if before.get(path) != after[path]}
    assert {"README", "ODD.md", "FINDINGS.md", "HISTORY.md"} <= followed
    assert {
        f"figures/{name}.png" for name in ("support_levels", "audit", "fit_posterior", "fit_checks")
    } <= followed
    assert {"audit/audit.csv", "posterior/shared.yaml"} <= followed
    assert not [path for path in followed if path.startswith("forecasts/")]  # published, so left alone
    assert b"| `election_spark` | lognormal(0.4" in after[Path("ODD.md")]
    assert {path: text for path, text in (files(copy / "docs") | files(copy / "scenarios")).items()
            if "__pycache__" not in path.parts} == {
        path: text for path, text in sources.items() if "__pycache__" not in path.parts
    }  # fmt: skip


def change_default(text, name, before, after):
    """Change a parameter's default, where its prior is centred, in the source of its section."""
    start = text.index(f"    {name}: ")
    place = text.index(before, start)
    assert place - start < 200, f"mend this test: {name} has another default now"
    return text[:place] + after + text[place + len(before) :]


@pytest.mark.slow
def test_a_changed_thesis_makes_its_own_runs_anew_and_no_others(copy, tmp_path):
    def parts():
        return {path.name for path in (tmp_path / "work" / "claims").iterdir() if path.is_dir()}

    small(copy, tmp_path, "claims")
    before = parts()
    thesis = copy / "scenarios" / "theses" / "kuzio.yaml"
    text = thesis.read_text(encoding="utf-8")
    assert "median: 2.0" in text
    thesis.write_text(text.replace("median: 2.0", "median: 2.1", 1), encoding="utf-8")
    small(copy, tmp_path, "claims")
    gone, new = before - parts(), parts() - before
    assert {name.split("-")[0] for name in gone} == {name.split("-")[0] for name in new} == {"kuzio"}
