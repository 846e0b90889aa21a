"""How a challenged regime answers: what each answer is worth, and which is chosen."""

import math
from collections import Counter

import numpy as np
import pytest
from situations import (
    LOAN,
    change,
    cost,
    gain,
    kinds,
    open_challenge,
)

from sim.model.regimes.challenge import ANSWERS
from sim.model.regimes.responses import RESPONSES, BuyOff, CallMoscow, Concede, Hedge, Repress, choose
from sim.model.regimes.week import WEEKS


def test_responses_stand_in_the_order_of_their_numbers():
    assert [response.number for response in RESPONSES] == list(range(len(ANSWERS)))


def test_repression_costs_legitimacy_and_the_movement_its_resources(situation):
    space = situation()
    challenge = open_challenge(space)
    legitimacy, resources = challenge.regime.legitimacy, challenge.movement.resources
    Repress().carry_out(challenge, space)
    assert challenge.regime.legitimacy == pytest.approx(legitimacy - space.parameters.regimes.repression_cost)
    assert challenge.movement.resources < resources


def test_repression_works_with_loyal_services_and_against_small_crowds(situation):
    space = situation()
    challenge = open_challenge(space, participation=0.2)
    challenge.regime.security_loyalty = 0.8
    worth = gain(Repress, challenge, space)
    challenge.participation = 0.6
    assert gain(Repress, challenge, space) < worth
    challenge.participation, challenge.regime.security_loyalty = 0.2, 0.3
    assert gain(Repress, challenge, space) < worth


def test_repression_costs_open_regimes_more(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.openness = 0.1
    closed = cost(Repress, challenge, space)
    challenge.regime.openness = 0.8
    assert cost(Repress, challenge, space) > closed


def test_rents_buy_calm_and_are_spent(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.rents = 0.5
    assert gain(BuyOff, challenge, space) == pytest.approx(0.5 * space.parameters.regimes.buy_off_gain)
    BuyOff().carry_out(challenge, space)
    assert challenge.regime.rents < 0.5
    assert challenge.spark < 0.4


def test_concessions_calm_the_street_and_split_elites(situation):
    space = situation()
    challenge = open_challenge(space)
    cohesion, legitimacy = challenge.regime.cohesion, challenge.regime.legitimacy
    Concede().carry_out(challenge, space)
    assert challenge.spark == pytest.approx(0.4 * (1 - space.parameters.regimes.concession_relief))
    assert challenge.regime.cohesion < cohesion
    assert challenge.regime.legitimacy > legitimacy


def test_concessions_suit_open_regimes(situation):
    space = situation()
    challenge = open_challenge(space)
    net = []
    for openness in (0.1, 0.8):
        challenge.regime.openness = openness
        net.append(gain(Concede, challenge, space) - cost(Concede, challenge, space))
    assert net[0] < net[1]


def test_hedging_turns_the_line_away_and_suits_the_independent(situation):
    space = situation()
    challenge = open_challenge(space)
    line, price = challenge.regime.line, cost(Hedge, challenge, space)
    for _ in range(WEEKS):
        Hedge().carry_out(challenge, space)
    assert challenge.regime.line == pytest.approx(line - space.parameters.regimes.hedge_shift)
    challenge.regime.dependence = 0.0
    assert cost(Hedge, challenge, space) < price


def test_hedging_pays_where_the_crowd_resents_the_alignment_and_others_reach_in(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.attitude, challenge.regime.alignment = 0.5, 0.5
    worth = gain(Hedge, challenge, space)
    challenge.regime.attitude = -0.5
    assert gain(Hedge, challenge, space) > worth
    challenge.regime.attitude = 0.5
    for power in space.powers:
        power.engagement = 0.0
    assert gain(Hedge, challenge, space) < worth


def test_only_regimes_on_moscows_side_call_it(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.alignment = 0.6
    assert gain(CallMoscow, challenge, space) > 0
    challenge.regime.alignment = 0.0
    assert gain(CallMoscow, challenge, space) == -math.inf


def test_a_call_is_worth_what_past_answers_lead_a_regime_to_expect(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.alignment = 0.6
    challenge.regime.expects_help = 0.2
    doubtful = gain(CallMoscow, challenge, space)
    challenge.regime.expects_help = 0.9
    assert gain(CallMoscow, challenge, space) == pytest.approx(4.5 * doubtful)


def test_nobody_calls_twice_before_an_answer_or_while_help_works(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.alignment = 0.6
    CallMoscow().carry_out(challenge, space)
    assert kinds(space)[-1] == "request"
    assert gain(CallMoscow, challenge, space) == -math.inf
    challenge.answered = True
    assert gain(CallMoscow, challenge, space) > -math.inf
    challenge.help = LOAN
    assert gain(CallMoscow, challenge, space) == -math.inf


UNIFORMS = (np.arange(500) + 0.5) / 500


def chosen(challenge, space, uniform):
    """Return the response that a draw chooses."""
    choose(space, [challenge], np.full((len(space.regimes), WEEKS), uniform))
    return challenge.answer


def shares(challenge, space):
    """Return the share of each response over an even grid of uniforms."""
    counts = Counter(chosen(challenge, space, u) for u in UNIFORMS)
    return {name: count / UNIFORMS.size for name, count in counts.items()}


def test_answers_follow_the_quantal_response(situation):
    space = situation()
    challenge = open_challenge(space, participation=0.2)
    challenge.regime.alignment = 0.6
    for rationality in (0.5, 3.0):
        change(space, regimes__rationality=rationality)
        appeal = {
            ANSWERS[r.number]: rationality * (gain(r, challenge, space) - cost(r, challenge, space))
            for r in RESPONSES
        }
        total = sum(math.exp(a) for a in appeal.values())
        for name, share in shares(challenge, space).items():
            assert share == pytest.approx(math.exp(appeal[name]) / total, abs=2.1 / UNIFORMS.size)


def test_a_wholly_rational_regime_takes_the_best_answer(situation):
    space = situation()
    change(space, regimes__rationality=20.0, regimes__buy_off_gain=5.0, regimes__buy_off_price=0.0)
    challenge = open_challenge(space)
    challenge.regime.rents = 0.9
    assert shares(challenge, space) == {"buy off": 1.0}


def test_what_cannot_be_done_is_never_chosen(situation):
    space = situation()
    challenge = open_challenge(space)
    challenge.regime.alignment = -0.2
    assert "call Moscow" not in shares(challenge, space)


def test_a_regime_without_reason_answers_at_random(situation):
    space = situation()
    change(space, regimes__rationality=0.0)
    challenge = open_challenge(space)
    challenge.regime.alignment = 0.6
    assert shares(challenge, space) == pytest.approx(dict.fromkeys(ANSWERS, 0.2))


def test_a_regime_without_reason_that_cannot_call_moscow_answers_at_random(situation):
    space = situation()
    change(space, regimes__rationality=0.0)
    challenge = open_challenge(space)
    challenge.regime.alignment = -0.2
    possible = [answer for answer in ANSWERS if answer != "call Moscow"]
    assert shares(challenge, space) == pytest.approx(dict.fromkeys(possible, 0.25))
