"""Outcomes over part of a run, against numbers worked out by hand and against a run that is shorter."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import RequestError
from sim.measures import OUTCOMES, measure
from sim.measures.history import RunHistory
from sim.measures.window import WHOLE, Window
from sim.model.simulate import build, simulate
from sim.model.trace import NEVER
from sim.months import Month
from sim.scenario import Scenario

YEARS = 6


@pytest.fixture(scope="module")
def run():
    scenario = Scenario.build("window", start="2010-01", years=YEARS, citizens=60)
    model = build(scenario, 3)
    return simulate(scenario, 3).history, model.world


def test_the_whole_run_is_measured_as_ever(run):
    history, world = run
    plain = measure(RunHistory(history, world))
    for window in (WHOLE, Window.of("2010-01", "2015-12")):
        found = measure(window.of_run(history, world, {}))
        assert found == pytest.approx(plain, nan_ok=True)


def test_changes_and_counts_are_those_of_the_window(run):
    history, world = run
    seen = Window.of("2011-03", "2013-06").of_run(history, world, {})
    first, last = 14, 41
    assert seen.months == last - first + 1
    assert str(seen.start) == "2011-03"
    influence = history.moscow["influence"]
    assert OUTCOMES["influence_change"].value(seen) == pytest.approx(influence[last] - influence[first])
    inside = [event for event in history.events if first <= event.tick <= last]
    assert [(event.tick + first, event.kind) for event in seen.events] == [(e.tick, e.kind) for e in inside]
    opened = [one for one in history.challenges if first <= one.start <= last]
    assert opened
    assert [one.start + first for one in seen.challenges] == [one.start for one in opened]
    for cut, whole in zip(seen.challenges, opened, strict=True):
        assert [tick + first for tick in cut.fall_ticks] == [t for t in whole.fall_ticks if t <= last]
        assert len(cut.falls) == len(cut.fall_ticks) == len(cut.successors)
        assert [tick + first for tick in cut.help_ticks] == [t for t in whole.help_ticks if t <= last]
        assert len(cut.ends) == len(cut.endings)
        if whole.end == NEVER or whole.end > last:
            assert cut.is_open or len(cut.flares) < len(whole.flares)


def test_the_parts_of_a_run_add_up(run):
    history, world = run
    parts = [("2010-01", "2012-07"), ("2012-08", "2015-12")]
    whole = RunHistory(history, world)
    for kind in ("challenge", "fall", "request", "instrument"):
        counts = [Window.of(*part).of_run(history, world, {}).count(kind) for part in parts]
        assert sum(counts) == whole.count(kind)
    members = [Window.of(*part).of_run(history, world, {}) for part in parts]
    assert members[0].members_at_end("CSTO") == members[1].members_at_start("CSTO")
    assert members[1].members_at_end("CSTO") == whole.members_at_end("CSTO")


def test_every_outcome_is_defined_by_the_window_alone(run):
    history, world = run
    seen = Window.of("2012-01", "2013-12").of_run(history, world, {})
    values = measure(seen)
    assert set(values) == set(OUTCOMES)
    assert math.isclose(values["clients_start"], (np.float32(0.25) < seen.of_region("alignment")[0]).sum())


@pytest.mark.parametrize(
    ("since", "by", "message"),
    [
        ("2014-13", None, "month must be 1 to 12"),
        ("soon", None, "'soon' is not a month: write YYYY-MM"),
        ("2014-01", "2014-01", "the last month, 2014-01, must come after the first, 2014-01"),
        ("2014-02", "2014-01", "must come after"),
    ],
)
def test_a_window_that_is_none_is_refused(since, by, message):
    with pytest.raises(RequestError, match=message):
        Window.of(since, by)


def test_a_window_beyond_the_runs_is_refused():
    spans = [("mine", Month.of(2010, 1), 24)]
    Window.of("2010-01", "2011-12").check(spans)
    with pytest.raises(RequestError, match="2012-01 is outside the runs of mine, which go from 2010-01 to"):
        Window.of(by="2012-01").check(spans)
    with pytest.raises(RequestError, match="holds no change"):
        Window.of(since="2011-12").check(spans)
    assert not WHOLE
    assert str(Window.of(by="2011-01")) == "from the start to 2011-01"
