"""`sim new`: files that are valid as they stand, read well, and take nobody's place."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

import sim
from sim.cli.main import main
from sim.scenario import json_schema, load_thesis, thesis_schema

HOSTILE = 'He said: "no" # not a remark\n- {a: [b]} \\ é'


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*words):
    return CliRunner().invoke(main, ["new", *words])


def freed(text):
    """Return a template with every example in it counted in: their # taken away."""
    return re.sub(r"^( *)# (?=(?:\s*- |\s*)[\w.]+:(?: |$))", r"\1", text, flags=re.MULTILINE)


def read(path):
    text = Path(path).read_text(encoding="utf-8")
    return json.loads(text) if Path(path).suffix == ".json" else YAML(typ="safe").load(text)


def checked(*files):
    done = CliRunner().invoke(main, ["check", *files])
    assert done.exit_code == 0, done.output
    assert done.output.count(": fine") == len(files)


def test_a_scenario_is_the_baseline_until_it_is_changed():
    assert new("scenario", "mine").exit_code == 0
    checked("mine.yaml")
    mine, baseline = sim.load("mine.yaml"), sim.load("baseline")
    assert mine.inputs() == baseline.inputs()  # its start is the shipped one's, whatever that is
    assert (mine.title, mine.runs) == ("Mine", baseline.runs)
    assert Path("mine.yaml").read_text().startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    jsonschema.validate(read("mine.yaml"), read("scenario.schema.json"))
    assert read("scenario.schema.json") == json_schema()


def test_every_example_in_a_scenario_counts_once_its_mark_is_gone():
    new("scenario", "mine")
    text = Path("mine.yaml").read_text()
    Path("mine.yaml").write_text(freed(text))
    checked("mine.yaml")
    mine = sim.load("mine.yaml")
    assert len(mine.parameters) >= 2
    assert mine.thesis_name != "baseline"
    assert list(mine.initial) == ["KGZ.alignment"]
    assert [entry.event for entry in mine.timeline] == ["election", "engage"]


def test_flags_say_what_a_scenario_holds():
    done = new(
        "scenario", "asked/mine.yaml", "--question", HOSTILE, "--asked-by", "true", "--thesis", "dubnov",
        "--start", "2014-03", "--years", "5", "--set", "moscow.keep_weight=0.5", "--set", "runs=7",
        "--set", "parameters.citizens.cohort_gap={normal: {mean: 0.3, sd: 0.1}}",
        "--set", "initial.KGZ.alignment=0.6", "--set", "without=[D2]",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    mine = sim.load("asked/mine.yaml")
    assert mine.question == " ".join(HOSTILE.split())
    assert (mine.asked_by, mine.thesis_name, mine.without) == ("true", "dubnov", ("D2",))
    assert (str(mine.start), mine.years, mine.runs) == ("2014-03", 5, 7)
    own = {path for path, setting in mine.parameters.items() if setting.claim is None}
    assert own == {"moscow.keep_weight", "citizens.cohort_gap"}
    assert list(mine.initial) == ["KGZ.alignment"]
    text = Path("asked/mine.yaml").read_text()
    span = "--set start=2014-03 --set years=5 --baseline-too"
    assert f"sim compare dubnov asked/mine.yaml --runs 20 {span}" in text
    Path("asked/mine.yaml").write_text(freed(text).replace("without: []    #", "#"))
    checked("asked/mine.yaml")  # its examples lie within its own months


def test_a_thesis_comes_with_the_scenario_in_which_it_is_seen():
    done = new("thesis", "neighbours", "--author", "An Author", "--claim", HOSTILE)
    assert done.exit_code == 0, done.output
    checked("theses/neighbours.yaml", "neighbours.yaml")
    seen = sim.load("neighbours.yaml")
    assert seen.thesis == load_thesis("theses/neighbours.yaml")
    assert seen.inputs() == sim.load("baseline").replace(thesis="theses/neighbours.yaml").inputs()
    (claim,) = seen.claims
    assert claim.claim == " ".join(HOSTILE.split())
    assert claim.note  # it moves nothing yet, and says so
    assert read("thesis.schema.json") == thesis_schema()
    jsonschema.validate(read("theses/neighbours.yaml"), thesis_schema())
    text = Path("theses/neighbours.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=../thesis.schema.json\n")
    Path("theses/neighbours.yaml").write_text(freed(text))
    checked("theses/neighbours.yaml", "neighbours.yaml")
    (claim,) = load_thesis("theses/neighbours.yaml").claims
    assert claim.speaker
    assert claim.paragraphs
    assert claim.condition
    assert claim.places
    assert claim.strength
    assert claim.effect
    assert claim.parameters


def test_a_thesis_of_flags_moves_what_they_set():
    done = new("thesis", "kuz", "--set", "rivals.vacuum=0.8", "--effect", "realignments_away=up")
    assert done.exit_code == 0, done.output
    (claim,) = load_thesis("theses/kuz.yaml").claims
    assert list(claim.parameters) == ["rivals.vacuum"]
    assert (claim.effect.outcome, claim.effect.sign) == ("realignments_away", "up")
    assert claim.id not in sim.scenario.shipped_claims()
    small = ["--runs", "2", "--workers", "1", "--set", "citizens=60"]
    told = CliRunner().invoke(main, ["claims", "theses/kuz.yaml", *small])
    assert told.exit_code == 0, told.output
    assert "rivals.vacuum" in told.output


@pytest.mark.parametrize("there", ["mine.yaml", "theses/mine.yaml"])
def test_nothing_is_overwritten(there):
    Path("theses").mkdir()
    Path(there).write_text("mine already")
    done = new("thesis", "mine")
    assert done.exit_code == 2
    assert done.stderr == f"Error: {there} is there already: choose another name, or remove it\n"
    assert Path(there).read_text() == "mine already"
    assert [path.name for path in Path().rglob("*.yaml")] == ["mine.yaml"]
    assert new("scenario", "mine").exit_code == (2 if there == "mine.yaml" else 0)


def test_an_own_schema_stays_as_it_is():
    Path("scenario.schema.json").write_text("{}")
    assert new("scenario", "mine").exit_code == 0
    assert Path("scenario.schema.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("scenario", "x", "--thesis", "dubnof"), "did you mean dubnov?"),
        (("scenario", "x", "--extends", "dubnof"), "did you mean dubnov?"),
        (("scenario", "x", "--set", "moscow.keepweight=1"), "did you mean moscow.keep_weight?"),
        (("scenario", "x", "--set", "moscow.keep_weight=90"), "(allowed: 0 to 5)"),
        (("scenario", "x", "--set", "runs=1", "--set", "runs=2"), "is set twice"),
        (("scenario", "x", "--start", "1491-01"), "(allowed: 1992-01 to"),
        (("scenario", "x", "--start", "soon"), "--start"),
        (("scenario", "x", "--question", "a\x1bb"), "U+001B"),
        (("scenario", ".x"), "name"),
        (("scenario", "y" * 300), "name"),
        (("thesis", "x", "--set", "runs=2"), "runs is none"),
        (("thesis", "x", "--set", "initial.KGZ.alignment=0"), "initial.KGZ.alignment is none"),
        (("thesis", "x", "--effect", "street_fall=up"), "did you mean street_falls?"),
        (("thesis", "x", "--effect", "street_falls"), "OUTCOME=up or OUTCOME=down"),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing_behind(words, told, tmp_path):
    done = new(*words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_it_asks_on_a_terminal_and_asks_again_where_an_answer_cannot_be():
    pty = pytest.importorskip("pty")  # there is none on Windows
    words = [sys.executable, "-m", "sim.cli", "new", "scenario", "mine"]
    ours, theirs = pty.openpty()
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=paths)
    os.close(theirs)
    answers = "What if?|Me|dubnof|dubnov|soon||moscow.keepweight=1|moscow.keep_weight=0.5||"
    os.write(ours, answers.replace("|", "\n").encode())
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # as Linux tells that the other side is closed
            break
        if not part:
            break
        said += part
    assert process.wait() == 0, said.decode()
    assert b"did you mean dubnov?" in said
    mine = sim.load("mine.yaml")
    assert (mine.question, mine.asked_by, mine.thesis_name) == ("What if?", "Me", "dubnov")
    assert mine.parameters["moscow.keep_weight"].claim is None


def test_it_never_asks_elsewhere():
    assert "?" not in new("scenario", "mine").stdout
    assert sim.load("mine.yaml").question == ""


def test_check_reads_thesis_files_too():
    Path("one.yaml").write_text("thesis: one\ntitle: One\nclaims: [{id: O1, claim: none, note: none}]\n")
    checked("one.yaml")
    Path("one.yaml").write_text("thesis: one\nclaims: [{id: O1}]\n")
    done = CliRunner().invoke(main, ["check", "one.yaml"])
    assert done.exit_code == 2
    assert "one.yaml, line 1" in done.stderr
