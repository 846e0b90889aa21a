"""How often Moscow starts a war: the bounds of the record by hand, and the shared world held to them."""

import pytest
from scipy.stats import poisson

from calibration.skill.wars import (
    ON_MEMBERS,
    WARS,
    member_years,
    rate_interval,
    rates,
    war_bounds,
    wars_of_runs,
)
from sim.measures.history import RunHistory
from sim.model.simulate import simulate
from sim.model.trace import Event
from sim.scenario import load
from sim.world import build_world

GIVEN = ("UKR",)
"""Whose war is given in hindcasts."""


@pytest.mark.parametrize(("count", "exposure"), [(0, 5.0), (1, 22.0), (3, 33.0)])
def test_an_interval_leaves_a_twentieth_on_either_side(count, exposure):
    low, high = rate_interval(count, exposure)
    assert poisson.cdf(count, high * exposure) == pytest.approx(0.05)
    assert (low == 0) if count == 0 else poisson.sf(count - 1, low * exposure) == pytest.approx(0.05)


def test_years_of_members_by_hand():
    assert member_years(1949) == 12
    assert member_years(1953) == 3 * 12 + 2 * 14


def test_the_bounds_of_the_record():
    bounds = war_bounds(2024)
    assert bounds.loc[WARS, "recorded"] == 3
    assert bounds.loc[WARS, "rate"] == pytest.approx(3 * 20 / 33)
    assert 0 < bounds.loc[WARS, "from"] < 1 < bounds.loc[WARS, "to"] < 5
    assert bounds.loc[ON_MEMBERS, "to"] == pytest.approx(2.9957 / member_years(2024) * 1000, rel=1e-3)
    assert war_bounds(2013, GIVEN).loc[WARS, "recorded"] == 1


def test_a_war_counts_as_on_a_member_from_the_month_after_it_joins():
    history = simulate(load("baseline").replace(citizens=50, years=2), 0).history
    found = RunHistory(history, build_world(history.start))
    found.events = [
        made("war", "GEO", "started", 3), made("membership", "NATO", "joined", 5, actor="GEO"),
        made("war", "GEO", "started", 5), made("war", "GEO", "started", 9), made("war", "EST", "started", 1),
        made("war", "UKR", "started", 2, cause="record"), made("war", "MDA", "started", 2),
    ]  # fmt: skip
    (row,) = wars_of_runs([found], left_out=("MDA",)).to_dict("records")
    assert (row["wars"], row["on_members"], row["years"]) == (4, 2, 2)
    assert row["member_years"] == pytest.approx(3 * 2 + 19 / 12)


def made(kind, target, detail, tick, *, actor="RUS", cause="decision"):
    return Event(tick, kind, actor, target, detail, 0.0, {"cause": cause})


def test_hindcasts_to_2013_keep_to_the_bounds_of_those_years():
    hindcast = load("hindcast").replace(citizens=50, years=22)
    world = build_world(hindcast.start)
    runs = wars_of_runs((RunHistory(simulate(hindcast, r).history, world) for r in range(6)), GIVEN)
    bounds, found = war_bounds(2013, GIVEN), rates(runs)
    assert runs["member_years"].sum() > 80
    for name in (WARS, ON_MEMBERS):
        assert bounds.loc[name, "from"] <= found[name] <= bounds.loc[name, "to"], name
