"""Part of the page: how long an answer takes in a process that has given one before.

Two scenarios are asked for, as on the page of `sim explore`, and run on two workers, a few runs at a time:
the first are shown while the others are made. Each round has a seed of its own, so that no run is used
again. What is timed is from the question to what the page is sent, its charts as data included.

The scenarios are those of the frozen workload, which set every parameter, and two shipped ones, as users
have them: their files are short.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sim
from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import Timing
from benchmarks.workload import scenario
from sim.experiment.workers import start_fork_server
from sim.scenario import Scenario

WORKERS = 2
CHANGED = "moscow.keep_weight"
SHIPPED = ("baseline", "dubnov")


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Time the first results that can be drawn, and all of them; also in processor time of this process."""
    try:
        from sim.explore.asked import Asked  # noqa: PLC0415 - in the extra `explore`
        from sim.explore.running import Running  # noqa: PLC0415
        from sim.explore.shown import shown  # noqa: PLC0415
    except ImportError as error:
        say(f"answer: skipped, {error.name} is not installed")
        return
    runs, years = sizes.answer_runs, sizes.answer_years
    say(f"answer: 2 scenarios, {runs} runs of {years} years")
    start_fork_server()
    frozen = scenario(years, 1_000)
    changed = frozen.replace(name="changed", parameters={**frozen.parameters, CHANGED: 1.5})
    one, two = (sim.load(name).replace(years=years) for name in SHIPPED)

    def answer(case: Scenario, other: Scenario, seed: int) -> tuple[float, float, float]:
        options = {"runs": runs, "seed": seed, "workers": WORKERS, "changes": {}}
        asked = Asked((case, other), case.name, {}, (other.name,), options)
        first = 0.0
        with tempfile.TemporaryDirectory() as folder:
            began, busy = time.perf_counter(), time.process_time()
            running = Running(asked, Path(folder) / "answer")
            for number, results in running.stages(lambda tally: None):
                shown(results, f"After {number} runs")
                first = first or time.perf_counter() - began
            return first, time.perf_counter() - began, time.process_time() - busy

    for case, other, of in ((frozen, changed, "the workload"), (one, two, " and ".join(SHIPPED))):
        answer(case, other, 0)  # all is imported, compiled and looked up
        found = [answer(case, other, seed) for seed in range(1, sizes.rounds + 1)]
        firsts, wholes, own = (Timing(tuple(seconds)) for seconds in zip(*found, strict=True))
        size = f"{of}: {runs} runs, {years} years, 1,000 x 14"
        busy = f"in the page's process {own.median:.3g} s of the processor"
        for what, timing, target, note in (
            ("first results", firsts, "1 s at most", ""),
            ("all results", wholes, "5 s at most", busy),
        ):
            yield Row(
                "answer", f"an answer, {what}", size, f"the page, {WORKERS} workers", timing.median, "s",
                timing.times(wholes), target=target,
                note="; ".join(filter(None, ["ratio: of the whole", note])),
            )  # fmt: skip
