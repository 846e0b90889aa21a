"""Moscow in a challenge and over the years: what it has, whom it helps, what a refusal costs."""

import math

import pytest
from situations import (
    DEPLOYMENT,
    LOAN,
    SECURITY,
    SUPPORT,
    change,
    eager,
    net_value,
    open_challenge,
    refused,
    sent,
)

from sim.instruments import RESCUE_INSTRUMENTS
from sim.model.moscow.budget import Budget
from sim.model.moscow.instruments import RESCUE_LADDER
from sim.model.moscow.worth import recognition

# -- whom it helps -------------------------------------------------------------------------------------


def test_a_friend_in_danger_is_helped_by_what_adds_most(situation):
    space, challenges = eager(situation, "KAZ")
    space.moscow.answer(challenges, 0)
    assert sent(space) == [("KAZ", DEPLOYMENT.name)]
    assert challenges[0].help is DEPLOYMENT
    assert challenges[0].help_gain == pytest.approx(space.parameters.instruments.deployment_gain)
    assert not refused(space)


def test_without_means_there_is_no_help(situation):
    space, challenges = eager(situation, "KAZ")
    space.moscow.budget.attention_left = 0.0
    space.moscow.answer(challenges, 0)
    assert not sent(space)
    assert challenges[0].help is None
    assert refused(space) == ["KAZ"]


@pytest.mark.parametrize(
    ("lacking", "means", "allowed", "beyond"),
    [("troops", "troops", LOAN, SECURITY), ("money_left", "money", SUPPORT, LOAN)],
)
def test_help_is_what_the_scarcest_means_allow(situation, lacking, means, allowed, beyond):
    space, challenges = eager(situation, "KAZ")
    setattr(space.moscow.budget, lacking, 0.01)
    space.moscow.answer(challenges, 0)
    possible = [step for step in RESCUE_LADDER if getattr(step.cost(space.parameters), means) <= 0.01]
    assert {instrument for _, instrument in sent(space)} <= {step.name for step in possible}
    assert sent(space)
    assert allowed in possible
    assert beyond not in possible


def test_help_takes_its_means(situation):
    space, challenges = eager(situation, "KAZ")
    budget = space.moscow.budget
    troops, money, attention = budget.troops_free, budget.money_left, budget.attention_left
    cost = DEPLOYMENT.cost(space.parameters)
    space.moscow.answer(challenges, 0)
    assert troops - budget.troops_free == pytest.approx(cost.troops)
    assert money - budget.money_left == pytest.approx(cost.money)
    # 40 % in open opposition is four times the level at which a challenge opens: three steps beyond it
    taken = cost.attention * (1 + 3 * space.parameters.moscow.attention_by_size)
    assert attention - budget.attention_left == pytest.approx(taken)


def test_the_more_valuable_regime_is_served_where_attention_allows_one(situation):
    for first, second in (("BLR", "KAZ"), ("KAZ", "BLR")):
        space, challenges = eager(situation, "BLR", "KAZ")
        space.regime(first).strategic_value, space.regime(second).strategic_value = 0.9, 0.3
        taken = space.moscow.attention_for(DEPLOYMENT, challenges[0])
        space.moscow.budget.attention_left = taken + 0.05
        space.moscow.answer(challenges, 0)
        assert sent(space) == [(first, DEPLOYMENT.name)]
        assert refused(space) == [second]


def test_one_rung_a_week_and_only_upward(situation):
    space, (challenge,) = eager(situation, "KAZ")
    change(space, instruments__deployment_price=1.0, instruments__security_price=1.0, moscow__keep_weight=1.0)
    space.moscow.answer([challenge], 0)
    assert sent(space) == [("KAZ", LOAN.name)]
    change(space, instruments__security_price=0.0)
    for week in (1, 2, 3):
        space.moscow.answer([challenge], week)
        assert len(sent(space)) <= 1 + week
    steps = [RESCUE_INSTRUMENTS.index(name) for _, name in sent(space)]
    assert sent(space)[1] == ("KAZ", SECURITY.name)
    assert steps == sorted(set(steps))


@pytest.mark.parametrize(("alignment", "most"), [(0.2, SUPPORT), (0.7, LOAN)])
def test_without_a_call_there_are_words_and_for_a_friend_money(situation, alignment, most):
    space, (challenge,) = eager(situation, "KAZ")
    challenge.requested, challenge.regime.alignment = False, alignment
    space.moscow.answer([challenge], 0)
    assert sent(space) == [("KAZ", most.name)]
    assert not refused(space)


def test_troops_go_to_members_alone(situation):
    space, (challenge,) = eager(situation, "KAZ")
    challenge.regime.memberships.discard("CSTO")
    space.moscow.answer([challenge], 0)
    assert sent(space) == [("KAZ", SECURITY.name)]


def test_a_hostile_regime_is_worth_nothing(situation):
    space, (challenge,) = eager(situation, "KAZ")
    challenge.regime.alignment = -0.6
    assert space.moscow.worth(challenge.regime) == 0
    change(
        space, instruments__support_price=0.1, instruments__loan_price=0.1, instruments__security_price=0.1
    )
    change(space, instruments__deployment_price=0.1)
    space.moscow.answer([challenge], 0)
    assert refused(space) == ["KAZ"]


def test_a_burden_counts_against_a_regime(situation):
    space, (challenge,) = eager(situation, "KAZ")
    change(space, moscow__burden_aversion=1.0)
    worth = []
    for challenge.regime.burden in (0.0, 0.5, 1.0):
        worth.append(space.moscow.worth(challenge.regime))
    assert worth[0] > worth[1] > worth[2]


def test_unconditional_support_asks_neither_for_friendship_nor_for_the_burden(situation):
    space, (challenge,) = eager(situation, "KAZ")
    change(space, moscow__unconditional_support=1.0, moscow__burden_aversion=1.0)
    worth = set()
    for challenge.regime.alignment, challenge.regime.burden in ((-0.2, 1.0), (0.9, 0.0)):
        worth.add(space.moscow.worth(challenge.regime))
    assert len(worth) == 1
    assert worth.pop() > 0


@pytest.mark.parametrize("instrument", [SUPPORT, LOAN, SECURITY, DEPLOYMENT])
def test_prices_and_failures_speak_against_an_instrument(situation, instrument):
    space, (challenge,) = eager(situation, "KAZ")
    short = {"political_support": "support", "security_help": "security", "csto_deployment": "deployment"}
    net = net_value(space, instrument, challenge)
    belief = space.moscow.beliefs[instrument.name]
    for _ in range(20):
        belief.update(survived=False)
    distrusted = net_value(space, instrument, challenge)
    change(space, **{f"instruments__{short.get(instrument.name, instrument.name)}_price": 0.5})
    assert net > distrusted
    assert distrusted - net_value(space, instrument, challenge) == pytest.approx(0.5)


def test_the_first_deployment_is_the_hardest(situation):
    space, (challenge,) = eager(situation, "KAZ")
    # Each precedent takes away .7 of the price; what services then expect is another matter
    change(space, moscow__first_deployment_price=0.0, alliance__precedent_relief=0.7)
    change(space, alliance__precedent_resolve=0.0)
    unpriced = net_value(space, DEPLOYMENT, challenge)
    change(space, moscow__first_deployment_price=0.2)
    net = []
    for space.alliance.precedents in (0, 1, 3):
        net.append(net_value(space, DEPLOYMENT, challenge))
    assert unpriced - net[0] == pytest.approx(0.2)
    assert unpriced - net[1] == pytest.approx(0.2 * 0.3)
    assert unpriced - net[2] == pytest.approx(0.2 * 0.3**3)


def test_beliefs_start_neutral_and_weigh_the_stated_number_of_cases(situation):
    space = situation(parameters={"moscow.learning_weight": 10})
    belief = space.moscow.beliefs[LOAN.name]
    assert belief.trust == pytest.approx(1)
    belief.update(survived=True)
    assert belief.trust == pytest.approx((8 / 11) / 0.7)
    belief.update(survived=False)
    assert belief.trust == pytest.approx((8 / 12) / 0.7)


def test_its_choice_is_a_quantal_response(situation):
    space = situation()
    change(space, moscow__decisiveness=10.0)
    for net in (-0.2, 0.0, 0.1):
        chance = 1 / (1 + math.exp(-10 * net))
        assert space.moscow.accepts(net, chance - 1e-9)
        assert not space.moscow.accepts(net, chance + 1e-9)


def test_where_it_abstains_it_sends_nothing_and_elsewhere_all_it_has(situation):
    space, challenges = eager(situation, "KAZ", "BLR")
    for instrument in (SUPPORT, LOAN, SECURITY, DEPLOYMENT):
        space.moscow.abstains[instrument.name, "KAZ"] = 5
    space.moscow.answer(challenges, 0)
    assert sent(space) == [("BLR", DEPLOYMENT.name)]
    assert refused(space) == ["KAZ"]


def test_abstaining_from_one_instrument_leaves_the_others(situation):
    space, challenges = eager(situation, "KAZ")
    space.moscow.abstains[DEPLOYMENT.name, "KAZ"] = 5
    space.moscow.answer(challenges, 0)
    assert sent(space) == [("KAZ", SECURITY.name)]


# -- what follows --------------------------------------------------------------------------------------


def test_a_refusal_costs_trust_and_hope(situation):
    space, (challenge,) = eager(situation, "KAZ")
    regime, other = challenge.regime, space.regime("BLR")
    regime.trust, other.trust = 0.6, 0.6
    before = regime.expects_help
    space.moscow.budget.attention_left = 0.0
    space.moscow.answer([challenge], 0)
    assert regime.trust == pytest.approx(0.6 - space.parameters.alliance.refusal_loss)
    assert regime.expects_help < before
    assert other.trust == 0.6
    space.moscow.answer([challenge], 1)
    assert refused(space) == ["KAZ"]  # one call, one refusal


def test_a_refused_outsider_had_no_trust_in_the_alliance_to_lose(situation):
    space, (challenge,) = eager(situation, "KAZ")
    challenge.regime.memberships.discard("CSTO")
    trust = challenge.regime.trust
    space.moscow.budget.attention_left = 0.0
    space.moscow.answer([challenge], 0)
    assert challenge.regime.trust == trust


def test_help_makes_dependent_and_hopeful_and_turns_the_public(situation):
    space, (challenge,) = eager(situation, "KAZ")
    regime = challenge.regime
    own = space.population.of(regime.index)
    attitude, hope = space.population.attitude[own].mean(), regime.expects_help
    space.moscow.answer([challenge], 0)
    rung = DEPLOYMENT.rung
    assert regime.dependence == pytest.approx(0.6 + rung * space.parameters.regimes.rescue_dependence)
    assert regime.expects_help > hope
    assert space.population.attitude[own].mean() < attitude
    change(space, citizens__help_backlash=0.0)
    attitude = space.population.attitude.mean()
    challenge.help = None
    space.moscow.answer([challenge], 1)
    assert len(sent(space)) == 2
    assert space.population.attitude.mean() == attitude


def test_help_works_as_well_as_moscows_name(situation):
    space, (challenge,) = eager(situation, "KAZ")
    space.moscow.standing = 0.5
    space.moscow.answer([challenge], 0)
    assert challenge.help_gain == pytest.approx(0.5 * challenge.help.gain(space.parameters))


# -- over the years ------------------------------------------------------------------------------------


def test_war_drains_capacity_troops_and_money(situation):
    space = situation()
    moscow, p = space.moscow, space.parameters
    moscow.budget = Budget(troops=200, money=20, attention=4)
    moscow.begin_month(0.0)
    assert moscow.free_capacity == 1
    free = moscow.budget.troops_free, moscow.budget.money_left, moscow.budget.attention_left
    moscow.begin_month(0.5)
    assert moscow.free_capacity == pytest.approx(1 - 0.5 * p.war.capacity_drain)
    assert moscow.budget.troops_free == pytest.approx(
        200 * moscow.free_capacity - 0.5 * p.instruments.war_troops
    )
    now = moscow.budget.troops_free, moscow.budget.money_left, moscow.budget.attention_left
    assert all(less < more for less, more in zip(now, free, strict=True))


def test_standing_recovers(situation):
    space = situation()
    space.moscow.standing = 0.5
    space.moscow.begin_month(0.0)
    assert space.moscow.standing == pytest.approx(0.5 + 0.5 * space.parameters.war.standing_return)


def test_an_old_leader_wants_back_what_was_lost(situation):
    space = situation(parameters={"moscow.legacy_urgency": 2.0})
    p, wants = space.parameters.moscow, []
    for space.moscow.leader_age in (
        p.leader_horizon_age - 30,
        p.leader_horizon_age - 10,
        p.leader_horizon_age + 1,
    ):
        wants.append(space.moscow.restoration)
    assert wants[0] == pytest.approx(p.restoration_weight)
    assert wants[0] < wants[1] < wants[2]
    assert wants[2] == pytest.approx(3 * p.restoration_weight)


def test_leaders_age_and_go(situation):
    space = situation(parameters={"moscow.leader_exit_hazard": 0.0})
    age, tenure = space.moscow.leader_age, space.moscow.leader_tenure
    for _ in range(12):
        space.step()
    assert space.moscow.leader_age == pytest.approx(age + 1)
    assert space.moscow.leader_tenure == tenure + 12
    change(space, moscow__leader_exit_hazard=0.1)
    space.moscow.leader_age = 100
    for _ in range(12):
        space.step()
    assert "moscow_leader" in [event.kind for event in space.ledger.events]
    assert space.moscow.leader_age < 70


def test_a_new_leader_is_busy_at_home_for_a_year(situation):
    space = situation(parameters={"moscow.leader_exit_hazard": 0.0})
    moscow = space.moscow
    moscow.begin_month(0.0)
    attention = moscow.budget.attention_left
    moscow.change_leader("managed", "scenario")
    seen = []
    for _ in range(13):
        moscow.begin_month(0.0)
        seen.append(moscow.budget.attention_left)
    assert max(seen[:11]) < attention
    assert seen[-1] == attention


# -- votes in dispute, and loans --------------------------------------------------------------------------


def test_a_vote_is_worth_recognising_while_it_is_disputed_and_the_more_the_less_fair_it_was(situation):
    space = situation()
    assert space.parameters.moscow.recognition > 0  # on by default
    change(space, moscow__recognition=0.0)
    assert recognition(space.parameters.moscow, 0, 1.0, 0.5) == 0  # left out
    change(space, moscow__recognition=0.2)
    p = space.parameters.moscow
    assert recognition(p, 0, 1.0, 0.5) == pytest.approx(0.2)
    assert recognition(p, 6, 0.5, -0.2) == pytest.approx(0.1)
    assert recognition(p, 7, 1.0, 0.5) == 0  # half a year on it is about something else
    assert recognition(p, 0, 1.0, -0.3) == 0  # nobody props up a hostile regime


@pytest.mark.parametrize(
    ("months", "worth", "expected"), [(2, 0.2, [("UZB", SUPPORT.name)]), (2, 0.0, []), (12, 0.2, [])]
)
def test_words_for_a_disputed_vote_go_to_a_regime_that_is_worth_nothing_else(
    situation, months, worth, expected
):
    space = situation()
    change(space, moscow__recognition=worth, moscow__decisiveness=200.0)
    space.moscow.begin_month(0.0)
    challenge = open_challenge(space, "UZB", participation=0.4)
    challenge.requested = True
    regime = challenge.regime
    regime.alignment, regime.strategic_value, regime.burden, regime.dependence = 0.0, 0.05, 1.0, 0.9
    regime.unfair_votes, regime.months_since_election, regime.months_since_parliament = 1.0, months, 40
    assert space.moscow.worth(regime) < 0
    space.moscow.answer([challenge], 0)
    assert sent(space) == expected


def test_of_a_loan_only_what_is_not_expected_back_is_spent(situation):
    space = situation()
    money = space.parameters.instruments.loan_cost
    assert 0 < LOAN.cost(space.parameters).money < money  # on by default
    change(space, instruments__loan_grant=1.0)
    assert LOAN.cost(space.parameters).money == money  # left out
    change(space, instruments__loan_grant=0.25)
    assert LOAN.cost(space.parameters).money == pytest.approx(0.25 * money)
