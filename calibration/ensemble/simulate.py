"""One run of the ensemble: its parameters by its draw, its luck by its origin and number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calibration.history import ObservedHistory
from calibration.simulated import observe
from sim.model.draw import draw_parameters
from sim.model.randomness import RandomNumbers
from sim.model.simulate import simulate
from sim.parameters.priors import Fixed

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
        Every parameter, by dotted path.
    """

    history: ObservedHistory
    draws: dict[str, float]


@dataclass(frozen=True, slots=True)
class Simulate:
    """Runs replicate ``draw * lucks + luck`` of a scenario.

    A draw has the same parameters at every origin, so that a draw that fits the years before an origin can
    be followed after it. Its luck differs by origin: otherwise a run chosen for its lucky 1990s would bring
    that luck along to the 2010s.

    Parameters
    ----------
    seed : int
        Of the ensemble.
    lucks : int
        Runs a draw.
    """

    seed: int
    lucks: int

    def __call__(self, scenario: Scenario, replicate: int, world: World) -> ObservedRun:
        """Return one run."""
        values = self.parameters(scenario, replicate // self.lucks)
        fixed = {path: Fixed(value) for path, value in values.items()}
        run = simulate(scenario, replicate, world, priors=fixed, seed=self.seed + 1 + scenario.start.ordinal)
        return ObservedRun(observe(run.history), run.draws)

    def parameters(self, scenario: Scenario, draw: int) -> dict[str, float]:
        """Return the parameters of a draw, by dotted path."""
        priors = {path: setting.prior for path, setting in scenario.parameters.items()}
        return draw_parameters(RandomNumbers(self.seed, draw, 0), priors)[1]
