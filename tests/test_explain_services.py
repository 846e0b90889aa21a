"""What is told of the services: of which week a crowd is, and on which side of its middle a stock lies."""

from __future__ import annotations

import re

import pytest

from sim.explain.course import Standing, _valued
from sim.explain.one_run import run_replicate
from sim.explain.why import explain
from sim.model.regimes.week import MIDDLING_COHESION, MIDDLING_LOYALTY, REFERENCE_TURNOUT
from sim.scenario import Scenario
from sim.world.state import STATES


@pytest.fixture(scope="module")
def runs():
    small = Scenario.build("small", years=10, citizens=150)
    return [run_replicate(small, replicate) for replicate in range(2)]


def test_every_size_of_the_crowd_is_told_with_its_time(runs):
    told = set()
    for one in runs:
        for state in STATES:
            for section in explain(one, state).sections:
                for line in section.sentences:
                    if re.match(r"(In the week of|At the peak of) \w+ \d{4}", line):
                        told.add(line[:5])
                    assert not line.startswith("With ")
                    if section.heading == "The regime's answer" and "% in open" in line:
                        assert "in open opposition in the month's first week" in line
    assert told == {"In th", "At th"}


def test_a_stock_that_moves_the_log_odds_is_told_with_its_level_and_on_which_side_it_lies():
    low, high = Standing(0.1, 0.06, 0.2, 0.0, 0.0, 0.5), Standing(0.5, 0.7, 0.9, 0.3, 0.2, 0.5)
    stocks = ("participation", "cohesion", "loyalty")
    assert [_valued(stock, low) for stock in stocks] == [
        "a smaller crowd of 10%", "low elite cohesion of 0.06", "low loyalty of 0.20 in the services",
    ]  # fmt: skip
    assert [_valued(stock, high) for stock in (*stocks, "openness", "preparedness")] == [
        "a larger crowd of 50%", "high elite cohesion of 0.70", "high loyalty of 0.90 in the services",
        "openness of 0.30", "preparedness of 0.20",
    ]  # fmt: skip
    middling = Standing(REFERENCE_TURNOUT, MIDDLING_COHESION, MIDDLING_LOYALTY, 0.0, 0.0, 0.5)
    assert [_valued(stock, middling) for stock in stocks] == [
        "a crowd of 30%", "elite cohesion of 0.50", "loyalty of 0.60 in the services",
    ]  # fmt: skip


def test_where_the_services_turned_the_chance_is_that_of_the_week_and_not_of_all_weeks(runs):
    """Weeks after they turned say nothing of it, and the answer of the week counted."""
    left = 0
    for one in runs:
        for state in STATES:
            told = [line for section in explain(one, state).sections for line in section.sentences]
            in_week = any(line.startswith("In the week of") for line in told)
            assert not (in_week and any("over" in line and "like that" in line for line in told))
            for line in told:
                if found := re.search(r"which left (\d+)% that week", line):
                    chances = [
                        100 * float(e.facts["chance"])
                        for e in one.events
                        if e.kind == "defection" and e.target == state and "chance" in e.facts
                    ]
                    assert min(abs(chance - int(found[1])) for chance in chances) <= 0.5
                    left += 1
    assert left
