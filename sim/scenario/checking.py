"""Data held against a model; what does not fit is told with its place and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sim.experiment.limits import bytes_text, cost_of, time_text
from sim.scenario.document import Document, Location
from sim.scenario.faults import Faults
from sim.scenario.models import CLAIM_IN_FULL, CLAIM_NAMED, THESIS_IN_FULL, THESIS_NAMED
from sim.scenario.problems import Problem, nearest, shown
from sim.scenario.timeline import EVENTS

Model = TypeVar("Model", bound=BaseModel)

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
    "list_type": "a list, such as [a, b]",
    "tuple_type": "a list, such as [a, b]",
}
_MANY = 100_000
_TAGS = (THESIS_NAMED, THESIS_IN_FULL, CLAIM_NAMED, CLAIM_IN_FULL)
_OUT_OF_RANGE = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
_MESSAGES = {
    "missing": "this key is needed",
    "too_short": "is an empty list; name at least one",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "holds a character that a name may not have",
}


def check(model: type[Model], data: Any, document: Document, location: Location = ()) -> Model:
    """Return ``data``, which lies at ``location`` of ``document``, as a model.

    Raises
    ------
    ScenarioError
        With every fault found.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = Faults()
        for detail in error.errors(include_url=False):
            faults.add(_problem(model, detail, document, location))
        faults.tell()
        raise  # not reached: a validation error has at least one detail


def _problem(root: type[BaseModel], detail: ErrorDetails, document: Document, prefix: Location) -> Problem:
    kind, given = detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    relative, owner, field = _walk(root, detail["loc"])
    location = (*prefix, *relative)
    if kind == "extra_forbidden":
        names, key = tuple(_fields(owner)), str(relative[-1])
        close = nearest(key, names)
        return document.problem(location, "unknown key", at_key=True, allowed=", ".join(names), nearest=close)
    if kind == "union_tag_not_found":
        return document.problem((*location, "event"), _MESSAGES["missing"], allowed=", ".join(EVENTS))
    if kind == "union_tag_invalid":
        return _wrong_name(document, (*location, "event"), given["event"], tuple(EVENTS))
    if kind in ("name", "literal_error"):
        names = context["names"] if kind == "name" else tuple(_QUOTED.findall(context["expected"]))
        return _wrong_name(document, location, given, names)
    if kind in _WANTED:
        message = f"{shown(given)} is not {_WANTED[kind]}"
    elif kind in _OUT_OF_RANGE:
        message = f"{shown(given)} is out of range{_too_many(location, given)}"
    else:
        message = _MESSAGES.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]
    allowed = "YYYY-MM, for example 2010-01" if kind == "month" else _allowed(field)
    return document.problem(location, message, allowed=allowed)


def _too_many(location: Location, given: Any) -> str:
    """Say what a run of so many citizens would take, as the limit is there for that reason."""
    if location[-1:] != ("citizens",) or not isinstance(given, int) or not _MANY < given < 10**30:
        return ""
    cost = cost_of(1, 240, given)
    return f": a run of 20 years would take {time_text(cost.seconds)} and {bytes_text(cost.memory)} of memory"


def _wrong_name(document: Document, location: Location, given: Any, names: tuple[str, ...]) -> Problem:
    close = nearest(given, names) if isinstance(given, str) else None
    message = f"{shown(given)} is not a valid name"
    return document.problem(location, message, allowed=", ".join(names), nearest=close)


def _walk(
    root: type[BaseModel], loc: tuple[int | str, ...]
) -> tuple[Location, type[BaseModel] | None, FieldInfo | None]:
    """Follow a pydantic location through the models, leaving out the tags of unions.

    Returns the location in the file, the model that its last key belongs to, and that key's field.
    """
    path: list[str | int] = []
    models: tuple[type[BaseModel], ...] = (root,)
    owner: type[BaseModel] | None = None
    field: FieldInfo | None = None
    for part in loc:
        if isinstance(part, str) and len(models) > 1:
            models = tuple(model for model in models if model is EVENTS.get(part))
            continue
        if part in _TAGS:
            continue
        path.append(part)
        if isinstance(part, int):
            continue
        owner = models[0] if models else None
        field = _fields(owner).get(part)
        models = _inner_models(field.annotation) if field else ()
    return tuple(path), owner, field


def _fields(model: type[BaseModel] | None) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()} if model else {}


def _inner_models(annotation: Any) -> tuple[type[BaseModel], ...]:
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
