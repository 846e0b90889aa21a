"""Parameters and initial states are drawn apart from each other: each has a stream of its own."""

import itertools
import math

import numpy as np
import pytest

from sim.model.draw import draw_parameters, draw_states
from sim.model.randomness import RandomNumbers
from sim.model.record_followed import world_at
from sim.months import Month
from sim.scenario.ranges import initial_ranges
from sim.world.state import MEANS

REPLICATES = 400
Z = 5.0  # of a normal statistic: one false alarm in 1.7 million


def assert_unrelated(columns):
    """No two quantities move together over replicates."""
    ranks = [np.argsort(np.argsort(column)) for column in columns]
    for one, other in itertools.combinations(ranks, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) * math.sqrt(REPLICATES) < Z


def test_parameters_are_drawn_apart():
    drawn = [draw_parameters(RandomNumbers(1, replicate, 1), {})[1] for replicate in range(REPLICATES)]
    uncertain = [path for path in drawn[0] if drawn[0][path] != drawn[1][path]][:12]
    assert len(uncertain) == 12
    assert_unrelated([[values[path] for values in drawn] for path in uncertain])


def test_states_start_apart():
    world = world_at(Month.of(2010, 1))
    drawn = [draw_states(RandomNumbers(1, replicate, 1), world, {}) for replicate in range(REPLICATES)]
    quantities = [(state, name) for state in (3, 9, 12) for name in ("legitimacy", "cohesion", "alignment")]
    assert_unrelated([[starts[state][name] for starts in drawn] for state, name in quantities])


@pytest.mark.parametrize("name", MEANS)
def test_a_scenario_sets_what_moscow_starts_with_and_nothing_else(situation, name):
    allowed = initial_ranges()[f"RUS.{name}"]
    value = (allowed.low + allowed.high) / 2
    plain, changed = situation(), situation(initial={f"RUS.{name}": value})
    assert changed.starting_budget == plain.starting_budget | {name: value}
    assert changed.values == plain.values
    assert [start.values for start in changed.starts] == [start.values for start in plain.starts]


def test_what_moscow_starts_with_is_what_it_spends(situation):
    changed = situation(initial={"RUS.troops": 33, "RUS.money": 4, "RUS.attention": 2, "RUS.war_load": 0.4})
    budget = changed.moscow.budget
    assert (budget.troops, budget.money, budget.attention) == (33, 4, 2)
    assert changed.wars.load_in_ukraine == 0.4
