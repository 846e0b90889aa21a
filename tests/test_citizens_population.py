"""Citizens over time: cohorts, attitudes to Moscow, jail, and what a population is drawn from."""

import numpy as np
import pytest

from sim.model.citizens import kernels, views
from sim.model.citizens.population import Population
from sim.model.randomness import Process, RandomNumbers

SIZE = 20_000


def live(attitude, succession, *, young=0.3, jail=None, drift=0.0, jolt=0.0, replacement=0.0, gap=0.2):
    """Live one month in one state; return mean attitude and share of the young as written."""
    mean, share, replaced = np.zeros(1), np.zeros(1), np.array([young])
    views.live_a_month(
        attitude.size, attitude, succession,
        np.zeros(attitude.size, dtype=np.uint8) if jail is None else jail,
        np.array([drift]), np.array([jolt]), np.array([replacement]), gap, 1.5, replaced, mean, share,
    )  # fmt: skip
    assert mean[0] == pytest.approx(attitude.astype(float).mean(), abs=1e-8)
    assert share[0] == (succession < np.float32(replaced[0])).mean()
    assert replaced[0] == pytest.approx(young + replacement * (1 - young))
    return mean[0], share[0]


def people(size=SIZE, attitude=0.0):
    """Return attitudes, and places in the order of succession: the first are replaced first."""
    return (
        np.full(size, attitude, dtype=np.float32),
        ((np.arange(size) + 0.5) / size).astype(np.float32),
    )


def test_a_month_without_news_changes_nothing():
    attitude, succession = people()
    before = attitude.copy(), succession.copy()
    live(attitude, succession)
    np.testing.assert_array_equal(attitude, before[0])
    np.testing.assert_array_equal(succession, before[1])


def test_the_old_are_replaced_at_the_stated_rate_and_their_heirs_are_less_attached():
    attitude, succession = people(attitude=0.5)
    _, share = live(attitude, succession, young=0.2, replacement=0.1, gap=0.2)
    assert share == pytest.approx(0.2 + 0.1 * 0.8, abs=1 / SIZE)
    heirs = (succession >= 0.2) & (succession < 0.28)
    np.testing.assert_allclose(attitude[heirs], 0.3, rtol=1e-6)
    np.testing.assert_array_equal(attitude[~heirs], np.float32(0.5))  # neither the old nor the young before


def test_each_of_the_old_is_as_likely_as_any_other_to_be_replaced():
    old = np.random.default_rng(1).random(SIZE, dtype=np.float32)
    share, gone = 0.5, old < 0.5
    for _ in range(20):
        attitude = np.zeros(SIZE, dtype=np.float32)
        live(attitude, old, young=share, replacement=0.05, gap=0.2)
        share += 0.05 * (1 - share)
        heirs = attitude < 0
        assert not (heirs & gone).any()
        left = (~gone).sum()
        assert heirs.sum() / left == pytest.approx(0.05, abs=4.5 * (0.05 * 0.95 / left) ** 0.5)
        gone |= heirs
    assert gone.mean() == pytest.approx(1 - 0.5 * 0.95**20, abs=0.01)


def test_drift_moves_the_young_three_times_as_far_as_their_elders():
    attitude, succession = people()
    live(attitude, succession, drift=-0.1)
    np.testing.assert_allclose(attitude[succession < 0.3], -0.15, rtol=1e-6)
    np.testing.assert_allclose(attitude[succession > 0.3], -0.05, rtol=1e-6)


def test_a_jolt_moves_all_alike():
    attitude, succession = people()
    live(attitude, succession, jolt=-0.1)
    np.testing.assert_allclose(attitude, -0.1, rtol=1e-6)


def test_help_for_the_regime_turns_the_young_most():
    attitude, succession = people()
    views.shift(attitude, succession, 0.3, -0.02, 1.5)
    np.testing.assert_allclose(attitude[succession < 0.3], -0.03, rtol=1e-5)
    np.testing.assert_allclose(attitude[succession > 0.3], -0.01, rtol=1e-5)


@pytest.mark.parametrize("change", [-3.0, 3.0])
def test_attitudes_stay_between_minus_one_and_one(change):
    attitude, succession = people()
    live(attitude, succession, jolt=change)
    assert np.abs(attitude).max() == 1
    views.shift(attitude, succession, 0.3, 3 * change, 1.5)
    assert np.abs(attitude).max() == 1


def test_a_sentence_is_served_month_by_month():
    attitude, succession = people(5)
    jail = np.array([0, 1, 2, 3, 60], dtype=np.uint8)
    for _ in range(2):
        live(attitude, succession, jail=jail)
    np.testing.assert_array_equal(jail, [0, 0, 0, 1, 58])


def test_only_those_who_act_are_arrested_and_at_the_stated_rate():
    act = (np.arange(SIZE) % 2).astype(np.uint8)
    jail = np.zeros(SIZE, dtype=np.uint8)
    arrested = kernels.arrest(RandomNumbers(1, 1, 1).key(Process.ARREST), 0, 0, 0.2, 6, act, jail)
    assert arrested == (jail > 0).sum()
    assert not jail[act == 0].any()
    assert set(jail[jail > 0].tolist()) == {6}
    assert jail[act == 1].mean() / 6 == pytest.approx(0.2, abs=4 * (0.16 * 2 / SIZE) ** 0.5)


def test_arrests_of_two_weeks_and_of_two_states_are_drawn_anew():
    caught = []
    for state, week in [(0, 0), (0, 1), (1, 0)]:
        jail = np.zeros(SIZE, dtype=np.uint8)
        key = RandomNumbers(1, 1, 1).key(Process.ARREST)
        kernels.arrest(key, state, week, 0.5, 6, np.ones(SIZE, dtype=np.uint8), jail)
        caught.append(jail > 0)
    for one, other in [(0, 1), (0, 2), (1, 2)]:
        assert (caught[one] == caught[other]).mean() == pytest.approx(0.5, abs=4 * 0.5 / SIZE**0.5)


def test_the_crowd_speaks_for_itself_and_where_nobody_acts_for_all():
    attitude = np.array([-0.8, -0.6, 0.4, 1.0], dtype=np.float32)
    acting, nobody = np.array([1, 1, 0, 0], dtype=np.uint8), np.zeros(4, dtype=np.uint8)
    assert views.crowd_attitude(attitude, acting) == pytest.approx(-0.7)
    assert views.crowd_attitude(attitude, nobody) == pytest.approx(0.0, abs=1e-6)


def test_falsification_counts_those_who_resent_and_stay_silent():
    hardship = np.array([0.9, 0.9, 0.1, 0.9], dtype=np.float32)
    risk_aversion = np.array([0.0, 1.0, 0.0, 0.0], dtype=np.float32)
    jail = np.array([0, 0, 0, 5], dtype=np.uint8)
    act, motive = np.zeros(4, dtype=np.uint8), np.zeros(4, dtype=np.float32)
    participation, falsification = np.zeros(1), np.zeros(1)
    kernels.watch_all(
        4, hardship, risk_aversion, np.zeros(4, dtype=np.float32), jail, act, motive,
        np.array([0.5]), np.array([0.0]), np.array([0.0]), np.array([10.0]),
        0.4, 0.3, 0.0, np.array([1.0]), 2.3, 1.0, 1, participation, falsification,
    )  # fmt: skip
    assert act.tolist() == [1, 0, 0, 0]
    assert participation[0] == 0.25
    assert falsification[0] == 0.5  # the fearful and the jailed; the contented one falsifies nothing


def population(citizens=SIZE, *, titular=(0.2, -0.3), russians=(0.0, 0.3), gap=0.2, replicate=0):
    return Population(
        RandomNumbers(7, replicate, 1), citizens, list(titular), list(russians), [0.4, 0.4], 0.6, 0.2, gap
    )


def test_a_population_is_drawn_from_what_it_is_given():
    drawn = population(titular=(0.2, 0.0), russians=(0.0, 0.3))
    first, second = drawn.of(0), drawn.of(1)
    assert drawn.young_share == pytest.approx([0.4, 0.4], abs=4 * (0.24 / SIZE) ** 0.5)
    assert drawn.mean_attitude[0] == pytest.approx(0.2, abs=0.01)
    assert drawn.mean_attitude[1] == pytest.approx(0.7 * 0.0 + 0.3 * 0.6, abs=0.015)
    assert drawn.polarisation[1] > drawn.polarisation[0] + 0.03  # two camps
    for own in (first, second):
        young, attitude = drawn.young[own], drawn.attitude[own]
        assert attitude[~young].mean() - attitude[young].mean() == pytest.approx(0.2, abs=0.02)
        for drawn_evenly in (drawn.hardship[own], drawn.risk_aversion[own]):
            deciles = np.histogram(drawn_evenly, 10, (0, 1))[0] / SIZE
            assert deciles == pytest.approx(np.full(10, 0.1), abs=4.5 * (0.09 / SIZE) ** 0.5)
    for other in (drawn.risk_aversion, drawn.attitude):
        assert abs(np.corrcoef(drawn.hardship, other)[0, 1]) < 4 / (2 * SIZE) ** 0.5


def test_ethnic_russians_live_more_in_some_localities():
    drawn = population(titular=(-0.8, -0.8), russians=(0.3, 0.3))
    places = drawn.attitude[drawn.of(0)].reshape(drawn.localities, -1).mean(axis=1)
    assert places[0] > places[-1] + 0.5


def test_a_citizen_is_the_same_in_a_larger_population():
    small, large = population(100), population(400)
    for name in ("hardship", "risk_aversion", "young"):
        np.testing.assert_array_equal(
            getattr(small, name)[small.of(1)], getattr(large, name)[large.of(1)][:100]
        )


def test_a_citizens_view_shifts_with_the_states_and_not_by_chance():
    before, after = population(200, titular=(0.0, 0.0)), population(200, titular=(0.1, 0.0))
    free = np.abs(before.attitude[:200]) < 0.85
    np.testing.assert_allclose((after.attitude - before.attitude)[:200][free], 0.1, atol=1e-6)
    np.testing.assert_array_equal(after.attitude[200:], before.attitude[200:])


def test_replicates_hold_other_people():
    assert (population(100).hardship != population(100, replicate=1).hardship).all()
