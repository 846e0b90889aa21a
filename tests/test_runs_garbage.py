"""A run is not searched for garbage while it is made, and is gone soon after."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest
from test_runs_fakes import RECIPE, FakeScenario

from sim.experiment.chunk import run_one
from sim.experiment.record import FailedRun, RunRecord

MANY = 50_000  # containers: with the collector on, far more than it takes to look for garbage, and look again


class Model:
    """One large cycle, as a model is."""

    def __init__(self):
        self.parts = [[self] for _ in range(MANY)]


@pytest.fixture(autouse=True)
def collector():
    """Leave the collector as it was."""
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("was_on", [True, False])
@pytest.mark.parametrize("raises", [-1, 0])
def test_the_collector_is_left_as_it_was_found(was_on, raises):
    (gc.enable if was_on else gc.disable)()
    record = run_one(RECIPE, FakeScenario(raises=raises), 0)
    assert isinstance(record, RunRecord if raises < 0 else FailedRun)
    assert gc.isenabled() is was_on


def test_the_first_look_after_a_run_frees_its_model():
    models = []

    def simulate(scenario, replicate, world):
        model = Model()
        models.append(weakref.ref(model))
        return RECIPE.simulate(scenario, replicate, world)

    gc.enable()
    for replicate in range(3):
        assert isinstance(run_one(replace(RECIPE, simulate=simulate), FakeScenario(), replicate), RunRecord)
        gc.collect(0)  # looks at the youngest alone
        assert models[-1]() is None
