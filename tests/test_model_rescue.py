"""What follows from a rescue: for the regime, for the alliance, for what Moscow believes."""

import pytest
from situations import DEPLOYMENT, LOAN, SECURITY, SUPPORT, change, kinds, open_challenge

from sim.model.regimes.responses import help_expected


def rescued(space, instrument, code="KAZ"):
    challenge = open_challenge(space, code)
    challenge.help = instrument
    challenge.used.append(instrument)
    space.challenges._end(challenge, "repressed")
    return challenge


def test_a_rescued_regime_purges_its_rivals_and_leans_on_its_rescuer(situation):
    space = situation()
    regime = space.regime("KAZ")
    regime.cohesion, regime.security_loyalty, regime.line, regime.dual_power = 0.5, 0.5, 0.2, 12
    rescued(space, DEPLOYMENT)
    p = space.parameters.regimes
    assert regime.cohesion == pytest.approx(0.5 + 4 * p.rescue_purge)
    assert regime.security_loyalty == pytest.approx(0.5 + 4 * p.rescue_purge)
    assert regime.line == pytest.approx(0.2 + 4 * p.rescue_alignment)
    assert regime.dual_power == 0
    assert "purge" in kinds(space)


def test_words_alone_rescue_nobody(situation):
    space = situation()
    regime = space.regime("KAZ")
    before = regime.cohesion, regime.line
    rescued(space, SUPPORT)
    assert (regime.cohesion, regime.line) == before
    assert "purge" not in kinds(space)


def test_a_deployment_is_a_precedent_that_all_members_reckon_with(situation):
    space = situation()
    change(space, alliance__doubt=2.0, alliance__precedent_deterrence=0.3)
    member, outsider = space.regime("ARM"), space.regime("UZB")
    member.memberships.add("CSTO")
    outsider.memberships.discard("CSTO")
    member.trust = outsider.trust = 0.5
    space.moscow.free_capacity, space.moscow.standing = 0.8, 0.5
    member_fear, outsider_fear = member.deterrence, outsider.deterrence
    assert space.alliance.cover(member) == 0  # never used
    rescued(space, DEPLOYMENT)
    assert space.alliance.precedents == 1
    assert space.alliance.record == pytest.approx(1 / 3)  # one case, two of doubt
    assert space.alliance.cover(member) == pytest.approx(0.8 * 0.5 / 3)
    assert member.deterrence == pytest.approx(member_fear * (1 + 0.3 * 0.8 * 0.5 / 3))
    assert (space.alliance.cover(outsider), outsider.deterrence) == (0.0, outsider_fear)
    assert member.trust == pytest.approx(0.5 + space.parameters.alliance.trust_gain)
    assert outsider.trust == 0.5
    rescued(space, DEPLOYMENT, "KGZ")
    assert space.alliance.record == pytest.approx(2 / 4)
    space.alliance.refused(member)
    assert space.alliance.record == pytest.approx(2 / 5)


def test_calls_refused_before_the_first_deployment_are_what_the_doubt_is_made_of(situation):
    space = situation()
    member = space.regime("KGZ")
    member.memberships.add("CSTO")
    space.alliance.refused(member)
    assert space.alliance.record == 0
    rescued(space, DEPLOYMENT)
    assert space.alliance.record == pytest.approx(1 / (1 + space.parameters.alliance.doubt))


def test_services_hold_out_by_the_help_at_work_or_by_what_they_expect_if_that_is_more(situation):
    space = situation()
    change(space, alliance__doubt=1.0, alliance__precedent_resolve=0.5, instruments__deployment_gain=2.0)
    space.moscow.free_capacity = space.moscow.standing = 1.0
    challenge = open_challenge(space, "KGZ")
    challenge.regime.memberships.add("CSTO")
    assert challenge.backing(space) == 0
    space.alliance.precedents = 1
    assert challenge.backing(space) == pytest.approx(0.5 * 0.5 * 2.0)
    challenge.help_gain = 0.2
    assert challenge.backing(space) == pytest.approx(0.5)
    challenge.help_gain = 2.0
    assert challenge.backing(space) == 2.0
    assert challenge.backing(space, 0.7) == 0.7
    challenge.regime.memberships.discard("CSTO")
    challenge.help_gain = 0.0
    assert challenge.backing(space) == 0


def test_a_member_that_was_refused_calls_again_on_the_alliances_record(situation):
    space = situation()
    change(space, alliance__doubt=0.25)
    space.moscow.free_capacity = space.moscow.standing = 1.0
    regime = space.regime("KAZ")
    regime.memberships.add("CSTO")
    regime.expects_help, regime.alignment = 0.2, 0.9
    before = help_expected(regime, space.alliance.cover(regime), space.parameters)
    space.alliance.precedents = 1
    assert help_expected(regime, space.alliance.cover(regime), space.parameters) == pytest.approx(
        before * 0.8 / 0.2
    )
    regime.expects_help = 0.9
    assert help_expected(regime, space.alliance.cover(regime), space.parameters) == pytest.approx(
        before * 0.9 / 0.2
    )


def test_a_loan_is_no_precedent(situation):
    space = situation()
    rescued(space, LOAN)
    assert space.alliance.precedents == 0


@pytest.mark.parametrize(("how", "survived"), [("repressed", True), ("fall", False)])
def test_moscow_learns_from_how_it_ended(situation, how, survived):
    space = situation()
    belief = space.moscow.beliefs[LOAN.name]
    before, cases = belief.trust, belief.successes + belief.failures
    other = space.moscow.beliefs[SECURITY.name].trust
    challenge = open_challenge(space)
    challenge.used.append(LOAN)
    if how == "fall":
        change(space, challenges__fall_without_defection=1.0, challenges__fall_after_defection=1.0)
        challenge.participation = 0.9
        space.challenges.decide()
        space.challenges.diffuse()
    else:
        space.challenges._end(challenge, how)
    assert (belief.trust > before) is survived
    assert belief.successes + belief.failures == cases + 1
    assert space.moscow.beliefs[SECURITY.name].trust == other


def test_help_runs_out(situation):
    space = situation()
    change(space, instruments__help_months=2)
    challenge = open_challenge(space)
    danger = space.moscow._danger(challenge, 0.0)
    space.moscow._help(space.moscow._offer(LOAN, challenge, danger), 0.1, 0.0)
    challenge.fade(space)
    space.tick += 1
    challenge.fade(space)
    assert challenge.help is LOAN
    assert challenge.help_gain > 0
    space.tick += 1
    challenge.fade(space)
    assert challenge.help is None
    assert challenge.help_gain == 0
