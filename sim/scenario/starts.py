"""When a claim begins to hold: from a month, or once the world meets a condition.

Before that the shared world's numbers hold. A condition is data, as the events of a timeline are: a series
above or below a level, or the n-th event of a kind in the run's own ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, model_validator
from pydantic import Tag as Form
from pydantic_core import PydanticCustomError

from sim.model.events import EVENT_KINDS
from sim.model.facts import FACTS
from sim.months import Month
from sim.naming import nearest
from sim.scenario.checking import FORM, refused
from sim.scenario.entry import Condition
from sim.scenario.fields import MonthField, Name, OneOf, Strict, Whole
from sim.scenario.problems import Misfit
from sim.scenario.vocabulary import ACTORS, TARGETS

if TYPE_CHECKING:
    from sim.parameters.priors import Prior

_LEVEL = "a free run sets legitimacy's level once"

ONLY_AT_THE_START = {
    "challenges.start_as_seen": "the first month alone is held against the record",
    "challenges.quiet_months": "the months before the start alone are counted",
    "citizens.attitude_spread": "citizens draw their views once",
    "citizens.russian_attitude": "citizens draw their views once",
    "moscow.learning_weight": "Moscow's beliefs on its instruments learn from then on",
    "moscow.starting_doubt": "Moscow's beliefs on its instruments learn from then on",
    "regimes.corruption_unseen": _LEVEL,
    "regimes.expected_help": "regimes learn from then on what help to expect",
    "regimes.hardship_weight": _LEVEL,
    "regimes.proxy_error": _LEVEL,
    "regimes.proxy_weight": _LEVEL,
    "regimes.unfair_votes_seen": _LEVEL,
    "rivals.course_kept": "a state's course is taken over once",
}
"""Parameters that no rule of a free run reads after its start, with the reason: no claim moves one later."""


class YearsOn(Strict):
    """A month told as years that have passed, such as a quarter of a century since the end of the USSR."""

    years: Annotated[Whole, Field(ge=1, le=100)]
    """How many."""
    since: MonthField
    """From which month."""

    @property
    def month(self) -> Month:
        """The month in which so many years have passed."""
        return self.since + 12 * self.years

    def __str__(self) -> str:
        return f"{self.month}, {self.years} years after {self.since}"


class Occurrence(Strict):
    """The n-th event of a kind since the run began; `sim show --month` lists the kinds."""

    event: Annotated[str, OneOf(tuple(EVENT_KINDS))]
    """Kind of event, as in ``events.parquet``."""
    actor: Annotated[str, OneOf(ACTORS)] | None = None
    """Who must have done it; anybody if not given."""
    target: Annotated[str, OneOf(TARGETS)] | None = None
    """To whom: a state, a pair of states, a territory or an organisation; anybody if not given."""
    detail: Name | None = None
    """Which one, by the codes of its kind; any if not given."""
    facts: dict[str, str] = Field(default_factory=dict)
    """Words that the event must carry, by the name of the fact, such as ``scale: full``."""
    nth: Annotated[Whole, Field(ge=1, le=10_000)] = 1
    """Which of them: the first if not given."""

    @model_validator(mode="after")
    def _check(self) -> Occurrence:
        kind = EVENT_KINDS[self.event]
        found = []
        if self.detail is not None and kind.details is not None and self.detail not in kind.details:
            found.append(_unknown(("detail",), self.detail, tuple(filter(None, kind.details))))
        words = tuple(sorted(name for name in kind.known if FACTS[name].is_word))
        for name, word in self.facts.items():
            if name not in words:
                found.append(_unknown(("facts", name), name, words, at_key=True))
            elif name == "cause" and kind.causes and word not in kind.causes:
                found.append(_unknown(("facts", name), word, tuple(kind.causes)))
        if found:
            raise refused(found)
        return self

    def __str__(self) -> str:
        named = {"actor": self.actor, "target": self.target, **self.facts}
        given = [self.detail, *(f"{key} {word}" for key, word in named.items() if word)]
        words = ", ".join(filter(None, given))
        return f"the {_ordinal(self.nth)} event {self.event}" + (f" ({words})" if words else "")


def _unknown(
    location: tuple[str, ...], given: str, names: tuple[str, ...], *, at_key: bool = False
) -> Misfit:
    allowed = ", ".join(names) or "none: events of this kind carry none"
    return Misfit(location, f"{given!r} is not a valid name", allowed, partial(nearest, given, names), at_key)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}" if number > 1 else "first"


# -- as files give them ----------------------------------------------------------------------------

_MONTH = f"{FORM}month"


def _month_or_years(value: Any) -> str:
    return f"{FORM}{YearsOn.__name__}" if isinstance(value, dict | YearsOn) else _MONTH


def _kind_of_trigger(value: Any) -> str:
    is_event = "event" in value if isinstance(value, dict) else isinstance(value, Occurrence)
    return f"{FORM}{(Occurrence if is_event else Condition).__name__}"


def _a_mapping(value: Any) -> Any:
    if value is not None and not isinstance(value, dict | Strict):
        raise PydanticCustomError("dict_type", "Input should be a valid dictionary")
    return value


FromField = Annotated[
    Annotated[MonthField, Form(_MONTH)] | Annotated[YearsOn, Form(f"{FORM}{YearsOn.__name__}")],
    Discriminator(_month_or_years),
]
"""A month, or years since a month."""

TriggerField = Annotated[
    Annotated[Condition, Form(f"{FORM}{Condition.__name__}")]
    | Annotated[Occurrence, Form(f"{FORM}{Occurrence.__name__}")],
    Discriminator(_kind_of_trigger),
    BeforeValidator(_a_mapping),
]
"""A series beyond a level, or an event."""


@dataclass(frozen=True, slots=True)
class Start:
    """When a claim begins to hold.

    Parameters
    ----------
    since : Month or YearsOn or None
        By the calendar: the month from which it holds in the record. None if the record never met it.
    when : Condition or Occurrence or None
        What must happen first in a free run that begins before; None if the calendar decides.
    """

    since: Month | YearsOn | None = None
    when: Condition | Occurrence | None = None

    @property
    def month(self) -> Month | None:
        """Month from which it holds in the record."""
        return self.since.month if isinstance(self.since, YearsOn) else self.since

    def has_come_by(self, month: Month) -> bool:
        """Whether a run that begins in a month has it from its beginning."""
        return self.month is not None and self.month <= month

    def awaits_event(self, *, historical: bool) -> bool:
        """Whether a run waits for its condition rather than for its month, as a historical one does."""
        return self.when is not None and not historical

    def onset(self, claim: str, priors: Mapping[str, Prior]) -> Onset:
        """Return what a run is given of a claim that begins later."""
        condition = self.when if isinstance(self.when, Condition) else None
        occurrence = self.when if isinstance(self.when, Occurrence) else None
        return Onset(claim, self.month, condition, occurrence, priors)

    def __str__(self) -> str:
        by_calendar = f"from {self.since}" if self.since is not None else ""
        if self.when is None:
            return by_calendar
        on_record = f" (on record {by_calendar})" if by_calendar else " (not on record yet)"
        how = str(self.when) if isinstance(self.when, Condition) else f"{self.when} has come"
        return f"once {how}{on_record}"


@dataclass(frozen=True, slots=True)
class Onset:
    """A claim that begins to hold in the course of a run.

    Parameters
    ----------
    claim : str
        Its id.
    month : Month or None
        From which it holds by the calendar: that of the record where a free run waits for something.
    condition : Condition or None
        Series that must be beyond a level first, in a free run.
    occurrence : Occurrence or None
        Event that must happen first, in a free run.
    priors : mapping of str to Prior
        What its parameters are drawn from, by dotted path.
    """

    claim: str
    month: Month | None
    condition: Condition | None
    occurrence: Occurrence | None
    priors: Mapping[str, Prior]
