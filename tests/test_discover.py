"""Scenario discovery: what is planted is found, what is not there is not, and each box is held out."""

import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis import discover as module
from sim.analysis.condition import Condition
from sim.analysis.discover import Score, best_box, cases, discover, limits_in_words, screened_parameters
from sim.analysis.rules import Box, tree_boxes
from sim.cli.discover import limit_text, verdict
from sim.cli.main import main
from sim.errors import ResultsError, SimError

PATHS = list(sim.catalogue())[:30]
WHEN = "street_falls >= 3"


def made(runs, inside=None, outside=0.1, seed=1, scenarios=("one",)):
    """Return results in which the condition comes about more often in a box of two of 30 parameters."""
    rng = np.random.default_rng(seed)
    tables = {"draws": [], "outcomes": []}
    x = pd.DataFrame(rng.random((runs, len(PATHS))), columns=PATHS)  # common random numbers
    held = (x[PATHS[3]] > 0.6) & (x[PATHS[7]] < 0.5)
    uniforms = rng.random(runs)
    for name in scenarios:
        share = np.where(held, outside if inside is None else inside, outside)
        keys = {"scenario": name, "replicate": range(runs)}
        tables["draws"].append(x.assign(**keys, fixed=1.0))
        tables["outcomes"].append(
            pd.DataFrame({**keys, "street_falls": 3.0 * (uniforms < share), "wars": 1.0})
        )
    return SimpleNamespace(
        scenarios=list(scenarios), **{key: pd.concat(part) for key, part in tables.items()}
    )


# -- conditions ------------------------------------------------------------------------------------


@given(st.sampled_from([">=", "<=", ">", "<", "==", "!="]), st.integers(0, 5))
def test_a_condition_holds_as_pandas_says(sign, value):
    table = pd.DataFrame({"street_falls": [0.0, 1, 2, 3, 4, 5, np.nan]})
    held = Condition.parse(f"street_falls{sign}{value}").holds(table)
    assert held[:-1].tolist() == table.iloc[:-1].eval(f"street_falls {sign} {value}").tolist()
    assert not held[-1]  # where it is undefined, nothing holds


def test_terms_are_joined_by_and():
    table = pd.DataFrame({"end_state": ["vacuum", "space 2.0", "space 2.0"], "wars": [1, 0, 2]})
    condition = Condition.parse("end_state == 'space 2.0' and wars > 0")
    assert condition.holds(table).tolist() == [False, False, True]
    assert str(condition) == "end_state == space 2.0 and wars > 0"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("street_falls", "is not understood: give OUTCOME >= NUMBER"),
        ("", "is not understood"),
        ("street_fals > 1", "did you mean street_falls?"),
        ("street_falls > many", "compares with no number"),
        ("end_state == vacum", "did you mean vacuum?"),
        ("end_state > vacuum", "compared with == or !="),
    ],
)
def test_what_is_wrong_with_a_condition_is_told(text, told):
    with pytest.raises(SimError) as error:
        Condition.parse(text)
    assert told in str(error.value)


# -- boxes -----------------------------------------------------------------------------------------


def test_scores_count_runs():
    x, y = pd.DataFrame({"a": [0.1, 0.2, 0.3, 0.4]}), np.array([True, False, True, False])
    score = Score.of(Box({"a": (-math.inf, 0.3)}), x, y)
    assert (score.runs, score.cases, score.inside, score.hits) == (4, 2, 3, 2)
    assert (score.density, score.coverage, score.base) == (2 / 3, 1, 0.5)
    # Hypergeometric: 3 of 4 drawn, 2 of 4 are hits; mean 1.5, variance 3 * .25 * (1 - 3/4) up to n/(n - 1)
    assert score.excess == pytest.approx(0.5 / math.sqrt(3 * 0.25 * 0.25))
    assert Score.of(Box({}), x, y).excess == 0


def test_the_leaves_of_a_tree_share_out_the_runs():
    results = made(400, 0.9)
    x, y, _, _ = cases(results, Condition.parse(WHEN))
    boxes = list(tree_boxes(x, y))
    assert np.sum([box.contains(x) for box in boxes], axis=0).tolist() == [1] * 400
    best = best_box(boxes, x, y)
    assert set(best.limits) == {PATHS[3], PATHS[7]}


def test_screening_finds_what_tells_even_in_the_middle_of_a_range():
    rng = np.random.default_rng(3)
    x = pd.DataFrame(rng.random((600, 10)), columns=PATHS[:10])
    y = (np.abs(x[PATHS[4]] - 0.5) < 0.15).to_numpy()
    assert screened_parameters(x, y, 3)[0] == PATHS[4]


# -- discovery -------------------------------------------------------------------------------------

# PRIM's extra takes ten seconds to load, and PRIM a third of a second a search
METHODS = ["tree", pytest.param("prim", marks=pytest.mark.slow)]


def needs(method):
    if method == "prim":
        pytest.importorskip("ema_workbench")


@pytest.mark.parametrize("method", METHODS)
def test_a_planted_box_is_found(method):
    needs(method)
    found = discover(made(400, 0.9), WHEN, method=method, screen=4)
    assert found.found
    assert found.by_chance == 1 / 21
    assert {PATHS[3], PATHS[7]} <= set(found.box.limits)
    assert found.box.limits[PATHS[3]][0] == pytest.approx(0.6, abs=0.06)
    assert found.box.limits[PATHS[7]][1] == pytest.approx(0.5, abs=0.06)
    assert found.held_out.density > 3 * found.held_out.base
    told = limits_in_words(found).set_index("parameter").loc[PATHS[3]]
    assert told["meaning"] == sim.catalogue()[PATHS[3]].meaning


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_found_in_noise_however_good_the_box_looks(method):
    needs(method)
    seeds = range(6) if method == "tree" else [1]
    found = [discover(made(120, outside=0.3, seed=seed), WHEN, method=method, screen=4) for seed in seeds]
    assert not any(each.found for each in found)
    for each in found:
        assert each.training.density > 1.5 * each.training.base  # it does look good
        shuffled = each.scores.loc["training, labels shuffled (mean)"]
        assert shuffled["density"] > 1.5 * each.training.base  # as it does where nothing can be found


def test_too_few_cases_are_a_result():
    found = discover(made(200, outside=0.05), WHEN, method="tree")
    assert not found.found
    assert "10 are needed" in found.too_few
    assert math.isnan(found.by_chance)
    assert verdict(found).startswith("Nothing can be found for street_falls >= 3 in one")


def test_replicates_stay_together_in_halves_and_under_shuffling():
    results = made(60, 0.9, scenarios=("one", "two"))
    x, y, replicates, names = cases(results, Condition.parse(WHEN))
    assert names == ("one", "two")
    assert len(x) == 120
    assert "fixed" not in x
    half = module._training_half(replicates)
    assert set(replicates[half]) & set(replicates[~half]) == set()
    assert abs(half.sum() - 60) <= 2
    for labels in module._shuffled(y, replicates, 3):
        pairs = labels.reshape(-1, 2)
        assert (pairs[:, 0] == pairs[:, 1]).all()  # as in the runs themselves
        assert labels.sum() == y.sum()


def test_replicates_that_one_scenario_lacks_are_left_out():
    results = made(60, 0.9, scenarios=("one", "two"))
    results.draws = results.draws.iloc[:-5]
    assert len(cases(results, Condition.parse(WHEN))[0]) == 110
    assert len(cases(results, Condition.parse(WHEN), ["one"])[0]) == 60


def test_what_is_wrong_is_told():
    results = made(60, 0.9)
    for call, told in (
        (lambda: discover(results, WHEN, method="forest"), "use prim, tree"),
        (lambda: discover(results, WHEN, method="tree", permutations=5), "at least 20 permutations"),
        (lambda: discover(results, WHEN, method="tree", scenarios=["on"]), "did you mean one?"),
    ):
        with pytest.raises(SimError) as error:
            call()
        assert told in str(error.value)
    same = made(60, 0.9)
    same.draws[PATHS] = 1.0
    with pytest.raises(ResultsError, match="no parameter differs"):
        discover(same, WHEN, method="tree")


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch):
    """Have the command open planted results."""
    results = {"planted": made(400, 0.9), "noise": made(120, outside=0.3)}
    monkeypatch.setattr("sim.experiment.results.open_results", lambda path: results[str(path)])


def call(*words):
    return CliRunner().invoke(main, ["discover", *words])


def test_a_box_is_told_with_its_held_out_and_shuffled_scores(opened, tmp_path):
    done = call("planted", "--when", WHEN, "--method", "tree", "--out", str(tmp_path / "box"))
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert f"{PATHS[3]} at least 0.59" in text
    for told in ("training", "held out", "held out, labels shuffled (mean)", "Found for street_falls >= 3"):
        assert told in text
    box = pd.read_csv(tmp_path / "box" / "box.csv").set_index("parameter")
    assert box.loc[PATHS[3], "low"] == pytest.approx(0.6, abs=0.06)
    assert box.loc[PATHS[3], "high"] == math.inf
    assert len(pd.read_csv(tmp_path / "box" / "scores.csv")) == 6


def test_scenarios_that_are_taken_together_are_told(monkeypatch):
    both = made(200, 0.9, scenarios=("one", "two"))
    monkeypatch.setattr("sim.experiment.results.open_results", lambda path: both)
    together = call("both", "--when", WHEN, "--method", "tree")
    assert "the runs of 2 scenarios are taken together" in together.stderr
    assert "together" not in call("both", "--when", WHEN, "--method", "tree", "--scenarios", "two").stderr


def test_nothing_found_ends_well(opened):
    done = call("noise", "--when", WHEN, "--method", "tree")
    assert done.exit_code == 0
    assert "Nothing found for street_falls >= 3 in one" in done.stdout
    assert "A box no better than chance for street_falls >= 3" in " ".join(done.stdout.split())
    quiet = call("noise", "--when", WHEN, "--method", "tree", "--quiet")
    assert quiet.stdout.startswith("Nothing found")


def test_a_missing_extra_is_named(opened, monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    done = call("planted", "--when", WHEN)
    assert done.exit_code == 2
    assert "pip install 'post-soviet-scenarios[discovery]' brings it" in done.stderr


def test_stored_runs_of_the_model_are_read(tmp_path):
    sim.run("baseline", runs=4, workers=1, changes={"citizens": 60, "years": 1}, out=tmp_path / "few")
    done = call(str(tmp_path / "few"), "--when", "challenges >= 1", "--method", "tree")
    assert done.exit_code == 0, done.output
    assert "Nothing can be found for challenges >= 1 in baseline" in done.stdout
    wrong = call(str(tmp_path / "few"), "--when", "chalenges >= 1")
    assert wrong.exit_code == 2
    assert "did you mean challenges?" in wrong.stderr
    assert Path(tmp_path / "few" / "draws.parquet").is_file()


def test_limits_are_written_without_their_open_side():
    assert limit_text(-math.inf, 0.25) == "at most 0.25"
    assert limit_text(0.1, 0.25) == "0.1 to 0.25"


def test_a_box_may_use_the_number_that_a_claim_begins_with():
    box = SimpleNamespace(limits={"citizens.cohort_gap from P1": (0.1, 0.2)})
    (row,) = limits_in_words(SimpleNamespace(box=box)).to_dict("records")
    assert (row["parameter"], row["low"], row["high"]) == ("citizens.cohort_gap from P1", 0.1, 0.2)
    assert row["meaning"] == sim.catalogue()["citizens.cohort_gap"].meaning
