"""The published JSON Schemas of scenario and thesis files, from which editors complete and check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sim.scenario.models import ClaimFile, ScenarioFile, ThesisFile
from sim.scenario.priors import PRIORS
from sim.scenario.settings import (
    ClaimSetting,
    FullSetting,
    Range,
    initial_ranges,
    number_text,
    parameter_ranges,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NULLABLE = ("parameters", "initial", "timeline", "claims")  # a key with nothing after it is an empty one


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    Every parameter and every quantity of the start state is listed with its range and meaning. Rules that
    join several keys, such as an event outside the run, are left to `sim.scenario.load`.
    """
    return _schema(ScenarioFile, "Scenario")


def thesis_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a thesis file."""
    return _schema(ThesisFile, "Thesis")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    wanted: tuple[type[BaseModel], ...] = (model, ClaimSetting, FullSetting, *PRIORS.values())
    _, schema = models_json_schema([(each, "validation") for each in wanted], by_alias=True)
    definitions: dict[str, Any] = schema["$defs"]
    for name in (ScenarioFile.__name__, ThesisFile.__name__, ClaimFile.__name__):
        _allow_nothing(definitions.get(name, {}).get("properties", {}))
    prior = {"anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in PRIORS.values()]}
    if ScenarioFile.__name__ in definitions:
        properties = definitions[ScenarioFile.__name__]["properties"]
        full = definitions[FullSetting.__name__]
        _fill(properties["parameters"], parameter_ranges(), full, prior, bare=True)
        _fill(properties["initial"], initial_ranges(), full, prior, bare=True)
    if ThesisFile.__name__ in definitions:
        definitions[ThesisFile.__name__]["properties"]["thesis"]["type"] = ["string", "null"]
        properties = definitions[ClaimFile.__name__]["properties"]
        _fill(
            properties["parameters"],
            parameter_ranges(),
            definitions[ClaimSetting.__name__],
            prior,
            bare=False,
        )
    top = definitions.pop(model.__name__)
    used = {name: each for name, each in definitions.items() if name not in ("ClaimSetting", "FullSetting")}
    return {"$schema": DIALECT, **top, "title": title, "$defs": used}


def _allow_nothing(properties: dict[str, Any]) -> None:
    for key in _NULLABLE:
        if key in properties:
            properties[key]["type"] = [properties[key]["type"], "null"]


def _fill(
    target: dict[str, Any],
    ranges: Mapping[str, Range],
    full: Mapping[str, Any],
    prior: Mapping[str, Any],
    *,
    bare: bool,
) -> None:
    """List every path in the schema of a mapping, dotted and nested.

    ``full`` is the schema of a mapping with prior, tag and source; where ``bare``, a number or prior alone
    will do.
    """
    dotted: dict[str, Any] = {}
    nested: dict[str, Any] = {}
    for path, allowed in ranges.items():
        number = {"type": "number", "minimum": allowed.low, "maximum": allowed.high}
        value = {"anyOf": [number, prior]}
        with_source = {**full, "properties": {**full["properties"], "prior": value}}
        said = f"{allowed.meaning}; {number_text(allowed.low)} to {number_text(allowed.high)}"
        entry = {"anyOf": [*value["anyOf"], with_source]} if bare else with_source
        dotted[path] = {**entry, "description": said}
        section, name = path.split(".")
        empty = {"type": "object", "properties": {}, "additionalProperties": False}
        nested.setdefault(section, empty)["properties"][name] = dotted[path]
    target["properties"] = {**nested, **dotted}
    target["additionalProperties"] = False
