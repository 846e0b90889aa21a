"""Claims that begin to hold in the course of a run: until then the shared world's numbers do.

A parameter that a claim moves has the same quantile before and after, so that the months before a start are
those of the world without the claim, bit for bit. A change acts from its month on. What citizens, regimes and
movements have become by then stays; `PostSovietSpace.change` says what is measured anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.draw import draw_prior
from sim.model.timeline import holds, read
from sim.model.trace import later_name

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.randomness import RandomNumbers
    from sim.model.trace import Event
    from sim.scenario.starts import Occurrence, Onset


@dataclass(slots=True, eq=False)
class Waiting:
    """A claim that does not hold yet.

    Parameters
    ----------
    onset : Onset
    values : dict of str to float
        Its parameters once it holds, by dotted path.
    rank : int
        Of two claims on one parameter, the one of the higher rank counts.
    seen : int
        Events of the ledger that have been looked at.
    found : int
        Those among them that it waits for.
    """

    onset: Onset
    values: dict[str, float]
    rank: int
    seen: int = 0
    found: int = 0

    def is_due(self, space: PostSovietSpace) -> bool:
        """Whether it holds from this month on."""
        month, condition, occurrence = self.onset.month, self.onset.condition, self.onset.occurrence
        if not space.historical:  # what the record met, a historical run meets in its month
            if condition is not None:
                return holds(condition, read(space, condition.variable, condition.state), space.month)
            if occurrence is not None:
                return self._has_occurred(occurrence, space.ledger.events)
        return month is not None and space.month >= month

    def _has_occurred(self, what: Occurrence, events: list[Event]) -> bool:
        self.found += len([event for event in events[self.seen :] if matches(what, event)])
        self.seen = len(events)
        return self.found >= what.nth


def matches(what: Occurrence, event: Event) -> bool:
    """Return whether an event is of the kind that a claim waits for."""
    return (
        event.kind == what.event
        and what.actor in (None, event.actor)
        and what.target in (None, event.target)
        and what.detail in (None, event.detail)
        and all(event.facts.get(name) == word for name, word in what.facts.items())
    )


class Onsets:
    """The claims of a run that begin later, in the order in which they take precedence.

    Parameters
    ----------
    space : PostSovietSpace
    numbers : RandomNumbers
        That draws parameters.
    onsets : iterable of Onset
        Where two move one parameter, the last that holds counts.

    Attributes
    ----------
    ranks : dict of str to float
        Of what has changed a parameter, by dotted path.
    """

    def __init__(self, space: PostSovietSpace, numbers: RandomNumbers, onsets: Iterable[Onset]) -> None:
        self.space = space
        self.waiting = [Waiting(onset, _drawn(numbers, onset), rank) for rank, onset in enumerate(onsets)]
        self.ranks: dict[str, float] = {}

    @property
    def draws(self) -> dict[str, float]:
        """What parameters become if the claims that are waited for begin, by `sim.model.trace.later_name`."""
        return {
            later_name(path, each.onset.claim): value
            for each in self.waiting
            for path, value in each.values.items()
        }

    def begin(self) -> None:
        """Let the claims hold whose start has come."""
        due = [each for each in self.waiting if each.is_due(self.space)]
        self.waiting = [each for each in self.waiting if each not in due]
        for each in due:
            self.space.ledger.note("claim", "thesis", "", each.onset.claim)
            outranks = {
                path: value for path, value in each.values.items() if self.ranks.get(path, -1) < each.rank
            }
            self.ranks |= dict.fromkeys(outranks, each.rank)
            self.space.change(outranks)

    def overrule(self, values: Mapping[str, float]) -> None:
        """Change parameters as the scenario's author says: no claim that begins later takes them back."""
        self.ranks |= dict.fromkeys(values, math.inf)
        self.space.change(values)


def _drawn(numbers: RandomNumbers, onset: Onset) -> dict[str, float]:
    return {path: draw_prior(numbers, path, prior) for path, prior in onset.priors.items()}
