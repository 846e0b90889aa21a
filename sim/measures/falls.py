"""Falls among events: what counts as one, for histories, told runs and tables alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.model.trace import Event

FALL = "fall"
"""The kind of event."""


def falls_among(events: Iterable[Event], how: str = "", states: Collection[str] | None = None) -> list[Event]:
    """Return the falls of incumbents among some events, in their order.

    Parameters
    ----------
    events : iterable of Event
    how : str
        To the ``street`` or to an ``elite``; to either without it.
    states : collection of str, optional
        Codes of the states in which they fall; any without it.
    """
    return [
        event
        for event in events
        if event.kind == FALL and how in ("", event.detail) and (states is None or event.target in states)
    ]


def rows_of_falls(events: pd.DataFrame, how: str = "") -> pd.DataFrame:
    """Return the rows of ``events.parquet`` that are falls; ``how`` as in `falls_among`."""
    falls = events[events["kind"] == FALL]
    return falls[falls["detail"] == how] if how else falls
