"""When votes are held: by the terms in force, as announced, at war, and early."""

import pytest

from sim.model.regimes.calendar import AFTER_WAR, EXECUTIVE, PARLIAMENT
from sim.world.state import STATES


@pytest.fixture
def calendar(situation):
    def build(**keys):
        return situation(start="2024-12", parameters={"regimes.calendar_in_force": 1.0, **keys})

    return build


def votes(space, state, kind, months=130):
    """Return the months in which votes of a kind would be held, without early ones."""
    regime = space.regime(state)
    held = []
    for _ in range(months):
        regime.months_since_election += 1  # before votes are held, as the month does
        regime.months_since_parliament += 1
        if space.calendar.is_due(regime, kind):
            held.append(str(space.month))
            space.calendar.held(regime, kind)
            if kind == EXECUTIVE:
                regime.months_since_election = 0
        space.tick += 1
        space.month = space.month + 1
    return held


def test_votes_come_by_the_terms_in_force(calendar):
    assert votes(calendar(), "KGZ", PARLIAMENT)[:2] == ["2026-11", "2031-11"]
    assert votes(calendar(), "EST", EXECUTIVE)[:2] == ["2027-03", "2031-03"]
    assert votes(calendar(), "EST", PARLIAMENT) == []


def test_a_vote_that_was_put_off_before_the_start_is_not_held_at_once(situation):
    space = situation(start="2000-01", parameters={"regimes.calendar_in_force": 1.0})
    belarus = votes(space, "BLR", EXECUTIVE)  # a referendum of 1996 moved that of 1999
    assert belarus[0] > "2000-12"
    kyrgyzstan = votes(situation(start="2000-01"), "KGZ", PARLIAMENT)
    assert kyrgyzstan[:2] == ["2000-02", "2005-02"]  # as held


def test_a_vote_that_was_announced_is_held_when_it_was_announced(calendar):
    assert votes(calendar(), "BLR", EXECUTIVE)[:2] == ["2025-01", "2030-01"]


def test_there_are_no_votes_at_war_and_one_after_it(calendar):
    space = calendar()
    ukraine = space.regime("UKR")
    assert "UKR" in space.wars.active
    assert not space.calendar.is_due(ukraine, EXECUTIVE)
    space.wars.active.clear()
    assert not space.calendar.is_due(ukraine, EXECUTIVE)
    space.tick += AFTER_WAR
    assert space.calendar.is_due(ukraine, EXECUTIVE)


def test_votes_are_called_early_at_the_stated_rate(calendar):
    space = calendar(**{"regimes.early_vote_hazard": 0.05})
    called = 0
    for _ in range(space.months):
        before = len(space.calendar.called)
        space.calendar.call_early()
        called += len(space.calendar.called) - before
        space.calendar.called.clear()
        space.tick += 1
    states_with_both = sum(bool(start.record.parliament_term) for start in space.starts)
    trials = space.months * (len(STATES) - 1 + states_with_both - 1)  # Ukraine is at war
    assert 0.7 < called / (0.05 * trials) < 1.15  # some votes are too near to be called early
