"""A scenario gives Moscow more or less of its means: at once, until it says otherwise, record or not."""

import pytest
from test_model_timeline import before_and_after, event


def test_means_change_what_moscow_can_spend(situation):
    half = event("means", money=0.5, attention=2.0)
    space, without = before_and_after(situation, half)
    here, there = space.moscow.budget, without.moscow.budget
    assert here.money == there.money / 2
    assert here.attention == 2 * there.attention
    assert here.troops == there.troops
    space.moscow.begin_month(space.wars.load)
    without.moscow.begin_month(without.wars.load)
    assert here.money_a_year < there.money_a_year
    assert here.attention_left > there.attention_left
    again, _ = before_and_after(situation, half, {**event("means", money=1.0), "name": "as before"})
    assert again.moscow.budget.money == pytest.approx(there.money)
    assert again.moscow.budget.times == {"troops": 1.0, "money": 1.0, "attention": 2.0}


def test_means_stay_changed_where_the_record_is_followed(situation):
    timeline = [event("means", at="2010-03", troops=3.0)]
    worlds = [
        situation(timeline=each, mode="historical", start="2010-01", years=2) for each in (timeline, [])
    ]
    for space in worlds:
        while space.tick < 14:
            space.step()
    here, there = (space.moscow.budget.troops for space in worlds)
    assert here == pytest.approx(3 * there)
