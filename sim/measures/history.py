"""One run as an outcome sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from sim.measures.falls import FALL, falls_among

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.model.trace import Challenge, Event, History
    from sim.months import Month
    from sim.world.state import World

CLIENT_ALIGNMENT = 0.25
"""A state more aligned with Moscow than this is its client."""

WAR_LOAD = 0.05
"""Moscow counts as at war while the load of all its wars together is above this."""

ALLIANCE = "CSTO"
MOSCOWS_CLUBS = ("CIS", "CSTO", "EAEU")
"""Organisations that Moscow leads."""

NAN = float("nan")
"""Value of an outcome that is undefined in a run."""


def share(part: float, whole: float) -> float:
    """Return a part over the whole; NaN where there is no whole."""
    return part / whole if whole else NAN


class RunHistory:
    """One run: monthly series, territories, events, and the numbers that it drew.

    Parameters
    ----------
    history : History
        As the model made it, or as it was stored.
    world : World
        The record at the start month.
    draws : mapping of str to float, optional
        Every drawn parameter by dotted path.

    Attributes
    ----------
    start : Month
        The first month; that of row ``i`` of a series is ``start + i``.
    months : int
        Length of the run.
    states : tuple of str
        Codes of the states around Moscow, such as ``KGZ``: the columns of every array in ``series``.
    region, baltic, central_asia : tuple of str
        The states without the Baltic ones; those; and of the former, the ones of Central Asia.
    series : dict of str to ndarray, shape (months, states), float32
        Value of each of `sim.series.STATE_SERIES` at the end of each month.
    moscow : dict of str to ndarray, shape (months,), float32
        The same of each of `sim.series.MOSCOW_SERIES`.
    territories : dict of str to ndarray, shape (months,), int8
        Status of each disputed territory: 0 latent, 1 de facto, 2 protected by Moscow, 3 integrated.
    challenges : list of Challenge
        In the order in which they opened; `sim.model.trace.Challenge` says what each holds, such as its
        state, start, end and peak, the regime's answers and Moscow's help.
    events : list of Event
        In order of time; each has ``tick`` (months since the start), ``kind``, ``actor``, ``target``,
        ``detail``, ``value`` and ``facts``. `sim.model.events.EVENT_KINDS` says what they mean.
    draws : mapping of str to float
    world : World
        What the record says of each state at the start.

    Examples
    --------
    >>> history.series["legitimacy"][-1].mean()  # over states, in the last month  # doctest: +SKIP
    >>> history.path("alignment", "KGZ")[-1]  # doctest: +SKIP
    >>> history.count("fall", "street", targets=("KGZ", "TJK"))  # doctest: +SKIP
    >>> history.frame("participation")["UKR"].idxmax()  # the month of the largest crowd  # doctest: +SKIP
    """

    def __init__(self, history: History, world: World, draws: Mapping[str, float] | None = None) -> None:
        self.start: Month = history.start
        self.states: tuple[str, ...] = history.states
        self.series: Mapping[str, NDArray[np.float32]] = history.series
        self.moscow: Mapping[str, NDArray[np.float32]] = history.moscow
        self.territories: Mapping[str, NDArray[np.int8]] = history.territories
        self.challenges: list[Challenge] = history.challenges
        self.events: list[Event] = history.events
        self.world = world
        self.draws: Mapping[str, float] = draws or {}
        self.months = len(next(iter(history.series.values())))
        self.baltic = tuple(state.code for state in world.states if state.region == "Baltic")
        self.central_asia = tuple(state.code for state in world.states if state.region == "Central Asia")
        self.region = tuple(code for code in history.states if code not in self.baltic)

    # -- events ------------------------------------------------------------------------------------

    def of(
        self, kind: str, *details: str, targets: Collection[str] | None = None, actors: Collection[str] = ()
    ) -> list[Event]:
        """Return the events of a kind, in order.

        Parameters
        ----------
        kind : str
            One of `sim.model.events.EVENT_KINDS`.
        *details : str
            Those of any detail if none is given.
        targets, actors : collection of str, optional
            Those of any if not given.
        """
        return [
            event
            for event in self._by_kind.get(kind, ())
            if (not details or event.detail in details)
            and (targets is None or event.target in targets)
            and (not actors or event.actor in actors)
        ]

    def count(
        self, kind: str, *details: str, targets: Collection[str] | None = None, actors: Collection[str] = ()
    ) -> int:
        """Return how many events `of` finds."""
        return len(self.of(kind, *details, targets=targets, actors=actors))

    def challenged(self, states: Collection[str]) -> list[Challenge]:
        """Return the challenges to some states' regimes."""
        return [challenge for challenge in self.challenges if challenge.state in states]

    def falls(self, how: str, states: Collection[str]) -> list[Event]:
        """Return the falls of some states' incumbents to the ``street`` or to an ``elite``."""
        return falls_among(self.of(FALL), how, states)

    def preceded(self, event: Event, kinds: Iterable[str], within: int) -> bool:
        """Whether an event of some kinds came before another in the same state, at most so many months.

        Within a month what stands first in the ledger came first.
        """
        place = self._places[id(event)]
        return any(
            earlier.target == event.target
            and event.tick - earlier.tick <= within
            and self._places[id(earlier)] < place
            for kind in kinds
            for earlier in self._by_kind.get(kind, ())
        )

    # -- states ------------------------------------------------------------------------------------

    @property
    def state_years(self) -> float:
        """States of the region times the years of the run."""
        return len(self.region) * self.months / 12

    def of_region(self, series: str) -> NDArray[np.float32]:
        """Return a series of the states of the region, shape (months, states of the region)."""
        return self.series[series][:, [self.states.index(code) for code in self.region]]

    def path(self, series: str, state: str) -> NDArray[np.float32]:
        """Return a series of one state, shape (months,)."""
        return self.series[series][:, self.states.index(state)]

    def members_at_start(self, organisation: str) -> frozenset[str]:
        """Return the members of an organisation before the first month."""
        return frozenset(state.code for state in self.world.states if organisation in state.memberships)

    def members_at_end(self, organisation: str) -> frozenset[str]:
        """Return the members of an organisation after the last month."""
        members = set(self.members_at_start(organisation))
        for event in self.of("membership", targets=(organisation,)):
            (members.add if event.detail == "joined" else members.discard)(event.actor)
        return frozenset(members)

    # -- tables ------------------------------------------------------------------------------------

    def frame(self, name: str) -> pd.DataFrame:
        """Return part of the run as a table.

        Parameters
        ----------
        name : str
            A series of the states (a column a state), ``moscow`` (a column a series) or ``territories`` (a
            column a territory), each with a row a month, such as ``2014-03``; or ``events`` (a row an event).

        Raises
        ------
        KeyError
            If there is no such part.
        """
        import pandas as pd  # noqa: PLC0415 - names and labels load without it

        if name == "events":
            columns = ["tick", "kind", "actor", "target", "detail", "value"]
            return pd.DataFrame({key: [getattr(event, key) for event in self.events] for key in columns})
        months = pd.Index([str(self.start + tick) for tick in range(self.months)], name="month")
        if name in ("moscow", "territories"):
            return pd.DataFrame(dict(getattr(self, name)), index=months)
        return pd.DataFrame(self.series[name], index=months, columns=list(self.states))

    # -- what is found once ------------------------------------------------------------------------

    @cached_property
    def _by_kind(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.kind, []).append(event)
        return found

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(event): place for place, event in reversed(list(enumerate(self.events)))}
