"""Kill ensembles with SIGKILL at random times and hold what they leave against an undisturbed one.

``python tests/kills.py --kills 100`` kills parents, workers and the server that forks them, chosen at random,
a few times an ensemble, runs it again until it ends, and stops with an error at the first difference.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
KILLS_AN_ENSEMBLE = 6
CHUNKS = 36  # files in the run store of an undisturbed ensemble
PATIENCE = 60.0  # seconds for workers to end after their parent

ENSEMBLE = """
import sys
from pathlib import Path
from test_runs_fakes import FakeScenario, run_to_folder

scenarios = [FakeScenario("baseline", runs=54, seconds=0.02), FakeScenario("kuzio", runs=54, seconds=0.02)]
run_to_folder(scenarios, Path(sys.argv[1]), workers=2, replicates_a_chunk=3)
"""


def start(script: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, script, folder], env=ENVIRONMENT, stderr=subprocess.PIPE)


def children_of(parent: int, running: bytes) -> list[int]:
    """Return the child processes of a process whose command line holds a text; Linux only."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            status = (path / "stat").read_text().rpartition(")")[2].split()
            command = (path / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(status[1]) == parent and status[0] != "Z" and running in command:
            found.append(int(path.name))
    return found


def server_of(parent: int) -> list[int]:
    """Return the fork server of a process, if there is one."""
    return children_of(parent, b"multiprocessing.forkserver")


def workers_of(parent: int) -> list[int]:
    """Return the worker processes of a process."""
    return [worker for server in server_of(parent) for worker in children_of(server, b"")]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for_end(processes: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := [process for process in processes if alive(process)]:
        assert time.monotonic() < deadline, f"orphan workers: {left}"
        time.sleep(0.05)


def tables(folder: Path) -> dict[str, bytes]:
    """Return the files of a results folder, but for those that hold times and the run store's own."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if name not in {"about.json", "log.txt"} and not name.endswith(".zip")
    }


def stage(folder: Path) -> str:
    """Return how far an ensemble was when it was killed."""
    if list(folder.glob("*.parquet")) or list(folder.glob(".*.parquet.part")):
        return "writing tables"
    return "making runs" if list(folder.rglob("*.zip")) else "starting"


def wait_for_moment(process: subprocess.Popen[bytes], folder: Path, rng: random.Random) -> None:
    """Wait for a random moment of a process: soon after its start, or once so many chunks are stored."""
    chunks = rng.randint(-CHUNKS // 3, CHUNKS)
    if chunks < 0:
        time.sleep(rng.uniform(0.0, 3.0))
    while process.poll() is None and len(list(folder.rglob("*.zip"))) < chunks:
        time.sleep(0.02)  # looking all the time takes a core from the ensemble
    time.sleep(rng.uniform(0.0, 0.1))


def disturb(script: Path, folder: Path, kills: int, rng: random.Random) -> Counter[str]:
    """Kill an ensemble a number of times, and run it to its end.

    Parameters
    ----------
    script, folder : Path
    kills : int
        At most; an ensemble that ends first is left alone.
    rng : random.Random

    Returns
    -------
    Counter
        Of kills, by who was killed and when.
    """
    done: Counter[str] = Counter()
    process = start(script, folder)
    while kills:
        wait_for_moment(process, folder, rng)
        processes = {
            "parent": [process.pid],
            "server": server_of(process.pid),
            "worker": workers_of(process.pid),
        }
        if process.poll() is not None:
            break
        who = rng.choice(list(processes))
        if not processes[who]:
            time.sleep(0.05)
            continue
        try:
            os.kill(rng.choice(processes[who]), signal.SIGKILL)
        except ProcessLookupError:  # it has just ended
            continue
        kills -= 1
        if who == "parent":
            process.communicate(timeout=PATIENCE)  # its workers hold the other end
            wait_for_end(processes["server"] + processes["worker"])
            done[f"{who}, {stage(folder)}"] += 1
            process = start(script, folder)
        else:
            done[f"{who}, {stage(folder)}"] += 1
        if who == "server":
            wait_for_end(processes["worker"])
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors.decode()
    if "the worker process died" in (folder / "log.txt").read_text():  # killed at every try
        assert start(script, folder).wait() == 0
    return done


def run(kills: int, seed: int, place: Path) -> Counter[str]:
    """Kill as often as asked, over as many ensembles as that takes; raises AssertionError at a difference."""
    script = place / "ensemble.py"
    script.write_text(ENSEMBLE)
    assert start(script, place / "undisturbed").wait() == 0
    wanted = tables(place / "undisturbed")
    assert len(list((place / "undisturbed").rglob("*.zip"))) == CHUNKS
    rng, done, number = random.Random(seed), Counter[str](), 0
    while done.total() < kills:
        number += 1
        folder = place / f"killed-{number}"
        done += disturb(script, folder, min(KILLS_AN_ENSEMBLE, kills - done.total()), rng)
        assert tables(folder) == wanted, f"{folder} differs from an undisturbed ensemble"
        assert "is damaged" not in (folder / "log.txt").read_text()
    done["ensembles"] = number
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for what, count in sorted(run(given.kills, given.seed, Path(place)).items()):
            sys.stdout.write(f"{count:5} {what}\n")


if __name__ == "__main__":
    main()
