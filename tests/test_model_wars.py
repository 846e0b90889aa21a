"""Moscow's wars: what starts them, what they do to target, region and Moscow, how they end."""

import numpy as np
import pytest
from situations import change

from sim.model.citizens.outlook import citizens_live
from sim.model.moscow import acts, aims


def calm(situation, **keys):
    """Return a world in which no war starts or ends by itself."""
    parameters = {"war.window": 0.0, "war.limited_end": 0.0, "war.full_end": 0.0, "war.setback": 0.0}
    return situation(parameters={**parameters, **keys.pop("parameters", {})}, **keys)


def told(space, detail):
    return [event.target for event in space.ledger.events if event.kind == "war" and event.detail == detail]


def test_war_turns_publics_everywhere_and_most_in_its_target(situation):
    space = calm(situation, citizens=1000, parameters={"citizens.attitude_return": 0.0})
    change(space, citizens__war_revulsion=0.0, citizens__sponsorship_blame=0.0, citizens__cohort_gap=0.0)
    target = space.regime("GEO")
    space.population.attitude[:] = 0.2
    before = [0.2] * len(space.regimes)
    space.wars.start(target, full=False, cause="decision")
    citizens_live(space)
    loss = np.array(before) - [regime.attitude for regime in space.regimes]
    backlash = space.parameters.war.coercion_backlash
    assert loss[target.index] == pytest.approx(10 * backlash, rel=1e-4)
    assert np.delete(loss, target.index) == pytest.approx(backlash, rel=1e-4)


@pytest.mark.parametrize("full", [False, True])
def test_war_turns_its_targets_line_for_good_in_part(situation, full):
    space = calm(situation)
    target = space.regime("KAZ")
    target.line, target.kept_line = 0.6, 1.0
    space.wars.start(target, full=full, cause="decision")
    p = space.parameters
    loss = p.war.alienation_full if full else p.war.alienation_limited
    assert target.line == pytest.approx(max(0.6 - loss, -1))
    assert target.kept_line == pytest.approx(1 - p.rivals.ratchet * loss)
    target.line = 1.0
    target.keep_in_range()
    assert target.line == pytest.approx(target.kept_line)
    target.install(1.0, legitimacy=0.5, at_once=True)
    assert target.alignment == pytest.approx(target.kept_line)


def test_without_the_ratchet_a_line_may_come_back(situation):
    space = calm(situation, parameters={"rivals.ratchet": 0.0})
    target = space.regime("KAZ")
    space.wars.start(target, full=True, cause="decision")
    target.line = 1.0
    target.keep_in_range()
    assert target.line == 1.0


def test_a_state_at_war_is_not_let_into_nato_and_rallies(situation):
    space = calm(situation)
    target = space.regime("GEO")
    target.nato_course, target.legitimacy = 0.9, 0.5
    space.wars.start(target, full=False, cause="decision")
    assert target.nato_course == pytest.approx(space.parameters.war.course_left)
    target.nato_course = 0.1
    space.wars.start(target, full=True, cause="decision")
    assert target.nato_course == 0.1
    assert target.legitimacy == pytest.approx(0.5 + 2 * space.parameters.war.rally)


def test_war_drains_moscow_by_its_load(situation):
    space = calm(situation)
    target = space.regime("UKR")
    target.strategic_value = 0.8
    space.step()
    assert space.moscow.free_capacity == 1
    space.wars.start(target, full=False, cause="decision")
    limited = space.wars.load
    space.step()
    assert limited == pytest.approx(0.8 * space.parameters.war.limited_load)
    assert space.moscow.free_capacity == pytest.approx(1 - limited * space.parameters.war.capacity_drain)
    space.wars.start(target, full=True, cause="decision")
    assert space.wars.load == pytest.approx(0.8)


def test_the_load_of_all_wars_together_is_at_most_one(situation):
    space = calm(situation)
    for code in ("UKR", "GEO", "KAZ"):
        space.regime(code).strategic_value = 0.9
        space.wars.start(space.regime(code), full=True, cause="decision")
    assert space.wars.load == 1


def test_a_full_war_recalls_garrisons_and_unsettles_partners_and_a_limited_one_does_not(situation):
    for full in (False, True):
        space = calm(situation)
        space.wars.start(space.regime("UKR"), full=full, cause="decision")
        for regime in space.regimes:
            regime.garrison = 4.0
        space.moscow.budget.outside_support = 0.8
        space.wars.run_month()
        here, there = space.regime("UKR"), space.regime("TJK")
        share = space.parameters.war.garrison_recall if full else 0.0
        assert there.garrison == pytest.approx(4 * (1 - share))
        assert here.garrison == 4.0
        assert (space.moscow.budget.outside_support < 0.8) is full


def test_a_garrison_recalled_is_noted_once(situation):
    space = calm(situation, parameters={"war.garrison_recall": 0.5})
    space.wars.start(space.regime("UKR"), full=True, cause="decision")
    for regime in space.regimes:
        regime.garrison = 0.0
    space.regime("TJK").garrison = 5.0
    for _ in range(6):
        space.wars.run_month()
    notes = [event.target for event in space.ledger.events if event.kind == "garrison"]
    assert notes == ["TJK"]
    assert space.regime("TJK").garrison < 0.2


def test_setbacks_cost_standing_but_never_all(situation):
    space = calm(situation, parameters={"war.setback": 1.0})
    space.wars.start(space.regime("UKR"), full=True, cause="decision")
    space.wars.run_month()
    assert space.moscow.standing == pytest.approx(1 - space.parameters.war.setback_standing)
    for _ in range(30):
        space.wars.run_month()
    assert space.moscow.standing == pytest.approx(0.2)
    assert set(told(space, "setback")) == {"UKR"}


def test_limited_wars_see_no_setback(situation):
    space = calm(situation, parameters={"war.setback": 1.0})
    space.wars.start(space.regime("UKR"), full=False, cause="decision")
    space.wars.run_month()
    assert space.moscow.standing == 1


@pytest.mark.parametrize(("full", "hazard"), [(False, "war__limited_end"), (True, "war__full_end")])
def test_wars_end_by_their_own_hazard(situation, full, hazard):
    space = calm(situation)
    space.wars.start(space.regime("GEO"), full=full, cause="decision")
    space.wars.run_month()
    assert "GEO" in space.wars.active
    change(space, **{hazard: 1.0})
    space.wars.run_month()
    assert not space.wars.active
    assert told(space, "ended") == ["GEO"]


def test_war_seizes_prone_territories_of_its_target_alone(situation):
    space = calm(situation)
    for territory in space.territories:
        territory.status, territory.proneness = 1, 1.0
    target = space.territories[0].host
    space.wars.start(target, full=False, cause="decision")
    for territory in space.territories:
        assert territory.status == (3 if territory.host is target else 1)


# -- what starts them ----------------------------------------------------------------------------------


def possible_wars(space):
    return [act for act in aims.possible_acts(space) if isinstance(act, acts.StartWar)]


def test_only_states_beyond_the_red_line_and_outside_nato_risk_war(situation):
    space = situation(parameters={"war.window": 1.0})
    line = space.parameters.war.red_line
    for regime in space.regimes:
        regime.nato_course = line - 0.01
    assert not possible_wars(space)
    for code in ("GEO", "EST"):
        space.regime(code).nato_course = 1.0  # at the door, where the window is the whole of its parameter
    assert "NATO" in space.regime("EST").memberships
    assert [act.states for act in possible_wars(space)] == [("GEO",)]


def test_a_war_begins_limited_and_may_widen_and_then_no_more(situation):
    space = calm(situation, parameters={"war.window": 1.0})
    for regime in space.regimes:
        regime.nato_course = 0.0
    for expected in (False, True):
        space.regime("GEO").nato_course = 1.0
        (war,) = possible_wars(space)
        assert war.full is expected
        war.carry_out(space, 1.0)
    space.regime("GEO").nato_course = 0.95
    assert not possible_wars(space)


def start_war(space, code="GEO", *, full=False):
    cost = acts.Cost(attention=0.5)
    return acts.StartWar(space.regime(code), 0.5, cost, full)


def test_war_is_worth_more_against_a_nearer_member_and_less_where_the_west_answers(situation):
    space = situation()
    regime = space.regime("GEO")
    regime.nato_course = 0.6
    near = start_war(space).net_value(space)
    regime.nato_course = 0.9
    assert start_war(space).net_value(space) > near
    bold = start_war(space).net_value(space)
    change(space, moscow__western_deterrence=3.0)
    assert start_war(space).net_value(space) < bold
    space.west.engagement = 0.0
    assert start_war(space).net_value(space) > bold


def test_a_claim_pursued_whatever_it_costs_ignores_prices(situation):
    space = situation()
    space.regime("GEO").nato_course = 0.9
    values = []
    for claim in (0.0, 0.5, 1.0):
        change(space, moscow__sunk_claim=claim, war__price=2.0)
        values.append(start_war(space, full=True).net_value(space))
    assert values[0] < values[1] < values[2]
    assert values[2] > 0


def test_war_takes_attention_that_must_be_there(situation):
    space = calm(situation, parameters={"moscow.nato_weight": 5.0, "moscow.decisiveness": 200.0})
    space.moscow.begin_month(0.0)
    space.regime("GEO").nato_course = 0.95
    space.regime("GEO").strategic_value = 1.0
    space.moscow.budget.attention_left = 0.1
    acts.consider(space, [start_war(space)])
    assert not space.wars.active
    space.moscow.budget.attention_left = 2.0
    acts.consider(space, [start_war(space)])
    assert list(space.wars.active) == ["GEO"]
    assert space.moscow.budget.attention_left == pytest.approx(1.5)


def test_moscow_at_war_in_2022_starts_so(situation):
    space = situation(start="2022-06")
    assert space.wars.load > 0.5
    assert space.wars.active["UKR"].full
    assert situation(start="2010-01").wars.load == 0


def test_a_war_elsewhere_is_no_load_of_the_war_in_ukraine(situation):
    space = calm(situation)
    space.wars.under_way(space.regime("GEO"), 0.3)
    assert (space.wars.load_in_ukraine, space.wars.load_elsewhere) == (0.0, 0.3)
    space.wars.under_way(space.regime("UKR"), 0.9)
    assert (space.wars.load_in_ukraine, space.wars.load_elsewhere) == (0.9, 0.3)
    assert space.wars.load == 1.0
