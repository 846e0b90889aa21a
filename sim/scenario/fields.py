"""Types of single fields in scenario files: what each accepts, and how JSON Schema says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.instruments import INSTRUMENTS
from sim.measures.definitions import OUTCOMES
from sim.months import Month
from sim.scenario.problems import shown
from sim.scenario.vocabulary import MOSCOW, ORGANISATIONS, POWERS, SHOCK_VARIABLES, TERRITORIES
from sim.world.state import STATES

SCENARIO_NAME = r"^[^\x00-\x1f\x7f/\\.][^\x00-\x1f\x7f/\\]*$"
"""A scenario's name is also a file's name, so it has no slash and no leading dot."""


UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the direction of writing, so that a text is not what it seems."""

_LONGEST_FILE_NAME = 200
"""Bytes; most disks take 255, some of which a suffix needs."""


class Strict(BaseModel):
    """Base of every model of a file: no unknown keys, no conversion of types, no NaN or infinity."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def one_of(names: Sequence[str]) -> tuple[AfterValidator, WithJsonSchema]:
    """Return annotations that limit a text to some names.

    Errors have type ``name`` and carry the names, so that messages can offer the nearest.
    """

    def check(text: str) -> str:
        if text not in names:
            raise PydanticCustomError("name", "is not a valid name", {"names": tuple(names)})
        return text

    return AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(names)})


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise PydanticCustomError("repeated", "names {name} twice", {"name": name})
    return names


def _seen_as_it_is(text: str) -> str:
    unseen = UNSEEN.search(text)
    if unseen is not None:
        code = f"U+{ord(unseen[0]):04X}"
        raise PydanticCustomError("rule", "holds a control character, {code}", {"code": code})
    return text


def _fits_a_file_name(name: str) -> str:
    if len(name.encode()) > _LONGEST_FILE_NAME:
        raise PydanticCustomError("rule", "is too long for the name of a file")
    return name


def _month(value: Any) -> Month:
    if isinstance(value, Month):
        return value
    try:
        if isinstance(value, str):
            return Month.parse(value)
    except ValueError:
        pass  # said below, for texts and other values alike
    raise PydanticCustomError("month", "{given} is not a month", {"given": shown(value)})


def _none_as(empty: Callable[[], Any]) -> BeforeValidator:
    """Read a key with nothing after it, as when all its lines are commented out, as an empty one."""
    return BeforeValidator(lambda value: empty() if value is None else value)


MonthField = Annotated[
    Month,
    BeforeValidator(_month),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "examples": ["2010-01"]}),
]
"""A month, written YYYY-MM."""

Share = Annotated[float, Field(ge=0, le=1)]
Signed = Annotated[float, Field(ge=-1, le=1)]

_state = one_of(STATES)
_state_or_moscow = one_of((*STATES, MOSCOW))
_instrument = one_of(INSTRUMENTS)
_power = one_of(POWERS)
_organisation = one_of(ORGANISATIONS)
_shock_variable = one_of(SHOCK_VARIABLES)
_territory = one_of(TERRITORIES)
_outcome = one_of(tuple(OUTCOMES))

State = Annotated[str, _state[0], _state[1]]
StateOrMoscow = Annotated[str, _state_or_moscow[0], _state_or_moscow[1]]
Instrument = Annotated[str, _instrument[0], _instrument[1]]
Power = Annotated[str, _power[0], _power[1]]
Organisation = Annotated[str, _organisation[0], _organisation[1]]
ShockVariable = Annotated[str, _shock_variable[0], _shock_variable[1]]
Territory = Annotated[str, _territory[0], _territory[1]]
Outcome = Annotated[str, _outcome[0], _outcome[1]]

# A list in the file; a tuple once read, so that nothing changes it afterwards.
States = Annotated[tuple[State, ...], Field(strict=False, min_length=1), AfterValidator(_distinct)]
Instruments = Annotated[tuple[Instrument, ...], Field(strict=False, min_length=1), AfterValidator(_distinct)]

Settings = Annotated[dict[str, Any], _none_as(dict)]
"""Dotted paths or nested mappings to numbers or priors; checked by `sim.scenario.settings`."""

Text = Annotated[str, Field(max_length=5_000), AfterValidator(_seen_as_it_is)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Reference = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A shipped name, or the path of a .yaml file."""

ScenarioName = Annotated[str, Field(max_length=120, pattern=SCENARIO_NAME), AfterValidator(_fits_a_file_name)]

empty_list = _none_as(list)
