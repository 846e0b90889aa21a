"""End states against what theses expect, and against readers of histories told without labels."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.metrics import cohen_kappa_score

import sim
from calibration.end_states.__main__ import CODEBOOK, FORM, main
from calibration.end_states.agreement import RESAMPLES, RULE, SEED, agreement, confusion, resampled_kappas
from calibration.end_states.expected import as_expected, end_state_shares, load_expected
from calibration.end_states.told import draw_runs
from calibration.what_ifs.facts import exact
from docs.remake import what_ifs
from docs.remake.stored import Tree
from docs.remake.words import told
from sim.measures.end_state import END_STATES
from sim.scenario import load, load_thesis, thesis_names

YEARS = 3


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return two runs of each of two scenarios."""
    folder = tmp_path_factory.mktemp("end states") / "results"
    settings = (f"years={YEARS}", "citizens=50")
    scenarios = [load(name, [*settings, f"name={name}"]) for name in ("baseline", "kuzio")]
    return sim.compare(scenarios, runs=2, workers=1, out=folder).results


@pytest.fixture(scope="module")
def blind(results, tmp_path_factory):
    """Return the readers' folder and the key."""
    folder = tmp_path_factory.mktemp("blind") / "for readers"
    done = invoke("tell", results.path, "--number", 4, "--seed", 3, "--out", folder)
    assert done.exit_code == 0, done.output
    return folder, folder.with_name("for readers.key.csv")


def invoke(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_every_thesis_expects_a_class_by_claims_that_it_has():
    expected = load_expected()
    for item in expected:
        assert item.end_state in END_STATES
        assert item.claims
        assert set(item.claims) <= {claim.id for claim in load_thesis(item.thesis).claims}
        assert item.why
    with_claims = {name for name in thesis_names() if load_thesis(name).claims}
    assert {item.thesis for item in expected} == with_claims


def test_shares_and_what_is_expected_by_hand():
    theses = list(dict.fromkeys(item.thesis for item in load_expected()))
    runs = {name: ["status quo"] * 6 + ["vacuum"] * 2 + ["disintegration"] * 2 for name in theses}
    runs["baseline"] = ["status quo"] * 9 + ["vacuum"]
    outcomes = pd.DataFrame([(name, one) for name, own in runs.items() for one in own],
                            columns=["scenario", "end_state"])  # fmt: skip
    shares = end_state_shares(outcomes)
    assert shares.groupby("scenario")["hits"].sum().tolist() == [10] * len(runs)
    found = as_expected(shares, "baseline").set_index("thesis")
    assert found.loc["gorevoy", ["expected", "hits"]].tolist() == ["disintegration or vacuum", 4]
    assert found.loc["gorevoy", ["share", "low", "high"]].tolist() == [0.4, *exact(4, 10)]
    assert found.loc["kuzio", ["share", "baseline"]].tolist() == [0.2, 0.1]
    assert found.loc["kaznacheyev", "baseline_low"] == exact(9, 10)[0]


def test_runs_are_drawn_evenly_and_the_seed_decides():
    outcomes = pd.DataFrame({
        "scenario": np.repeat(list("abc"), 5), "replicate": np.tile(range(5), 3), "end_state": "vacuum",
    })  # fmt: skip
    drawn = draw_runs(outcomes, 8, 1)
    assert sorted(drawn["scenario"].value_counts()) == [2, 3, 3]
    assert not drawn.duplicated(["scenario", "replicate"]).any()
    assert drawn["history"].tolist() == list(range(1, 9))
    assert drawn.equals(draw_runs(outcomes, 8, 1))
    assert not drawn.equals(draw_runs(outcomes, 8, 2))
    with pytest.raises(sim.SimError, match=r"has 5 runs, and 6 are needed"):
        draw_runs(outcomes, 18, 1)


def test_told_histories_hide_what_readers_must_not_see(blind):
    folder, key = blind
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [CODEBOOK, FORM, *(f"history-{place}.txt" for place in range(1, 5))]
    )
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("history-*.txt"))]
    words = ("baseline", "thesis", "kuzio", "scenario", "claim", "influence", *END_STATES)
    hidden = re.compile("|".join(map(re.escape, words)))
    for text in texts:
        assert not hidden.search(text.casefold())
        assert len(text.splitlines()) <= 12 + 4 * YEARS
        assert re.findall(r"^(\d{4})\. \d+ states with Moscow", text, re.M) == ["2025", "2026", "2027"]
    assert len(set(texts)) == 4
    drawn = pd.read_csv(key)
    assert sorted(drawn["scenario"]) == ["baseline", "baseline", "kuzio", "kuzio"]
    assert not re.search(r"\d", (folder / CODEBOOK).read_text(encoding="utf-8").replace("2.0", ""))


def test_a_history_tells_what_the_run_did(blind, results):
    folder, key = blind
    events = results.events
    for row in pd.read_csv(key).to_dict("records"):
        own = events[(events["scenario"] == row["scenario"]) & (events["replicate"] == row["replicate"])]
        text = (folder / f"history-{row['history']}.txt").read_text(encoding="utf-8")
        falls = own[(own["kind"] == "fall") & ~own["target"].isin(["EST", "LVA", "LTU"])]
        assert len(re.findall(r"the incumbent of \w+ falls to the", text)) == len(falls)
        assert ("goes to war in" in text) == ((own["kind"] == "war") & (own["detail"] == "started")).any()
        told_end = results.outcomes.query("scenario == @row['scenario'] and replicate == @row['replicate']")
        assert row["end_state"] == told_end["end_state"].item()


def test_forms_are_scored_against_the_rule_and_one_another(blind, tmp_path):
    folder, key = blind
    rule = pd.read_csv(key, dtype=str)
    form = pd.read_csv(folder / FORM, dtype=str)
    form.assign(end_state=rule["end_state"].str.upper() + " ").to_csv(tmp_path / "first.csv", index=False)
    second = form.assign(end_state="disintegration", remark="sure")
    second.loc[0, "end_state"] = ""
    second.to_csv(tmp_path / "second.csv", index=False)
    done = invoke("score", key, tmp_path / "first.csv", tmp_path / "second.csv", "--who", "two pupils",
                  "--out", tmp_path / "docs" / "numbers" / "readers")  # fmt: skip
    assert done.exit_code == 0, done.output
    tree = Tree(tmp_path)
    pairs = tree.table("readers", "agreement").set_index(["first", "second"])
    assert pairs.loc[(RULE, "first"), ["histories", "agree"]].tolist() == [4, 4]
    assert pairs.loc[(RULE, "second"), "histories"] == 3
    block = told(what_ifs.readers(tree))
    assert "4 histories; readers: two pupils." in block
    assert "| rule and first | 4 | 100 % (40 to 100) |" in block


def test_kappa_by_hand():
    histories = [str(place) for place in range(50)]
    one = ["vacuum"] * 25 + ["status quo"] * 25
    two = ["vacuum"] * 20 + ["status quo"] * 5 + ["vacuum"] * 10 + ["status quo"] * 15
    answers = {"a": pd.Series(one, histories), "b": pd.Series(two, histories)}
    found = agreement(answers).iloc[0]
    assert found["share"] == 0.7
    assert found["kappa"] == pytest.approx(0.4)  # (.7 - .5) / (1 - .5)
    error = math.sqrt(0.7 * 0.3 / 50) / 0.5  # of a share of agreement, by chance being what it is
    assert found["kappa_low"] == pytest.approx(0.4 - 1.96 * error, abs=0.08)
    assert found["kappa_high"] == pytest.approx(0.4 + 1.96 * error, abs=0.08)
    same = {name: pd.Series(["vacuum"] * 5, histories[:5]) for name in "ab"}
    assert math.isnan(agreement(same).iloc[0]["kappa"])
    wide = confusion(answers["a"], {"b": answers["b"]}).set_index("rule")
    assert wide.loc["vacuum", ["vacuum", "status quo"]].tolist() == [20, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("history,end_state\n1,vacum\n", "line 2: 'vacum' is no end_state; did you mean vacuum?"),
        ("history,end_state\n9,vacuum\n", "line 2: there is no history '9'"),
        ("history,end_state\n1,vacuum\n1,vacuum\n", "line 3: history '1' comes twice"),
        ("history,class\n1,vacuum\n", "no column end_state (needed: history, end_state)"),
        ("history,end_state\n1,\n", "no end_state is filled in"),
        ("", "not a table"),
    ],
)
def test_a_wrong_form_is_told_in_one_message(blind, tmp_path, text, said):
    _, key = blind
    (tmp_path / "form.csv").write_text(text, encoding="utf-8")
    done = invoke("score", key, tmp_path / "form.csv")
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1


def test_nothing_is_written_over(blind, results, tmp_path):
    folder, key = blind
    again = invoke("tell", results.path, "-n", 4, "--out", folder)
    assert again.exit_code == 2
    assert "is not empty" in again.output
    again = invoke("tell", results.path, "-n", 4, "--out", tmp_path / "new", "--key", key)
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert not (tmp_path / "new").exists()


def test_many_resamples_at_once_have_the_kappa_of_each():
    rng = np.random.default_rng(0)
    one = rng.choice(list("abc"), 30)
    two = np.where(rng.random(30) < 0.5, one, rng.choice(list("abd"), 30))
    found = resampled_kappas(one, two)
    drawn = np.random.default_rng(SEED).multinomial(30, np.full(30, 1 / 30), RESAMPLES)
    for place in range(5):
        chosen = np.repeat(np.arange(30), drawn[place])
        assert found[place] == pytest.approx(cohen_kappa_score(one[chosen], two[chosen]))
    assert np.isnan(resampled_kappas(np.array(["a"] * 3), np.array(["a"] * 3))).all()
