"""What elections decide, and what they set off."""

import numpy as np
import pytest
from situations import change, gather_sparks

from sim.model.regimes import succession


def events(space, kind):
    return [event for event in space.ledger.events if event.kind == kind]


def test_closed_regimes_do_not_lose_elections(situation):
    space = situation()
    regime = space.regime("UZB")
    regime.openness, regime.legitimacy = 0.2, 0.05
    for uniform in (0.0, 1e-9, 0.5):
        assert not succession.hold_election(space, regime, [uniform, 0.5], line=None, turnover=None)
    assert {event.detail for event in events(space, "election")} == {"held"}


def test_open_regimes_lose_the_likelier_the_less_legitimate_they_are(situation):
    space = situation()
    regime = space.regime("MDA")
    chances = []
    for openness, legitimacy in ((0.3, 0.5), (0.6, 0.5), (0.6, 0.2)):
        regime.openness, regime.legitimacy = openness, legitimacy
        assert not succession.hold_election(space, regime, [1.0, 0.5], line=None, turnover=None)
        chances.append(events(space, "election")[-1].value)
    assert 0 < chances[0] < chances[1] < chances[2] <= 1


def test_who_wins_by_turnover_starts_with_a_honeymoon_and_drifts_to_a_new_line(situation):
    space = situation()
    regime = space.regime("MDA")
    regime.legitimacy, regime.alignment, regime.line, regime.tenure = 0.2, 0.4, 0.4, 100
    assert succession.hold_election(space, regime, [0.5, 0.5], line=-0.7, turnover=None)
    assert regime.line == -0.7
    assert regime.alignment == 0.4
    assert regime.legitimacy == space.parameters.regimes.honeymoon
    assert regime.tenure == regime.months_since_election == 0
    assert [event.kind for event in space.ledger.events] == ["election", "successor"]
    assert events(space, "successor")[0].detail == "anti"


def test_a_divided_public_lets_either_camp_set_the_line(situation):
    lines = []
    for uniform in (0.01, 0.99):
        space = situation()
        regime = space.regime("MDA")
        regime.polarisation = 0.8
        succession.hold_election(space, regime, [0.0, uniform], line=None, turnover=True)
        lines.append(regime.line)
    assert lines[1] > lines[0] + 0.3


def test_an_election_lost_is_no_focal_point_and_one_held_is(situation):
    for legitimacy, openness, sparks in ((0.95, 0.5, True), (0.0, 1.0, False)):
        space = situation(parameters={"challenges.focal_rate": 0.0, "rivals.western_campaign": 0.0})
        change(space, regimes__turnover_ease=5.0)
        regime = space.regime("MDA")
        regime.legitimacy, regime.openness = legitimacy, openness
        for other in space.regimes:
            other.months_since_election = 1
        regime.months_since_election = regime.election_term
        gather_sparks(space)
        assert (regime.spark > 0) is sparks
        assert sum(other.spark > 0 for other in space.regimes) == sparks


def test_stolen_elections_spark_most_in_half_open_regimes(situation):
    half_open = {"challenges.election_spark": 0.16, "challenges.contestable_openness": 0.3}
    alone = {"challenges.electoral_outlet": 0.0, "challenges.theft_spark": 0.0}
    space = situation(parameters={**half_open, **alone})
    regime = space.regime("MDA")
    extra = []
    for regime.openness in (0.0, 0.5, 1.0):
        plain = space.focal_events._spark(regime, 1.0, voted=False)
        extra.append(space.focal_events._spark(regime, 1.0, voted=True) - plain)
    assert extra[0] <= 0
    assert extra[1] > 0.5 * space.parameters.challenges.election_spark
    assert extra[2] == pytest.approx(0)


def test_open_elections_absorb_sparks(situation):
    space = situation(parameters={"challenges.election_spark": 0.0})
    regime = space.regime("MDA")
    sparks = []
    for regime.openness in (0.2, 0.9):
        sparks.append(space.focal_events._spark(regime, 1.0, voted=False))
    p = space.parameters.challenges
    assert sparks[1] / sparks[0] == pytest.approx(
        (1 - 0.9 * p.electoral_outlet) / (1 - 0.2 * p.electoral_outlet)
    )


def test_elections_come_when_the_term_is_over(situation):
    space = situation(years=12, parameters={"challenges.focal_rate": 0.0})
    regime = space.regime("MDA")
    space.run()
    held = [e.tick for e in events(space, "election") if e.target == "MDA" and e.detail != "parliamentary"]
    assert set(np.diff(held).tolist()) == {regime.election_term}
    assert len(held) >= 2
