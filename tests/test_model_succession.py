"""How leaders go, who follows, what elections decide, and what the others learn."""

import numpy as np
import pytest
from test_model_crises import challenge, change

from sim.model import succession
from sim.model.learning import learn_from_challenge, learn_from_fall


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
    succession.hand_over(space, regime, 0.5, died=True, line=-0.6)
    assert (regime.line, regime.alignment, regime.legitimacy) == (-0.6, 0.2, 0.5)


# -- who follows ---------------------------------------------------------------------------------------


def successor(situation, *, led_by="street", crowd=0.0, clan=0.0, line=0.5, **stocks):
    """Bring a regime down and return the line of its successor, without noise."""
    space = situation(parameters={"succession.successor_noise": 0.0})
    crisis = challenge(space, "ARM")
    regime = crisis.regime
    regime.line, regime.clan_politics, regime.dependence = line, clan, 0.0
    for name, value in stocks.items():
        setattr(regime if hasattr(regime, name) else crisis, name, value)
    space.population.attitude[space.population.of(regime.index)] = crowd
    space.west.exposure[regime.index] = 0.0
    succession.fall(space, regime, led_by=led_by, crisis=crisis, why="test")
    return regime.line, space.parameters.succession


def test_an_uprising_of_a_hostile_crowd_turns_the_line(situation):
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
    far = succession.programme_of_the_street(space, regime, 0.3, 0.0)
    west.exposure[regime.index] = 0.5
    near = succession.programme_of_the_street(space, regime, 0.3, 0.0)
    movement.outside_help = 0.8
    helped = succession.programme_of_the_street(space, regime, 0.3, 0.0)
    assert helped < near < far
    assert near - helped == pytest.approx(0.8 * space.parameters.rivals.campaign_alignment)


# -- elections -----------------------------------------------------------------------------------------


def test_closed_regimes_do_not_lose_elections(situation):
    space = situation()
    regime = space.regime("UZB")
    regime.openness, regime.legitimacy = 0.2, 0.05
    for uniform in (0.0, 1e-9, 0.5):
        assert not succession.hold_election(space, regime, [uniform, 0.5], line=None, turnover=None)
    assert {event.detail for event in events(space, "election")} == {"held"}


def test_open_regimes_lose_the_likelier_the_less_legitimate_they_are(situation):
    space = situation()
    regime = space.regime("MDA")
    chances = []
    for openness, legitimacy in ((0.3, 0.5), (0.6, 0.5), (0.6, 0.2)):
        regime.openness, regime.legitimacy = openness, legitimacy
        assert not succession.hold_election(space, regime, [1.0, 0.5], line=None, turnover=None)
        chances.append(events(space, "election")[-1].value)
    assert 0 < chances[0] < chances[1] < chances[2] <= 1


def test_who_wins_by_turnover_starts_with_a_honeymoon_and_drifts_to_a_new_line(situation):
    space = situation()
    regime = space.regime("MDA")
    regime.legitimacy, regime.alignment, regime.line, regime.tenure = 0.2, 0.4, 0.4, 100
    assert succession.hold_election(space, regime, [0.5, 0.5], line=-0.7, turnover=None)
    assert regime.line == -0.7
    assert regime.alignment == 0.4
    assert regime.legitimacy == space.parameters.regimes.honeymoon
    assert regime.tenure == regime.months_since_election == 0
    assert [event.kind for event in space.ledger.events] == ["election", "successor"]
    assert events(space, "successor")[0].detail == "anti"


def test_a_divided_public_lets_either_camp_set_the_line(situation):
    lines = []
    for uniform in (0.01, 0.99):
        space = situation()
        regime = space.regime("MDA")
        regime.polarisation = 0.8
        succession.hold_election(space, regime, [0.0, uniform], line=None, turnover=True)
        lines.append(regime.line)
    assert lines[1] > lines[0] + 0.3


def test_an_election_lost_is_no_focal_point_and_one_held_is(situation):
    for legitimacy, openness, sparks in ((0.95, 0.5, True), (0.0, 1.0, False)):
        space = situation(parameters={"crises.focal_rate": 0.0, "rivals.western_campaign": 0.0})
        change(space, regimes__turnover_ease=5.0)
        regime = space.regime("MDA")
        regime.legitimacy, regime.openness = legitimacy, openness
        for other in space.regimes:
            other.months_since_election = 1
        regime.months_since_election = regime.election_term
        space.focal_events.gather()
        assert (space.focal_events.sparks[regime.index] > 0) is sparks
        assert sum(spark > 0 for spark in space.focal_events.sparks) == sparks


def test_stolen_elections_spark_most_in_half_open_regimes(situation):
    space = situation(parameters={"crises.electoral_outlet": 0.0})
    regime = space.regime("MDA")
    extra = []
    for regime.openness in (0.0, 0.5, 1.0):
        plain = space.focal_events._spark(regime, 1.0, voted=False)
        extra.append(space.focal_events._spark(regime, 1.0, voted=True) - plain)
    assert extra[0] <= 0
    assert extra[1] > 0.5 * space.parameters.crises.election_spark
    assert extra[2] == pytest.approx(0)


def test_open_elections_absorb_sparks(situation):
    space = situation(parameters={"crises.election_spark": 0.0})
    regime = space.regime("MDA")
    sparks = []
    for regime.openness in (0.2, 0.9):
        sparks.append(space.focal_events._spark(regime, 1.0, voted=False))
    p = space.parameters.crises
    assert sparks[1] / sparks[0] == pytest.approx(
        (1 - 0.9 * p.electoral_outlet) / (1 - 0.2 * p.electoral_outlet)
    )


def test_elections_come_when_the_term_is_over(situation):
    space = situation(years=12, parameters={"crises.focal_rate": 0.0})
    regime = space.regime("MDA")
    space.run()
    held = [e.tick for e in events(space, "election") if e.target == "MDA" and e.detail != "parliamentary"]
    assert set(np.diff(held).tolist()) == {regime.election_term}
    assert len(held) >= 2


# -- what others learn ---------------------------------------------------------------------------------


def test_movements_learn_from_a_success_by_how_closely_they_watch(situation):
    space = situation()
    p, fallen = space.parameters.learning, space.regime("KGZ")
    before = [movement.resources for movement in space.movements]
    learn_from_challenge(space, fallen, succeeded=True)
    for movement, resources in zip(space.movements, before, strict=True):
        watched = 0.0 if movement.regime is fallen else space.closeness[movement.regime.index][fallen.index]
        weight = p.emulation * watched
        assert movement.encouragement == pytest.approx(weight * (1 - p.usual_success))
        assert movement.resources == pytest.approx(
            resources + weight * p.organisation_by_example * (1 - resources)
        )
    assert len({round(movement.encouragement, 6) for movement in space.movements}) > 4


def test_a_failure_discourages_by_less_than_a_rare_success_encourages(situation):
    space = situation()
    p, movement = space.parameters.learning, space.movements[0]
    resources = movement.resources
    movement.watch(0.5, succeeded=False)
    assert movement.encouragement == pytest.approx(-0.5 * p.emulation * p.usual_success)
    assert movement.resources == resources
    # At the usual rate of success, what is learnt cancels out on average
    success = 0.5 * p.emulation * (1 - p.usual_success)
    mean = p.usual_success * success + (1 - p.usual_success) * movement.encouragement
    assert mean == pytest.approx(0, abs=1e-12)
    for _ in range(200):
        movement.watch(1.0, succeeded=True)
    assert 0.99 < movement.expected_success <= 1
    assert movement.resources <= 1


@pytest.mark.parametrize(("answer", "sign"), [("repress", -1), ("hedge", -1), ("concede", 0)])
def test_movements_watch_how_challenges_end(situation, answer, sign):
    space = situation()
    crisis = challenge(space, "KGZ", participation=0.0)
    crisis.answers.append(answer)
    space.crises._ebb([crisis])
    assert crisis.over
    watcher = space.movements[space.regime("KAZ").index]
    assert np.sign(watcher.encouragement) == sign
    assert space.movements[space.regime("KGZ").index].encouragement == 0


def test_expected_success_brings_more_people_out(situation):
    space = situation(citizens=1000)
    movement = space.movements[space.regime("KAZ").index]
    crowds = []
    for movement.expected_success in (0.0, 0.2, 1.0):
        crowds.append(challenge(space, "KAZ", spark=0.3).participation)
    assert crowds[0] <= crowds[1] < crowds[2]
    assert movement.efficacy == pytest.approx(
        space.parameters.learning.emulation_spark * (1 - space.parameters.learning.usual_success)
    )


def test_regimes_prepare_and_closed_ones_twice(situation):
    space = situation()
    fallen, opened, closed = space.regime("KGZ"), space.regime("MDA"), space.regime("TKM")
    opened.openness, closed.openness = 0.6, 0.1
    fallen.preparedness = opened.preparedness = closed.preparedness = 0.2
    learn_from_fall(space, fallen)
    step = space.parameters.learning.preparedness
    assert opened.preparedness == pytest.approx(0.2 + step)
    assert closed.preparedness == pytest.approx(0.2 + 2 * step)
    assert fallen.preparedness == 0.2


def test_fear_drives_closed_regimes_toward_moscow_and_no_others(situation):
    space = situation()
    closed, hostile, opened = space.regime("TKM"), space.regime("AZE"), space.regime("MDA")
    closed.openness, closed.alignment, closed.line = 0.1, 0.1, 0.1
    hostile.openness, hostile.alignment, hostile.line = 0.1, -0.6, -0.6
    opened.openness, opened.alignment, opened.line = 0.6, 0.1, 0.1
    learn_from_fall(space, space.regime("KGZ"))
    assert closed.line == pytest.approx(0.1 + space.parameters.learning.fear_alignment)
    assert hostile.line == -0.6
    assert opened.line == 0.1


def test_others_learn_from_the_street_and_not_from_a_palace_coup(situation, monkeypatch):
    for led_by, learned in (("street", True), ("elite", False)):
        space = situation()
        crisis = challenge(space, "KGZ")
        monkeypatch.setattr(type(crisis), "contest", lambda self, space, led_by=led_by: led_by)
        prepared = [regime.preparedness for regime in space.regimes]
        space.crises._resolve(crisis)
        assert any(movement.encouragement > 0 for movement in space.movements) is learned
        assert ([regime.preparedness for regime in space.regimes] != prepared) is learned


def test_who_falls_in_the_same_week_has_learnt_nothing_from_it_before(situation, monkeypatch):
    lines = {}
    for codes in (["KGZ"], ["KGZ", "TKM"], ["TKM", "KGZ"]):
        space = situation()
        crises = [challenge(space, code) for code in codes]
        monkeypatch.setattr(type(crises[0]), "contest", lambda *_: "street")
        for crisis in crises:
            crisis.regime.openness, crisis.regime.alignment, crisis.regime.line = 0.1, 0.5, 0.5
        space.crises._resolve(*crises)
        successor = next(e for e in space.ledger.events if (e.kind, e.target) == ("successor", "KGZ"))
        lines[tuple(codes)] = successor.value
    assert len(set(lines.values())) == 1


def test_lessons_fade(situation):
    space = situation()
    regime = space.regime("KAZ")
    movement = space.movements[regime.index]
    movement.expected_success, regime.preparedness = 0.7, 0.9
    regime.drift(0.0)
    movement.organise()
    p = space.parameters.learning
    assert movement.encouragement == pytest.approx((0.7 - p.usual_success) * (1 - p.emulation_fades))
    home = regime.baseline_preparedness
    assert regime.preparedness == pytest.approx(0.9 + p.preparedness_fades * (home - 0.9))


def test_hope_brings_focal_events_and_despair_takes_them_away(situation):
    counts = []
    for expected in (0.0, 0.2, 1.0):
        space = situation(parameters={"crises.focal_rate": 0.3, "learning.emulation_rate": 3.0})
        change(space, learning__usual_success=0.2)
        count = 0
        for space.tick in range(36):
            for regime, movement in zip(space.regimes, space.movements, strict=True):
                movement.expected_success, regime.months_since_election = expected, 1
            space.focal_events.gather()
            count += sum(spark > 0 for spark in space.focal_events.sparks)
        counts.append(count)
    assert counts[0] < counts[1]
    assert counts[2] > 3 * counts[1]


def test_focal_events_are_better_known_in_open_states(situation):
    counts = []
    for openness in (0.0, 1.0):
        space = situation(parameters={"crises.focal_rate": 3.0, "rivals.western_campaign": 0.0})
        change(space, crises__publicity_when_closed=0.2)
        count = 0
        for space.tick in range(36):
            for regime in space.regimes:
                regime.openness, regime.months_since_election = openness, 1
            space.focal_events.gather()
            count += sum(bool(trigger) for trigger in space.focal_events.triggers)
        counts.append(count)
    assert counts[0] / counts[1] == pytest.approx(0.2, abs=0.1)
