"""Requests that are too large: told what they would take, before anything is run, made or removed."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli.main import main
from sim.errors import WorkersError
from sim.experiment.interrupt import RunsInterrupted
from sim.experiment.limits import (
    ENDLESS,
    LONG,
    bytes_text,
    check_cost,
    cost_of,
    cost_told,
    estimate,
    time_text,
)  # fmt: skip
from sim.experiment.workers import process_pool
from sim.scenario import Scenario

YEAR = 365.25 * 86_400


@pytest.fixture(autouse=True)
def a_known_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge every request against the same machine, whatever disk and memory are free where the tests run."""
    monkeypatch.setattr("sim.experiment.limits._memory", lambda: 16e9)
    monkeypatch.setattr("sim.experiment.limits._free_disk", lambda folder: 500e9)


def refused(*words: str) -> str:
    """Return what a command says that must exit with 2, soon."""
    start = time.process_time()
    result = CliRunner().invoke(main, words)
    assert time.process_time() - start < 10
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("run", "baseline", "--runs", "1000000000"), ("1,000,000,000 runs", "years", "TB of disk")),
        (("run", "baseline", "--runs", "1000000000"), ("TB of memory", "this machine has")),
        (("run", "baseline", "--set", "citizens=1000000000000"), ("out of range", "years", "PB of memory")),
        (("run", "baseline", "--runs", "9" * 40), ("runs", "out of range")),
        (("compare", *["baseline"] * 50, "--runs", "1000000"), ("50,000,000 runs", "TB of disk")),
        (("claims", "dubnov", "--runs", "1000000000"), ("runs would take", "years")),
        (("variance", "baseline", "dubnov", "--runs", "1000000000"), ("14,000,000,000 runs", "years")),
        (("run", "baseline", "--workers", "5000"), ("5,000 workers are too many for", "at most")),
        (("variance", "baseline", "--workers", "5000"), ("5,000 workers are too many for", "at most")),
    ],
)
@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_the_absurd_is_refused_with_an_estimate(
    words: tuple[str, ...], parts: tuple[str, ...], yes: tuple[str, ...], in_folder: Path
) -> None:
    said = refused(*words, *yes)
    assert all(part in said for part in parts), said
    assert "--yes" not in said
    assert not list(in_folder.iterdir())


def test_the_large_is_asked_about(in_folder: Path) -> None:
    said = refused("run", "baseline", "--runs", "300000", "--workers", "1")
    assert re.search(r"300,000 runs would take about [0-9.]+ hours on 1 worker", said), said
    assert "or go on with --yes" in said
    assert not list(in_folder.iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("claims",),
            ("60 each), at most about", "minutes on 2 workers; fewer with --runs, or one thesis alone"),
        ),
        (("variance", "baseline", "dubnov", "kuzio"), ("variants, ", "on 2 workers; fewer with --runs\n")),
        (("claims", "--quiet"), ()),
        (("claims", "kuzio", "--runs", "2"), ()),
    ],
)
def test_what_takes_minutes_is_told_before_it_starts(
    words: tuple[str, ...], told: tuple[str, ...], in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise RunsInterrupted(0, 1, "here")

    monkeypatch.setattr("sim.experiment.run.make_missing", stop)
    monkeypatch.setattr("sim.experiment.limits.usable_cores", lambda: 2)
    done = CliRunner().invoke(main, [*words, "--workers", "2", "--out", str(in_folder / "r")])
    assert done.exit_code == 130, done.output
    assert all(part in done.stderr for part in told), done.stderr
    assert ("at most about" in done.stderr) is bool(told)


def test_the_cost_that_is_told_is_that_of_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.limits.usable_cores", lambda: 2)
    three = [Scenario.build(name, runs=400) for name in "abc"]
    minutes = time_text(estimate(three).seconds / 2)
    told = f"1,200 runs (3 variants, 400 each), at most about {minutes} on 2 workers; fewer with --runs"
    assert cost_told(three, workers=8) == told
    assert cost_told(three, workers=1).endswith(
        f"{time_text(estimate(three).seconds)} on 1 worker; fewer with --runs"
    )
    assert cost_told([three[0].replace(runs=3)], workers=1) == ""


def test_earlier_results_are_not_removed_for_what_is_refused(in_folder: Path) -> None:
    assert CliRunner().invoke(main, ["run", "baseline", "-n", "1", "-o", "r", "--no-figures"]).exit_code == 0
    before = {path: path.read_bytes() for path in (in_folder / "r").glob("*.parquet")}
    refused("run", "baseline", "--runs", "1000000000", "--out", "r", "--force")
    assert before == {path: path.read_bytes() for path in (in_folder / "r").glob("*.parquet")}


def test_python_raises_before_it_runs() -> None:
    with pytest.raises(sim.TooLargeError, match="runs would take about") as caught:
        sim.run("baseline", runs=10**9)
    assert caught.value.hopeless
    with pytest.raises(sim.TooLargeError, match="allow_large=True") as caught:
        sim.compare(["baseline", "dubnov"], runs=200_000)
    assert not caught.value.hopeless


def test_what_does_not_fit_the_free_disk_is_refused_even_when_large_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.limits._free_disk", lambda folder: 20e9)
    large = [Scenario.build("large", runs=200_000)]
    with pytest.raises(sim.TooLargeError, match=r"but 20 GB of disk are free; ask for fewer") as caught:
        check_cost(large, workers=1, folder=tmp_path, allow_large=True)
    assert caught.value.hopeless
    check_cost(large, workers=1, folder=None, allow_large=True)  # nothing is kept


def test_as_many_workers_as_are_of_use_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.workers.usable_cores", lambda: 3)
    small = [Scenario.build("small", runs=1)]
    check_cost(small, workers=24, folder=None)
    with pytest.raises(WorkersError, match=r"^25 workers are too many for 3 cores: ask for 24 at most$"):
        check_cost(small, workers=25, folder=None, allow_large=True)
    check_cost(small, workers=5000, folder=None, remote=True)  # on other machines
    with pytest.raises(WorkersError, match="too many for 3 cores"):
        process_pool(25)


def test_what_is_large_goes_on_when_it_is_allowed_and_what_is_absurd_does_not() -> None:
    large = [Scenario.build("large", runs=300_000)]
    assert LONG < estimate(large).seconds < ENDLESS
    check_cost(large, workers=1, folder=None, allow_large=True)
    with pytest.raises(sim.TooLargeError):
        check_cost(large, workers=1, folder=None)
    with pytest.raises(sim.TooLargeError, match="more than a year"):
        check_cost([Scenario.build("absurd", runs=10**9)], workers=1, folder=None, allow_large=True)


def test_cost_grows_with_runs_months_and_citizens() -> None:
    one = cost_of(1, 240, 1_000)
    assert cost_of(10, 240, 1_000).seconds == pytest.approx(10 * one.seconds)
    assert cost_of(1, 480, 1_000).seconds == pytest.approx(2 * one.seconds)
    assert cost_of(1, 240, 100_000).seconds > 20 * one.seconds
    total = one + cost_of(3, 240, 10_000)
    assert (total.runs, total.disk) == (4, pytest.approx(4 * one.disk))
    assert total.memory == cost_of(1, 240, 10_000).memory  # processes work one run at a time


def test_rates_are_near_what_is_measured(tmp_path: Path) -> None:
    """Within a factor of ten either way on any machine: the estimate tells a minute from a year."""
    sim.run("baseline", runs=1)  # kernels compiled
    start = time.process_time()
    sim.run("baseline", runs=5, out=tmp_path / "r")
    expected = cost_of(5, 240, 1_000)
    assert expected.seconds / 10 < time.process_time() - start < expected.seconds * 10
    size = sum(path.stat().st_size for path in (tmp_path / "r").rglob("*") if path.is_file())
    assert expected.disk / 4 < size < expected.disk * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (time_text(30), "30 seconds"),
        (time_text(5_400), "1.5 hours"),
        (time_text(3 * YEAR), "3 years"),
        (time_text(1234 * YEAR), "1,200 years"),
        (time_text(1e9 * YEAR), "1.0e+09 years"),
        (bytes_text(2_400), "2.4 kB"),
        (bytes_text(2.44e9), "2.4 GB"),
        (bytes_text(1.6e16), "16 PB"),
    ],
)
def test_amounts_in_words(text: str, expected: str) -> None:
    assert text == expected


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
