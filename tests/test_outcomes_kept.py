"""Outcomes are kept by run and definition: only what is new or changed is computed, from stored runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_runs import ENVIRONMENT
from test_runs_fakes import RECIPE, FakeScenario, run_outcomes, run_to_folder

import sim
from sim.experiment import kept
from sim.experiment.histories import Histories
from sim.experiment.identity import code_key
from sim.experiment.results import Results, ResultsError
from sim.measures import OUTCOMES, OutcomeError, measure, package_outcomes
from sim.measures.registry import Outcome

RUNS = 22
QUIET = """
import sim

@sim.outcome(label="quiet months", unit="months")
def quiet_months(history):
    '''Months in which fewer than one citizen in ten is in open opposition in every state.'''
    return (history.series["participation"] < 0.1).all(axis=1).sum()

comparison = sim.compare(["baseline", "dubnov"], runs=2, workers=1, out="made")
print(comparison.to_markdown())
comparison.results.outcomes.to_csv("mine.csv")
sim.figures.draw_all(comparison.results, "figures", dpi=30)
"""


@pytest.fixture(autouse=True)
def registry():
    """Leave the registry as it was."""
    before = dict(OUTCOMES)
    yield
    OUTCOMES.clear()
    OUTCOMES.update(before)


@pytest.fixture
def computed(monkeypatch):
    """Count what is computed from stored runs, by outcome."""
    found: Counter[str] = Counter()
    original = kept.Measured._compute

    def compute(self, name, replicate, history):
        found[name] += 1
        return original(self, name, replicate, history)

    monkeypatch.setattr(kept.Measured, "_compute", compute)
    return found


@pytest.fixture
def counter(tmp_path):
    return tmp_path / "counter"


def scenarios(counter: Path, runs: int = RUNS) -> list[FakeScenario]:
    return [FakeScenario(name, runs=runs, counter=str(counter)) for name in ("baseline", "kuzio")]


def made(counter: Path) -> int:
    """Return how many runs were made since the last call."""
    number = counter.stat().st_size if counter.exists() else 0
    counter.unlink(missing_ok=True)
    return number


def challenges_twice(past):
    return 2 * len(past.challenges)


def challenged_twice(past):
    return 2 * len(past.challenges) + 0


def package_outcome(name: str, compute) -> None:
    """Take an outcome into the package, or give one of its a new definition."""
    OUTCOMES[name] = Outcome(name, name, "count", "made for this test", compute)


@contextmanager
def untouched(folder: Path, *names: str):
    times = {name: (folder / f"{name}.parquet").stat().st_mtime_ns for name in names}
    yield
    assert times == {name: (folder / f"{name}.parquet").stat().st_mtime_ns for name in names}


def test_a_new_outcome_needs_no_new_run(tmp_path, counter, computed):
    folder = tmp_path / "out"
    run_to_folder(scenarios(counter), folder, RECIPE)
    assert made(counter) == 2 * RUNS
    assert not computed
    first = Results(folder).outcomes
    package_outcome("twice", challenges_twice)
    with untouched(folder, "trajectories", "events", "territories", "draws"):
        run_to_folder(scenarios(counter), folder, RECIPE)
    assert made(counter) == 0
    assert computed == {"twice": 2 * RUNS}
    table = pd.read_parquet(folder / "outcomes.parquet")
    pd.testing.assert_frame_equal(table[list(first)], first)
    assert list(table)[-3:] == ["twice", "end_state", "end_state_reason"]
    run_to_folder(scenarios(counter), folder, RECIPE)
    assert computed == {"twice": 2 * RUNS}  # and no new computing


def test_a_changed_definition_is_computed_again_and_no_other(tmp_path, counter, computed):
    folder, fresh = tmp_path / "out", tmp_path / "fresh"
    run_to_folder(scenarios(counter), folder, RECIPE)
    made(counter)
    before, code = Results(folder).outcomes, code_key(RECIPE)
    package_outcome("street_falls", challenges_twice)
    assert code_key(RECIPE) == code  # no stored run is void
    after = Results(folder).outcomes  # read before the folder is written again
    assert computed == {"street_falls": 2 * RUNS}
    changed = [name for name in before if not before[name].equals(after[name])]
    assert set(changed) - {"end_state", "end_state_reason"} == {"street_falls"}
    run_to_folder(scenarios(counter), folder, RECIPE)
    assert made(counter) == 0
    assert computed == {"street_falls": 2 * RUNS}
    run_to_folder(scenarios(counter), fresh, RECIPE)
    assert (folder / "outcomes.parquet").read_bytes() == (fresh / "outcomes.parquet").read_bytes()
    package_outcome("street_falls", challenged_twice)
    run_to_folder(scenarios(counter, RUNS + 2), folder, RECIPE)  # with more runs, whose workers know it
    assert computed == {"street_falls": 4 * RUNS}


def test_what_a_user_defines_is_computed_once_and_only_for_new_runs_again(tmp_path, counter, computed):
    folder = tmp_path / "out"
    run_to_folder(scenarios(counter), folder, RECIPE)
    sim.outcome(label="mine")(challenges_twice)
    for _ in range(2):  # the second time from what is kept
        found = Results(folder).outcomes
        assert (found["challenges_twice"] >= 2 * found["challenges"]).all()  # with those in the Baltics
        assert computed == {"challenges_twice": 2 * RUNS}
    assert "challenges_twice" not in pd.read_parquet(folder / "outcomes.parquet")
    run_to_folder(scenarios(counter, RUNS + 3), folder, RECIPE)
    assert len(Results(folder).outcomes) == 2 * (RUNS + 3)
    assert computed == {"challenges_twice": 2 * (RUNS + 3)}


def test_results_that_are_open_see_what_is_registered_later(tmp_path, counter):
    run_to_folder(scenarios(counter, 2), tmp_path / "out", RECIPE)
    results = Results(tmp_path / "out")
    assert results.outcomes is results.outcomes
    assert "challenges_twice" not in results.outcomes
    sim.outcome(label="mine")(challenges_twice)
    assert "challenges_twice" in results.outcomes


def test_where_it_cannot_be_kept_it_is_computed_all_the_same(tmp_path, counter, computed, monkeypatch):
    run_to_folder(scenarios(counter, 2), tmp_path / "out", RECIPE)
    sim.outcome(label="mine")(challenges_twice)

    def full(path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(kept, "replacing", full)
    for times in (1, 2):
        assert len(Results(tmp_path / "out").outcomes["challenges_twice"]) == 4
        assert computed["challenges_twice"] == 4 * times


def test_a_damaged_file_of_kept_outcomes_is_made_again(tmp_path, counter, computed):
    run_to_folder(scenarios(counter, 2), tmp_path / "out", RECIPE)
    sim.outcome(label="mine")(challenges_twice)
    first = Results(tmp_path / "out").outcomes
    for file in (tmp_path / "out" / kept.FOLDER).iterdir():
        file.write_bytes(b"PAR1")
    pd.testing.assert_frame_equal(Results(tmp_path / "out").outcomes, first)
    assert computed["challenges_twice"] == 8


def test_a_users_fault_names_the_outcome_the_scenario_and_the_run(tmp_path, counter):
    run_to_folder(scenarios(counter, 2), tmp_path / "out", RECIPE)

    @sim.outcome()
    def broken(past):
        return past.moods

    with pytest.raises(
        OutcomeError, match=r"outcome broken: AttributeError: .*moods.* \(in baseline, replicate 0\)"
    ):
        _ = Results(tmp_path / "out").outcomes


def test_what_an_earlier_version_left_is_read_and_asks_for_new_runs_where_it_must(tmp_path, counter):
    folder = tmp_path / "out"
    run_to_folder(scenarios(counter, 2), folder, RECIPE)
    about = json.loads((folder / "about.json").read_text())
    del about["definitions"]
    (folder / "about.json").write_text(json.dumps(about))
    assert list(Results(folder).outcomes["challenges"])
    sim.outcome(label="mine")(challenges_twice)
    with pytest.raises(ResultsError, match="needs new runs"):
        _ = Results(folder).outcomes


def test_a_folder_without_a_table_says_which(tmp_path, counter):
    run_to_folder(scenarios(counter, 2), tmp_path / "out", RECIPE)
    (tmp_path / "out" / "challenges.parquet").unlink()
    sim.outcome(label="mine")(challenges_twice)
    with pytest.raises(
        ResultsError,
        match=r"challenges_twice cannot be computed: .* lacks challenges\.parquet: .* needs new runs",
    ):
        _ = Results(tmp_path / "out").outcomes


def test_where_only_outcomes_were_kept_a_new_one_needs_new_runs_and_says_so(tmp_path, counter, caplog):
    folder, asked = tmp_path / "out", scenarios(counter, 3)
    first, _ = run_outcomes(asked, folder, RECIPE, outcomes=["challenges", "wars"])
    assert made(counter) == 6
    assert list(first) == ["challenges", "wars"]
    package_outcome("twice", challenges_twice)
    run_outcomes(asked, folder, RECIPE, outcomes=["challenges"])
    assert made(counter) == 0  # it is not asked for
    table, _ = run_outcomes(asked, folder, RECIPE, outcomes=["challenges", "twice"])
    assert made(counter) == 6
    assert "of some runs of baseline nothing but outcomes was kept, and twice is new" in caplog.text
    assert (table["twice"] >= 2 * table["challenges"]).all()
    run_outcomes(asked, folder, RECIPE, outcomes=["twice"])
    assert made(counter) == 0


def test_a_change_of_the_model_voids_what_was_kept(tmp_path, counter, computed):
    folder = tmp_path / "out"
    run_to_folder(scenarios(counter, 2), folder, RECIPE)
    sim.outcome(label="mine")(challenges_twice)
    _ = Results(folder).outcomes
    about = json.loads((folder / "about.json").read_text())
    about["stored"]["code"] = "other"
    (folder / "about.json").write_text(json.dumps(about))
    _ = Results(folder).outcomes
    assert computed["challenges_twice"] == 8


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return results of the model itself."""
    scenario = sim.load("kuzio", ["years=6", "citizens=150"])
    return sim.run(scenario, runs=3, out=tmp_path_factory.mktemp("small") / "kuzio")


def test_stored_histories_give_the_same_numbers_as_the_model(small):
    """All outcomes are the same whether a worker computes them or they are computed from what is stored."""
    by_worker = pd.read_parquet(small.path / "outcomes.parquet").set_index("replicate")
    for replicate, past in Histories(small.path, small.about).read("kuzio", range(3)):
        for name, value in measure(past).items():
            np.testing.assert_equal(value, by_worker.loc[replicate, name], err_msg=name)


def test_a_stored_history_is_the_models(small):
    scenario = sim.load(small.path / "scenarios" / "kuzio.yaml")
    run = sim.simulate(scenario, 1)
    ((_, past),) = Histories(small.path, small.about).read("kuzio", [1])
    assert past.start == run.history.start
    for mine, models in ((past.series, run.history.series), (past.moscow, run.history.moscow)):
        assert list(mine) == list(models)
        for name in models:
            np.testing.assert_array_equal(mine[name], models[name])
            assert mine[name].strides == models[name].strides, name  # so that sums round alike
    for name, status in run.history.territories.items():
        np.testing.assert_array_equal(past.territories[name], status)
    assert past.draws == pytest.approx(run.draws, abs=0)

    def words(event):
        numbers = {
            name: np.float32(value) for name, value in event.facts.items() if not isinstance(value, str)
        }
        return replace(event, value=0.0, facts=event.facts | numbers)

    assert [words(item) for item in past.events] == [words(item) for item in run.history.events]
    for mine, models in zip(past.challenges, run.history.challenges, strict=True):
        assert replace(mine, peak=0, successor_lines=[]) == replace(models, peak=0, successor_lines=[])
        assert mine.peak == pytest.approx(models.peak)


def test_falls_and_challenges_are_told_alike_by_events_and_by_challenges(small):
    for _, past in Histories(small.path, small.about).read("kuzio", range(3)):
        states = past.states
        opened = [(event.target, event.tick) for event in past.of("challenge")]
        assert opened == [(challenge.state, challenge.start) for challenge in past.challenges]
        fallen = sum(challenge.street_falls for challenge in past.challenges)
        assert len(past.falls("street", states)) == fallen


@pytest.mark.slow
def test_a_script_defines_an_outcome_in_five_lines(tmp_path):
    """Without a main guard, and with two workers, which need nothing from the script."""
    (tmp_path / "mine.py").write_text(QUIET, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "mine.py"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "| quiet months | dubnov |" in done.stdout
    assert "any difference in quiet months" in done.stdout  # which nobody has audited
    table = pd.read_csv(tmp_path / "mine.csv", keep_default_na=False)
    assert table["quiet_months"].between(0, 240).all()
    drawn = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"outcomes_own.png", "differences_own.png"} <= drawn
    assert "quiet_months" not in pd.read_parquet(tmp_path / "made" / "outcomes.parquet")
    assert list(package_outcomes())  # and this process knows nothing of it
    assert "quiet_months" not in OUTCOMES
