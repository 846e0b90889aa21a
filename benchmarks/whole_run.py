"""Part b: a whole run of the model, against the same model with a Mesa agent per citizen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from benchmarks.mesa_population import MesaPopulation
from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import interleave, timed
from benchmarks.workload import scenario
from sim.model.model import PostSovietSpace
from sim.model.simulate import build
from sim.scenario import Scenario

SHIPPED, MESA = "shipped model", "the same with Mesa citizens"
REPLICATES = 3
SAME = 1e-3  # participation that counts as equal


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Compare the paths, then time both."""
    for of in sizes.runs:
        say(f"whole run of {of.years} years, {of.citizens:,} citizens a state")
        case = scenario(of.years, of.citizens)
        size = f"{of.years} years, {of.citizens:,} x 14"
        yield from _same_path(case, size)
        work = {
            SHIPPED: timed(partial(_live, build, case)),
            MESA: timed(partial(_live, _with_agents, case)),
        }
        work[SHIPPED]()
        timings = interleave(work, sizes.rounds)
        for name, timing in timings.items():
            target = "200 or more" if name == MESA else ""
            yield Row("run", "a run", size, name, timing.median, "s", timing.times(timings[SHIPPED]), target)


def _live(make: Callable[[Scenario, int], PostSovietSpace], case: Scenario) -> None:
    make(case, 0).run()


def _with_agents(case: Scenario, replicate: int) -> PostSovietSpace:
    model = build(case, replicate)
    model.population = MesaPopulation(model.population)  # type: ignore[assignment]
    return model


def _same_path(case: Scenario, size: str) -> Iterator[Row]:
    """Report how long both models follow one path, and how far apart participation is on average."""
    months, differences = [], []
    for replicate in range(REPLICATES):
        paths = []
        for model in (build(case, replicate), _with_agents(case, replicate)):
            path = []
            while model.tick < model.months:
                model.step()
                path.append(model.population.participation.copy())
            paths.append(np.array(path))
        apart = np.abs(paths[0] - paths[1]).max(axis=1) > SAME
        months.append(int(apart.argmax()) if apart.any() else apart.size)
        differences.append(float(paths[1].mean() - paths[0].mean()))
    note = f"replicates 0 to {REPLICATES - 1}; single against double precision tips a citizen now and then"
    yield Row("run", "months on the same path", size, MESA, float(np.median(months)), "months", note=note)
    mean = float(np.mean(differences))
    yield Row("run", "mean participation, difference", size, MESA, mean, "share", note=note)
