"""The results folder, opened as users do."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from test_runs_fakes import RECIPE, FakeScenario, run_to_folder, simulate

from sim.analysis.compare import compare
from sim.errors import SimError
from sim.experiment.columns import EVENTS
from sim.experiment.prepare import prepare
from sim.experiment.results import ResultsError, open_results
from sim.measures import OUTCOMES
from sim.model.facts import FACTS
from sim.series import MOSCOW_SERIES, STATE_SERIES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "compare"
    run_to_folder([FakeScenario("baseline", runs=22), FakeScenario("kuzio", runs=22, years=3)], out, RECIPE)
    return out


def test_every_file_opens_in_pandas(folder):
    rows = {path.stem: len(pd.read_parquet(path)) for path in folder.glob("*.parquet")}
    assert rows["outcomes"] == rows["draws"] == 44
    assert rows["trajectories"] == 22 * 4 * (24 + 36)  # three states and Moscow
    assert rows["territories"] == 22 * 2 * (24 + 36)  # two territories
    assert rows["failures"] == 0
    assert (folder / "scenarios" / "kuzio.yaml").read_text() == "name: kuzio\nseed: 1\n"
    assert not list(folder.glob(".*"))


def test_columns_are_as_documented(folder):
    results = open_results(folder)
    assert list(results.outcomes) == [
        "scenario", "replicate", "thesis", *OUTCOMES, "end_state", "end_state_reason",
    ]  # fmt: skip
    keys = ["scenario", "replicate", "month", "state"]
    assert list(results.trajectories) == [*keys, *STATE_SERIES, *MOSCOW_SERIES]
    assert list(results.events) == [
        "scenario", "replicate", "month", "tick", "kind", "actor", "target", "detail", "value", *FACTS,
    ]  # fmt: skip
    assert list(results.challenges)[:6] == ["scenario", "replicate", "challenge", "month", "state", "start"]
    assert list(results.draws) == ["scenario", "replicate", "moscow.keep_weight"]
    assert list(results.failures) == ["scenario", "replicate", "error", "traceback"]


def test_trajectories_hold_the_runs_series(folder):
    past = simulate(FakeScenario("kuzio", years=3), 21, None).history
    rows = open_results(folder).trajectories.query("scenario == 'kuzio' and replicate == 21")
    georgia, moscow = rows.query("state == 'GEO'"), rows.query("state == 'RUS'")
    assert georgia["month"].tolist() == [f"{2010 + m // 12}-{m % 12 + 1:02d}" for m in range(36)]
    np.testing.assert_array_equal(georgia["alignment"], past.series["alignment"][:, 1])
    np.testing.assert_array_equal(moscow["influence"], past.moscow["influence"])
    assert georgia["influence"].isna().all()
    assert moscow["alignment"].isna().all()
    assert rows["alignment"].dtype == np.float32


def test_part_of_a_table(folder):
    results = open_results(folder)
    part = results.read(
        "trajectories", ["month", "influence"], [("state", "==", "RUS"), ("replicate", "<", 2)]
    )
    assert list(part) == ["month", "influence"]
    assert len(part) == 2 * (24 + 36)
    with pytest.raises(ResultsError, match=r"no moods\.parquet"):
        results.read("moods")


def test_about_says_how_it_was_made(folder):
    about = json.loads((folder / "about.json").read_text())
    assert (about["seed"], about["runs_finished"], about["interrupted"]) == (1, 44, False)
    assert {"numpy", "mesa", "numba"} <= set(about["versions"])
    assert open_results(folder).scenarios == ["baseline", "kuzio"]


@pytest.mark.parametrize("text", ["[]", "{}", "7", "{"])
def test_a_description_that_is_none_is_called_damaged(folder, tmp_path, text):
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "about.json").write_text(text)
    with pytest.raises(ResultsError, match=r"about\.json is damaged"):
        _ = open_results(broken).scenarios


def test_a_table_without_facts_is_no_story(folder, tmp_path):
    old = shutil.copytree(folder, tmp_path / "old")
    events = pd.read_parquet(old / "events.parquet")
    events.drop(columns=list(FACTS)).to_parquet(old / "events.parquet")
    results = open_results(old)
    with pytest.raises(ResultsError, match=r"no column 'challenge': results of version 0\.1\.0"):
        results.sentences()
    with pytest.raises(ResultsError, match=r"no column 'challenge': results of version 0\.1\.0"):
        results.whole_table("events", EVENTS)


def test_a_column_that_is_not_there_is_not_called_damage(folder):
    results = open_results(folder)
    with pytest.raises(ResultsError, match=r"no column 'street_fals'; did you mean street_falls\?"):
        results.read("outcomes", ["street_fals"])
    with pytest.raises(ResultsError, match="no column 'stat'"):
        results.read("trajectories", filters=[("stat", "==", "GEO")])
    with pytest.raises(SimError, match="columns takes names, not None"):
        results.read("outcomes", [None])
    assert list(results.read("outcomes", "street_falls")) == ["street_falls"]
    assert list(next(results.parts("events", "kind"))) == ["kind"]
    assert list(results.read("outcomes", ["uprising_rate"])) == ["challenge_rate"]


def test_a_table_that_is_not_there_is_told_with_the_nearest(folder):
    results = open_results(folder)
    with pytest.raises(ResultsError, match=r"has no outcomez\.parquet; did you mean outcomes\?"):
        results.read("outcomez")
    with pytest.raises(ResultsError, match=r"has no None\.parquet"):
        results.read(None)


@pytest.mark.parametrize("path", [None, 3, ["results"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(SimError, match="is no folder of results"):
        open_results(path)


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(ResultsError, match="not a results folder"):
        open_results(tmp_path)


def test_nothing_can_be_compared_where_every_run_failed(tmp_path):
    run_to_folder([FakeScenario(runs=1, raises=0)], tmp_path / "out", RECIPE)
    with pytest.raises(ResultsError, match="no finished run; the first failed with ValueError: legitimacy"):
        compare(open_results(tmp_path / "out"))


def test_scenarios_share_seed_runs_and_no_name():
    prepared, notes = prepare([FakeScenario(runs=3, seed=5), FakeScenario(runs=9, seed=6)])
    assert [(s.name, s.runs, s.seed) for s in prepared] == [("baseline", 3, 5), ("baseline-2", 3, 5)]
    assert notes == [
        "the scenarios' seeds differ; all use that of baseline, 5",
        "the scenarios' numbers of runs differ; all use that of baseline, 3",
        "a second scenario named baseline is called baseline-2",
    ]
    assert [note.about for note in notes] == ["seed", "runs", "name"]
    assert prepare(prepared)[1] == []
