"""Claims switched off and on by id: in files, in Python, and on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.scenario import Scenario, ScenarioError, difference, load, load_thesis, shipped_claims, thesis_names
from sim.scenario.describe import plain, to_yaml

IDS = tuple(shipped_claims())


def call(*arguments: str):
    return CliRunner().invoke(main, arguments)


def test_an_id_is_the_letter_of_its_thesis_and_a_number_without_gaps():
    assert sum(len(load_thesis(name).claims) for name in thesis_names()) == len(IDS)  # no id twice
    letters = []
    for name in thesis_names():
        if not (ids := [claim.id for claim in load_thesis(name).claims]):
            continue  # the shared world
        letters.append(ids[0][0])
        assert sorted(ids) == sorted(f"{letters[-1]}{number}" for number in range(1, len(ids) + 1))
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("claim_id", IDS)
def test_each_claim_goes_on_alone_and_off_alone(claim_id):
    claim, thesis = shipped_claims()[claim_id]
    baseline = load("baseline")
    on = baseline.with_claims(claim_id)
    assert on.parameters == claim.parameters
    assert [found.id for found in on.claims] == [claim_id]
    assert on.without_claims(claim_id) == baseline
    full = load(thesis.name)
    off = full.without_claims(claim_id)
    assert set(full.parameters) - set(off.parameters) == set(claim.parameters)
    assert off.with_claims(claim_id) == full


def test_off_equals_a_thesis_edited_by_hand(tmp_path: Path):
    edited = plain(load_thesis("piontkovsky"))
    edited["claims"] = [claim for claim in edited["claims"] if claim["id"] != "P3"]
    (tmp_path / "edited.yaml").write_text(to_yaml(edited))
    by_hand = load("piontkovsky", [f"thesis={tmp_path / 'edited.yaml'}"])
    switched = load("piontkovsky").without_claims("P3")
    assert switched.parameters == by_hand.parameters
    assert not any(setting.claim == "P3" for setting in switched.parameters.values())
    assert [row for row in difference(by_hand, switched) if row[0] != "without"] == []


def test_the_added_claim_wins_and_the_scenario_says_so():
    scenario = load("piontkovsky").with_claims("M10")
    assert scenario.overruled == [
        ("citizens.alignment_grievance", "M10", "P3"),
        ("succession.electoral_swing", "M10", "P8"),
    ]
    assert scenario.parameters["citizens.alignment_grievance"].claim == "M10"
    assert scenario.parameters["citizens.help_backlash"].claim == "P3"
    assert "citizens.alignment_grievance: claim M10 takes the place of claim P3" in scenario.debug()
    again = scenario.without_claims("P3", "P8")
    assert again.overruled == []
    assert again.parameters["citizens.alignment_grievance"].claim == "M10"


def test_of_two_added_claims_the_later_wins():
    assert load("baseline").with_claims("K4", "V2").parameters["alliance.refusal_loss"].claim == "V2"
    assert load("baseline").with_claims("V2", "K4").parameters["alliance.refusal_loss"].claim == "K4"


def test_the_scenarios_own_number_stands_above_any_claim():
    scenario = load("baseline", ["with=[K4]", "clashes.ally_alienation=0.5"])
    assert scenario.parameters["clashes.ally_alienation"].claim is None
    assert scenario.parameters["alliance.refusal_loss"].claim == "K4"


def test_written_out_and_read_again_it_is_the_same(tmp_path: Path):
    scenario = load("piontkovsky").without_claims("P3", "P1").with_claims("K4", "M10")
    file = tmp_path / "copy.yaml"
    file.write_text(scenario.to_yaml())
    assert load(file) == scenario
    assert "Without claims: P1, P3" in scenario.debug()
    assert "With claim K4" in scenario.debug()
    rows = {path: (ours, theirs) for path, ours, theirs in difference(load("piontkovsky"), scenario)}
    assert rows["without"] == (None, "P1, P3")
    assert rows["with"] == (None, "K4, M10")


def test_a_file_may_take_back_what_the_file_it_extends_has_switched(tmp_path: Path):
    (tmp_path / "base.yaml").write_text("extends: piontkovsky\nwithout: [P1, P3]\nwith: [K4, M10]\n")
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nwith: [P3]\nwithout: [K4]\n")
    top = load(tmp_path / "top.yaml")
    assert top.without == ("P1",)
    assert [claim.id for claim in top.with_] == ["M10"]


def test_a_claim_may_be_given_in_full():
    claim = {"id": "X1", "claim": "Mine", "parameters": {}, "note": "a mechanism"}
    claim["parameters"] = {"moscow.keep_weight": {"prior": 2, "tag": "assumed", "source": "a judgement"}}
    scenario = Scenario.build("own", thesis="baseline", with_=[claim])
    assert scenario.parameters["moscow.keep_weight"].claim == "X1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "thesis: baseline\nwith: [K4, K44]\n",
            r"line 2, column 12: with\[1\]: no shipped thesis .* mean K4\?",
        ),
        (
            "thesis: piontkovsky\nwithout: [P33]\n",
            r"without\[0\]: this scenario, of the thesis piontkovsky, has no .* mean P3\?",
        ),
        ("thesis: piontkovsky\nwithout: [K4]\n", r"no claim K4, which is one of kuzio \(allowed: P1, P2"),
        ("thesis: baseline\nwithout: [P1]\n", r"one of piontkovsky \(allowed: none"),
        ("thesis: kuzio\nwithout: [K4]\nwith: [K4]\n", r"with\[0\]: claim K4 is switched twice"),
        ("thesis: baseline\nwith: K4\n", r"with: 'K4' is not a list"),
        ("thesis: baseline\nwith: [{id: X}]\n", r"with\[0\]\.claim: this key is needed"),
        (
            "thesis: baseline\nwith: [{id: X, claim: x, parameters: {citizens.cohort_gop: 1}}]\n",
            r"with\[0\]\.parameters\.citizens\.cohort_gop: unknown path; did you mean citizens\.cohort_gap\?",
        ),
    ],
)
def test_a_wrong_switch_is_told_with_its_place(tmp_path: Path, text, message):
    file = tmp_path / "wrong.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=message):
        load(file)


def test_show_and_diff_switch_claims():
    twice = call("show", "baseline", "--with", "K4", "--without", "K4")
    assert twice.exit_code == 2
    assert "claim K4 is switched twice" in twice.output
    assert "With claim K9" in call("show", "baseline", "--with", "K9").output
    told = call("diff", "piontkovsky", "--without", "P1").output
    assert "parameters.citizens.cohort_gap" in told
    assert "piontkovsky-without-P1" in told
    assert "alliance" not in told
    assert call("diff", "piontkovsky").exit_code == 2


def test_diff_names_the_claim_that_sets_a_number_what_it_says_and_what_the_number_is():
    thesis = load_thesis("kuzio")
    told = call("diff", "baseline", "kuzio").output
    rows = {line.split()[0]: line.split()[-1] for line in told.splitlines() if line.startswith("parameters.")}
    for claim in thesis.claims:
        assert {rows[f"parameters.{path}"] for path in claim.parameters} <= {claim.id}
        if claim.parameters:
            assert claim.claim[:30] in told
    assert "rivals.vacuum: pull of rivals" in told
    plain = call("diff", "kuzio", "kuzio", "--without", "K5").output
    assert ("K5" in plain, "K4" in plain) == (True, False)
    later = call("diff", "baseline", "war-as-recorded").output  # claims that begin in the run
    (row,) = (line for line in later.splitlines() if line.startswith("later.K5.rivals.vacuum"))
    assert row.split()[-1] == "K5"
    assert "what it sets" not in call("diff", "baseline", "first-version").output


def test_what_cannot_be_switched_has_a_hint():
    wrong = call("run", "kuzio", "--with", "K44")
    assert wrong.exit_code == 2
    assert "did you mean K4?" in wrong.output


def test_compare_leaves_the_baseline_as_it_is(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = (
        "--runs",
        "1",
        "--workers",
        "1",
        "--set",
        "citizens=60",
        "--set",
        "years=1",
        "--no-figures",
        "-q",
    )

    def scenarios(folder: str, *arguments: str) -> list[str]:
        done = call("compare", *arguments, *small, "--out", folder)
        assert done.exit_code == 0, done.output
        return sorted(file.stem for file in (tmp_path / folder / "scenarios").glob("*.yaml"))

    assert scenarios("alone", "kuzio", "--without", "K4") == ["kuzio", "kuzio-without-K4"]
    assert load(tmp_path / "alone/scenarios/kuzio-without-K4.yaml").without == ("K4",)
    assert scenarios("several", "dubnov", "baseline", "kuzio", "--without", "K4") == [
        "baseline",
        "dubnov",
        "kuzio-without-K4",
    ]
    assert scenarios("added", "baseline", "kuzio", "--with", "P1") == ["baseline", "kuzio-with-P1"]
    nowhere = call("compare", "baseline", "dubnov", "--without", "K4", *small)
    assert nowhere.exit_code == 2
    assert "one of kuzio" in nowhere.output
