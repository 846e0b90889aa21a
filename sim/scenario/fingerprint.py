"""What a scenario's runs depend on, besides luck and the model's code, in one short text."""

from __future__ import annotations

import dataclasses
import json
from hashlib import sha256

from sim.parameters import catalogue
from sim.scenario.canonical import plain
from sim.scenario.scenario import Scenario


def fingerprint(scenario: Scenario) -> str:
    """Return a text that is the same for scenarios that differ in nothing but names, runs and seed.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    str
        16 hexadecimal digits, from the span, the citizens, every parameter's prior and range (those of the
        shared world included), the start state and the timeline.
    """
    own = {path: setting.prior for path, setting in scenario.parameters.items()}
    content = {
        "span": [str(scenario.start), scenario.years, scenario.mode, scenario.citizens],
        "parameters": {
            path: [_numbers(own.get(path, spec.prior)), spec.low, spec.high]
            for path, spec in catalogue().items()
        },
        "initial": {path: _numbers(scenario.initial[path].prior) for path in sorted(scenario.initial)},
        "timeline": plain(scenario.timeline),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _numbers(prior: object) -> list[object]:
    return [type(prior).__name__, *dataclasses.astuple(prior)]  # type: ignore[call-overload]
