"""Campaigns from outside, and the movements that they help."""

import pytest
from situations import change, gather_sparks

HALF_TERMS = {"regimes.calendar_in_force": 0.0}
"""Votes every term and half-way through it, with none called early: a vote is months away where it is put."""


def campaign(situation, **stocks):
    """Return the rate of outside campaigns in a state."""
    space = situation()
    change(space, rivals__western_campaign=1.0)
    regime = space.regime("ARM")
    usual = {
        "alignment": 0.3, "clan_politics": 0.0, "dependence": 0.2, "preparedness": 0.2,
        "months_since_election": 10, "election_term": 60,
    }  # fmt: skip
    for name, value in {**usual, **stocks}.items():
        setattr(regime, name, value)
    return space.west.campaign_rate(regime)


def test_campaigns_look_for_unprepared_regimes_with_parties_before_a_vote(situation):
    plain = campaign(situation)
    assert plain > 0
    assert campaign(situation, alignment=-0.5) == 0
    assert campaign(situation, clan_politics=1.0) < plain
    assert campaign(situation, preparedness=0.9) < plain
    assert campaign(situation, dependence=0.9) < plain
    assert campaign(situation, months_since_election=58) > plain


@pytest.mark.parametrize(("since", "months"), [(0, 30), (24, 6), (30, 0), (31, 29), (60, 0), (70, 0)])
def test_both_kinds_of_vote_are_foreseen(situation, since, months):
    space = situation(parameters=HALF_TERMS)
    regime = space.regime("ARM")
    regime.months_since_election, regime.election_term = since, 60
    assert space.calendar.months_to_vote(regime) == months


def test_historical_runs_foresee_the_recorded_calendar(situation):
    space = situation(start="2004-09", mode="historical")
    assert space.calendar.months_to_vote(space.regime("UKR")) == 3  # the vote that counted, December 2004
    assert space.calendar.months_to_vote(space.regime("KGZ")) == 6  # parliament, second round


def test_without_engagement_there_are_no_campaigns(situation):
    space = situation()
    change(space, rivals__western_campaign=3.0)
    space.west.engagement = 0.0
    assert all(space.west.campaign_rate(regime) == 0 for regime in space.regimes)


def test_simultaneous_campaigns_come_together(situation):
    seen = {}
    for together in (0.0, 1.0):
        space = situation(parameters=HALF_TERMS)
        change(space, rivals__western_campaign=1.0, rivals__campaign_simultaneity=together)
        for regime in space.regimes:
            regime.alignment, regime.preparedness, regime.dependence, regime.clan_politics = (
                0.3,
                0.0,
                0.0,
                0.0,
            )
            regime.months_since_election = 1
        seen[together] = []
        for space.tick in range(36):
            for movement in space.movements:
                movement.outside_help = 0.0
            space.focal_events.campaign()
            called = space.focal_events.called
            helped = [movement.outside_help > 0 for movement in space.movements]
            assert called == (helped if together else [False] * len(helped))
            seen[together].append(sum(helped))
    assert set(seen[1.0]) == {0, len(space.regimes)}
    assert len(set(seen[0.0]) - {0, len(space.regimes)}) > 1


def test_a_campaign_without_a_vote_lights_nothing(situation):
    quiet = {"challenges.focal_rate": 0.0, "learning.emulation_rate": 0.0, "rivals.western_campaign": 3.0}
    space = situation(parameters={**quiet, **HALF_TERMS, "learning.tradition_spark": 0.0})
    helped = 0
    for space.tick in range(36):
        for regime in space.regimes:
            regime.months_since_election, regime.preparedness, regime.alignment = 1, 0.0, 0.3
        gather_sparks(space)
        assert not any(regime.spark for regime in space.regimes)
        helped += sum(movement.outside_help > 0 for movement in space.movements)
    assert helped > 0


def test_a_campaign_adds_to_a_vote_and_to_its_own_call_and_to_nothing_else(situation):
    space = situation()
    regime = space.regime("ARM")
    regime.openness = space.parameters.challenges.contestable_openness  # every vote is contested
    outlet = 1 - space.parameters.challenges.electoral_outlet * regime.openness
    for kind, share in (("voted", 1), ("called", 1), ("", 0)):
        sparks = []
        for space.movements[regime.index].outside_help in (0.0, 0.5):
            how = {"voted": kind == "voted", "called": kind == "called"}
            sparks.append(space.focal_events._spark(regime, 1.0, **how))
        gain = share * 0.5 * space.parameters.rivals.campaign_spark * outlet
        assert sparks[1] - sparks[0] == pytest.approx(gain)


def test_help_builds_a_movement_and_fades(situation):
    space = situation()
    movement = space.movements[space.regime("ARM").index]
    alone = movement.supported_resources
    movement.outside_help = 0.5
    helped = movement.supported_resources
    assert helped == pytest.approx(alone + 0.5 * space.parameters.learning.organisation_by_help)
    movement.resources = alone
    movement.organise()
    p = space.parameters.learning
    growth = p.organisation_growth + 0.5 * p.organisation_growth_by_help
    assert movement.resources == pytest.approx(alone + growth * (helped - alone))
    assert movement.outside_help < 0.5


def test_openness_makes_parties_strong_and_split_elites_make_clans_strong(situation):
    space = situation()
    regime = space.regime("KGZ")
    movement = space.movements[regime.index]

    def supported(clan, openness, cohesion):
        regime.clan_politics, regime.openness, regime.cohesion = clan, openness, cohesion
        return movement.supported_resources

    assert supported(0.0, 0.8, 0.5) > supported(0.0, 0.2, 0.5)
    assert supported(1.0, 0.8, 0.5) == supported(1.0, 0.2, 0.5)
    assert supported(1.0, 0.5, 0.2) > supported(1.0, 0.5, 0.8)
    assert supported(0.0, 0.5, 0.2) == supported(0.0, 0.5, 0.8)
