"""The back-test: scores and baselines by hand, nothing known too early, the better forecaster found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history, store_of

from calibration.backtest.ahead import fitted_weights, look_ahead
from calibration.backtest.baselines import (
    base_rate,
    concentration,
    drift,
    logistic,
    persistence,
    shrunk,
    state_rate,
    stay,
)
from calibration.backtest.membership import at_risk, for_all, members_by_year
from calibration.backtest.outcomes import EVENTS, outcomes_of, spoken_to
from calibration.backtest.past import past_before
from calibration.backtest.run import STACKED, _stack, backtest
from calibration.backtest.scores import event_scores, path_scores, quantile_scores, summarise_scores
from calibration.backtest.stacking import of_what_happened, stacking_weights
from calibration.cli.main import main
from calibration.ensemble.origins import RECORD_PERIOD, ROLLING
from calibration.history import Challenge, Observation, Window
from calibration.record.observed import observed_record
from calibration.statistics.measurement import NONE
from sim.months import Month
from sim.scenario import load_thesis
from sim.world.record import load_record
from sim.world.state import STATES

LATE = ROLLING[-2:]
CALM, STORMY = {"challenges": 0.1, "falls": 0.2, "left": 0.01}, {"challenges": 0.6, "falls": 0.8, "left": 0.2}
PLACE = {name: place for place, name in enumerate(EVENTS)}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy") / "ensemble"
    return store_of(folder, {"baseline": CALM, "kuzio": STORMY}, (RECORD_PERIOD, *LATE))


@pytest.fixture(scope="module")
def record():
    return history(np.random.default_rng(99), Window(1992, 2024), CALM)


@pytest.fixture(scope="module")
def test(store, record):
    return backtest(store, ("baseline", "kuzio"), LATE, record, measurement=NONE)


def test_scores_are_those_by_hand():
    found = event_scores(np.array([0.8, 0.3, 0.0]), np.array([1, 0, 1]))
    np.testing.assert_allclose(found["brier"], [0.04, 0.09, 0.999**2])
    np.testing.assert_allclose(found["log"], [-np.log(0.8), -np.log(0.7), -np.log(0.001)])  # clipped
    # {0, 1} against 0.25: mean |x - y| = .5, half of the distance of two different members = .5
    pair, seen = np.array([[0.0, 1.0]]), np.array([0.25])
    np.testing.assert_allclose(path_scores(pair, seen), [0.0], atol=1e-12)
    weighted = path_scores(pair, seen, np.array([0.75, 0.25]))
    np.testing.assert_allclose(weighted, [0.75 * 0.25 + 0.25 * 0.75 - 0.5])
    one = np.array([[0.4]])
    np.testing.assert_allclose(path_scores(one, np.array([0.1])), [0.3])  # absolute error
    np.testing.assert_allclose(quantile_scores(one, np.array([0.1])), [0.3])
    np.testing.assert_allclose(path_scores(pair, seen, draws=np.array([7, 7])), [0.5])  # one draw: no spread
    np.testing.assert_allclose(quantile_scores(pair, seen), [0.25])


def test_the_score_of_alignment_is_the_librarys_fair_one():
    import scoringrules  # noqa: PLC0415 - compiles for seconds, and each worker of pytest imports this file

    rng = np.random.default_rng(1)
    members, seen = rng.normal(size=(5, 4, 30)), rng.normal(size=(5, 4))
    weights = rng.dirichlet(np.ones(30))
    alike = scoringrules.crps_ensemble(seen, members, estimator="fair", backend="numpy")
    np.testing.assert_allclose(path_scores(members, seen), alike)
    spread = np.broadcast_to(weights, members.shape).copy()
    apart = scoringrules.crps_ensemble(seen, members, ens_w=spread, estimator="fair", backend="numpy")
    np.testing.assert_allclose(path_scores(members, seen, weights), apart)


@pytest.mark.parametrize("size", [3, 30])
def test_few_members_are_not_punished(size):
    rng = np.random.default_rng(2)
    seen, members = rng.normal(size=40_000), rng.normal(size=(40_000, size))
    weights = np.arange(1.0, size + 1) / np.arange(1.0, size + 1).sum()
    # the CRPS of a normal distribution against itself: E|x - y| - E|x - x'| / 2 = 1 / sqrt(pi)
    assert path_scores(members, seen, weights).mean() == pytest.approx(1 / np.sqrt(np.pi), abs=0.01)


def test_twins_count_once():
    rng = np.random.default_rng(3)
    seen, members = rng.normal(size=50), rng.normal(size=(50, 8))
    weights = rng.dirichlet(np.ones(8))
    twice = np.concatenate([members, members], axis=-1)
    halves, draws = np.concatenate([0.3 * weights, 0.7 * weights]), np.tile(np.arange(8), 2)
    np.testing.assert_allclose(
        path_scores(twice, seen, halves, draws), path_scores(members, seen, weights), atol=1e-12
    )
    assert (path_scores(twice, seen, halves) > path_scores(members, seen, weights)).all()


def test_intervals_draw_clusters_whole():
    cases = pd.DataFrame({"state": ["a"] * 50 + ["b"] * 50})
    scores = {"base": np.zeros(100), "other": np.repeat([0.0, 1.0], 50)}
    table = summarise_scores(cases, scores, "base", cluster="state", seed=1).set_index("forecaster")
    assert table.loc["other", ["score", "difference", "low", "high"]].tolist() == [0.5, 0.5, 0, 1]
    assert table.loc["base", ["low", "high"]].tolist() == [0, 0]


def test_stacking_finds_the_mixture_that_made_the_outcomes():
    rng = np.random.default_rng(1)
    given = rng.uniform(0.05, 0.95, (20_000, 2))
    mixed = given @ np.array([0.3, 0.7])
    happened = rng.random(20_000) < mixed
    weights = stacking_weights(of_what_happened(given, happened))
    np.testing.assert_allclose(weights, [0.3, 0.7], atol=0.05)
    np.testing.assert_allclose(stacking_weights(np.empty((0, 4))), 0.25)
    certain = stacking_weights(np.array([[0.9, 0.1], [0.8, 0.2]]))
    np.testing.assert_allclose(certain, [1, 0], atol=1e-3)


def test_outcomes_fall_in_their_state_and_year(record):
    month = Month.of(2016, 4)
    made = replace(
        record,
        challenges=(Challenge(month, "KGZ", "fell"),),
        falls=(Observation(month, "KGZ", "street"),),
        interventions=(Observation(month, "GEO", "war"), Observation(month, "ARM", "mediation")),
        memberships=(Observation(month, "UZB", "left"),),
    )
    events = outcomes_of(made, Window(2015, 2017)).events
    seen = {
        (STATES[state], 2015 + year, list(EVENTS)[event])
        for state, year, event in zip(*np.nonzero(events), strict=True)
    }
    assert seen == {
        ("KGZ", 2016, "challenge"), ("KGZ", 2016, "fall"), ("GEO", 2016, "war"),
        ("GEO", 2016, "intervention"), ("UZB", 2016, "left"),
    }  # fmt: skip
    levels = outcomes_of(made, Window(2015, 2017)).alignment
    np.testing.assert_allclose(levels.sum(axis=0), 0, atol=1e-12)


def test_a_thesis_speaks_to_what_its_claims_are_about():
    assert spoken_to(load_thesis("baseline")) == (*EVENTS, "alignment")
    assert "left" in spoken_to(load_thesis("gorevoy"))
    assert "war" not in spoken_to(load_thesis("gorevoy"))
    assert "territory" in spoken_to(load_thesis("dubnov"))


def test_baselines_are_their_formulas(record):
    past, ahead = past_before(2014, record), Window(2014, 2016)
    seen = past.outcomes.events[:, :, PLACE["challenge"]]
    assert seen.shape == (14, 22)
    common = (seen.sum() + 0.5) / (14 * 22 + 1)
    np.testing.assert_allclose(base_rate(past, ahead)[:, :, PLACE["challenge"]], common)
    recent = (seen[:, -5:].sum(axis=1) + 0.5) / 6
    np.testing.assert_allclose(persistence(past, ahead)[:, 2, PLACE["challenge"]], recent)
    np.testing.assert_allclose(shrunk(np.array([0, 5]), 10, 0.2, 10.0), [0.1, 0.35])
    own = state_rate(past, ahead)[:, 0, PLACE["challenge"]]
    np.testing.assert_allclose(
        own, shrunk(seen.sum(axis=1), 22, common, concentration(seen.sum(axis=1), 22, common))
    )
    levels = past.outcomes.alignment
    np.testing.assert_allclose(stay(past, ahead)[:, 2, 0], levels[:, -1])
    two = (levels[:, 2:] - levels[:, :-2]).ravel()
    spread = drift(past, ahead)[:, 1] - levels[:, -1:]
    assert np.median(spread[0]) == pytest.approx(np.median(two), abs=0.01)


def with_memberships(record, *changes):
    facts = tuple(Observation(Month.of(year, 6), state, detail) for year, state, detail in changes)
    return replace(record, memberships=facts)


def test_only_a_member_can_leave_and_only_another_state_can_join(record):
    made = with_memberships(
        record, (1992, "ARM", "joined"), (1994, "GEO", "joined"), (1996, "GEO", "left"), (1995, "UZB", "left")
    )
    members = members_by_year(made, Window(1993, 1999))  # UZB was in before; ARM's entry is not looked at
    place = {state: STATES.index(state) for state in ("ARM", "GEO", "UZB")}
    assert members[place["GEO"]].tolist() == [False, False, True, True, False, False, False, False]
    assert members[place["UZB"]].tolist() == [True, True, True, False, False, False, False, False]
    assert not members[place["ARM"]].any()
    risk = at_risk(members_by_year(made, Window(1992, 1999)))
    assert (risk[..., PLACE["joined"]] != risk[..., PLACE["left"]]).all()  # UZB is in from the first day
    assert risk[place["ARM"], 1, PLACE["left"]] and risk[place["ARM"], 0, PLACE["joined"]]
    founding = with_memberships(record, (1993, "ARM", "joined"), (1993, "KAZ", "joined"))
    founded = at_risk(members_by_year(founding, Window(1992, 1999)))
    assert not founded[:, :2, PLACE["joined"]].any()  # to found the alliance is not to join it
    assert founded[place["GEO"], 2:, PLACE["joined"]].all()
    assert founded[..., PLACE["challenge"]].all()


def test_chances_follow_who_is_in():
    rates = np.zeros((2, 2, len(EVENTS)))
    rates[..., PLACE["joined"]], rates[..., PLACE["left"]], rates[..., PLACE["fall"]] = 0.2, 0.5, 0.3
    found = for_all(rates, np.array([True, False]))
    np.testing.assert_allclose(found[..., PLACE["joined"]], [[0, 0.5 * 0.2], [0.2, 0.8 * 0.2]])
    np.testing.assert_allclose(found[..., PLACE["left"]], [[0.5, 0.5 * 0.5], [0, 0.2 * 0.5]])
    np.testing.assert_allclose(found[..., PLACE["fall"]], 0.3)


@pytest.mark.parametrize("baseline", [base_rate, state_rate, persistence, logistic])
def test_baselines_know_who_is_a_member(record, baseline):
    changes = [(1992, state, "joined") for state in STATES[:6]] + [(1999, STATES[0], "left")]
    past = past_before(2004, with_memberships(record, *changes))
    found = baseline(past, Window(2004, 2006))
    inside, outside = slice(1, 6), [0, *range(6, 14)]
    assert (found[inside, 0, PLACE["joined"]] == 0).all()
    assert (found[outside, 0, PLACE["left"]] == 0).all()
    assert (found[inside, 0, PLACE["left"]] > 0).all() and (found[outside, 0, PLACE["joined"]] > 0).all()
    if baseline is base_rate:  # one exit in six states' seven years and five states' four; no entry
        np.testing.assert_allclose(found[inside, 0, PLACE["left"]], 1.5 / (6 * 7 + 5 * 4 + 1))
        np.testing.assert_allclose(found[outside, 0, PLACE["joined"]], 0.5 / (8 * 11 + 4 + 1))


def test_the_stack_learns_once_from_the_latest_forecast_of_shared_outcomes():
    early = pd.DataFrame(
        {"origin": 2000, "state": "ARM", "year": [2006, 2011], "event": "fall", "happened": True,
         "one": [0.1, 0.9], "other": [0.9, 0.1]}
    )  # fmt: skip
    late = early.iloc[1:].assign(origin=2010, one=0.2, other=0.8)
    kinds = pd.concat([early.assign(event=kind, one=0.99, other=0.01) for kind in ("war", "troops")])
    latest = np.array([[0.1, 0.9], [0.2, 0.8]])
    found = _stack([pd.concat([early, kinds]), late], ("one", "other"), before=2012)
    np.testing.assert_allclose(found, stacking_weights(latest))
    np.testing.assert_allclose(
        _stack([early, late], ("one", "other"), before=2011), stacking_weights(latest[:1])
    )


def test_shrinkage_follows_how_alike_states_are():
    alike, apart = np.full(14, 4), np.array([0] * 7 + [8] * 7)
    assert concentration(alike, 20, 0.2) > 500
    assert concentration(apart, 20, 0.2) < 10


def test_logistic_regression_learns_what_openness_does(record):
    past = past_before(2014, record)
    openness = past.known()[:, :, 0]
    made = replace(past.outcomes, events=past.outcomes.events.copy())
    made.events[:, :, PLACE["challenge"]] = openness > 0.5
    given = logistic(replace(past, outcomes=made), Window(2014, 2014))[:, 0, PLACE["challenge"]]
    expected = past.expected(Window(2014, 2014))[:, 0, 0]
    assert given[expected > 0.6].min() > 0.7
    assert given[expected < 0.3].max() < 0.2


def test_logistic_regression_is_not_drawn_out_beyond_the_tenures_it_has_seen(record):
    past = past_before(2000, record)
    tenure = past.known()[:, :, 2]
    made = replace(past.outcomes, events=past.outcomes.events.copy())
    made.events[:, :, PLACE["challenge"]] = False
    longest = np.argsort(tenure, axis=None)[-4:]
    made.events[(*np.unravel_index(longest, tenure.shape), PLACE["challenge"])] = True
    window = Window(2000, 2024)
    given = logistic(replace(past, outcomes=made), window)[:, :, PLACE["challenge"]]
    assert past.expected(window)[:, -1, 2].min() > tenure.max()  # all leaders stay, so the model goes
    near = logistic(replace(past, outcomes=made), Window(2000, 2001))[:, :, PLACE["challenge"]]
    assert given.max() <= near.max() + 1e-9


def altered(record, year: int):
    """Return the record with everything from a year on turned around."""
    cut = record.within(Window(1992, year - 1))
    later = history(np.random.default_rng(5), Window(year, 2024), STORMY)
    joined = {
        name: (*getattr(cut, name), *getattr(later, name))
        for name in ("challenges", "falls", "memberships", "interventions")
    }
    return replace(record, alignment={**cut.alignment, **later.alignment}, **joined)


def test_nothing_is_known_before_its_time(store, record, test):
    start = LATE[-1].month.year
    other = backtest(store, ("baseline", "kuzio"), LATE, altered(record, start), measurement=NONE)
    for made, again in ((test.events, other.events), (test.paths, other.paths)):
        assert len(made) == len(again)
    first, second = (one.events[one.events["origin"] <= start] for one in (test, other))
    assert (first["happened"] != second["happened"]).any()
    pd.testing.assert_frame_equal(first.drop(columns="happened"), second.drop(columns="happened"))
    pd.testing.assert_frame_equal(test.weights.iloc[:-1], other.weights.iloc[:-1])
    early = backtest(store, ("baseline", "kuzio"), LATE, altered(record, 2010), measurement=NONE).events
    assert not first["kuzio"].equals(early["kuzio"])  # while what came before does matter


def test_circumstances_of_later_years_are_not_looked_at(record):
    rows = {name: list(load_record().rows[name]) for name in ("indicators", "elections", "leaders")}
    later = {
        "indicators": [
            {**row, "polyarchy": 0.99} if int(row["year"]) >= 2014 else row for row in rows["indicators"]
        ],
        "elections": [row for row in rows["elections"] if str(row["month"]) < "2014"],
        "leaders": [row for row in rows["leaders"] if str(row["start"]) < "2014"],
    }
    one, other = past_before(2014, record, rows), past_before(2014, record, later)
    np.testing.assert_array_equal(one.known(), other.known())
    np.testing.assert_array_equal(one.expected(Window(2014, 2024)), other.expected(Window(2014, 2024)))


def test_the_thesis_that_is_right_wins(test):
    scores = test.scores(cluster="state", seed=1)
    shared = scores[scores["outcomes"] == "shared"].set_index(["measure", "forecaster"])["score"]
    for measure in ("brier", "log"):
        assert shared[measure, "baseline"] < shared[measure, "kuzio"] - 0.02
        assert shared[measure, STACKED] < shared[measure, "kuzio"]
    last = test.weights.iloc[-1]
    assert last["baseline"] > 0.8
    assert test.weights.iloc[0]["baseline"] == 0.5  # nothing was known at the first origin


def test_probabilities_are_frequencies_over_runs(store):
    view = look_ahead(store, "kuzio", LATE[-1], Window(2018, 2024), NONE)
    assert view.size == pytest.approx(12)
    assert view.events[:, :, PLACE["challenge"]].mean() == pytest.approx(0.6, abs=0.05)
    assert view.events.min() > 0
    assert view.events.max() < 1
    one = look_ahead(store, "kuzio", LATE[-1], Window(2018, 2024), NONE, {3: 1.0})
    assert one.size == 1


def test_draws_that_fit_the_years_before_get_the_weight(store):
    runs = {draw: made for draw, _, made in store.histories("kuzio", RECORD_PERIOD)}
    weights = fitted_weights(store, "kuzio", runs[4], 2013, NONE)
    assert max(weights, key=weights.__getitem__) == 4
    assert sum(weight > 0 for weight in weights.values()) <= 7
    assert weights == fitted_weights(store, "kuzio", altered(runs[4], 2014), 2013, NONE)


@pytest.mark.slow
def test_the_command_writes_tables_and_figures(tmp_path):
    store_of(tmp_path / "ensemble", {"baseline": CALM}, (RECORD_PERIOD, *ROLLING), draws=4)
    arguments = ["backtest", "--ensemble", str(tmp_path / "ensemble"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "Stacking weights from all cases" in done.output
    table = pd.read_parquet(tmp_path / "out" / "forecasts.parquet")
    assert len(table) == 14 * sum(origin.years for origin in ROLLING) * len(EVENTS)
    assert (tmp_path / "out" / "figures" / "scores.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_csv(tmp_path / "out" / "stacking.csv")) == len(ROLLING) + 1


def test_the_shipped_record_has_every_outcome_since_2000():
    seen = outcomes_of(observed_record(), Window(2000, 2024)).events
    assert seen[STATES.index("UKR"), 2022 - 2000, PLACE["war"]]
    assert seen[STATES.index("KAZ"), 2022 - 2000, PLACE["troops"]]
    assert seen[STATES.index("UZB"), 2012 - 2000, PLACE["left"]]
