"""Free runs as forecasts: challenges in the record's columns, and the whole path on a small ensemble."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.cli.main import main
from calibration.record.challenges import COLUMNS
from calibration.record.load import RecordError
from calibration.skill.counts import RARE
from calibration.skill.runs import read_runs, run_challenges, sides_of_runs
from calibration.skill.tables import skill_tables
from sim.cli.main import main as sim_command
from sim.experiment.results import open_results
from sim.months import Month
from sim.world.state import STATES

ONE = {
    "scenario": "x", "replicate": 3, "state": "GEO", "start": 2, "end": 3.0, "weeks": 6, "peak": 0.2,
    "trigger": "election and shock", "help": ["loan"], "falls": [], "flares": [], "endings": ["conceded"],
}  # fmt: skip


def converted(**changes):
    return run_challenges(pd.DataFrame([ONE | changes]), Month.of(2014, 1)).iloc[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three small runs from January 2010, over two years of development."""
    folder = tmp_path_factory.mktemp("runs") / "from-2010"
    words = "run baseline --runs 3 --workers 1 --quiet --set start=2010-01 --set years=2 --set citizens=60"
    done = CliRunner().invoke(sim_command, [*words.split(), "--out", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_a_challenge_of_a_run_by_hand():
    row = converted()
    assert list(row.index) == list(COLUMNS)
    assert (str(row["start"].date()), (row["end"] - row["start"]).days + 1) == ("2014-03-01", 46)  # six weeks
    assert row["peak"] == pytest.approx(0.002)  # a hundredth of those in open opposition
    assert (row["outcome"], row["street"], row["near_vote"]) == ("concession", False, True)
    assert (row["moscow"], row["means"]) == ("incumbent", True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"falls": ["street"], "endings": ["fall"]}, {"outcome": "fell", "street": True}),
        ({"falls": ["elite"], "endings": ["fall"]}, {"outcome": "fell", "street": False}),
        ({"endings": ["repressed"]}, {"outcome": "survived"}),
        ({"help": ["political_support"]}, {"moscow": "incumbent", "means": False}),
        ({"help": []}, {"moscow": "none", "means": False}),
        ({"trigger": "shock"}, {"near_vote": False}),
    ],
)
def test_how_it_ended_and_who_helped(changes, expected):
    row = converted(**changes)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("month", "state", "near"),
    [("2013-09", "GEO", True), ("2013-08", "GEO", False), ("2014-04", "GEO", True), ("2014-05", "GEO", False),
     ("2014-03", "ARM", False)],
)  # fmt: skip
def test_a_vote_is_near_for_half_a_year_and_while_a_challenge_lasts(month, state, near):
    votes = pd.DataFrame([{"scenario": "x", "replicate": 3, "state": state, "month": month}])
    told = run_challenges(pd.DataFrame([ONE | {"trigger": "shock"}]), Month.of(2014, 1), votes)
    assert told["near_vote"].tolist() == [near]


def test_sides_of_runs_by_hand():
    row = {"state": "GEO", "near_vote": True, "moscow": "incumbent"}
    rows = [row, row, row | {"moscow": "none"}, row | {"near_vote": False, "moscow": "none"}]
    found = sides_of_runs(pd.DataFrame(rows), 2014, 2015, "x").set_index(["state", "year", "near_vote"])
    common = 2.5 / 5
    own = (2 + common) / 5
    chance = found["probability"]
    assert chance["GEO", 2014, 1.0] == chance["GEO", 2015, 1.0] == pytest.approx((2 + own) / 4)
    assert chance["GEO", 2014, 0.0] == pytest.approx(own / 2)
    assert chance["ARM", 2014, 0.0] == chance["ARM", 2014, 1.0] == pytest.approx(common)


def test_an_open_challenge_has_no_end_and_one_with_flares_lasts_to_its_last_month():
    assert pd.isna(converted(end=np.nan, endings=[])["end"])
    flared = converted(flares=[6], end=7.0)
    assert str(flared["end"].date()) == "2014-08-15"
    assert pd.isna(converted(flares=[6], end=np.nan)["end"])


def test_a_results_folder_becomes_forecasts(folder):
    runs = read_runs(open_results(folder))
    assert (runs.origin, runs.last, len(runs.runs)) == (2010, 2011, 3)
    assert runs.scenarios == ("baseline",)
    assert runs.alignment["baseline"].shape == (14, 2, 50)
    assert (np.diff(runs.alignment["baseline"], axis=2) >= 0).all()
    assert np.abs(runs.alignment["baseline"].mean(axis=2).mean(axis=0)).max() < 0.02
    assert set(runs.rare["outcome"]) == set(RARE) - {"force"}
    given = runs.given()
    assert given.groupby("outcome").size().to_dict() == {"challenge": 28, "fall": 28, "side": 56}
    assert given["probability"].between(0, 1).all()
    assert set(runs.votes["state"]) <= set(STATES)


def test_runs_are_scored_beside_the_simple_forecasters(folder, tmp_path):
    words = ["skill", "--runs", str(folder), "--origin", "2010", "--to", "2011", "--coding", "episodes"]
    done = CliRunner().invoke(main, [*words, "--states", "all", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "look" not in done.output  # years of development
    read = {
        name: pd.read_csv(tmp_path / "out" / f"{name}.csv", keep_default_na=False)
        for name in ("scores", "side", "by_state", "counts", "alignment", "tempo_of_runs", "help")
    }
    for name, table in read.items():
        assert "baseline" in set(table["forecaster"]), name
    assert set(read["tempo_of_runs"]["runs"]) == {3}
    assert (read["tempo_of_runs"]["number"] == "all").sum() == 1
    assert {"coding", "first", "last", "means"} < set(read["help"].columns)
    assert read["help"]["forecaster"].tolist() == ["record", "baseline"]
    assert set(read["scores"].loc[read["scores"]["forecaster"] == "baseline", "outcome"]) == {
        "challenge",
        "fall",
    }


def test_two_sets_of_runs_of_one_name_and_origin_are_refused(folder):
    runs = read_runs(open_results(folder))
    with pytest.raises(RecordError, match="two sets of runs of baseline from 2010: rename one"):
        skill_tables(("episodes",), ("all",), (2010,), 2011, runs=(runs, runs))


def test_runs_that_start_in_another_month_are_refused():
    months = pd.DataFrame({"month": ["2010-02", "2012-01"]})
    results = SimpleNamespace(path="results/x", read=lambda *_: months)
    with pytest.raises(RecordError, match=r"results/x: runs from 2010-02 to 2012-01: .* start in a January"):
        read_runs(results)
