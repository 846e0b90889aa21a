"""Clashes between states, and Moscow's mediation."""

import math

import pytest
from situations import (
    change,
)

from sim.model.citizens.outlook import citizens_live
from sim.model.moscow import acts
from sim.model.region import clashes
from sim.series import DE_FACTO, LATENT, PROTECTED


def told(space, kind):
    return [(event.target, event.detail) for event in space.ledger.events if event.kind == kind]


def disputed(space, *, territory=True):
    """Return a dyad with or without a disputed territory."""
    return next(dyad for dyad in space.dyads if (dyad.territory is not None) is territory)


def test_clashes_grow_likelier_where_moscows_capacity_standing_and_troops_are_gone(situation):
    space = situation()
    dyad = disputed(space, territory=False)
    for regime in dyad.states:
        regime.garrison = 2.0
    p = space.parameters.clashes
    space.moscow.free_capacity = space.moscow.standing = 1.0
    covered = clashes.clash_hazard(space, dyad)
    assert covered == pytest.approx(dyad.hazard * math.exp(-0.5 * p.presence_effect))
    space.moscow.free_capacity = 0.5
    assert clashes.clash_hazard(space, dyad) == pytest.approx(covered * math.exp(0.5 * p.arbiter_effect))
    space.moscow.standing = 0.5
    assert clashes.clash_hazard(space, dyad) == pytest.approx(covered * math.exp(0.75 * p.arbiter_effect))
    space.moscow.free_capacity = space.moscow.standing = 1.0
    for regime in dyad.states:
        regime.garrison = 0.0
    assert clashes.clash_hazard(space, dyad) == pytest.approx(covered * math.exp(p.presence_effect))


def test_peacekeepers_make_clashes_rare(situation):
    space = situation()
    dyad = disputed(space)
    dyad.territory.status = DE_FACTO
    before = clashes.clash_hazard(space, dyad)
    dyad.territory.status = PROTECTED
    after = clashes.clash_hazard(space, dyad)
    assert after == pytest.approx(before * (1 - space.parameters.clashes.peacekeeper_effect))
    assert after < before


def clash(space, dyad):
    """Let one dyad clash and no other; return the mediations that become possible, here without delay."""
    change(space, clashes__mediation_delay=0.0)
    for other in space.dyads:
        other.hazard = 0.0
    dyad.hazard = 1e6
    clashes.clashes(space)
    return space.mediations


@pytest.mark.parametrize("decisive", [True, False])
def test_mediation_wins_both_sides_and_places_peacekeepers_where_a_territory_is_at_stake(situation, decisive):
    space = situation()
    change(space, clashes__conquest=float(decisive))
    dyad = disputed(space)
    dyad.territory.status = DE_FACTO
    (mediation,) = clash(space, dyad)
    host = dyad.territory.host
    for regime in dyad.states:
        regime.line, regime.trust = 0.1, 0.5
    garrison, troops = host.garrison, space.parameters.instruments.peacekeeper_troops
    mediation.carry_out(space, 0.1)
    p = space.parameters.clashes
    for regime in dyad.states:
        assert regime.line == pytest.approx(0.1 + p.mediation_gain)
        assert regime.trust == pytest.approx(0.5 + p.mediation_trust)
    space.mediations = [mediation]
    clashes.left_alone(space)
    assert dyad.first.line == pytest.approx(0.1 + p.mediation_gain)
    assert dyad.territory.status == (PROTECTED if decisive else DE_FACTO)
    assert host.garrison == pytest.approx(garrison + (troops if decisive else 0.0))
    assert told(space, "garrison") == ([(host.code, "placed")] if decisive else [])


def test_late_mediation_takes_back_part_of_the_blame_of_the_same_clash(situation):
    space = situation()
    dyad = disputed(space)
    dyad.first.memberships.add("CSTO")
    before = space.jolts.copy()
    mediations = clash(space, dyad)
    clashes.left_alone(space)
    blame = before[dyad.first.index] - space.jolts[dyad.first.index]
    assert blame == pytest.approx(space.parameters.citizens.abandonment_blame)
    mediations[0].carry_out(space, 0.1)
    kept = before[dyad.first.index] - space.jolts[dyad.first.index]
    assert kept == pytest.approx(blame * (1 - space.parameters.clashes.blame_returned))


def test_peacekeepers_are_sent_out_of_the_budget(situation):
    space = situation(parameters={"moscow.decisiveness": 200.0})
    change(space, clashes__mediation_value=5.0, clashes__mediation_price=0.0, clashes__conquest=1.0)
    dyad = disputed(space)
    dyad.territory.status = DE_FACTO
    mediations = clash(space, dyad)
    space.moscow.begin_month(0.0)
    free = space.moscow.budget.troops_free
    acts.consider(space, mediations)
    assert mediations[0].done
    assert space.moscow.budget.troops_free == pytest.approx(
        free - space.parameters.instruments.peacekeeper_troops
    )


@pytest.mark.parametrize("side", ["first", "second"])
def test_where_moscow_abstains_it_does_not_mediate(situation, side):
    space = situation(parameters={"clashes.conquest": 0.0, "moscow.decisiveness": 200.0})
    change(space, clashes__mediation_value=5.0, clashes__mediation_price=0.0)
    dyad = disputed(space)
    mediations = clash(space, dyad)
    space.moscow.begin_month(0.0)
    space.moscow.abstains["mediation", getattr(dyad, side).code] = 10
    acts.consider(space, mediations)
    assert not mediations[0].done


def test_an_ally_left_alone_blames_moscow_and_others_do_not(situation):
    space = situation(parameters={"clashes.conquest": 0.0})
    dyad = disputed(space)
    first, second = dyad.states
    first.memberships.add("CSTO")
    second.memberships.discard("CSTO")
    for regime in dyad.states:
        regime.line, regime.trust, regime.starting_attitude = 0.1, 0.5, regime.attitude
    change(space, citizens__war_revulsion=0.0, citizens__sponsorship_blame=0.0)
    attitude = first.attitude, second.attitude
    clash(space, dyad)
    clashes.left_alone(space)
    p = space.parameters
    assert first.trust == pytest.approx(0.5 - p.alliance.unanswered_clash_loss)
    assert first.line == pytest.approx(0.1 - p.clashes.ally_alienation)
    assert (second.trust, second.line) == (0.5, 0.1)
    citizens_live(space)
    assert first.attitude < attitude[0] - 0.5 * p.citizens.abandonment_blame
    assert second.attitude == pytest.approx(attitude[1], abs=0.01)


def test_blame_grows_with_each_clash_is_capped_and_fades_as_attitudes_return(situation):
    space = situation()
    change(space, citizens__abandonment_blame=0.3, citizens__attitude_return=0.02)
    dyad = disputed(space)
    ally, other = dyad.states
    ally.memberships.add("CSTO")
    other.memberships.discard("CSTO")
    jolts = []
    for expected in (0.3, 0.6, 0.9, 1.0, 1.0):
        before = space.jolts[ally.index]
        dyad.quiet_until = 0
        clash(space, dyad)
        jolts.append(before - space.jolts[ally.index])
        assert ally.blame == pytest.approx(expected)
        assert other.blame == 0
    assert jolts == pytest.approx([0.3, 0.3, 0.3, 0.1, 0.0])  # attitudes lose what blame gains
    ally.drift(0.0)
    assert ally.blame == pytest.approx(0.98)


def test_mediation_gives_back_a_share_of_the_blame_laid_and_no_more(situation):
    space = situation()
    change(space, clashes__blame_returned=0.5)
    dyad = disputed(space)
    for regime in dyad.states:
        regime.memberships.add("CSTO")
    (mediation,) = clash(space, dyad)
    laid = space.parameters.citizens.abandonment_blame
    for regime, blame in zip(dyad.states, (laid, 0.0), strict=True):
        regime.blame = blame
        space.jolts[regime.index] = 0.0
    mediation.carry_out(space, 0.1)
    assert [regime.blame for regime in dyad.states] == pytest.approx([laid / 2, 0.0])
    assert [space.jolts[regime.index] for regime in dyad.states] == pytest.approx([laid / 2, 0.0])


def test_moscow_may_step_in_only_after_a_delay(situation):
    space = situation()
    dyad = disputed(space)
    change(space, clashes__mediation_delay=2.0)
    for other in space.dyads:
        other.hazard = 0.0
    dyad.hazard = 1e6
    due = []
    for space.tick in range(5):
        clashes.clashes(space)
        due.append([act.target for act in space.mediations])
        dyad.hazard = 0.0
    assert due == [[], [], [dyad.name], [], []]


def test_a_clash_may_end_with_the_territory_retaken_unless_moscow_steps_in(situation):
    for conquest, mediated, status in ((1.0, False, LATENT), (0.0, False, DE_FACTO), (1.0, True, PROTECTED)):
        space = situation()
        change(space, clashes__conquest=conquest)
        dyad = disputed(space)
        dyad.territory.status = DE_FACTO
        mediations = clash(space, dyad)
        if mediated:
            mediations[0].carry_out(space, 0.1)
        clashes.left_alone(space)
        assert dyad.territory.status == status
        assert space.ledger.events[0].kind == "clash"


def test_peacekeepers_hold_as_long_as_moscow_is_strong(situation):
    for standing, status in ((1.0, PROTECTED), (0.2, LATENT)):
        space = situation()
        change(space, clashes__conquest=1.0)
        dyad = disputed(space)
        dyad.territory.status = PROTECTED
        space.moscow.free_capacity, space.moscow.standing = 1.0, standing
        clash(space, dyad)
        clashes.left_alone(space)
        assert dyad.territory.status == status


def test_without_hazard_nobody_clashes(situation):
    space = situation()
    for dyad in space.dyads:
        dyad.hazard = 0.0
    clashes.clashes(space)
    assert not space.mediations
    assert not space.ledger.events
