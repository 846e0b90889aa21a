"""What lapses, pauses or breaks away: alliance membership, fighting, territories in war."""

from sim.model.region.clashes import clashes
from sim.series import DE_FACTO, INTEGRATED, LATENT
from sim.world.places import CLASH_MONTHS


def test_a_neutral_member_lets_its_place_lapse_and_a_friend_does_not(situation):
    space = situation(parameters={"alliance.lapse_hazard": 1.0, "alliance.exit_hazard": 0.0})
    neutral, friend = space.regime("ARM"), space.regime("BLR")
    for regime, alignment in ((neutral, 0.0), (friend, 0.8)):
        regime.memberships.add("CSTO")
        regime.alignment, regime.trust = alignment, 0.9
    space.alliance.review_membership()
    assert "CSTO" not in neutral.memberships
    assert "CSTO" in friend.memberships


def test_a_year_s_fighting_is_one_clash(situation):
    space = situation(years=4)
    dyad = space.dyads[0]
    for other in space.dyads:
        other.hazard = 1e9 if other is dyad else 0.0
    for tick in range(2 * CLASH_MONTHS + 1):
        space.tick = space.ledger.tick = tick
        clashes(space)
    months = [event.tick for event in space.ledger.events if event.kind == "clash"]
    assert months == [0, CLASH_MONTHS, 2 * CLASH_MONTHS]


def test_war_takes_or_breaks_off_prone_territories_only(situation):
    space = situation()
    target = space.regime("UKR")
    own = [territory for territory in space.territories if territory.host is target]
    for territory in own:
        territory.status, territory.proneness = LATENT, 0.0
    space.wars.start(target, full=True, cause="decision")
    assert {territory.status for territory in own} == {LATENT}

    seen = set()
    for replicate in range(40):
        space = situation(replicate)
        target = space.regime("UKR")
        for territory in space.territories:
            territory.status, territory.proneness = LATENT, 0.25
        space.wars.start(target, full=False, cause="decision")
        seen |= {territory.status for territory in space.territories if territory.host is target}
        assert {t.status for t in space.territories if t.host is not target} == {LATENT}
    assert seen == {LATENT, DE_FACTO, INTEGRATED}
