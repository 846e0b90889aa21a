"""The back-test by outcome: what was known when, scores by hand, and the figures that were found before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from calibration.record.challenges import challenges
from calibration.skill import panel as panel_module
from calibration.skill.evaluate import evaluate, frequencies, left_out, side, side_cases, when
from calibration.skill.forecasters import BASE, STRUCTURAL, forecasters, structural
from calibration.skill.measures import calibration_curve, ranking, score_events
from calibration.skill.panel import STATE_SETS, early_votes, frozen, panel, sides, votes, votes_due
from sim.world.record import load_record
from sim.world.state import STATES


def row(table, state, year):
    return table[(table["state"] == state) & (table["year"] == year)].iloc[0]


def test_covariates_are_those_of_the_year_before():
    table = panel()
    series = load_record().series
    assert row(table, "GEO", 2004)["openness"] == series["polyarchy", "GEO"][2003]
    assert (
        row(table, "GEO", 2024)["civil_freedom"] == series["civil_society_freedom", "GEO"][2021]
    )  # its last
    assert row(table, "KAZ", 2010)["growth"] == pytest.approx(series["gdp_per_head_growth", "KAZ"][2009])
    assert table["growth"].abs().max() <= 10
    assert not table.drop(columns="id", errors="ignore").isna().any().any()


def test_past_challenges_fade_and_leave_out_the_year_itself():
    table = panel("published")
    assert row(table, "GEO", 2001)["past"] == 0
    assert row(table, "GEO", 2002)["past"] == pytest.approx(np.log(2))  # GEO-2001
    assert row(table, "GEO", 2004)["past"] == pytest.approx(np.log1p(0.85**2 + 1))


def test_votes_are_known_in_january_unless_they_were_called_later():
    table = panel()
    assert (row(table, "UKR", 2014)["vote"], row(table, "UKR", 2014)["held"]) == (
        0,
        1,
    )  # both called that year
    assert row(table, "UKR", 1994)["vote"] == 1  # early, and announced in 1993
    assert row(table, "GEO", 2004)["vote"] == 1
    assert row(table, "BLR", 2020)["vote"] == 1
    assert (table["vote"] <= table["held"]).all()


def test_what_is_due_at_an_origin_knows_no_later_vote(monkeypatch):
    before = votes_due(2014)
    assert ("ARM", 2018) in before  # by the cycle of presidents, not for what came then
    assert ("UKR", 2014) not in before
    assert not {year for _, year in before if year < 2014}
    past, announced = votes(), early_votes()
    monkeypatch.setattr(panel_module, "votes", lambda: past[past["year"] < 2014])
    monkeypatch.setattr(panel_module, "early_votes", lambda: announced[announced["announced"] < 2014])
    assert votes_due.__wrapped__(2014) == before


@pytest.mark.parametrize("outcome", ["challenge", "fall"])
def test_a_forecast_from_an_origin_knows_nothing_later(outcome):
    table = panel()
    before, ahead = table[table["year"] < 2010], frozen(table, 2010)
    other = table.copy()
    later = other["year"] >= 2010
    other.loc[later, ["challenge", "fall"]] = 1 - other.loc[later, ["challenge", "fall"]].clip(0, 1)
    other.loc[other["year"] > 2010, ["openness", "civil_society", "past", "growth", "vote", "held"]] += 3
    same = other[other["year"] < 2010], frozen(other, 2010)
    for name, forecast in forecasters(outcome).items():
        expected = forecast(before, ahead, outcome)
        np.testing.assert_array_equal(forecast(*same, outcome), expected, err_msg=name)
        assert ((expected > 0) & (expected < 1)).all()


def test_the_figures_of_the_review_come_back():
    """14 states, from 2014, on the published sheet: as an outside review found them (looks 2 and 5)."""
    scores = evaluate("published", origins=(2014,)).scores
    own = scores[(scores["outcome"] == "challenge") & (scores["origin"] == "2014")].set_index("forecaster")
    assert (own.loc[BASE, "cases"], own.loc[BASE, "events"]) == (154, 21)
    assert own.loc[BASE, "log"] == pytest.approx(0.3986, abs=5e-4)
    assert own.loc[BASE, "brier"] == pytest.approx(0.1178, abs=5e-4)
    assert own.loc["state rate", "log_difference"] == pytest.approx(-0.0436, abs=5e-4)
    assert own.loc["state rate", "auc"] == pytest.approx(0.75, abs=0.005)
    openness = own.loc["C1 openness"]
    assert openness["log_difference"] == pytest.approx(-0.0540, abs=5e-4)
    assert (openness["log_low"], openness["log_high"]) == (
        pytest.approx(-0.091, abs=0.006),
        pytest.approx(-0.02, abs=0.006),
    )
    assert openness["auc"] == pytest.approx(0.78, abs=0.005)
    falls = scores[(scores["outcome"] == "fall") & (scores["origin"] == "2014")].set_index("forecaster")
    assert falls.loc[BASE, "log"] == pytest.approx(0.0961, abs=5e-4)
    assert falls.loc["past challenges", "log_difference"] == pytest.approx(-0.0111, abs=5e-4)


def test_with_later_votes_the_second_structural_forecaster_is_the_reviews():
    """It knew the votes that were held; here it knows those that were due, and is .003 better for it."""
    table = panel("published")
    before = table[table["year"] < 2014].assign(vote=lambda rows: rows["held"])
    ahead = frozen(table, 2014)
    ahead["vote"] = table.loc[table["year"] >= 2014, "held"].to_numpy()
    happened = (ahead["challenge"] > 0).astype(int)
    cases = ahead[["state", "year"]].assign(happened=happened)
    cases[BASE] = forecasters("challenge")[BASE](before, ahead, "challenge")
    name = "C2 civil society, vote, past"
    cases[name] = structural(STRUCTURAL["challenge"][name])(before, ahead, "challenge")
    found = score_events(cases, [BASE, name], BASE).set_index("forecaster").loc[name]
    assert found["log_difference"] == pytest.approx(-0.0489, abs=5e-4)
    assert found["auc"] == pytest.approx(0.80, abs=0.005)


def test_moscows_side_as_the_review_found_it():
    table = sides("published")
    assert (len(table), table["incumbent"].sum(), table["means"].sum()) == (62, 23, 6)
    scores = side("published", origins=(2014,)).set_index(["origin", "forecaster"])
    assert scores.loc[("2014", BASE), "log"] == pytest.approx(0.656, abs=1e-3)
    assert scores.loc[("2014", "openness"), "log"] == pytest.approx(0.569, abs=1e-3)
    assert scores.loc[("2014", "openness"), "auc"] == pytest.approx(0.83, abs=0.005)
    assert scores.loc[("states left out", "openness, near a vote"), "log"] == pytest.approx(0.613, abs=2e-3)
    assert scores.loc[("states left out", BASE), "log"] == pytest.approx(0.697, abs=2e-3)


def test_a_forecast_of_the_side_may_tell_votes_apart():
    table = sides("published")
    table = table[table["year"].between(2010, 2013)].drop_duplicates(["state", "year"])
    given = table[["state", "year"]].assign(
        forecaster="flat", origin=2010, outcome="side", probability=table["incumbent"].mean()
    )
    apart = pd.concat(
        given.assign(forecaster="knows", near_vote=near, probability=chance)
        for near, chance in ((1.0, 0.7), (0.0, 0.2))
    )
    scores = side("published", origins=(2010,), last=2013, given=pd.concat([given, apart]))
    found = scores[scores["origin"] == "2010"].set_index("forecaster")
    assert (found["cases"] == found.loc[BASE, "cases"]).all()
    assert found.loc["flat", "auc"] == 0.5
    assert found.loc["knows", "log"] < found.loc["flat", "log"] - 0.05


def test_moscows_side_is_scored_on_some_states_as_on_these_alone():
    few = side("published", origins=(2014,), states="without Armenia")
    assert set(few["states"]) == {"without Armenia"}
    cases = side_cases("published", "without Armenia", origins=(2014,))
    assert "ARM" not in set(cases["state"])
    own = few[few["origin"] == "2014"].set_index("forecaster")
    assert own.loc[BASE, "cases"] == len(cases)
    told = cases["openness"].where(cases["happened"] == 1, 1 - cases["openness"])
    assert own.loc["openness", "log"] == pytest.approx(-np.log(told).mean(), abs=1e-6)
    every = side_cases("published", origins=(2014,))
    assert every["id"].is_unique
    assert set(cases["id"]) == set(every.loc[every["state"] != "ARM", "id"])
    assert cases[BASE].iloc[0] != every[BASE].iloc[0]  # made anew on these states


def test_when_uses_no_vote_that_was_called_later():
    scores = when("published", origins=(2014,)).set_index(["origin", "forecaster"])
    assert scores.loc[("2014", BASE), "within_auc"] == 0.5
    found = scores.loc[("2014", "growth, income, vote")]
    assert found["within_auc"] == pytest.approx(0.64, abs=0.01)
    assert found["within_low"] < 0.5  # no skill is established


def test_a_state_left_out_is_not_in_its_own_fit():
    found = left_out({"openness": ("openness",)}, "published", last=2013).set_index("forecaster")
    assert found.loc[BASE, "cases"] == 14 * 22
    assert found.loc[BASE, "auc"] < 0.4  # who has more of them is told less by the others
    assert found.loc["openness", "events"] == 39


def test_ranking_is_the_area_under_the_curve():
    generator = np.random.default_rng(3)
    given, happened = generator.random(200).round(1), generator.integers(0, 2, 200)
    states = np.repeat(list(STATES), 15)[:200]
    value, low, high = ranking(given, happened, states)
    assert value == pytest.approx(roc_auc_score(happened, given))
    assert low < value < high
    informed = np.clip(0.6 * happened + 0.4 * generator.random(200), 0, 1)
    assert ranking(informed, happened, states)[1] > 0.8


def test_ranking_within_groups_compares_only_there():
    given = np.array([0.9, 0.8, 0.1, 0.2])
    happened = np.array([1, 0, 1, 0])
    states = np.array(["A", "A", "B", "B"])
    assert ranking(given, happened, states, states)[0] == 0.5  # right in A, wrong in B
    assert ranking(given, happened, states)[0] == 0.5
    where = np.array([0.9, 0.9, 0.1, 0.1])
    assert ranking(where, np.array([1, 1, 0, 0]), states)[0] == 1
    assert np.isnan(ranking(where, np.array([1, 1, 0, 0]), states, states)[0])


def test_scores_by_hand():
    cases = pd.DataFrame(
        {
            "state": ["A", "A", "B", "B"],
            "happened": [1, 0, 0, 0],
            BASE: 0.25,
            "sure": [1.0, 0.0, 0.0, 0.0],
        }
    )
    found = score_events(cases, [BASE, "sure"], BASE).set_index("forecaster")
    assert found.loc[BASE, "brier"] == pytest.approx(0.1875)
    assert found.loc[BASE, "log"] == pytest.approx(-(np.log(0.25) + 3 * np.log(0.75)) / 4)
    assert found.loc["sure", "log"] == pytest.approx(-np.log(0.995))  # nobody is held for certain
    assert found.loc["sure", "log_difference"] == pytest.approx(
        found.loc["sure", "log"] - found.loc[BASE, "log"]
    )
    assert (found.loc["sure", "auc"], found.loc[BASE, "auc"]) == (1, 0.5)
    assert found.loc[BASE, "skill"] == 0


def test_a_curve_counts_every_case_once():
    given = np.array([0.0, 0.04, 0.05, 0.15, 0.5, 0.99, 1.0])
    curve = calibration_curve(given, np.array([0, 0, 1, 0, 1, 1, 1]))
    assert curve["cases"].tolist() == [2, 1, 1, 3]
    assert curve["happened"].tolist() == [0, 1, 0, 1]
    assert ((curve["said"] >= curve["low"]) & (curve["said"] <= curve["high"])).all()


def test_sets_of_states():
    assert [len(states) for states in STATE_SETS.values()] == [14, 11, 13, 10]
    few = evaluate("published", "without both", origins=(2014,))
    assert set(few.cases["state"]) == set(STATE_SETS["without both"])
    assert len(few.cases[few.cases["outcome"] == "challenge"]) == 10 * 11


def test_others_forecasts_are_scored_beside():
    truth = panel("published")
    truth = truth[truth["year"] >= 2018]
    knows = truth[["state", "year"]].assign(
        forecaster="knows", origin=2018, outcome="challenge",
        probability=np.where(truth["challenge"] > 0, 0.9, 0.05),
    )  # fmt: skip
    scores = evaluate("published", origins=(2014, 2018), given=knows).scores
    own = scores[(scores["forecaster"] == "knows")]
    assert set(own["origin"]) == {"2018"}  # it says nothing of 2014
    assert own["log_high"].item() < -0.1
    assert own["auc"].item() == 1


def test_frequencies_of_runs_by_hand():
    runs = pd.DataFrame(
        {
            "scenario": "x",
            "replicate": [0, 0, 1, 2],
            "state": ["GEO", "GEO", "GEO", "ARM"],
            "start": pd.to_datetime(["2014-02-01", "2014-09-01", "2014-03-01", "2015-12-20"]),
            "end": pd.to_datetime(["2014-03-01", "2014-10-01", "2014-04-01", "2016-01-10"]),
            "street": [False, False, False, True],
        }
    )
    table = frequencies(runs, 4, 2014, 2016, "x").set_index(["outcome", "state", "year"])["probability"]
    common = 3 / 4 / (14 * 3)  # of the 42 states and years, three run-years of four runs
    assert table["challenge", "GEO", 2014] == pytest.approx((2 + common) / 5)
    assert table["fall", "ARM", 2016] == pytest.approx((1 + 1 / 4 / 42) / 5)  # the year in which it ends
    assert table["fall", "ARM", 2015] > 0
    assert len(table) == 2 * 14 * 3


def test_codings_without_falls_are_scored_on_challenges_alone():
    found = evaluate("crowds", origins=(2010,), last=2019)
    assert set(found.scores["outcome"]) == {"challenge"}
    assert found.cases["year"].max() == 2019
    assert len(challenges("crowds")) > 0
