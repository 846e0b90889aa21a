"""What the keys of scenario files accept, and what is said of data that do not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, TypeVar, get_args

import pydantic
from annotated_types import Ge, Gt, Le
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import WithJsonSchema
from pydantic_core import (
    CoreSchema,
    ErrorDetails,
    InitErrorDetails,
    PydanticCustomError,
    PydanticKnownError,
    core_schema,
)

from sim.experiment.limits import bytes_text, cost_of, time_text
from sim.instruments import INSTRUMENTS
from sim.measures import package_outcomes
from sim.months import Month
from sim.naming import nearest
from sim.scenario.problems import Document, Faults, Location, Misfit, shown
from sim.scenario.vocabulary import MOSCOW, ORGANISATIONS, POWERS, SHOCK_VARIABLES, TERRITORIES
from sim.world.state import STATES

SCENARIO_NAME = r"^[^\x00-\x1f\x7f/\\.][^\x00-\x1f\x7f/\\]*$"
"""A scenario's name is also a file's name, so it has no slash and no leading dot."""


UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
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

    Errors have type ``name`` and carry the names, so that messages can offer the nearest.
    """

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.names)}

    def _check(self, text: str) -> str:
        if text not in self.names:
            close = nearest(text, self.names)
            hint = f"; did you mean {close}?" if close else ""
            context = {"given": shown(text), "hint": hint, "names": self.names}
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
Organisation = Annotated[str, OneOf(ORGANISATIONS)]
ShockVariable = Annotated[str, OneOf(SHOCK_VARIABLES)]
Territory = Annotated[str, OneOf(TERRITORIES)]
Outcome = Annotated[str, OneOf(tuple(package_outcomes()))]

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


Checked = TypeVar("Checked")

_QUOTED = re.compile(r"'([^']*)'")
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "list_type": "a list, such as [a, b]",
    "tuple_type": "a list, such as [a, b]",
}
_MESSAGES = {
    "missing": "this key is needed",
    "too_short": "is an empty list; name at least one",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "holds a character that a name may not have",
}
_OUT_OF_RANGE = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}
_MISFIT = "misfit"  # pydantic's type of an error that carries a `Misfit`
_MANY = 100_000
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)

NAMED, IN_FULL = "\0named", "\0in full"
"""Tags of the two ways to give a thesis or a claim. No key of a file has a zero byte, so they are no keys."""


class UnfitError(Exception):
    """Data do not fit; `check` turns it into a `ScenarioError`, which knows the file.

    Parameters
    ----------
    *misfits : Misfit
        At least one.
    """

    def __init__(self, *misfits: Misfit) -> None:
        super().__init__("; ".join(misfit.message for misfit in misfits))
        self.misfits = misfits


def check(kind: type[Checked], data: Any, document: Document, location: Location = ()) -> Checked:
    """Return ``data``, which lies at ``location`` of ``document``, as a model or dataclass.

    Raises
    ------
    ScenarioError
        With every fault found.
    """
    try:
        return fit(kind, data)
    except UnfitError as error:
        faults = Faults()
        for misfit in error.misfits:
            faults.add(document.place(misfit, location))
        faults.tell()
        raise  # not reached: there is at least one misfit


def fit(kind: type[Checked], data: Any, location: Location = ()) -> Checked:
    """Return data, whose faults are to be told from a location on, as a model or dataclass.

    Raises
    ------
    UnfitError
        With every fault found.
    """
    try:
        fitting: Checked = _adapter(kind).validate_python(data)
        return fitting
    except ValidationError as error:
        raise UnfitError(*misfits(kind, error, location)) from None


def misfits(kind: type[Any], error: ValidationError, location: Location = ()) -> list[Misfit]:
    """Return what pydantic found wrong in data that lie at a location; see `fit`."""
    return [_misfit(kind, detail, location) for detail in error.errors(include_url=False)]


def refused(found: Iterable[Misfit]) -> ValidationError:
    """Return the error that a validator raises to tell several misfits of its value, each in its place."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError(_MISFIT, "{message}", {"message": misfit.message, "misfit": misfit}),
            loc=misfit.location,
            input=None,
        )
        for misfit in found
    ]
    return ValidationError.from_exception_data("value", details)


def keys_of(kind: type[Any] | None) -> dict[str, FieldInfo]:
    """Return the keys of a model or a pydantic dataclass."""
    fields: dict[str, FieldInfo] = getattr(kind, "__pydantic_fields__", {})
    return {field.alias or name: field for name, field in fields.items()}


def _misfit(root: type[Any], detail: ErrorDetails, prefix: Location) -> Misfit:
    kind, given = detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    relative, owner, field = _walk(root, detail["loc"])
    location = (*prefix, *relative)
    if kind == _MISFIT:
        inner: Misfit = context["misfit"]
        return Misfit(location, inner.message, inner.allowed, inner.nearest, inner.at_key)
    if kind in _UNKNOWN_KEY:
        names, key = tuple(keys_of(owner)), str(relative[-1])
        return Misfit(location, "unknown key", ", ".join(names), partial(nearest, key, names), at_key=True)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        key = context["discriminator"].strip("'")
        names = tuple(model.model_fields[key].default for model in _models(field))
        if kind == "union_tag_not_found":
            return Misfit((*location, key), _MESSAGES["missing"], ", ".join(names))
        return _wrong_name((*location, key), given[key], names)
    if kind in ("name", "literal_error"):
        names = context["names"] if kind == "name" else tuple(_QUOTED.findall(context["expected"]))
        return _wrong_name(location, given, names)
    if kind in _WANTED:
        message = f"{shown(given)} is not {_WANTED[kind]}"
    elif kind in _OUT_OF_RANGE:
        message = f"{shown(given)} is out of range{_too_many(location, given)}"
    elif kind == "value_error":
        message = str(context["error"])
    else:
        message = _MESSAGES.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]
    return Misfit(location, message, "YYYY-MM, for example 2010-01" if kind == "month" else _allowed(field))


def _too_many(location: Location, given: Any) -> str:
    """Say what a run of so many citizens would take, as the limit is there for that reason."""
    if location[-1:] != ("citizens",) or not isinstance(given, int) or not _MANY < given < 10**30:
        return ""
    cost = cost_of(1, 240, given)
    return f": a run of 20 years would take {time_text(cost.seconds)} and {bytes_text(cost.memory)} of memory"


def _wrong_name(location: Location, given: Any, names: tuple[str, ...]) -> Misfit:
    close = partial(nearest, given, names) if isinstance(given, str) else None
    return Misfit(location, f"{shown(given)} is not a valid name", ", ".join(names), close)


def _walk(root: type[Any], loc: tuple[int | str, ...]) -> tuple[Location, type[Any] | None, FieldInfo | None]:
    """Follow a pydantic location through the models, leaving out the tags of unions.

    Returns the location in the file, the model that its last key belongs to, and that key's field.
    """
    path: list[str | int] = []
    models: tuple[type[Any], ...] = (root,)
    owner: type[Any] | None = None
    field: FieldInfo | None = None
    for part in loc:
        if part in (NAMED, IN_FULL):
            continue
        if isinstance(part, str) and len(models) > 1:  # the tag of one of them
            models = tuple(model for model in models if _is_tagged(model, part))
            continue
        path.append(part)
        if isinstance(part, int):
            continue
        owner = models[0] if models else None
        field = keys_of(owner).get(part)
        models = _models(field)
    return tuple(path), owner, field


def _is_tagged(model: type[Any], tag: str) -> bool:
    return any(field.default == tag for field in keys_of(model).values())


def _models(field: FieldInfo | None) -> tuple[type[Any], ...]:
    """Return the models that a field may hold, in lists and unions too."""
    return _inner_models(field.annotation) if field else ()


def _inner_models(annotation: Any) -> tuple[type[Any], ...]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in _inner_models(part))


def _allowed(field: FieldInfo | None) -> str:
    """Say a numeric field's range in words."""
    if field is None:
        return ""
    bounds = [*field.metadata, *_nested_metadata(field.annotation)]
    low = next((bound.ge for bound in bounds if isinstance(bound, Ge)), None)
    high = next((bound.le for bound in bounds if isinstance(bound, Le)), None)
    above = next((bound.gt for bound in bounds if isinstance(bound, Gt)), None)
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"above {above}" if above is not None else ""


def _nested_metadata(annotation: Any) -> list[Any]:
    """Return the metadata of an annotated type inside a union, such as ``Share | None``."""
    found: list[Any] = []
    for part in get_args(annotation):
        for item in getattr(part, "__metadata__", ()):
            found += getattr(item, "metadata", [item])
    return found
