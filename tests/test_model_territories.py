"""Territories between hosts and Moscow, clashes between states, and mediation."""

import math

import pytest
from test_model_crises import challenge, change

from sim.model import acts, aims, clashes
from sim.model.acts import IntegrateState, TerritorialStep
from sim.model.randomness import Process
from sim.model.recorder import influence
from sim.model.territory import DE_FACTO, INTEGRATED, LATENT, PROTECTED


def told(space, kind):
    return [(event.target, event.detail) for event in space.ledger.events if event.kind == kind]


def held_by(space, host):
    """Return the first territory of a host."""
    return next(territory for territory in space.territories if territory.host.code == host)


# -- steps ---------------------------------------------------------------------------------------------


def test_a_territory_comes_step_by_step(situation):
    space = situation()
    territory = held_by(space, "MDA")
    territory.status, territory.economic_ties = LATENT, False
    seen = []
    while (step := TerritorialStep.next_for(space, territory, 0.5)) is not None:
        step.carry_out(space, 0.1)
        seen.append((step.instrument, territory.status))
    assert seen == [
        ("separatism", DE_FACTO), ("passports", PROTECTED), ("economic_integration", PROTECTED),
        ("annexation", INTEGRATED),
    ]  # fmt: skip
    assert told(space, "territory") == [
        (territory.name, "arose"), (territory.name, "upgraded"), (territory.name, "integrated"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", [LATENT, DE_FACTO, PROTECTED])
def test_a_step_alienates_a_host_that_is_no_friend(situation, status):
    space = situation()
    territory = held_by(space, "MDA")
    territory.status, territory.economic_ties = status, True
    host = territory.host
    host.alignment, host.line, host.kept_line = 0.0, 0.0, 1.0
    TerritorialStep.next_for(space, territory, 0.5).carry_out(space, 0.1)
    p = space.parameters
    assert host.line == pytest.approx(-p.territories.host_alienation)
    assert host.kept_line == pytest.approx(1 - p.rivals.ratchet * p.territories.host_alienation)


def test_passports_do_not_alienate_a_close_friend(situation):
    space = situation()
    territory = held_by(space, "MDA")
    territory.status, territory.host.alignment = DE_FACTO, 0.8
    line = territory.host.line
    TerritorialStep.next_for(space, territory, 0.5).carry_out(space, 0.1)
    assert territory.host.line == line


def worth(space, territory):
    return TerritorialStep.next_for(space, territory, 0.5).net_value(space)


def test_what_a_step_is_worth(situation):
    space = situation()
    territory = held_by(space, "MDA")
    territory.status, territory.economic_ties, territory.proneness = DE_FACTO, False, 0.5
    territory.host.alignment = 0.0
    before = worth(space, territory)
    for moved in (
        {"moscow__restoration_weight": 3.0},
        {"moscow__western_deterrence": 0.0},
        {"territories__step_price": 0.0},
        {"territories__prize": 4.0},
    ):
        space.parameters, kept = space.parameters, space.parameters
        change(space, **moved)
        assert worth(space, territory) > before, moved
        space.parameters = kept
    territory.proneness = 0.9
    assert worth(space, territory) > before
    territory.proneness, territory.host.alignment = 0.5, 0.8
    assert worth(space, territory) < before  # a friend is lost


def test_open_property_builds_dependence_as_long_as_the_territory_is_held(situation):
    space = situation()
    growth = 0.1
    change(space, territories__ties_growth=growth)
    territory = held_by(space, "MDA")
    territory.economic_ties, territory.dependence = False, 0.0
    territory.depend()
    assert territory.dependence == 0
    territory.economic_ties = True
    for _ in range(12):
        territory.depend()
    assert territory.dependence == pytest.approx(1 - (1 - growth) ** 12)
    territory.change(LATENT, "lost", "a test")
    assert (territory.dependence, territory.stake) == (0.0, 1.0)


def test_dependence_raises_the_worth_of_the_last_step_and_its_chance(situation):
    space = situation()
    change(space, territories__ties_stake=2.0)
    territory = held_by(space, "MDA")
    territory.status, territory.host.alignment, territory.patron = PROTECTED, 0.0, "RUS"
    territory.economic_ties = True
    last = TerritorialStep(territory, 0.5, acts.Cost(), "annexation", PROTECTED)
    territory.dependence = 0.0
    free = last.net_value(space)
    territory.dependence = 0.5
    assert territory.stake == pytest.approx(2.0)
    p = space.parameters.territories
    worth_of_step = space.moscow.restoration * p.prize * (0.4 + 0.6 * territory.proneness)
    assert last.net_value(space) - free == pytest.approx(worth_of_step)
    (uniform, _), = (
        draws
        for name, draws in zip(
            space.territory_names,
            space.luck.named_draws(Process.TERRITORY, space.tick, space.territory_names, 2),
            strict=True,
        )
        if name == territory.name
    )  # fmt: skip
    window = uniform / (1.5 * territory.opportunity * space.moscow.urgency)  # open at a stake above 1.5
    change(space, territories__window=window)
    for territory.dependence, open_now in ((0.0, False), (0.2, False), (0.3, True)):
        offered = [act.target for act in aims.possible_acts(space) if isinstance(act, TerritorialStep)]
        assert (territory.name in offered) is open_now


def test_a_territory_that_is_not_dependent_is_weighed_as_it_is(situation):
    space = situation()
    change(space, territories__step_price=1.0, moscow__western_deterrence=0.0, moscow__sunk_claim=0.0)
    territory = held_by(space, "MDA")
    territory.status, territory.host.alignment = PROTECTED, 0.0
    last = TerritorialStep(territory, 0.5, acts.Cost(), "annexation", PROTECTED)
    territory.dependence = 0.0
    p = space.parameters.territories
    worth_of_step = space.moscow.restoration * p.prize * (0.4 + 0.6 * territory.proneness)
    territory.patron = "RUS"
    assert last.net_value(space) == pytest.approx(worth_of_step - 1.0)


def test_a_weak_hostile_or_embattled_host_opens_the_door(situation):
    space = situation()
    territory = held_by(space, "MDA")
    host = territory.host
    host.cohesion, host.alignment = 0.7, 0.0
    quiet = territory.opportunity
    assert quiet == 1
    host.cohesion = 0.2
    weak = territory.opportunity
    host.cohesion = 0.7
    challenge(space, "MDA")
    assert territory.opportunity == weak > quiet
    space.crises.open.clear()
    host.alignment = -0.5
    assert territory.opportunity > quiet
    host.alignment = 0.0
    space.wars.start(host, full=False, why="test")
    host.alignment = 0.0
    assert territory.opportunity > weak


def test_steps_come_up_as_often_as_their_windows_say(situation):
    space = situation()
    for territory in space.territories:
        territory.status, territory.host.alignment, territory.host.cohesion = DE_FACTO, 0.0, 0.7
    change(space, territories__window=0.0, territories__unrest_window=1.0)
    assert not aims._territorial(space)
    change(space, territories__window=1.0, territories__unrest_window=0.0)
    assert len(aims._territorial(space)) == len(space.territories)
    for territory in space.territories:
        territory.status = LATENT
    assert not aims._territorial(space)


def test_an_integrated_territory_adds_to_influence(situation):
    space = situation()
    total = sum(regime.strategic_value for regime in space.regimes)
    before = influence(space, total)
    held_by(space, "MDA").status = INTEGRATED
    assert influence(space, total) == pytest.approx(before + 0.03)
    for regime in space.regimes:
        regime.alignment = 1.0
    for territory in space.territories:
        territory.status = LATENT
    assert influence(space, total) == pytest.approx(1)


# -- whole states --------------------------------------------------------------------------------------


def test_a_trusted_friend_is_worth_integrating_and_a_burden_is_not(situation):
    space = situation()
    regime = space.regime("ARM")
    regime.line, regime.strategic_value, regime.burden = 0.9, 0.8, 0.1
    change(space, moscow__burden_aversion=1.0)
    friend = IntegrateState(regime, 0.5).net_value(space)
    regime.line = 0.35
    assert IntegrateState(regime, 0.5).net_value(space) < friend
    regime.line, regime.burden = 0.9, 0.9
    assert IntegrateState(regime, 0.5).net_value(space) < friend


def test_integration_makes_a_member_and_a_dependent(situation):
    space = situation()
    regime = space.regime("ARM")
    regime.memberships.discard("EAEU")
    dependence = regime.dependence
    IntegrateState(regime, 0.5).carry_out(space, 0.1)
    assert "EAEU" in regime.memberships
    assert regime.dependence > dependence
    assert told(space, "membership") == [("EAEU", "joined")]


def test_only_friends_outside_the_clubs_are_asked(situation):
    space = situation(parameters={"territories.integration_window": 1.0})
    for regime in space.regimes:
        regime.alignment, regime.memberships = 0.3, set()
    space.regime("ARM").alignment = space.regime("KAZ").alignment = 0.8
    space.regime("KAZ").memberships = {"EAEU"}
    assert [act.states for act in aims._integrations(space)] == [("ARM",)]


# -- loss ----------------------------------------------------------------------------------------------


def test_hosts_retake_what_moscow_no_longer_covers(situation):
    for free_capacity, lost in ((1.0, False), (0.2, True)):
        space = situation(parameters={"territories.loss_hazard": 1.0})
        change(space, territories__loss_hazard=1.0)
        for territory in space.territories:
            territory.status = DE_FACTO
        space.territories[0].status = INTEGRATED
        space.moscow.free_capacity, space.moscow.standing = free_capacity, 1.0
        aims.returns(space)
        statuses = [territory.status for territory in space.territories]
        assert statuses[0] == INTEGRATED
        assert (LATENT in statuses) is lost
        assert len(told(space, "territory")) == statuses.count(LATENT)


def test_a_de_facto_state_without_a_patron_settles_with_its_host(situation):
    space = situation(parameters={"territories.autonomy_hazard": 1.0, "territories.loss_hazard": 0.0})
    for place, territory in enumerate(space.territories):
        territory.status, territory.patron = DE_FACTO, ("", "RUS", "ARM")[place % 3]
    space.territories[0].status = PROTECTED
    aims.returns(space)
    settled = {territory.name for territory in space.territories if territory.status == LATENT}
    assert settled == {t.name for t in space.territories[3:] if not t.patron}
    assert {detail for _, detail in told(space, "territory")} == {"lost"}


def test_what_moscow_breaks_off_has_a_patron(situation):
    space = situation()
    territory = space.territories[0]
    territory.status, territory.patron = LATENT, ""
    TerritorialStep.next_for(space, territory, 0.5).carry_out(space, 1.0)
    assert (territory.status, territory.patron) == (DE_FACTO, "RUS")


# -- clashes -------------------------------------------------------------------------------------------


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
    return clashes.clashes(space)


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
    clashes.left_alone(space, [mediation])
    assert dyad.first.line == pytest.approx(0.1 + p.mediation_gain)
    assert dyad.territory.status == (PROTECTED if decisive else DE_FACTO)
    assert host.garrison == pytest.approx(garrison + (troops if decisive else 0.0))
    assert told(space, "garrison") == ([(host.code, "placed")] if decisive else [])


def test_late_mediation_takes_back_part_of_the_blame_of_the_same_clash(situation):
    space = situation()
    dyad = disputed(space)
    dyad.first.memberships.add("CSTO")
    before = space._jolts.copy()
    mediations = clash(space, dyad)
    clashes.left_alone(space, mediations)
    blame = before[dyad.first.index] - space._jolts[dyad.first.index]
    assert blame == pytest.approx(space.parameters.citizens.abandonment_blame)
    mediations[0].carry_out(space, 0.1)
    kept = before[dyad.first.index] - space._jolts[dyad.first.index]
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
    clashes.left_alone(space, clash(space, dyad))
    p = space.parameters
    assert first.trust == pytest.approx(0.5 - p.alliance.unanswered_clash_loss)
    assert first.line == pytest.approx(0.1 - p.clashes.ally_alienation)
    assert (second.trust, second.line) == (0.5, 0.1)
    space._citizens_live()
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
        before = space._jolts[ally.index]
        dyad.quiet_until = 0
        clash(space, dyad)
        jolts.append(before - space._jolts[ally.index])
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
        space._jolts[regime.index] = 0.0
    mediation.carry_out(space, 0.1)
    assert [regime.blame for regime in dyad.states] == pytest.approx([laid / 2, 0.0])
    assert [space._jolts[regime.index] for regime in dyad.states] == pytest.approx([laid / 2, 0.0])


def test_moscow_may_step_in_only_after_a_delay(situation):
    space = situation()
    dyad = disputed(space)
    change(space, clashes__mediation_delay=2.0)
    for other in space.dyads:
        other.hazard = 0.0
    dyad.hazard = 1e6
    due = []
    for space.tick in range(5):
        due.append([act.target for act in clashes.clashes(space)])
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
        clashes.left_alone(space, mediations)
        assert dyad.territory.status == status
        assert space.ledger.events[0].kind == "clash"


def test_peacekeepers_hold_as_long_as_moscow_is_strong(situation):
    for standing, status in ((1.0, PROTECTED), (0.2, LATENT)):
        space = situation()
        change(space, clashes__conquest=1.0)
        dyad = disputed(space)
        dyad.territory.status = PROTECTED
        space.moscow.free_capacity, space.moscow.standing = 1.0, standing
        clashes.left_alone(space, clash(space, dyad))
        assert dyad.territory.status == status


def test_without_hazard_nobody_clashes(situation):
    space = situation()
    for dyad in space.dyads:
        dyad.hazard = 0.0
    assert not clashes.clashes(space)
    assert not space.ledger.events
