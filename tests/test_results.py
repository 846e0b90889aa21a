"""The results folder: opened as users do, and its stories."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from test_runs_fakes import RECIPE, FakeScenario, event, simulate

from sim.model.history import EVENT_KINDS
from sim.results.compare import compare
from sim.results.definitions import OUTCOMES
from sim.results.prepare import prepare
from sim.results.results import ResultsError, open_results
from sim.results.run import run_to_folder
from sim.results.story import sentence, story
from sim.series import MOSCOW_SERIES, STATE_SERIES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "compare"
    run_to_folder([FakeScenario("null", runs=22), FakeScenario("kuzio", runs=22, years=3)], out, RECIPE)
    return out


def test_every_file_opens_in_pandas(folder):
    rows = {path.stem: len(pd.read_parquet(path)) for path in folder.glob("*.parquet")}
    assert rows["outcomes"] == rows["draws"] == 44
    assert rows["trajectories"] == 22 * 4 * (24 + 36)  # three states and Moscow
    assert rows["territories"] == 22 * 2 * (2 + 3)  # two territories, each December
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
        "scenario", "replicate", "month", "tick", "kind", "actor", "target", "detail", "value", "why",
    ]  # fmt: skip
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
    assert open_results(folder).scenarios == ["null", "kuzio"]


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(ResultsError, match="not a results folder"):
        open_results(tmp_path)


def test_nothing_can_be_compared_where_every_run_failed(tmp_path):
    run_to_folder([FakeScenario(runs=1, raises=0)], tmp_path / "out", RECIPE)
    with pytest.raises(ResultsError, match="no finished run; the first failed with ValueError: legitimacy"):
        compare(open_results(tmp_path / "out"))


def test_a_story_is_dated_and_in_order(folder):
    results = open_results(folder)
    busy = results.events.query("scenario == 'null'")["replicate"].value_counts().index[0]
    lines = story(results.events, "null", busy)
    assert len(lines) == len(results.events.query("scenario == 'null' and replicate == @busy"))
    assert "A mass challenge to the regime opens in" in lines[0]
    with pytest.raises(ResultsError, match="no events of null, replicate 99"):
        story(results.events, "null", 99)


def row(kind, target="KGZ", detail="", *, actor="RUS", value=float("nan"), why="", month="2014-03"):
    made = event(0, kind, target, detail, actor)
    return {
        "month": month, "kind": kind, "actor": made.actor, "target": target,
        "detail": detail, "value": value, "why": why,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("event_row", "text"),
    [
        (
            row("challenge", detail="election", value=0.12, why="bread is dear"),
            "March 2014. A mass challenge to the regime opens in Kyrgyzstan after an election, 12% of "
            "citizens in open opposition (bread is dear).",
        ),
        (row("challenge_ended", detail="ebbed"), "March 2014. The challenge in Kyrgyzstan ebbs away."),
        (
            row("response", actor="BLR", detail="repress"),
            "March 2014. The regime of Belarus answers with repression.",
        ),
        (
            row("instrument", detail="csto_deployment"),
            "March 2014. Moscow acts in Kyrgyzstan: CSTO deployment.",
        ),
        (
            row("realignment", "ARM", "away", actor="West"),
            "March 2014. Armenia realigns away from Moscow, to the gain of the West.",
        ),
        (row("realignment", "ARM", "away", actor="nobody"), "March 2014. Armenia realigns away from Moscow."),
        (
            row("instrument", "ARM-AZE", "mediation"),
            "March 2014. Moscow acts in Armenia and Azerbaijan: mediation.",
        ),
        (row("membership", "CSTO", "left", actor="ARM"), "March 2014. Armenia leaves the CSTO."),
        (row("clash", "TJK", actor="KGZ"), "March 2014. Kyrgyzstan and Tajikistan clash."),
        (
            row("garrison", "ARM", "withdrawn", value=-1.5),
            "March 2014. 1.5 thousand Russian troops leave Armenia.",
        ),
        (row("territory", "Abkhazia", "integrated"), "March 2014. Abkhazia is integrated by Moscow."),
        (row("succession", "KAZ", "death"), "March 2014. The leader of Kazakhstan dies in office."),
    ],
)
def test_sentences(event_row, text):
    assert sentence(event_row) == text


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_has_a_sentence(kind):
    text = sentence(row(kind, detail="x"))
    assert text.startswith("March 2014. ")
    assert "KGZ" not in text
    assert "RUS" not in text


def test_scenarios_share_seed_runs_and_no_name():
    prepared, notes = prepare([FakeScenario(runs=3, seed=5), FakeScenario(runs=9, seed=6)])
    assert [(s.name, s.runs, s.seed) for s in prepared] == [("null", 3, 5), ("null-2", 3, 5)]
    assert notes == [
        "the scenarios' seeds differ; all use that of null, 5",
        "the scenarios' numbers of runs differ; all use that of null, 3",
        "a second scenario named null is called null-2",
    ]
    assert prepare(prepared)[1] == []
