"""A challenge week by week: the street, the regime's answers, the services, the fall, the rescue."""

import math
from collections import Counter

import numpy as np
import pytest

from sim.model import responses
from sim.model.crisis import WEEKS, Crisis
from sim.model.instruments import RESCUE_LADDER
from sim.model.responses import BuyOff, CallMoscow, Concede, Hedge, Repress, choose
from sim.model.simulate import simulate
from sim.scenario import Scenario

SUPPORT, LOAN, SECURITY, DEPLOYMENT = RESCUE_LADDER


def challenge(space, code="KAZ", spark=0.4, participation=None):
    """Open a challenge in a state by hand and return it."""
    regime = space.regime(code)
    crisis = Crisis(regime, space.movements[regime.index], spark, "test", space.tick)
    crisis.take_to_the_street(space)
    if participation is not None:
        crisis.participation = participation
    space.crises.open[regime.index] = crisis
    return crisis


def change(space, **values):
    """Set parameters given as section__name."""
    space.parameters = space.parameters.replace(
        {name.replace("__", "."): value for name, value in values.items()}
    )


def kinds(space):
    return [event.kind for event in space.ledger.events]


# -- the street ----------------------------------------------------------------------------------------


def test_a_challenge_opens_exactly_where_participation_reaches_the_level(situation):
    space = situation()
    level = space.parameters.crises.challenge_level
    space.population.participation[:] = level - 1e-6
    space.population.participation[3] = level
    space.crises.begin()
    assert list(space.crises.open) == [3]
    assert [event.target for event in space.ledger.events] == [space.regimes[3].code]


def test_a_state_challenged_a_moment_ago_is_not_counted_anew(situation):
    space = situation()
    space.crises._end(challenge(space), "ebbed")
    space.population.participation[:] = 0
    space.population.participation[space.regime("KAZ").index] = 0.5
    space.crises.begin()
    assert "challenge" not in kinds(space)
    assert len(space.crises.open) == 1
    space.crises._end(space.crises.open[space.regime("KAZ").index], "ebbed")
    space.tick += 12
    space.crises.begin()
    assert "challenge" in kinds(space)


def test_a_larger_spark_brings_more_people_out(situation):
    space = situation(citizens=1000)
    crowds = [challenge(space, spark=spark).participation for spark in (0.0, 0.2, 0.4)]
    assert crowds[0] < crowds[1] < crowds[2]


def test_the_peak_of_a_challenge_is_the_highest_turnout_it_has_seen(situation):
    space = situation(citizens=1000)
    crisis = challenge(space, spark=0.4)
    highest = crisis.participation
    crisis.spark = 0.1
    crisis.take_to_the_street(space)
    assert 0 < crisis.participation < highest
    assert crisis.peak == crisis.regime.peak_participation == highest


def test_repression_takes_people_off_the_street_and_jails_some_of_them(situation):
    space = situation(citizens=1000)
    regime = space.regime("KAZ")
    change(space, regimes__repression_force=3.0, citizens__arrest_rate=0.5)
    own = space.population.of(regime.index)
    free = challenge(space).participation
    assert not space.population.jail.any()
    acted = space.population.act[own].copy()
    crisis = challenge(space)
    crisis.answer = "repress"
    crisis.take_to_the_street(space)
    jail, act = space.population.jail[own], space.population.act[own]
    assert crisis.participation < free
    assert 0 < (jail > 0).sum() < act.sum()
    assert not (act & ~acted.astype(bool)).any()
    assert not jail[act == 0].any()
    assert set(jail[jail > 0].tolist()) == {round(space.parameters.citizens.jail_months)}
    assert not np.delete(space.population.jail, np.arange(own.start, own.stop)).any()
    caught = jail > 0
    crisis.answer = ""
    crisis.take_to_the_street(space)
    assert not space.population.act[own][caught].any()


def test_services_without_loyalty_frighten_nobody(situation):
    space = situation(citizens=1000)
    regime = space.regime("KAZ")
    regime.security_loyalty = 0.95
    loyal = challenge(space).participation
    regime.security_loyalty = 0.05
    assert challenge(space).participation > loyal


def test_sparks_fade_unless_a_movement_keeps_them_alive(situation):
    space = situation()
    weak, strong = challenge(space, "KAZ"), challenge(space, "BLR")
    weak.movement.resources, strong.movement.resources = 0.0, 1.0
    for crisis in (weak, strong):
        crisis.fade(space)
    p = space.parameters.crises
    assert weak.spark == pytest.approx(0.4 * (1 - p.fatigue))
    assert weak.spark < strong.spark <= 0.4


# -- the regime's answers ------------------------------------------------------------------------------


def test_repression_costs_legitimacy_and_the_movement_its_resources(situation):
    space = situation()
    crisis = challenge(space)
    legitimacy, resources = crisis.regime.legitimacy, crisis.movement.resources
    Repress().carry_out(crisis, space)
    assert crisis.regime.legitimacy == pytest.approx(legitimacy - space.parameters.regimes.repression_cost)
    assert crisis.movement.resources < resources


def test_repression_works_with_loyal_services_and_against_small_crowds(situation):
    space = situation()
    crisis = challenge(space, participation=0.2)
    crisis.regime.security_loyalty = 0.8
    gain = Repress().gain(crisis, space)
    crisis.participation = 0.6
    assert Repress().gain(crisis, space) < gain
    crisis.participation, crisis.regime.security_loyalty = 0.2, 0.3
    assert Repress().gain(crisis, space) < gain


def test_repression_costs_open_regimes_more(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.openness = 0.1
    closed = Repress().cost(crisis, space)
    crisis.regime.openness = 0.8
    assert Repress().cost(crisis, space) > closed


def test_rents_buy_calm_and_are_spent(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.rents = 0.5
    assert BuyOff().gain(crisis, space) == pytest.approx(0.5 * space.parameters.regimes.buy_off_gain)
    BuyOff().carry_out(crisis, space)
    assert crisis.regime.rents < 0.5
    assert crisis.spark < 0.4


def test_concessions_calm_the_street_and_split_elites(situation):
    space = situation()
    crisis = challenge(space)
    cohesion, legitimacy = crisis.regime.cohesion, crisis.regime.legitimacy
    Concede().carry_out(crisis, space)
    assert crisis.spark == pytest.approx(0.4 * (1 - space.parameters.regimes.concession_relief))
    assert crisis.regime.cohesion < cohesion
    assert crisis.regime.legitimacy > legitimacy


def test_concessions_suit_open_regimes(situation):
    space = situation()
    crisis = challenge(space)
    net = []
    for openness in (0.1, 0.8):
        crisis.regime.openness = openness
        net.append(Concede().gain(crisis, space) - Concede().cost(crisis, space))
    assert net[0] < net[1]


def test_hedging_turns_the_line_away_and_suits_the_independent(situation):
    space = situation()
    crisis = challenge(space)
    line, cost = crisis.regime.line, Hedge().cost(crisis, space)
    for _ in range(WEEKS):
        Hedge().carry_out(crisis, space)
    assert crisis.regime.line == pytest.approx(line - space.parameters.regimes.hedge_shift)
    crisis.regime.dependence = 0.0
    assert Hedge().cost(crisis, space) < cost


def test_hedging_pays_where_the_crowd_resents_the_alignment_and_others_reach_in(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.attitude, crisis.regime.alignment = 0.5, 0.5
    gain = Hedge().gain(crisis, space)
    crisis.regime.attitude = -0.5
    assert Hedge().gain(crisis, space) > gain
    crisis.regime.attitude = 0.5
    for power in space.powers:
        power.engagement = 0.0
    assert Hedge().gain(crisis, space) < gain


def test_only_regimes_on_moscows_side_call_it(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.alignment = 0.6
    assert CallMoscow().gain(crisis, space) > 0
    crisis.regime.alignment = 0.0
    assert CallMoscow().gain(crisis, space) == -math.inf


def test_a_call_is_worth_what_past_answers_lead_a_regime_to_expect(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.alignment = 0.6
    crisis.regime.expects_help = 0.2
    doubtful = CallMoscow().gain(crisis, space)
    crisis.regime.expects_help = 0.9
    assert CallMoscow().gain(crisis, space) == pytest.approx(4.5 * doubtful)


def test_nobody_calls_twice_before_an_answer_or_while_help_works(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.alignment = 0.6
    CallMoscow().carry_out(crisis, space)
    assert kinds(space)[-1] == "request"
    assert CallMoscow().gain(crisis, space) == -math.inf
    crisis.answered = True
    assert CallMoscow().gain(crisis, space) > -math.inf
    crisis.help = LOAN
    assert CallMoscow().gain(crisis, space) == -math.inf


UNIFORMS = (np.arange(500) + 0.5) / 500


def shares(crisis, space):
    """Return the share of each response over an even grid of uniforms."""
    counts = Counter(choose(crisis, space, u).name for u in UNIFORMS)
    return {name: count / UNIFORMS.size for name, count in counts.items()}


def test_answers_follow_the_quantal_response(situation):
    space = situation()
    crisis = challenge(space, participation=0.2)
    crisis.regime.alignment = 0.6
    for rationality in (0.5, 3.0):
        change(space, regimes__rationality=rationality)
        appeal = {
            r.name: rationality * (r.gain(crisis, space) - r.cost(crisis, space)) for r in responses.RESPONSES
        }
        total = sum(math.exp(a) for a in appeal.values())
        for name, share in shares(crisis, space).items():
            assert share == pytest.approx(math.exp(appeal[name]) / total, abs=2.1 / UNIFORMS.size)


def test_a_wholly_rational_regime_takes_the_best_answer(situation):
    space = situation()
    change(space, regimes__rationality=20.0, regimes__buy_off_gain=5.0, regimes__buy_off_price=0.0)
    crisis = challenge(space)
    crisis.regime.rents = 0.9
    assert shares(crisis, space) == {"buy off": 1.0}


def test_what_cannot_be_done_is_never_chosen(situation):
    space = situation()
    crisis = challenge(space)
    crisis.regime.alignment = -0.2
    assert "call Moscow" not in shares(crisis, space)


def test_a_regime_without_reason_answers_at_random(situation):
    space = situation()
    change(space, regimes__rationality=0.0)
    crisis = challenge(space)
    crisis.regime.alignment = 0.6
    assert shares(crisis, space) == pytest.approx(dict.fromkeys((r.name for r in responses.RESPONSES), 0.2))


def test_a_regime_without_reason_that_cannot_call_moscow_answers_at_random(situation):
    space = situation()
    change(space, regimes__rationality=0.0)
    crisis = challenge(space)
    crisis.regime.alignment = -0.2
    possible = [r.name for r in responses.RESPONSES if r.name != "call Moscow"]
    assert shares(crisis, space) == pytest.approx(dict.fromkeys(possible, 0.25))


# -- services, fall ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stock", "turns"),
    [("cohesion", False), ("security_loyalty", False), ("openness", False), ("preparedness", False)],
)
def test_services_stay_in_line_with_strong_regimes(situation, stock, turns):
    space = situation()
    crisis = challenge(space)
    odds = []
    for value in (0.2, 0.8):
        setattr(crisis.regime, stock, value)
        odds.append(crisis.defection_log_odds(space))
    assert (odds[1] > odds[0]) is turns


def test_services_turn_as_crowds_grow(situation):
    space = situation()
    crisis = challenge(space)
    odds = []
    for crisis.participation in (0.1, 0.3, 0.6):
        odds.append(crisis.defection_log_odds(space))
    assert odds[0] < odds[1] < odds[2]


def test_preparedness_shields_most_together_with_moscow(situation):
    space = situation()
    crisis = challenge(space)
    shield = []
    for crisis.regime.dependence in (0.0, 1.0):
        crisis.regime.preparedness = 0.0
        bare = crisis.defection_log_odds(space)
        crisis.regime.preparedness = 1.0
        shield.append(bare - crisis.defection_log_odds(space))
    p = space.parameters.crises
    assert shield == pytest.approx([p.own_prevention, p.own_prevention + p.joint_prevention])


def week(space, crisis):
    """Decide one week and let it pass."""
    outcome = crisis.contest(space)
    crisis.fade(space)
    return outcome


def test_help_and_answers_keep_services_in_line(situation):
    turned = {}
    for helped in (0.0, 8.0):
        count = 0
        for replicate in range(40):
            space = situation(replicate)
            crisis = challenge(space, participation=0.4)
            crisis.regime.cohesion = crisis.regime.security_loyalty = 0.3
            crisis.help_gain = helped
            count += week(space, crisis) is not None and crisis.defected
        turned[helped] = count
    assert turned[0.0] > 10
    assert turned[8.0] < 3


def test_services_that_turn_lose_loyalty_and_bring_the_fall(situation):
    space = situation()
    change(space, crises__defection_base=2.0, crises__fall_after_defection=1.0)
    crisis = challenge(space, participation=0.9)
    crisis.regime.cohesion = crisis.regime.security_loyalty = 0.2
    assert crisis.contest(space) == "street"
    assert crisis.defected
    assert crisis.regime.security_loyalty < 0.2
    assert kinds(space) == ["defection"]


def test_without_defection_or_rival_clans_nobody_falls_in_the_street():
    storm = {"crises.focal_rate": 3.0, "crises.spark_scale": 0.3}
    shut = {"crises.defection_base": -12, "crises.fall_without_defection": 0, "crises.clan_contest": 0}
    falls = []
    for parameters in (storm, {**storm, **shut}):
        scenario = Scenario.build("s", years=15, citizens=100, parameters=parameters)
        events = simulate(scenario, 0).history.events
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
            change(space, crises__clan_contest=1.0, crises__fall_without_defection=0.0)
            crisis = challenge(space, participation=0.5)
            crisis.regime.clan_politics, crisis.regime.cohesion = clan_politics, 0.05
            crisis.defected, crisis.regime.security_loyalty = False, 0.95
            crisis.help_gain = 50.0
            outcomes[clan_politics].add(crisis.contest(space))
    assert outcomes[0.0] == {""}
    assert "elite" in outcomes[1.0]


def test_turnout_speaks_only_as_far_as_it_surprises(situation):
    space = situation()
    change(space, crises__fall_without_defection=0.0, crises__clan_contest=0.0)
    losses = []
    for expected in (0.4, 0.1):
        crisis = challenge(space, participation=0.4)
        crisis.help_gain = 50.0
        crisis.regime.legitimacy, crisis.regime.expected_turnout = 0.5, expected
        space.crises._resolve(crisis)
        losses.append(0.5 - crisis.regime.legitimacy)
    assert losses[0] == pytest.approx(0)  # as expected: the slow death of a cycle of protest
    assert losses[1] == pytest.approx(space.parameters.citizens.turnout_learning * 0.3 / WEEKS)


def test_what_turnout_is_expected_follows_what_is_seen(situation):
    space = situation()
    change(space, crises__fall_without_defection=0.0, crises__clan_contest=0.0)
    crisis = challenge(space, participation=0.4)
    crisis.help_gain, crisis.regime.expected_turnout = 50.0, 0.0
    for _ in range(60):
        space.crises._resolve(crisis)
    assert crisis.regime.expected_turnout == pytest.approx(0.4, abs=0.01)


def test_a_fall_puts_a_new_leader_in_place_and_ends_the_challenge(situation):
    space = situation()
    change(space, crises__fall_without_defection=1.0)
    crisis = challenge(space, participation=0.9)
    regime = crisis.regime
    regime.alignment = regime.line = 0.7
    space.crises._resolve(crisis)
    told = [event for event in space.ledger.events if event.kind != "defection"]
    assert [event.kind for event in told] == ["fall", "successor", "challenge_ended"]
    assert told[0].value == 0.7
    assert told[-1].detail == "fall"
    assert regime.tenure == 0
    assert regime.legitimacy == space.parameters.regimes.honeymoon
    assert regime.alignment == regime.line == told[1].value
    assert not space.crises.open


def test_a_challenge_ends_where_too_few_are_left(situation):
    space = situation()
    crisis = challenge(space, spark=0.0)
    space.population.jail[space.population.of(crisis.regime.index)] = 5
    crisis.opened = -1
    space.crises.run_month()
    assert not space.crises.open
    assert space.ledger.events[-1].kind == "challenge_ended"
    assert space.ledger.events[-1].detail == "ebbed"


@pytest.mark.parametrize(
    ("answer", "ending"),
    [("repress", "repressed"), ("buy off", "bought off"), ("concede", "conceded"), ("", "ebbed")],
)
def test_a_challenge_ends_as_it_was_answered_most(situation, answer, ending):
    space = situation()
    crisis = challenge(space, spark=0.0)
    space.population.jail[space.population.of(crisis.regime.index)] = 5
    crisis.opened = -1
    crisis.answers = ["hedge", answer, answer] if answer else []
    space.crises.run_month()
    assert space.ledger.events[-1].detail == ending


# -- rescue --------------------------------------------------------------------------------------------


def rescued(space, instrument, code="KAZ"):
    crisis = challenge(space, code)
    crisis.help = instrument
    crisis.used.append(instrument)
    space.crises._end(crisis, "repressed")
    return crisis


def test_a_rescued_regime_purges_its_rivals_and_leans_on_its_rescuer(situation):
    space = situation()
    regime = space.regime("KAZ")
    regime.cohesion, regime.security_loyalty, regime.line, regime.dual_power = 0.5, 0.5, 0.2, 12
    rescued(space, DEPLOYMENT)
    p = space.parameters.regimes
    assert regime.cohesion == pytest.approx(0.5 + 4 * p.rescue_purge)
    assert regime.security_loyalty == pytest.approx(0.5 + 4 * p.rescue_purge)
    assert regime.line == pytest.approx(0.2 + 4 * p.rescue_alignment)
    assert regime.dual_power == 0
    assert "purge" in kinds(space)


def test_words_alone_rescue_nobody(situation):
    space = situation()
    regime = space.regime("KAZ")
    before = regime.cohesion, regime.line
    rescued(space, SUPPORT)
    assert (regime.cohesion, regime.line) == before
    assert "purge" not in kinds(space)


def test_a_deployment_is_a_precedent_that_all_members_reckon_with(situation):
    space = situation()
    change(space, alliance__doubt=2.0, alliance__precedent_deterrence=0.3)
    member, outsider = space.regime("ARM"), space.regime("UZB")
    member.memberships.add("CSTO")
    outsider.memberships.discard("CSTO")
    member.trust = outsider.trust = 0.5
    space.moscow.free_capacity, space.moscow.standing = 0.8, 0.5
    fear = space.parameters.citizens.deterrence
    assert (space.alliance.cover(member), member.deterrence) == (
        0.0,
        fear,
    )  # never used
    rescued(space, DEPLOYMENT)
    assert space.alliance.precedents == 1
    assert space.alliance.record == pytest.approx(1 / 3)  # one case, two of doubt
    assert space.alliance.cover(member) == pytest.approx(0.8 * 0.5 / 3)
    assert member.deterrence == pytest.approx(fear * (1 + 0.3 * 0.8 * 0.5 / 3))
    assert (space.alliance.cover(outsider), outsider.deterrence) == (0.0, fear)
    assert member.trust == pytest.approx(0.5 + space.parameters.alliance.trust_gain)
    assert outsider.trust == 0.5
    rescued(space, DEPLOYMENT, "KGZ")
    assert space.alliance.record == pytest.approx(2 / 4)
    space.alliance.refused(member)
    assert space.alliance.record == pytest.approx(2 / 5)


def test_calls_refused_before_the_first_deployment_are_what_the_doubt_is_made_of(situation):
    space = situation()
    member = space.regime("KGZ")
    member.memberships.add("CSTO")
    space.alliance.refused(member)
    assert space.alliance.record == 0
    rescued(space, DEPLOYMENT)
    assert space.alliance.record == pytest.approx(1 / (1 + space.parameters.alliance.doubt))


def test_services_hold_out_by_the_help_at_work_or_by_what_they_expect_if_that_is_more(situation):
    space = situation()
    change(space, alliance__doubt=1.0, alliance__precedent_resolve=0.5, instruments__deployment_gain=2.0)
    space.moscow.free_capacity = space.moscow.standing = 1.0
    crisis = challenge(space, "KGZ")
    crisis.regime.memberships.add("CSTO")
    assert crisis.backing(space) == 0
    space.alliance.precedents = 1
    assert crisis.backing(space) == pytest.approx(0.5 * 0.5 * 2.0)
    crisis.help_gain = 0.2
    assert crisis.backing(space) == pytest.approx(0.5)
    crisis.help_gain = 2.0
    assert crisis.backing(space) == 2.0
    assert crisis.backing(space, 0.7) == 0.7
    crisis.regime.memberships.discard("CSTO")
    crisis.help_gain = 0.0
    assert crisis.backing(space) == 0


def test_a_member_that_was_refused_calls_again_on_the_alliances_record(situation):
    space = situation()
    change(space, alliance__doubt=0.25)
    space.moscow.free_capacity = space.moscow.standing = 1.0
    regime = space.regime("KAZ")
    regime.memberships.add("CSTO")
    regime.expects_help, regime.alignment = 0.2, 0.9
    before = CallMoscow.expected(regime, space)
    space.alliance.precedents = 1
    assert CallMoscow.expected(regime, space) == pytest.approx(before * 0.8 / 0.2)
    regime.expects_help = 0.9
    assert CallMoscow.expected(regime, space) == pytest.approx(before * 0.9 / 0.2)


def test_a_loan_is_no_precedent(situation):
    space = situation()
    rescued(space, LOAN)
    assert space.alliance.precedents == 0


@pytest.mark.parametrize(("how", "survived"), [("repressed", True), ("fall", False)])
def test_moscow_learns_from_how_it_ended(situation, how, survived):
    space = situation()
    belief = space.moscow.beliefs[LOAN.name]
    before, cases = belief.trust, belief.successes + belief.failures
    other = space.moscow.beliefs[SECURITY.name].trust
    crisis = challenge(space)
    crisis.used.append(LOAN)
    if how == "fall":
        change(space, crises__fall_without_defection=1.0)
        crisis.participation = 0.9
        space.crises._resolve(crisis)
    else:
        space.crises._end(crisis, how)
    assert (belief.trust > before) is survived
    assert belief.successes + belief.failures == cases + 1
    assert space.moscow.beliefs[SECURITY.name].trust == other


def test_help_runs_out(situation):
    space = situation()
    change(space, instruments__help_months=2)
    crisis = challenge(space)
    space.moscow._help(crisis, LOAN, 0.1, 0.1)
    crisis.fade(space)
    space.tick += 1
    crisis.fade(space)
    assert crisis.help is LOAN
    assert crisis.help_gain > 0
    space.tick += 1
    crisis.fade(space)
    assert crisis.help is None
    assert crisis.help_gain == 0
