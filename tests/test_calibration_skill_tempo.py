"""Tempo, counts and alignment: by hand, and as the record was found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.record.challenges import challenges
from calibration.skill.alignment import (
    observed_alignment,
    score_alignment,
    simple_paths,
    yearly_origins_rmse,
)
from calibration.skill.counts import (
    RARE,
    counts_after,
    counts_of_runs,
    help_shares,
    rare_events,
    score_counts,
    state_rate_counts,
)
from calibration.skill.panel import FIRST, panel, votes
from calibration.skill.tempo import BOUNDS, TEMPO, tempo, tempo_of_runs, tempo_table, within_bounds
from sim.world.state import STATES

NO_VOTES = pd.DataFrame({"state": [], "month": []})


def table_of(*rows):
    """Return challenges: state, start, days, street, and the run."""
    table = pd.DataFrame(rows, columns=["state", "start", "days", "street", "replicate"])
    table["start"] = pd.to_datetime(table["start"])
    table["end"] = table["start"] + pd.to_timedelta(table["days"] - 1, unit="D")
    return table.assign(scenario="x", peak=0.01)


def test_tempo_by_hand():
    table = table_of(
        ("GEO", "2000-01-15", 10, True, 0), ("GEO", "2002-01-15", 30, False, 0),
        ("ARM", "2002-06-01", 50, False, 0),
    )  # fmt: skip
    cast = pd.DataFrame({"state": ["GEO", "GEO", "ARM"], "month": ["1999-12", "2003-05", "2003-01"]})
    found = tempo(table, cast, 2000, 2003, ("GEO", "ARM"))
    assert found["challenges a year"] == 0.75
    assert found["spread over years"] == pytest.approx(np.var([1, 0, 2, 0], ddof=1) / 0.75)
    assert found["spread over states"] == pytest.approx(np.var([2, 1], ddof=1) / 1.5)
    assert found["street falls"] == pytest.approx(1 / 3)
    # near a vote are January and February 2000 and May to July 2003 in Georgia, and January to March 2003 in
    # Armenia: 8 of 96 months
    assert found["odds ratio after votes"] == pytest.approx((1 / 2) / (8 / 88))
    assert (found["median days"], found["median days of falls"]) == (30, 10)
    assert found["median wait"] == pytest.approx(731 / 365.25)
    assert (found["most in one state"], found["most falls in one state"]) == (2, 1)
    assert found["years in a row"] == 0
    assert list(found.index) == list(TEMPO)


def test_what_begins_outside_the_window_is_left_out():
    table = table_of(("GEO", "1999-12-31", 10, True, 0), ("EST", "2001-01-01", 10, True, 0))
    assert tempo(table, NO_VOTES, 2000, 2003, ("GEO",))["challenges a year"] == 0
    assert np.isnan(tempo(table, NO_VOTES, 2000, 2003, ("GEO",))["street falls"])


def test_tempo_of_the_record_as_the_review_found_it():
    since = tempo(challenges("published"), votes(), 2000, 2024)
    assert since["challenges a year"] == 2.2
    assert since["spread over years"] == pytest.approx(0.68, abs=0.005)
    whole = tempo(challenges("published"), votes(), 1992, 2024)
    assert whole["spread over states"] == pytest.approx(3.6, abs=0.05)
    assert whole["odds ratio after votes"] == pytest.approx(3.07, abs=0.01)
    assert whole["median days"] == pytest.approx(36, abs=0.5)
    assert whole["median days of falls"] == 20
    assert whole["median wait"] == pytest.approx(2.85, abs=0.05)
    assert whole["spread of waits"] == pytest.approx(0.73, abs=0.01)
    assert whole["street falls"] == pytest.approx(9 / 62)
    assert whole["years in a row"] == 11
    for name, (low, high) in BOUNDS.items():
        assert low <= since[name] <= high, name


def test_a_list_of_crowds_says_nothing_of_falls():
    found = tempo(challenges("crowds"), votes(), 1992, 2019)
    assert np.isnan(found[["street falls", "median days of falls", "most falls in one state"]]).all()
    assert found["challenges a year"] > 2


def test_every_run_counts_also_one_without_a_challenge():
    table = table_of(("GEO", "2000-01-15", 10, True, 0), ("GEO", "2001-01-15", 10, False, 2))
    runs = pd.DataFrame({"scenario": "x", "replicate": [0, 1, 2]})
    found = tempo_of_runs(table, NO_VOTES, runs, 2000, 2001)
    assert found["challenges a year"].tolist() == [0.5, 0, 0.5]
    own = pd.DataFrame({"scenario": "x", "replicate": [0], "state": ["GEO"], "month": ["2000-01"]})
    assert (
        tempo_of_runs(table, own, runs, 2000, 2001)["odds ratio after votes"].notna().tolist() == [False] * 3
    )
    told = tempo_table(tempo(table, NO_VOTES, 2000, 2001), found)
    assert told.loc["challenges a year", "median"] == 0.5
    assert not told.loc["challenges a year", "within"]
    assert np.isnan(told.loc["median wait", "from"])


def test_what_nearly_all_runs_keep_to_is_a_number_that_came():
    runs = pd.DataFrame({name: np.arange(200.0) for name in TEMPO})
    told = tempo_table(pd.Series(dict.fromkeys(TEMPO, 1.0)), runs)
    assert told.loc["most in one state", "most"] == 198  # two of 200 runs lie at it or above
    assert (runs["most in one state"] <= told.loc["most in one state", "most"]).mean() >= 0.99


def test_bounds_must_be_met_all_at_once():
    good = {name: (low + high) / 2 for name, (low, high) in BOUNDS.items()}
    runs = pd.DataFrame([good, good | {"median days": 400.0}, good | {"street falls": 0.5}, good])
    found = within_bounds(runs)
    assert found["median days"] == 0.75
    assert found["all"] == 0.5


def test_a_burst_shows_in_the_spread():
    even = table_of(*[(STATES[i % 14], f"{2000 + i // 2}-03-01", 10, False, 0) for i in range(20)])
    burst = even.assign(start=pd.Timestamp("2003-03-01"))
    low, high = BOUNDS["spread over years"]
    assert tempo(even, NO_VOTES, 2000, 2009)["spread over years"] < low
    assert tempo(burst, NO_VOTES, 2000, 2009)["spread over years"] > high


def test_rare_events_by_hand():
    events = rare_events()
    assert set(events["outcome"]) == set(RARE)
    wars = events[events["outcome"] == "wars"]
    assert list(zip(wars["state"], wars["year"], strict=True)) == [
        ("GEO", 2008),
        ("UKR", 2014),
        ("UKR", 2022),
    ]
    table = counts_after((2014,), 2024).set_index("outcome")
    assert table.loc["wars", ["before", "recorded"]].tolist() == [1, 2]
    assert table.loc["exits from the CSTO", "recorded"] == 0
    assert table.loc["wars", "expected"] == pytest.approx(1.5 * 11 / 22)


def test_counts_of_runs_stand_beside_the_rate():
    runs = {
        "x": pd.DataFrame({"origin": 2014, "outcome": "wars", "replicate": range(4), "count": [2, 2, 3, 3]})
    }
    table = counts_after((2014,), 2024, runs)
    own = table[table["forecaster"] == "x"].iloc[0]
    assert (own["expected"], own["holds"]) == (2.5, True)
    assert len(table) == len(RARE) + 1


def test_counts_by_state_and_run_by_hand():
    table = table_of(
        ("GEO", "2014-01-15", 10, True, 0), ("GEO", "2015-01-15", 10, False, 0),
        ("ARM", "2014-12-30", 10, True, 2),
    )  # fmt: skip
    runs = pd.DataFrame({"replicate": [0, 1, 2]})
    found = counts_of_runs(table, runs, "challenge", 2014, 2014, ("GEO", "ARM"))
    assert found.tolist() == [[1, 0, 0], [0, 0, 1]]
    falls = counts_of_runs(table, runs, "fall", 2014, 2014, ("GEO", "ARM"))
    assert falls.tolist() == [[1, 0, 0], [0, 0, 0]]  # the other fell in January


def test_the_state_rate_holds_what_poisson_states_do():
    """States with their own constant rates: nine in ten counts lie in the range, and sharper is better."""
    generator = np.random.default_rng(2)
    rates = generator.gamma(2.0, 0.1, 14)
    held, wide, own = [], [], []
    for _ in range(60):
        counts = generator.poisson(rates[:, None], (14, 33))
        table = pd.DataFrame(
            {
                "state": np.repeat(STATES, 33),
                "year": np.tile(range(1992, 2025), 14),
                "challenge": counts.ravel(),
            }
        )
        knows = generator.poisson(rates[:, None] * 11, (14, 400)).astype(float)
        found = score_counts(table, "challenge", 2014, 2024, {"knows": knows}).set_index("forecaster")
        held.append(found.loc["state rate", "holds"])
        wide.append(found.loc["state rate", "crps"])
        own.append(found.loc["knows", "crps"])
    assert 0.86 <= np.mean(held) <= 0.98
    assert np.mean(own) < np.mean(wide)


def test_the_rate_of_a_state_is_drawn_toward_all():
    table = panel("published")
    rates = state_rate_counts(table[table["year"] < 2014], "challenge", 11)
    means = rates["size"] * (1 - rates["share"]) / rates["share"]
    assert means["EST"] > 0
    assert means["GEO"] < 6 * 11 / 22  # six in 22 years
    assert means.idxmax() in ("GEO", "KGZ")


def test_alignment_as_the_review_found_it():
    assert [round(yearly_origins_rmse(lead), 3) for lead in (1, 3, 5, 10)] == [0.062, 0.113, 0.157, 0.234]
    scores = score_alignment((2000, 2005, 2010, 2014, 2018), 2024).set_index(["forecaster", "origin"])
    found = [
        round(scores.loc[("persistence", str(origin)), "rmse"], 3)
        for origin in (2000, 2005, 2010, 2014, 2018)
    ]
    assert found == [0.153, 0.181, 0.116, 0.252, 0.156]
    assert round(scores.loc[("quarter drift", "2000"), "rmse"], 3) == 0.135


def test_paths_know_nothing_later():
    levels = observed_alignment()
    other = levels.copy()
    other[:, 2010 - FIRST :] += 9
    for name, path in simple_paths(levels, 2010, 5).items():
        np.testing.assert_array_equal(simple_paths(other, 2010, 5)[name], path)
    assert simple_paths(levels, 2010, 5)["past changes"].shape == (14, 5, 50)


def test_who_knows_alignment_is_scored_so():
    levels = observed_alignment()
    seen = levels[:, 2018 - FIRST :]
    knows = seen[..., None] + np.linspace(-0.01, 0.01, 9)
    scores = score_alignment((2018,), 2024, given={2018: {"knows": knows}}).set_index(
        ["forecaster", "origin"]
    )
    own = scores.loc[("knows", "2018")]
    assert own["rmse"] == pytest.approx(0, abs=1e-12)
    assert own["covered"] == 1
    assert own["crps"] < 0.01 < scores.loc[("persistence", "2018"), "crps"]
    few = score_alignment((2018,), 2024, ("GEO", "ARM"))
    assert few["crps"].iloc[0] != scores.loc[("persistence", "2018"), "crps"]


def test_errors_of_alignment_are_compared_over_the_same_origins():
    levels = observed_alignment()
    late = {2018: {"late": simple_paths(levels, 2018, 7)["persistence"]}}
    scores = score_alignment((2014, 2018), 2024, given=late).set_index(["forecaster", "origin"])
    own, reference = scores.loc[("late", "all")], scores.loc[("persistence", "2018")]
    assert own["rmse"] == reference["rmse"] != scores.loc[("persistence", "all"), "rmse"]
    assert own["rmse_difference"] == own["rmse_low"] == own["rmse_high"] == 0
    changes = scores.loc[("past changes", "2018"), "crps"]
    assert own["crps_difference"] == pytest.approx(own["crps"] - changes)
    assert own["crps_low"] < own["crps_difference"] < own["crps_high"]
    drift = scores.loc[("quarter drift", "all")]
    assert drift["rmse_low"] < drift["rmse_difference"] < drift["rmse_high"]
    ended = score_alignment((2021,), 2024).set_index("forecaster")
    assert ended.loc["quarter drift", ["rmse", "rmse_low"]].isna().all(axis=None)


def test_shares_of_help_by_hand():
    table = table_of(
        ("GEO", "2014-01-15", 10, True, 0), ("GEO", "2015-01-15", 10, False, 0),
        ("ARM", "2014-12-30", 10, True, 2),
    )  # fmt: skip
    table = table.assign(moscow=["incumbent", "incumbent", "none"], means=[True, False, False])
    assert help_shares(table, 2014, 2014) == {"challenges": 2, "backed": 0.5, "means": 0.5}
    assert np.isnan(help_shares(table, 2020, 2021)["means"])
