"""A scenario as plain data and as YAML, complete in itself: its thesis is written out in full."""

from __future__ import annotations

import dataclasses
import io
import numbers
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from sim.months import Month
from sim.parameters.priors import Fixed, LogNormal, Normal, Sample, Uniform
from sim.scenario.priors import as_data
from sim.scenario.setting import Setting
from sim.scenario.thesis import Claim, Effect, Thesis

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a file would hold it: nothing inherited, nothing left out."""
    own = {path: setting for path, setting in scenario.parameters.items() if setting.claim is None}
    data: dict[str, Any] = {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "asked_by": scenario.asked_by,
    }
    if scenario.thesis is not None:
        data["thesis"] = plain(scenario.thesis)
    switches = {"without": list(scenario.without), "with": plain(scenario.with_)}
    data |= {key: claims for key, claims in switches.items() if claims}
    return data | {
        "start": str(scenario.start),
        "years": scenario.years,
        "mode": scenario.mode,
        "citizens": scenario.citizens,
        "runs": scenario.runs,
        "seed": scenario.seed,
        "parameters": plain(dict(sorted(own.items()))),
        "initial": plain(dict(sorted(scenario.initial.items()))),
        "timeline": plain(scenario.timeline),
    }


def to_yaml(data: Mapping[str, Any]) -> str:
    """Return plain data as YAML 1.2."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    stream = io.StringIO()
    yaml.dump(dict(data), stream)
    return stream.getvalue()


def plain(value: Any) -> Any:
    """Return a value of Python code, such as a `Month`, a prior or an event, as a file would hold it."""
    match value:
        case None | str() | bool():
            result: Any = value.value if isinstance(value, Enum) else value
        case Month() | Path():
            result = str(value)
        case Fixed() | Uniform() | Normal() | LogNormal() | Sample():
            result = as_data(value)
        case Setting() | Thesis() | Claim() | Effect():
            result = _own(value)
        case BaseModel():
            result = value.model_dump(mode="json", by_alias=True, exclude_none=True)
        case Mapping():
            result = {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            result = [plain(item) for item in value]
        case numbers.Integral():
            result = int(value)
        case numbers.Real():
            result = float(value)
        case _:
            result = value
    return result


def _own(value: Setting | Thesis | Claim | Effect) -> dict[str, Any]:
    match value:
        case Setting():
            return {"prior": as_data(value.prior), "tag": value.tag.value, "source": value.source}
        case Thesis():
            return {
                "thesis": value.name,
                "title": value.title,
                "author": value.author,
                "source": value.source,
                "claims": plain(value.claims),
            }
        case Claim():
            return {
                "id": value.id,
                "claim": value.claim,
                "sign": value.sign,
                "source": value.source,
                "note": value.note,
                **({"effect": plain(value.effect)} if value.effect else {}),
                **({"finding": value.finding} if value.finding else {}),
                "parameters": plain(dict(sorted(value.parameters.items()))),
            }
        case Effect():
            return {key: item for key, item in dataclasses.asdict(value).items() if item is not None}
