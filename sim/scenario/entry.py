"""What every event of a timeline has: a name, and when it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.fields import MonthField, Name, OneOf, State, Strict
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


def listed(codes: tuple[str, ...], name: Naming, last: str = "and") -> str:
    """Return codes as a list in words."""
    return f" {last} ".join(", ".join(map(name, codes)).rsplit(", ", 1))
