"""The rule by which ensembles stop: when, what it says otherwise, and how often its interval is right."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from sim.analysis.intervals import bootstrap_means
from sim.experiment.until import FEWEST, Precision, Target, looks, measure

NORMAL = 2 * 1.96  # width of a 95 % interval in standard errors


def test_looks_are_at_least_30_runs_a_quarter_more_each_time_and_end_at_the_ceiling():
    assert list(looks(100)) == [30, 38, 48, 60, 75, 94, 100]
    assert list(looks(30)) == [30]
    assert list(looks(31)) == [30, 31]
    assert list(looks(7)) == [7]
    many = list(looks(10**6))
    assert len(many) < 60
    assert all(1.25 <= after / before < 1.27 for before, after in pairwise(many[:-1]))


def test_the_interval_is_the_one_that_comparisons_show():
    values = np.random.default_rng(1).exponential(size=50)
    values[[3, 8]] = np.nan
    found = measure(values, 1.0)
    together = bootstrap_means(np.column_stack([np.arange(50.0), values]))
    assert (found.low, found.high) == pytest.approx(together[:, 1], rel=1e-12)
    assert (found.runs, found.defined) == (50, 48)


def test_it_needs_runs_by_the_square_of_the_width():
    found = Precision(runs=100, defined=100, low=-1.0, high=1.0, asked=0.5)
    assert not found.enough
    assert found.more_runs == 1500
    half = Precision(runs=100, defined=50, low=-1.0, high=1.0, asked=0.5)
    assert half.more_runs == 1500  # of which half define the outcome
    assert Precision(100, 100, 0.0, 0.49, 0.5).more_runs == 0
    assert Precision(100, 100, 0.0, 0.5, 0.5).more_runs == 1  # narrower, not as wide


def test_few_values_are_never_enough():
    found = Precision(runs=60, defined=20, low=0.0, high=0.1, asked=0.5)
    assert not found.enough
    assert found.more_runs == 30  # 90 runs give 30 values
    assert not measure(np.linspace(0, 1e-9, FEWEST - 1), 1.0).enough
    assert measure(np.linspace(0, 1e-9, FEWEST), 1.0).enough


@pytest.mark.parametrize("values", [np.zeros(100), np.full(40, np.nan), np.array([1.0] + 39 * [np.nan])])
def test_values_without_spread_tell_no_interval(values):
    found = measure(values, 0.1)
    assert math.isnan(found.width)
    assert not found.enough
    assert found.more_runs is None


def test_the_number_that_it_says_does_about_that():
    values = np.random.default_rng(2).normal(size=5000)
    first = measure(values[:400], 0.15)
    needed = 400 + first.more_runs
    assert needed == pytest.approx((NORMAL / 0.15) ** 2, rel=0.15)  # 683
    assert measure(values[:needed], 0.15).width == pytest.approx(0.15, rel=0.1)


def stopped(asked: float, repetitions: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return after how many normal values the rule stops, and whether its interval then holds the mean, 0.

    All repetitions are looked at together, as columns; the rule is that of `measure`.
    """
    values = np.random.default_rng(seed).normal(size=(600, repetitions))
    length, covered = np.zeros(repetitions, int), np.zeros(repetitions, bool)
    for runs in looks(600):
        going = np.flatnonzero(length == 0)
        low, high = bootstrap_means(values[:runs, going])
        now = (high - low < asked) | (runs == 600)
        length[going[now]], covered[going[now]] = runs, ((low < 0) & (high > 0))[now]
        if now.all():
            break
    return length, covered


def test_known_variance_gives_the_expected_number_of_runs():
    length, _ = stopped(asked=0.5, repetitions=100, seed=3)
    ideal = (NORMAL / 0.5) ** 2  # 61.5
    assert length.mean() == pytest.approx(ideal * 1.1, rel=0.1)  # it goes on to the next look
    assert set(length) <= set(looks(600))


@pytest.mark.parametrize(
    "asked", [0.7, pytest.param(0.5, marks=pytest.mark.slow), pytest.param(0.3, marks=pytest.mark.slow)]
)
def test_stopping_costs_little_coverage(asked):
    repetitions = 2000
    _, covered = stopped(asked, repetitions, seed=4)
    error = math.sqrt(0.93 * 0.07 / repetitions)  # of the share that is counted here
    assert 0.92 - 2 * error < covered.mean() < 0.95 + 2 * error  # about 0.93 was found


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("street_fall=0.5", "did you mean street_falls?"),
        ("street_falls", "is not OUTCOME=WIDTH"),
        ("street_falls=", "is not OUTCOME=WIDTH"),
        ("=0.5", "is not OUTCOME=WIDTH"),
        ("street_falls=narrow", "'narrow' is no number"),
        ("street_falls=0", "must be a number above 0"),
        ("street_falls=-1", "must be a number above 0"),
        ("street_falls=nan", "must be a number above 0"),
        ("street_falls=inf", "must be a number above 0"),
        ("\x1b[31m=1", r"'\\x1b[31m'"),
    ],
)
def test_a_wrong_target_is_named(text, part):
    with pytest.raises(ValueError, match=r"outcome|OUTCOME|number") as caught:
        Target.parse(text)
    assert part in str(caught.value)


def test_a_target_is_read():
    assert Target.parse(" street_falls = 0.5") == Target("street_falls", 0.5)
