"""Theses made by lot: they are like the real ones, win no more than chance, and a true thesis is found."""

from __future__ import annotations

import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history, store_of, window_of

from calibration.cli.main import main
from calibration.ensemble import scenarios
from calibration.ensemble.build import build
from calibration.ensemble.origins import RECORD_PERIOD, THESES, Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.scenarios import scenario_of
from calibration.ensemble.store import EnsembleStore, StoredRun
from calibration.odds.evidence import OddsError
from calibration.placebo.judge import PLACEBO, THESIS, Arm, beaten, evidence_of, judge, shares
from calibration.placebo.runs import plan_of, store_beside
from calibration.placebo.theses import (
    PlaceboError,
    draw_placebos,
    moved,
    placebo_of,
    scenario_of_placebo,
    size_of,
    table_of,
)
from calibration.statistics import NAMES
from docs.remake.pages import render
from docs.remake.placebo import placebo as told
from docs.remake.stored import ROOT, Tree
from sim.parameters import Fixed, LogNormal, Normal, Uniform, catalogue
from sim.scenario import Thesis, load_thesis
from sim.scenario.describe import plain, to_yaml
from sim.scenario.starts import ONLY_AT_THE_START

# -- what a placebo is -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def placebos():
    return draw_placebos(6, seed=1)


def test_a_placebo_has_the_claims_and_starts_of_its_thesis_on_other_parameters(placebos):
    assert [placebo.like for placebo in placebos] == list(THESES[1:])
    for placebo in placebos:
        real = load_thesis(placebo.like)
        moving = [claim for claim in real.claims if claim.parameters]
        assert [claim.id for claim in placebo.thesis.claims] == [claim.id for claim in moving]
        for own, claim in zip(placebo.thesis.claims, moving, strict=True):
            assert placebo.thesis.start_of(own) == real.start_of(claim)
            assert len(own.parameters) == len(claim.parameters)
        paths = [path for claim in placebo.thesis.claims for path in claim.parameters]
        assert len(paths) == len(set(paths))
        assert not set(paths) & (set(real.parameters) | set(ONLY_AT_THE_START))


def test_a_placebo_moves_each_parameter_as_far_as_the_real_claim_and_no_further(placebos):
    specs, equal, ups = catalogue(), 0, 0
    for placebo in placebos:
        real = load_thesis(placebo.like)
        pairs = zip(real.parameters.items(), placebo.thesis.parameters.items(), strict=True)
        for (path, setting), (other, by_lot) in pairs:
            size, spec, centre = size_of(specs[path], setting.prior), specs[other], by_lot.prior.centre
            assert spec.low <= centre <= spec.high
            ups += centre > spec.prior.centre
            if size is None or not isinstance(spec.prior, LogNormal):
                continue
            steps = abs(math.log(centre / spec.prior.median)) / spec.prior.sigma
            assert steps <= size.moved * (1 + 1e-9)
            if spec.prior.sigma <= size.unit:
                assert steps == pytest.approx(size.moved)
                equal += 1
    assert equal > 40
    assert 0.25 < ups / sum(len(placebo.thesis.parameters) for placebo in placebos) < 0.6


def test_sizes_are_told_in_units_of_the_shared_prior():
    spec = catalogue()["rivals.vacuum"]
    assert spec.prior == LogNormal(0.4, 0.15)
    size = size_of(spec, LogNormal(0.8, 0.3))
    assert (size.moved, size.width) == pytest.approx((math.log(2) / 0.15, 2), rel=1e-3)
    assert size_of(spec, Fixed(0.8)).width == 0
    assert size_of(spec, Fixed(0.0)) is None  # no factor leads there
    assert size_of(catalogue()["moscow.unconditional_support"], Uniform(0.7, 1.0)) is None
    below = catalogue()["alliance.exit_alignment"]
    assert size_of(below, Normal(-0.15, 0.1)).moved == pytest.approx(3.5)


def test_what_leaves_the_range_is_refused_and_a_wide_prior_is_moved_by_no_larger_a_factor():
    specs = catalogue()
    double = size_of(specs["rivals.vacuum"], LogNormal(0.8, 0.15))
    likely = specs["citizens.national_exposure"]  # .7 of at most 1
    assert moved(likely, double, 1) is None
    assert moved(likely, double, -1).median == pytest.approx(0.7 * 0.5 ** (0.1 / 0.15))
    wide = specs["territories.autonomy_hazard"]  # sigma .6
    assert moved(wide, double, 1).median == pytest.approx(2 * wide.default)
    assert moved(specs["moscow.unconditional_support"], double, 1) is None


def test_the_first_placebos_are_the_same_whatever_their_number_and_others_by_another_seed(placebos):
    assert draw_placebos(2, seed=1) == placebos[:2]
    assert not {each.name for each in draw_placebos(6, seed=2)} & {each.name for each in placebos}
    assert len({placebo.name for placebo in draw_placebos(13, seed=1)}) == 13


def test_a_placebo_is_a_thesis_like_any_other_as_a_file(placebos, tmp_path):
    file = tmp_path / "placebo.yaml"
    file.write_text(to_yaml(plain(placebos[0].thesis)), encoding="utf-8")
    again = load_thesis(file)
    assert again == placebos[0].thesis
    table = table_of(placebos[:1])
    assert set(table["parameter"]) == set(again.parameters)


def test_a_thesis_without_any_size_is_refused():
    setting = {"prior": 0.5, "tag": "assumed", "source": "a test"}
    claim = {"id": "A1", "claim": "words", "parameters": {"moscow.unconditional_support": setting}}
    with pytest.raises(PlaceboError, match="bare: no claim moves a parameter whose shared prior has a width"):
        placebo_of(
            Thesis.model_validate({"thesis": "bare", "title": "bare", "claims": [claim]}),
            1,
            np.random.default_rng(0),
        )


def test_a_placebo_without_claims_is_the_shared_world():
    empty = placebo_of(load_thesis("baseline"), 1, np.random.default_rng(0))
    scenario = scenario_of_placebo(empty, RECORD_PERIOD, 1_000)
    assert scenario.inputs() == scenario_of("baseline", RECORD_PERIOD).inputs()


def test_a_placebo_runs_with_the_draws_and_random_numbers_of_the_ensemble(placebos, tmp_path):
    """Before its claims begin, its runs are those of the shared world to the last bit."""
    origin = Origin("2014-01", 2, "historical")
    plan = Plan(1, ("baseline",), (origin,), citizens=50)
    store = EnsembleStore(tmp_path / "ensemble")
    build(plan, store)
    dated = placebos[1]  # none of Gorevoy's claims begins before 2016
    beside = store_beside(store)
    build(
        plan_of(store.plan(), [dated], [origin], 1), beside,
        scenarios=lambda _, of, citizens: scenario_of_placebo(dated, of, citizens),
    )  # fmt: skip
    (_, _, ours), (_, _, theirs) = (
        next(each.histories(name, origin)) for each, name in ((store, "baseline"), (beside, dated.name))
    )
    assert ours == theirs
    assert store.plan().theses == ("baseline",)  # the ensemble itself holds no placebo


# -- how it is judged ------------------------------------------------------------------------------


def rows(shift: float, seed: int, draws: int = 80):
    """Return made-up statistics by draw; ``shift`` moves two of them, in standard deviations."""
    values = np.random.default_rng((7, seed)).normal(size=(draws, len(NAMES)))
    values[:, 0] += shift
    values[:, 1] -= shift
    return {(draw, 0): row.tolist() for draw, row in enumerate(values)}


@pytest.fixture(scope="module")
def judged():
    """Judge a thesis with histories of its own, and placebos that are the shared world, one run by run."""
    world = rows(0.0, 0)
    arms = [Arm("other", THESIS, "other", rows(2.0, 1)), Arm("same", PLACEBO, "other", world)]
    arms += [Arm(f"by lot {seed}", PLACEBO, "other", rows(0.0, seed)) for seed in range(2, 6)]
    record = np.zeros(len(NAMES))
    record[:2] = 2.0, -2.0  # what the thesis writes
    return judge(world, arms, record, repeats=6, seed=1).set_index("name", drop=False)


@pytest.mark.slow
def test_a_true_thesis_that_is_planted_is_found(judged):
    other = judged.loc["other"]
    assert other["told_apart"] and other["preferred"] and other["above_even"]
    assert other["probability"] > 0.9
    assert other["found"] > 0.85 and other["false"] < 0.15
    assert other["found_low"] < other["found"] < other["found_high"]
    assert other["found_surely"] > 0.3 > other["falsely_sure"]
    assert other["of_truth"] > 0.8


def test_a_placebo_that_is_the_shared_world_wins_no_more_than_chance(judged):
    same = judged.loc["same"]
    assert same["probability"] == pytest.approx(0.5, abs=0.01)
    assert not same["told_apart"] and not same["preferred"]
    by_lot = judged[judged["kind"] == PLACEBO]
    assert not by_lot[["preferred", "rules_out_world", "ruled_out"]].any(axis=None)
    assert (by_lot["probability"] < judged.loc["other", "probability"]).all()
    apart = by_lot["found"] - by_lot["false"]
    assert apart.abs().mean() < 0.15  # the thesis's is above .7
    assert (by_lot[["found_surely", "falsely_sure"]] == 0).all(axis=None)


def test_statistics_are_the_same_for_all_and_too_few_runs_are_refused():
    world = rows(0.0, 0)
    with pytest.raises(OddsError, match="short: 9 runs that finished here and in the shared world"):
        evidence_of(world, Arm("short", PLACEBO, "other", rows(0.0, 1, draws=9)))
    with pytest.raises(OddsError, match="nothing to judge by"):
        judge(world, [Arm("a", THESIS, "a", rows(0.0, 1))], np.full(len(NAMES), 99.0))


def test_shares_and_the_chance_of_the_best_are_counted():
    names = ["a", "b", "p", "q", "r", "s"]
    table = pd.DataFrame(
        {
            "name": names, "kind": [THESIS] * 2 + [PLACEBO] * 4,
            "probability": [0.6, 0.4, 0.7, 0.5, 0.3, 0.2], "above_even": [True, False, True, *[False] * 3],
            "preferred": False, "rules_out_world": False, "ruled_out": [False] * 5 + [True],
        }
    )  # fmt: skip
    found = shares(table).set_index(["verdict", "kind"])
    assert found.loc[("above_even", THESIS), "share"] == 0.5
    out = found.loc[("ruled_out", PLACEBO)]
    assert (out["number"], out["total"]) == (1, 4)
    assert out["high"] == pytest.approx(0.7514, abs=1e-4)  # Clopper and Pearson, 90 %
    assert out["low"] == pytest.approx(1 - 0.95**0.25)
    above = beaten(table).set_index("thesis")
    assert above["number"].tolist() == [1, 2]
    assert above["by_best"].tolist() == pytest.approx([1 - 3 / 6, 1 - 1 / 6])  # two of four, by hand
    few = table[~table["name"].isin(["q", "r", "s"])]
    assert beaten(few)["by_best"].isna().all()


# -- the command, and what the pages say of it -----------------------------------------------------

CALM = {"challenges": 0.1, "falls": 0.2, "left": 0.01}
STORMY = {"challenges": 0.6, "falls": 0.8, "left": 0.2}
DRAWS, NUMBER = 12, 2


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory):
    """Return an ensemble of made-up runs, with those of two placebos beside it: one calm, one stormy."""
    folder = tmp_path_factory.mktemp("placebo") / "ensemble"
    store = store_of(folder, {"baseline": CALM, "kuzio": STORMY}, draws=DRAWS)
    beside, made = store_beside(store), draw_placebos(NUMBER, seed=1)
    beside.open(plan_of(store.plan(), made, [RECORD_PERIOD], DRAWS))
    for place, (each, rates) in enumerate(zip(made, (CALM, STORMY), strict=True)):
        lots = [np.random.default_rng((90 + place, draw)) for draw in range(DRAWS)]
        histories = [history(lot, window_of(RECORD_PERIOD), rates) for lot in lots]
        runs = [StoredRun(draw, 0, made_up, {}) for draw, made_up in enumerate(histories)]
        beside.write(each.name, RECORD_PERIOD, range(DRAWS), runs)
    return folder


def run(ensemble, *words):
    asked = ["placebo", "--draws", str(DRAWS), "--placebos", str(NUMBER), "--repeats", "2", "--workers", "1"]
    return CliRunner().invoke(main, [*asked, "--ensemble", str(ensemble), *words])


@pytest.fixture(scope="module")
def done(ensemble, tmp_path_factory):
    out = tmp_path_factory.mktemp("judged") / "out"
    result = run(ensemble, "--out", str(out))
    assert result.exit_code == 0, result.output
    return out, result.output


@pytest.mark.slow
def test_the_command_writes_tables_placebos_and_a_figure(done):
    out, said = done
    table = pd.read_csv(out / "against_world.csv", keep_default_na=False).set_index("name")
    assert table["kind"].value_counts().to_dict() == {THESIS: 6, PLACEBO: NUMBER}
    calm, stormy = (table.loc[each.name] for each in draw_placebos(NUMBER, seed=1))
    assert table.loc["kuzio", "found"] > 0.9 and stormy["found"] > 0.9  # histories of their own
    assert not calm["preferred"] and calm["false"] > 0.1
    assert len(list((out / "theses").glob("placebo-*.yaml"))) == NUMBER
    assert len(pd.read_csv(out / "beaten.csv")) == len(THESES) - 1
    assert (out / "figures" / "placebo.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((out / "about.json").read_text(encoding="utf-8"))["placebos"] == NUMBER
    assert "Placebos, of 2, with better odds than each thesis: piontkovsky" in said


def test_runs_of_another_model_are_not_held_against_placebos_of_this_one(ensemble, tmp_path, monkeypatch):
    copied = tmp_path / "ensemble"
    shutil.copytree(ensemble, copied)
    plan = json.loads((copied / "plan.json").read_text(encoding="utf-8"))
    (copied / "plan.json").write_text(json.dumps({**plan, "fingerprint": "earlier"}), encoding="utf-8")
    refused = run(copied, "--out", str(tmp_path / "out"))
    assert refused.exit_code == 2
    assert "was made by another version of the model, and placebos made by this one" in refused.output
    assert "Traceback" not in refused.output
    assert scenarios.model_fingerprint() == plan["fingerprint"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--placebos", "0"], "0 is not in the range"), (["--draws", "9"], "9 is not in the range")],
)
def test_bad_input_ends_in_one_message(words, said):
    refused = CliRunner().invoke(main, ["placebo", *words])
    assert refused.exit_code == 2
    assert said in refused.output
    assert "Traceback" not in refused.output


def test_the_page_says_what_placebos_win_or_that_they_have_not_been_run(done, tmp_path):
    for part in ("docs/numbers", "docs/forecasts", "scenarios/audit"):
        shutil.copytree(ROOT / part, tmp_path / part)
    tree = Tree(tmp_path)
    shutil.rmtree(tree.folder("placebo"), ignore_errors=True)
    assert told(tree) == {"made": False}
    assert (
        "It has not been run for this page yet" in render(tree, pages=["docs/HISTORY.md"])["docs/HISTORY.md"]
    )
    out, _ = done
    names = ("against_world", "shares", "beaten", "placebos")
    tables = {name: pd.read_csv(out / f"{name}.csv", keep_default_na=False) for name in names}
    tree.keep("placebo", tables, json.loads((out / "about.json").read_text(encoding="utf-8")))
    page = render(tree, pages=["docs/HISTORY.md"])["docs/HISTORY.md"]
    assert "Two placebos were judged in the same way" in page
    assert "| rules the shared world out |" in page
    assert "It can, beyond chance, for" in page
    assert "It has not been run for this page yet" not in page
