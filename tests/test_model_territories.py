"""Territories between hosts and Moscow, and whole states drawn closer."""

import pytest
from situations import change, open_challenge

from sim.model.moscow import acts, aims
from sim.model.moscow.acts import IntegrateState, TerritorialStep
from sim.model.randomness import Process
from sim.series import DE_FACTO, INTEGRATED, LATENT, PROTECTED


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
    territory.change(LATENT, "lost", "scenario")
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
            space.numbers.named_draws(Process.TERRITORY, space.tick, space.territory_names, 2),
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
    open_challenge(space, "MDA")
    assert territory.opportunity == weak > quiet
    space.challenges.open.clear()
    host.alignment = -0.5
    assert territory.opportunity > quiet
    host.alignment = 0.0
    space.wars.start(host, full=False, cause="decision")
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

    def recorded():
        space.recorder.record()
        return space.recorder.moscow_value("influence")

    before = recorded()
    held_by(space, "MDA").status = INTEGRATED
    assert recorded() == pytest.approx(before + 0.03)
    for regime in space.regimes:
        regime.alignment = 1.0
    for territory in space.territories:
        territory.status = LATENT
    assert recorded() == pytest.approx(1)


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
