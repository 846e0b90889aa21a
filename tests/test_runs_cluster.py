"""A real Dask scheduler with two workers on this machine: the same bytes, whichever of them is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import pytest
from kills import ENVIRONMENT
from test_runs import contents
from test_runs_fakes import RECIPE, FakeScenario, run_to_folder

from sim.errors import WorkersError
from sim.experiment import chunk
from sim.experiment.cluster import cluster_executor, cluster_workers
from sim.experiment.results import Results

pytest.importorskip("distributed")

SHARP = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s"}
IMPATIENT = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
SCENARIOS = [FakeScenario("baseline", runs=40), FakeScenario("kuzio", runs=40, seed=2)]


@contextmanager
def process(*words: str, **settings: str):
    """Run a part of Dask while the block lasts."""
    started = subprocess.Popen(
        [sys.executable, "-m", *words],
        env=ENVIRONMENT | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


@dataclass(frozen=True)
class Cluster:
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster(place: Path, workers: int = 2, scheduler: Mapping[str, str] = MappingProxyType({})):
    """Start a scheduler and workers."""
    described = place / "scheduler.json"
    common = ["--scheduler-file", str(described), "--no-dashboard"]
    with ExitStack() as stack:
        head = stack.enter_context(
            process(
                "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common, **scheduler
            )
        )
        hands = [
            stack.enter_context(
                process("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", *common)
            )
            for _ in range(workers)
        ]
        address = wait_for(lambda: json.loads(described.read_text())["address"])
        wait_for(lambda: cluster_workers(address) == workers)
        yield Cluster(address, head, hands)


def wait_for(look, seconds: float = 90):
    deadline = time.monotonic() + seconds
    while True:
        try:
            if found := look():
                return found
        except (OSError, ValueError):
            pass
        assert time.monotonic() < deadline, "Dask did not start"
        time.sleep(0.2)


def same_bytes_though_a_worker_gets(what, dask, tmp_path):
    """Run on a cluster, of which one worker gets a signal midway, and here, and compare."""
    run_to_folder(SCENARIOS, tmp_path / "here", RECIPE)
    hit = []

    def hit_one(tally):
        if tally.finished >= 20 and not hit:
            hit.append(tally.finished)
            os.kill(dask.workers[0].pid, what)

    run_to_folder(
        [replace(scenario, seconds=0.05) for scenario in SCENARIOS],
        tmp_path / "there",
        RECIPE,
        workers=2,
        replicates_a_chunk=4,
        executor=cluster_executor(dask.address),
        progress=hit_one,
    )
    assert 20 <= hit[0] < 80
    assert Results(tmp_path / "there").failures.empty
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(tmp_path):
    with cluster(tmp_path) as dask:
        same_bytes_though_a_worker_gets(signal.SIGKILL, dask, tmp_path)
        assert cluster_workers(dask.address) == 1


@pytest.mark.slow
def test_a_killed_scheduler_ends_the_command_and_the_rest_is_made_without_it(tmp_path):
    def sim(out: str, *words: str) -> subprocess.Popen[str]:
        command = "-m sim.cli run baseline --runs 120 --set years=4 --set citizens=100 --no-figures --quiet"
        return subprocess.Popen(
            [sys.executable, *command.split(), "--out", out, *words],
            cwd=tmp_path,
            env=ENVIRONMENT | IMPATIENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    with cluster(tmp_path) as dask:
        stopped = sim("out", "--cluster", dask.address)
        wait_for(lambda: list((tmp_path / "out").rglob("*.zip")))
        dask.scheduler.kill()
        printed, errors = stopped.communicate(timeout=120)
    assert len(errors.splitlines()) == 3, errors  # nothing of what Dask, Tornado and asyncio log
    lost, kept, failure = errors.splitlines()
    assert lost == "workers were lost; what they had in hand is run again"
    assert kept.startswith(
        "what is finished is kept in out; to go on, once workers can be reached: sim run baseline"
    )
    assert failure == f"Error: no Dask scheduler answers at {dask.address}"
    assert (stopped.returncode, printed) == (2, "")
    stored = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.zip")}
    assert 0 < sum(int(path.stem[8:15]) - int(path.stem[:7]) + 1 for path in stored) < 120
    for out in ("out", "undisturbed"):
        done = sim(out, "--workers", "1")
        _, errors = done.communicate(timeout=300)
        assert (done.returncode, errors) == (0, "")
    assert {path: path.read_bytes() for path in stored} == stored
    assert contents(tmp_path / "out") == contents(tmp_path / "undisturbed")


@pytest.mark.slow
def test_a_worker_that_hangs_costs_nothing(tmp_path):
    with cluster(tmp_path, scheduler=SHARP) as dask:
        same_bytes_though_a_worker_gets(signal.SIGSTOP, dask, tmp_path)


@pytest.mark.slow
def test_a_scheduler_that_falls_silent_ends_the_runs_in_time_and_what_was_made_is_kept(tmp_path, monkeypatch):
    """As where a network is cut: connections stand, and nothing comes."""
    dask_config = pytest.importorskip("dask").config
    monkeypatch.setattr("sim.experiment.cluster._LOOK", 0.5)
    silenced = []

    def silence(tally):
        if tally.finished >= 20 and not silenced:
            silenced.append(time.monotonic())
            os.kill(dask.scheduler.pid, signal.SIGSTOP)

    slow = [replace(scenario, seconds=0.05) for scenario in SCENARIOS]
    with cluster(tmp_path) as dask, dask_config.set({"distributed.comm.timeouts.connect": "5s"}):
        with pytest.raises(WorkersError, match="no Dask scheduler answers"):
            run_to_folder(
                slow,
                tmp_path / "there",
                RECIPE,
                workers=2,
                replicates_a_chunk=4,
                executor=cluster_executor(dask.address),
                progress=silence,
            )
        assert time.monotonic() - silenced[0] < 90
    stored = list((tmp_path / "there").rglob("*.zip"))
    assert stored
    before = {path: path.read_bytes() for path in stored}
    run_to_folder(SCENARIOS, tmp_path / "there", RECIPE)
    run_to_folder(SCENARIOS, tmp_path / "here", RECIPE)
    assert {path: path.read_bytes() for path in stored} == before
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.parametrize("status", ["finished", "error"])
def test_a_scheduler_that_dies_while_an_answer_is_on_its_way_is_no_error_of_the_call(monkeypatch, status):
    async def gather(sent, asynchronous):
        raise OSError("the connection is closed")

    with asyncio.Runner() as runner:
        thread = threading.Thread(target=runner.get_loop().run_forever)
        client = SimpleNamespace(
            loop=SimpleNamespace(asyncio_loop=runner.get_loop()),
            submit=lambda *_, **__: SimpleNamespace(status=status),
            gather=gather,
            close=lambda: None,
        )
        monkeypatch.setattr("sim.experiment.cluster._connect", lambda _: client)
        executor = cluster_executor("tcp://nowhere:1")(2)
        call = executor.submit(len, "abc")
        thread.start()
        with pytest.raises(BrokenExecutor if status == "finished" else OSError):
            call.result(timeout=60)
        executor.shutdown()
        runner.get_loop().call_soon_threadsafe(runner.get_loop().stop)
        thread.join()


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "deserted"])
def test_calls_end_where_the_scheduler_or_all_its_workers_are_gone(monkeypatch, silent):
    async def never(*_, **__):
        await asyncio.sleep(3600)

    async def nobody():
        return await never() if silent else {"workers": {}}

    config = pytest.importorskip("dask").config
    monkeypatch.setattr("sim.experiment.cluster._LOOK", 0.01)
    monkeypatch.setattr("sim.experiment.cluster._DESERTED", 0.05)
    with asyncio.Runner() as runner, config.set({"distributed.comm.timeouts.connect": "0.05s"}):
        thread = threading.Thread(target=runner.get_loop().run_forever)
        closed = []
        client = SimpleNamespace(
            loop=SimpleNamespace(asyncio_loop=runner.get_loop()),
            submit=lambda *_, **__: SimpleNamespace(status="pending"),
            gather=never,
            scheduler=SimpleNamespace(identity=nobody),
            close=lambda *timeout: closed.append(timeout),
        )
        monkeypatch.setattr("sim.experiment.cluster._connect", lambda _: client)
        executor = cluster_executor("tcp://nowhere:1")(2)
        call = executor.submit(len, "abc")
        thread.start()
        with pytest.raises(
            BrokenExecutor if silent else WorkersError, match=r"does not answer|no worker for"
        ):
            call.result(timeout=60)
        executor.shutdown()
        runner.get_loop().call_soon_threadsafe(runner.get_loop().stop)
        thread.join()
    assert closed != [()]  # it does not wait long to take leave


def test_without_a_scheduler_it_says_so():
    dask = pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(WorkersError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"),
    ):
        cluster_workers("tcp://127.0.0.1:9")


def test_a_worker_with_other_code_is_refused():
    with pytest.raises(WorkersError, match="another version of this package"):
        chunk.run_chunk(RECIPE, attrgetter_replicate, chunk.Chunk(FakeScenario(), (0,), code="0" * 12))


def attrgetter_replicate(run):
    return run.replicate
