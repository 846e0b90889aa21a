"""Parameters and initial states are drawn apart from each other: each has a stream of its own."""

import itertools
import math

import numpy as np

from sim.model.draw import draw_parameters, draw_states
from sim.model.randomness import RandomNumbers
from sim.model.record_followed import world_at
from sim.months import Month

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
