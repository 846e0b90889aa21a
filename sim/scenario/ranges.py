"""The range, meaning and unit of all that a scenario may set to a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import sim.parameters
from sim.scenario.vocabulary import MOSCOW, QUANTITIES
from sim.world.state import MEANS, STATES


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest value that something may take, what it is, and in which unit."""

    low: float
    high: float
    meaning: str = ""
    unit: str = ""

    @property
    def told(self) -> str:
        """What it is, with its unit if it has one."""
        return f"{self.meaning} ({self.unit})" if self.unit else self.meaning

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


@cache
def parameter_ranges() -> Mapping[str, Range]:
    """Return the range of every parameter by dotted path."""
    specs = sim.parameters.catalogue().items()
    ranges = {path: Range(spec.low, spec.high, spec.meaning, spec.unit) for path, spec in specs}
    return MappingProxyType(ranges)


@cache
def initial_ranges() -> Mapping[str, Range]:
    """Return the range of every quantity of a state, and of Moscow's means, at the start by dotted path."""
    states = {
        f"{state}.{quantity}": Range(low, high, f"{quantity.replace('_', ' ')} of {state} at the start")
        for state in STATES
        for quantity, (low, high) in QUANTITIES.items()
    }
    means = {
        f"{MOSCOW}.{name}": Range(item.low, item.high, f"{item.meaning} at the start", item.unit)
        for name, item in MEANS.items()
    }
    return MappingProxyType(states | means)
