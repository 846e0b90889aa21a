"""The first command: all shipped theses with figures, and the same again, as it is typed."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import Timing

ROOT = Path(__file__).parents[1]
FIRST, AGAIN, ANEW = "first", "again", "first, nothing compiled"
TARGETS = {FIRST: "45 s at most", AGAIN: "5 s at most", ANEW: "10 s more than the first at most"}


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Time the command in an empty folder, in the same folder again, and with no compiled code kept."""
    say(f"sim compare scenarios/*.yaml, {sizes.command_runs} runs")
    seconds: dict[str, list[float]] = {name: [] for name in TARGETS}
    processor: dict[str, list[float]] = {name: [] for name in TARGETS}
    for _ in range(max(1, sizes.rounds // 2)):
        with tempfile.TemporaryDirectory() as place:
            for name in TARGETS:
                out = Path(place) / ("anew" if name == ANEW else "here")
                changed = {"NUMBA_CACHE_DIR": str(Path(place) / "compiled")} if name == ANEW else {}
                wall, busy = _timed(sizes, out, changed)
                seconds[name].append(wall)
                processor[name].append(busy)
    size = f"{len(_files(sizes))} scenarios, {sizes.command_runs} runs, with figures"
    first = Timing(tuple(seconds[FIRST]))
    for name, target in TARGETS.items():
        timing = Timing(tuple(seconds[name]))
        busy = Timing(tuple(processor[name])).median
        note = f"ratio: against the first; {busy:.3g} s of the processor, without its workers"
        yield Row(
            "command", "sim compare", size, name, timing.median, "s", timing.times(first), target, note
        )  # fmt: skip


def _files(sizes: Sizes) -> list[str]:
    return sorted(map(str, (ROOT / "scenarios").glob(sizes.command_files)))


def _timed(sizes: Sizes, out: Path, changed: dict[str, str]) -> tuple[float, float]:
    """Return how long the command takes, and the processor's seconds of its own process."""
    options = ["--runs", str(sizes.command_runs), *sizes.command_options, "--quiet", "--out", str(out)]
    began, busy = time.perf_counter(), _of_children()
    subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", *_files(sizes), *options],
        check=True, stdout=subprocess.DEVNULL, env=os.environ | changed, cwd=ROOT,
    )  # fmt: skip
    return time.perf_counter() - began, _of_children() - busy


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
