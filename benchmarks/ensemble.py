"""Part c: an ensemble on 1 and 2 workers, against Mesa's batch_run of the same model.

How much a second worker can gain depends on the machine: two cores may share caches, memory and power. So
the machine's own limit is measured in the same rounds: the same runs in processes that have started
already, share nothing and write nothing. `sim` is timed twice: called from a process that has made runs
before, and as a command that is typed, from the start of its Python to its end.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import mesa

from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import interleave, timed
from benchmarks.workload import file, scenario
from sim.experiment.experiment import Experiment
from sim.model.simulate import build, simulate
from sim.scenario import Scenario

KEPT = "ratio .97 or more"


def batch_model(rng: int | None = None, *, replicate: int, years: int, citizens: int) -> mesa.Model:
    """Return one replicate of the shipped model, as Mesa's batch_run asks for a model."""
    model: Any = build(scenario(years, citizens), replicate)
    model.running = True
    model.datacollector = mesa.DataCollector()  # batch_run insists on one; an empty one costs nothing
    return model


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Time both on 1 and 2 processes."""
    say(f"ensemble of {sizes.ensemble_runs} runs of {sizes.ensemble_years} years")
    case = scenario(sizes.ensemble_years, 1_000)
    case = replace(case, runs=sizes.ensemble_runs)
    work = {}
    for workers in (1, 2):
        work[f"sim, {workers}"] = timed(partial(_ours, case, workers))
        work[f"sim run, {workers}"] = timed(partial(_command, sizes, workers))
        work[f"batch_run, {workers}"] = timed(partial(_batch, sizes, workers))
    with _warm(1, case) as alone, _warm(2, case) as pair:
        work["limit, 1"] = timed(lambda: _bare(alone, case, 1))
        work["limit, 2"] = timed(lambda: _bare(pair, case, 2))
        timings = interleave(work, sizes.rounds)
    size = f"{sizes.ensemble_runs} runs, {sizes.ensemble_years} years, 1,000 x 14"
    for name, timing in timings.items():
        yield Row(
            "ensemble", "an ensemble", size, f"{name} worker(s)", timing.median, "s",
            timing.times(timings["sim, 1"]), note="ratio: against sim on 1 worker",
        )  # fmt: skip
    limit = timings["limit, 1"].times(timings["limit, 2"])
    for who, target in (("sim", KEPT), ("sim run", KEPT), ("batch_run", ""), ("limit", "")):
        one, two = timings[f"{who}, 1"], timings[f"{who}, 2"]
        gain = one.times(two)
        yield Row(
            "ensemble", "gain of a second worker", size, who, gain, "times", gain / limit, target,
            "ratio: against the limit's gain",
        )  # fmt: skip
        if target:
            for workers in (4, 8):
                yield Row(
                    "ensemble", f"gain of {workers} workers, estimated", size, who,
                    expected_gain(one.median, two.median, limit, workers), "times",
                    note="from start and end, which no worker shares, and each worker as good as the second",
                )  # fmt: skip


def expected_gain(alone: float, pair: float, limit: float, workers: int) -> float:
    """Return what a number of workers should gain, by Amdahl's law, from what one and two took.

    Parameters
    ----------
    alone, pair : float
        Seconds on one worker and on two.
    limit : float
        What bare processes gain by the second, 1 to 2: each further one is taken to add as much.
    workers : int
    """
    serial = min(max((limit * pair - alone) / (limit - 1), 0.0), alone) if limit > 1 else 0.0
    return alone / (serial + (alone - serial) / (1 + (workers - 1) * (limit - 1)))


@contextmanager
def _warm(workers: int, case: Scenario) -> Iterator[ProcessPoolExecutor]:
    """Start processes and let each make a run, so that all is imported and compiled."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        _bare(pool, replace(case, runs=4 * workers), workers)
        yield pool


def _bare(pool: ProcessPoolExecutor, case: Scenario, workers: int) -> None:
    """Make an ensemble's runs in equal shares, and nothing else."""
    shares = [range(worker, case.runs, workers) for worker in range(workers)]
    for done in [pool.submit(_make, case, share) for share in shares]:
        done.result()  # a run that raised would count as a quick one


def _make(case: Scenario, replicates: range) -> None:
    for replicate in replicates:
        simulate(case, replicate)  # which lets go of the model; Mesa 3.3 alone would keep them all


def _ours(case: Scenario, workers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Experiment([case], out=Path(folder) / "out", workers=workers).run()


def _command(sizes: Sizes, workers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = (
            f"{sys.executable} -m sim.cli run {file()} "
            f"--set years={sizes.ensemble_years} --set citizens=1000 "
            f"--runs {sizes.ensemble_runs} --workers {workers} --no-figures --quiet --out"
        )
        subprocess.run([*command.split(), f"{folder}/out"], check=True, stdout=subprocess.DEVNULL)


def _batch(sizes: Sizes, workers: int) -> None:
    parameters = {
        "replicate": range(sizes.ensemble_runs), "years": sizes.ensemble_years, "citizens": 1_000,
    }  # fmt: skip
    mesa.batch_run(
        batch_model, parameters, number_processes=workers, max_steps=12 * sizes.ensemble_years - 1,
        display_progress=False,
    )  # fmt: skip
