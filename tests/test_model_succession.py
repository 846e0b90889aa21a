"""How leaders go, and who follows."""

import pytest
from situations import change, open_challenge

from sim.model.regimes import succession


def events(space, kind):
    return [event for event in space.ledger.events if event.kind == kind]


# -- elites --------------------------------------------------------------------------------------------

STILL = {"regimes.palace_coup_hazard": 0.0, "regimes.lame_duck_hazard": 0.0}


def test_a_lame_duck_splits_elites_and_then_hands_over_to_two_centres_of_power(situation):
    space = situation(parameters={"regimes.palace_coup_hazard": 0.0, "regimes.lame_duck_months": 6})
    for regime in space.regimes:
        regime.openness, regime.leader_age, regime.tenure = 0.2, 40, 24
    change(space, regimes__lame_duck_hazard=0.1)
    while not events(space, "succession"):
        succession.elite_politics(space)
        space.tick += 1
    change(space, regimes__lame_duck_hazard=0.0)
    duck = space.regime(events(space, "succession")[0].target)
    assert duck.lame_duck == 6
    duck.cohesion = duck.settled_cohesion = 0.6
    duck.tenure_bond = 0.0
    months = 0
    while duck.lame_duck:
        duck.drift(0.0)
        succession.elite_politics(space)
        months += 1
    assert duck.cohesion < 0.6
    assert months == 6
    managed = [event for event in events(space, "succession") if event.detail == "managed"]
    assert [event.target for event in managed] == [duck.code]
    assert duck.dual_power == round(space.parameters.regimes.dual_power_months)
    assert duck.tenure == 0


def test_a_last_term_of_one_month_ends_with_a_handover(situation):
    space = situation(parameters={**STILL, "regimes.lame_duck_months": 1})
    regime = space.regime("KAZ")
    regime.openness, regime.lame_duck = 0.2, round(space.parameters.regimes.lame_duck_months)
    for _ in range(3):
        regime.drift(0.0)
        succession.elite_politics(space)
    assert [event.detail for event in events(space, "succession")] == ["managed"]


def test_open_regimes_have_no_lame_ducks(situation):
    space = situation(parameters={"regimes.palace_coup_hazard": 0.0, "regimes.lame_duck_hazard": 0.1})
    for regime in space.regimes:
        regime.openness = 0.6
    for space.tick in range(36):
        succession.elite_politics(space)
    assert not space.ledger.events


def test_those_who_rule_long_are_expected_to_go(situation):
    counts = []
    for tenure in (24, 240):
        space = situation(parameters={"regimes.palace_coup_hazard": 0.0, "regimes.lame_duck_hazard": 0.02})
        for space.tick in range(36):
            for regime in space.regimes:
                regime.openness, regime.leader_age, regime.tenure, regime.lame_duck = 0.2, 40, tenure, 0
            succession.elite_politics(space)
        counts.append(len(events(space, "succession")))
    assert counts[1] > 2 * counts[0] > 0


def test_old_leaders_die(situation):
    counts = []
    for age in (40, 100):
        space = situation(parameters=STILL)
        change(space, regimes__lame_duck_hazard=0.0)
        for space.tick in range(36):
            for regime in space.regimes:
                regime.openness, regime.leader_age = 0.2, age
            succession.elite_politics(space)
        assert all(event.detail == "death" for event in events(space, "succession"))
        counts.append(len(events(space, "succession")))
    assert counts[1] > counts[0] + 3
    assert all(regime.dual_power == 0 for regime in space.regimes)


def coups(situation, **stocks):
    """Count palace coups over three years in all states held at some stocks."""
    space = situation(parameters={"regimes.palace_coup_hazard": 0.1, "regimes.lame_duck_hazard": 0.0})
    for space.tick in range(36):
        for regime in space.regimes:
            regime.openness, regime.leader_age = 0.2, 40
            for name, value in {"cohesion": 0.5, "dual_power": 0, "lame_duck": 0, **stocks}.items():
                setattr(regime, name, value)
        succession.elite_politics(space)
    return sum(event.detail == "elite" for event in events(space, "fall"))


def test_divided_elites_remove_leaders(situation):
    assert coups(situation, cohesion=0.1) > coups(situation, cohesion=0.8)
    assert coups(situation, dual_power=12) > coups(situation, dual_power=0)
    assert coups(situation, lame_duck=12) > coups(situation, lame_duck=0)


def test_elites_gather_around_a_leader_who_stays(situation):
    space = situation()
    regime = space.regime("KAZ")
    regime.tenure_bond, regime.settled_cohesion, regime.lame_duck = 0.2, 0.5, 0
    levels = []
    for tenure in (0, 240):
        regime.cohesion, regime.tenure = 0.5, tenure
        regime.drift(0.0)
        levels.append(regime.cohesion)
    assert levels[0] == pytest.approx(0.5)
    assert levels[1] > levels[0]


def test_two_centres_of_power_blur_the_crowds_target(situation):
    space = situation()
    regime = space.regime("KAZ")
    one = space.focal_events._spark(regime, 1.0, voted=False)
    regime.dual_power = 12
    two = space.focal_events._spark(regime, 1.0, voted=False)
    assert two == pytest.approx(one * (1 - space.parameters.regimes.dual_power_diffusion))
    assert two < one


def test_an_heir_moves_the_state_by_degrees(situation):
    space = situation()
    regime = space.regime("TKM")
    regime.alignment, regime.legitimacy = 0.2, 0.3
    succession.hand_over(space, regime, 0.5, died=True, cause="scenario", line=-0.6)
    assert (regime.line, regime.alignment, regime.legitimacy) == (-0.6, 0.2, 0.5)


# -- who follows ---------------------------------------------------------------------------------------


def successor(situation, *, led_by="street", crowd=0.0, clan=0.0, line=0.5, **stocks):
    """Bring a regime down and return the line of its successor, without noise."""
    space = situation(parameters={"succession.successor_noise": 0.0})
    challenge = open_challenge(space, "ARM")
    regime = challenge.regime
    regime.line, regime.clan_politics, regime.dependence = line, clan, 0.0
    for name, value in stocks.items():
        setattr(regime if hasattr(regime, name) else challenge, name, value)
    space.population.attitude[space.population.of(regime.index)] = crowd
    space.west.exposure[regime.index] = 0.0
    succession.fall(space, regime, led_by=led_by, within=challenge, cause="services turned", chance=0.5)
    return regime.line, space.parameters.succession


def test_a_challenge_by_a_hostile_crowd_turns_the_line(situation):
    line, p = successor(situation, crowd=-0.5)
    programme = -0.5 * p.crowd_voice
    weight = p.programme_weight_party
    assert line == pytest.approx(max(weight * programme + (1 - weight) * p.old_line_kept * 0.5, -1))
    assert line < successor(situation, crowd=0.5)[0]


def test_clans_keep_more_of_the_old_line_than_parties(situation):
    assert successor(situation, crowd=-0.5, clan=1.0)[0] > successor(situation, crowd=-0.5, clan=0.0)[0]


def test_elites_keep_the_old_line_whatever_the_crowd_wants(situation):
    hostile, p = successor(situation, led_by="elite", crowd=-0.9)
    assert hostile == pytest.approx(p.old_line_kept_by_elites * 0.5)
    assert hostile == successor(situation, led_by="elite", crowd=0.9)[0]


def test_whoever_sponsored_the_fallen_regime_is_resented(situation):
    plain = successor(situation)[0]
    assert successor(situation, dependence=0.8)[0] < plain
    assert successor(situation, help_received=4.0)[0] < plain


def test_a_programme_leans_west_by_exposure_and_by_help(situation):
    space = situation()
    regime = space.regime("ARM")
    west, movement = space.west, space.movements[regime.index]
    west.exposure[regime.index] = 0.0
    far = succession.programme_of_the_street(space, regime, 0.3, 0.0).line
    west.exposure[regime.index] = 0.5
    near = succession.programme_of_the_street(space, regime, 0.3, 0.0).line
    movement.outside_help = 0.8
    helped = succession.programme_of_the_street(space, regime, 0.3, 0.0).line
    assert helped < near < far
    assert near - helped == pytest.approx(0.8 * space.parameters.rivals.campaign_alignment)
