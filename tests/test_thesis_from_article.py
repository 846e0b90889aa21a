"""The guide from an article to a thesis is followed, as it stands, in an empty folder."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from forked import CHECKOUT
from recipes import BLOCK, follow

import sim
from sim.cli.main import main
from sim.scenario import load_thesis

TEXT = (CHECKOUT / "docs" / "THESIS_FROM_ARTICLE.md").read_text(encoding="utf-8")
THESIS, SCENARIO = "theses/they-no-longer-ask.yaml", "they-no-longer-ask.yaml"
TAKES_RUNS = ("claims", "compare")
SMALL = ("--workers", "1", "--set", "citizens=50", "--set", "years=3")


def run(line):
    """Run a command of the page, with few and short runs; return what it printed."""
    _, *words = shlex.split(line)
    if words[0] in TAKES_RUNS:
        words[words.index("--runs") + 1] = "2"
        words += [*SMALL, *(["--baseline-too"] if words[:2] == ["compare", "baseline"] else [])]
    if words[0] == "explain":  # a changed scenario has a name that says so
        words[words.index("--scenario") + 1] = sim.open_results(words[1]).scenarios[-1]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, f"{line}\n{done.output}"
    assert done.output.strip(), line
    return done.output


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Follow the page to its end; return the folder and what its last command of each kind printed."""
    folder = tmp_path_factory.mktemp("reader")
    said = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        for language, block in BLOCK.findall(TEXT):
            if language == "yaml":
                follow(block, folder)
                assert CliRunner().invoke(main, ["check", THESIS]).exit_code == 0, block
            else:
                said |= {line.split()[1]: run(line) for line in block.splitlines()}
    return folder, said


@pytest.fixture
def there(followed, monkeypatch):
    monkeypatch.chdir(followed[0])
    return followed[1]


@pytest.mark.usefixtures("there")
def test_each_claim_says_who_where_and_how_firmly():
    thesis = load_thesis(THESIS)
    assert [claim.id for claim in thesis.claims] == ["T1", "T2", "T3", "T4", "T5"]
    for claim in thesis.claims:
        assert claim.speaker
        assert claim.paragraphs
        assert claim.strength
        assert claim.effect
        assert claim.parameters
    assert len(thesis.left_out) == 1
    paragraphs = {number for claim in (*thesis.claims, *thesis.left_out) for number in claim.paragraphs}
    assert paragraphs == set(map(int, re.findall(r"^> \((\d)\)", TEXT, re.MULTILINE)))


@pytest.mark.usefixtures("there")
def test_a_possible_claim_holds_the_shared_worlds_number_and_goes_beyond():
    for claim in load_thesis(THESIS).claims:
        if claim.strength == "possible":
            (path,) = claim.parameters
            prior = claim.parameters[path].prior
            shared = sim.catalogue()[path].default
            assert prior.low <= shared < (prior.low + prior.high) / 2  # as the page says


def test_its_scenario_is_the_baseline_with_the_thesis(there):
    seen = sim.load(SCENARIO)
    assert seen.thesis == load_thesis(THESIS)
    assert seen.start == sim.load("baseline").start
    assert {claim.id for claim in seen.claims} <= set(
        re.findall(r"^(\w+) ", there["claims"], re.MULTILINE)
    ) | {claim.id for claim in seen.claims}


def test_its_commands_leave_what_the_page_speaks_of(there):
    table = pd.read_csv("results/its-claims/claims.csv")
    assert list(table["claim"]) == ["T1", "T2", "T3", "T4", "T5"]
    assert Path("results/its-audit/audit.csv").is_file()
    both = sim.open_results("results/they-no-longer-ask").scenarios
    assert len(both) == 2
    assert "without-T1" in " ".join(sim.open_results("results/without-its-first-claim").scenarios)
    assert "rivals.vacuum" in there["diff"]


def test_the_page_says_that_its_article_is_invented():
    assert "invented for this page" in TEXT
    for name in sim.scenario.thesis_names():
        assert load_thesis(name).author not in {"Ilva Tarn"}
