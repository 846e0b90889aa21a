"""What is passed over because nobody's chance can be that high: each limit covers its rule."""

import copy

import numpy as np
import pytest
from situations import change, open_challenge

from sim.model.moscow.aims import highest_war_chance, highest_window_chance, war_chance, window_chance
from sim.model.moscow.instruments import RESCUE_LADDER
from sim.model.randomness import Process, RandomNumbers
from sim.model.regimes.calendar import KINDS
from sim.model.regimes.focal_events import shocked, shocks
from sim.model.regimes.succession import (
    coup_chance,
    death_chance,
    lame_duck_chance,
    stirred,
)
from sim.model.region import alliance
from sim.model.region.alliance import wavering
from sim.model.region.clashes import clash_hazard, highest_clash_hazard
from sim.parameters import catalogue
from sim.series import DE_FACTO, LATENT, PROTECTED

SECTIONS = (
    "challenges", "learning", "rivals", "regimes", "clashes", "territories", "war", "moscow",
    "alliance", "instruments", "costs",
)  # fmt: skip
WORLDS = 40


def _disturbed(space, chance):
    """Draw parameters from all of their ranges, and states that the rules reckon with, extremes included."""
    drawn = {
        path.replace(".", "__"): spec.low + _within(chance) * (spec.high - spec.low)
        for path, spec in catalogue().items()
        if path.split(".")[0] in SECTIONS
    }
    change(space, **drawn)
    space.moscow.free_capacity, space.moscow.standing = _within(chance), _within(chance)
    space.moscow.leader_age = chance.uniform(40, 90)
    space.west.engagement = 2 * _within(chance)
    for regime in space.regimes:
        for stock in ("cohesion", "openness", "preparedness", "dependence", "clan_politics"):
            setattr(regime, stock, _within(chance))
        regime.nato_course = _within(chance)
        regime.alignment = 2 * _within(chance) - 1
        regime.garrison = chance.choice([0.0, 1.0, 30.0])
        regime.dual_power, regime.lame_duck = chance.integers(0, 2, 2)
        regime.leader_age = chance.uniform(35, 95)
        regime.months_since_election = int(chance.integers(0, 60))
        if chance.random() < 0.3:
            space.wars.under_way(regime, 1.0)
    for movement in space.movements:
        movement.expected_success = _within(chance)
    for territory in space.territories:
        territory.status = int(chance.choice([LATENT, DE_FACTO, PROTECTED]))
        territory.proneness, territory.dependence = _within(chance), _within(chance)
    for dyad in space.dyads:
        dyad.build_up = _within(chance)


def _within(chance):
    return float(chance.choice([0.0, 1.0, chance.random()]))


@pytest.fixture(params=range(WORLDS))
def disturbed(request, situation):
    space = situation()
    _disturbed(space, np.random.default_rng(request.param))
    return space


def test_no_chance_exceeds_what_is_taken_for_the_highest(disturbed):
    space = disturbed
    for regime in space.regimes:
        assert space.west.campaign_rate(regime) <= space.west.most_campaigns
        if regime.nato_course > space.parameters.war.red_line:
            assert war_chance(space, regime) <= highest_war_chance(space)
    for territory in space.territories:
        assert window_chance(space, territory) <= highest_window_chance(space)
    for dyad in space.dyads:
        assert clash_hazard(space, dyad) <= highest_clash_hazard(space)


def test_an_offer_is_passed_over_only_where_the_draw_would_refuse_it(disturbed):
    space, chance = disturbed, np.random.default_rng(13)
    change(space, moscow__observation_error=0.0)
    moscow = space.moscow
    moscow.begin_month(0.0)
    for regime in space.regimes:
        regime.burden, regime.strategic_value = _within(chance), _within(chance)
        regime.months_since_election = int(chance.integers(0, 9))
        challenge = open_challenge(space, regime.code, participation=chance.random())
        challenge.requested, challenge.help_place = bool(chance.integers(2)), int(chance.integers(4))
        challenge.answer_gain, challenge.help_gain = 2 * _within(chance), 2 * _within(chance)
        moscow.beliefs[RESCUE_LADDER[int(chance.integers(4))].name].update(survived=chance.random() < 0.5)
        space.alliance.precedents = int(chance.integers(0, 3))
        danger = moscow._danger(challenge, 0.0)
        weighed = {offer.instrument for offer in moscow._offers([challenge], 0)}
        draw = space.numbers.draw(Process.MOSCOW_CHOICE, space.tick, regime.index, len(space.regimes))
        for instrument in set(moscow._possible(challenge, [True] * len(RESCUE_LADDER))) - weighed:
            more = RESCUE_LADDER.index(instrument) >= challenge.help_place
            pays = danger.worth > 0 or (instrument.recognises and danger.recognition > 0)
            accepted = moscow.accepts(moscow._net_value(moscow._offer(instrument, challenge, danger)), draw)
            assert not (more and pays and accepted)


def test_a_challenge_goes_on_unasked_only_where_nothing_would_happen(disturbed):
    space, chance = disturbed, np.random.default_rng(17)
    for regime in space.regimes:
        regime.security_loyalty, regime.expected_turnout = _within(chance), _within(chance)
        challenge = open_challenge(space, regime.code, participation=chance.random())
        challenge.answer_gain, challenge.help_gain = 2 * _within(chance), 2 * _within(chance)
        challenge.help_place, challenge.help_ends = int(chance.integers(3)), int(chance.integers(2))
        challenge.defected, challenge.weeks = bool(chance.integers(2)), int(chance.integers(6))
    space.alliance.precedents = int(chance.integers(0, 3))
    plain = copy.deepcopy(space)
    in_danger = [challenge.index for challenge in space.challenges._in_danger()]
    for challenge in plain.challenges.in_order:
        if challenge.index in in_danger:
            continue
        turned = challenge.defected
        assert challenge.contest(plain) == ""
        assert challenge.defected == turned
        challenge.fall_chance = 0.0
        challenge.go_on(plain)
    for name in ("regimes", "challenges"):
        assert getattr(space.rows, name).tolist() == getattr(plain.rows, name).tolist()


def test_shocks_are_felt_wherever_a_draw_lies_below_their_chance(disturbed):
    space, rows = disturbed, disturbed.rows
    chances = [
        shocks(movement.regime, movement.encouragement, space.parameters) / 12 for movement in space.movements
    ]
    below = np.nextafter(chances, 0)
    felt = [i for i, chance in enumerate(chances) if chance > 0]
    assert shocked(rows.regimes, rows.movements, space.rules, below).tolist() == felt
    assert shocked(rows.regimes, rows.movements, space.rules, np.array(chances)).size == 0


def test_elites_are_asked_wherever_a_draw_lies_below_their_chance(disturbed):
    space, p, rows = disturbed, disturbed.parameters.regimes, disturbed.rows.regimes
    leaves = [death_chance(regime, p) + lame_duck_chance(regime, p) for regime in space.regimes]
    ousted = [
        coup_chance(p, each.cohesion, each.openness, each.dual_power > 0, each.lame_duck > 0)
        for each in space.regimes
    ]
    never, leaving = np.full(len(leaves), np.inf), {each.index for each in space.regimes if each.lame_duck}
    for exits, coups, chances in (
        (np.nextafter(leaves, 0), never, leaves),
        (never, np.nextafter(ousted, 0), ousted),
    ):
        may = {i for i, chance in enumerate(chances) if chance > 0}
        assert set(stirred(rows, space.rules, exits, coups).tolist()) == may | leaving
    assert set(stirred(rows, space.rules, never, never).tolist()) == leaving


def test_states_are_asked_of_membership_wherever_they_would_join_or_leave(situation, monkeypatch):
    space, chance = situation(), np.random.default_rng(19)
    change(space, alliance__entry_hazard=0.4, alliance__exit_hazard=0.4, alliance__lapse_hazard=0.3)
    states = len(space.regimes)
    moved, asked = 0, 0
    for _ in range(50):
        for regime in space.regimes:
            regime.alignment, regime.trust = 2 * chance.random() - 1, chance.random()
            regime.memberships = set(chance.choice(["CSTO", "EAEU", "CIS", "EU"], 2).tolist())
        before = [set(regime.memberships) for regime in space.regimes]
        uniforms = chance.random((states, 3))
        may = set(wavering(space.rows.regimes.copy(), space.rules, uniforms).tolist())
        with monkeypatch.context() as patch:
            patch.setattr(space.numbers, "table", lambda *_, uniforms=uniforms: uniforms)
            patch.setattr(alliance, "wavering", _asked_of_all)
            space.alliance.review_membership()
        do = {i for i, regime in enumerate(space.regimes) if regime.memberships != before[i]}
        assert do <= may
        moved, asked = moved + len(do), asked + len(may)
    assert 50 < moved < asked < 50 * states


def _asked_of_all(rows, *rest):
    """Let trust return, and ask every state."""
    wavering(rows, *rest)
    return np.arange(rows.size)


def test_a_draw_is_one_of_the_months():
    numbers = RandomNumbers(3, 1, 5)
    for tick in range(5):
        draws = numbers.draws(Process.WAR, tick, 14, 3)
        assert draws == [[numbers.draw(Process.WAR, tick, i, 14, 3, k) for k in range(3)] for i in range(14)]


def test_the_lowest_draw_is_the_lowest():
    numbers, names = RandomNumbers(3, 1, 5), ("one", "another")
    for tick in range(5):
        for index in (0, 1):
            draws = numbers.draws(Process.EARLY_VOTE, tick, 14, 2)
            assert numbers.lowest(Process.EARLY_VOTE, tick, 14, 2, index) == min(d[index] for d in draws)
            named = numbers.named_draws(Process.LOSS, tick, names, 2)
            assert numbers.lowest_named(Process.LOSS, tick, names, 2, index) == min(d[index] for d in named)
        assert numbers.lowest_named(Process.LOSS, tick, (), 2) == 1


def test_whoever_draws_below_a_limit_is_asked():
    numbers = RandomNumbers(3, 1, 24)
    some = set()
    for tick in range(24):
        draws = numbers.draws(Process.MEMBERSHIP, tick, 14, 3)
        for limit in (0.0, 0.01, 0.1, 1.0):
            of_any = [i for i, of in enumerate(draws) if min(of) < limit]
            of_one = [i for i, of in enumerate(draws) if of[1] < limit]
            assert numbers.below(Process.MEMBERSHIP, tick, 14, limit, 3) == of_any
            assert numbers.below(Process.MEMBERSHIP, tick, 14, limit, 3, 1) == of_one
            some.add(len(of_one))
    assert len(some) > 3


def test_no_vote_is_due_where_all_terms_run(disturbed):
    space, chance = disturbed, np.random.default_rng(7)
    for regime in space.regimes:
        regime.months_since_election = int(chance.integers(0, regime.election_term + 2))
        regime.months_since_parliament = int(chance.integers(0, 62))
        if chance.random() < 0.2:
            space.calendar.called[regime.index, KINDS[int(chance.integers(2))]] = space.tick
    asked = space.calendar.terms_over()
    for regime in space.regimes:
        if any(space.calendar.is_due(regime, kind) for kind in KINDS):
            assert regime in asked
