"""A challenge week by week: the street, the services, the fall."""

import numpy as np
import pytest
from situations import change, kinds, open_challenge

from sim.model.regimes.week import WEEKS
from sim.model.simulate import simulate
from sim.scenario import Scenario

# -- the street ----------------------------------------------------------------------------------------


def test_a_challenge_opens_exactly_where_participation_reaches_the_level(situation):
    space = situation()
    level = space.parameters.challenges.challenge_level
    space.population.participation[:] = level - 1e-6
    space.population.participation[3] = level
    space.challenges.begin()
    assert list(space.challenges.open) == [3]
    assert [event.target for event in space.ledger.events] == [space.regimes[3].code]


def test_a_state_challenged_a_moment_ago_is_not_counted_anew(situation):
    space = situation()
    space.challenges._end(open_challenge(space), "ebbed")
    space.population.participation[:] = 0
    space.population.participation[space.regime("KAZ").index] = 0.5
    space.challenges.begin()
    assert "challenge" not in kinds(space)
    assert len(space.challenges.open) == 1
    space.challenges._end(space.challenges.open[space.regime("KAZ").index], "ebbed")
    space.tick += 12
    space.challenges.begin()
    assert "challenge" in kinds(space)


def test_a_larger_spark_brings_more_people_out(situation):
    space = situation(citizens=1000)
    crowds = [open_challenge(space, spark=spark).participation for spark in (0.0, 0.2, 0.4)]
    assert crowds[0] < crowds[1] < crowds[2]


def test_the_peak_of_a_challenge_is_the_highest_turnout_it_has_seen(situation):
    space = situation(citizens=1000)
    challenge = open_challenge(space, spark=0.4)
    highest = challenge.participation
    challenge.spark = 0.1
    challenge.take_to_the_street(space)
    assert 0 < challenge.participation < highest
    assert challenge.peak == challenge.regime.peak_participation == highest


def test_repression_takes_people_off_the_street_and_jails_some_of_them(situation):
    space = situation(citizens=1000)
    regime = space.regime("KAZ")
    change(space, regimes__repression_force=3.0, citizens__arrest_rate=0.5)
    own = space.population.of(regime.index)
    free = open_challenge(space).participation
    assert not space.population.jail.any()
    acted = space.population.act[own].copy()
    challenge = open_challenge(space)
    challenge.answer = "repress"
    challenge.take_to_the_street(space)
    jail, act = space.population.jail[own], space.population.act[own]
    assert challenge.participation < free
    assert 0 < (jail > 0).sum() < act.sum()
    assert not (act & ~acted.astype(bool)).any()
    assert not jail[act == 0].any()
    assert set(jail[jail > 0].tolist()) == {round(space.parameters.citizens.jail_months)}
    assert not np.delete(space.population.jail, np.arange(own.start, own.stop)).any()
    caught = jail > 0
    challenge.answer = ""
    challenge.take_to_the_street(space)
    assert not space.population.act[own][caught].any()


def test_services_without_loyalty_frighten_nobody(situation):
    space = situation(citizens=1000)
    regime = space.regime("KAZ")
    regime.security_loyalty = 0.95
    loyal = open_challenge(space).participation
    regime.security_loyalty = 0.05
    assert open_challenge(space).participation > loyal


def test_sparks_fade_unless_a_movement_keeps_them_alive(situation):
    space = situation()
    weak, strong = open_challenge(space, "KAZ"), open_challenge(space, "BLR")
    weak.movement.resources, strong.movement.resources = 0.0, 1.0
    for challenge in (weak, strong):
        challenge.fade(space)
    p = space.parameters.challenges
    assert weak.spark == pytest.approx(0.4 * (1 - p.fatigue))
    assert weak.spark < strong.spark <= 0.4


# -- services, fall ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stock", "turns"),
    [("cohesion", False), ("security_loyalty", False), ("openness", False), ("preparedness", False)],
)
def test_services_stay_in_line_with_strong_regimes(situation, stock, turns):
    space = situation()
    challenge = open_challenge(space)
    odds = []
    for value in (0.2, 0.8):
        setattr(challenge.regime, stock, value)
        odds.append(challenge.defection_log_odds(space))
    assert (odds[1] > odds[0]) is turns


def test_services_turn_as_crowds_grow(situation):
    space = situation()
    challenge = open_challenge(space)
    odds = []
    for challenge.participation in (0.1, 0.3, 0.6):
        odds.append(challenge.defection_log_odds(space))
    assert odds[0] < odds[1] < odds[2]


def test_preparedness_shields_most_together_with_moscow(situation):
    space = situation()
    challenge = open_challenge(space)
    shield = []
    for challenge.regime.dependence in (0.0, 1.0):
        challenge.regime.preparedness = 0.0
        bare = challenge.defection_log_odds(space)
        challenge.regime.preparedness = 1.0
        shield.append(bare - challenge.defection_log_odds(space))
    p = space.parameters.challenges
    assert shield == pytest.approx([p.own_prevention, p.own_prevention + p.joint_prevention])


def week(space, challenge):
    """Decide one week and let it pass."""
    outcome = challenge.contest(space)
    challenge.fade(space)
    return outcome


def test_help_and_answers_keep_services_in_line(situation):
    turned = {}
    for helped in (0.0, 8.0):
        count = 0
        for replicate in range(40):
            space = situation(replicate)
            challenge = open_challenge(space, participation=0.4)
            challenge.regime.cohesion = challenge.regime.security_loyalty = 0.3
            challenge.help_gain = helped
            count += week(space, challenge) is not None and challenge.defected
        turned[helped] = count
    assert turned[0.0] > 10
    assert turned[8.0] < 3


def test_services_that_turn_lose_loyalty_and_bring_the_fall(situation):
    space = situation()
    change(space, challenges__defection_base=2.0, challenges__fall_after_defection=1.0)
    challenge = open_challenge(space, participation=0.9)
    challenge.regime.cohesion = challenge.regime.security_loyalty = 0.2
    assert challenge.contest(space) == "street"
    assert challenge.defected
    assert challenge.regime.security_loyalty < 0.2
    assert kinds(space) == ["defection"]


def test_without_defection_or_rival_clans_nobody_falls_in_the_street():
    storm = {
        "challenges.focal_rate": 3.0,
        "challenges.spark_scale": 0.3,
        "learning.exhaustion": 0.0,
        "challenges.fall_after_defection": 0.6,
    }
    shut = {
        "challenges.defection_base": -12,
        "challenges.defection_by_turnout": 0,
        "challenges.defection_by_cohesion": 0,
        "challenges.defection_by_loyalty": 0,
        "challenges.fall_without_defection": 0,
        "challenges.clan_contest": 0,
    }
    falls = []
    for parameters in (storm, {**storm, **shut}):
        scenario = Scenario.build("s", years=15, citizens=100, parameters=parameters)
        events = simulate(scenario, 1).history.events  # in replicate 0 a chance of 3 in a million comes true
        falls.append(sum(e.kind == "challenge_ended" and e.detail == "fall" for e in events))
        assert any(e.kind == "challenge" for e in events)
    assert falls[0] > 0
    assert falls[1] == 0


def test_rival_clans_move_only_where_clans_rule(situation):
    outcomes = {}
    for clan_politics in (0.0, 1.0):
        outcomes[clan_politics] = set()
        for replicate in range(20):
            space = situation(replicate)
            change(space, challenges__clan_contest=1.0, challenges__fall_without_defection=0.0)
            challenge = open_challenge(space, participation=0.5)
            challenge.regime.clan_politics, challenge.regime.cohesion = clan_politics, 0.05
            challenge.defected, challenge.regime.security_loyalty = False, 0.95
            challenge.help_gain = 50.0
            outcomes[clan_politics].add(challenge.contest(space))
    assert outcomes[0.0] == {""}
    assert "elite" in outcomes[1.0]


def test_turnout_speaks_only_as_far_as_it_surprises(situation):
    space = situation()
    change(space, challenges__fall_without_defection=0.0, challenges__clan_contest=0.0)
    losses = []
    for expected in (0.4, 0.1):
        challenge = open_challenge(space, participation=0.4)
        challenge.help_gain = 50.0
        challenge.regime.legitimacy, challenge.regime.expected_turnout = 0.5, expected
        space.challenges.decide()
        space.challenges.diffuse()
        losses.append(0.5 - challenge.regime.legitimacy)
    assert losses[0] == pytest.approx(0)  # as expected: the slow death of a cycle of protest
    assert losses[1] == pytest.approx(space.parameters.citizens.turnout_learning * 0.3 / WEEKS)


def test_what_turnout_is_expected_follows_what_is_seen(situation):
    space = situation()
    change(space, challenges__fall_without_defection=0.0, challenges__clan_contest=0.0)
    challenge = open_challenge(space, participation=0.4)
    challenge.help_gain, challenge.regime.expected_turnout = 50.0, 0.0
    for _ in range(60):
        space.challenges.decide()
        space.challenges.diffuse()
    assert challenge.regime.expected_turnout == pytest.approx(0.4, abs=0.01)


def test_a_fall_puts_a_new_leader_in_place_and_ends_the_challenge(situation):
    space = situation()
    change(space, challenges__fall_without_defection=1.0, challenges__fall_after_defection=1.0)
    challenge = open_challenge(space, participation=0.9)
    regime = challenge.regime
    regime.alignment = regime.line = 0.7
    space.challenges.decide()
    space.challenges.diffuse()
    told = [event for event in space.ledger.events if event.kind != "defection"]
    assert [event.kind for event in told] == ["fall", "successor", "challenge_ended"]
    assert told[0].value == 0.7
    assert told[-1].detail == "fall"
    assert regime.tenure == 0
    assert regime.legitimacy == space.parameters.regimes.honeymoon
    assert regime.alignment == regime.line == told[1].value
    assert not space.challenges.open


def test_a_challenge_ends_where_too_few_are_left(situation):
    space = situation()
    challenge = open_challenge(space, spark=0.0)
    space.population.jail[space.population.of(challenge.regime.index)] = 5
    challenge.opened = -1
    space.challenges.run_month()
    assert not space.challenges.open
    assert space.ledger.events[-1].kind == "challenge_ended"
    assert space.ledger.events[-1].detail == "ebbed"


@pytest.mark.parametrize(
    ("answer", "ending"),
    [("repress", "repressed"), ("buy off", "bought off"), ("concede", "conceded"), ("", "ebbed")],
)
def test_a_challenge_ends_as_it_was_answered_most(situation, answer, ending):
    space = situation()
    challenge = open_challenge(space, spark=0.0)
    space.population.jail[space.population.of(challenge.regime.index)] = 5
    challenge.opened = -1
    challenge.answers = ["hedge", answer, answer] if answer else []
    space.challenges.run_month()
    assert space.ledger.events[-1].detail == ending
