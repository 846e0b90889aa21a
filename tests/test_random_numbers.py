"""Random numbers are a function of (seed, replicate, process, entity, tick, index), even and independent.

Seeds are fixed. Were they fresh, each single comparison would raise a false alarm once in 10,000.
"""

import math
from collections import Counter
from statistics import NormalDist

import numpy as np
import pytest

from sim.model.citizens import kernels
from sim.model.randomness import Process, RandomNumbers, name_number, normal

FALSE_ALARM = 1e-4
Z = NormalDist().inv_cdf(1 - FALSE_ALARM / 2)


def table(seed=1, replicate=2, ticks=50, process=Process.SPARK, entities=6, width=4):
    """Return every draw of a process, shape (ticks, entities, width)."""
    numbers = RandomNumbers(seed, replicate, ticks)
    return np.array([numbers.draws(process, tick, entities, width) for tick in range(ticks)])


# -- a function of its key -----------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [{"ticks": 80}, {"entities": 14}, {"width": 9}])
def test_a_draw_does_not_depend_on_how_many_others_there_are(changed):
    few, more = table(), table(**changed)
    np.testing.assert_array_equal(few, more[:50, :6, :4])


@pytest.mark.parametrize("changed", [{"seed": 3}, {"replicate": 3}, {"process": Process.FALL}])
def test_a_draw_depends_on_seed_replicate_and_process(changed):
    assert (table() != table(**changed)).all()


def test_draws_do_not_depend_on_the_order_in_which_they_are_asked_for():
    forward, backward = RandomNumbers(1, 2, 10), RandomNumbers(1, 2, 10)
    asked = [(process, tick) for process in (Process.FALL, Process.WAR) for tick in range(10)]
    first = {key: forward.draws(*key, 5, 2) for key in asked}
    second = {key: backward.draws(*key, 5, 2) for key in reversed(asked)}
    assert first == second


def test_who_draws_below_a_limit_depends_on_how_many_draws_are_asked_for():
    numbers = RandomNumbers(1, 2, 50)
    for tick in range(50):
        for width in (1, 3):
            draws = RandomNumbers(1, 2, 50).draws(Process.SPARK, tick, 6, width)
            expected = [entity for entity, own in enumerate(draws) if min(own) < 0.2]
            assert numbers.below(Process.SPARK, tick, 6, 0.2, width) == expected


def test_no_two_keys_give_the_same_draw():
    draws = np.concatenate([table(process=process).ravel() for process in Process])
    assert len(set(draws.tolist())) == draws.size


def test_a_named_draw_does_not_depend_on_the_other_names():
    numbers = RandomNumbers(1, 2, 12)
    alone = numbers.named_draws(Process.CLASH, 7, ("KGZ-TJK",), 2)[0]
    assert numbers.named_draws(Process.CLASH, 7, ("ARM-AZE", "KGZ-TJK", "KGZ-UZB"), 2)[1] == alone
    assert numbers.named_draws(Process.CLASH, 7, ("KGZ-TJK", "ARM-AZE"), 2)[0] == alone
    assert numbers.named_draws(Process.CLASH, 7, ("ARM-AZE",), 2)[0] != alone


def test_a_quantile_depends_on_its_name_alone():
    one, other = RandomNumbers(1, 2, 12), RandomNumbers(1, 2, 240)
    assert one.quantile(Process.PARAMETERS, "a.b") == other.quantile(Process.PARAMETERS, "a.b")
    assert one.quantile(Process.PARAMETERS, "a.b") != one.quantile(Process.PARAMETERS, "b.a")
    assert one.quantile(Process.PARAMETERS, "a.b") != one.quantile(Process.INITIAL_STATE, "a.b")


def test_a_citizens_draw_does_not_depend_on_how_many_there_are():
    key = RandomNumbers(1, 2, 1).key(Process.HARDSHIP)
    few = kernels.draw_uniforms(key, 3, 50).reshape(3, 50)
    more = kernels.draw_uniforms(key, 5, 200).reshape(5, 200)
    np.testing.assert_array_equal(few, more[:3, :50])


def test_names_are_numbered_by_the_published_hash():
    # test vectors of FNV-1a itself, without the lowest bit
    published = {"": 0xCBF29CE484222325, "a": 0xAF63DC4C8601EC8C, "foobar": 0x85944171F73967E8}
    assert {name: name_number(name) for name in published} == {
        name: number >> 1 for name, number in published.items()
    }


def test_process_numbers_are_unique_and_fixed_for_good():
    numbers = [process.value for process in Process.__members__.values()]
    assert len(set(numbers)) == len(Process.__members__)
    assert min(numbers) > 0
    assert 8 not in numbers  # drawn once, and never to mean anything else
    published = {"PARAMETERS": 1, "HARDSHIP": 3, "COHORT": 6, "DEFECTION": 18, "MEDIATION": 34}
    assert {name: Process[name].value for name in published} == published


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**63 - 1])
def test_every_seed_gives_draws_strictly_inside_the_unit_interval(seed):
    draws = table(seed=seed, ticks=500)
    assert 0 < draws.min() < 0.01
    assert 0.99 < draws.max() < 1


def test_normal_is_the_inverse_of_the_normal_distribution():
    for quantile in (1e-9, 0.025, 0.5, 0.8, 1 - 1e-9):
        assert NormalDist().cdf(normal(quantile)) == pytest.approx(quantile)


# -- even and independent ------------------------------------------------------------------------------


def assert_even(draws, cells=64):
    """Chi-square test that draws are uniform on (0, 1), after Wilson and Hilferty 1931."""
    counts = np.histogram(draws, cells, (0, 1))[0]
    expected = draws.size / cells
    statistic, freedom = ((counts - expected) ** 2 / expected).sum(), cells - 1
    z = ((statistic / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    assert abs(z) < Z


def assert_close_to_uniform(draws):
    """Kolmogorov-Smirnov test, critical value of the limit distribution."""
    ordered, size = np.sort(draws.ravel()), draws.size
    ranks = np.arange(size)
    distance = max((ordered - ranks / size).max(), ((ranks + 1) / size - ordered).max())
    assert distance < math.sqrt(-math.log(FALSE_ALARM / 2) / 2 / size)


def assert_unrelated(one, other):
    """Correlation test; also of the distances from the middle, which plain correlation does not see."""
    for f in (lambda u: u - 0.5, lambda u: np.abs(u - 0.5) - 0.25):
        x, y = f(np.ravel(one)), f(np.ravel(other))
        r = (x * y).mean() / math.sqrt((x * x).mean() * (y * y).mean())
        assert abs(r) * math.sqrt(x.size) < Z


@pytest.mark.parametrize("seed", [0, 1, 20_100_101])
@pytest.mark.parametrize("process", [Process.PARAMETERS, Process.FOCAL_EVENT, Process.MEDIATION])
def test_draws_are_even(seed, process):
    draws = table(seed, process=process, ticks=240, entities=14)
    assert_even(draws)
    assert_close_to_uniform(draws)


@pytest.mark.parametrize("entity", [0, 1, 13])
def test_one_entity_draws_evenly_over_replicates(entity):
    draws = np.array([table(replicate=r, ticks=1, entities=14)[0, entity, 0] for r in range(20_000)])
    assert_even(draws)
    assert_close_to_uniform(draws)
    assert_unrelated(draws[:-1], draws[1:])


def test_citizens_draws_are_even_and_unrelated_between_states_and_purposes():
    numbers = RandomNumbers(1, 2, 1)
    hardship, risk = (
        kernels.draw_uniforms(numbers.key(process), 14, 5_000).reshape(14, -1).astype(float)
        for process in (Process.HARDSHIP, Process.RISK_AVERSION)
    )
    assert_even(hardship)
    assert_even(risk)
    assert_unrelated(hardship, risk)
    assert_unrelated(hardship[:-1], hardship[1:])
    assert_unrelated(hardship[:, :-1], hardship[:, 1:])


def test_entities_ticks_and_indices_are_unrelated():
    draws = table(ticks=600, entities=14)
    assert_unrelated(draws[:, :-1], draws[:, 1:])
    assert_unrelated(draws[:-1], draws[1:])
    assert_unrelated(draws[:-12], draws[12:])
    assert_unrelated(draws[..., :-1], draws[..., 1:])


def test_seeds_replicates_and_processes_are_unrelated():
    draws = table(ticks=600, entities=14)
    assert_unrelated(draws, table(ticks=600, entities=14, seed=2))
    assert_unrelated(draws, table(ticks=600, entities=14, replicate=3))
    for process in (Process.FOCAL_EVENT, Process.CAMPAIGN, Process.ELECTION):
        assert_unrelated(draws, table(ticks=600, entities=14, process=process))


def test_seed_and_replicate_are_not_interchangeable():
    assert (table(seed=3, replicate=4) != table(seed=4, replicate=3)).all()


def test_entity_and_tick_are_not_interchangeable():
    draws = table(ticks=14, entities=14, width=1)[:, :, 0]
    off_diagonal = ~np.eye(14, dtype=bool)
    assert (draws != draws.T)[off_diagonal].all()
    grid = table(ticks=400, entities=400, width=1)[:, :, 0]
    upper = np.triu_indices(400, 1)
    assert_unrelated(grid[upper], grid.T[upper])


def test_runs_up_and_down_are_as_long_as_they_should_be():
    # lengths of runs of values above the median are geometric with probability 1/2
    above = table(ticks=4_000, entities=4, width=1)[:, :, 0].T > 0.5
    lengths = Counter()
    for row in above:
        edges = np.flatnonzero(np.diff(row))
        lengths.update(np.diff(edges).tolist())
    total = lengths.total()
    for length in (1, 2, 3, 4):
        share = 0.5**length
        z = (lengths[length] - total * share) / math.sqrt(total * share * (1 - share))
        assert abs(z) < Z
