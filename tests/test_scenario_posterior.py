"""``parameters: posterior/FILE``: rows drawn whole, claims before it, own numbers before both."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.model.draw import draw_parameters
from sim.model.randomness import RandomNumbers
from sim.parameters import prior_text
from sim.parameters.parameter import Tag
from sim.parameters.priors import Sample
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.reader import read_text

GOOD = """\
posterior: a test
source: made by hand
provenance: {draws: 4}
parameters: [moscow.keep_weight, war.capacity_drain, challenges.focal_rate]
rows:
  - [1.0, 0.1, 0.5]
  - [2.0, 0.2, 0.6]
  - [3.0, 0.3, 0.7]
  - [4, 0.4, 0.8]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "posterior").mkdir()
    (tmp_path / "posterior" / "good.yaml").write_text(GOOD)
    (tmp_path / "plain.yaml").write_text("parameters: posterior/good.yaml\n")
    (tmp_path / "thesis.yaml").write_text(
        "thesis: kuzio\nparameters:\n  posterior: posterior/good.yaml\n  challenges.focal_rate: 0.9\n"
    )
    return tmp_path


def drawn(scenario: Scenario, replicate: int) -> dict[str, float]:
    priors = {path: setting.prior for path, setting in scenario.parameters.items()}
    return draw_parameters(RandomNumbers(scenario.seed, replicate, 0), priors)[1]


def test_a_replicate_takes_a_whole_row_by_its_random_numbers(folder):
    scenario = load(folder / "plain.yaml")
    rows = [
        (values["moscow.keep_weight"], values["war.capacity_drain"], values["challenges.focal_rate"])
        for values in (drawn(scenario, replicate) for replicate in range(400))
    ]
    allowed = {(1.0, 0.1, 0.5), (2.0, 0.2, 0.6), (3.0, 0.3, 0.7), (4.0, 0.4, 0.8)}
    assert set(rows) == allowed
    counts = [rows.count(row) for row in allowed]
    assert min(counts) > 60  # about 100 each
    assert drawn(scenario, 7) == drawn(scenario, 7)


def test_the_numbers_say_where_they_come_from(folder):
    setting = load(folder / "plain.yaml").parameters["moscow.keep_weight"]
    assert (setting.tag, setting.source, setting.prior.centre) == (Tag.CALIBRATED, "made by hand", 2.5)


def test_a_posterior_is_told_by_median_and_interval_and_its_source_once(folder, tmp_path):
    rows = "".join(f"  - [{value / 50}, 0.1, 0.5]\n" for value in range(101))
    (folder / "posterior" / "many.yaml").write_text(GOOD.partition("rows:")[0] + "rows:\n" + rows)
    path = tmp_path / "many.yaml"
    path.write_text("parameters: posterior/many.yaml\n")
    assert prior_text(load(path).parameters["moscow.keep_weight"].prior) == "1 (90 %: 0.1 to 1.9)"
    for command in (["show"], ["diff", "baseline"]):
        said = CliRunner().invoke(main, [*command, str(path)]).output
        assert "1 (90 %: 0.1 to 1.9)" in said
        assert "0 to 2" not in said  # the extremes
    shown = CliRunner().invoke(main, ["show", str(path)]).output
    told, table = shown.split("Every parameter")
    for part in (told, table):
        assert part.count("made by hand") == 1
        assert "3 parameters drawn together from 101 rows, with median and 90 % interval" in part


def test_a_sample_of_one_value_is_that_value():
    assert prior_text(Sample("one", (2.0,))) == str(Sample("one", (2.0,)))


def test_a_claim_goes_before_the_posterior_and_the_scenarios_own_number_before_both(folder):
    scenario = load(folder / "thesis.yaml")
    assert scenario.parameters["war.capacity_drain"].claim is not None  # Kuzio's claim
    assert scenario.parameters["challenges.focal_rate"].prior.centre == 0.9
    assert scenario.parameters["moscow.keep_weight"].prior.of == "a test"
    plain = load(folder / "plain.yaml")
    added = plain.with_claims("K1")
    assert plain.parameters["war.capacity_drain"].claim is None
    assert added.parameters["war.capacity_drain"].claim == "K1"


def test_rows_as_the_fit_writes_them_are_read_quickly_and_as_any_others(folder, monkeypatch):
    def read(text):
        file = folder / "posterior" / "good.yaml"
        file.write_text(text)
        return Scenario.build("mine", parameters={"posterior": str(file)}).parameters

    otherwise = read(GOOD.replace("[4, ", "[ 4, "))
    monkeypatch.setattr("sim.scenario.posterior.read_file", None)
    parsed = []
    monkeypatch.setattr(
        "sim.scenario.posterior.read_text",
        lambda text, *a, **k: parsed.append(text) or read_text(text, *a, **k),
    )
    assert read(GOOD) == otherwise
    assert parsed == [GOOD.partition("rows:")[0]]
    with pytest.raises(TypeError, match="not callable"):  # what is given twice is left to the reader
        read(f"rows: []\n{GOOD}")


def test_it_is_written_out_and_read_again(folder):
    scenario = load(folder / "thesis.yaml")
    (folder / "again.yaml").write_text(scenario.to_yaml())
    again = load(folder / "again.yaml")
    assert again == scenario
    assert np.array_equal(list(drawn(again, 3).values()), list(drawn(scenario, 3).values()))


def test_python_names_it_too(folder):
    scenario = Scenario.build("mine", parameters={"posterior": str(folder / "posterior" / "good.yaml")})
    assert scenario.parameters["moscow.keep_weight"].prior.centre == 2.5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "moscow.keep_weight",
            "moscow.kepe_weight",
            r"line 4, column 14.*unknown parameter.*keep_weight",
        ),
        ("[2.0, 0.2, 0.6]", "[2.0, 0.2]", r"good\.yaml, line 7.*a row of 2 numbers for 3 parameters"),
        (
            "[2.0, 0.2, 0.6]",
            "[2.0, 1.2, 0.6]",
            r"line 7, column \d+.*1\.2 is out of the range.*0 to 1",
        ),
        ("[2.0, 0.2, 0.6]", "[2.0, .nan, 0.6]", r"good\.yaml, line 7.*nan is not a finite number"),
        ("war.capacity_drain", "moscow.keep_weight", r"moscow\.keep_weight is a column twice"),
        ("source: made by hand\n", "", r"source"),
        ("rows:", "lines:", r"good\.yaml, line 5.*lines"),
        ("rows:", "rows: []\nrows:", r"good\.yaml, line 6.*duplicate key, first given on line 5"),
    ],
)
def test_a_fault_is_told_with_its_place(folder, old, new, said):
    file = folder / "posterior" / "good.yaml"
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ScenarioError, match=said):
        load(folder / "plain.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("posterior/none.yaml", r"plain\.yaml, line 1.*no such file"),
        ("posterior/good", r"plain\.yaml, line 1.*names no posterior"),
        ("../good.yaml", r"plain\.yaml, line 1.*lies outside the folder"),
        ("{posterior: 3}", r"plain\.yaml, line 1.*names no posterior"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_its_place(folder, text, said):
    (folder / "plain.yaml").write_text(f"parameters: {text}\n")
    with pytest.raises(ScenarioError, match=said):
        load(folder / "plain.yaml")
