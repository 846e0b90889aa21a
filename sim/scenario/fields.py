"""What single keys of scenario files accept, and how JSON Schema says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

import pydantic
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
)
from pydantic.json_schema import WithJsonSchema
from pydantic_core import (
    CoreSchema,
    PydanticCustomError,
    PydanticKnownError,
    core_schema,
)

from sim.instruments import INSTRUMENTS
from sim.months import Month
from sim.scenario.problems import shown
from sim.scenario.states import nearest_code
from sim.scenario.vocabulary import (
    MOSCOW,
    ORGANISATIONS,
    POWERS,
    REGIONS,
    SHOCK_VARIABLES,
    TERRITORIES,
)
from sim.world.state import STATES

SCENARIO_NAME = r"^[^\x00-\x1f\x7f/\\.][^\x00-\x1f\x7f/\\]*$"
"""A scenario's name is also a file's name, so it has no slash and no leading dot."""


UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the direction of writing, so that a text is not what it seems."""

_LONGEST_FILE_NAME = 200
"""Bytes; most disks take 255, some of which a suffix needs."""

STRICT = ConfigDict(
    extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
)
"""No unknown keys, no conversion of types, no NaN or infinity."""


class Strict(BaseModel):
    """Base of what a file is made of: no unknown keys, no conversion of types, no NaN or infinity."""

    model_config = STRICT


@dataclass(frozen=True, slots=True)
class OneOf:
    """Annotation of a text that must be one of some names.

    Errors have type ``name`` and carry the names, so that messages can offer the nearest: for
    a state's name its code.

    Parameters
    ----------
    names : tuple of str
    hints : bool
        Whether the nearest is offered: of a few abbreviations it is seldom meant, as EAEU by EU. Messages
        list what is allowed in any case.
    """

    names: tuple[str, ...]
    hints: bool = True

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.names)}

    def _check(self, text: str) -> str:
        if text not in self.names:
            close = nearest_code(text, self.names) if self.hints else None
            hint = f"; did you mean {close}?" if close else ""
            context = {"given": shown(text), "hint": hint, "names": self.names, "hints": self.hints}
            raise PydanticCustomError("name", "{given} is not a valid name{hint}", context)
        return text


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


def _tuple(value: Any) -> tuple[Any, ...]:
    """Return a list of a file as a tuple, so that nothing changes it afterwards.

    A key with nothing after it, as when all its lines are commented out, is an empty list.
    """
    if value is not None and not isinstance(value, list | tuple):
        raise PydanticKnownError("tuple_type")
    return tuple(value or ())


AS_TUPLE = BeforeValidator(_tuple)


MonthField = Annotated[
    Month,
    BeforeValidator(_month),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "examples": ["2010-01"]}),
]
"""A month, written YYYY-MM."""

Whole = Annotated[int, pydantic.Strict()]
Share = Annotated[float, Field(ge=0, le=1)]
Signed = Annotated[float, Field(ge=-1, le=1)]

State = Annotated[str, OneOf(STATES)]
StateOrMoscow = Annotated[str, OneOf((*STATES, MOSCOW))]
Instrument = Annotated[str, OneOf(INSTRUMENTS)]
Power = Annotated[str, OneOf(POWERS)]
Organisation = Annotated[str, OneOf(ORGANISATIONS, hints=False)]
ShockVariable = Annotated[str, OneOf(SHOCK_VARIABLES)]
Territory = Annotated[str, OneOf(TERRITORIES)]

Places = Annotated[
    tuple[Annotated[str, OneOf((*STATES, *REGIONS, MOSCOW))], ...], AS_TUPLE, AfterValidator(_distinct)
]
Paragraphs = Annotated[
    tuple[Annotated[int, pydantic.Strict(), Field(ge=1, le=1_000)], ...], AS_TUPLE, AfterValidator(_distinct)
]
States = Annotated[tuple[State, ...], Field(min_length=1), AS_TUPLE, AfterValidator(_distinct)]
Instruments = Annotated[tuple[Instrument, ...], Field(min_length=1), AS_TUPLE, AfterValidator(_distinct)]

_Exact = Annotated[str, pydantic.Strict()]  # a dataclass is not strict by itself: bytes would do

Text = Annotated[_Exact, Field(max_length=5_000), AfterValidator(_seen_as_it_is)]
Name = Annotated[_Exact, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Reference = Annotated[_Exact, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A shipped name, or the path of a .yaml file."""

ScenarioName = Annotated[
    _Exact, Field(max_length=120, pattern=SCENARIO_NAME), AfterValidator(_fits_a_file_name)
]
