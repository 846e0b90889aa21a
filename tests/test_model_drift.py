"""How a regime's stocks and its citizens' attitudes drift in quiet months."""

import pytest
from situations import change

from sim.model.citizens.outlook import citizens_live


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
        citizens_live(space)
        quiet = regime.attitude - before
        if cause == "sponsorship":
            change(space, citizens__sponsorship_blame=0.02)
        else:
            change(space, citizens__war_revulsion=0.02)
            space.wars.start(space.regime("UKR"), full=True, cause="decision")
            space.jolts[:] = 0
        before = regime.attitude
        citizens_live(space)
        assert regime.attitude - before < quiet - 0.002, cause


def test_attitudes_return_home(situation):
    space = situation(citizens=1000)
    change(
        space, citizens__sponsorship_blame=0.0, citizens__war_revulsion=0.0, citizens__attitude_return=0.05
    )
    regime = space.regime("ARM")
    space.shock_attitude(regime, -0.4)
    citizens_live(space)
    assert regime.attitude < regime.starting_attitude - 0.25
    for space.tick in range(1, 30):
        citizens_live(space)
    assert regime.attitude == pytest.approx(regime.starting_attitude, abs=0.1)
