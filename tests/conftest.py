"""A small model before its first month, for tests that look at one mechanism at a time."""

import os

# Tests run side by side, one process a core. Threads of OpenMP that wait for each other would take the cores
# from the other tests: training classifiers in two such processes on two cores takes five times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from sim.model.simulate import build
from sim.scenario import Scenario

LONGEST = (
    "test_claims_signed.py", "test_remake.py", "test_documentation.py", "test_workers.py",
    "test_planted_faults.py", "test_runs_unbreakable.py", "test_runs_cluster.py", "test_benchmarks.py",
    "test_model_parameters.py", "test_contributing.py", "test_figures_draw.py", "test_explore_browser.py",
)  # fmt: skip
"""Files that take a minute or more, the longest first: by their name the last of all would be among them."""


def pytest_collection_modifyitems(items):
    """Put files with slow tests first: they are handed out in this order, and what starts late ends late."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    ranks = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (item.path not in slow, ranks.get(item.path.name, len(ranks))))


@pytest.fixture
def situation():
    """Return a function that builds one small replicate; keys of a scenario file may be given."""

    def make(replicate=0, **keys):
        small = {"start": "2010-01", "years": 3, "citizens": 100, **keys}
        return build(Scenario.build("situation", **small), replicate)

    return make
