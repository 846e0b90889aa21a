"""The model as a function: the same numbers as any run, for libraries that drive functions."""

import pickle

import pandas as pd
import pytest

import sim
from sim.analysis.design import prior_range
from sim.errors import RequestError, SimError

PATH, START = "moscow.keep_weight", "initial.KGZ.legitimacy"
SMALL = {"citizens": 60, "years": 1}


@pytest.fixture(scope="module")
def model():
    return sim.as_function("dubnov", ["challenges", "attitude_change", "status quo"], runs=2, changes=SMALL)


@pytest.fixture(scope="module")
def asked(model):
    return model({PATH: 2.0, START: 0.4})


def test_the_function_is_the_mean_of_runs_with_these_numbers(asked):
    changes = {**SMALL, PATH: 2.0, START: 0.4}
    outcomes = sim.run("dubnov", runs=2, workers=1, changes=changes).outcomes
    assert asked == pytest.approx(
        {
            "challenges": outcomes["challenges"].mean(),
            "attitude_change": outcomes["attitude_change"].mean(),
            "status quo": (outcomes["end_state"] == "status quo").mean(),
        }
    )


def test_keywords_with_underscores_for_dots_are_the_same(model, asked):
    assert model(moscow__keep_weight=2.0, initial__KGZ__legitimacy=0.4) == asked


def test_a_table_has_a_row_a_point_in_its_order_even_twice(model, asked):
    points = pd.DataFrame({PATH: [2.0, 2.0, 2.0], START: [0.9, 0.4, 0.4]}, index=["c", "a", "b"])
    found = model.table(points)
    assert list(found.index) == ["c", "a", "b"]
    assert found.loc["a"].to_dict() == found.loc["b"].to_dict() == asked
    assert found.loc["c"].to_dict() != asked


def test_a_list_of_dicts_is_a_table(model, asked):
    (row,) = model.table([{PATH: 2.0, START: 0.4}]).to_dict("records")
    assert row == asked


def test_it_travels_to_other_processes(model, asked):
    assert pickle.loads(pickle.dumps(model))({PATH: 2.0, START: 0.4}) == asked


def test_ranges_are_those_of_the_catalogue(model):
    spec = sim.catalogue()[PATH]
    assert model.ranges([PATH]) == {PATH: prior_range(PATH)}
    assert model.ranges([PATH], allowed=True) == {PATH: (spec.low, spec.high)}
    every = model.ranges()
    assert len(every) > 150
    for path, (low, high) in every.items():
        allowed = sim.catalogue()[path]
        assert allowed.low <= low < high <= allowed.high


def test_what_is_wrong_is_told(model):
    for call, told in (
        (model, "give at least one number"),
        (lambda: model({"moscow.keep_wieght": 1}), "did you mean moscow.keep_weight"),
        (lambda: model({PATH: -1}), "is out of range"),
        (lambda: model({PATH: float("nan")}), "finite"),
        (lambda: model.ranges(["moscow.kep"], allowed=True), "no path"),
        (lambda: model.table([1.0, 2.0]), "as a table with a column a path, or as a list of dicts"),
        (lambda: model.table({PATH: 1.0}), "as a table with a column a path"),
    ):
        with pytest.raises(RequestError) as error:
            call()
        assert told in str(error.value)
    with pytest.raises(SimError, match="did you mean challenges"):
        sim.as_function("dubnov", ["chalenges"])


@pytest.mark.parametrize("allowed", [False, True])
def test_a_path_that_there_is_not_is_called_so(model, allowed):
    with pytest.raises(SimError, match=r"no path 'moscow\.nothing'"):
        model.ranges(["moscow.nothing"], allowed=allowed)
