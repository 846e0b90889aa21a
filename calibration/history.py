"""A history as an observer could have written it down: dated facts, no hidden state.

The record and a simulated run are brought to this one form, so that a pattern is computed by the same
function from both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.months import Month
from sim.series import Meanings

BALTIC = ("EST", "LVA", "LTU")
REGION = ("MDA", "BLR", "UKR", "GEO", "ARM", "AZE", "KAZ", "UZB", "TKM", "KGZ", "TJK")
"""The states of the region: all but Russia and the Baltic ones."""

CLOSED = ("AZE", "UZB", "TKM", "TJK")
"""States of the region with a mean electoral democracy index (V-Dem) below 0.25 in 1992-2024."""


INTERVENTIONS: Meanings = {
    "words": "political support for the incumbent",
    "means": "money, arms or security help for the incumbent",
    "troops": "troops sent to save the incumbent",
    "integration": "an economic union or another tie that binds",
    "territory": "support of a secession, passports, peacekeepers, recognition or annexation",
    "war": "large-scale force against the state",
    "mediation": "stepping in between two states",
}
"""Kinds of what Moscow does, from its instruments."""

CROWD = 10_000
"""Persons from which a crowd is large: below it, reports are patchy."""


@dataclass(frozen=True, slots=True, order=True)
class Observation:
    """One dated fact.

    Parameters
    ----------
    month : Month
    subject : str
        Whom it is about: a state's code, a territory, or a pair of states as ``ARM-AZE``.
    detail : str
        What it was; its vocabulary is that of the field of `ObservedHistory`.
    """

    month: Month
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A mass challenge to a regime.

    Parameters
    ----------
    month : Month
        In which it began.
    state : str
    outcome : str
        ``fell``, ``concession`` or ``survived``.
    support : str
        What Moscow openly gave the incumbent: ``none``, ``words``, or ``means`` (money, arms, troops).
    """

    month: Month
    state: str
    outcome: str
    support: str = "none"


@dataclass(frozen=True, slots=True)
class Window:
    """Calendar years, both included.

    Parameters
    ----------
    first, last : int
    """

    first: int
    last: int

    def __contains__(self, month: Month) -> bool:
        return self.first <= month.year <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    @property
    def years(self) -> int:
        """How many years it has."""
        return self.last - self.first + 1

    @property
    def start(self) -> Month:
        """Its first month."""
        return Month.of(self.first, 1)


@dataclass(frozen=True, slots=True)
class ObservedHistory:
    """What was seen to happen, in order of time.

    Parameters
    ----------
    window : Window
        The years that are covered.
    challenges : tuple of Challenge
    falls : tuple of Observation
        Incumbents brought down; detail ``street`` or ``elite`` (in the record also rebels).
    successors : tuple of Observation
        New leaders after a fall to the street; detail ``anti``, ``neutral`` or ``pro`` (Moscow).
    votes : tuple of Observation
        National elections and successions; those before the window are kept.
    wars : tuple of Observation
        Onsets of large-scale force by Moscow against a state.
    territories : tuple of Observation
        Changes of a territory's status; detail ``arose``, ``upgraded``, ``integrated`` or ``lost``.
    deployments : tuple of Observation
        Troops of the alliance sent to save a regime.
    refusals : tuple of Observation
        Requests for help that Moscow did not meet.
    memberships : tuple of Observation
        Entries into and exits from the alliance (CSTO); detail ``joined`` or ``left``.
    clashes : tuple of Observation
        Between states; subject is the pair, in alphabetical order.
    interventions : tuple of Observation
        What Moscow openly does in or to a state; detail one of `INTERVENTIONS`.
    leaders : tuple of Observation
        New chief executives; detail ``street``, ``elite``, ``vote`` or ``succession``: how the place fell
        free.
    members : mapping of int to int
        Members of the alliance, Russia included, at the end of each year.
    alignment : mapping of (str, int) to float
        Alignment with Moscow by state at the end of each year, -1 to 1: in the record the composite of votes,
        treaties, bases and trade.
    crowds : mapping of (str, int) to float
        Largest crowd of the year by state, persons; 0 where none was seen. States and years without a
        source are absent.
    crowded_months : mapping of (str, int) to int
        Months with a crowd of `CROWD` or more.
    """

    window: Window
    challenges: tuple[Challenge, ...] = ()
    falls: tuple[Observation, ...] = ()
    successors: tuple[Observation, ...] = ()
    votes: tuple[Observation, ...] = ()
    wars: tuple[Observation, ...] = ()
    territories: tuple[Observation, ...] = ()
    deployments: tuple[Observation, ...] = ()
    refusals: tuple[Observation, ...] = ()
    memberships: tuple[Observation, ...] = ()
    clashes: tuple[Observation, ...] = ()
    interventions: tuple[Observation, ...] = ()
    leaders: tuple[Observation, ...] = ()
    members: Mapping[int, int] = field(default_factory=dict)
    alignment: Mapping[tuple[str, int], float] = field(default_factory=dict)
    crowds: Mapping[tuple[str, int], float] = field(default_factory=dict)
    crowded_months: Mapping[tuple[str, int], int] = field(default_factory=dict)

    @property
    def street_falls(self) -> tuple[Observation, ...]:
        """Incumbents brought down by a crowd."""
        return tuple(fall for fall in self.falls if fall.detail == "street")

    def within(self, window: Window) -> ObservedHistory:
        """Return the part of the history in a window; votes before it are kept, since they cast a shadow.

        Raises
        ------
        ValueError
            If the history does not cover the window.
        """
        if window.first < self.window.first or window.last > self.window.last:
            raise ValueError(f"the history covers {self.window}, not {window}")

        def cut(observations: tuple[Observation, ...]) -> tuple[Observation, ...]:
            return tuple(fact for fact in observations if fact.month in window)

        return replace(
            self,
            window=window,
            challenges=tuple(challenge for challenge in self.challenges if challenge.month in window),
            falls=cut(self.falls),
            successors=cut(self.successors),
            votes=tuple(vote for vote in self.votes if vote.month.year <= window.last),
            wars=cut(self.wars),
            territories=cut(self.territories),
            deployments=cut(self.deployments),
            refusals=cut(self.refusals),
            memberships=cut(self.memberships),
            clashes=cut(self.clashes),
            interventions=cut(self.interventions),
            leaders=cut(self.leaders),
            members={
                year: count for year, count in self.members.items() if window.first <= year <= window.last
            },
            alignment=_by_year(self.alignment, window),
            crowds=_by_year(self.crowds, window),
            crowded_months=_by_year(self.crowded_months, window),
        )


def _by_year(values: Mapping[tuple[str, int], Any], window: Window) -> dict[tuple[str, int], Any]:
    return {key: value for key, value in values.items() if window.first <= key[1] <= window.last}
