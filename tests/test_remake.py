"""The pipeline knows what depends on what, redoes only that, goes on after a kill, and leaves docs/ alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from docs.remake import running, tasks
from docs.remake.sizes import SMALL
from docs.remake.steps import Collected, Part, Place, Step
from docs.remake.stored import ROOT, Tree

COPIED = ("sim", "calibration", "docs", "scenarios", "examples", "README.md")


class Toy:
    """Two steps without any model: `second` needs `first`."""

    def __init__(self):
        self.made = []
        self.words = {"first": ("one",), "second": ("two",)}
        self.stop = ""
        self.same_inputs = False

    def step(self, name, *needs):
        """Return a step that leaves a table, a figure and a file, all of which tell how often it was made."""

        def run(place, folder):
            kept = folder / "kept.txt"
            kept.write_text(kept.read_text() + "again" if kept.exists() else "begun")
            if self.stop == name:
                raise KeyboardInterrupt
            self.made.append(name)

        def parts(size):
            return [Part(name, self.words[name], function=run, goes_on=True, same_inputs=self.same_inputs)]

        def collect(place, folders):
            kept = folders[name] / "kept.txt"
            table = pd.DataFrame({"kept": [kept.read_text()]})
            told = {"words": " ".join(self.words[name])}
            return Collected({"table": table}, told, {name: kept}, {f"kept/{name}.txt": kept})

        return Step(name, parts, collect, ("docs.remake.sizes",), needs)


@pytest.fixture
def toy(monkeypatch):
    toy = Toy()
    steps = {"first": toy.step("first"), "second": toy.step("second", "first")}
    monkeypatch.setattr(running, "STEPS", steps)
    monkeypatch.setattr(tasks, "STEPS", steps)
    monkeypatch.setattr(running.identity, "of_ensemble", lambda: "an ensemble")
    monkeypatch.setattr(tasks.pages, "write", lambda tree: [])  # pages have tests of their own
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
    tables = {name: Tree(tmp_path).table(name, "table")["kept"].item() for name in ("first", "second")}
    assert tables == {"first": "begun", "second": "begunagain"}
    for name, kept in tables.items():  # figures and files follow, as the table does
        assert (Tree(tmp_path).figures / f"{name}.png").read_text() == kept
        assert (tmp_path / "kept" / f"{name}.txt").read_text() == kept
    toy.words["first"] = ("other",)
    go(tmp_path)
    assert toy.made == ["first", "second", "second", "first", "second"]


def why(out):
    place = Place(out, SMALL, 1)
    return {each.name: each.why_not for each in tasks.status(place, ["first", "second"])}


def test_it_says_what_has_changed_since_a_step_was_made(toy, tmp_path, monkeypatch):
    assert why(tmp_path) == {"first": "not made yet", "second": "not made yet"}
    go(tmp_path)
    assert why(tmp_path) == {"first": "", "second": ""}
    toy.words["first"] = ("other",)
    assert why(tmp_path) == {"first": "changed: commands", "second": "changed: first"}
    toy.words["second"] = ("other",)
    assert why(tmp_path)["second"] == "changed: commands"
    toy.words |= {"first": ("one",), "second": ("two",)}
    changed = {"docs.remake.sizes": "another", "numpy": "another"}
    known = running.identity.parts_of("docs.remake.sizes")
    monkeypatch.setattr(running.identity, "parts_of", lambda *entries: known | changed)
    for cached in (running.identity.of_code, running.identity.code_by_group):
        cached.cache_clear()
    assert why(tmp_path)["first"] == "changed: docs.remake, packages"
    for cached in (running.identity.of_code, running.identity.code_by_group):
        cached.cache_clear()


def test_of_numbers_that_were_made_before_it_does_not_know(toy, tmp_path):
    go(tmp_path)
    path = Tree(tmp_path).folder("first") / "about.json"
    about = json.loads(path.read_text())
    del about["depends"]
    path.write_text(json.dumps(about))
    assert why(tmp_path)["first"] == ""
    toy.words["first"] = ("other",)
    assert why(tmp_path)["first"] == "changed: unknown"


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


@pytest.mark.parametrize(("same_inputs", "kept"), [(True, "begun"), (False, "begunagain")])
def test_a_part_without_histories_begins_anew_where_what_measures_them_has_changed(
    toy, tmp_path, same_inputs, kept
):
    toy.same_inputs = same_inputs
    toy.stop = "second"
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path)
    toy.stop = ""
    toy.words["second"] = ("three",)
    go(tmp_path)
    assert Tree(tmp_path).table("second", "table")["kept"].tolist() == [kept]


def test_a_part_whose_runs_are_others_begins_anew_and_the_others_go_on(toy, tmp_path, monkeypatch):
    runs = {"one": "a", "two": "b"}
    made = []

    def part(name):
        def run(place, folder):
            made.append((name, sorted(path.name for path in folder.iterdir())))
            (folder / "runs").touch()

        return Part(name, (runs[name],), function=run, goes_on=True)

    both = Step(
        "both",
        lambda size: [part("one"), part("two")],
        lambda place, folders: Collected({"table": pd.DataFrame(runs, index=[0])}),
        ("docs.remake.sizes",),
    )
    monkeypatch.setattr(running, "_runs", lambda parts, size: dict(runs))
    for steps in (running, tasks):
        monkeypatch.setattr(steps, "STEPS", {"both": both})
    go(tmp_path)
    runs["two"] = "c"
    go(tmp_path)
    assert made == [("one", []), ("two", []), ("one", ["runs"]), ("two", [])]
    left = {path.name for path in (tmp_path / "work" / "both").iterdir() if path.is_dir()}
    assert left == {"one-a-small", "two-c-small"}


def test_numbers_without_their_about_are_made_again(toy, tmp_path):
    go(tmp_path)
    (Tree(tmp_path).folder("first") / "about.json").unlink()  # as a kill leaves it while tables are replaced
    go(tmp_path)
    assert toy.made == ["first", "second", "first"]


def test_what_an_earlier_remake_has_left_does_not_come_back(toy, tmp_path):
    go(tmp_path)
    shipped = ROOT / "scenarios" / "posterior" / "shared.yaml"
    old, figures = tmp_path / "scenarios" / "posterior" / "shared.yaml", Tree(tmp_path).figures
    old.write_text("of an earlier fit", encoding="utf-8")
    (figures / "odds.png").write_text("of an earlier remake", encoding="utf-8")
    go(tmp_path)
    assert old.read_bytes() == shipped.read_bytes()
    assert sorted(path.stem for path in figures.iterdir()) == ["first", "second"]
    assert (tmp_path / "kept" / "first.txt").read_text() == "begun"


def test_a_part_is_written_to_its_own_folder_even_where_a_place_has_its_name(tmp_path):
    """A command of the back-test wrote into the folder of the documents, which has the same name."""
    place = Place(tmp_path / "out", SMALL, 1)
    own = tmp_path / "own"
    words = running._completed(Part("backtest", ("calibrate", "backtest")), {"backtest": own}, place)
    assert words[words.index("--out") + 1] == str(own)


# -- with the model --------------------------------------------------------------------------------

STEPS = ("support", "variance", "patterns")
"""Quick steps of which pages have numbers; what they depend on is asked of all, and `.ci/run` runs all."""

ASKED = """
import json, sys
from docs.remake.__main__ import main
from docs.remake.running import STEPS, _folder, identity_of
from docs.remake.sizes import SMALL
from docs.remake.steps import Place
from pathlib import Path
words, out, answer = sys.argv[1:-2], Path(sys.argv[-2]), Path(sys.argv[-1])
try:
    code = main(words, standalone_mode=False) if words else 0
except SystemExit as end:
    code = end.code
place = Place(out, SMALL, 1)
steps = {name: identity_of(step, place) for name, step in STEPS.items()}
parts = {
    f"{name}/{part.name}": _folder(part, step, place).name
    for name, step in STEPS.items()
    for part in step.parts(SMALL)
}
answer.write_text(json.dumps([steps, parts]))
sys.exit(code)
"""
"""Runs the pipeline if asked to, then tells the key of every step and the folder of each part."""


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


def asked(copy, out, *words):
    """Return what a process of the copy says, the key of every step, and the folder of each part."""
    answer = out / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", ASKED, *words, str(out), str(answer)],
        cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr, *json.loads(answer.read_text(encoding="utf-8"))


def small(copy, out):
    """Run the pipeline small in a copy."""
    # one worker: a pool for each of so many small commands takes longer than their runs
    return asked(copy, out, "small", *STEPS, "--out", str(out), "--workers", "1")


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def made(out):
    """Return all that a remake has made, as bytes by name."""
    readme = {Path("README.md"): (out / "README.md").read_bytes()}
    return files(out / "docs") | files(out / "scenarios") | readme


def differing(before, after):
    return {name for name in before | after if before.get(name) != after.get(name)}


@pytest.fixture(scope="module")
def before(copy, tmp_path_factory):
    """Make the pipeline's numbers once, small; return their folder, what was said, and the keys."""
    out = tmp_path_factory.mktemp("remade")
    return out, *small(copy, out)


@pytest.mark.slow
def test_a_changed_prior_is_followed_by_every_page(copy, before):
    sources = files(copy / "docs") | files(copy / "scenarios")
    out, said, steps, parts = before
    assert all(f".  step:{name}" in said for name in STEPS)
    first = made(out)

    for told in ("sim/model/model.py", "sim/analysis/audit.py", "calibration/fit/posterior.py"):
        source = copy / told
        source.write_text("# A comment.\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    said, *keys = small(copy, out)
    assert keys == [steps, parts], "a sentence alone made numbers old"
    assert all(f"-- step:{name}" in said for name in STEPS), "what is current was made again"

    module = copy / "sim" / "parameters" / "challenges.py"
    text = module.read_text(encoding="utf-8")
    # one that runs of `sim` draw from as it is, and one that is fitted, so that what is told of the fit moves
    changed = change_default(change_default(text, "theft_spark", 0.3), "spark_scale", 0.3)
    module.write_text(changed, encoding="utf-8")
    said, steps_then, parts_then = small(copy, out)
    module.write_text(text, encoding="utf-8")
    assert all(f".  step:{name}" in said for name in STEPS)
    assert steps.keys() == differing(steps, steps_then)
    assert parts.keys() - differing(parts, parts_then) <= {"published/published"}  # which has nothing to run
    after = made(out)
    followed = {str(path) for path in differing(first, after)}
    assert {"README.md", "ODD.md", "PARAMETERS.md", "LIMITS.md", "FINDINGS.md", "HISTORY.md"} <= followed
    assert "figures/support_levels.png" in followed
    assert {f"numbers/{name}/{name}.csv" for name in STEPS} <= followed
    assert not [path for path in followed if path.startswith("forecasts/")]  # published, so left alone
    assert b"| `theft_spark` | lognormal(0.3" in after[Path("PARAMETERS.md")]
    now = files(copy / "docs") | files(copy / "scenarios")
    assert not [path for path in differing(sources, now) if "__pycache__" not in path.parts]


def change_default(text, name, value):
    """Change a parameter's default, where its prior is centred, in the source of its section."""
    changed, number = re.subn(rf"({name}: float = parameter\(\s*)[\d.]+", rf"\g<1>{value}", text)
    assert number == 1, f"mend this test: {name} is written otherwise now"
    return changed


@pytest.mark.slow
def test_a_changed_thesis_makes_its_own_runs_anew_and_no_others(copy, before):
    out, _, _, parts = before
    thesis = copy / "scenarios" / "theses" / "kuzio.yaml"
    text = thesis.read_text(encoding="utf-8")
    changed, number = re.subn(r"(median: [\d.]+)", r"\g<1>1", text, count=1)  # 2.0 becomes 2.01
    assert number == 1
    thesis.write_text(changed, encoding="utf-8")
    _, _, then = asked(copy, out)
    thesis.write_text(text, encoding="utf-8")
    anew = differing(parts, then)
    assert {name for name in anew if name.startswith(("claims/", "audit/"))} == {
        "claims/kuzio",
        "audit/kuzio",
    }
    assert {"claims/dubnov", "patterns/patterns"} <= then.keys() - anew
