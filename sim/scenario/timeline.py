"""The timeline: named events that happen at a month, or once the world meets a condition."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.renamed import current_path
from sim.scenario.entry import Naming, TimelineEntry, listed
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
    Territory,
)
from sim.scenario.vocabulary import MOSCOW

STATUSES = ("latent", "de facto", "passports or peacekeepers", "integrated")
"""What the status of a territory means, 0 to 3."""

Times = Annotated[float, Field(ge=0.05, le=10)]  # not 0: what an act takes is a share of the means


class Challenge(TimelineEntry):
    """A focal event that may set off a mass challenge to the regime of each state."""

    event: Literal["challenge"] = "challenge"
    states: States
    """Where it happens."""
    spark: Share
    """Its strength."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"a focal event of strength {self.spark:g} in {listed(self.states, name)}"


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
    (`succession.old_line_kept_by_heirs`), give or take: for a break give a number. Moscow takes none. In
    any case the legitimacy of an heir is `succession.heir_legitimacy` or more."""

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
        return f"Moscow is at peace with {listed(self.states, name)} {self._length()}"


class WarGoesOn(Lasting):
    """A war of Moscow in each state, under way or begun later, does not end by itself."""

    event: Literal["war_goes_on"] = "war_goes_on"

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"no war of Moscow in {listed(self.states, name, 'or')} ends by itself, {self._length()}"


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


class Means(TimelineEntry):
    """Moscow has more or less money, troops or attention, until such an event says otherwise.

    For Moscow a fall in the price of oil is less money. Of other states it lowers `rents`: see `shock`.
    """

    event: Literal["means"] = "means"
    money: Times | None = None
    """Money for influence abroad, in times what it would be: 0.5 is half. As it was if not given."""
    troops: Times | None = None
    """Troops that can be sent abroad, in the same way."""
    attention: Times | None = None
    """Attention, in the same way."""

    @model_validator(mode="after")
    def _check_given(self) -> Means:
        if not self.given:
            raise PydanticCustomError("rule", "give `money`, `troops` or `attention`, or several of them")
        return self

    @property
    def given(self) -> dict[str, float]:
        """What is changed, in times what it would be, by name."""
        changed = {"money": self.money, "troops": self.troops, "attention": self.attention}
        return {name: times for name, times in changed.items() if times is not None}

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        del name
        return "Moscow has " + listed(
            tuple(f"{times:g} times the {what}" for what, times in self.given.items()), str
        )


class WithdrawGarrisons(TimelineEntry):
    """A share of each garrison leaves for the front."""

    event: Literal["withdraw_garrisons"] = "withdraw_garrisons"
    states: States
    """Whose garrisons."""
    share: Share
    """The share that leaves; 1 is all of it."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{self.share:.0%} of Moscow's garrison leaves {listed(self.states, name)}"


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
        what, where = listed(self.instruments, name, "or"), listed(self.states, name, "or")
        return f"Moscow does not use {what} in {where} for {self.months} months"


class Shock(TimelineEntry):
    """A variable of some states jumps.

    From then on it moves by the model's rules: rents return to their usual level.
    """

    event: Literal["shock"] = "shock"
    states: States
    """Where."""
    variable: ShockVariable
    """What jumps."""
    change: Signed
    """By how much, up or down; the result stays in the variable's range."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        return f"{name(self.variable)} jumps by {self.change:+g} in {listed(self.states, name)}"


class Engage(TimelineEntry):
    """The engagement of an outside power is set, everywhere or in some states.

    It multiplies the power's pull on alignment. The West's also multiplies campaigns, what ties to it do to
    successors, and the price that Moscow puts on annexation, on integration and on war there.
    """

    event: Literal["engage"] = "engage"
    power: Power
    """Whose engagement."""
    engagement: Annotated[float, Field(ge=0, le=3)]
    """1 is as in the record."""
    states: States | None = None
    """Where; everywhere if not given, whatever was set of single states before."""

    def in_words(self, name: Naming = str) -> str:
        """Return what happens in plain words, with codes as `name` puts them."""
        where = f" in {listed(self.states, name)}" if self.states else ""
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
        status = STATUSES[self.status]
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
    | Means
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


def limits_of(field: FieldInfo) -> tuple[float, float] | None:
    """Return the least and the largest number that a key may have; None where it is no number."""
    least = next((each.ge for each in field.metadata if hasattr(each, "ge")), None)
    most = next((each.le for each in field.metadata if hasattr(each, "le")), None)
    return None if least is None or most is None else (float(least), float(most))


def words_of(field: FieldInfo) -> tuple[str, ...]:
    """Return the words of which a key takes one; none where it takes other things."""
    return next((each.names for each in field.metadata if isinstance(each, OneOf)), ())
