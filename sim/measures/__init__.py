"""Measure: what the numbers of one run say, from its history alone.

An outcome is one function in one of the modules named ``outcomes_...``; `OUTCOMES` and `STATE_OUTCOMES` hold
them all, in the order in which they are registered here. Importing this is fast: what computes is imported
when it is needed.
"""

from __future__ import annotations

# isort: off
# In the order of the columns of outcomes.parquet
from sim.measures import outcomes_of_challenges
from sim.measures import outcomes_of_alignment
from sim.measures import outcomes_of_moscow
from sim.measures import outcomes_of_territories
from sim.measures import outcomes_by_state

# isort: on
from sim.measures.registry import (
    OUTCOMES,
    STATE_OUTCOMES,
    Outcome,
    OutcomeError,
    chosen_outcomes,
    find_outcome,
    key_outcomes,
    measure,
    outcome,
    package_outcomes,
    state_outcome,
)

__all__ = [
    "OUTCOMES",
    "STATE_OUTCOMES",
    "Outcome",
    "OutcomeError",
    "chosen_outcomes",
    "find_outcome",
    "key_outcomes",
    "measure",
    "outcome",
    "outcomes_by_state",
    "outcomes_of_alignment",
    "outcomes_of_challenges",
    "outcomes_of_moscow",
    "outcomes_of_territories",
    "package_outcomes",
    "state_outcome",
]
