"""From a scenario and a replicate to a run.

The model is imported when the first is made: a process that leaves runs to its workers never needs it.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.randomness import RandomNumbers
    from sim.model.trace import History
    from sim.scenario import Scenario
    from sim.world.state import World


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run.

    Parameters
    ----------
    history : History
    draws : dict of str to float
        Every parameter as drawn; see `sim.model.model.PostSovietSpace.values`.
    """

    history: History
    draws: dict[str, float]


def build(
    scenario: Scenario,
    replicate: int,
    world: World | None = None,
    numbers: RandomNumbers | None = None,
    *,
    drawn_by: RandomNumbers | None = None,
    seed: int | None = None,
) -> PostSovietSpace:
    """Return the model of one replicate before its first month.

    Parameters
    ----------
    scenario : Scenario
    replicate : int
        0 or more.
    world : World, optional
        The record at the scenario's start; built if not given.
    numbers : RandomNumbers, optional
        In place of that of the seed and the replicate.
    drawn_by : RandomNumbers, optional
        That of parameters, if not the same as all other.
    seed : int, optional
        In place of the scenario's.
    """
    from sim.model.model import PostSovietSpace
    from sim.model.record_followed import world_at

    return PostSovietSpace(
        world if world is not None else world_at(scenario.start),
        seed=scenario.seed if seed is None else seed,
        replicate=replicate,
        months=scenario.months,
        citizens=scenario.citizens,
        priors=scenario.priors,
        onsets=scenario.onsets,
        initial={path: setting.prior for path, setting in scenario.initial.items()},
        timeline=scenario.timeline,
        historical=scenario.mode == "historical",
        numbers=numbers,
        drawn_by=drawn_by,
    )


def simulate(
    scenario: Scenario,
    replicate: int,
    world: World | None = None,
    numbers: RandomNumbers | None = None,
    *,
    drawn_by: RandomNumbers | None = None,
    seed: int | None = None,
) -> Run:
    """Run one replicate of a scenario; the parameters are those of `build`.

    Returns
    -------
    Run
        The same for the same scenario, seed and replicate, wherever it runs.
    """
    import mesa

    model = build(scenario, replicate, world, numbers, drawn_by=drawn_by, seed=seed)
    history = model.run()
    # Mesa 3.3 numbers agents by model in a private class attribute and keeps every model by it: 200 runs in a
    # row, of a year with 200 citizens, then take 79 MB more memory than the first, and 9 MB with this line.
    getattr(mesa.Agent, "_ids", {}).pop(model, None)
    return Run(history=history, draws=model.values)
