"""Odds of theses: the right one is found where histories differ, and none where they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import store_of

from calibration.cli.main import main
from calibration.ensemble.origins import FORECAST, RECORD_PERIOD
from calibration.odds import held_out
from calibration.odds.classifier import best_temperature, tempered, train
from calibration.odds.evidence import Evidence
from calibration.odds.held_out import HeldOut, clustered_mean, hold_out
from calibration.odds.length import Stretch, separation, years_needed
from calibration.odds.novelty import novelty, outlying, set_apart
from calibration.odds.posterior import Odds, odds, odds_of_each

NAMES = ("falls", "wars", "members", "spread")


def histories(shift: float, seed: int, draws: int = 150) -> Evidence:
    """Runs of two toy theses; the second has more falls and fewer wars, by ``shift`` standard deviations.

    A tenth of one statistic is missing, and twins share half of their random numbers, as in an ensemble.
    """
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(draws, len(NAMES)))
    parts = []
    for place in (0, 1):
        part = 0.7 * shared + 0.7 * rng.normal(size=(draws, len(NAMES)))
        part[:, 0] += place * shift
        part[:, 1] -= place * shift
        part[rng.random(draws) < 0.1, 3] = np.nan
        parts.append(part)
    numbers = np.arange(draws)
    return Evidence(("left", "right"), np.repeat([0, 1], draws), np.tile(numbers, 2), np.vstack(parts), NAMES)


@pytest.fixture(scope="module")
def distinct():
    evidence = histories(1.5, seed=1)
    return evidence, hold_out(evidence, seed=3)


@pytest.fixture(scope="module")
def alike():
    evidence = histories(0.0, seed=2)
    return evidence, hold_out(evidence, seed=3)


def test_the_right_thesis_is_found_where_they_differ(distinct):
    evidence, held = distinct
    mean, low, _ = held.mean_of_truth(seed=0)
    assert low > 0.7 and mean < 1
    assert held.confusion().loc["right", "right"] > 0.8
    far_right = np.array([2.5, -2.5, 0.0, 0.0])
    found = odds(evidence, held, far_right, repeats=6, seed=5)
    assert found.in_play == ("right",)
    assert found.verdict.startswith("The record speaks for right.")
    assert found.probabilities.sum() == pytest.approx(1)
    between = odds(evidence, held, np.array([0.75, -0.75, 0.0, np.nan]), repeats=6, seed=5)
    assert set(between.in_play) == {"left", "right"}
    assert "cannot be separated" in between.verdict
    assert between.local_error > found.local_error


def test_probabilities_are_near_those_of_bayes_rule(distinct):
    evidence, held = distinct
    sums = evidence.statistics[:, 0] - evidence.statistics[:, 1] - 1.5
    exact = 1 / (1 + np.exp(-sums * 1.5 / 0.98))
    assert np.abs(held.probabilities[:, 1] - exact).mean() < 0.1  # a constant .5 errs by .4


@pytest.mark.parametrize("seed", [2, 12, 22])
def test_theses_that_write_the_same_histories_cannot_be_separated(seed):
    evidence = histories(0.0, seed)
    held = hold_out(evidence, seed=3)
    found = odds(evidence, held, np.array([2.5, -2.5, 0.0, 0.0]), repeats=4, seed=5)
    assert set(found.in_play) == {"left", "right"}
    assert "cannot be separated" in found.verdict
    assert np.abs(found.probabilities - 0.5).max() < 0.25


def test_the_verdict_follows_the_odds():
    theses, sure = ("a", "b", "c"), np.array([0.9, 0.09, 0.01])
    found = Odds(theses, sure, np.tile(sure, (20, 1)), True, 0.1)
    assert found.in_play == ("a", "b")  # 10 to 1, and 90 to 1
    assert "Ruled out (odds of 20 to 1 or more): c." in found.verdict
    unsure = np.tile(sure, (20, 1))
    unsure[:3] = [0.5, 0.2, 0.3]  # the ensemble is too small to rule it out
    assert Odds(theses, sure, unsure, True, 0.1).in_play == ("a", "b", "c")
    assert "do not tell them apart" in Odds(theses, sure, unsure, False, 0.1).verdict


def test_a_statistic_that_no_run_has_says_nothing(distinct):
    evidence, _ = distinct
    blank = np.full((len(evidence), 1), np.nan)
    wider = Evidence(
        evidence.theses,
        evidence.labels,
        evidence.draws,
        np.hstack([evidence.statistics, blank]),
        (*NAMES, "none"),
    )
    rows = evidence.statistics[:5]
    np.testing.assert_array_equal(
        train(wider, 1).log_probabilities(np.hstack([rows, np.ones((5, 1))])),
        train(evidence, 1).log_probabilities(rows),
    )


def test_temperature_repairs_overconfidence():
    rng = np.random.default_rng(4)
    true = tempered(rng.normal(size=(4000, 3)), 1.0)
    labels = np.array([rng.choice(3, p=row) for row in true])
    assert best_temperature(3 * np.log(true), labels) == pytest.approx(3, rel=0.1)
    np.testing.assert_allclose(tempered(np.log(true), 1.0), true)


def test_confusion_and_means_count_by_truth():
    logs = np.log([[0.8, 0.2], [0.4, 0.6], [0.1, 0.9], [0.3, 0.7]])
    held = HeldOut(("a", "b"), np.array([0, 0, 1, 1]), np.arange(4), logs, 1.0)
    assert held.confusion().to_numpy().tolist() == [[0.5, 0.5], [0, 1]]
    np.testing.assert_allclose(held.mean_posterior().to_numpy(), [[0.6, 0.4], [0.2, 0.8]])
    np.testing.assert_allclose(held.of_truth, [0.8, 0.4, 0.9, 0.7])


def test_twins_are_held_out_together(distinct, monkeypatch):
    seen = []
    original = held_out.train

    def watched(evidence, seed):
        seen.append(set(evidence.draws.tolist()))
        return original(evidence, seed)

    monkeypatch.setattr(held_out, "train", watched)
    hold_out(histories(1.0, seed=9, draws=20), seed=0)
    assert sorted(len(draws) for draws in seen) == [16] * 5
    assert set.union(*(set(range(20)) - draws for draws in seen)) == set(range(20))


def test_bootstrap_draws_clusters_whole():
    values, clusters = np.repeat([0.0, 1.0], 50), np.repeat([0, 1], 50)
    _, low, high = clustered_mean(values, clusters, seed=0)
    assert (low, high) == (0.0, 1.0)  # two clusters: nearly nothing is known
    _, low, high = clustered_mean(values, np.arange(100), seed=0)
    assert 0.4 < low < 0.5 < high < 0.6


def test_a_history_unlike_all_runs_is_flagged(distinct):
    evidence, _ = distinct
    usual = novelty(evidence, np.array([0.0, 0.0, 0.0, 0.0]), seed=1).set_index("thesis")
    assert not usual.loc["left", "flagged"]
    assert usual.loc["left", "share_as_distant"] > 0.5
    strange = novelty(evidence, np.array([0.0, 0.0, 6.0, 0.0]), seed=1)
    assert strange["flagged"].all()
    first = outlying(evidence, np.array([0.0, 0.0, 6.0, 0.0])).iloc[0]
    assert (first["statistic"], first["tail"]) == ("members", 0)


def test_what_only_the_combination_makes_strange_is_named():
    """Shrinkage takes a little off the distance: a tenth at most with so many runs."""
    rng = np.random.default_rng(3)
    challenges = rng.normal(0, 1, 4000)
    crowds = challenges + rng.normal(0, 0.3, 4000)  # as many crowds as challenges
    evidence = Evidence(
        ("left",), np.zeros(4000, int), np.arange(4000),
        np.column_stack([challenges, crowds, rng.normal(0, 1, 4000)]), ("challenges", "crowds", "spread"),
    )  # fmt: skip
    found = set_apart(evidence, np.array([1.0, -1.0, 0.0])).set_index("statistic")
    assert set(found.index[:2]) == {"challenges", "crowds"}
    assert found["alone"].abs().max() < 1.5
    assert found.loc["crowds", "given_the_rest"] == pytest.approx(-2 / 0.3, rel=0.1)
    assert found.loc["challenges", "given_the_rest"] > 3
    assert abs(found.loc["spread", "given_the_rest"]) < 0.5


def test_statistics_out_of_reach_are_named(distinct):
    evidence, _ = distinct
    used = evidence.reachable(np.array([0.0, 50.0, np.nan, 0.0]))
    assert used.tolist() == [True, False, False, True]
    assert evidence.seen_through(used).names == ("falls", "spread")


def test_longer_histories_tell_more():
    windows = [Stretch(10, histories(0.2, 1)), Stretch(30, histories(0.7, 1))]
    further = [Stretch(10, histories(0.7, seed)) for seed in (31, 41, 51)]
    table = separation(windows, further, baseline="left", seed=1)
    right = table[table["thesis"] == "right"]
    assert right["years"].tolist() == [10, 30, 40, 50, 60]
    assert right["probability"].iloc[-1] > right["probability"].iloc[1] > right["probability"].iloc[0]
    assert right["log_odds"].iloc[-1] > 1.5 * right["log_odds"].iloc[1]
    assert table.loc[table["thesis"] == "left", "log_odds"].isna().all()


def test_years_needed_lie_on_the_line_between_two_lengths():
    table = pd.DataFrame(
        {"thesis": ["a", "a", "b", "b"], "years": [20, 40, 20, 40], "probability": [0.6, 0.9, 0.2, 0.3]}
    )
    needed = years_needed(table, "probability", 0.8).set_index("thesis")
    assert needed.loc["a", "years"] == pytest.approx(20 + 20 * 2 / 3)
    assert np.isnan(needed.loc["b", "years"]) and needed.loc["b", "longest"] == 40


@pytest.mark.slow
def test_the_command_writes_tables_and_figures(tmp_path):
    calm, stormy = (
        {"challenges": 0.1, "falls": 0.2, "left": 0.01},
        {"challenges": 0.6, "falls": 0.8, "left": 0.2},
    )
    store_of(tmp_path / "ensemble", {"baseline": calm, "kuzio": stormy}, (RECORD_PERIOD, FORECAST), draws=12)
    out = tmp_path / "out"
    arguments = ["odds", "--ensemble", str(tmp_path / "ensemble"), "--repeats", "2", "--out", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "cannot be separated" in done.output
    assert "More years of record" in done.output
    table = pd.read_csv(out / "odds.csv", keep_default_na=False)
    assert table["probability"].sum() == pytest.approx(1)
    apart = pd.read_csv(out / "set_apart.csv", keep_default_na=False)
    assert set(apart["thesis"]) == set(table["thesis"])
    confusion = pd.read_csv(out / "confusion.csv", keep_default_na=False).set_index("truth")
    assert confusion.loc["kuzio", "kuzio"] > 0.9  # the only thesis with histories of its own
    for name in ("odds", "confusion", "reliability", "novelty", "length"):
        assert (out / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--years", "1980-2013"], "not within 1992-2024"),
        (["--years", "lately"], "not FIRST-LAST"),
        (["--backtest", "."], "no back-test here"),
    ],
)
def test_bad_input_ends_in_one_message(arguments, message):
    done = CliRunner().invoke(main, ["odds", *arguments])
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output


def test_histories_judged_together_are_judged_as_one_by_one(distinct):
    evidence, held = distinct
    rows = np.array([[2.5, -2.5, 0.0, 0.0], [0.0, 0.0, 0.0, np.nan]])
    together = odds_of_each(evidence, held, rows, repeats=2, seed=5)
    for row, found in zip(rows, together, strict=True):
        alone = odds(evidence, held, row, repeats=2, seed=5)
        np.testing.assert_allclose(found.probabilities, alone.probabilities)
        np.testing.assert_allclose(found.repeats, alone.repeats)
        assert found.local_error == pytest.approx(alone.local_error)
