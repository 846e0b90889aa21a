"""One run's row of results: its outcomes, and the class in which it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.end_state import end_state
from sim.results.outcomes import outcomes

if TYPE_CHECKING:
    from sim.model.history import History
    from sim.world.state import World


def summarise(history: History, world: World) -> dict[str, float | str]:
    """Return a run's columns of ``outcomes.parquet``: every outcome, the end state and the reason for it."""
    values = outcomes(history, world)
    state = end_state(values)
    return {**values, "end_state": state.name, "end_state_reason": state.reason}
