"""Names of earlier versions: still read, with a note that says the new name."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import sim
from calibration.cli.ensemble import ensemble
from calibration.forecast.file import read_forecast
from sim.analysis.compare import chosen_baseline
from sim.analysis.variance import GROUPS
from sim.cli.main import main
from sim.experiment import store
from sim.experiment.chunk import run_one
from sim.experiment.histories import Histories
from sim.experiment.run import STANDARD
from sim.experiment.until import Target
from sim.figures.style import scenario_colours
from sim.measures import package_outcomes
from sim.model.draw import draw_parameters
from sim.model.facts import FACTS
from sim.model.randomness import Process, RandomNumbers
from sim.model.simulate import simulate
from sim.renamed import RENAMED, RenamedWarning, among, current, current_column
from sim.scenario import SHARED_WORLD, Scenario, load, load_thesis, names, thesis_names
from sim.scenario.timeline import EVENTS

TIMELINE = "timeline:\n  - {name: a, at: 2027-01, event: %s, states: [KGZ], spark: 0.5}\n"
SMALL = ("--set", "years=1", "--set", "citizens=50", "--runs", "2", "--no-figures")


def call(*words: str):
    return CliRunner().invoke(main, words)


def test_a_new_name_is_one_that_there_is_and_an_old_one_is_not() -> None:
    there_are = {
        "scenario": set(names()), "thesis": set(thesis_names()), "event": set(EVENTS),
        "section": {path.partition(".")[0] for path in sim.catalogue()}, "outcome": set(package_outcomes()),
        "fact": set(FACTS), "theme": set(sim.measures.registry.themes()), "group": set(GROUPS),
        "option": {name for option in ensemble.params if not option.hidden for name in option.opts},
    }  # fmt: skip
    assert set(RENAMED) == set(there_are)
    for kind, new in RENAMED.items():
        assert set(new.values()) <= there_are[kind]
        assert not set(new) & there_are[kind]


def test_a_name_of_today_is_not_noted() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert current("event", "challenge") == "challenge"
        assert current("event", "upprising") == "upprising"
        assert (
            among("scenario", "null", ["null", "dubnov"]) == "null"
        )  # as results of an earlier version know
        for name in names():
            load(name)


def test_an_event_of_an_old_kind_is_read_with_a_note_of_its_place(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(TIMELINE % "uprising")
    (tmp_path / "new.yaml").write_text(TIMELINE % "challenge")
    place = r"old\.yaml, line 2, column 35: timeline\[0\]\.event: "
    with pytest.warns(RenamedWarning, match=place + "the event 'uprising' is now called 'challenge'$"):
        old = load(tmp_path / "old.yaml")
    assert old.replace(name="new") == load(tmp_path / "new.yaml")
    with pytest.warns(RenamedWarning, match=r"^scenario 'mine': timeline\[0\]\.event"):
        built = Scenario.build("mine", timeline=[{"name": "a", "at": "2027-01", "event": "uprising",
                                                  "states": ["KGZ"], "spark": 0.5}])  # fmt: skip
    assert built.timeline == old.timeline
    with pytest.warns(RenamedWarning, match="^--set: "):
        load("dubnov", ["timeline=[{name: a, at: 2027-01, event: uprising, states: [KGZ], spark: 0.5}]"])


def test_a_command_writes_the_note_once_to_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_text(TIMELINE % "uprising")
    for _ in range(2):  # again by the next command
        done = call("check", str(file), str(file))
        assert done.exit_code == 0
        assert done.stdout == f"{file}: fine\n" * 2
        assert done.stderr == (
            f"Note: {file}, line 2, column 35: timeline[0].event: "
            "the event 'uprising' is now called 'challenge'\n"
        )


def test_the_shared_world_is_found_by_its_old_name() -> None:
    with pytest.warns(RenamedWarning, match="^the scenario 'null' is now called 'baseline'$"):
        assert load("null") == load(SHARED_WORLD)
    with pytest.warns(RenamedWarning, match="^the thesis 'null' is now called 'baseline'$"):
        assert load_thesis("null") == load_thesis("baseline")
    for fitted in ("fitted", "what-if/fitted"):
        with pytest.warns(RenamedWarning, match=f"^the scenario '{fitted}' is now called 'baseline'$"):
            assert load(fitted) == load(SHARED_WORLD)


@pytest.mark.parametrize("written", ["null", '"null"', "~", ""])
def test_a_thesis_of_that_name_is_read_in_a_file(written: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"thesis: {written}\n")
    place = r"mine\.yaml, line \d, column \d+: thesis: "
    with pytest.warns(RenamedWarning, match=f"{place}the thesis 'null' is now called 'baseline'$"):
        scenario = load(tmp_path / "mine.yaml")
    assert scenario.thesis == load_thesis("baseline")
    assert load(tmp_path / "mine.yaml", ["thesis=dubnov"]).thesis_name == "dubnov"


def test_a_users_own_file_of_the_old_name_comes_first(tmp_path: Path) -> None:
    (tmp_path / "null.yaml").write_text("title: My own\n")
    (tmp_path / "mine.yaml").write_text("extends: null\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(tmp_path / "mine.yaml").title == "My own"


def test_random_numbers_do_not_depend_on_a_name() -> None:
    scenario = load(SHARED_WORLD).replace(years=1, citizens=50)
    here, there = (simulate(scenario.replace(name=name), 3) for name in ("baseline", "null"))
    assert here.draws == there.draws
    assert list(map(str, here.history.events)) == list(map(str, there.history.events))  # NaN as text
    for name, values in here.history.series.items():
        np.testing.assert_array_equal(values, there.history.series[name])


def test_commands_and_python_take_the_old_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    note = "Note: the scenario 'null' is now called 'baseline'\n"
    done = call("compare", "null", "dubnov", "--baseline", "null", *SMALL, "-o", "r", "-q")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "r\n", note)
    assert sim.open_results("r").scenarios == ["baseline", "dubnov"]
    for words in (("show", "r", "--story", "--of", "null"), ("explain", "r", "--scenario", "null")):
        done = call(*words)
        assert (done.exit_code, done.stderr) == (0, note), words
    small = ["years=1", "citizens=50"]
    with pytest.warns(RenamedWarning):
        found = sim.compare(
            [load("baseline", small), load("dubnov", small)], baseline="null", runs=2, out="r"
        )
    assert found.baseline == "baseline"


OLD_SECTION = "the section 'crises' is now called 'challenges'"
OLD_OUTCOME = "the outcome 'uprising_rate' is now called 'challenge_rate'"
CLAIM = """\
thesis: mine
title: Mine
claims:
  - id: A1
    claim: A claim
    effect: {outcome: uprising_rate, sign: up}
    parameters:
      crises.focal_rate: {prior: 1, tag: assumed, source: a test}
"""


@pytest.mark.parametrize(
    "text",
    [
        "parameters:\n  crises.focal_rate: 1\n",
        "parameters:\n  crises:\n    focal_rate: 1\n",
    ],
)
def test_a_parameter_is_read_under_the_old_name_of_its_section(text: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.warns(RenamedWarning, match=f"^{OLD_SECTION}$"):
        scenario = load(tmp_path / "mine.yaml")
    assert scenario.parameters["challenges.focal_rate"].prior.centre == 1
    assert "crises" not in scenario.to_yaml()


def test_options_calls_and_events_take_the_old_name_of_a_section() -> None:
    with pytest.warns(RenamedWarning, match=OLD_SECTION):
        by_option = load("dubnov", ["crises.focal_rate=1"])
    with pytest.warns(RenamedWarning, match=OLD_SECTION):
        by_call = load("dubnov").with_parameters({"crises.focal_rate": 1})
    assert by_option.inputs() == by_call.inputs()
    entry = {"name": "a", "at": "2027-01", "event": "set", "parameter": "crises.focal_rate", "value": 1}
    with pytest.warns(RenamedWarning, match=OLD_SECTION):
        (event,) = Scenario.build("mine", timeline=[entry]).timeline
    assert event.parameter == "challenges.focal_rate"
    done = call("show", "dubnov", "--set", "crises.focal_rate=1", "--set", "challenges.focal_rate=2")
    assert done.exit_code == 2
    assert "challenges.focal_rate is set twice" in done.stderr


def test_a_claim_and_a_posterior_take_old_names(tmp_path: Path) -> None:
    (tmp_path / "thesis.yaml").write_text(CLAIM)
    with pytest.warns(RenamedWarning):
        (claim,) = load_thesis(tmp_path / "thesis.yaml").claims
    assert (list(claim.parameters), claim.effect.outcome) == (["challenges.focal_rate"], "challenge_rate")
    rows = "parameters: [crises.focal_rate]\nrows:\n  - [0.5]\n  - [0.7]\n"
    (tmp_path / "posterior.yaml").write_text(f"posterior: mine\nsource: a test\n{rows}")
    (tmp_path / "mine.yaml").write_text("parameters: posterior.yaml\n")
    with pytest.warns(RenamedWarning, match=OLD_SECTION):
        scenario = load(tmp_path / "mine.yaml")
    assert scenario.parameters["challenges.focal_rate"].prior.values == (0.5, 0.7)


def test_a_new_word_moves_no_random_number() -> None:
    numbers = RandomNumbers(7, 3, 12)
    _, drawn = draw_parameters(numbers, {})
    for name in ("focal_rate", "own_prevention"):
        prior, spec = sim.catalogue()[f"challenges.{name}"].prior, sim.catalogue()[f"challenges.{name}"]
        quantile = numbers.quantile(Process.PARAMETERS, f"crises.{name}")
        assert drawn[f"challenges.{name}"] == prior.draw(quantile, spec.low, spec.high)


def test_results_of_an_earlier_version_are_read_under_the_new_names(tmp_path: Path) -> None:
    done = call("run", "baseline", *SMALL, "-o", str(tmp_path / "r"), "-q")
    assert done.exit_code == 0, done.output
    now = sim.open_results(tmp_path / "r")
    outcomes, draws = now.outcomes, now.draws
    old = {new: name for name, new in RENAMED["outcome"].items()}
    for table in ("outcomes", "draws"):
        path = tmp_path / "r" / f"{table}.parquet"
        written = pq.read_table(path)
        names = [old.get(name, name).replace("challenges.", "crises.") for name in written.column_names]
        pq.write_table(written.rename_columns(names), path)
    about = json.loads((tmp_path / "r" / "about.json").read_text())
    (tmp_path / "r" / "about.json").write_text(
        json.dumps({**about, "definitions": None})
    )  # as 0.1.0 has none
    then = sim.open_results(tmp_path / "r")
    with pytest.warns(RenamedWarning, match=OLD_OUTCOME):
        pd.testing.assert_frame_equal(then.outcomes, outcomes)
    with pytest.warns(RenamedWarning, match=OLD_SECTION):
        pd.testing.assert_frame_equal(then.draws, draws)
    with pytest.warns(RenamedWarning, match=OLD_OUTCOME):
        read = then.read("outcomes", ["replicate", "uprising_rate"], [("challenge_rate", ">=", 0)])
    assert list(read) == ["replicate", "challenge_rate"]
    assert len(read) == len(outcomes)


OLD_FACT = "the fact 'luck' is now called 'chance_part'"


def with_old_facts(rows: pa.Table) -> pa.Table:
    old = {new: name for name, new in RENAMED["fact"].items()}
    assert set(old) <= set(rows.column_names)
    return rows.rename_columns([old.get(name, name) for name in rows.column_names])


def test_events_of_an_earlier_version_are_read_with_the_new_names_of_facts(tmp_path: Path) -> None:
    years = ("--set", "years=6", "--set", "citizens=50")
    done = call("run", "kuzio", *years, "--runs", "2", "--no-figures", "-o", str(tmp_path), "-q")
    assert done.exit_code == 0, done.output
    now = sim.open_results(tmp_path)
    events, told = now.events, call("show", str(tmp_path), "--story", "--full").stdout
    assert events["chance_part"].notna().any()
    ((_, history),) = Histories(tmp_path, now.about).read("kuzio", [1])
    path = tmp_path / "events.parquet"
    pq.write_table(with_old_facts(pq.read_table(path)), path)
    then = sim.open_results(tmp_path)
    with pytest.warns(RenamedWarning, match=f"^{OLD_FACT}$"):
        pd.testing.assert_frame_equal(then.events, events)
    with pytest.warns(RenamedWarning, match=OLD_FACT):
        read = then.read("events", ["replicate", "luck"], [("chance_part", ">", -2)])
    assert list(read) == ["replicate", "chance_part"]
    assert len(read) == events["chance_part"].notna().sum()
    assert [list(part) for part in then.parts("events", ["luck"])] == [["chance_part"]]
    with pytest.warns(RenamedWarning, match=OLD_FACT):
        ((_, again),) = Histories(tmp_path, then.about).read("kuzio", [1])
    assert again.of("successor") == history.of("successor") != []
    done = call("show", str(tmp_path), "--story", "--full")
    assert (done.exit_code, done.stdout, done.stderr) == (0, told, f"Note: {OLD_FACT}\n")


def test_a_stored_run_of_an_earlier_version_is_read_with_the_new_names_of_facts() -> None:
    run = run_one(STANDARD, load("kuzio").replace(years=1, citizens=50), 0)
    parts = dict(store.pack(run))
    (name,) = (name for name in parts if name.startswith("events"))
    now = store.unpack(parts).tables["events"]
    parts[name] = store._table_bytes(with_old_facts(now))
    with pytest.warns(RenamedWarning, match=f"^{OLD_FACT}$"):
        then = store.unpack(parts).tables["events"]
    pd.testing.assert_frame_equal(then.to_pandas(), now.to_pandas())


def test_an_outcome_of_ones_own_may_be_called_as_an_old_fact() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert current_column("luck") == "luck"
        assert current_column("luck", "outcomes") == "luck"


def test_an_outcome_is_found_by_its_old_name() -> None:
    with pytest.warns(RenamedWarning, match="the theme 'uprisings' is now called 'challenges'"):
        sim.outcome(theme="uprisings", name="quiet")(lambda _: 0)
    assert sim.measures.OUTCOMES["quiet"].theme == "challenges"
    sim.measures.registry.remove_outcome("quiet")
    with pytest.warns(RenamedWarning, match=f"^{OLD_OUTCOME}$"):
        assert sim.measures.chosen_outcomes(["uprising_rate", "wars"]) == ("challenge_rate", "wars")
    with pytest.warns(RenamedWarning):
        assert Target.parse("uprising_rate=0.1").outcome == "challenge_rate"


def test_results_of_an_earlier_version_keep_their_names() -> None:
    assert chosen_baseline(["dubnov", "null"]) == "null"
    with pytest.warns(RenamedWarning):
        assert chosen_baseline(["dubnov", "baseline"], "null") == "baseline"
    colours = scenario_colours(["null", "dubnov"])
    assert colours["null"] == scenario_colours(["baseline", "dubnov"])["baseline"]
    assert colours["dubnov"] == scenario_colours(["baseline", "dubnov"])["dubnov"]


def test_a_published_forecast_stays_as_it_is_and_is_read_by_the_new_name(tmp_path: Path) -> None:
    published = sorted((Path(__file__).parent.parent / "docs" / "forecasts").glob("forecast_*.csv"))
    for path in published:
        stated = path.with_suffix(".sha256").read_text(encoding="utf-8").split()[0]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == stated
        forecasters = set(read_forecast(path).table["forecaster"])
        assert "baseline" in forecasters
        assert "null" not in forecasters
        assert "challenge" in set(read_forecast(path).table["outcome"])
        assert "uprising" not in set(read_forecast(path).table["outcome"])
    assert published
