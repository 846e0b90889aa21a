"""Part of a table, chosen before it is read: the same rows as of all of it, and no run in two parts."""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as pq
import pytest
from test_runs_fakes import RECIPE, STATES, FakeScenario, run_to_folder

from sim.errors import RequestError, ResultsError
from sim.experiment import reading
from sim.experiment.results import open_results

KEYS = ["scenario", "replicate", "month", "state"]
CODE = STATES[1]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("reading") / "here"
    run_to_folder([FakeScenario("baseline", runs=45), FakeScenario("kuzio", runs=45, years=3)], out, RECIPE)
    return open_results(out)


@pytest.fixture(scope="module")
def whole(results):
    return results.trajectories[KEYS].astype({"scenario": str, "state": str})


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    found = found[KEYS].astype({"scenario": str, "state": str}).reset_index(drop=True)
    pd.testing.assert_frame_equal(found, wanted.reset_index(drop=True), check_dtype=False)


def test_states_scenarios_and_months_are_chosen(results, whole):
    months = sorted(set(whole["month"]))
    first, last = months[3], months[8]
    chosen = (whole["state"] == CODE) & (whole["scenario"] == "kuzio")
    within = whole["month"].between(first, last)
    assert 0 < (chosen & within).sum() < chosen.sum()
    same(
        results.read("trajectories", KEYS, states=CODE, scenarios="kuzio", since=first, by=last),
        whole[chosen & within],
    )
    pair = results.read("trajectories", KEYS, states=[CODE, "RUS"], filters=[("replicate", "<", 3)])
    same(pair, whole[whole["state"].isin([CODE, "RUS"]) & (whole["replicate"] < 3)])
    one = results.read("trajectories", KEYS, since=first, by=first)
    assert set(one["month"]) == {first}
    assert results.read("trajectories", ["month"], since=last, dates=True)["month"].min() == pd.Timestamp(
        last
    )


@pytest.mark.parametrize("runs", [1, 20, 60, 10_000])
def test_parts_hold_each_run_once_and_together_all_rows(results, whole, runs):
    parts = list(results.parts("trajectories", KEYS, runs=runs))
    same(pd.concat(parts), whole)
    owners = [set(zip(part["scenario"].astype(str), part["replicate"], strict=True)) for part in parts]
    assert sum(map(len, owners)) == len(set.union(*owners)) == 90
    assert len(parts) == {1: 6, 20: 6, 60: 2, 10_000: 1}[runs]


def test_parts_are_chosen_as_well_and_other_scenarios_are_not_read(results, whole, monkeypatch):
    read = []

    class Watched(pq.ParquetFile):
        def read_row_groups(self, numbers, **options):
            read.extend(numbers)
            return super().read_row_groups(numbers, **options)

    monkeypatch.setattr(reading.pq, "ParquetFile", Watched)
    found = pd.concat(list(results.parts("trajectories", ["replicate"], states=CODE, scenarios=["kuzio"])))
    assert list(found) == ["replicate"]
    assert len(found) == 45 * 36
    assert read == [3, 4, 5]  # three groups are the baseline's
    assert len(next(iter(results.parts("outcomes")))) == 90


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"states": "KGX"}, RequestError, "no state is called 'KGX'; did you mean KGZ"),
        ({"scenarios": "kuzo"}, ResultsError, "no scenario 'kuzo'; did you mean kuzio"),
        ({"since": "2010-13"}, RequestError, "month must be 1 to 12"),
        ({"states": 3}, RequestError, "states takes names, not 3"),
    ],
)
def test_what_cannot_be_chosen_is_told(results, options, error, told):
    with pytest.raises(error, match=told):
        results.read("trajectories", **options)
    with pytest.raises(error, match=told):
        list(results.parts("trajectories", **options))


def test_a_table_without_states_says_so(results):
    with pytest.raises(ResultsError, match="no column 'state'"):
        results.read("outcomes", states=CODE)
