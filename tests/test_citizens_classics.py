"""The citizens' rule holds the published threshold models as special cases: Granovetter, Kuran, Epstein."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.model.citizens import kernels
from sim.model.citizens.neighbourhood import Neighbourhood
from sim.model.randomness import RandomNumbers


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
    [
        (10, 0.770),
        (11, 1.713),
        (12, 4.021),
        (12.2, 5.479),
        (12.22, 5.976),
        (12.23, 100),
        (20, 99.991),
        (30, 99.339),
        (50, 90.485),
    ],
)
def test_granovetter_normal_thresholds_meet_the_continuous_limit(spread, percent):
    # least root of x = 100 Phi((x - 25) / spread); quantiles of 100,000 citizens are within .1 of it
    assert 100 * normal_thresholds(spread, 100_000) == pytest.approx(percent, abs=0.1)


def critical_spread(size, width=0.0005):
    """Return the spread above which quantiles of so many citizens let the bandwagon roll."""
    low, high = 12.0, 13.0
    while high - low > width:
        middle = (low + high) / 2
        low, high = (middle, high) if normal_thresholds(middle, size) < 0.5 else (low, middle)
    assert normal_thresholds(high, size) > 0.99
    return low


@pytest.mark.parametrize(("size", "spread"), [(100, 12.549), (1_000, 12.255), (10_000, 12.225)])
def test_granovetter_jump_comes_later_in_small_crowds(size, spread):
    assert critical_spread(size) == pytest.approx(spread, abs=0.001)


def test_granovetter_jump_lies_where_the_curve_touches_the_diagonal():
    # the delay is in proportion to 1 / size: what is left of it without a size is the continuous limit
    small, large = critical_spread(5_000), critical_spread(10_000)
    assert 2 * large - small == pytest.approx(12.2221, abs=0.002)
    assert 0.05 < normal_thresholds(large, 10_000) < 0.065  # "about 6"


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
        ([0, 20, 30, 30, 40, 50, 60, 70, 80, 100], 10),
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


# Epstein on the ground: 40 x 40 sites, 70 % of them citizens' and 4 % officers'; all see seven steps.
# That waits between bursts are exponential is not asserted: they are more regular than that.
GROUND = {
    "side": 40, "citizens": 1120, "officers": 64, "sight": 7, "arrest_constant": 2.3, "longest_sentence": 30,
    **EPSTEIN,
}  # fmt: skip


def crowds(legitimacy, *, seed=2002, whole_officers=True):
    """Return how many act in each period, given its legitimacy."""
    public = Neighbourhood(RandomNumbers(seed, 0, 1), whole_officers=whole_officers, **GROUND)
    return np.array([public.step(level) for level in legitimacy])


@pytest.mark.slow
def test_epstein_bursts_come_only_where_the_ratio_is_floored():
    calm = crowds([0.82] * 2_000, whole_officers=False)
    assert calm.max() < 50
    assert calm.mean() > 0.5
    punctuated = crowds([0.82] * 2_000)
    assert punctuated.max() > 150
    assert 0.75 <= (punctuated <= 50).mean() <= 0.95
    bursts = (np.diff((punctuated > 50).astype(int)) == 1).sum()
    assert bursts > 20


@pytest.mark.slow
def test_epstein_a_jump_brings_out_more_than_the_same_and_more_in_small_slices():
    slices = [max(0.9 - 0.01 * period, 0.0) for period in range(120)]  # all of it, salami tactics
    jump = [0.9 if period < 77 else 0.7 for period in range(120)]  # less than a quarter of it, at once
    peaks = {
        name: [crowds(path, seed=seed).max() for seed in range(6)]
        for name, path in (("slices", slices), ("jump", jump))
    }
    assert np.mean(peaks["jump"]) > 1.3 * np.mean(peaks["slices"])
    assert min(peaks["jump"]) > max(peaks["slices"])


def test_epstein_ground_holds_everyone_once_and_jails_only_those_who_act():
    public = Neighbourhood(RandomNumbers(2002, 0, 1), whole_officers=True, **GROUND)
    longest = 0
    for _ in range(60):
        before, acted = public.jail.copy(), public.act.copy()
        public.step(0.6)
        people = public._ground[public._ground >= 0]
        assert sorted(people) == list(range(1120 + 64))
        np.testing.assert_array_equal(public._ground[public._site], np.arange(1120 + 64))
        assert not (public.act & (public.jail > 0)).any()
        still = before > 1
        np.testing.assert_array_equal(public.jail[still], before[still] - 1)
        assert not acted[still].any()
        longest = max(longest, int(public.jail.max()))
    assert 25 <= longest <= 30


def test_epstein_on_the_ground_without_officers_is_the_share_without_deterrence():
    public = Neighbourhood(RandomNumbers(2002, 0, 1), whole_officers=False, **{**GROUND, "officers": 0})
    expected = (public.hardship * np.float32(0.18) >= np.float32(0.1)).sum()
    assert public.step(0.82) == expected
    assert expected / 1120 == pytest.approx(1 - 0.1 / 0.18, abs=0.05)


def test_a_ground_too_small_is_refused():
    with pytest.raises(ValueError, match="1184 people do not fit on 100 sites"):
        Neighbourhood(RandomNumbers(1, 0, 1), whole_officers=False, **{**GROUND, "side": 10})
