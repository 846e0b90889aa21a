"""The start of a run: what the months before it, as recorded, leave behind."""

import math

import pytest

from sim.model.regimes.beginning import agree_with_record
from sim.model.regimes.focal_events import shocks
from sim.months import Month
from sim.world import build_world


def records(start):
    return {record.code: record for record in build_world(Month.parse(start)).states}


def test_months_of_quiet_count_from_the_last_challenge_on_record():
    before, after = records("2018-03")["ARM"], records("2018-09")["ARM"]
    assert before.months_quiet > 12
    assert after.months_quiet < 6  # the Velvet Revolution of April and May 2018
    assert records("2018-09")["TKM"].months_quiet > 200


def test_movements_start_as_tired_as_recorded_challenges_left_them(situation):
    space = situation(start="2018-09")
    tired = {movement.regime.code: movement.exhaustion for movement in space.movements}
    assert tired["ARM"] > 0.5
    assert tired["TKM"] == pytest.approx(0, abs=1e-6)
    later = situation(start="2020-01").movements[space.regime("ARM").index].exhaustion
    assert later < tired["ARM"] / 2


def test_rest_at_the_start_fades_as_it_does_in_a_run(situation):
    space = situation(start="2018-09", years=1)
    movement = space.movements[space.regime("ARM").index]
    recorded = records("2018-10")["ARM"].recent_challenges
    movement.organise()
    assert movement.exhaustion == pytest.approx(recorded)


def test_the_largest_shock_of_some_months_grows_with_them_and_is_none_at_first(situation):
    space = situation(start="2019-01")
    events, regime = space.focal_events, space.regime("ARM")
    sizes = [events.largest_spark(regime, months) for months in (0, 1, 12, 60)]
    assert sizes[0] == sizes[1] == 0
    assert 0 < sizes[2] < sizes[3]


def test_the_largest_shock_is_the_median_of_what_a_run_would_draw(situation):
    space = situation(start="2019-01")
    events, regime = space.focal_events, space.regime("ARM")
    months = 24
    expected = shocks(regime, 0.0, space.parameters) * months / 12
    borne = events.largest_spark(regime, months)
    draws = [(k + 0.5) / 4000 for k in range(4000)]
    below = sum(events._spark(regime, events._size(u), voted="") <= borne for u in draws) / len(draws)
    assert math.exp(-expected * (1 - below)) == pytest.approx(0.5, abs=0.01)


def test_a_state_that_was_quiet_bears_that_shock(situation):
    hot = {"citizens.threshold": 0.1, "learning.tradition_spark": 0.0}
    space = situation(start="2019-01", parameters={**hot, "challenges.quiet_months": 36.0})
    least = situation(start="2019-01", parameters={**hot, "challenges.quiet_months": 0.0})
    p = space.parameters.citizens
    level = space.parameters.challenges.challenge_level
    raised = 0
    for regime, other in zip(space.regimes, least.regimes, strict=True):
        quiet = min(records("2019-01")[regime.code].months_quiet, 36)
        borne = space.focal_events.largest_spark(regime, quiet)
        movement = space.movements[regime.index]
        turnout = space.population.protest(
            regime.index, p, max(regime.legitimacy - borne - movement.efficacy, 0.0),
            regime.grievance_salience, regime.perceived_alignment, regime.deterrence, regime.force,
        )  # fmt: skip
        assert turnout < level or regime.legitimacy > 0.94  # at the ceiling no more can be given
        raised += regime.legitimacy > other.legitimacy
    assert raised >= 5


def test_the_start_is_agreed_with_once(situation):
    space = situation(start="2019-01")
    before = [regime.legitimacy for regime in space.regimes]
    agree_with_record(space)
    assert [regime.legitimacy for regime in space.regimes] == pytest.approx(before, abs=0.002)
