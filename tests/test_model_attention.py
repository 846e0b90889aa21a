"""Moscow's attention: what a challenge takes of it, and what happens when it runs out."""

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
    sent,
)

from sim.model.moscow.budget import Budget


def test_the_price_of_attention_rises_as_it_runs_out():
    budget = Budget(troops=10, money=2, attention=2.0)
    assert budget.scarcity(0.0) == 0
    assert budget.scarcity(0.5) == pytest.approx(math.log(2.0 / 1.5))
    assert budget.scarcity(0.001) == pytest.approx(0.001 / 2.0, rel=1e-3)  # a plain share while all is free
    budget.attention_left = 1.0
    assert budget.scarcity(0.5) == pytest.approx(math.log(2.0))
    # Two acts cost the same one by one and at once, so that their order does not matter
    first = budget.scarcity(0.2)
    budget.attention_left = 0.8
    assert first + budget.scarcity(0.3) == pytest.approx(math.log(2.0))
    assert 10 < budget.scarcity(0.8) < math.inf
    assert 10 < budget.scarcity(5.0) < math.inf


def test_one_challenge_makes_help_for_another_dearer(situation):
    space, (first, second) = eager(situation, "BLR", "KAZ")
    change(space, moscow__price_of_resources=0.5, instruments__support_gain=2.0)  # so that words pay
    space.moscow.abstains.update({(name.name, "BLR"): 9 for name in (LOAN, SECURITY, DEPLOYMENT)})
    alone = net_value(space, LOAN, second)
    before = space.moscow.budget.attention_left
    space.moscow.answer([first], 0)
    after = space.moscow.budget.attention_left
    assert before - after == pytest.approx(space.moscow.attention_for(SUPPORT, first))
    taken = space.moscow.attention_for(LOAN, second)
    dearer = math.log(after / (after - taken)) - math.log(before / (before - taken))
    assert alone - net_value(space, LOAN, second) == pytest.approx(0.5 * dearer)
    assert dearer > 0


def test_one_challenge_never_takes_more_than_its_share_of_attention(situation):
    space, (challenge,) = eager(situation, "KAZ")
    change(space, moscow__most_attention=0.4)
    challenge.participation = 1.0
    budget = space.moscow.budget
    assert space.moscow.attention_for(DEPLOYMENT, challenge) == pytest.approx(0.4 * budget.attention)
    assert space.moscow.attention_for(SUPPORT, challenge) < 0.4 * budget.attention  # so little takes its own
    space.moscow.begin_month(1.0)  # war leaves less, and a share is of what is left
    expected = 0.4 * budget.attention * budget.capacity
    assert space.moscow.attention_for(DEPLOYMENT, challenge) == pytest.approx(expected)
    assert budget.capacity < 1


def test_help_holds_attention_until_the_challenge_is_over(situation):
    space, (challenge,) = eager(situation, "KAZ")
    space.moscow.answer([challenge], 0)
    whole = space.moscow.budget.attention
    for challenge.participation in (0.4, 0.2):
        space.moscow.begin_month(0.0)
        held = space.moscow.attention_for(DEPLOYMENT, challenge)
        assert space.moscow.budget.attention_left == pytest.approx(whole - held)
    assert held == pytest.approx(1 + space.parameters.moscow.attention_by_size)
    space.challenges._end(challenge, "ebbed")
    space.moscow.begin_month(0.0)
    assert space.moscow.budget.attention_left == pytest.approx(whole)


def test_a_higher_rung_takes_only_what_the_challenge_does_not_hold_yet(situation):
    space, (challenge,) = eager(situation, "KAZ")
    space.moscow.abstains[DEPLOYMENT.name, "KAZ"] = 5
    before = space.moscow.budget.attention_left
    space.moscow.answer([challenge], 0)
    space.moscow.abstains.clear()
    space.moscow.answer([challenge], 1)
    assert [name for _, name in sent(space)] == [SECURITY.name, DEPLOYMENT.name]
    taken = space.moscow.attention_for(DEPLOYMENT, challenge)
    assert before - space.moscow.budget.attention_left == pytest.approx(taken)


def test_what_matters_least_is_let_go_when_attention_no_longer_suffices(situation):
    space, challenges = eager(situation, "BLR", "KAZ", "ARM")
    for challenge, value in zip(challenges, (0.5, 0.9, 0.7), strict=True):
        challenge.regime.strategic_value, challenge.help, challenge.help_gain = value, SECURITY, 1.0
    space.moscow.budget.attention = 2.5 * space.moscow.attention_for(SECURITY, challenges[0])
    space.moscow.begin_month(0.0)
    assert [challenge.help for challenge in challenges] == [None, SECURITY, SECURITY]
    assert [challenge.help_gain for challenge in challenges] == [0.0, 1.0, 1.0]
    assert space.moscow.budget.attention_left >= 0
    space.moscow.begin_month(1.0)  # war takes more of it
    assert [challenge.help for challenge in challenges] == [None, SECURITY, None]
    assert space.moscow.budget.attention_left >= 0


@pytest.mark.parametrize("war", [0.0, 1.0])
def test_many_challenges_at_once_overwhelm_and_attention_is_never_overspent(situation, war):
    codes = ("BLR", "KAZ", "ARM", "KGZ", "MDA", "TJK", "UZB", "AZE")
    helped = []
    for several in (codes[:1], codes):
        space, challenges = eager(situation, *several)
        space.moscow.begin_month(war)
        for week in range(4):
            space.moscow.answer(challenges, week)
            assert space.moscow.budget.attention_left >= 0
        helped.append(sum(challenge.help is not None for challenge in challenges) / len(challenges))
    assert helped[0] == 1
    assert helped[1] < 1
