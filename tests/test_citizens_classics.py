"""The citizens' rule holds the published threshold models as special cases: Granovetter, Kuran, Epstein."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.model import kernels


def cascade(motive, *, risk_aversion=None, jail=None, **changes):
    """Run the shipped cascade; the defaults are Granovetter's citizens."""
    size = len(motive)
    rule = {
        "threshold": 0.0, "conformity": 1.0, "deterrence": 0.0, "arrest_constant": 2.3, "force": 0.0,
        "national": 1.0, "localities": 1, **changes,
    }  # fmt: skip
    act = np.zeros(size, dtype=np.uint8)
    share = kernels.cascade(
        np.asarray(motive, dtype=np.float32),
        np.zeros(size, dtype=np.float32) if risk_aversion is None else risk_aversion,
        np.zeros(size, dtype=np.uint8) if jail is None else jail,
        *rule.values(),
        act,
    )
    assert act.sum() == round(share * size)
    return share


def equilibrium(thresholds):
    """Return how many of Granovetter's citizens act; thresholds are counts."""
    size = len(thresholds)
    return round(size * cascade([-threshold / size for threshold in thresholds]))


# -- Granovetter 1978 ----------------------------------------------------------------------------------


def test_granovetter_bandwagon_of_a_hundred_and_its_collapse():
    assert equilibrium(range(100)) == 100
    assert equilibrium([0, 2, *range(2, 100)]) == 1


@pytest.mark.parametrize("size", [10, 100, 1_000, 20_000])
def test_granovetter_bandwagon_is_exact_at_any_size(size):
    assert equilibrium(range(size)) == size
    assert equilibrium([0, 2, *range(2, size)]) == 1


def normal_thresholds(spread, size, mean=25.0):
    """Return a share of citizens: thresholds in per cent at the quantiles of a normal distribution."""
    quantile = NormalDist(mean, spread).inv_cdf
    return cascade([-quantile((i + 0.5) / size) / 100 for i in range(size)])


@pytest.mark.parametrize(
    ("spread", "percent"),
    [(10, 0.770), (11, 1.713), (12, 4.021), (12.2, 5.479), (20, 99.991), (30, 99.339), (50, 90.485)],
)
def test_granovetter_normal_thresholds_meet_the_continuous_limit(spread, percent):
    # least root of x = 100 Phi((x - 25) / spread); quantiles of 100,000 citizens are within .1 of it
    assert 100 * normal_thresholds(spread, 100_000) == pytest.approx(percent, abs=0.1)


def test_granovetter_jump_lies_where_the_curve_touches_the_diagonal():
    low, high = 12.0, 12.6
    while high - low > 0.002:
        middle = (low + high) / 2
        low, high = (middle, high) if normal_thresholds(middle, 10_000) < 0.5 else (low, middle)
    assert 12.22 <= low <= 12.235  # 12.2221 in the limit, 12.225 for 10,000 quantiles
    assert 0.05 < normal_thresholds(low, 10_000) < 0.065  # "about 6"
    assert normal_thresholds(high, 10_000) > 0.99


def test_granovetter_jump_is_not_sharp_in_small_random_crowds():
    rng = np.random.default_rng(1978)
    jumped = {
        spread: np.mean([cascade(-rng.normal(25, spread, 100) / 100) > 0.5 for _ in range(2_000)])
        for spread in (12, 13, 15)
    }
    # the limit jumps at 12.2 from never to always
    assert 0.05 < jumped[12] < jumped[13] < jumped[15] < 0.95


# -- Kuran 1991 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thresholds", "percent"),
    [
        ([0, 20, 20, 30, 40, 50, 60, 70, 80, 100], 10),
        ([0, 10, 20, 30, 40, 50, 60, 70, 80, 100], 90),
        ([0, 10, 30, 30, 40, 50, 60, 70, 80, 100], 20),
    ],
)
def test_kuran_one_citizens_change_may_or_may_not_bring_all_out(thresholds, percent):
    assert 10 * equilibrium([threshold / 10 for threshold in thresholds]) == percent


# -- Epstein 2002 --------------------------------------------------------------------------------------

EPSTEIN = {"threshold": 0.1, "conformity": 0.0, "deterrence": 1.0}


@pytest.fixture(scope="module")
def epstein_citizens():
    """Hardship and risk aversion on a grid of midpoints of the unit square, legitimacy .82."""
    side = (np.arange(1_000, dtype=np.float32) + np.float32(0.5)) / np.float32(1_000)
    hardship, risk_aversion = np.repeat(side, 1_000), np.tile(side, 1_000)
    motive = np.empty_like(hardship)
    kernels.motives(hardship, np.zeros_like(hardship), 0.82, 0.0, 0.0, 0.4, motive)
    return motive, risk_aversion


def test_epstein_share_without_deterrence(epstein_citizens):
    motive, risk_aversion = epstein_citizens
    share = cascade(motive, risk_aversion=risk_aversion, **EPSTEIN)
    assert share == pytest.approx(1 - 0.1 / 0.18, abs=1e-3)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_epstein_share_at_a_given_number_of_officers_to_an_opponent(epstein_citizens, ratio):
    # In the shipped rule the ratio is force over participation: find the force at which it is `ratio`.
    motive, risk_aversion = epstein_citizens
    force = share = 0.4
    for _ in range(12):
        share = cascade(motive, risk_aversion=risk_aversion, force=force, **EPSTEIN)
        force = ratio * share
    probability = 1 - math.exp(-2.3 * ratio)
    assert share == pytest.approx((0.18 - 0.1) ** 2 / (2 * 0.18 * probability), abs=1e-4)


def test_epstein_one_officer_to_one_opponent_arrests_nine_times_in_ten():
    # With motive 1 and risk aversion 1, a citizen acts while the risk stays below 1 - threshold.
    one, nobody = np.ones(1, dtype=np.float32), np.ones(1, dtype=np.float32)
    probability = 1 - math.exp(-2.3)
    assert probability == pytest.approx(0.9, abs=0.001)
    rule = {"conformity": 0.0, "deterrence": 1.0, "force": 1.0}
    assert cascade(one, risk_aversion=nobody, threshold=1 - probability - 1e-4, **rule) == 1
    assert cascade(one, risk_aversion=nobody, threshold=1 - probability + 1e-4, **rule) == 0


def test_epstein_citizens_do_not_copy_each_other(epstein_citizens):
    motive, risk_aversion = epstein_citizens
    alone = cascade(motive, risk_aversion=risk_aversion, **EPSTEIN)
    copying = cascade(motive, risk_aversion=risk_aversion, **{**EPSTEIN, "conformity": 0.2})
    assert copying > alone + 0.05
