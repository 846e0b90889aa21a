"""Historical runs take over the record's fundamentals each January, and leave politics alone."""

import pytest

from sim.model.model import PostSovietSpace
from sim.model.record_followed import follow_record, world_at
from sim.months import Month
from sim.parameters import Fixed, catalogue


def historical(start="1996-01", months=30):
    fixed = {path: Fixed(spec.default) for path, spec in catalogue().items()}
    world = world_at(Month.parse(start))
    return PostSovietSpace(
        world, seed=1, replicate=0, months=months, citizens=100, priors=fixed, historical=True
    )


def test_fundamentals_follow_with_the_run_s_own_error():
    space = historical()
    before = {r.code: r.openness for r in space.regimes}
    errors = {
        r.code: r.openness - s.record.openness.mean for r, s in zip(space.regimes, space.starts, strict=True)
    }
    space.month = Month.parse("2014-01")
    follow_record(space)
    later = world_at(space.month)
    for regime, record in zip(space.regimes, later.states, strict=True):
        expected = min(max(record.openness.mean + errors[regime.code], 0.0), 1.0)
        assert regime.openness == pytest.approx(expected)
    assert any(abs(regime.openness - before[regime.code]) > 0.1 for regime in space.regimes)


def test_politics_is_left_alone():
    space = historical()
    kept = [(r.alignment, r.line, r.legitimacy, r.cohesion, frozenset(r.memberships)) for r in space.regimes]
    space.month = Month.parse("2014-01")
    follow_record(space)
    assert kept == [
        (r.alignment, r.line, r.legitimacy, r.cohesion, frozenset(r.memberships)) for r in space.regimes
    ]


def test_moscow_s_means_grow_as_recorded():
    space = historical()
    troops, money = space.moscow.budget.troops, space.moscow.budget.money
    space.month = Month.parse("2012-01")
    follow_record(space)
    now, then = world_at(space.month).moscow, space.world.moscow
    assert space.moscow.budget.money == pytest.approx(money * now.money.mean / then.money.mean)
    assert space.moscow.budget.troops == pytest.approx(troops * now.troops.mean / then.troops.mean)
    assert space.moscow.budget.money > money


def test_free_runs_do_not_follow():
    space = historical()
    space.historical = False
    before = [regime.openness for regime in space.regimes]
    while space.tick < 14:
        space.step()
    assert [regime.openness for regime in space.regimes] == before


def test_historical_runs_follow_each_january_only():
    space = historical()
    while space.month < Month.parse("1997-01"):
        space.step()
    before = [regime.openness for regime in space.regimes]
    space.step()
    assert [regime.openness for regime in space.regimes] != before
    january = [regime.openness for regime in space.regimes]
    for _ in range(11):
        space.step()
    assert [regime.openness for regime in space.regimes] == january
