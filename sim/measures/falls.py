"""Falls among events, for whoever holds a run's events or the table of them, and not its whole history.

An outcome asks its history (`sim.measures.history.RunHistory.falls`), of which these are the same events.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.model.trace import Event

FALL = "fall"
"""The kind of event."""


def falls_among(events: Iterable[Event], how: str = "", state: str = "") -> list[Event]:
    """Return the falls of incumbents among some events, in their order.

    Parameters
    ----------
    events : iterable of Event
    how : str
        To the ``street`` or to an ``elite``; to either without it.
    state : str
        Code of the state that they fall in; any without it.
    """
    return [
        event
        for event in events
        if event.kind == FALL and how in ("", event.detail) and state in ("", event.target)
    ]


def rows_of_falls(events: pd.DataFrame, how: str = "") -> pd.DataFrame:
    """Return the rows of ``events.parquet`` that are falls; ``how`` as in `falls_among`."""
    falls = events[events["kind"] == FALL]
    return falls[falls["detail"] == how] if how else falls
