"""Data held against a model or dataclass; what does not fit is told with its place and what would do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, TypeVar, get_args

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from sim.experiment.limits import bytes_text, cost_of, time_text
from sim.naming import nearest
from sim.scenario.problems import Document, Faults, Location, Misfit, shown
from sim.scenario.states import nearest_code

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

FORM = "\0"
"""How the tag of one of several ways to give something begins; where the way is a model, its name follows. No
key of a file has a zero byte, so tags are no keys."""

NAMED, IN_FULL = f"{FORM}named", f"{FORM}in full"
"""Tags of the two ways to give a thesis or a claim."""


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


def misfits_of(read: Callable[..., Any], *arguments: Any) -> tuple[Misfit, ...]:
    """Return what does not fit in what a call reads; nothing if all does."""
    try:
        read(*arguments)
    except UnfitError as error:
        return error.misfits
    return ()


def misfits(kind: type[Any], error: ValidationError, location: Location = ()) -> list[Misfit]:
    """Return what pydantic found wrong in data that lie at a location; see `fit`.

    A list all of whose items are wrong is left out: to pydantic it is empty as well.
    """
    found = error.errors(include_url=False)
    wrong = {detail["loc"][:-1] for detail in found}
    return [
        _misfit(kind, detail, location)
        for detail in found
        if not (detail["type"] == "too_short" and detail["loc"] in wrong)
    ]


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
        return _wrong_name(location, given, names, hints=context.get("hints", True))
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


def _wrong_name(location: Location, given: Any, names: tuple[str, ...], *, hints: bool = True) -> Misfit:
    close = partial(nearest_code, given, names) if hints and isinstance(given, str) else None
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
        if isinstance(part, str) and part.startswith(FORM):
            models = tuple(model for model in models if part == f"{FORM}{model.__name__}") or models
            continue
        if isinstance(part, str) and len(models) > 1:
            if tagged := tuple(model for model in models if _is_tagged(model, part)):
                models = tagged
                continue
            models = tuple(model for model in models if part in keys_of(model)) or models
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
