"""Patterns of a tiny history and of the record, by hand; exact intervals; the place among runs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import sim
from calibration.comparison import by_state, compare, distribution, windows_for
from calibration.history import Challenge, Observation, ObservedHistory, Window
from calibration.patterns import PATTERNS
from calibration.record.observed import observed_record
from calibration.simulated import observe, observed_run, observed_runs
from calibration.statistic import binomial_interval, poisson_interval
from calibration.statistics.summary import describe
from sim.model.simulate import simulate
from sim.model.trace import Challenge as Opened
from sim.model.trace import Event
from sim.months import Month
from sim.scenario import Scenario

FIT, TEST = Window(1992, 2013), Window(2014, 2024)


def on(text: str) -> Month:
    return Month.parse(text)


TINY = ObservedHistory(
    window=Window(2000, 2003),
    challenges=(
        Challenge(on("2000-05"), "KGZ", "fell", "none"),
        Challenge(on("2001-01"), "KGZ", "survived", "words"),
        Challenge(on("2001-03"), "UZB", "concession", "means"),
        Challenge(on("2001-04"), "LVA", "fell", "none"),
        Challenge(on("2003-02"), "GEO", "fell", "none"),
    ),
    falls=(
        Observation(on("2000-06"), "KGZ", "street"),
        Observation(on("2001-04"), "LVA", "street"),
        Observation(on("2002-01"), "TJK", "elite"),
        Observation(on("2003-02"), "GEO", "street"),
    ),
    successors=(
        Observation(on("2000-06"), "KGZ", "pro"),
        Observation(on("2001-04"), "LVA", "anti"),
        Observation(on("2003-02"), "GEO", "anti"),
    ),
    votes=(
        Observation(on("1999-12"), "KGZ", "election"),  # six months before: near, though before the window
        Observation(on("2002-07"), "GEO", "election"),  # seven months before: not near
        Observation(on("2003-02"), "KGZ", "election"),  # another state's
    ),
    wars=(
        Observation(on("2001-01"), "UKR"),
        Observation(on("2001-02"), "EST"),
        Observation(on("2002-02"), "GEO"),
    ),
    territories=(
        Observation(on("2000-01"), "Adjara", "arose"),
        Observation(on("2001-01"), "Abkhazia", "upgraded"),
        Observation(on("2002-01"), "Abkhazia", "integrated"),
        Observation(on("2003-01"), "Adjara", "lost"),
    ),
    deployments=(Observation(on("2001-01"), "KGZ"),),
    refusals=(Observation(on("2001-02"), "UZB"), Observation(on("2001-03"), "KGZ")),
    memberships=(Observation(on("2001-01"), "UZB", "left"), Observation(on("2002-01"), "MDA", "joined")),
    clashes=(
        Observation(on("2000-02"), "ARM-AZE"),
        Observation(on("2000-09"), "ARM-AZE"),
        Observation(on("2002-01"), "ARM-AZE"),
        Observation(on("2001-01"), "KGZ-TJK"),
    ),
    members={2000: 6, 2001: 5, 2002: 6, 2003: 7},
)

BY_HAND = {
    "fall_rate": 2 / 44,
    "elite_fall_rate": 1 / 44,
    "challenge_rate": 4 / 44,
    "success_share": 2 / 4,
    "concession_share": 1 / 4,
    "anti_successors": 1 / 2,
    "neutral_successors": 0,
    "pro_successors": 1 / 2,
    "top_state_share": 1 / 2,
    "kyrgyz_share": 1 / 2,
    "states_without_fall": 9,
    "top_state_challenge_share": 2 / 4,
    "states_without_challenge": 8,
    "closed_challenge_share": 1 / 4,
    "closed_fall_share": 0,
    "baltic_falls": 1,
    "baltic_challenge_rate": 1 / 12,
    "falls_near_vote": 1 / 2,
    "fall_dispersion": (1 / 3) / 0.5,  # 1, 0, 0, 1
    "contagion_ratio": 0.0,  # the second fall comes 32 months after the first
    "challenge_dispersion": (2 / 3) / 1,  # 1, 2, 0, 1
    "wars": 1,
    "wars_in_ukraine": 1,
    "wars_on_baltic_states": 1,
    "territories_integrated": 1,
    "territories_lost": 1,
    "territories_arisen": 1,
    "deployments": 1,
    "refusals": 2,
    "challenges_with_support": 2 / 4,
    "challenges_with_means": 1 / 4,
    "members_at_end": 7,
    "members_in_mean": 6,
    "entries": 1,
    "exits": 1,
    "karabakh_clash_years": 2,
    "other_clash_years": 1,
}


def test_every_pattern_has_a_figure_by_hand_and_a_definition():
    assert {pattern.name for pattern in PATTERNS} == set(BY_HAND)
    assert all(pattern.compute.__doc__ for pattern in PATTERNS)
    assert len({pattern.number for pattern in PATTERNS}) == len(PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_pattern_of_a_tiny_history(pattern):
    assert pattern.compute(TINY).value == pytest.approx(BY_HAND[pattern.name])


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_pattern_of_an_empty_history_is_a_number_or_undefined(pattern):
    statistic = pattern.compute(ObservedHistory(window=Window(2000, 2003)))
    assert math.isnan(statistic.value) or statistic.value >= 0
    low, high = statistic.interval()
    assert not low > high


def test_two_ways_to_count_falls_to_elites_have_two_names():
    """Those of the statistic are palace coups alone: the model, which a fit holds to it, has no rebels."""
    labels = {pattern.label.removesuffix(" per state-year") for pattern in PATTERNS}
    history = observed_record()
    statistics = describe(history, FIT).set_index("label")
    assert statistics.loc["falls to elites", "value"] == 1
    assert "falls to elites" not in labels
    assert "falls to elites or rebels" in labels


@pytest.mark.parametrize(
    ("name", "fit", "test"),
    [
        ("fall_rate", 6 / 242, 3 / 121),
        ("elite_fall_rate", 5 / 242, 1 / 121),
        ("challenge_rate", 38 / 242, 25 / 121),
        ("success_share", 7 / 38, 2 / 25),
        ("anti_successors", 3 / 6, 1 / 3),
        ("pro_successors", 1 / 6, 1 / 3),
        ("kyrgyz_share", 2 / 6, 1 / 3),
        ("baltic_falls", 0, 0),
        ("wars", 1, 0),
        ("wars_in_ukraine", 0, 2),
        ("territories_integrated", 2, 2),
        ("deployments", 0, 1),
        ("refusals", 1, 2),
        ("members_at_end", 6, 6),
        ("karabakh_clash_years", 9, 8),
        ("other_clash_years", 1, 3),
    ],
)
def test_pattern_of_the_record(name, fit, test):
    compute = next(pattern.compute for pattern in PATTERNS if pattern.name == name)
    record = observed_record()
    assert compute(record.within(FIT)).value == pytest.approx(fit)
    assert compute(record.within(TEST)).value == pytest.approx(test)


def test_exact_intervals_are_those_of_the_tables():
    # Garwood (1936): 90 % limits after 0 and 6 events; Clopper and Pearson (1934): 3 of 6
    assert poisson_interval(0) == pytest.approx((0, 2.996), abs=5e-4)
    assert poisson_interval(6) == pytest.approx((2.613, 11.842), abs=5e-4)
    assert binomial_interval(3, 6) == pytest.approx((0.1532, 0.8468), abs=5e-5)
    assert binomial_interval(0, 5)[0] == 0


def test_place_of_the_record_among_runs():
    place = distribution(np.array([0.0, 1.0, 1.0, 2.0]), 1.0)
    assert place["position"] == 0.5
    assert place["tail"] == 1.0
    beyond = distribution(np.arange(100.0), 98.0)
    assert beyond["position"] == pytest.approx(0.985)
    assert beyond["tail"] == pytest.approx(0.04)
    assert beyond["outside"]
    assert not place["outside"]
    assert math.isnan(distribution(np.array([]), 1.0)["median"])
    assert math.isnan(distribution(np.array([1.0]), math.nan)["tail"])


def test_a_record_held_against_itself_is_in_the_middle():
    record = observed_record()
    table = compare(record, [record, record], PATTERNS, [FIT, TEST])
    known = table[table["runs"] > 0]
    assert len(known) >= 2 * len(PATTERNS) - 2
    assert (known["position"] == 0.5).all()
    assert (known["tail"] == 1.0).all()
    assert not known["outside"].any()
    states = by_state(record, [record], Window(1992, 2024)).set_index(["state", "quantity"])
    assert (states["record"] == states["mean"]).all()
    assert states.loc[("KGZ", "street falls"), "record"] == 3
    assert states.loc[("LVA", "challenges"), "record"] == 2


def test_windows_are_clipped_to_the_years_of_the_run():
    record = observed_record()
    assert windows_for(ObservedHistory(window=Window(2010, 2029)), record) == [Window(2010, 2013), TEST]
    assert windows_for(ObservedHistory(window=Window(2015, 2018)), record) == [Window(2015, 2018)]
    with pytest.raises(ValueError, match="nothing is on record"):
        windows_for(ObservedHistory(window=Window(2025, 2034)), record)
    with pytest.raises(ValueError, match="covers 2000-2003"):
        TINY.within(Window(1999, 2003))


def simulated(tick, kind, actor, target, detail="", **facts):
    return Event(tick, kind, actor, target, detail, float("nan"), facts)


def test_the_ledger_of_a_run_is_read_as_an_observer_would():
    events = [
        simulated(0, "election", "KGZ", "KGZ", "held"),
        simulated(0, "challenge", "movement", "KGZ", "election"),
        simulated(0, "instrument", "RUS", "KGZ", "political_support"),
        simulated(1, "instrument", "RUS", "KGZ", "loan"),
        simulated(1, "fall", "street", "KGZ", "street"),
        simulated(1, "successor", "KGZ", "KGZ", "anti", cause="street"),
        simulated(1, "challenge_ended", "KGZ", "KGZ", "fall"),
        simulated(4, "instrument", "RUS", "KGZ", "loan"),
        simulated(9, "fall", "elite", "TJK", "elite"),
        simulated(9, "successor", "TJK", "TJK", "pro", cause="elite"),  # not after a fall to the street
        simulated(10, "war", "RUS", "GEO", "started"),
        simulated(10, "war", "RUS", "GEO", "ended"),
        simulated(10, "territory", "GEO", "Abkhazia", "integrated"),
        simulated(10, "instrument", "RUS", "BLR", "csto_deployment"),
        simulated(11, "refusal", "RUS", "KGZ"),
        simulated(11, "membership", "UZB", "CSTO", "left"),
        simulated(11, "membership", "UZB", "CIS", "left"),
        simulated(11, "clash", "KGZ", "TJK", "border"),
    ]
    kgz = Opened(0, "KGZ", 0, "election", ends=[1], endings=["fall"])
    kgz.help, kgz.help_ticks = ["political_support", "loan", "loan"], [0, 1, 4]
    kgz.flares.append(4)  # what it brings is not written down
    uzb = Opened(1, "UZB", 5, "shock", ends=[6], endings=["bought off"])
    blr = Opened(2, "BLR", 8, "shock", help=["csto_deployment"], help_ticks=[10])  # still open at the end
    months = [Month.of(2000, 1) + tick for tick in range(12)]

    seen = observed_run(events, [kgz, uzb, blr], months, [7.0] * 11 + [6.0])

    assert seen == ObservedHistory(
        window=Window(2000, 2000),
        challenges=(
            Challenge(on("2000-01"), "KGZ", "fell", "means"),
            Challenge(on("2000-06"), "UZB", "concession", "none"),
            Challenge(on("2000-09"), "BLR", "survived", "means"),
        ),
        falls=(Observation(on("2000-02"), "KGZ", "street"), Observation(on("2000-10"), "TJK", "elite")),
        successors=(Observation(on("2000-02"), "KGZ", "anti"),),
        votes=(Observation(on("2000-01"), "KGZ", "election"),),
        wars=(Observation(on("2000-11"), "GEO"),),
        territories=(Observation(on("2000-11"), "Abkhazia", "integrated"),),
        deployments=(Observation(on("2000-11"), "BLR"),),
        refusals=(Observation(on("2000-12"), "KGZ"),),
        memberships=(Observation(on("2000-12"), "UZB", "left"),),
        clashes=(Observation(on("2000-12"), "KGZ-TJK"),),
        interventions=(
            Observation(on("2000-01"), "KGZ", "words"),
            Observation(on("2000-02"), "KGZ", "means"),
            Observation(on("2000-05"), "KGZ", "means"),
            Observation(on("2000-11"), "BLR", "troops"),
        ),
        leaders=(Observation(on("2000-02"), "KGZ", "street"), Observation(on("2000-10"), "TJK", "elite")),
        members={2000: 6},
    )


def test_part_years_of_a_run_are_left_out():
    months = [Month.of(2009, 7) + tick for tick in range(24)]  # to June 2011
    assert observed_run([], [], months, [7.0] * 24).window == Window(2010, 2010)
    with pytest.raises(ValueError, match="no full calendar year"):
        observed_run([], [], months[:9], [7.0] * 9)


@pytest.mark.parametrize(
    ("help_given", "ends", "support", "outcome"),
    [
        ([], ["repressed"], "none", "survived"),
        (["political_support"], ["conceded"], "words", "concession"),
        (["political_support", "security_help"], ["ebbed"], "means", "survived"),
        ([], ["overtaken"], "none", "survived"),
        ([], [], "none", "survived"),
    ],
)
def test_what_is_written_down_of_a_challenge(help_given, ends, support, outcome):
    made = Opened(0, "KGZ", 0, "shock", help=help_given, help_ticks=[0] * len(help_given))
    made.ends, made.endings = [1] * len(ends), ends
    months = [Month.of(2000, 1) + tick for tick in range(12)]
    assert observed_run([], [made], months, [7.0] * 12).challenges == (
        Challenge(on("2000-01"), "KGZ", outcome, support),
    )


def test_a_folder_and_memory_give_the_same_observations(tmp_path):
    scenario = Scenario.build("seen", years=6, citizens=60, runs=2)
    stored = observed_runs(sim.run(scenario, out=tmp_path / "results", workers=1), "seen")
    assert list(stored) == [0, 1]
    for replicate, history in stored.items():
        observed = observe(simulate(scenario, replicate).history)
        assert history == replace(observed, alignment={}, crowds={}, crowded_months={})
