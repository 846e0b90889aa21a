"""Folders that are gone on with: what is missing is made, nothing else, and the bytes are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from test_runs import contents
from test_runs_fakes import RECIPE, FakeScenario, run_to_folder

from sim.errors import FolderError
from sim.experiment import identity
from sim.experiment.chunk import run_one
from sim.experiment.folder import choose_results
from sim.experiment.interrupt import RunsInterrupted
from sim.experiment.results import Results, ResultsError
from sim.experiment.store import pack, store_form, unpack


@pytest.fixture
def counter(tmp_path):
    return tmp_path / "counter"


def made(counter: Path) -> int:
    """Return how many runs were made since the last call."""
    number = counter.stat().st_size if counter.exists() else 0
    counter.unlink(missing_ok=True)
    return number


def asked(counter: Path, runs: int = 25, **keys) -> list[FakeScenario]:
    common = {"counter": str(counter), "runs": runs, **keys}
    return [FakeScenario("baseline", **common), FakeScenario("kuzio", **common, years=3)]


def run(scenarios, folder, **options) -> dict[str, bytes]:
    run_to_folder(scenarios, folder, RECIPE, **options)
    return contents(folder)


def test_a_run_comes_back_from_its_bytes_as_it_was():
    record = run_one(RECIPE, FakeScenario(years=3), 4)
    there, back = store_form(record), unpack(pack(record))
    assert back.outcomes == {
        name: (key, pytest.approx(value, nan_ok=True, abs=0)) for name, (key, value) in there.outcomes.items()
    }
    assert back.draws == there.draws
    for name, table in there.tables.items():
        assert back.tables[name].schema == table.schema
        pd.testing.assert_frame_equal(back.tables[name].to_pandas(), table.to_pandas(), check_exact=True)


def test_the_same_again_makes_nothing_and_touches_no_table(tmp_path, counter):
    first = run(asked(counter), tmp_path / "out")
    assert made(counter) == 50
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.parquet")}
    assert run(asked(counter), tmp_path / "out") == first
    assert made(counter) == 0
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_more_runs_and_more_scenarios_extend(tmp_path, counter):
    whole = run(asked(counter), tmp_path / "whole")
    made(counter)
    run(asked(counter, 7)[:1], tmp_path / "out")
    assert made(counter) == 7
    run(asked(counter, 25)[:1], tmp_path / "out", replicates_a_chunk=4)
    assert made(counter) == 18
    assert run(asked(counter), tmp_path / "out") == whole
    assert made(counter) == 25


def test_an_interrupted_ensemble_can_be_compared_and_goes_on(tmp_path, counter):
    whole = run(asked(counter), tmp_path / "whole")
    with pytest.raises(RunsInterrupted, match=r"of 50 runs finished, kept in .*to go on"):
        run(asked(counter, interrupts=9), tmp_path / "out", replicates_a_chunk=3)
    there = Results(tmp_path / "out").outcomes.groupby("scenario", observed=True).size()
    assert there.to_dict() == {"baseline": 10, "kuzio": 9}  # side by side
    made(counter)
    assert run(asked(counter), tmp_path / "out") == whole
    assert made(counter) == 31


def test_failed_runs_are_tried_again(tmp_path, counter):
    whole = run(asked(counter), tmp_path / "whole")
    run(asked(counter, raises=3), tmp_path / "out")
    assert Results(tmp_path / "out").about["runs_failed"] == 2
    made(counter)
    assert run(asked(counter), tmp_path / "out") == whole
    assert made(counter) == 2


def test_runs_that_go_together_need_the_same_numbers_only(tmp_path, counter):
    run(asked(counter), tmp_path / "out")
    made(counter)
    run([replace(scenario, title="Better", question="Why?") for scenario in asked(counter)], tmp_path / "out")
    assert made(counter) == 0


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"seed": 9}, "holds runs of another scenario or seed named (baseline|kuzio)"),
    ],
)
def test_what_would_be_lost_is_refused(tmp_path, counter, keys, message):
    before = run(asked(counter), tmp_path / "out")
    with pytest.raises(FolderError, match=message):
        run(asked(counter, **keys), tmp_path / "out")
    file = tmp_path / "out" / "scenarios" / "kuzio.yaml"
    with pytest.raises(
        FolderError, match=rf"kuzio, which is not asked for \(name it too, by {file};"
    ) as error:
        run(asked(counter)[:1], tmp_path / "out")
    assert file.is_file() and str(error.value).endswith("or add --force to replace it")
    assert contents(tmp_path / "out") == before


def test_another_version_of_the_code_never_mixes_in(tmp_path, counter, monkeypatch):
    before = run(asked(counter), tmp_path / "out")
    key = identity.code_key(RECIPE)
    identity.parts_of.cache_clear()
    usual = identity.installed_version
    monkeypatch.setattr(identity, "installed_version", lambda name: "0.1" if name == "numba" else usual(name))
    try:
        assert identity.code_key(RECIPE) != key
        with pytest.raises(FolderError, match=r"another version of the code \(numba .*, now 0\.1; where"):
            run(asked(counter), tmp_path / "out")
    finally:
        identity.parts_of.cache_clear()
    assert contents(tmp_path / "out") == before


def test_of_fewer_runs_the_first_are_used_and_none_is_lost(tmp_path, counter):
    seven = run(asked(counter, 7), tmp_path / "seven")
    before = run(asked(counter), tmp_path / "out")
    made(counter)
    assert run(asked(counter, 7), tmp_path / "out") == seven
    assert run(asked(counter), tmp_path / "out") == before
    assert made(counter) == 0


def test_results_of_the_first_version_say_so(tmp_path, counter):
    run(asked(counter), tmp_path / "out")
    (code,) = (tmp_path / "out" / "runs").glob("*/code.json")
    code.write_text(json.dumps({"source": "0" * 64, "machine": "x86_64", "numpy": "2.0"}))
    code.parent.rename(code.parent.with_name("0123456789ab"))
    with pytest.raises(FolderError, match=r"was made by version 0\.1\.0 or older, whose runs lack"):
        run(asked(counter), tmp_path / "out")


def test_without_a_choice_the_first_folder_that_fits_is_taken(tmp_path, counter, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def choose(scenarios):
        return choose_results(None, "compare", scenarios, RECIPE)[0]

    assert choose(asked(counter)) == Path("results/compare")
    run(asked(counter), Path("results/compare"))
    assert choose(asked(counter)) == Path("results/compare")
    assert choose(asked(counter, 30)) == Path("results/compare")
    assert choose(asked(counter, 20)) == Path("results/compare")
    assert choose(asked(counter, seed=9)) == Path("results/compare-2")
    assert choose([*asked(counter), FakeScenario("dubnov")]) == Path("results/compare-2")


def test_a_folder_that_was_never_finished_says_so(tmp_path, counter):
    run(asked(counter), tmp_path / "out")
    (tmp_path / "out" / "about.json").unlink()
    with pytest.raises(ResultsError, match="was not finished: run the same command again"):
        Results(tmp_path / "out")


def test_the_log_says_what_was_done(tmp_path, counter):
    run(asked(counter, raises=3), tmp_path / "out", command="sim compare baseline kuzio")
    text = (tmp_path / "out" / "log.txt").read_text()
    assert "started: sim compare baseline kuzio" in text
    assert "WARNING kuzio 3 failed: ValueError: legitimacy is not a number" in text
    assert json.loads((tmp_path / "out" / "about.json").read_text())["stored"]["runs"][0][2] == 24
