"""The fit: an exact posterior found again, honest coverage, what cannot be known left alone, the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from calibration.ensemble.priors import ASKED, Asked
from calibration.fit.inference import infer
from calibration.fit.posterior import Fitter, Posterior
from calibration.fit.posterior_file import write_posterior
from calibration.fit.recovery import RECOVERED, explained_shares, recover, uniformity
from calibration.fit.sample import FitError, Sample, Scale, from_scores, reachable, to_scores
from calibration.fit.surprise import surprise
from calibration.statistics import NAMES
from sim.scenario import load

PATHS = ("challenges.focal_rate", "moscow.keep_weight", "war.window")
NOISE = (0.5, 1.0)


def toy(runs: int, seed: int = 0) -> Sample:
    """Three standard normal parameters: two seen with noise, one never; and a statistic of nothing."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(runs, 3))
    seen = scores[:, :2] + rng.normal(size=(runs, 2)) * NOISE
    mixed = seen @ [[1.0, 0.3], [0.0, 1.0]]  # the second statistic tells of both
    return Sample(PATHS, scores, np.column_stack([mixed, rng.normal(size=runs)]))


def exact(statistics: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and sd of the first two, by conjugacy of the normal distribution."""
    seen = statistics[:2] @ np.linalg.inv([[1.0, 0.3], [0.0, 1.0]])
    variance = 1 / (1 + 1 / np.square(NOISE))
    return variance * seen / np.square(NOISE), np.sqrt(variance)


def test_an_exact_posterior_is_found():
    fitter = Fitter(toy(3000), keep=0.5, parameters=np.array([0, 1]))
    for seen in ([0.0, 0.0, 0.0], [1.5, -1.0, 0.5], [-1.0, 2.0, -1.0]):
        found, (mean, sd) = fitter.posterior(np.array(seen)), exact(np.array(seen))
        assert found.mean == pytest.approx(mean, abs=0.12)
        assert found.sd == pytest.approx(sd, rel=0.12)
        low, high = found.quantiles((0.05, 0.95))
        assert low == pytest.approx(mean - 1.645 * sd, abs=0.2)
        assert high == pytest.approx(mean + 1.645 * sd, abs=0.2)


def test_the_explained_share_is_that_of_theory_and_nothing_for_what_is_never_seen():
    shares = explained_shares(toy(2000))
    assert shares[:2] == pytest.approx(1 - exact(np.zeros(3))[1] ** 2, abs=0.06)
    assert abs(shares[2]) < 0.03


def test_coverage_and_ranks_are_right_and_wrong_ranks_are_seen():
    recovery = recover(toy(1500), np.array([0, 1]), keep=0.5, most=600)
    table = recovery.table()
    for level in (50, 90):
        assert table[f"cover_{level}"].to_numpy() == pytest.approx(level / 100, abs=0.06)
        assert (table[f"cover_{level}_low"] < table[f"cover_{level}"]).all()
    assert (table["uniform_p"] > 0.001).all()
    overconfident = stats.norm.cdf(2 * stats.norm.ppf(np.random.default_rng(3).random(600)))
    assert uniformity(overconfident) < 0.001


def test_the_record_is_as_odd_as_it_is():
    sample = toy(1000)
    assert surprise(sample, np.zeros(3)) > 0.9
    assert surprise(sample, np.array([6.0, -6.0, 0.0])) == 0
    assert surprise(sample, sample.statistics[17]) == pytest.approx(
        surprise(toy(1000, seed=5), sample.statistics[17]), abs=0.08
    )


def test_only_what_can_be_recovered_is_fitted_and_only_to_what_can_be_reached():
    small = toy(600)
    empty = np.zeros((600, len(NAMES) - 4))
    lost = np.random.default_rng(1).poisson(0.1, (600, 1)).astype(float)
    sample = Sample(PATHS, small.scores, np.hstack([small.statistics, lost, empty]))
    asked = tuple(Asked(path, 0.4, "a test") for path in PATHS)
    record = np.concatenate([[0.5, 0.5, 0.0], [40.0], empty[0]])
    inference = infer(sample, asked, record)
    assert inference.paths == PATHS[:2]
    assert inference.left_out == (NAMES[3],)  # forty where no run has more than a few
    table = inference.table().set_index("parameter")
    assert table.loc["war.window", "fitted"] == np.False_
    assert np.isnan(table.loc["war.window", "median"])
    row = table.loc["challenges.focal_rate"]
    assert row["low"] < row["median"] < row["high"]
    rows = inference.values(inference.posterior.resample(300, 1))
    assert rows["challenges.focal_rate"].median() == pytest.approx(row["median"], rel=0.1)


def test_what_synthetic_histories_do_not_give_back_is_left_at_its_prior():
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(130, 10))
    noise = np.full(10, 1.6)
    noise[0] = 0.3
    seen = np.zeros((130, len(NAMES)))
    seen[:, :10] = scores + rng.normal(size=scores.shape) * noise  # one seen well, the others hardly
    asked = ASKED[:10]
    inference = infer(Sample(tuple(item.path for item in asked), scores, seen), asked, np.zeros(len(NAMES)))
    table = inference.table().set_index("parameter")
    tried = table.index[table["explained"] >= RECOVERED]
    assert set(tried) == {*inference.paths, *inference.failed}
    assert asked[0].path in inference.paths
    assert inference.failed
    for path, share in inference.failed.items():
        assert share < RECOVERED
        assert table.loc[path, "recovered"] == share
        assert not table.loc[path, "fitted"] and np.isnan(table.loc[path, "median"])
    assert (table.loc[list(inference.paths), "recovered"] >= RECOVERED).all()


def test_a_rank_is_never_above_one():
    weights = np.full(49, 1 / 49)
    posterior = Posterior(np.zeros((49, 1)), weights, np.arange(49))
    assert weights.sum() != 1  # as it happens
    assert 0.99 < posterior.ranks(np.ones(1))[0] <= 1


def test_too_few_runs_are_refused():
    lost = Sample(PATHS, toy(93).scores, np.zeros((93, len(NAMES))))
    with pytest.raises(FitError, match="93 finished runs are too few: 94 are needed"):
        infer(lost, ASKED[:3], np.zeros(len(NAMES)))
    with pytest.raises(FitError, match="60 runs are too few"):
        Fitter(toy(60))


@pytest.mark.parametrize("asked", [ASKED[0], next(item for item in ASKED if "base" in item.path)])
def test_prior_scores_are_standard_normal_quantiles_of_the_prior(asked):
    quantiles = np.array([0.05, 0.3, 0.5, 0.9])
    values = np.array([asked.prior.draw(quantile) for quantile in quantiles])
    scores = to_scores(asked, values)
    assert scores == pytest.approx(stats.norm.ppf(quantiles))
    assert from_scores(asked, scores) == pytest.approx(values)


def test_the_scale_takes_roots_of_counts_and_puts_what_is_missing_at_the_mean():
    statistics = np.array([[0.0, 0.5, 1.0], [4.0, np.nan, 1.0], [16.0, 1.5, 1.0]])
    scale = Scale.of(statistics)
    assert scale.rooted.tolist() == [True, False, True]
    scaled = scale.apply(statistics)
    assert scaled[:, 0] == pytest.approx((np.array([0, 2, 4]) - 2) / np.std([0, 2, 4]))
    assert scaled[1, 1] == 0
    assert (scaled[:, 2] == 0).all()  # the same in every run: it says nothing
    assert reachable(statistics, np.array([20.0, 1.0, 1.0])).tolist() == [False, True, True]


def test_a_statistic_that_no_run_has_is_out_of_reach_without_a_warning():
    statistics = np.array([[0.0, np.nan], [4.0, np.nan]])
    assert reachable(statistics, np.array([2.0, 1.0])).tolist() == [True, False]


def test_the_posterior_file_is_one_that_a_scenario_takes(tmp_path: Path):
    rows = pd.DataFrame({"moscow.keep_weight": [0.8, 1.2, 1.7], "challenges.focal_rate": [0.5, 0.6, 0.7]})
    write_posterior(tmp_path / "posterior" / "shared.yaml", "a fit", "made in a test", {"draws": 3}, rows)
    (tmp_path / "mine.yaml").write_text("thesis: dubnov\nparameters: posterior/shared.yaml\n")
    parameters = load(tmp_path / "mine.yaml").parameters
    assert parameters["challenges.focal_rate"].prior.values == (0.5, 0.6, 0.7)
    assert (
        parameters["moscow.keep_weight"].source == "made in a test" or parameters["moscow.keep_weight"].claim
    )  # a claim of the thesis goes before
