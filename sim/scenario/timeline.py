"""The timeline: named events that happen at a month, or once the world meets a condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.renamed import current_path
from sim.scenario.fields import (
    Instruments,
    MonthField,
    Name,
    OneOf,
    Organisation,
    Power,
    Share,
    ShockVariable,
    Signed,
    State,
    StateOrMoscow,
    States,
    Strict,
    Territory,
)
from sim.scenario.vocabulary import MOSCOW
from sim.series import MOSCOW_SERIES, STATE_SERIES

Variable = Annotated[str, OneOf((*STATE_SERIES, *MOSCOW_SERIES))]

Naming = Callable[[str], str]
"""Puts the code of a state, instrument, variable, power or organisation into words."""

_ONE_BOUND = {"oneOf": [{"required": ["above"]}, {"required": ["below"]}]}
_ONE_TIME = {"oneOf": [{"required": ["at"]}, {"required": ["when"]}]}


class Condition(Strict, json_schema_extra=_ONE_BOUND):
    """When an event happens: the first month in which a variable is above or below a level."""

    variable: Variable
    """Series of a state (with `state`) or of Moscow (without)."""
    state: State | None = None
    """Whose series; only where the variable belongs to a state."""
    above: float | None = None
    """Holds while the variable is above this."""
    below: float | None = None
    """Holds while the variable is below this."""
    from_: MonthField | None = Field(default=None, alias="from")
    """First month that counts; the start of the run if not given."""
    until: MonthField | None = None
    """Last month that counts; the end of the run if not given."""

    @model_validator(mode="after")
    def _check(self) -> Condition:
        if (self.above is None) == (self.below is None):
            raise PydanticCustomError("rule", "give either `above` or `below`")
        if self.variable in STATE_SERIES and self.state is None:
            raise PydanticCustomError("rule", f"{self.variable} belongs to a state: give `state`")
        if self.variable not in STATE_SERIES and self.state is not None:
            raise PydanticCustomError("rule", f"{self.variable} belongs to no state: leave out `state`")
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise PydanticCustomError("rule", "`until` is before `from`")
        return self

    def __str__(self) -> str:
        whose = f" of {self.state}" if self.state else ""
        bound = f"above {self.above:g}" if self.above is not None else f"below {self.below:g}"
        window = f" from {self.from_}" if self.from_ else ""
        window += f" until {self.until}" if self.until else ""
        return f"{self.variable}{whose} is {bound}{window}"


class TimelineEntry(Strict, json_schema_extra=_ONE_TIME):
    """What every event has: a name, and when it happens."""

    name: Name
    """Its name; an entry with the name of an inherited one replaces it."""
    at: MonthField | None = None
    """Month in which it happens."""
    when: Condition | None = None
    """Condition under which it happens, once."""

    @model_validator(mode="after")
    def _check_time(self) -> TimelineEntry:
        if (self.at is None) == (self.when is None):
            raise PydanticCustomError("rule", "give either `at` (a month) or `when` (a condition)")
        return self


class Challenge(TimelineEntry):
    """A focal event that may set off a mass challenge to the regime of each state."""

    event: Literal["challenge"] = "challenge"
    states: States
    """Where it happens."""
    spark: Share
    """Its strength."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"a focal event of strength {self.spark:g} in {_listed(self.states, name)}"


class Election(TimelineEntry):
    """An election of the chief executive. A new term begins: in free runs no vote is due before its end.

    The chief executive is the prime minister where parliament chooses one; see
    `sim/world/tables/executive_offices.csv`.
    """

    event: Literal["election"] = "election"
    state: State
    """Where it is held."""
    alignment: Signed | None = None
    """Alignment with Moscow that a new leader seeks. If given, the incumbent loses. If not given, it lies
    between the old leader's and what the public wants, give or take."""
    turnover: bool | None = None
    """Whether the incumbent loses; if not given, left to the model, unless `alignment` is given."""

    @model_validator(mode="after")
    def _check_alignment(self) -> Election:
        if self.turnover is False and self.alignment is not None:
            raise PydanticCustomError(
                "rule", "an incumbent who wins keeps the alignment that was sought: leave out `alignment`"
            )
        return self

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        result = {None: "", True: "; the incumbent loses", False: "; the incumbent wins"}[self.turnover]
        aim = "" if self.alignment is None else f"; the winner seeks alignment {self.alignment:g} with Moscow"
        return f"an election in {name(self.state)}{result}{aim}"


class LeaderExit(TimelineEntry):
    """Whoever leads by then dies or leaves, in some runs another leader than in others."""

    event: Literal["leader_exit"] = "leader_exit"
    state: StateOrMoscow
    """Whose leader; `RUS` is Moscow."""
    alignment: Signed | None = None
    """Alignment with Moscow that the successor seeks. If not given, an heir keeps most of the last line
    (`succession.old_line_kept_by_heirs`), give or take: for a break give a number. Moscow takes none."""

    @model_validator(mode="after")
    def _check_alignment(self) -> LeaderExit:
        if self.state == MOSCOW and self.alignment is not None:
            raise PydanticCustomError("rule", "Moscow has no alignment with itself: leave out `alignment`")
        return self

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        aim = (
            ""
            if self.alignment is None
            else f"; the successor seeks alignment {self.alignment:g} with Moscow"
        )
        return f"the leader of {name(self.state)} dies or leaves{aim}"


class UkraineWar(TimelineEntry):
    """Moscow's war in Ukraine at a load; 0 ends it."""

    event: Literal["ukraine_war"] = "ukraine_war"
    load: Share
    """What it takes of Moscow; 1 is a war in full, 0 ends it."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        if self.load == 0:
            return "Moscow's war in Ukraine ends"
        return f"Moscow is at war in Ukraine, with a load of {self.load:g}"


class Lasting(TimelineEntry):
    """What is laid down for some states, until a month or for good."""

    states: States
    """Where it holds."""
    until: MonthField | None = None
    """Last month in which it holds; for good if not given."""

    @model_validator(mode="after")
    def _check_until(self) -> Self:
        first = self.at or (self.when.from_ if self.when else None)
        if self.until is not None and first is not None and self.until < first:
            start = "`at`" if self.at else "`from` of `when`"
            raise PydanticCustomError("rule", f"`until` is before {start}; leave it out for good")
        return self

    def _length(self) -> str:
        return f"until {self.until}" if self.until else "for good"


class Peace(Lasting):
    """Moscow is at peace with each state: a war there ends, and none can start."""

    event: Literal["peace"] = "peace"

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"Moscow is at peace with {_listed(self.states, name)} {self._length()}"


class WarGoesOn(Lasting):
    """A war of Moscow in each state, under way or begun later, does not end by itself."""

    event: Literal["war_goes_on"] = "war_goes_on"

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"no war of Moscow in {_listed(self.states, name, 'or')} ends by itself, {self._length()}"


class SetParameter(TimelineEntry):
    """A parameter changes."""

    event: Literal["set"] = "set"
    parameter: Annotated[Name, AfterValidator(current_path)]
    """Dotted path."""
    value: float
    """What it becomes, in the parameter's own unit."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{self.parameter} becomes {self.value:g}"


class WithdrawGarrisons(TimelineEntry):
    """A share of each garrison leaves for the front."""

    event: Literal["withdraw_garrisons"] = "withdraw_garrisons"
    states: States
    """Whose garrisons."""
    share: Share
    """The share that leaves; 1 is all of it."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{self.share:.0%} of Moscow's garrison leaves {_listed(self.states, name)}"


class NatoPath(TimelineEntry):
    """Progress toward NATO is set."""

    event: Literal["nato_path"] = "nato_path"
    state: State
    """Whose progress."""
    course: Share
    """How far it is: 0 is no step yet, 1 is membership."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"the progress of {name(self.state)} toward NATO is set to {self.course:g}"


class Abstain(TimelineEntry):
    """Moscow does not use some instruments in some states, for a while."""

    event: Literal["abstain"] = "abstain"
    instruments: Instruments
    """What Moscow does not use; `sim list --instruments` says what each is."""
    states: States
    """Where; a territory counts by its host."""
    months: Annotated[int, Field(ge=1, le=600)]
    """For how long."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        what, where = _listed(self.instruments, name, "or"), _listed(self.states, name, "or")
        return f"Moscow does not use {what} in {where} for {self.months} months"


class Shock(TimelineEntry):
    """A variable of some states jumps."""

    event: Literal["shock"] = "shock"
    states: States
    """Where."""
    variable: ShockVariable
    """What jumps."""
    change: Signed
    """By how much, up or down; the result stays in the variable's range."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{name(self.variable)} jumps by {self.change:+g} in {_listed(self.states, name)}"


class Engage(TimelineEntry):
    """The engagement of an outside power is set, everywhere or in some states."""

    event: Literal["engage"] = "engage"
    power: Power
    """Whose engagement."""
    engagement: Annotated[float, Field(ge=0, le=3)]
    """1 is as in the record."""
    states: States | None = None
    """Where; everywhere if not given, whatever was set of single states before."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        where = f" in {_listed(self.states, name)}" if self.states else ""
        size = f"{self.engagement:g} times that in the record"
        return f"the engagement of {name(self.power)}{where} is set to {size}"


class TerritoryStatus(TimelineEntry):
    """The status of a territory is set."""

    event: Literal["territory"] = "territory"
    territory: Territory
    """Which one."""
    status: Annotated[int, Field(ge=0, le=3)]
    """0 latent, 1 de facto, 2 passports or peacekeepers, 3 integrated."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        status = ("latent", "de facto", "passports or peacekeepers", "integrated")[self.status]
        return f"the status of {self.territory} is set to {self.status} ({status})"


class Join(TimelineEntry):
    """A state joins an organisation."""

    event: Literal["join"] = "join"
    state: State
    """Who joins."""
    organisation: Organisation
    """What it joins."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{name(self.state)} joins {name(self.organisation)}"


class Leave(TimelineEntry):
    """A state leaves an organisation."""

    event: Literal["leave"] = "leave"
    state: State
    """Who leaves."""
    organisation: Organisation
    """What it leaves."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{name(self.state)} leaves {name(self.organisation)}"


AnyEvent = (
    Challenge
    | Election
    | LeaderExit
    | UkraineWar
    | Peace
    | WarGoesOn
    | SetParameter
    | WithdrawGarrisons
    | NatoPath
    | Abstain
    | Shock
    | Engage
    | TerritoryStatus
    | Join
    | Leave
)
"""Every kind of event; ``event`` tells them apart."""

TimelineEvent = Annotated[AnyEvent, Field(discriminator="event")]

EVENTS: dict[str, type[TimelineEntry]] = {
    kind.model_fields["event"].default: kind for kind in get_args(AnyEvent)
}
"""Kinds of event by the value of ``event``."""


def own_keys(kind: type[TimelineEntry]) -> dict[str, bool]:
    """Return the keys of a kind of event beside those that every event has, and whether each is needed."""
    shared = {*TimelineEntry.model_fields, "event"}
    return {key: field.is_required() for key, field in kind.model_fields.items() if key not in shared}


def _listed(codes: tuple[str, ...], name: Naming, last: str = "and") -> str:
    return f" {last} ".join(", ".join(map(name, codes)).rsplit(", ", 1))
