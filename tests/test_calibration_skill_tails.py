"""What hardly any run may do: the bounds of the record by hand, and free runs held to them."""

from __future__ import annotations

import math

import pytest

from calibration.skill import tails
from calibration.skill.panel import LAST
from calibration.skill.tails import (
    CHALLENGES,
    FALLS,
    FIRST_YEAR,
    FLARES,
    LONGEST,
    RARELY,
    START,
    YEARS,
    Bound,
    Found,
    bounds,
    flares_on_record,
    held,
    of_record,
    of_runs,
)
from calibration.skill.wars import ON_MEMBERS, WARS
from calibration.statistic import poisson_interval
from docs.remake import tails as page
from docs.remake.words import told
from sim.measures.history import RunHistory
from sim.model.simulate import simulate
from sim.model.trace import Challenge
from sim.scenario import load
from sim.world import build_world

RUNS, CITIZENS = 40, 150


def test_the_bounds_follow_from_the_record():
    record = of_record()
    assert record[LONGEST] + 1 == tails.MOST_MONTHS
    assert record[FLARES] + 1 == tails.MOST_FLARES
    assert START.year + YEARS - 1 == LAST  # the record's numbers are of as many years
    assert math.floor(poisson_interval(int(record[FALLS]))[1]) == tails.MOST_FALLS
    assert math.floor(poisson_interval(int(record[CHALLENGES]))[1]) == tails.MOST_CHALLENGES
    low, high = tails.BURST
    assert low < record[FIRST_YEAR] < high
    assert record[ON_MEMBERS] == 0
    assert all(bound.low <= record[name] <= bound.high for name, bound in bounds().items())


def test_crowds_that_come_back_by_hand():
    found = flares_on_record()
    assert sum(number == 0 for number in found) == 55
    assert sorted(found)[-2:] == [3, 3]


def history_of(*challenges, months=36):
    short = simulate(load("baseline").replace(citizens=50, years=1), 0).history
    history = RunHistory(short, build_world(short.start))
    history.challenges, history.events, history.months = list(challenges), [], months
    return history


def made(state, start, end, flares=(), falls=()):
    ends = [] if end is None else [end]
    return Challenge(
        0, state, start, "", flares=list(flares), ends=[*[start] * len(flares), *ends], falls=list(falls)
    )


def test_what_runs_do_by_hand():
    histories = [
        history_of(made("GEO", 3, 3 + 17), made("GEO", 30, 31, falls=["street"])),
        history_of(made("ARM", 11, 11 + 18), made("ARM", 12, None), made("ARM", 13, 14, flares=range(5))),
    ]
    found = of_runs(histories)
    assert found[FIRST_YEAR].value == pytest.approx((2 / 2) / (3 / 4))
    assert found[LONGEST] == Found(2 / 5, 5)  # 19 months, and 24 that are not over
    assert found[FLARES] == Found(1 / 5, 5)
    assert found[FALLS] == found[CHALLENGES] == Found(0, 2)
    many = history_of(*[made("KGZ", 12 + i, 12 + i, falls=["street", "elite"]) for i in range(20)])
    assert of_runs([many])[FALLS] == of_runs([many])[CHALLENGES] == Found(1, 1)
    assert math.isinf(of_runs([history_of(made("GEO", 0, 1))])[FIRST_YEAR].value)


def test_when_a_bound_is_held():
    together = Bound("", 0.5, 1.5, "all runs together", "", "")
    assert held(together, Found(1.5, 1))
    assert not held(together, Found(0.4, 1))
    single = Bound("", 0, 7, "runs", "", "")
    assert held(single, Found(2 / 40, 40))  # one run in a hundred may: two of 40 come about by chance
    assert not held(single, Found(3 / 40, 40))
    assert held(single, Found(RARELY, 4000))
    assert not held(single, Found(2 * RARELY, 4000))


def test_the_table_has_every_bound_and_marks_what_is_missed(monkeypatch):
    text = told(page.tails())
    for bound in bounds().values():
        assert f"| {bound.what} |" in text
        assert f"`{bound.constant}`" in text
        assert hasattr(tails, bound.constant)
    assert text.count("**missed**") == sum(bound.missed is not None for bound in bounds().values())
    known = {
        name: Bound(bound.what, bound.low, bound.high, "runs", "x", "y") for name, bound in bounds().items()
    }
    monkeypatch.setattr(page, "bounds", lambda: known)
    assert "**missed**" not in told(page.tails())


@pytest.mark.slow
def test_free_runs_from_2000_keep_to_the_bounds_or_miss_them_as_stated():
    """A bound that is stated to be missed must stay so: if runs get better, it is to be held from then on."""
    free = load("baseline").replace(start=str(START), years=YEARS, citizens=CITIZENS)
    world = build_world(free.start)
    found = of_runs([RunHistory(simulate(free, r, world).history, world) for r in range(RUNS)])
    assert found[LONGEST].cases > 1000  # enough to tell one in a hundred
    for name, bound in bounds().items():
        if bound.missed is None:
            assert held(bound, found[name]), (name, found[name])
        else:
            assert not held(bound, found[name]), f"{name}: held now: {found[name]}"
            assert bound.missed[0] <= found[name].value <= bound.missed[1], (name, found[name])
    assert found[WARS].value > 0
