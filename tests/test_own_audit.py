"""An audit of a user's own: of a thesis file or a scenario, and a comparison that is marked by it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.audit import plan_scenario_audit, thesis_parameters, why_not_audited
from sim.analysis.own_audit import audited_by, how_to_audit, keep_audits, own_audits
from sim.analysis.shipped_audit import ABOUT, CELLS, audit_marks, definitions, kept_audits
from sim.cli.main import main
from sim.errors import ResultsError
from sim.experiment.identity import code_key
from sim.experiment.run import STANDARD
from sim.scenario import Scenario, ScenarioError, fingerprint, load

SMALL = ["years=1", "citizens=60"]
THESIS = """\
thesis: made
title: Made
claims:
  - id: X1
    claim: x
    parameters:
      rivals.vacuum: {prior: 0.9, tag: assumed, source: a judgement}
"""


def small(**keys):
    return Scenario.build("mine", years=1, citizens=60, **keys)


def written(folder, scenario, shared, label="assumed", code=None):
    """Write an audit by hand, which labels one outcome."""
    folder.mkdir()
    known = {"baseline": fingerprint(shared), "there": fingerprint(scenario)}
    about = {"fingerprints": known, "definitions": definitions(), "code": code or code_key(STANDARD)}
    (folder / ABOUT).write_text(json.dumps(about))
    row = {"thesis": "there", "outcome": "wars", "label": label, "carrier": "", "most": ""}
    numbers = dict.fromkeys(("pairs", "difference", "low", "high", "share", "share_low", "share_high"), 1)
    pd.DataFrame([{**row, **numbers}]).to_csv(folder / CELLS, index=False)
    return folder


# -- what can be audited ---------------------------------------------------------------------------


def test_what_a_scenario_sets_itself_is_taken_back_as_claims_are():
    mine = load("dubnov").with_parameters({"moscow.keep_weight": 1.7, "citizens.cohort_gap": 0.4})
    mine = mine.replace(name="mine").with_claims("K4")
    (audited,) = plan_scenario_audit(mine, runs=2, seed=3).audited
    assert set(audited.parameters) == set(mine.parameters) > set(thesis_parameters(mine))
    plan = plan_scenario_audit(mine, runs=2, seed=3)
    by_name = {scenario.name: scenario for scenario in plan.scenarios}
    assert {(scenario.runs, scenario.seed) for scenario in plan.scenarios} == {(2, 3)}
    shared = by_name["baseline"].priors
    for path in ("moscow.keep_weight", "citizens.cohort_gap", "moscow.restoration_weight"):
        rest = by_name[audited.less[frozenset({path})]]
        assert rest.priors.get(path) == shared.get(path)
        others = set(mine.parameters) - {path}
        assert {each: rest.priors[each] for each in others} == {each: mine.priors[each] for each in others}


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        (small(initial={"KGZ.alignment": 0.1}), "it sets numbers of the start, and only parameters"),
        (
            small(
                timeline=[
                    {"name": "a", "at": "2025-03", "event": "nato_path", "state": "GEO", "course": 0.5}
                ],
                parameters={"moscow.keep_weight": 1.7},
            ),
            "it sets events, and",
        ),
        (small(), "it is the shared world"),
        (load("baseline").with_parameters({"moscow.keep_weight": 1.7}), "give it another"),
    ],
    ids=("start", "events", "nothing", "name"),
)
def test_what_no_audit_can_say_is_told(scenario, why):
    assert why in why_not_audited(scenario)
    with pytest.raises(ScenarioError, match="cannot be audited"):
        plan_scenario_audit(scenario, runs=2, seed=1)
    assert why_not_audited(small(parameters={"moscow.keep_weight": 1.7})) == ""


# -- what an audit says --------------------------------------------------------------------------


def test_it_marks_the_scenario_that_it_is_of_and_goes_before_the_shipped_one(tmp_path):
    shared, mine = load("baseline", SMALL), small(parameters={"moscow.keep_weight": 1.7})
    folder = written(tmp_path / "audit", mine, shared)
    (tmp_path / "results").mkdir()
    keep_audits(tmp_path / "results", own_audits(folder, [shared, mine]))
    own = kept_audits(tmp_path / "results")
    marks = audit_marks([shared, mine], "baseline", own)
    assert marks.assumed == {("mine", "wars")}
    assert marks.unaudited == ()
    assert audited_by([shared, mine], own) == {"baseline": {}, "mine": {"wars": "assumed"}}
    assert audit_marks([shared, mine], "baseline").unaudited == ("mine",)
    assert audit_marks([shared, mine], "mine", own).unaudited == (
        "baseline",
    )  # it is against the shared world
    whole, dubnov = load("baseline"), load("dubnov")
    again = kept_audits_of(tmp_path, written(tmp_path / "other", dubnov, whole, "emergent"), [whole, dubnov])
    marks = audit_marks([whole, dubnov], "baseline", again)
    assert marks.emergent == {("dubnov", "wars")}
    assert not marks.assumed
    keep_audits(tmp_path / "results", [])  # those of an earlier call do not stay
    assert kept_audits(tmp_path / "results") == []


def kept_audits_of(tmp_path, folder, scenarios):
    keep_audits(tmp_path / "results", own_audits([folder], scenarios))
    return kept_audits(tmp_path / "results")


def test_an_audit_that_says_nothing_here_is_refused(tmp_path):
    shared, mine = load("baseline", SMALL), small(parameters={"moscow.keep_weight": 1.7})
    folder = written(tmp_path / "audit", mine, shared)
    old = written(tmp_path / "old", mine, shared, code="another")
    for given, scenarios, told in (
        (tmp_path / "none", [shared, mine], "holds no audit"),
        (old, [shared, mine], "another version of the code"),
        (folder, [shared, load("dubnov", SMALL)], "audits none of these scenarios: there there has"),
        (folder, [load("baseline"), mine], "which is none of these scenarios: add baseline"),
    ):
        with pytest.raises(ResultsError) as error:
            own_audits(given, scenarios)
        assert told in str(error.value)


# -- the commands ----------------------------------------------------------------------------------


def call(*words):
    return CliRunner().invoke(main, list(words))


def test_the_comparison_names_the_command_and_is_marked_by_what_it_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made.yaml").write_text(THESIS)
    (tmp_path / "mine.yaml").write_text("thesis: made.yaml\nyears: 1\ncitizens: 60\nruns: 2\n")
    words = (
        "compare",
        "baseline",
        "mine.yaml",
        "--runs",
        "2",
        "--workers",
        "1",
        "--no-figures",
        "--out",
        "two",
    )
    words += ("--set", "years=1", "--set", "citizens=60")
    first = call(*words)
    assert first.exit_code == 0, first.output
    named = next(line for line in first.stdout.splitlines() if line.startswith("To audit mine: `"))
    command = shlex.split(named.split("`")[1])
    assert command[:4] == ["sim", "claims", "two/scenarios/mine.yaml", "--audit"]
    assert not pd.read_csv("two/comparison.csv").set_index("scenario")["audited"]["mine"].any()
    assert named in Path("two/summary.md").read_text(encoding="utf-8").splitlines()
    made = call(*command[1:], "--runs", "2", "--workers", "1", "--quiet")
    assert made.exit_code == 0, made.output
    cells = pd.read_csv(f"{made.stdout.strip()}/audit.csv", index_col="outcome")
    option = shlex.split(named.split("`")[3])
    again = call(*words, *option)
    assert again.exit_code == 0, again.output
    assert "To audit" not in again.stdout + Path("two/summary.md").read_text(encoding="utf-8")
    assert "Not audited" not in again.stdout
    table = pd.read_csv("two/comparison.csv").set_index(["scenario", "outcome"]).loc["mine"]
    assert table["audited"].all()
    assert set(table.index[table["assumed"]]) == set(cells.index[cells["label"] == "assumed"]) != set()
    results = sim.open_results("two")  # for later commands
    assert results.compare().assumed == {("mine", name) for name in table.index[table["assumed"]]}
    assert results.labels()["mine"]["realignments_away"] == cells.loc["realignments_away", "label"]
    refused = call(*words, "--audit", "two")
    assert refused.exit_code == 2
    assert "two holds no audit" in refused.stderr
    with pytest.raises(ResultsError, match="two holds no audit"):
        sim.compare(["baseline", "mine.yaml"], audit="two", changes=SMALL)
    assert how_to_audit(results.compare(by="2025-06"))[0].startswith("Audits are of whole runs")
    frame = ("--set", "years=1", "--set", "citizens=60")
    thesis = call("claims", "made.yaml", "--audit", "--runs", "2", "--out", "audit-of-thesis", *frame)
    assert thesis.exit_code == 0, thesis.output
    marked = sim.compare(["baseline", "mine.yaml"], audit="audit-of-thesis", changes=SMALL, runs=2)
    assert marked.assumed == results.compare().assumed


def test_why_something_is_not_audited_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    events = small(
        timeline=[{"name": "a", "at": "2025-03", "event": "nato_path", "state": "GEO", "course": 0.5}]
    )
    compared = sim.compare(["baseline", events, load("dubnov")], changes=SMALL, runs=1, baseline="baseline")
    said = how_to_audit(compared)
    assert [
        line.startswith(start) for line, start in zip(said, ("mine cannot", "To audit dubnov"), strict=True)
    ]
    other = compared.results.compare("dubnov")
    assert "and these are from dubnov." in " ".join(how_to_audit(other))
    shorter = how_to_audit(compared.results.compare(by="2025-06"))  # of dubnov alone whole runs say more
    assert [line.split(":")[0] for line in shorter] == ["Audits are of whole runs", "mine cannot be audited"]


def test_nothing_is_asked_for_where_no_audit_can_speak(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    event = {"name": "a", "at": "2025-03", "event": "nato_path", "state": "GEO", "course": 0.5}
    changed = small(timeline=[event])
    under = sim.compare_under([changed], ["kuzio"], changes=SMALL, runs=1, by="2025-06")
    (told,) = how_to_audit(under["kuzio"])
    assert told.startswith("No audit marks what is assumed of mine")
    assert "these are from baseline" in told
