"""The ledger: every event of a run, in order, with its reason."""

from __future__ import annotations

import math

from sim.model.history import EVENT_KINDS, Event


class Ledger:
    """Collects events as they happen.

    Attributes
    ----------
    events : list of Event
    tick : int
        The current month.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.tick = 0

    def note(
        self,
        kind: str,
        actor: str,
        target: str = "",
        detail: str = "",
        value: float = math.nan,
        why: str = "",
    ) -> None:
        """Write one event of this month.

        Raises
        ------
        KeyError
            If `kind` is not in `EVENT_KINDS`.
        """
        if kind not in EVENT_KINDS:
            raise KeyError(f"no such kind of event: {kind}")
        self.events.append(Event(self.tick, kind, actor, target, detail, float(value), why))
