"""Running ensembles: order, failures, dead workers, Ctrl-C, and the same bytes however it is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import kills
import pytest
from test_runs_fakes import RECIPE, FakeScenario, run_to_folder

from sim.errors import FolderError, WorkersError
from sim.experiment.chunk import Chunk, DoneRun, chunks
from sim.experiment.ensemble import chunk_size, run_chunks
from sim.experiment.folder import choose_folder, make_folder
from sim.experiment.interrupt import RunsInterrupted
from sim.experiment.record import FailedRun
from sim.experiment.results import Results
from sim.experiment.workers import process_pool

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
SCENARIOS = [
    FakeScenario("baseline", runs=23),
    FakeScenario("dubnov", runs=23, thesis=SimpleNamespace(name="dubnov"), seed=2),
]


def run(scenarios, folder, **options) -> Results:
    run_to_folder(scenarios, folder, RECIPE, **options)
    return Results(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Return a results folder's files, but for times, the log, and how the run store is cut up."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    varying = {Path("about.json"), Path("log.txt")}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in files.items()
        if name not in varying and (name.parts[0] != "runs" or path.suffix != ".zip")
    }


def test_chunks_cover_every_replicate_once_all_scenarios_side_by_side():
    cut = list(chunks(SCENARIOS, 10))
    assert [len(chunk.replicates) for chunk in cut] == [10, 10, 10, 10, 3, 3]
    assert [chunk.scenario.name for chunk in cut[:2]] == ["baseline", "dubnov"]
    assert [r for chunk in cut[1::2] for r in chunk.replicates] == list(range(23))


def test_the_last_chunks_are_small_so_that_workers_end_together():
    cut = [chunk.replicates for chunk in chunks([FakeScenario(runs=60)], 10, workers=2)]
    assert [len(replicates) for replicates in cut] == [10, 10, 10, 8, 6, 4, 3, 3, 2, 1, 1, 1, 1]
    assert [replicate for replicates in cut for replicate in replicates] == list(range(60))
    assert len(list(chunks([FakeScenario(runs=60)], 10, workers=1))) < 10


def test_chunks_leave_out_what_is_complete():
    cut = list(chunks(SCENARIOS, 10, complete={"baseline": range(12), "dubnov": {3}}))
    assert [len(chunk.replicates) for chunk in cut] == [9, 8, 10, 3, 3]
    assert 3 not in cut[0].replicates


@pytest.mark.parametrize(("runs", "workers", "size"), [(1, 2, 1), (20, 2, 2), (100, 2, 7), (10_000, 2, 10)])
def test_chunk_size_keeps_every_worker_busy(runs, workers, size):
    assert chunk_size(runs, workers) == size


def test_bytes_do_not_depend_on_workers_or_chunks(tmp_path):
    run(SCENARIOS, tmp_path / "serial")
    run(SCENARIOS, tmp_path / "processes", workers=2, replicates_a_chunk=3)
    run(SCENARIOS, tmp_path / "threads", workers=3, replicates_a_chunk=5, executor=ThreadPoolExecutor)
    serial = contents(tmp_path / "serial")
    assert {"outcomes.parquet", "trajectories.parquet", "events.parquet", "draws.parquet"} <= set(serial)
    assert contents(tmp_path / "processes") == serial
    assert contents(tmp_path / "threads") == serial


def test_another_seed_gives_other_bytes(tmp_path):
    run(SCENARIOS[:1], tmp_path / "one")
    run([replace(SCENARIOS[0], seed=9)], tmp_path / "nine")
    one, nine = contents(tmp_path / "one"), contents(tmp_path / "nine")
    assert one["outcomes.parquet"] != nine["outcomes.parquet"]


def test_a_failed_run_is_recorded_and_loses_no_other(tmp_path):
    results = run([FakeScenario(runs=5, raises=2)], tmp_path / "out")
    assert results.outcomes["replicate"].tolist() == [0, 1, 3, 4]
    (failure,) = results.failures.to_dict("records")
    assert (failure["scenario"], failure["replicate"]) == ("baseline", 2)
    assert failure["error"] == "ValueError: legitimacy is not a number"
    assert "in simulate" in failure["traceback"]
    assert results.about["runs_failed"] == 1


def test_all_runs_may_fail(tmp_path):
    results = run([FakeScenario(runs=1, raises=0)], tmp_path / "out")
    assert len(results.outcomes) == 0
    assert len(results.failures) == 1


def test_a_run_that_kills_its_worker_is_recorded_and_loses_no_other(tmp_path):
    scenario = FakeScenario(runs=6, kills=4, counter=str(tmp_path / "counter"))
    work = list(chunks([scenario], 2))
    batches = run_chunks(RECIPE, work, attrgetter("replicate"), workers=2, executor=process_pool)
    done = sorted((run for batch in batches for run in batch.runs), key=attrgetter("replicate"))
    assert [run.replicate for run in done] == list(range(6))
    assert [type(run) for run in done] == [DoneRun] * 4 + [FailedRun] + [DoneRun]
    assert "worker process died" in done[4].error
    assert (tmp_path / "counter").stat().st_size < 6 * 4  # submitted again twice, then alone


def niceness(run):
    return os.nice(0)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="there is no order among processes")
def test_workers_come_behind_only_where_they_are_to():
    for behind in (False, True):
        work = list(chunks([FakeScenario(runs=2)], 1))
        batches = run_chunks(RECIPE, work, niceness, workers=2, behind=behind)
        found = {run.payload for batch in batches for run in batch.runs}
        assert found == {min(os.nice(0) + 5 * behind, 19)}


def test_an_executor_that_cannot_start_says_what_to_do(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text("from sim.experiment.workers import process_pool\nprocess_pool(1, with_main=True)\n")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    assert WorkersError.__name__ in done.stderr
    assert "__main__" in done.stderr.splitlines()[-1]


def test_ctrl_c_keeps_what_was_finished(tmp_path):
    with pytest.raises(RunsInterrupted, match="4 of 10 runs finished"):
        run([FakeScenario(runs=10, interrupts=3)], tmp_path / "out")
    results = Results(tmp_path / "out")
    assert results.outcomes["replicate"].tolist() == [0, 1, 2, 3]
    assert results.about["interrupted"] is True
    run([FakeScenario(runs=2)], tmp_path / "next")  # the request does not outlive its runs
    assert len(Results(tmp_path / "next").outcomes) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_workers_end_with_a_killed_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, time\nfrom sim.experiment.workers import process_pool\n"
        "if __name__ == '__main__':\n"
        "    pool = process_pool(1)\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "    pool.submit(time.sleep, 60)\n"
        "    time.sleep(60)\n"
    )
    temporary = Path(tempfile.mkdtemp(prefix="sim", dir="/tmp"))  # short: a socket's path has 107 bytes
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, "TMPDIR": str(temporary)},
    )
    worker = int(parent.stdout.readline())
    processes = [worker, *(kills.server_of(parent.pid) if sys.platform.startswith("linux") else ())]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while (any(map(_alive, processes)) or any(temporary.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_alive, processes))
    assert list(temporary.iterdir()) == []
    temporary.rmdir()


LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where workers are forked")


@LINUX
def test_workers_start_with_the_model_loaded_from_a_server_of_one_thread():
    with process_pool(2) as pool:
        loaded = pool.submit(what_is_loaded).result()
        server = Path(f"/proc/{loaded['server']}/status").read_text()
    assert "Threads:\t1\n" in server
    assert loaded["kernels"] > 0
    assert loaded["record"] == 1


def what_is_loaded():
    from sim.model.citizens import kernels  # noqa: PLC0415
    from sim.world.record import load_record  # noqa: PLC0415

    return {
        "server": os.getppid(),
        "kernels": sum(len(getattr(item, "signatures", ())) for item in vars(kernels).values()),
        "record": load_record.cache_info().currsize,
    }


@LINUX
def test_workers_import_from_where_their_parent_does(tmp_path):
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("raise SystemExit('another package of this name')\n")
    place = tmp_path / "scripts"
    place.mkdir()
    script = place / "script.py"
    script.write_text(
        "from sim.experiment.workers import process_pool\nfrom test_runs import what_is_loaded\n"
        "if __name__ == '__main__':\n"
        "    with process_pool(1) as pool:\n"
        "        print(pool.submit(what_is_loaded).result()['record'])\n"
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_a_server_killed_as_it_starts_is_replaced(tmp_path, seconds):
    script = tmp_path / "script.py"
    script.write_text(
        "import os, threading\nfrom multiprocessing.forkserver import _forkserver\n"
        "from sim.experiment.workers import process_pool, start_fork_server\n"
        "if __name__ == '__main__':\n"
        "    start_fork_server()\n"
        f"    threading.Timer({seconds}, os.kill, (_forkserver._forkserver_pid, 9)).start()\n"
        "    with process_pool(2) as pool:\n"
        "        print(pool.submit(len, 'two').result())\n"
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    assert (done.stdout, done.stderr) == ("3\n", "")


@LINUX
def test_where_no_server_can_be_started_workers_are_spawned(tmp_path, monkeypatch):
    def no_room():
        raise OSError("no space for a socket")

    monkeypatch.setattr("sim.experiment.workers.forkserver.ensure_running", no_room)
    before = dict(os.environ)
    with process_pool(1) as pool:
        assert pool.submit(len, "two").result() == 3
    assert dict(os.environ) == before


def _alive(pid: int) -> bool:
    """Whether a process runs; one that ended and is not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        pass
    else:
        return state != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc").is_dir()


def test_two_scenarios_never_share_a_name(tmp_path):
    results = run([FakeScenario(), FakeScenario()], tmp_path)
    assert results.scenarios == ["baseline", "baseline-2"]


def test_results_never_overwrite(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert choose_folder(None, "compare") == Path("results/compare")
    make_folder(Path("results/compare"))
    assert choose_folder(None, "compare") == Path("results/compare")
    Path("results/compare/about.json").touch()
    assert choose_folder(None, "compare") == Path("results/compare-2")
    mine = tmp_path / "mine"
    mine.mkdir()
    assert choose_folder(mine, "x") == mine
    (mine / "thesis.doc").touch()
    with pytest.raises(FolderError, match="is not empty"):
        choose_folder(mine, "x")
    with pytest.raises(FolderError, match="no earlier results"):
        choose_folder(mine, "x", force=True)
    with pytest.raises(FolderError, match="is a file"):
        choose_folder(mine / "thesis.doc", "x", force=True)


def test_force_replaces_earlier_results_and_nothing_else(tmp_path):
    run([FakeScenario("old", runs=2)], tmp_path / "out")
    (tmp_path / "out" / "notes.txt").touch()
    assert choose_folder(tmp_path / "out", "x", force=True) == tmp_path / "out"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes.txt"]
    with pytest.raises(FolderError, match="holds no runs to go on with"):
        run([FakeScenario("new", runs=2)], tmp_path / "out")


def test_pool_of_processes_runs_chunks():
    with process_pool(1) as pool:
        chunk = Chunk(FakeScenario(), (0,))
        assert pool.submit(len, chunk.replicates).result() == 1
