"""Where states stand between the powers: alignment, rivals, NATO, clubs."""

import pytest
from situations import change

from sim.model.regimes.regime import classify
from sim.model.region.powers import rival_gain
from sim.model.region.realignment import accession, note_classes, realign


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
    accession(space)
    told = {1: "nearer", 0: "as far", -1: "farther"}
    assert told[(regime.nato_course > 0.5) - (regime.nato_course < 0.5)] == course


def test_a_west_that_does_not_engage_lets_nobody_near(situation):
    space = still(situation)
    space.west.engagement = 0.0
    regime = space.regime("GEO")
    regime.alignment, regime.nato_course = -0.6, 0.5
    accession(space)
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
        note_classes(space)
        return [(e.target, e.detail) for e in space.ledger.events if e.target == "KAZ"]

    assert noted(0.1, 11) == []
    assert noted(0.23, 12) == []
    assert noted(0.1, 12) == [("KAZ", "away")]
    assert noted(0.1, 12) == []
    assert noted(0.5, 12) == [("KAZ", "toward")]


def taken_in(situation, *, course=0.95, war=False, disputed=False):
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
    accession(space)
    joined = [event.target for event in space.ledger.events if event.kind == "membership"]
    assert ("NATO" in regime.memberships) is ("NATO" in joined)
    return "NATO" in regime.memberships


def test_nato_takes_in_who_is_near_and_has_nothing_in_dispute(situation):
    assert taken_in(situation)
    assert not taken_in(situation, course=0.6)
    assert not taken_in(situation, war=True)
    assert not taken_in(situation, disputed=True)


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
