"""Many short runs through the run store, tables and figures: time, memory, disk, and a million reckoned.

Each command is a process of its own, so that its peak memory is its own. The same is done with a tenth of
the runs: what a run more takes is the slope between the two, and a million is reckoned from it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.sizes import Sizes

ROOT = Path(__file__).parents[1]
SCENARIOS = ("baseline", "dubnov")
MILLION = 1_000_000
_TRIAL = 1_000  # runs up to which one figure will do
_READ = """
import sys
from sim.experiment.results import open_results
results = open_results(sys.argv[1])
"""
ONE_STATE = 'results.read("trajectories", ["scenario", "replicate", "month", "alignment"], states="KGZ")\n'
IN_PARTS = 'sum(len(part) for part in results.parts("trajectories"))\n'
BEGIN, END = "<!-- scale: begin -->", "<!-- scale: end -->"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds from start to end, seconds of the processor, and bytes at its peak."""

    seconds: float
    processor: float
    peak: int


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Make an ensemble of short runs and a tenth of it, and do with both what users do with results."""
    few, many = sizes.scale_runs // 10, sizes.scale_runs
    costs: dict[str, list[Cost]] = {}
    held: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as place:
        for runs in (few, many):
            say(f"scale: {runs:,} runs of a year")
            out = Path(place) / str(runs)
            for name, command in _commands(out, runs).items():
                costs.setdefault(name, []).append(_cost(command))
            for name, inside in (("run store", out / "runs"), ("tables", out)):
                files = inside.rglob("*") if inside != out else out.glob("*.parquet")
                held.setdefault(name, []).append(sum(file.stat().st_size for file in files if file.is_file()))
    size = f"{many:,} runs, 1 year, 50 x 14"
    for name, (small, large) in costs.items():
        more = many - few
        kept = (large.peak - small.peak) / more
        seconds = (large.seconds - small.seconds) / more
        note = f"{_megabytes(large.peak)} at its peak, {_megabytes(small.peak)} with {few:,} runs"
        yield Row("scale", name, size, "seconds", large.seconds, "s", note=note)
        yield Row("scale", name, size, "memory", kept / 1e3, "kB a run", note=note)
        rest = MILLION - many
        note = f"reckoned: {(large.seconds + rest * seconds) / 3600:.3g} hours"
        yield Row(
            "scale", name, f"{MILLION:,} runs", "memory, reckoned", (large.peak + rest * kept) / 1e9, "GB",
            note=note,
        )  # fmt: skip
    for name, (_, last) in held.items():
        yield Row("scale", name, size, "disk", last / many / 1e3, "kB a run", note=_megabytes(last))
        yield Row("scale", name, f"{MILLION:,} runs", "disk, reckoned", last / many * MILLION / 1e9, "GB")


def fill(page: str, rows: Sequence[Row]) -> str:
    """Return a page with what was measured in its place between `BEGIN` and `END`.

    Raises
    ------
    ValueError
        If the page has no such place.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"no place between {BEGIN} and {END}")
    lines = ["| what | size | measure | value | unit | note |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row.what} | {row.size} | {row.subject} | {row.value:,.3g} | {row.unit} | {row.note} |"
        for row in rows
        if row.part == "scale"
    ]
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}"


def _commands(out: Path, runs: int) -> dict[str, list[str]]:
    """Return what is done with an ensemble, in order."""
    sim = [sys.executable, "-m", "sim.cli"]
    compare = [
        *sim, "compare", *SCENARIOS, "--runs", str(runs // len(SCENARIOS)), "--set", "years=1",
        "--set", "citizens=50", "--no-figures", "--quiet", "--yes", "--out", str(out),
    ]  # fmt: skip
    return {
        "runs and tables": compare,
        "the same again": compare,
        "figures": [*sim, "plot", str(out), *(() if runs > _TRIAL else ("--figures", "end_states"))],
        "tables for a paper": [*sim, "export", str(out), "--format", "html"],
        "one state read": [sys.executable, "-c", _READ + ONE_STATE, str(out)],
        "all read in parts": [sys.executable, "-c", _READ + IN_PARTS, str(out)],
    }


def _cost(command: Sequence[str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)  # wait4 tells of it alone
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    peak = used.ru_maxrss if sys.platform == "darwin" else used.ru_maxrss * 1024
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, peak)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
