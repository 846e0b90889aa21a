"""Placebo and power of the back-test: who wrote the history is found, and equal theses are not told apart."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history, store_of, window_of

from calibration.backtest.ahead import smoothed
from calibration.backtest.losses import (
    BRIER,
    LOG,
    apart,
    beyond,
    bounds,
    event_losses,
    lots,
    over,
    visibly_less,
)
from calibration.backtest.outcomes import EVENTS, SHARED, outcomes_of
from calibration.backtest.power import FOUND, write_histories
from calibration.backtest.run import backtest
from calibration.backtest.scores import CLIP, event_scores, summarise_scores
from calibration.cli.main import main
from calibration.ensemble.origins import RECORD_PERIOD, ROLLING, THESES
from calibration.ensemble.store import EnsembleError, StoredRun
from calibration.history import Window
from calibration.placebo.ahead import VERDICTS, WORLD, Forecaster, forecast, score
from calibration.placebo.judge import PLACEBO, THESIS, beaten, share, shares
from calibration.placebo.runs import plan_of, store_beside
from calibration.placebo.theses import draw_placebos
from calibration.statistics.measurement import NONE
from docs.remake.pages import render
from docs.remake.stored import ROOT, Tree
from sim.world.state import STATES

CALM, STORMY = {"challenges": 0.1, "falls": 0.2, "left": 0.01}, {"challenges": 0.6, "falls": 0.8, "left": 0.2}
LATE = ROLLING[-2:]
DRAWS = 24
EQUAL = ("baseline", "gorevoy", "dubnov")


# -- losses by state are the scores of the back-test -----------------------------------------------


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(4)
    shape = (len(STATES), 5, len(EVENTS))
    return rng.uniform(0, 0.6, (3, *shape)), rng.random((2, *shape)) < 0.2


def test_losses_by_state_are_the_scores_by_case(cases):
    given, happened = cases
    losses = event_losses(given, happened)
    assert losses.shape == (2, 2, 3, len(STATES), len(EVENTS))
    for place, name in ((BRIER, "brier"), (LOG, "log")):
        by_case = event_scores(given[2].ravel(), happened[1].ravel())[name].reshape(given[2].shape)
        np.testing.assert_allclose(losses[place, 1, 2], by_case.sum(axis=1))


def test_intervals_are_those_of_the_back_test(cases):
    given, happened = cases
    rows = pd.DataFrame({"state": np.repeat(STATES, 5 * len(SHARED))})
    columns = [list(EVENTS).index(event) for event in SHARED]
    scores = {
        str(who): event_scores(given[who][..., columns].ravel(), happened[0][..., columns].ravel())["log"]
        for who in range(3)
    }
    table = summarise_scores(rows, scores, "0", cluster="state", seed=3).set_index("forecaster")
    log = over(event_losses(given, happened)[LOG, 0], SHARED) / 5
    low, high = bounds(log - log[0], lots(3))
    np.testing.assert_allclose(log.mean(axis=-1), table["score"])
    np.testing.assert_allclose(low, table["low"])
    np.testing.assert_allclose(high, table["high"])
    assert (visibly_less(log, log[0], lots(3)) == (table["high"] < 0)).all()


def test_apart_goes_either_way_and_beyond_one_way():
    wide, drawn = np.linspace(-1, 1, len(STATES)), lots(1)
    near, far, zero = wide - 0.1, wide - 3, np.zeros(len(STATES))
    assert not apart(near, wide, zero, drawn)
    assert visibly_less(near, wide, drawn)  # in every state alike, though each is uncertain
    assert apart(far, wide, zero, drawn) and apart(wide, far, zero, drawn)
    assert beyond(far, wide, zero, drawn) and not beyond(wide, far, zero, drawn)
    assert not beyond(near, wide, zero, drawn)


# -- power -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record():
    return history(np.random.default_rng(99), Window(1992, 2024), CALM)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return made-up runs: Kuzio's world is stormy, all others are alike but for their random numbers."""
    folder = tmp_path_factory.mktemp("power") / "ensemble"
    return store_of(folder, {"baseline": CALM, "kuzio": STORMY}, (RECORD_PERIOD, *LATE), draws=DRAWS)


@pytest.fixture(scope="module")
def written(store, record):
    return write_histories(
        store, (*EQUAL, "kuzio"), LATE, record, measurement=NONE, draws=DRAWS
    )  # fmt: skip


def of(table, thesis, verdict, truth):
    return table.set_index(["thesis", "verdict", "histories_of"]).loc[(thesis, verdict, truth)]


def test_a_thesis_that_wrote_the_history_is_found(written):
    table = written.power(seed=1)
    for verdict in ("best_log", "own_better", "own_beyond", "better"):
        own, other = (of(table, "kuzio", verdict, truth) for truth in ("kuzio", "baseline"))
        assert own["share"] == 1 and own["total"] == DRAWS, verdict
        assert other["share"] == 0, verdict
        assert own["low"] == pytest.approx(0.05 ** (1 / DRAWS))  # exact, all of them hits
    assert of(table, "baseline", "own_better", "baseline")["share"] == 0  # never better than itself


def test_equal_theses_are_told_apart_no_more_than_by_chance(written):
    table, best = written.power(seed=1), written.best().set_index("truth")
    for thesis in EQUAL[1:]:
        own, false = (of(table, thesis, "own_better", truth) for truth in (thesis, "baseline"))
        assert own["low"] < 0.15 and false["low"] < 0.15  # of 5 % by the interval, 14 states allow for
        assert own["low"] <= false["high"] and false["low"] <= own["high"]
        assert of(table, thesis, "own_beyond", "baseline")["share"] == 0
    among = best.loc[list(EQUAL), list(EQUAL)]
    assert (best.loc[list(EQUAL), "kuzio"] == 0).all()
    assert among.sum(axis=1).to_numpy() == pytest.approx(np.ones(3))
    assert np.diag(among).mean() == pytest.approx(1 / 3, abs=0.17)  # two standard errors of 3 * 24 histories


def test_the_draw_that_wrote_the_history_is_not_in_its_forecasts(store, record, written):
    """The losses of one history, by hand from runs of the other draws."""
    truth, who, draw = 3, 1, 5
    summed = 0.0
    for origin in LATE:
        window = Window(origin.month.year, 2024)
        runs = {
            thesis: np.array(
                [outcomes_of(made, window).events for _, _, made in store.histories(thesis, origin)]
            )
            for thesis in ("kuzio", "gorevoy")
        }
        others = smoothed(np.delete(runs["gorevoy"], draw, axis=0).mean(axis=0), DRAWS - 1)
        others, seen = np.clip(others, CLIP, 1 - CLIP), runs["kuzio"][draw]
        summed += np.where(seen, -np.log(others), -np.log(1 - others)).sum(axis=1)
    years = sum(origin.years for origin in LATE)
    np.testing.assert_allclose(written.losses[LOG, draw, truth, who], summed / years)


def test_identical_theses_never_share_the_best_score(store, record):
    twins = write_histories(store, ("baseline", "baseline"), LATE, record, measurement=NONE, draws=DRAWS)
    found = twins.verdicts(seed=1)
    assert not found["best_log"].any()
    assert not found["own_better"].any()


def test_too_few_draws_are_refused(store, record):
    with pytest.raises(EnsembleError, match="1 draw finished from every origin; at least 2 are needed"):
        write_histories(store, EQUAL, LATE, record, measurement=NONE, draws=1)


# -- placebos --------------------------------------------------------------------------------------


def test_theses_and_placebos_are_scored_as_the_back_test_does(store, record):
    theses = ("baseline", "kuzio")
    forecasters = [Forecaster(thesis, WORLD, thesis, store) for thesis in theses]
    losses = forecast(forecasters, LATE, record, measurement=NONE, draws=DRAWS)
    table = score(forecasters, losses, seed=1).set_index("name")
    scores = backtest(store, theses, LATE, record, measurement=NONE).scores(cluster="state", seed=1)
    for thesis in theses:
        rows = scores[scores["forecaster"] == thesis].set_index(["outcomes", "measure"])
        shared = {name: rows.loc[("shared", name)] for name in ("brier", "log", "crps")}
        for name, row in shared.items():
            assert table.loc[thesis, name] == pytest.approx(row["score"])
        assert table.loc[thesis, "log_high"] == pytest.approx(shared["log"]["high"])
        assert table.loc[thesis, "better_paths"] == (shared["crps"]["high"] < 0)
        assert table.loc[thesis, "own_log"] == pytest.approx(rows.loc[(thesis, "log"), "score"])
    assert table.loc["kuzio", "own_apart"] and not table.loc["kuzio", "own_better"]  # it is worse


def test_no_more_draws_are_read_than_asked_for(store, record, tmp_path):
    few, all_ = (
        forecast([Forecaster("kuzio", THESIS, "kuzio", store)], LATE, record, measurement=NONE, draws=draws)
        for draws in (10, DRAWS)
    )
    assert not np.allclose(few.events, all_.events)
    first = store_of(
        tmp_path / "first", {"baseline": CALM, "kuzio": STORMY}, (RECORD_PERIOD, *LATE), draws=10
    )
    alone = forecast([Forecaster("kuzio", THESIS, "kuzio", first)], LATE, record, measurement=NONE, draws=10)
    np.testing.assert_array_equal(few.events, alone.events)
    np.testing.assert_array_equal(few.paths, alone.paths)


def test_a_placebo_that_knows_is_better_than_all_theses_and_one_like_the_world_is_not(store, record):
    """Planted: a placebo whose runs are the record wins; one whose runs are the shared world's does not."""
    stormy = history(np.random.default_rng(5), Window(1992, 2024), STORMY)
    forecasters = [
        Forecaster("baseline", WORLD, "baseline", store),
        Forecaster("gorevoy", THESIS, "gorevoy", store),
        Forecaster("kuzio", PLACEBO, "gorevoy", store),
        Forecaster("dubnov", PLACEBO, "gorevoy", store),
    ]
    losses = forecast(forecasters, LATE, stormy, measurement=NONE, draws=DRAWS)
    table = score(forecasters, losses, seed=1).set_index("name", drop=False)
    assert table.loc["kuzio", ["beats_world", "own_better", "own_apart"]].all()
    assert not table.loc["baseline", ["beats_world", "own_better", "own_apart"]].any()
    rivals = table[table["kind"] != WORLD]
    knowing = beaten(rivals.drop("dubnov"), "log", low_is_good=True)
    assert knowing.loc[0, ["thesis", "number", "total", "by_best"]].tolist() == ["gorevoy", 1, 1, 1.0]
    found = shares(rivals, VERDICTS).set_index(["verdict", "kind"])
    assert found.loc[("own_better", PLACEBO), "number"] >= 1


# -- the command -----------------------------------------------------------------------------------

NUMBER, FEW = 2, 10


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Run the command on made-up runs of theses and of two placebos, one calm and one stormy."""
    folder = tmp_path_factory.mktemp("ahead") / "ensemble"
    origins = (RECORD_PERIOD, *ROLLING)
    store = store_of(folder, {"baseline": CALM, "kuzio": STORMY}, origins, draws=FEW)
    beside, made = store_beside(store), draw_placebos(NUMBER, seed=1)
    beside.open(plan_of(store.plan(), made, origins, FEW))
    for place, (each, rates) in enumerate(zip(made, (CALM, STORMY), strict=True)):
        for origin in origins:
            chances = [np.random.default_rng((90 + place, origin.month.ordinal, draw)) for draw in range(FEW)]
            runs = [
                StoredRun(draw, 0, history(rng, window_of(origin), rates), {})
                for draw, rng in enumerate(chances)
            ]
            beside.write(each.name, origin, range(FEW), runs)
    out = folder.parent / "out"
    words = ["placebo", "--of", "backtest", "--draws", str(FEW), "--placebos", str(NUMBER), "--workers", "1"]
    result = CliRunner().invoke(main, [*words, "--ensemble", str(folder), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out, result.output


@pytest.mark.slow
def test_the_command_writes_tables_and_says_what_they_mean(done):
    out, said = done
    table = pd.read_csv(out / "scores.csv", keep_default_na=False).set_index("name")
    assert table["kind"].value_counts().to_dict() == {WORLD: 1, THESIS: 6, PLACEBO: NUMBER}
    calm, stormy = (table.loc[each.name] for each in draw_placebos(NUMBER, seed=1))
    assert calm["log"] < stormy["log"]
    power = pd.read_csv(out / "power.csv", keep_default_na=False)
    assert of(power, "kuzio", "own_better", "kuzio")["share"] == 1
    assert pd.read_csv(out / "best.csv", keep_default_na=False)["truth"].tolist() == list(THESES)
    assert len(list((out / "theses").glob("placebo-*.yaml"))) == NUMBER
    assert (out / "figures" / "placebo.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((out / "about.json").read_text(encoding="utf-8"))["histories"] == FEW
    assert "Placebos, of 2, with a better log score than each thesis: piontkovsky" in said
    assert "kuzio 1.00 and 0.00" in said


@pytest.mark.parametrize("option", ["--coding", "--repeats"])
def test_what_the_back_test_has_no_use_for_is_refused(option):
    value = "wide" if option == "--coding" else "3"
    refused = CliRunner().invoke(main, ["placebo", "--of", "backtest", option, value])
    assert refused.exit_code == 2
    assert f"{option}: only with --of odds" in refused.output
    assert "Traceback" not in refused.output


# -- what the page says ----------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the stored numbers, with those of two theses and two placebos made up by hand."""
    for part in ("docs/numbers", "docs/forecasts", "scenarios/audit"):
        shutil.copytree(ROOT / part, tmp_path / part)
    found = Tree(tmp_path)
    rivals = pd.DataFrame(
        {
            "name": ["gorevoy", "kuzio", "p", "q"], "kind": [THESIS] * 2 + [PLACEBO] * 2,
            "log": [0.2, 0.3, 0.1, 0.4], **dict.fromkeys(VERDICTS, False),
        }
    )  # fmt: skip
    rivals["better"] = True
    world = pd.DataFrame([{"name": "baseline", "kind": WORLD, "log": 0.25, "better": True}])
    power = pd.DataFrame(
        [
            {"thesis": thesis, "verdict": verdict, "histories_of": truth, **share([True] * 3 + [False] * 7)}
            for thesis in ("baseline", "gorevoy", "kuzio")
            for verdict in FOUND
            for truth in dict.fromkeys((thesis, "baseline"))
        ]
    )
    tables = {
        "scores": pd.concat([world, rivals]),
        "shares": shares(rivals, VERDICTS),
        "beaten": beaten(rivals, "log", low_is_good=True),
        "power": power,
        "best": pd.DataFrame({"truth": ["baseline", "gorevoy", "kuzio"]}),
    }
    found.keep("placebo_backtest", tables, {"draws": 150, "placebos": 2, "histories": 10})
    return found


def said(tree):
    text = render(tree, pages=["docs/HISTORY.md"])["docs/HISTORY.md"]
    return text[text.index("**What is such a score worth?**") :].partition("## What each article")[0]


def test_the_page_tells_placebo_and_power_of_the_back_test(tree):
    told = said(tree)
    assert (
        "| predicts the shared outcomes visibly better than the base rate | 2 of 2 (0.22-1.00) | 2 of 2"
        in told
    )
    assert "No verdict is won by theses clearly more often than by placebos." in told
    assert "The shared world alone is visibly better than the base rate too" in told
    assert "One of the placebos has a better log score than the best of the theses (Gorevoy)." in told
    assert "the best of as many placebos: that one is better with a chance of 1.00." in told
    assert "| gorevoy | 0.30 (0.09-0.61) |" in told
    assert (
        "**The best log score does not say who is right**" in told
    )  # three of ten, and one of three by chance


@pytest.mark.parametrize(("hits", "words"), [(48, "more likely wrong than right"), (90, "is mostly the one")])
def test_the_page_says_how_far_the_best_score_tells_who_is_right(tree, hits, words):
    table = tree.table("placebo_backtest", "power")
    chosen = table["verdict"] == "best_log"
    table.loc[chosen, ["number", "total"]] = hits, 100
    table.to_csv(tree.folder("placebo_backtest") / "power.csv", index=False)
    assert words in said(tree)


def test_the_page_names_verdicts_that_theses_win_more_often(tree):
    table = tree.table("placebo_backtest", "shares")
    chosen = (table["verdict"] == "own_better") & (table["kind"] == THESIS)
    table.loc[chosen, ["low", "high"]] = 0.9, 1.0
    table.to_csv(tree.folder("placebo_backtest") / "shares.csv", index=False)
    assert f"Won by theses clearly more often than by placebos: *{VERDICTS['own_better']}*." in said(tree)
