"""Part g: what Mesa's agent sets and data collector would cost a whole run, in place of lists and arrays."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from functools import partial

import mesa

from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import interleave
from benchmarks.workload import scenario
from sim.model.model import PostSovietSpace
from sim.model.month import MONTH, Stage
from sim.model.randomness import Process, normal
from sim.model.regimes.movement import Movement
from sim.model.regimes.regime import Regime
from sim.model.region.territory import Territory
from sim.model.simulate import build
from sim.scenario import Scenario

SHIPPED, SETS, COLLECTOR = "lists and arrays, as shipped", "agent sets", "data collector"
REPORTED = (
    "alignment", "legitimacy", "cohesion", "security_loyalty", "preparedness", "dependence",
    "peak_participation", "attitude", "garrison",
)  # fmt: skip


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Time whole runs under each schedule of the month."""
    for of in sizes.runs[:1]:
        say(f"Mesa's parts in a run of {of.years} years, {of.citizens:,} citizens a state")
        case = scenario(of.years, of.citizens)

        work = {
            name: partial(_seconds, case, prepare)
            for name, prepare in ((SHIPPED, _as_shipped), (SETS, _agent_sets), (COLLECTOR, _collected))
        }
        interleave(work, 1)  # kernels compiled
        timings = interleave(work, 3 * sizes.rounds)
        for name, timing in timings.items():
            size = f"{of.years} years, {of.citizens:,} x 14"
            yield Row("mesa", "a run", size, name, timing.median, "s", timing.times(timings[SHIPPED]))


def _seconds(case: Scenario, prepare: Callable[[PostSovietSpace], None]) -> float:
    """Return the processor's seconds of a run of one thread: what else the machine does counts less."""
    model = build(case, 0)
    prepare(model)
    start = time.process_time()
    model.run()
    return time.process_time() - start


def _as_shipped(model: PostSovietSpace) -> None:
    del model


def _agent_sets(model: PostSovietSpace) -> None:
    """Move all regimes, movements and territories by `mesa.agent.AgentSet.do`."""
    agents = model.agents_by_type

    def drift(space: PostSovietSpace) -> None:
        shocks = space.numbers.draws(Process.PERFORMANCE, space.tick, len(space.regimes))
        agents[Regime].do(lambda regime: regime.drift(normal(shocks[regime.index][0])))

    def organise(_: PostSovietSpace) -> None:
        agents[Movement].do("organise")

    def depend(_: PostSovietSpace) -> None:
        agents[Territory].do("depend")

    model.schedule = _with({"regimes": drift, "movements": organise, "territories": depend})


def _collected(model: PostSovietSpace) -> None:
    """Record the series that are attributes of regimes by `mesa.DataCollector`, beside what it cannot."""
    collector = mesa.DataCollector(agenttype_reporters={Regime: {name: name for name in REPORTED}})

    def record(space: PostSovietSpace) -> None:
        collector.collect(space)
        space.recorder.record()

    model.schedule = _with({"recording": record})


def _with(stages: dict[str, Callable[[PostSovietSpace], None]]) -> tuple[Stage, ...]:
    return tuple(
        dataclasses.replace(stage, run=stages[stage.name]) if stage.name in stages else stage
        for stage in MONTH
    )
