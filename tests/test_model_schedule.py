"""A month runs the stages of its schedule, each once and in that order."""

import dataclasses
from pathlib import Path

import pytest

import sim.model
from sim.errors import RequestError
from sim.model.month import MONTH
from sim.model.regimes.challenges import WEEK
from sim.series import MOSCOW_SERIES, STATE_SERIES

STAGES = [
    "record", "claims", "timeline", "wars", "means", "attitudes", "regimes", "movements", "territories",
    "elites", "campaigns", "elections", "sparks", "cascade", "openings", "challenges", "clashes", "acts",
    "left alone", "returns", "alignment", "accession", "classes", "memberships", "recording",
]  # fmt: skip


def test_a_month_runs_every_stage_once_and_in_order(situation):
    space = situation()
    seen = []

    def spied(stage):
        def run(model):
            seen.append(stage.name)
            stage.run(model)

        return dataclasses.replace(stage, run=run)

    space.schedule = tuple(spied(stage) for stage in MONTH)
    space.step()
    assert seen == STAGES
    space.step()
    assert seen == 2 * STAGES


def test_each_stage_says_where_it_is():
    root = Path(sim.model.__file__).parent
    assert all((root / stage.where).is_file() for stage in MONTH)


def test_every_series_is_moved_by_one_stage():
    moved = [name for stage in MONTH for name in stage.moves]
    assert sorted(moved) == sorted([*STATE_SERIES, *MOSCOW_SERIES])


def test_a_week_runs_the_street_first_and_lessons_last():
    names = [stage.__name__ for stage in WEEK]
    assert names == ["take_to_the_street", "ebb", "respond", "ask_moscow", "decide", "diffuse"]


def test_a_stage_can_be_left_out_of_a_schedule(situation):
    space = situation(start="2010-01", parameters={"citizens.threshold": 1.0})  # nobody rises
    space.schedule = tuple(stage for stage in MONTH if stage.name != "attitudes")
    before = space.population.attitude.copy()
    for _ in range(3):
        space.step()
    assert (space.population.attitude == before).mean() > 0.99  # what else moves it needs an event


def test_a_month_passes_with_each_step(situation):
    space = situation(start="2010-11")
    for tick, month in enumerate(["2010-11", "2010-12", "2011-01"]):
        assert (space.tick, str(space.month)) == (tick, month)
        space.step()


def test_regimes_know_their_publics_attitude_of_the_month(situation):
    space = situation(parameters={"citizens.war_revulsion": 0.02}, start="2022-03")
    before = [regime.attitude for regime in space.regimes]
    space.step()
    after = [float(space.population.attitude[space.population.of(r.index)].mean()) for r in space.regimes]
    assert max(abs(now - was) for now, was in zip(after, before, strict=True)) > 0.005
    for regime, attitude in zip(space.regimes, after, strict=True):
        assert abs(regime.attitude - attitude) < 0.002  # help within the month may move it once more


def test_a_model_by_hand_says_what_is_wrong(situation):
    space = situation(years=1)
    space.run()
    with pytest.raises(RequestError, match="all 12 months have been lived"):
        space.step()
    with pytest.raises(RequestError, match=r"no state 'KGS'; codes are .*KGZ"):
        space.regime("KGS")
