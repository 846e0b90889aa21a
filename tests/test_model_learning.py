"""What movements and regimes learn from one another."""

import numpy as np
import pytest
from situations import change, gather_sparks, open_challenge

from sim.model.regimes.challenges import learn_from_challenge, learn_from_fall


def test_movements_learn_from_a_success_by_how_closely_they_watch(situation):
    space = situation()
    p, fallen = space.parameters.learning, space.regime("KGZ")
    before = [movement.resources for movement in space.movements]
    learn_from_challenge(space, fallen, succeeded=True)
    for movement, resources in zip(space.movements, before, strict=True):
        watched = 0.0 if movement.regime is fallen else space.closeness[movement.regime.index][fallen.index]
        weight = p.emulation * watched
        assert movement.encouragement == pytest.approx(weight * (1 - p.usual_success))
        assert movement.resources == pytest.approx(
            resources + weight * p.organisation_by_example * (1 - resources)
        )
    assert len({round(movement.encouragement, 6) for movement in space.movements}) > 4


def test_a_failure_discourages_by_less_than_a_rare_success_encourages(situation):
    space = situation()
    p, movement = space.parameters.learning, space.movements[0]
    resources = movement.resources
    movement.watch(0.5, succeeded=False)
    assert movement.encouragement == pytest.approx(-0.5 * p.emulation * p.usual_success)
    assert movement.resources == resources
    # At the usual rate of success, what is learnt cancels out on average
    success = 0.5 * p.emulation * (1 - p.usual_success)
    mean = p.usual_success * success + (1 - p.usual_success) * movement.encouragement
    assert mean == pytest.approx(0, abs=1e-12)
    for _ in range(200):
        movement.watch(1.0, succeeded=True)
    assert 0.99 < movement.expected_success <= 1
    assert movement.resources <= 1


@pytest.mark.parametrize(("answer", "sign"), [("repress", -1), ("hedge", -1), ("concede", 0)])
def test_movements_watch_how_challenges_end(situation, answer, sign):
    space = situation()
    challenge = open_challenge(space, "KGZ", participation=0.0)
    challenge.answers.append(answer)
    space.challenges.ebb()
    space.challenges.diffuse()
    assert challenge.over
    watcher = space.movements[space.regime("KAZ").index]
    assert np.sign(watcher.encouragement) == sign
    assert space.movements[space.regime("KGZ").index].encouragement == 0


def test_expected_success_brings_more_people_out(situation):
    space = situation(citizens=1000)
    movement = space.movements[space.regime("KAZ").index]
    crowds = []
    for movement.expected_success in (0.0, 0.2, 1.0):
        crowds.append(open_challenge(space, "KAZ", spark=0.3).participation)
    assert crowds[0] <= crowds[1] < crowds[2]
    assert movement.efficacy == pytest.approx(
        space.parameters.learning.emulation_spark * (1 - space.parameters.learning.usual_success)
    )


def test_regimes_prepare_and_closed_ones_twice(situation):
    space = situation()
    fallen, opened, closed = space.regime("KGZ"), space.regime("MDA"), space.regime("TKM")
    opened.openness, closed.openness = 0.6, 0.1
    fallen.preparedness = opened.preparedness = closed.preparedness = 0.2
    learn_from_fall(space, fallen)
    step = space.parameters.learning.preparedness
    assert opened.preparedness == pytest.approx(0.2 + step)
    assert closed.preparedness == pytest.approx(0.2 + 2 * step)
    assert fallen.preparedness == 0.2


def test_fear_drives_closed_regimes_toward_moscow_and_no_others(situation):
    space = situation()
    closed, hostile, opened = space.regime("TKM"), space.regime("AZE"), space.regime("MDA")
    closed.openness, closed.alignment, closed.line = 0.1, 0.1, 0.1
    hostile.openness, hostile.alignment, hostile.line = 0.1, -0.6, -0.6
    opened.openness, opened.alignment, opened.line = 0.6, 0.1, 0.1
    learn_from_fall(space, space.regime("KGZ"))
    assert closed.line == pytest.approx(0.1 + space.parameters.learning.fear_alignment)
    assert hostile.line == -0.6
    assert opened.line == 0.1


def test_others_learn_from_the_street_and_not_from_a_palace_coup(situation, monkeypatch):
    for led_by, learned in (("street", True), ("elite", False)):
        space = situation()
        change(space, challenges__fall_without_defection=1.0)  # it is in danger
        challenge = open_challenge(space, "KGZ", participation=0.9)
        monkeypatch.setattr(type(challenge), "contest", lambda self, space, led_by=led_by: led_by)
        prepared = [regime.preparedness for regime in space.regimes]
        space.challenges.decide()
        space.challenges.diffuse()
        assert not space.challenges.open
        assert any(movement.encouragement > 0 for movement in space.movements) is learned
        assert ([regime.preparedness for regime in space.regimes] != prepared) is learned


def test_who_falls_in_the_same_week_has_learnt_nothing_from_it_before(situation):
    lines = {}
    for codes in (["KGZ"], ["KGZ", "TKM"], ["TKM", "KGZ"]):
        space = situation()
        change(space, challenges__fall_without_defection=1.0, challenges__fall_after_defection=1.0)
        challenges = [open_challenge(space, code, participation=0.9) for code in codes]
        for challenge in challenges:
            challenge.regime.openness, challenge.regime.alignment, challenge.regime.line = 0.1, 0.5, 0.5
        space.challenges.decide()
        space.challenges.diffuse()
        successors = {e.target: e.value for e in space.ledger.events if e.kind == "successor"}
        assert set(successors) == set(codes)
        lines[tuple(codes)] = successors["KGZ"]
    assert len(set(lines.values())) == 1


def test_lessons_fade(situation):
    space = situation()
    regime = space.regime("KAZ")
    movement = space.movements[regime.index]
    movement.expected_success, regime.preparedness = 0.7, 0.9
    regime.drift(0.0)
    movement.organise()
    p = space.parameters.learning
    assert movement.encouragement == pytest.approx((0.7 - p.usual_success) * (1 - p.emulation_fades))
    home = regime.baseline_preparedness
    assert regime.preparedness == pytest.approx(0.9 + p.preparedness_fades * (home - 0.9))


def test_hope_brings_focal_events_and_despair_takes_them_away(situation):
    counts = []
    for expected in (0.0, 0.2, 1.0):
        space = situation(parameters={"challenges.focal_rate": 0.3, "learning.emulation_rate": 3.0})
        change(space, learning__usual_success=0.2)
        count = 0
        for space.tick in range(36):
            for regime, movement in zip(space.regimes, space.movements, strict=True):
                movement.expected_success, regime.months_since_election = expected, 1
            gather_sparks(space)
            count += sum(regime.spark > 0 for regime in space.regimes)
        counts.append(count)
    assert counts[0] < counts[1]
    assert counts[2] > 3 * counts[1]


def test_focal_events_are_better_known_in_open_states(situation):
    counts = []
    for openness in (0.0, 1.0):
        space = situation(parameters={"challenges.focal_rate": 3.0, "rivals.western_campaign": 0.0})
        change(space, challenges__publicity_when_closed=0.2)
        count = 0
        for space.tick in range(36):
            for regime in space.regimes:
                regime.openness, regime.months_since_election = openness, 1
            gather_sparks(space)
            count += sum(bool(trigger) for trigger in space.focal_events.triggers)
        counts.append(count)
    assert counts[0] / counts[1] == pytest.approx(0.2, abs=0.1)
