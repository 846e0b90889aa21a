"""One run of the ensemble: its parameters by its draw, its random numbers by its origin and repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calibration.history import ObservedHistory
from calibration.simulated import observe
from sim.model.randomness import RandomNumbers
from sim.model.simulate import simulate

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world.state import World


@dataclass(frozen=True, slots=True)
class ObservedRun:
    """What is kept of a run.

    Parameters
    ----------
    history : ObservedHistory
    draws : dict of str to float
        Every parameter, by dotted path; see `sim.model.model.PostSovietSpace.values`.
    """

    history: ObservedHistory
    draws: dict[str, float]


@dataclass(frozen=True, slots=True)
class Simulate:
    """Runs replicate ``draw * repeats + repeat`` of a scenario.

    A draw has the same parameters at every origin, so that a draw that fits the years before an origin can
    be followed after it. Its random numbers differ by origin: otherwise a run chosen for its fitting 1990s
    would bring their chances along to the 2010s.

    Parameters
    ----------
    seed : int
        Of the ensemble.
    repeats : int
        Runs a draw and origin, each with random numbers of its own.
    """

    seed: int
    repeats: int

    def __call__(self, scenario: Scenario, replicate: int, world: World) -> ObservedRun:
        """Return one run."""
        drawn_by = RandomNumbers(self.seed, replicate // self.repeats, 0)
        seed = self.seed + 1 + scenario.start.ordinal
        run = simulate(scenario, replicate, world, drawn_by=drawn_by, seed=seed)
        return ObservedRun(observe(run.history), run.draws)
