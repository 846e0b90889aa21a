"""Part d: how time grows with citizens, states, months and runs; exponents of fitted powers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from scipy import stats

from benchmarks.citizens.ours import Shipped
from benchmarks.citizens.setting import NATIONAL, Exposure, Setting
from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import interleave, timed
from benchmarks.workload import scenario
from sim.model.simulate import build
from sim.scenario import Scenario

MIXED = Exposure("as shipped", 0.7, 20)
TARGET = "1 or less"


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Time each series and fit a power to it."""
    say("growth")
    citizens = np.unique(
        np.geomspace(sizes.citizens[0], sizes.citizens[-1], 5).round(-2).astype(int)
    ).tolist()
    years = [1, 2, 5, 10, 20] if sizes.runs[0].years > 1 else [1, 2, 3]
    short = scenario(1, 1_000)
    series: dict[str, Mapping[int, Callable[[], object]]] = {
        "citizens a state, stage": {n: _stage(Setting(14, n, MIXED)) for n in citizens},
        "states, stage": {s: _stage(Setting(s, sizes.citizens[1], NATIONAL)) for s in (4, 8, 16, 32)},
        "citizens a state, run of a year": {n: _run(1, n) for n in citizens},
        "months, run": {12 * y: _run(y, 1_000) for y in years},
        "runs of a year": {n: _runs(short, n) for n in (1, 2, 4, 8)},
    }
    for what, points in series.items():
        work = {str(size): timed(run, at_least=sizes.seconds) for size, run in points.items()}
        timings = interleave(work, sizes.rounds)
        for size, timing in timings.items():
            yield Row("growth", what, size, "shipped model", timing.median, "s")
        logs = np.log([[float(size), timing.median] for size, timing in timings.items()])
        fit = stats.linregress(logs[:, 0], logs[:, 1])
        reach = float(stats.t.ppf(0.975, len(logs) - 2)) * fit.stderr
        last = logs[-2:]
        local = (last[1, 1] - last[0, 1]) / (last[1, 0] - last[0, 0])
        note = f"95 % interval {fit.slope - reach:.2f} to {fit.slope + reach:.2f}; {local:.2f} at the largest"
        yield Row("growth", what, "", "exponent", float(fit.slope), "", target=TARGET, note=note)


def _stage(setting: Setting) -> Callable[[], object]:
    citizens, year = Shipped(setting), [setting.news(month) for month in range(12)]
    return lambda: [citizens.month(news) for news in year]


def _run(years: int, citizens: int) -> Callable[[], object]:
    case = scenario(years, citizens)
    return lambda: build(case, 0).run()


def _runs(case: Scenario, count: int) -> Callable[[], object]:
    return lambda: [build(case, replicate).run() for replicate in range(count)]
