"""A small model before its first month, for tests that look at one mechanism at a time."""

import os

# Tests run side by side, one process a core. Threads of OpenMP that wait for each other would take the cores
# from the other tests: training classifiers in two such processes on two cores takes five times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from functools import cache
from pathlib import Path

import pytest

from sim.model.simulate import build
from sim.scenario import Scenario

sys.path.append(str(Path(__file__).parents[1]))  # docs, benchmarks and tests; an installed sim comes before

LONGEST = (
    "test_claims_signed.py", "test_documentation.py", "test_planted_faults.py", "test_remake.py",
    "test_contributing.py", "test_runs_unbreakable.py", "test_model_parameters.py", "test_model_time_step.py",
    "test_runs_cluster.py", "test_identity_words.py", "test_golden_histories.py", "test_workers.py",
    "test_benchmarks.py", "test_figures_draw.py", "test_explore_browser.py", "test_examples.py",
)  # fmt: skip
"""Files that take longest, by processor time; those that mostly wait for processes stand apart.

By their name the last of all would be among them. Two files that wait at once would leave a core idle.
"""


@cache
def marks(path):
    """Return whether a file has slow tests, and whether it has others, by the marks written in it."""
    text = path.read_text(encoding="utf-8")
    return "mark.slow" in text, "pytestmark = pytest.mark.slow" not in text


def pytest_ignore_collect(collection_path, config):
    """Leave unread what has no test of the tier that is asked for: every worker would import all the rest."""
    if not collection_path.match("test_*.py"):
        return None
    has_slow, has_others = marks(collection_path)
    wanted = {"slow": has_slow, "not slow": has_others}.get(config.option.markexpr, True)
    return None if wanted else True


def pytest_collection_modifyitems(items):
    """Put files with slow tests first: they are handed out in this order, and what starts late ends late."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    if unread := sorted(str(path) for path in slow if not marks(path)[0]):
        raise pytest.UsageError(f"`-m slow` would leave out slow tests: write mark.slow in {unread}")
    ranks = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (item.path not in slow, ranks.get(item.path.name, len(ranks))))


@pytest.fixture
def situation():
    """Return a function that builds one small replicate; keys of a scenario file may be given."""

    def make(replicate=0, **keys):
        small = {"start": "2010-01", "years": 3, "citizens": 100, **keys}
        return build(Scenario.build("situation", **small), replicate)

    return make
