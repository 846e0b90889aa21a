"""Numbers are kept under changed code only where both codes make the same ones small."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from docs.remake import adopting, running, tasks
from docs.remake.__main__ import main
from docs.remake.sizes import FULL, SMALL
from docs.remake.steps import Collected, Part, Place, Step
from docs.remake.stored import Tree


class Codes:
    """Two codes of two steps, without any model; `second` needs `first`."""

    def __init__(self, root):
        self.root = root
        self.key = "then"
        self.words = ("one",)
        self.makes = {"first": 1.0, "second": 2.0}
        self.tells = {"first": 1, "second": 2}
        self.draws = {"first": "a figure", "second": "another"}
        self.seconds = 0
        self.golden = {"one": {"series": 1, "draws/moscow": 2}}
        self.then = {}

    def step(self, name, *needs):
        def run(place, folder):
            (folder / "figure").write_text(self.draws[name])

        def parts(size):
            return [Part(name, (size.name, *self.words), function=run)]

        def collect(place, folders):
            self.seconds += 1  # how long a step took is no number of it, nor is which code made it
            drawn = folders[name] / "figure"
            told = {"mean": self.tells[name], "seconds": self.seconds, "code": str(self.seconds)}
            table = pd.DataFrame({"x": [self.makes[name]]})
            return Collected({"table": table}, told, {name: drawn}, {f"kept/{name}.txt": drawn})

        return Step(name, parts, collect, ("docs.remake.sizes",), needs)

    def make(self, out, size):
        for step in running.STEPS.values():
            running.run_step(step, Place(out, size, 1))

    def keys(self):
        place = Place(self.root, FULL, 1)
        return {
            name: (running.identity_of(step, place), running.depends_of(step, place))
            for name, step in running.STEPS.items()
        }

    def python(self, code, *words):
        """Do what a process of a checkout would: tell keys, or make all small."""
        if words[1] == adopting._KEYS:
            return json.dumps(self.then["keys"])
        now = {name: dict(getattr(self, name)) for name in ("makes", "tells", "draws")}
        if code != self.root:
            vars(self).update({name: dict(self.then[name]) for name in now})
        self.make(Path(words[words.index("--out") + 1]), SMALL)
        vars(self).update(now)
        return ""

    def renew(self, golden):
        """Store goldens in the checkout; those of the commit are `golden`, as at first."""
        path = self.root / adopting.GOLDEN
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cases": golden}))

    def changed(self):
        """Change the code, so that every step is old; what it makes is the test's to change."""
        self.then = {name: dict(getattr(self, name)) for name in ("makes", "tells", "draws")}
        self.then["keys"] = self.keys()
        self.key = "now"


@pytest.fixture
def codes(monkeypatch, tmp_path):
    codes = Codes(tmp_path / "root")
    steps = {"first": codes.step("first"), "second": codes.step("second", "first")}
    for module in (running, tasks, adopting):
        monkeypatch.setattr(module, "STEPS", steps)
    monkeypatch.setattr(adopting, "ROOT", codes.root)
    monkeypatch.setattr(adopting, "_python", codes.python)
    monkeypatch.setattr(adopting, "_unpack", lambda commit, folder: None)
    golden = json.dumps({"cases": codes.golden}).encode()
    monkeypatch.setattr(adopting, "_git", lambda *words: golden if words[0] == "show" else b"c0ffee\n")
    monkeypatch.setattr(running.identity, "of_code", lambda entries: codes.key)
    monkeypatch.setattr(running.identity, "code_by_group", lambda entries, runs: {"sim.model": codes.key})
    codes.make(codes.root, FULL)
    codes.renew(codes.golden)
    codes.changed()
    return codes


def verdicts(codes, tmp_path):
    found = adopting.adopt("HEAD", ["first", "second"], tmp_path / "out", 1)
    return {verdict.step: verdict.why_not for verdict in found}


def current(codes):
    place = Place(codes.root, FULL, 1)
    return [name for name, step in running.STEPS.items() if running.is_current(step, place)]


def test_a_code_that_makes_the_same_numbers_keeps_them_and_says_so(codes, tmp_path):
    then = {name: Tree(codes.root).about(name) for name in running.STEPS}
    assert current(codes) == []
    assert verdicts(codes, tmp_path) == {"first": "", "second": ""}
    assert current(codes) == ["first", "second"]
    for name, about in then.items():
        now = Tree(codes.root).about(name)
        (adopted,) = now["adopted"]
        assert (adopted["from"], adopted["commit"]) == (about["identity"], "c0ffee")
        same = about.keys() - {"identity", "depends"}
        assert {key: now[key] for key in same} == {key: about[key] for key in same}
        assert running.why_not_current(running.STEPS[name], Place(codes.root, FULL, 1)) == ""
    assert adopting.adopt("HEAD", ["first", "second"], tmp_path / "again", 1) == []


@pytest.mark.parametrize(
    ("what", "said"),
    [("makes", "table.csv is another"), ("tells", "other values: mean"), ("draws", "first.png is another")],
)
def test_a_step_of_other_numbers_is_left_old_and_so_is_what_needs_it(codes, tmp_path, what, said):
    getattr(codes, what)["first"] = "7"
    assert verdicts(codes, tmp_path) == {"first": said, "second": "first is to be made first"}
    assert current(codes) == []


def test_a_step_that_alone_has_other_numbers_is_left_old_alone(codes, tmp_path):
    codes.makes["second"] = 7
    assert verdicts(codes, tmp_path) == {"first": "", "second": "table.csv is another"}
    assert current(codes) == ["first"]


def test_other_commands_are_not_compared_small(codes, tmp_path):
    codes.words = ("other",)
    assert verdicts(codes, tmp_path) == dict.fromkeys(("first", "second"), "its commands are others")


def test_numbers_of_another_commit_are_not_kept(codes, tmp_path):
    codes.then["keys"]["second"] = ("another", codes.then["keys"]["second"][1])
    del codes.then["keys"]["first"]
    assert set(verdicts(codes, tmp_path).values()) == {"what is stored is not of that commit"}


@pytest.mark.parametrize(
    "golden", [{"one": {"series": 2, "draws/moscow": 2}}, {"one": {"draws/moscow": 2}}, {}]
)
def test_a_golden_history_that_changed_ends_it(codes, tmp_path, golden):
    codes.renew(golden)
    with pytest.raises(adopting.AdoptError, match="have changed since HEAD"):
        verdicts(codes, tmp_path)


def test_a_new_parameter_or_part_of_the_goldens_does_not_end_it(codes, tmp_path):
    codes.renew({"one": {"series": 1, "draws/moscow": 3, "outcomes": 4}, "two": {"series": 5}})
    assert verdicts(codes, tmp_path) == {"first": "", "second": ""}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["HEAD", "claim"], "claim is no step; did you mean claims?"),
        (["no-such-commit"], "git show"),
        ([], "Missing argument 'COMMIT'"),
    ],
)
def test_what_it_refuses(arguments, said, tmp_path):
    result = CliRunner().invoke(main, ["adopt", *arguments, "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert said in result.output


def test_it_does_not_mix_with_an_earlier_comparison(tmp_path):
    result = CliRunner().invoke(main, ["adopt", "HEAD", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "is there already" in result.output


@pytest.mark.parametrize(("drawn", "said"), [("same", ""), ("another", "first.png is another")])
def test_a_figure_that_was_current_under_the_commit_is_compared_as_it_was_stored(
    codes, tmp_path, drawn, said
):
    place = Tree(tmp_path / "out")
    codes.make(place.root, SMALL)
    (figure,) = place.figures.glob("first*.png")
    stored = Tree(tmp_path / "code")
    stored.figures.mkdir(parents=True)
    (stored.figures / figure.name).write_bytes(figure.read_bytes() if drawn == "same" else b"other")
    left_alone = tmp_path / "then"
    shutil.copytree(place.root, left_alone)
    (Tree(left_alone).figures / figure.name).unlink()
    assert adopting.difference("first", Tree(left_alone), place, (stored, Tree(codes.root))) == said
