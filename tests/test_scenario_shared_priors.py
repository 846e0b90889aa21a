"""``shared_priors``: set by hand, or fitted to the record; claims and own numbers come before both."""

import pytest
from click.testing import CliRunner

from calibration.ensemble.origins import RECORD_PERIOD, THESES
from calibration.ensemble.scenarios import scenario_of
from sim.analysis.design import prior_range
from sim.cli.main import main
from sim.model.simulate import simulate
from sim.parameters import catalogue
from sim.parameters.parameter import Tag
from sim.parameters.priors import Fixed, LogNormal, Sample
from sim.scenario import Scenario, ScenarioError, difference, load
from sim.scenario.posterior import fitted_settings
from sim.scenario.settings import in_order

SMALL = ["years=1", "citizens=50"]


@pytest.fixture
def fitted():
    return load("baseline", ["shared_priors=fitted", *SMALL])


@pytest.fixture
def by_hand():
    return load("baseline", ["shared_priors=hand-set", *SMALL])


def rows():
    columns = [setting.prior.values for setting in fitted_settings().values()]
    return set(zip(*columns, strict=True))


def test_a_run_draws_a_whole_row_of_the_posterior(fitted):
    drawn = [simulate(fitted, replicate).draws for replicate in range(3)]
    allowed = rows()
    found = {tuple(draws[path] for path in fitted_settings()) for draws in drawn}
    assert found <= allowed
    assert len(found) > 1


def test_priors_set_by_hand_are_those_of_the_table_of_parameters(by_hand):
    assert by_hand.priors == {}
    assert by_hand.fitted == {}
    path = next(iter(fitted_settings()))
    assert by_hand.shared(path).prior == catalogue()[path].prior


def test_what_is_not_fitted_is_drawn_as_before(fitted, by_hand):
    ours, theirs = simulate(fitted, 0).draws, simulate(by_hand, 0).draws
    assert {path for path in ours if ours[path] != theirs[path]} <= set(fitted_settings())


def test_a_claim_and_a_scenario_come_before_the_posterior_and_leave_the_other_rows(fitted):
    path, other = list(fitted_settings())[:2]
    value = catalogue()[path].default
    own = fitted.with_parameters({path: value})
    assert own.priors[path].centre == value
    assert simulate(own, 0).draws[other] == simulate(fitted, 0).draws[other]
    assert f"1 of them are set here instead ({path})" in " ".join(own.debug().split())


def test_the_difference_between_the_two_names_every_fitted_parameter(fitted, by_hand):
    differs = {path for path, _, _ in difference(by_hand, fitted)}
    assert {f"parameters.{path}" for path in fitted_settings()} | {"shared_priors"} == differs


def test_runs_of_the_two_have_keys_of_their_own(fitted, by_hand):
    assert fitted.inputs() != by_hand.inputs()
    assert fitted.replace(title="another").inputs() == fitted.inputs()


def test_every_number_tells_where_it_comes_from(fitted):
    for path in fitted_settings():
        setting = fitted.shared(path)
        assert setting.tag is Tag.CALIBRATED
        assert "posterior" in setting.source
    shown = CliRunner().invoke(main, ["show", "baseline", "--set", "shared_priors=fitted"]).output
    assert "drawn together" in shown
    assert "posterior 1, below" in shown


def test_it_goes_through_a_file_and_back(fitted, tmp_path):
    path = tmp_path / "again.yaml"
    path.write_text(fitted.to_yaml())
    assert load(path).priors == fitted.priors


def test_another_posterior_stands_in_for_the_shipped_one_as_a_whole(tmp_path):
    path = next(iter(fitted_settings()))
    value = catalogue()[path].default
    (tmp_path / "mine.yaml").write_text(
        f"posterior: mine\nsource: made by hand\nparameters: [{path}]\nrows: [[{value}], [{value}]]\n"
    )
    (tmp_path / "taken.yaml").write_text("parameters: mine.yaml\n")
    scenario = load(tmp_path / "taken.yaml")
    assert scenario.shared_priors == "hand-set"
    assert list(scenario.priors) == [path]


def test_another_word_is_refused_with_what_is_allowed():
    with pytest.raises(ScenarioError, match=r"shared_priors.*(?s:.)*hand-set"):
        load("baseline", ["shared_priors=fited"])


@pytest.mark.parametrize("thesis", THESES)
def test_a_fit_never_starts_from_what_a_fit_has_made(thesis):
    scenario = scenario_of(thesis, RECORD_PERIOD, 50)
    assert scenario.shared_priors == "hand-set"
    assert not any(isinstance(prior, Sample) for prior in scenario.priors.values())


def test_the_range_of_a_sample_is_that_of_its_values_in_order():
    sample = Sample("mine", (3.0, 1.0, 2.0))
    assert in_order(sample).values == (1.0, 2.0, 3.0)
    assert in_order(LogNormal(1, 0.1)) == LogNormal(1, 0.1)
    low, high = prior_range("challenges.focal_rate")
    assert low < load("baseline").shared("challenges.focal_rate").prior.centre < high


def test_until_a_claim_begins_a_fitted_parameter_is_drawn_from_the_posterior():
    path = next(iter(fitted_settings()))
    moved = {path: {"prior": 0.3, "tag": "assumed", "source": "a test"}}
    claim = {"id": "A1", "claim": "it moves", "parameters": moved, "from": "2011-06"}
    thesis = {"thesis": "mine", "title": "Mine", "claims": [claim]}
    dated = Scenario.build("mine", thesis=thesis, start="2010-01", years=4, citizens=50)
    assert dated.priors[path] == fitted_settings()[path].prior
    assert dated.onsets[0].priors == {path: Fixed(0.3)}
