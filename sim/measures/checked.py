"""A run as a user's outcome sees it: a wrong name is told with the nearest, where it would count nothing.

The package's own outcomes see the run itself, and what they return hangs on `sim.measures.history` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.measures.falls import FALL
from sim.measures.history import RunHistory
from sim.model.events import EVENT_KINDS
from sim.naming import printable, several
from sim.renamed import among
from sim.scenario.states import nearest_code
from sim.scenario.vocabulary import ACTORS, ORGANISATIONS, TARGETS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.model.trace import Challenge, Event

_MOST_LISTED = 25  # names that a message lists
_PARTS = ("events", "moscow", "territories")  # of a run, that `frame` gives beside series


def checked(history: Any) -> Any:
    """Return the same run, with names checked; anything else as it is."""
    if type(history) is not RunHistory:
        return history
    seen = CheckedHistory.__new__(CheckedHistory)
    seen.__dict__ = history.__dict__  # what is found once is found for both
    return seen


class CheckedHistory(RunHistory):
    """`RunHistory`, whose methods refuse names that do not exist."""

    def of(  # noqa: D102 - as in the class above, like all that follow
        self,
        kind: str,
        *details: str,
        targets: Collection[str] | None = None,
        actors: Collection[str] = (),
    ) -> list[Event]:
        kind = _kind(kind)
        known = EVENT_KINDS[kind].details
        for detail in details if known is not None else ():
            _named(f"detail of {kind}", detail, known or ())
        return super().of(
            kind,
            *details,
            targets=None if targets is None else self._those("targets", targets, TARGETS),
            actors=self._those("actors", actors, ACTORS),
        )

    def challenged(self, states: Collection[str]) -> list[Challenge]:  # noqa: D102
        return super().challenged(self._states(states))

    def falls(self, how: str, states: Collection[str]) -> list[Event]:  # noqa: D102
        if how:
            _named("way to fall", how, EVENT_KINDS[FALL].details or ())
        return super().falls(how, self._states(states))

    def preceded(self, event: Event, kinds: Iterable[str], within: int) -> bool:  # noqa: D102
        return super().preceded(event, [_kind(kind) for kind in several(kinds, "kinds")], within)

    def of_region(self, series: str) -> NDArray[np.float32]:  # noqa: D102
        return super().of_region(_named("series of states", series, self.series))

    def path(self, series: str, state: str) -> NDArray[np.float32]:  # noqa: D102
        (state,) = self._states(state)
        return super().path(_named("series of states", series, self.series), state)

    def members_at_start(self, organisation: str) -> frozenset[str]:  # noqa: D102
        known = {*ORGANISATIONS, "NATO", *(name for state in self.world.states for name in state.memberships)}
        return super().members_at_start(_named("organisation", organisation, sorted(known)))

    def frame(self, name: str) -> pd.DataFrame:  # noqa: D102
        return super().frame(_named("part of a run", name, (*_PARTS, *self.series)))

    def _states(self, states: Collection[str]) -> list[str]:
        return [_named("state", code, self.states) for code in several(states, "states", "codes of states")]

    def _those(self, what: str, given: Collection[str], usual: Iterable[str]) -> list[str]:
        """Return whom events are asked of, all of whom may be among them."""
        names = several(given, what)
        known = {*usual, *self.states, *self.territories, ""}
        for name in names:
            if name not in known:  # but a scenario may have what no list has: then it is in the run
                known |= {getattr(event, what.removesuffix("s")) for event in self.events}
                _named(what.removesuffix("s"), name, known)
        return names


def _kind(kind: str) -> str:
    return _named("kind of event", among("event", kind, EVENT_KINDS), EVENT_KINDS)


def _named(what: str, name: Any, known: Iterable[str]) -> str:
    """Return a name that is known.

    Raises
    ------
    RequestError
        If it is not, with the nearest, and with all that there are where they are few.
    """
    there = tuple(known)
    if name in there:
        return str(name)
    close = nearest_code(name, there) if isinstance(name, str) else None
    hints = [f"did you mean {close}?"] if close else []
    hints += [f"there are: {', '.join(filter(None, there))}"] if len(there) <= _MOST_LISTED else []
    raise RequestError(f"no {what} {printable(name)[:80]!r}{'; ' if hints else ''}{' '.join(hints)}")
