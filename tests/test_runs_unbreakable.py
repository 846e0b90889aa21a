"""What may befall a results folder, done to it: nothing that was finished is lost, nothing wrong is kept."""

from __future__ import annotations

import errno
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import kills
import pytest
from test_runs import contents
from test_runs_fakes import RECIPE, FakeScenario, run_to_folder
from test_runs_resumed import asked, made, run

from sim.errors import FolderError
from sim.experiment import tables
from sim.experiment.folder import locked
from sim.experiment.results import Results

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def counter(tmp_path):
    return tmp_path / "counter"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return what an undisturbed ensemble leaves, made once: where runs are counted is not in it."""
    place = tmp_path_factory.mktemp("undisturbed")
    return run(asked(place / "counter"), place / "whole")


@pytest.fixture
def whole(undisturbed):
    """Return what an undisturbed ensemble leaves, for a test that may take files out of it."""
    return dict(undisturbed)


add_rows = tables._add_rows


def stored(folder: Path) -> int:
    """Return the number of runs in the files of a run store."""
    ranges = [path.stem.split("-")[:2] for path in folder.rglob("*.zip")]
    return sum(int(last) - int(first) + 1 for first, last in ranges)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*")]


@pytest.mark.slow
@LINUX
def test_killed_at_random_times_it_ends_as_if_undisturbed(tmp_path):
    done = kills.run(int(os.environ.get("SIM_KILLS", "8")), seed=2, place=tmp_path)
    assert done.total() - done["ensembles"] == int(os.environ.get("SIM_KILLS", "8"))


@pytest.mark.parametrize("place", (1, 2, 7, 12, 17, 22))
def test_a_full_disk_loses_nothing_that_was_finished(tmp_path, counter, whole, monkeypatch, place):
    calls = 0
    sync = os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= place:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr("sim.experiment.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        run(asked(counter), tmp_path / "out")
    assert not leftovers(tmp_path / "out")
    monkeypatch.undo()
    kept = stored(tmp_path / "out")
    assert made(counter) - kept in range(8)  # one chunk at most was lost
    assert run(asked(counter), tmp_path / "out") == whole
    assert made(counter) == 50 - kept


@pytest.mark.parametrize("place", (1, 2, 4))  # of two row groups a scenario
def test_rows_that_cannot_be_written_end_it_whichever_they_are(tmp_path, counter, whole, monkeypatch, place):
    calls = 0

    def full(writers: object, group: object) -> None:
        nonlocal calls
        calls += 1
        if calls == place:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        add_rows(writers, group)

    monkeypatch.setattr(tables, "_add_rows", full)
    with pytest.raises(OSError, match="No space left"):
        run(asked(counter), tmp_path / "out")
    assert calls == place  # and no more were tried
    assert not leftovers(tmp_path / "out")
    assert not (tmp_path / "out" / "trajectories.parquet").exists()
    monkeypatch.undo()
    assert run(asked(counter), tmp_path / "out") == whole


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk"
)
def test_a_disk_that_is_really_full(tmp_path, counter, whole, monkeypatch):
    monkeypatch.setattr("sim.experiment.limits._free_disk", lambda folder: None)  # or it would be foreseen
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "none", disk], check=False).returncode:
        pytest.skip("may not mount")
    try:
        with pytest.raises(OSError, match="No space left"):
            run(asked(counter), disk / "out")
        assert not leftovers(disk / "out")
        kept = stored(disk / "out")
        subprocess.run(["mount", "-o", "remount,size=10m", disk], check=True)
        made(counter)
        assert run(asked(counter), disk / "out") == whole
        assert made(counter) == 50 - kept < 50
    finally:
        subprocess.run(["umount", disk], check=True)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Take root's rights away while the block lasts, if it is root who runs the tests."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@POSIX
def test_a_read_only_folder_is_an_error_of_its_own(counter):
    with tempfile.TemporaryDirectory() as name:  # unlike pytest's, others may be let into it
        place = Path(name)
        before = run(asked(counter, 3), place / "out")
        made(counter)
        (place / "out").chmod(0o555)
        place.chmod(0o555)
        for folder in (place / "out", place / "new"):
            with ordinary_user(), pytest.raises(FolderError, match="permission denied"):
                run_to_folder(asked(counter, 4), folder, RECIPE)
        place.chmod(0o755)
        (place / "out").chmod(0o755)
        assert made(counter) == 0
        assert contents(place / "out") == before


def test_two_at_once_in_one_process_are_refused(tmp_path, counter, whole):
    (tmp_path / "out").mkdir()
    with locked(tmp_path / "out"), pytest.raises(FolderError, match=rf"in use by process {os.getpid()} on"):
        run(asked(counter), tmp_path / "out")
    assert run(asked(counter), tmp_path / "out") == whole


@pytest.mark.slow
@LINUX
def test_a_second_process_is_refused_and_the_first_goes_on(tmp_path):
    script = tmp_path / "ensemble.py"
    few_but_slow = kills.ENSEMBLE.replace("seconds=0.02", "seconds=0.15").replace("runs=54", "runs=15")
    script.write_text(few_but_slow)
    first = kills.start(script, tmp_path / "out")
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").rglob("*.zip")) and time.monotonic() < deadline:
        time.sleep(0.05)
    first.send_signal(signal.SIGSTOP)  # or it may have ended by the time that the second has started
    second = kills.start(script, tmp_path / "out")
    _, errors = second.communicate(timeout=60)
    first.send_signal(signal.SIGCONT)
    assert f"in use by process {first.pid} on" in errors.decode()
    assert first.wait(timeout=120) == 0
    assert len(Results(tmp_path / "out").outcomes) == 30
    assert not leftovers(tmp_path / "out")


@LINUX
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_out_of_memory_is_recorded_and_made_later(tmp_path, counter, whole, workers):
    run(asked(counter, hungry=4), tmp_path / "out", workers=workers)
    failures = Results(tmp_path / "out").failures
    assert failures["replicate"].tolist() == [4, 4]
    assert failures["error"].str.startswith("MemoryError").all()
    made(counter)
    assert run(asked(counter), tmp_path / "out") == whole
    assert made(counter) == 2


def truncate(path: Path, rng: random.Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size))


def flip_a_bit(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, flip_a_bit])
@pytest.mark.parametrize("seed", range(3))
def test_damaged_runs_are_named_set_aside_and_made_again(
    tmp_path,
    counter,
    whole,
    caplog,
    damage,
    seed,
):
    rng = random.Random(seed)
    run(asked(counter), tmp_path / "out", replicates_a_chunk=5)
    made(counter)
    victim = rng.choice(sorted((tmp_path / "out").rglob("*.zip")))
    damage(victim, rng)
    (tmp_path / "out" / "about.json").unlink()  # as if it had been killed before the tables were written
    with caplog.at_level(logging.WARNING):
        files = run(asked(counter), tmp_path / "out")
    assert f"{victim} is damaged" in caplog.text
    assert f"{victim} is damaged" in (tmp_path / "out" / "log.txt").read_text()
    assert (tmp_path / "out" / "damaged" / victim.name).is_file()
    assert made(counter) == 5
    assert {name: item for name, item in files.items() if not name.startswith("damaged")} == whole


@pytest.mark.parametrize("damage", [truncate, flip_a_bit])
@pytest.mark.parametrize("name", ["outcomes", "trajectories", "events", "draws", "territories", "failures"])
def test_damaged_tables_are_named_set_aside_and_written_again(
    tmp_path,
    counter,
    whole,
    caplog,
    damage,
    name,
):
    run(asked(counter), tmp_path / "out")
    made(counter)
    victim = tmp_path / "out" / f"{name}.parquet"
    damage(victim, random.Random(3))
    with caplog.at_level(logging.WARNING):
        files = run(asked(counter), tmp_path / "out")
    assert f"{victim} is damaged: it is made again from the stored runs" in caplog.text
    assert made(counter) == 0
    assert files.pop(f"damaged/{name}.parquet") != whole[f"{name}.parquet"]
    assert files == whole


def test_a_damaged_description_is_written_again(tmp_path, counter, whole):
    run(asked(counter), tmp_path / "out")
    made(counter)
    about = tmp_path / "out" / "about.json"
    os.truncate(about, about.stat().st_size // 2)
    files = run(asked(counter), tmp_path / "out")
    files.pop("damaged/about.json")
    assert files == whole
    assert made(counter) == 0


def test_clocks_that_jump_change_nothing(tmp_path, counter, whole, monkeypatch):
    jumps = random.Random(1)

    def wrong_time() -> float:
        return jumps.uniform(-1e9, 4e9)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=jumps.uniform(-3000, 9000))

    monkeypatch.setattr(time, "time", wrong_time)
    monkeypatch.setattr("sim.experiment.experiment.datetime", Clock)
    with suppress(KeyboardInterrupt):
        run(asked(counter, interrupts=6), tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        os.utime(path, (jumps.uniform(0, 4e9),) * 2)
    made(counter)
    assert run(asked(counter), tmp_path / "out") == whole
    assert 0 < made(counter) < 50
    assert Results(tmp_path / "out").about["seconds"] >= 0


@POSIX
@pytest.mark.slow
def test_a_run_that_always_kills_its_worker_costs_one_run(tmp_path):
    run_to_folder([FakeScenario(runs=12, kills=5)], tmp_path / "out", RECIPE, workers=2)
    results = Results(tmp_path / "out")
    assert results.failures["replicate"].tolist() == [5]
    assert len(results.outcomes) == 11


@POSIX
@pytest.mark.slow
def test_a_run_is_given_up_after_three_tries_among_others_and_two_alone(tmp_path, counter):
    run_to_folder([FakeScenario(runs=1, kills=0, counter=str(counter))], tmp_path / "out", RECIPE, workers=2)
    assert counter.stat().st_size == 5
