"""What every contestant is given: the same citizens, the same rule, the same year of news."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.model.citizens.population import Population
from sim.model.randomness import RandomNumbers
from sim.parameters.citizens import CitizenParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What citizens see of each other's opposition.

    Parameters
    ----------
    name : str
    national : float
        Weight of national against local participation, 0-1.
    localities : int
        Neighbourhoods a state.
    """

    name: str
    national: float
    localities: int


NATIONAL = Exposure("national", 1.0, 1)
NEIGHBOURHOOD = Exposure("neighbourhood", 0.0, 20)


@dataclass(frozen=True, slots=True)
class News:
    """What one month brings to each state; arrays of shape (states,)."""

    drift: Array
    jolt: Array
    replacement: Array
    legitimacy: Array
    salience: Array
    alignment: Array
    deterrence: Array
    force: Array


@dataclass(frozen=True, slots=True)
class Setting:
    """Citizens, rule and news.

    Parameters
    ----------
    states, citizens : int
        States, and citizens a state.
    exposure : Exposure
    """

    states: int
    citizens: int
    exposure: Exposure

    @property
    def rule(self) -> CitizenParameters:
        """The shipped parameters, with the exposure of this setting."""
        return replace(CitizenParameters(), national_exposure=self.exposure.national)

    def population(self) -> Population:
        """Return the shipped model's citizens before their first month; one in fifty is in jail."""
        share = [0.4 for _ in range(self.states)]
        attitude = np.linspace(-0.3, 0.4, self.states).tolist()
        numbers = RandomNumbers(20100101, 0, 1)
        people = Population(numbers, self.citizens, attitude, [0.1] * self.states, share, 0.6, 0.4, 0.15)
        people.localities = self.exposure.localities
        people.jail[::50] = 1 + np.arange(people.jail[::50].size) % 6
        return people

    def news(self, month: int) -> News:
        """Return what a month brings: legitimacy that rises and falls, attitudes that drift and return."""
        phase = 2 * math.pi * (month / 12 + np.arange(self.states) / self.states)
        constant = np.ones(self.states)
        return News(
            drift=0.001 * np.cos(phase),
            jolt=0.002 * np.sin(phase),
            replacement=0.002 * constant,
            legitimacy=0.45 + 0.12 * np.sin(phase),
            salience=0.3 * constant,
            alignment=np.linspace(-0.5, 0.8, self.states),
            deterrence=np.linspace(1.4, 1.6, self.states),
            force=0.06 * constant,
        )

    def places(self) -> NDArray[np.int64]:
        """Return each citizen's locality, numbered through all states, shape (states * citizens,)."""
        count = self.exposure.localities
        edges = np.arange(count + 1) * self.citizens // count
        own = np.repeat(np.arange(count), np.diff(edges))
        return np.concatenate([own + state * count for state in range(self.states)])


class Contestant(Protocol):
    """One way to compute the citizen stage."""

    def __init__(self, setting: Setting) -> None: ...

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        ...
