"""The published JSON Schemas of scenario and thesis files, from which editors complete and check them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from sim.scenario.layers import POSTERIOR
from sim.scenario.ranges import Range, initial_ranges, parameter_ranges
from sim.scenario.settings import FORMS, ClaimSetting, FullSetting, number_text
from sim.scenario.specification import FIRST_MONTH, Claim, Draft, Thesis
from sim.scenario.timeline import EVENTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NULLABLE = (
    "parameters",
    "initial",
    "timeline",
    "claims",
    "left_out",
    "without",
    "with",
)  # a key with nothing after it is an empty one
_VALUE = "Value"  # what a scenario may set: a number, a prior, or either with its tag and source


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    Every parameter and every quantity of the start state is listed with its range and meaning. Rules that
    join several keys, such as an event outside the run, are left to `sim.scenario.load`.
    """
    schema = _schema(Draft, "Scenario")
    schema["properties"]["start"]["default"] = str(FIRST_MONTH)
    return schema


def thesis_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a thesis file."""
    return _schema(Thesis, "Thesis")


def _schema(model: type[Draft | Thesis], title: str) -> dict[str, Any]:
    wanted: tuple[Any, ...] = (Draft, ClaimSetting, FullSetting, *FORMS.values())
    _, document = models_json_schema([(each, "validation") for each in wanted], by_alias=True)
    definitions: dict[str, Any] = document["$defs"]
    for kind in EVENTS.values():
        definitions[kind.__name__]["required"].append("event")
    for file in (Draft, Thesis, Claim):
        for key, entry in definitions[file.__name__]["properties"].items():
            if key in _NULLABLE:
                entry["type"] = [entry["type"], "null"]
    definitions[Thesis.__name__]["properties"]["thesis"]["type"] = ["string", "null"]
    definitions[Claim.__name__]["properties"]["effect"]["anyOf"].append({"const": "none"})
    _list_paths(definitions)
    top = definitions.pop(model.__name__)
    schema = {"$schema": DIALECT, **top, "title": title, "$defs": definitions}
    _drop_unused(schema)
    return schema


def _drop_unused(schema: dict[str, Any]) -> None:
    definitions = schema["$defs"]
    while True:
        used = set(re.findall(r'"#/\$defs/([^"/]+)', json.dumps(schema)))
        unused = [name for name in definitions if name not in used]
        if not unused:
            return
        for name in unused:
            del definitions[name]


def _list_paths(definitions: dict[str, Any]) -> None:
    """List every path that ``parameters`` and ``initial`` may hold, dotted and nested."""
    number_or_prior = [{"type": "number"}, *({"$ref": _reference(kind.__name__)} for kind in FORMS.values())]
    full, claim = FullSetting.__name__, ClaimSetting.__name__
    for name in (full, claim):
        definitions[name]["properties"]["prior"]["anyOf"] = number_or_prior
    definitions[_VALUE] = {"anyOf": [*number_or_prior, {"$ref": _reference(full)}]}
    scenario = definitions[Draft.__name__]["properties"]
    moved = definitions[Claim.__name__]["properties"]["parameters"]
    own = _paths(parameter_ranges(), _VALUE, "Own", definitions)
    own["properties"][POSTERIOR] = {"type": "string"}
    scenario["parameters"] |= {**own, "type": ["object", "null", "string"]}
    scenario["initial"] |= _paths(initial_ranges(), _VALUE, "Start", definitions)
    moved |= _paths(parameter_ranges(), claim, "Claimed", definitions)


def _paths(
    ranges: Mapping[str, Range], value: str, prefix: str, definitions: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of a mapping of paths, with a definition for each section."""
    nested: dict[str, Any] = {}
    dotted: dict[str, Any] = {}
    for path, allowed in ranges.items():
        section, name = path.split(".")
        definition = f"{prefix}.{section}"
        empty = {"type": "object", "properties": {}, "additionalProperties": False}
        definitions.setdefault(definition, empty)["properties"][name] = _entry(allowed, value)
        nested[section] = {"$ref": _reference(definition)}
        dotted[path] = {"$ref": f"{_reference(definition)}/properties/{name}"}
    return {"properties": {**nested, **dotted}, "additionalProperties": False}


def _entry(allowed: Range, value: str) -> dict[str, Any]:
    # A minimum says nothing of what is no number, so it may stand beside all forms of a value.
    bounds = {"minimum": allowed.low, "maximum": allowed.high}
    said = f"{allowed.told}; {number_text(allowed.low)} to {number_text(allowed.high)}"
    return {"$ref": _reference(value), "description": said, **bounds, "properties": {"prior": bounds}}


def _reference(name: str) -> str:
    return f"#/$defs/{name}"
