"""Summary statistics by hand on a tiny history; errors of measurement; one function for record and runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.history import BALTIC, REGION, Challenge, Observation, ObservedHistory, Window
from calibration.record.observed import observed_record
from calibration.statistics import NAMES, summarise
from calibration.statistics.measurement import NONE, Measurement
from calibration.statistics.summary import describe, summarise_run
from sim.months import Month
from sim.world.record import load_record

WINDOW = Window(2000, 2007)
STATES = (*REGION, *BALTIC)


def on(text: str) -> Month:
    return Month.parse(text)


def path(state: str, year: int) -> float:
    """Kyrgyzstan moves up by .07 a year; each other state stays where it is."""
    return STATES.index(state) / 20 - 0.3 + (0.07 * (year - 2000) if state == "KGZ" else 0.0)


TINY = ObservedHistory(
    window=WINDOW,
    challenges=(
        Challenge(on("2000-06"), "KGZ", "fell", "none"),
        Challenge(on("2001-01"), "KGZ", "survived", "words"),
        Challenge(on("2003-03"), "UZB", "concession", "means"),
        Challenge(on("2004-04"), "LVA", "survived", "none"),
    ),
    falls=(Observation(on("2000-06"), "KGZ", "street"), Observation(on("2002-01"), "TJK", "elite")),
    successors=(Observation(on("2000-06"), "KGZ", "pro"),),
    leaders=(
        Observation(on("2000-06"), "KGZ", "street"),
        Observation(on("2002-01"), "TJK", "elite"),
        Observation(on("2003-01"), "UKR", "vote"),
        Observation(on("2003-02"), "EST", "vote"),
        Observation(on("2003-12"), "AZE", "succession"),
    ),
    votes=(Observation(on("1999-12"), "KGZ", "election"), Observation(on("2002-08"), "UZB", "election")),
    alignment={(state, year): path(state, year) for state in STATES for year in range(2000, 2008)},
    crowds=dict.fromkeys(((state, 2000) for state in REGION), 0.0) | {("KGZ", 2000): 34_567.0},
    crowded_months=dict.fromkeys(((state, 2000) for state in REGION), 0) | {("KGZ", 2000): 2},
    members=dict.fromkeys(range(2000, 2008), 7),
)


def test_statistics_of_a_tiny_history_by_hand():
    found = summarise(TINY, WINDOW)
    polyarchy = load_record().series
    openness = [polyarchy["polyarchy", state][year] for state, year in (("KGZ", 2000), ("KGZ", 2001))]
    openness.append(polyarchy["polyarchy", "UZB"][2003])
    by_hand = {
        "challenges": 3,
        "baltic_challenges": 1,
        "success_share": 1 / 3,
        "concession_share": 1 / 3,
        "challenges_near_vote": 1 / 3,  # June 2000 is six months after the vote; March 2003 seven
        "top_state_challenge_share": 2 / 3,
        "closed_challenge_share": 1 / 3,
        "openness_of_challenged": np.mean(openness),
        "openness_gap_of_falls": openness[0] - np.mean(openness[1:]),
        "crowded_months": 2 / 11,
        "street_falls": 1,
        "elite_falls": 1,
        "leaders_by_vote": 1,
        "successions": 1,
        "pro_successors": 1,
        "anti_successors": 0,
        "challenges_with_support": 2 / 3,
        "challenges_with_means": 1 / 3,
        "members_in_mean": 7,
        # Kyrgyzstan rises .35 in five years, 13/14 of it against the mean of the 14 that it lifts; the
        # 13 others sink by 1/14 of it
        "five_year_change": (0.35 * 13 / 14 + 13 * 0.35 / 14) / 14,
    }
    for name, value in by_hand.items():
        assert found[name] == pytest.approx(value), name


def test_the_record_is_summed_up_by_the_very_function_that_sums_up_runs():
    record, window = observed_record(), Window(1992, 2013)
    as_run = summarise_run(record, window, NONE, 0, 0)  # a run that happened to be history
    assert as_run == pytest.approx(summarise(record, window), nan_ok=True)
    assert tuple(as_run) == NAMES
    assert describe(record, window)["value"].to_dict() == pytest.approx(as_run, nan_ok=True)


@pytest.mark.parametrize("coding", ["protest", "wide", "archigos"])
def test_every_statistic_is_defined_on_the_record_under_every_coding(coding):
    table = describe(observed_record(coding), Window(1992, 2013))
    assert table["value"].notna().all()
    known = table.dropna(subset=["low"])
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()


def test_a_state_that_nobody_watched_leaves_the_statistic_undefined():
    silent = replace(TINY, alignment={}, crowded_months={}, challenges=())
    found = summarise(silent, WINDOW)
    for name in ("five_year_change", "persistence", "crowded_months", "success_share"):
        assert np.isnan(found[name])


def test_measurement_misses_what_it_says_and_never_a_fall():
    many = tuple(
        Challenge(on(month), "KGZ", outcome, "words")
        for month in ("1995-01", "2005-01")
        for outcome in ("fell", "survived")
        for _ in range(2000)
    )
    history = replace(TINY, window=Window(1992, 2007), challenges=many)
    seen = Measurement().apply(history, np.random.default_rng(1)).challenges
    early = [challenge for challenge in seen if challenge.month.year < 2000]
    late = [challenge for challenge in seen if challenge.month.year >= 2000]
    assert sum(challenge.outcome == "fell" for challenge in seen) == 4000
    assert sum(challenge.outcome != "fell" for challenge in early) == pytest.approx(1000, abs=90)
    assert sum(challenge.outcome != "fell" for challenge in late) == pytest.approx(1700, abs=90)
    conceded = [challenge.outcome == "concession" for challenge in late if challenge.outcome != "fell"]
    assert np.mean(conceded) == pytest.approx(0.12, abs=0.03)
    assert np.mean([challenge.support == "none" for challenge in seen]) == pytest.approx(0.3, abs=0.03)


def test_crowds_are_rounded_down_and_sometimes_missed():
    rng = np.random.default_rng(2)
    sizes = {Measurement().apply(TINY, rng).crowds["KGZ", 2000] for _ in range(60)}
    assert sizes == {0.0, 20_000.0}  # 34 567 at the lower edge of its category, or not on the list
    clear = NONE.apply(TINY, rng)
    assert clear.crowded_months == TINY.crowded_months
    assert clear.alignment == TINY.alignment
    assert clear.challenges == TINY.challenges


def test_the_errors_of_a_run_are_its_own_and_stay_the_same():
    first, again, other = (summarise_run(TINY, WINDOW, Measurement(), draw, 0) for draw in (1, 1, 2))
    assert first == pytest.approx(again, nan_ok=True)
    assert first["five_year_change"] != other["five_year_change"]
