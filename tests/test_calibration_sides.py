"""Moscow's side, states left out: nothing of the state counts, and a rule that states share is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history, store_of

from calibration.backtest.membership import members_by_year
from calibration.cli.looks import DEVELOPMENT as _DEVELOPMENT
from calibration.cli.looks import LAST as _LAST
from calibration.cli.main import main
from calibration.cli.sides import _WITHOUT_SIDE
from calibration.ensemble.origins import RECORD_PERIOD
from calibration.ensemble.plan import Plan
from calibration.ensemble.store import CHUNK, EnsembleError, EnsembleStore, StoredRun
from calibration.history import Challenge, Observation, Window
from calibration.record.challenges import challenges
from calibration.record.observed import observed_record
from calibration.skill import evaluate
from calibration.skill.forecasters import BASE
from calibration.skill.left_out import CODINGS, FITTED, PRIOR, Backed, read_backed, sides_left_out
from calibration.skill.looks import read_looks
from calibration.skill.panel import DEVELOPMENT, LAST, sides
from calibration.skill.without import concerns, without
from calibration.statistics import NAMES, paths, summarise
from calibration.statistics.measurement import NONE
from sim.months import Month
from sim.scenario import SHARED_WORLD
from sim.world.state import STATES

pytestmark = pytest.mark.slow

YEARS = Window(1992, 2024)
RATES = {"challenges": 0.15, "falls": 0.2, "left": 0.02}
_ORDER = np.random.default_rng(4).permutation(STATES)
TRAIT = {state: place / (len(STATES) - 1) for place, state in enumerate(_ORDER)}
DRAWS = 40


def by_rule(rng, border):
    """Return a history in which Moscow backs incumbents of states whose trait lies above a border."""
    made = history(rng, YEARS, RATES)
    backed = tuple(
        replace(found, support="words" if TRAIT[found.state] > border else "none")
        for found in made.challenges
    )
    return replace(made, challenges=backed)


def table_of(made, rng):
    """Return what `calibration.skill.panel.sides` would give of a history."""
    rows = [
        {
            "id": f"{found.state}-{place}", "state": found.state, "year": found.month.year,
            "incumbent": int(found.support != "none"), "means": 0, "near_vote": 0.0, "openness": rng.random(),
        }
        for place, found in enumerate(made.challenges)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return an ensemble in which each draw has a border of its own."""
    store = EnsembleStore(tmp_path_factory.mktemp("rule") / "ensemble")
    store.open(Plan(DRAWS, (SHARED_WORLD,), (RECORD_PERIOD,)))
    borders = np.random.default_rng(1).permutation(np.linspace(0, 1, DRAWS))
    runs = [
        StoredRun(draw, 0, by_rule(np.random.default_rng((7, draw)), border), {"citizens.threshold": 0.1})
        for draw, border in enumerate(borders)
    ]
    for first in range(0, DRAWS, CHUNK):
        stop = min(first + CHUNK, DRAWS)
        store.write(SHARED_WORLD, RECORD_PERIOD, range(first, stop), runs[first:stop])
    return store


@pytest.fixture(scope="module")
def record():
    return by_rule(np.random.default_rng(3), 0.55)


@pytest.fixture(scope="module")
def backed(store):
    return read_backed(store, SHARED_WORLD, YEARS, NONE)


def scored(store, record, table, monkeypatch):
    monkeypatch.setattr(evaluate, "sides", lambda coding: table)
    found = sides_left_out(store, ("episodes",), record=record, measurement=NONE)
    return found.scores.set_index("forecaster")


def test_a_rule_that_states_share_is_found_from_the_others(store, record, monkeypatch):
    rng = np.random.default_rng(5)
    table = table_of(record, rng)
    found = scored(store, record, table, monkeypatch)
    assert found.loc[FITTED, "log_high"] < 0
    mixed = table.assign(incumbent=rng.permutation(table["incumbent"]))
    none = scored(store, record, mixed, monkeypatch)
    assert none.loc[FITTED, "log_difference"] > 0
    assert none.loc[BASE, "cases"] == found.loc[BASE, "cases"] == len(table)


def test_a_fit_to_the_others_adds_where_the_border_lies_far_from_the_middle(backed):
    """One history says little of its border among all that varies by chance, so it is over several."""
    losses = []
    for seed, border in enumerate((0.2, 0.2, 0.2, 0.8, 0.8, 0.8)):
        made = by_rule(np.random.default_rng((3, seed)), border)
        for state in STATES:
            seen = np.array([found.support != "none" for found in made.challenges if found.state == state])
            years = [found.month.year for found in made.challenges if found.state == state]
            ways = (backed.weights(made, state), np.ones(DRAWS))
            given = [backed.chances(state, years, weights) for weights in ways]
            losses.append([-np.log(np.where(seen, chance, 1 - chance)).sum() for chance in given])
    fitted, prior = np.sum(losses, axis=0)
    assert fitted < 0.9 * prior


def other_facts(made, state):
    """Return a history in which nothing about a state is as it was, and all else is."""
    when = Month.of(2001, 3)
    return replace(
        made,
        challenges=(
            *(found for found in made.challenges if found.state != state),
            *(Challenge(Month.of(year, 5), state, "concession", "means") for year in range(1992, 2025)),
        ),
        falls=(*made.falls, Observation(when, state, "street"), Observation(when, state, "elite")),
        successors=(*made.successors, Observation(when, state, "pro")),
        votes=(*made.votes, Observation(when, state, "election")),
        wars=(*made.wars, Observation(when, state)),
        territories=(*made.territories, Observation(when, "Abkhazia", "integrated")),
        deployments=(*made.deployments, Observation(when, state)),
        refusals=(*made.refusals, Observation(when, state)),
        memberships=(*made.memberships, Observation(when, state, "joined")),
        clashes=(*made.clashes, Observation(when, f"ARM-{state}")),
        interventions=(*made.interventions, Observation(when, state, "war")),
        leaders=(*made.leaders, Observation(when, state, "vote")),
        members={year: count + (year >= when.year) for year, count in made.members.items()},
        alignment={key: 0.9 if key[0] == state else level for key, level in made.alignment.items()},
        crowds={key: 5e5 if key[0] == state else size for key, size in made.crowds.items()},
        crowded_months={key: 7 if key[0] == state else count for key, count in made.crowded_months.items()},
    )


def test_no_fact_about_the_state_changes_its_weights(record, backed):
    other = other_facts(record, "GEO")
    np.testing.assert_array_equal(backed.weights(record, "GEO"), backed.weights(other, "GEO"))
    assert (backed.weights(record, "MDA") != backed.weights(other, "MDA")).any()
    assert 0 < (backed.weights(record, "GEO") > 0).sum() <= DRAWS / 2 + 1


def test_every_field_of_a_history_loses_the_state():
    """Each fact of `other_facts` is gone, and no statistic of the record tells them apart."""
    made = observed_record()
    assert without(made, "GEO") == without(other_facts(made, "GEO"), "GEO")
    assert without(made, "GEO") != without(other_facts(made, "GEO"), "MDA")
    left = without(made, "GEO")
    assert {found.state for found in left.challenges} == {found.state for found in made.challenges} - {"GEO"}
    assert not {"Abkhazia", "South Ossetia", "Adjara"} & {fact.subject for fact in left.territories}
    assert "Crimea" in {fact.subject for fact in left.territories}


def test_pairs_and_territories_are_about_their_states():
    assert concerns("ARM-AZE", "AZE")
    assert concerns("Nagorno-Karabakh", "AZE")
    assert not concerns("Nagorno-Karabakh", "ARM")
    assert not concerns("ARM-AZE", "GEO")


def test_members_are_counted_by_the_entries_and_exits_of_the_others():
    made = observed_record()
    inside = members_by_year(made, made.window)
    for state in ("MDA", "ARM", "UZB"):
        own = inside[STATES.index(state), 1:]
        expected = [count - bool(own[year - 1992]) for year, count in made.members.items()]
        assert list(without(made, state).members.values()) == expected


def test_alignment_is_that_of_the_others_on_another_scale():
    made = observed_record()
    states = [state for state in STATES if state != "UKR"]
    table = np.array([[made.alignment[state, year] for state in states] for year in range(1992, 2025)])
    table = table - table.mean(axis=1, keepdims=True)
    left = without(made, "UKR")
    assert paths.five_year_change(left).value == pytest.approx(
        np.abs(table[5:] - table[:-5]).mean() * 13 / 14
    )
    assert paths.spread_at_end(left).value == pytest.approx(table[-3:].mean(axis=0).std() * np.sqrt(13 / 14))
    same = np.corrcoef(table[:3].mean(axis=0), table[-3:].mean(axis=0))[0, 1]
    assert paths.persistence(left).value == pytest.approx(same)
    gone = [name for name, value in summarise(left, YEARS).items() if np.isnan(value)]
    assert not gone, f"without a state nothing is said of {gone} of {len(NAMES)}"


def test_a_chance_is_the_share_by_hand():
    """Three runs that weigh 1, 1 and 0: two count. The state is challenged in 2000, 2003 and 2010."""
    here, there = STATES.index("ARM"), STATES.index("BLR")
    made = Backed(
        np.arange(3), {}, np.array([0, 1, 1, 0, 2]), np.array([here, here, here, there, here]),
        np.array([2000, 2003, 2010, 2000, 2000]), np.array([1.0, 0.0, 1.0, 0.0, 1.0]),
    )  # fmt: skip
    common = (2 + 0.5) / (4 + 1)
    own = (2 + common) / (3 + 1)
    found = made.chances("ARM", [1998, 2008, 2024], np.array([1.0, 1.0, 0.0]))
    np.testing.assert_allclose(found, [(1 + own) / 3, (1 + own) / 3, own])
    np.testing.assert_allclose(
        made.chances("ARM", [2024], np.array([3.0, 3.0, 0.0])), own
    )  # only ratios count
    np.testing.assert_allclose(made.chances("TJK", [2000], np.array([1.0, 1.0, 0.0])), common)


def test_nothing_after_the_last_year_is_looked_at(store, record):
    short = read_backed(store, SHARED_WORLD, Window(1992, 2013), NONE)
    assert short.year.max() <= 2013
    later = replace(
        record, challenges=tuple(replace(found, support="means") if found.month.year > 2013 else found
                                 for found in record.challenges),
    )  # fmt: skip
    one, other = (sides_left_out(store, last=2013, record=made, draws=30) for made in (record, later))
    pd.testing.assert_frame_equal(one.cases, other.cases)
    assert one.sizes["runs"].tolist() == [30] * len(STATES)
    assert one.cases["year"].max() <= 2013
    assert (one.digest, one.summary) == (other.digest, other.summary)


def test_it_is_scored_on_the_challenges_on_record_beside_the_regressions(store, record):
    found = sides_left_out(store, record=record, draws=20)
    for coding, own in found.scores.groupby("coding"):
        beside = evaluate.side(coding, origins=(2018,))
        beside = beside[beside["origin"] == evaluate.LEFT_OUT].set_index("forecaster")["log"]
        assert own.set_index("forecaster")["log"].loc[beside.index].tolist() == pytest.approx(beside.tolist())
    assert list(dict.fromkeys(found.cases["coding"])) == list(CODINGS)
    assert set(found.cases.loc[found.cases["coding"] == "episodes", "id"]) == set(sides("episodes")["id"])
    assert found.forecasters[-2:] == (FITTED, PRIOR)


def test_a_store_without_the_runs_is_refused(tmp_path):
    with pytest.raises(EnsembleError, match="no runs baseline 1992-01"):
        sides_left_out(EnsembleStore(tmp_path))


# -- the command -----------------------------------------------------------------------------------


def call(*words):
    return CliRunner().invoke(main, ["sides", *map(str, words)])


def test_the_command_enters_a_look_once_and_none_for_development(tmp_path):
    store_of(tmp_path / "ensemble", {"baseline": RATES}, draws=11)
    looks = tmp_path / "looks.csv"
    words = ("--ensemble", tmp_path / "ensemble", "--looks", looks, "--coding", "episodes")
    done = call(*words, "--to", 2013, "--out", tmp_path / "early")
    assert done.exit_code == 0, done.output
    assert FITTED in done.output
    assert not looks.exists()
    for place, said in enumerate(("look 1 at years after 2013", "look 1 at years after 2013 ")):
        done = call(*words, "--out", tmp_path / f"whole-{place}")
        assert done.exit_code == 0, done.output
        assert said in done.output
    assert "entered before" in done.output
    (row,) = read_looks(looks).to_dict("records")
    assert row["what"] == "calibrate sides, codings episodes; 11 runs"
    assert f"{FITTED} " in row["scores"]
    assert row["years"] == "1992-2024"
    scores = pd.read_csv(tmp_path / "whole-0" / "scores.csv")
    assert scores["last"].unique().tolist() == [2024]
    assert set(scores["forecaster"]) >= {BASE, FITTED, PRIOR}
    assert len(pd.read_csv(tmp_path / "whole-0" / "cases.csv")) == scores["cases"].iloc[0]
    few = call(*words, "--draws", 10, "--to", 1998, "--out", tmp_path / "few")
    assert few.exit_code == 0, few.output
    assert "10 runs; fitted, they count as" in few.output


def test_the_command_refuses_what_has_no_side(tmp_path):
    refused = call("--coding", "crowds")
    assert refused.exit_code == 2
    assert "'crowds' is not one of 'published', 'episodes', 'events'" in refused.output
    assert (challenges(_WITHOUT_SIDE)["moscow"] == "").all()
    assert (_LAST, _DEVELOPMENT) == (LAST, DEVELOPMENT)
    broken = call("--ensemble", tmp_path / "x", "--draws", 2)
    assert broken.exit_code == 2
    assert "--draws" in broken.output
