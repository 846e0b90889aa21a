"""The challenges of a run, each with everything that the ledger holds of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sim.instruments import RESCUE_INSTRUMENTS

EventRow = dict[Any, Any]
"""A row of ``events.parquet``."""

OPENINGS = ("challenge", "flare")
"""Kinds of event that open a challenge."""


@dataclass(slots=True)
class Challenge:
    """One mass challenge to one regime.

    Parameters
    ----------
    state : str
    events : list of dict
        Rows of ``events.parquet``, in order: the opening, responses, requests, Moscow's help and refusals,
        the services' defection, a fall with its successor, the end.
    """

    state: str
    events: list[EventRow] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[EventRow]:
        """Return its events of a kind."""
        return [event for event in self.events if event["kind"] == kind]

    def first(self, kind: str) -> EventRow | None:
        """Return its first event of a kind, if any."""
        return next((event for event in self.events if event["kind"] == kind), None)

    @property
    def opened(self) -> EventRow:
        """Its first event: a ``challenge``, or a ``flare`` where the street came back within half a year."""
        return self.events[0]

    @property
    def renewed(self) -> bool:
        """Whether the street came back too soon for the ledger to count a new challenge."""
        return str(self.opened["kind"]) != "challenge"

    @property
    def ended(self) -> EventRow | None:
        """Its end; None if the run ended first."""
        return self.first("challenge_ended")

    @property
    def felled(self) -> bool:
        """Whether the regime fell in it."""
        return self.first("fall") is not None

    @property
    def turned_course(self) -> bool:
        """Whether it ended by a response that no month began with: the ledger notes each month's first."""
        by = {"repressed": "repress", "bought off": "buy off", "conceded": "concede"}
        responses = self.of_kind("response")
        how = by.get(self.ended["detail"]) if self.ended else None
        return how is not None and how not in [event["detail"] for event in responses]

    @property
    def months(self) -> int:
        """Months from the first to the last event, both counted."""
        return int(self.events[-1]["tick"]) - int(self.opened["tick"]) + 1

    @property
    def peak(self) -> float:
        """Largest share of citizens in open opposition, 0-1."""
        if self.ended is not None:
            return float(self.ended["value"])
        return max(float(e["value"]) for e in self.events if e["kind"] in (*OPENINGS, "response"))


def challenges(events: Iterable[EventRow]) -> list[Challenge]:
    """Gather the challenges of one run.

    Parameters
    ----------
    events : iterable of dict
        The run's rows of ``events.parquet``, in order.

    Returns
    -------
    list of Challenge
        In the order in which they open.
    """
    found: list[Challenge] = []
    under_way: dict[str, Challenge] = {}
    for event in events:
        state, kind = _state(event), event["kind"]
        if not state:
            continue
        if state not in under_way:
            if kind not in OPENINGS:
                continue
            under_way[state] = Challenge(state)
            found.append(under_way[state])
        under_way[state].events.append(event)
        if kind == "challenge_ended":
            challenge = under_way.pop(state)
            if event["detail"] != "fall":  # an elite's own move in the same month is no part of it
                challenge.events = [
                    e
                    for e in challenge.events
                    if e["kind"] not in ("fall", "successor") and e["actor"] != "elites"
                ]
    return found


def _state(event: EventRow) -> str:
    """Return the state whose challenge an event may belong to, or nothing."""
    kind = event["kind"]
    if kind in ("response", "request"):
        return str(event["actor"])
    if kind in (
        *OPENINGS, "challenge_ended", "defection", "fall", "successor", "refusal", "purge",
    ) or (kind == "instrument" and event["detail"] in RESCUE_INSTRUMENTS):  # fmt: skip
        return str(event["target"])
    return ""
