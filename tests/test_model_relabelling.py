"""States are names: a world that lists them in another order has the same history, state by state.

Random numbers are keyed by entity, and a state's number is its place in the record. Here the states change
places and keep their numbers; whatever then differs would be an effect of the order in which the model
visits them.
"""

import dataclasses

import numpy as np
import pytest

from sim.model.citizens import kernels
from sim.model.randomness import RandomNumbers
from sim.model.record_followed import world_at
from sim.model.simulate import build
from sim.scenario import Scenario

STORM = {
    "challenges.focal_rate": 2.0,
    "challenges.spark_scale": 0.2,
    "war.window": 0.05,
    "territories.window": 0.02,
}
SUMS = {"influence", "csto_trust"}  # floating-point sums over states, which nothing reads back


class RelabelledNumbers(RandomNumbers):
    """Random numbers that give the state in each place the draws of its own number in the record."""

    def __init__(self, seed, replicate, months, order):
        super().__init__(seed, replicate, months)
        self.order = order

    def _all(self, process, entities, width):
        """Every draw is read from these tables, whichever way it is asked for."""
        shape = (process, entities, width)
        if shape not in self._tables:
            table, states = super()._all(*shape), len(self.order)
            if entities >= states:  # fewer are Moscow's own
                self._tables[shape] = table[:, [*self.order, *range(states, entities)]].copy()
        return self._tables[shape]


def pair(scenario, replicate, order):
    """Return the model of one replicate, and the same with its states in another order."""
    world = world_at(scenario.start)
    closeness = tuple(tuple(world.closeness[one][other] for other in order) for one in order)
    plain = build(scenario, replicate, world)
    states = tuple(world.states[number] for number in order)
    moved = build(scenario, replicate, dataclasses.replace(world, states=states, closeness=closeness))
    moved.numbers = RelabelledNumbers(scenario.seed, replicate, scenario.months, order)
    for name, array in vars(plain.population).items():
        if isinstance(array, np.ndarray):  # the same citizens in another place
            by_state = array.reshape(len(order), -1)[order]
            getattr(moved.population, name)[:] = by_state.reshape(array.shape)
    for regime, number in zip(moved.regimes, order, strict=True):
        same = plain.regimes[number]
        assert regime.code == same.code
        for name in ("attitude", "starting_attitude", "home_attitude", "home_young_share", "polarisation"):
            setattr(regime, name, getattr(same, name))
    return plain, moved


def told(history):
    """Return the month, kind, parties, value and facts of every event, whatever the order within a month.

    Challenges that open in one month are numbered in the order of the states.
    """
    return sorted(
        (e.tick, e.kind, e.actor, e.target, e.detail, str(e.value), str({**e.facts, "challenge": ""}))
        for e in history.events
    )


@pytest.mark.slow
@pytest.mark.parametrize("start", ["1992-01", "2010-01"])
@pytest.mark.parametrize("parameters", [{}, STORM], ids=["calm", "storm"])
def test_states_in_another_order_have_the_same_history(start, parameters, monkeypatch):
    falls = 0
    for replicate in range(4):
        order = np.random.default_rng([1992, replicate]).permutation(14).tolist()
        # the first month would be fitted to citizens as they are before they change places
        fixed = {**parameters, "challenges.start_as_seen": 0}
        scenario = Scenario.build("names", start=start, years=20, citizens=100, parameters=fixed)
        plain, moved = pair(scenario, replicate, order)
        history = plain.run()
        arrest = kernels.arrest
        with monkeypatch.context() as patch:
            patch.setattr(
                kernels,
                "arrest",
                lambda key, state, *rest, _order=order, _arrest=arrest: _arrest(key, _order[state], *rest),
            )
            other = moved.run()
        assert other.states == tuple(history.states[number] for number in order)
        assert told(other) == told(history)
        for name, values in history.series.items():
            np.testing.assert_array_equal(values[:, order], other.series[name], err_msg=name)
        for name, values in history.territories.items():
            np.testing.assert_array_equal(values, other.territories[name], err_msg=name)
        for name, values in history.moscow.items():
            np.testing.assert_allclose(values, other.moscow[name], rtol=1e-6 if name in SUMS else 0)
        falls += sum(event.kind == "fall" for event in history.events)
    assert falls > 5
