"""A small model before its first month, for tests that look at one mechanism at a time."""

import pytest

from sim.model.simulate import build
from sim.scenario import Scenario


@pytest.fixture
def situation():
    """Return a function that builds one small replicate; keys of a scenario file may be given."""

    def make(replicate=0, **keys):
        small = {"start": "2010-01", "years": 3, "citizens": 100, **keys}
        return build(Scenario.build("situation", **small), replicate)

    return make
