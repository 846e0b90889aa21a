"""Claims that are initial state (P2, K7) are in the start state, whatever the thesis.

M8 and M9, which are record, are held by test_calibration_record.py.
"""

from __future__ import annotations

import pytest

from sim.model.simulate import simulate
from sim.months import Month
from sim.scenario import load
from sim.world import build_world

BALTIC = {"EST", "LVA", "LTU"}


@pytest.mark.parametrize("year", [1995, 2010, 2020])
def test_the_baltic_states_are_less_of_a_bargain_than_any_other_at_the_start(year):
    """P2: open, and in none of Moscow's clubs, as measured."""
    world = build_world(Month.of(year, 1))
    baltic = [state for state in world.states if state.code in BALTIC]
    others = [state for state in world.states if state.code not in BALTIC]
    assert min(state.openness.mean for state in baltic) > max(state.openness.mean for state in others)
    assert all(not set(state.memberships) & {"CIS", "CSTO", "EAEU"} for state in baltic)
    assert sum(bool(set(state.memberships) & {"CIS", "CSTO", "EAEU"}) for state in others) >= 8


def test_the_baltic_states_stay_outside_and_hardly_see_such_a_challenge_win():
    """P2: under its own thesis a Baltic state falls to the street less than a quarter as often as another."""
    scenario = load("piontkovsky", ["citizens=300", "seed=77"])
    world = build_world(scenario.start)
    columns = [index for index, state in enumerate(world.states) if state.code in BALTIC]
    falls = {True: 0, False: 0}  # in a Baltic state, and elsewhere
    for replicate in range(10):
        history = simulate(scenario, replicate, world).history
        for event in history.events:
            if event.kind == "fall" and event.detail == "street":
                falls[event.target in BALTIC] += 1
        assert history.series["alignment"][:, columns].max() < -0.25
    others = len(world.states) - len(BALTIC)
    assert falls[False] > 10
    assert falls[True] / len(BALTIC) < falls[False] / others / 4


def test_the_course_toward_nato_is_in_the_start_state():
    """K7: Georgia and Ukraine were on the way in 2008 and 2022, Moscow's allies never."""
    for start, heading in ((Month.of(2008, 6), {"GEO", "UKR"}), (Month.of(2022, 1), {"GEO", "UKR"})):
        course = {state.code: state.nato_course.mean for state in build_world(start).states}
        allies = max(course[code] for code in ("BLR", "KAZ", "TJK", "ARM"))
        assert min(course[code] for code in heading) > 2 * allies + 0.3
