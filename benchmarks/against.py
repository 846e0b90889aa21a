"""Whole runs of this checkout against those of an earlier commit: the same workload, in turn, on one core."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import interleave, together
from benchmarks.workload import NAMES, keys

ROOT = Path(__file__).parents[1]
HERE = "this checkout"
REPLICATES = range(6)  # runs differ in length with what happens in them

# In each version's own process, of which nothing but `sim` is known: build, run, say the seconds of the
# processor and a hash of the numbers.
CHILD = """
import gc, hashlib, json, sys, time
from sim.model.simulate import build
from sim.parameters import catalogue
from sim.scenario import Scenario

given = json.loads(sys.stdin.readline())
known = {path: value for path, value in given["parameters"].items() if path in catalogue()}
case = Scenario.build("benchmark", **{**given, "parameters": known})

def run(replicate):
    gc.collect()
    gc.disable()  # as an ensemble does while a run is made
    start = time.process_time()
    history = build(case, replicate).run()
    seconds = time.process_time() - start
    gc.enable()
    numbers = hashlib.sha256()
    for series in (history.series, history.moscow, history.territories):
        for name in sorted(series):
            numbers.update(series[name].tobytes())
    for event in history.events:
        numbers.update(repr((event.tick, event.kind, event.actor, event.target, event.value)).encode())
    return seconds, numbers.hexdigest()

run(0)
print(json.dumps(len(given["parameters"]) - len(known)), flush=True)
for line in sys.stdin:
    print(json.dumps(run(int(line))), flush=True)
"""


class Version:
    """One version of the model in a process of its own, with its kernels compiled.

    Parameters
    ----------
    checkout : Path
        Folder that holds its `sim`.
    workload : dict
        As its scenario file says.
    """

    def __init__(self, checkout: Path, workload: dict[str, Any]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(checkout)!r})\n{CHILD}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=checkout,
        )  # fmt: skip
        self.unknown = int(self._ask(json.dumps(workload)))
        self.numbers: dict[int, str] = {}

    def run(self, replicate: int) -> float:
        """Make a run; return the processor's seconds."""
        seconds, self.numbers[replicate] = self._ask(str(replicate))
        return float(seconds)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()

    def _ask(self, line: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(line, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("this version cannot make the run; what it said stands above")
        return json.loads(answer)


@contextmanager
def checkout_of(commit: str) -> Iterator[Path]:
    """Check a commit out into a folder of its own, and remove it again."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "earlier"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)


def run(sizes: Sizes, say: Callable[[str], None], commit: str) -> Iterator[Row]:
    """Time both versions replicate by replicate; say whether their numbers are the same."""
    of = sizes.runs[0]
    with checkout_of(commit) as earlier:
        for name in NAMES:
            say(f"{name}, {of.years} years, {of.citizens:,} citizens a state, against {commit}")
            workload = keys(name, years=of.years, citizens=of.citizens)
            size = f"{name}, {of.years} years, {of.citizens:,} x 14"
            with ExitStack() as stack:
                versions = {HERE: Version(ROOT, workload), commit: Version(earlier, workload)}
                for version in versions.values():
                    stack.callback(version.close)
                yield from _compare(sizes, size, versions)


def _compare(sizes: Sizes, size: str, versions: dict[str, Version]) -> Iterator[Row]:
    work = {
        f"{who} {replicate}": partial(version.run, replicate)
        for replicate in REPLICATES
        for who, version in versions.items()
    }
    timings = interleave(work, sizes.rounds)
    same = len({json.dumps(version.numbers, sort_keys=True) for version in versions.values()}) == 1
    for who, version in versions.items():
        of_all = [timings[f"{who} {replicate}"] for replicate in REPLICATES]
        ours = [timings[f"{HERE} {replicate}"] for replicate in REPLICATES]
        total, base = (together(timing) for timing in (of_all, ours))
        note = (
            "" if who == HERE else f"the {'same' if same else 'other'} numbers, {len(REPLICATES)} replicates"
        )
        if version.unknown:
            note += f"; {version.unknown} parameters unknown there"
        seconds = total.median / len(REPLICATES)
        yield Row("against", "a run", size, who, seconds, "s", total.times(base), note=note)
