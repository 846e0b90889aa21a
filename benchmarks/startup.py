"""Part f: how long the command takes to answer, against an empty start of Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import interleave, timed

EMPTY = "empty Python"
COMMANDS = {
    EMPTY: [sys.executable, "-c", "pass"],
    "import sim": [sys.executable, "-c", "import sim"],
    "sim --help": [sys.executable, "-m", "sim.cli", "--help"],
}


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Time each command in processes of its own."""
    say("start-up")
    work = {name: timed(_start(command)) for name, command in COMMANDS.items()}
    interleave(work, 1)  # files into the page cache
    timings = interleave(work, 2 * sizes.rounds + 1)
    for name, timing in timings.items():
        more = timing.median - timings[EMPTY].median
        target = "+0.25 s at most" if name == "sim --help" else ""
        yield Row(
            "startup", "seconds to answer", "", name, timing.median, "s", timing.times(timings[EMPTY]),
            target,
            f"{more:+.3f} s; ratio: against an empty start",
        )  # fmt: skip


def _start(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
