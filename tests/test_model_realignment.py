"""Where states stand between the powers: alignment, rivals, NATO, clubs, drift."""

import pytest
from test_model_crises import change

from sim.model.powers import rival_gain
from sim.model.realignment import realign
from sim.model.regime import classify


def still(situation, **keys):
    """Return a world in which only the regime's line moves alignment."""
    space = situation(**keys)
    change(space, rivals__vacuum=0.0, rivals__public_pull=0.0)
    return space


# -- alignment -----------------------------------------------------------------------------------------


def test_alignment_follows_the_line(situation):
    space = still(situation)
    regime = space.regime("KAZ")
    regime.alignment, regime.line = 0.0, 0.8
    realign(space)
    assert regime.alignment == pytest.approx(0.8 * space.parameters.rivals.adjustment)
    for _ in range(1000):
        realign(space)
    assert regime.alignment == pytest.approx(0.8)


@pytest.mark.parametrize("gap", ["free_capacity", "standing"])
def test_rivals_fill_what_moscow_leaves(situation, gap):
    aims = []
    for present in (1.0, 0.4):
        space = situation()
        regime = space.regime("KAZ")
        regime.alignment = regime.line = 0.3
        regime.garrison = 4.0
        space.moscow.free_capacity = space.moscow.standing = 1.0
        setattr(space.moscow, gap, present)
        realign(space)
        aims.append(regime.alignment)
    assert aims[0] == pytest.approx(0.3)
    assert aims[1] < 0.3


def test_a_garrison_keeps_rivals_out(situation):
    moved = []
    for garrison in (0.0, 1.0, 4.0):
        space = situation()
        regime = space.regime("TJK")
        regime.alignment = regime.line = 0.3
        regime.garrison = garrison
        realign(space)
        moved.append(regime.alignment)
    assert moved[0] < moved[1] < moved[2] == pytest.approx(0.3)


def test_the_pull_is_that_of_the_strongest_power(situation):
    space = situation()
    regime = space.regime("KAZ")
    for power, exposure in zip(space.powers, (0.2, 0.7, 0.4), strict=True):
        power.exposure[regime.index] = exposure
    assert rival_gain(space.powers, regime) == ("China", pytest.approx(0.7))
    space.powers[1].engagement = 0.1
    assert rival_gain(space.powers, regime) == ("Turkey", pytest.approx(0.4))
    for power in space.powers:
        power.engagement = 0.0
    assert rival_gain(space.powers, regime)[1] == 0


def test_the_public_moves_an_open_state_and_not_a_closed_one(situation):
    moved = []
    for openness in (0.0, 0.9):
        space = situation(parameters={"rivals.vacuum": 0.0})
        regime = space.regime("ARM")
        regime.openness, regime.alignment, regime.line = openness, 0.3, 0.3
        regime.attitude = regime.starting_attitude - 0.5
        realign(space)
        moved.append(regime.alignment)
    assert moved[0] == pytest.approx(0.3)
    assert moved[1] < 0.3


@pytest.mark.parametrize(("alignment", "course"), [(-0.5, "nearer"), (-0.1, "as far"), (0.4, "farther")])
def test_states_against_moscow_near_nato(situation, alignment, course):
    space = still(situation)
    regime = space.regime("GEO")
    regime.alignment = regime.line = alignment
    regime.nato_course = 0.5
    realign(space)
    told = {1: "nearer", 0: "as far", -1: "farther"}
    assert told[(regime.nato_course > 0.5) - (regime.nato_course < 0.5)] == course


def test_a_west_that_does_not_engage_lets_nobody_near(situation):
    space = still(situation)
    space.west.engagement = 0.0
    regime = space.regime("GEO")
    regime.alignment, regime.nato_course = -0.6, 0.5
    realign(space)
    assert regime.nato_course == 0.5


def test_classes_meet_at_a_quarter_and_change_in_december_beyond_the_edge(situation):
    assert [classify(x) for x in (-0.26, -0.25, 0.0, 0.25, 0.26)] == [-1, 0, 0, 0, 1]
    space = still(situation)
    regime = space.regime("KAZ")
    regime.alignment_class = 1

    def noted(alignment, month):
        space.ledger.events.clear()
        space.month = type(space.month).of(2015, month)
        regime.alignment = regime.line = alignment
        realign(space)
        return [(e.target, e.detail) for e in space.ledger.events if e.target == "KAZ"]

    assert noted(0.1, 11) == []
    assert noted(0.23, 12) == []
    assert noted(0.1, 12) == [("KAZ", "away")]
    assert noted(0.1, 12) == []
    assert noted(0.5, 12) == [("KAZ", "toward")]


# -- clubs ---------------------------------------------------------------------------------------------


def review(situation, *, member, **stocks):
    """Let one state review its membership under certain hazards; return what it holds then."""
    hazards = {"alliance.exit_hazard": 1.0, "alliance.entry_hazard": 1.0}
    space = situation(parameters=hazards)
    change(space, alliance__exit_hazard=1.0, alliance__entry_hazard=1.0, alliance__exit_alignment=-0.5)
    change(
        space, alliance__exit_trust=0.3, alliance__exit_trust_alignment=0.25, alliance__entry_alignment=0.5
    )
    for regime in space.regimes:
        regime.memberships, regime.alignment = set(), 0.0
    regime = space.regime("ARM")
    regime.memberships = set(member)
    for name, value in stocks.items():
        setattr(regime, name, value)
    space.alliance.review_membership()
    return regime.memberships


@pytest.mark.parametrize(
    ("trust", "alignment", "stays"),
    [(0.6, 0.0, True), (0.1, 0.0, False), (0.1, 0.4, True), (0.6, -0.6, False)],
)
def test_members_leave_the_alliance_without_trust_or_against_moscow(situation, trust, alignment, stays):
    assert ("CSTO" in review(situation, member={"CSTO"}, trust=trust, alignment=alignment)) is stays


def test_friends_join_the_alliance_unless_they_are_in_anothers(situation):
    assert review(situation, member=(), alignment=0.7) == {"CSTO"}
    assert review(situation, member=(), alignment=0.3) == set()
    assert review(situation, member={"EU"}, alignment=0.7) == {"EU"}


def test_states_against_moscow_leave_its_clubs_one_at_a_time(situation):
    assert review(situation, member={"EAEU", "CIS", "GUAM"}, alignment=-0.8) == {"CIS", "GUAM"}
    assert review(situation, member={"CIS"}, alignment=-0.8) == set()
    assert review(situation, member={"CIS"}, alignment=-0.2) == {"CIS"}


def test_trust_returns_to_the_usual(situation):
    space = situation(parameters={"alliance.exit_hazard": 0.0})
    regime = space.regime("ARM")
    regime.trust = 0.2
    space.alliance.review_membership()
    p = space.parameters.alliance
    assert regime.trust == pytest.approx(0.2 + p.trust_return * (p.usual_trust - 0.2))


def test_trust_is_that_of_the_members(situation):
    space = situation()
    for regime in space.regimes:
        regime.memberships.discard("CSTO")
        regime.trust = 0.1
    assert space.alliance.trust == 0
    for code, trust in (("ARM", 0.4), ("KAZ", 0.8)):
        space.regime(code).memberships.add("CSTO")
        space.regime(code).trust = trust
    assert space.alliance.trust == pytest.approx(0.6)


# -- campaigns and movements ---------------------------------------------------------------------------


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
    space = situation()
    regime = space.regime("ARM")
    regime.months_since_election, regime.election_term = since, 60
    assert space.months_to_vote(regime) == months


def test_historical_runs_foresee_the_recorded_calendar(situation):
    space = situation(start="2004-09", mode="historical")
    assert space.months_to_vote(space.regime("UKR")) == 3  # the vote that counted, December 2004
    assert space.months_to_vote(space.regime("KGZ")) == 6  # parliament, its second round in March 2005


def test_without_engagement_there_are_no_campaigns(situation):
    space = situation()
    change(space, rivals__western_campaign=3.0)
    space.west.engagement = 0.0
    assert all(space.west.campaign_rate(regime) == 0 for regime in space.regimes)


def test_simultaneous_campaigns_come_together(situation):
    seen = {}
    for together in (0.0, 1.0):
        space = situation()
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
            called = space.focal_events._campaigns()
            helped = [movement.outside_help > 0 for movement in space.movements]
            assert called == (helped if together else [False] * len(helped))
            seen[together].append(sum(helped))
    assert set(seen[1.0]) == {0, len(space.regimes)}
    assert len(set(seen[0.0]) - {0, len(space.regimes)}) > 1


def test_a_campaign_without_a_vote_lights_nothing(situation):
    quiet = {"crises.focal_rate": 0.0, "learning.emulation_rate": 0.0, "rivals.western_campaign": 3.0}
    space = situation(parameters=quiet)
    helped = 0
    for space.tick in range(36):
        for regime in space.regimes:
            regime.months_since_election, regime.preparedness, regime.alignment = 1, 0.0, 0.3
        space.focal_events.gather()
        assert not any(space.focal_events.sparks)
        helped += sum(movement.outside_help > 0 for movement in space.movements)
    assert helped > 0


def test_a_campaign_adds_to_a_vote_and_to_its_own_call_and_to_nothing_else(situation):
    space = situation()
    regime = space.regime("ARM")
    regime.openness = space.parameters.crises.contestable_openness  # every vote is contested
    outlet = 1 - space.parameters.crises.electoral_outlet * regime.openness
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


# -- stocks that drift ---------------------------------------------------------------------------------


def settled(situation):
    """Return a regime at rest: each stock where its drift leaves it."""
    space = situation()
    regime = space.regime("KAZ")
    regime.performance, regime.rents, regime.tenure_bond, regime.lame_duck = (
        0.0,
        regime.baseline_rents,
        0.0,
        0,
    )
    regime.legitimacy = regime.settled_legitimacy = 0.5
    regime.cohesion = regime.settled_cohesion = 0.6
    regime.line = 0.5
    p = space.parameters.regimes
    regime.security_loyalty = (
        p.loyalty_base + p.loyalty_by_cohesion * 0.6
        + p.loyalty_by_backing * regime.dependence * space.moscow.free_capacity * space.moscow.standing
    )  # fmt: skip
    return space, regime


def test_a_regime_at_rest_stays(situation):
    _, regime = settled(situation)
    before = regime.legitimacy, regime.cohesion, regime.security_loyalty, regime.dependence
    regime.drift(0.0)
    after = regime.legitimacy, regime.cohesion, regime.security_loyalty, regime.dependence
    assert after == pytest.approx(before)


def test_performance_moves_legitimacy_for_a_while(situation):
    space, regime = settled(situation)
    regime.drift(2.0)
    assert regime.legitimacy > 0.5
    for _ in range(600):
        regime.drift(0.0)
    assert regime.legitimacy == pytest.approx(0.5, abs=0.01)
    assert abs(regime.performance) < space.parameters.regimes.performance_shock


def test_moscows_backing_keeps_services_loyal_as_long_as_it_is_strong(situation):
    space, regime = settled(situation)
    regime.dependence = 0.8
    loyalty = regime.security_loyalty
    regime.drift(0.0)
    backed = regime.security_loyalty
    regime.security_loyalty = loyalty
    space.moscow.standing = 0.2
    regime.drift(0.0)
    assert regime.security_loyalty < backed


def test_rents_spent_lower_support_and_come_back(situation):
    space, regime = settled(situation)
    change(space, regimes__rent_legitimacy=1.0)
    regime.baseline_rents, regime.rents = 0.5, 0.1
    regime.drift(0.0)
    assert regime.legitimacy < 0.5
    assert regime.rents == pytest.approx(0.1 + space.parameters.regimes.rent_return * 0.4)


def test_whoever_turns_from_moscow_comes_to_depend_on_it_less(situation):
    _, regime = settled(situation)
    regime.dependence = 0.6
    regime.drift(0.0)
    assert regime.dependence == 0.6
    regime.line = -0.5
    regime.drift(0.0)
    assert regime.dependence < 0.6


def test_what_citizens_see_of_alignment(situation):
    space, regime = settled(situation)
    regime.alignment, regime.dependence = 0.4, 0.8
    assert regime.perceived_alignment == pytest.approx(0.6)
    regime.alignment = -0.4
    change(space, citizens__unfriendly_alignment_weight=0.5)
    assert regime.perceived_alignment == pytest.approx(-0.2)


def test_alignment_matters_less_where_clans_compete(situation):
    space, regime = settled(situation)
    p = space.parameters.citizens
    regime.clan_politics = 0.0
    assert regime.grievance_salience == pytest.approx(p.alignment_grievance)
    regime.clan_politics = 1.0
    assert regime.grievance_salience == pytest.approx(p.alignment_grievance_clan)


def test_publics_turn_from_a_sponsor_and_from_its_war(situation):
    for cause in ("sponsorship", "war"):
        space = situation(citizens=1000)
        change(
            space, citizens__attitude_return=0.0, citizens__sponsorship_blame=0.0, citizens__war_revulsion=0.0
        )
        regime = space.regime("BLR")
        regime.dependence, regime.legitimacy = 0.8, 0.2
        before = regime.attitude
        space._citizens_live()
        quiet = regime.attitude - before
        if cause == "sponsorship":
            change(space, citizens__sponsorship_blame=0.02)
        else:
            change(space, citizens__war_revulsion=0.02)
            space.wars.start(space.regime("UKR"), full=True, why="test")
            space._jolts[:] = 0
        before = regime.attitude
        space._citizens_live()
        assert regime.attitude - before < quiet - 0.002, cause


def test_attitudes_return_home(situation):
    space = situation(citizens=1000)
    change(
        space, citizens__sponsorship_blame=0.0, citizens__war_revulsion=0.0, citizens__attitude_return=0.05
    )
    regime = space.regime("ARM")
    space.shock_attitude(regime, -0.4)
    space._citizens_live()
    assert regime.attitude < regime.starting_attitude - 0.25
    for space.tick in range(1, 30):
        space._citizens_live()
    assert regime.attitude == pytest.approx(regime.starting_attitude, abs=0.1)


def accession(situation, *, course=0.95, war=False, disputed=False):
    """Let one state at a course toward NATO be taken in if it can be; return whether it was."""
    space = still(situation)
    change(space, rivals__accession_hazard=1.0)
    regime = space.regime("GEO")
    regime.nato_course, regime.alignment, regime.memberships = course, -0.1, set()
    for territory in space.territories:
        if territory.host is regime:
            territory.status = int(disputed)
    if war:
        space.wars.under_way(regime, 0.2)
    realign(space)
    joined = [event.target for event in space.ledger.events if event.kind == "membership"]
    assert ("NATO" in regime.memberships) is ("NATO" in joined)
    return "NATO" in regime.memberships


def test_nato_takes_in_who_is_near_and_has_nothing_in_dispute(situation):
    assert accession(situation)
    assert not accession(situation, course=0.6)
    assert not accession(situation, war=True)
    assert not accession(situation, disputed=True)
