"""Runs of which one group of numbers is drawn anew while all others stay: what a decomposition compares."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from sim.model.randomness import Process
from sim.model.redrawn import RedrawnLuck
from sim.model.simulate import Run, simulate
from sim.parameters import Tag, catalogue
from sim.results.summary import summarise
from sim.runs.chunk import Recipe
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.state import World

LUCK, INITIAL_STATE = "luck", "initial state"
GROUPS = ("assumed", "calibrated", "cited", INITIAL_STATE, LUCK)
"""What is drawn: parameters by their tag (a user's own count as assumed), the initial state, what happens."""

EVERYTHING = "everything"
OWN = "nothing"
VARIANTS = (OWN, *GROUPS, EVERYTHING)
"""What is drawn anew, in the order of the runs."""

_OTHER_SEED = 1  # added to the seed: where what is drawn anew comes from


@dataclass(frozen=True, slots=True)
class Redrawn(Scenario):
    """A scenario, and what is drawn anew in its runs.

    Parameters
    ----------
    drawn_anew : str
        One of `VARIANTS`.
    """

    drawn_anew: str = OWN

    def to_yaml(self) -> str:
        """Return what tells these runs from others."""
        return f"{Scenario.to_yaml(self)}drawn_anew: {self.drawn_anew}\n"


def name_of(scenario: str, variant: str) -> str:
    """Return the name of a scenario's variant."""
    return f"{scenario}, {variant} drawn anew"


def variants(scenarios: Iterable[Scenario]) -> list[Redrawn]:
    """Return every variant of some scenarios."""
    return [redrawn(scenario, variant) for scenario in scenarios for variant in VARIANTS]


def redrawn(scenario: Scenario, variant: str) -> Redrawn:
    """Return one variant of a scenario."""
    values = {field.name: getattr(scenario, field.name) for field in dataclasses.fields(Scenario)}
    return Redrawn(**values | {"name": name_of(scenario.name, variant)}, drawn_anew=variant)


def simulate_redrawn(scenario: Redrawn, replicate: int, world: World) -> Run:
    """Run one replicate of a variant."""
    variant = scenario.drawn_anew
    groups = frozenset(GROUPS if variant == EVERYTHING else () if variant == OWN else (variant,))
    luck = RedrawnLuck(
        scenario.seed,
        replicate,
        scenario.months,
        other_seed=scenario.seed + _OTHER_SEED,
        events=LUCK in groups,
        redraws=lambda process, name: _group(scenario, process, name) in groups,
    )
    return simulate(scenario, replicate, world, luck)


def _group(scenario: Scenario, process: Process, name: str) -> str:
    """Return the group of a named number that is drawn once a run."""
    if process is Process.INITIAL_STATE:
        return INITIAL_STATE
    setting = scenario.parameters.get(name)
    tag = setting.tag if setting is not None else catalogue()[name].tag
    return str(Tag.ASSUMED if tag is Tag.USER else tag)


REDRAWN = Recipe(simulate_redrawn, summarise, build_world)
"""How variants are run."""
