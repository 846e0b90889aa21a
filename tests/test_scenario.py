"""Scenarios that are right: read, merged, written back, told, compared, built in Python."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.timeline import holds
from sim.months import Month
from sim.parameters import Fixed, LogNormal, Normal, Tag, Uniform, catalogue
from sim.renamed import RenamedWarning
from sim.scenario import Scenario, ScenarioError, Setting, difference, load, load_thesis
from sim.scenario.entry import Condition
from sim.scenario.fields import UNSEEN
from sim.scenario.reader import read_text
from sim.scenario.timeline import EVENTS, Abstain, Challenge, NatoPath
from sim.scenario.vocabulary import QUANTITIES, TERRITORIES
from sim.world.state import STATES

THESIS = """\
thesis: late
title: A thesis for the tests
author: Nobody
source: made up
claims:
  - id: T1
    claim: Moscow keeps its friends
    sign: support rises
    parameters:
      moscow.keep_weight:
        prior: {normal: {mean: 1.4, sd: 0.2}}
        tag: assumed
        source: a judgement
      moscow:
        nato_weight: {prior: 0.9, tag: cited, source: a table}
  - id: T2
    claim: nobody organises unrest
    note: no mechanism of the shared world organises it
    parameters: {}
"""
BASE = """\
title: Base
question: What if?
thesis: late
start: 2010-01
years: 15
runs: 40
parameters:
  moscow.keep_weight: 2
  citizens: {cohort_gap: {uniform: {low: 0.1, high: 0.3}}}
initial:
  KGZ.alignment: 0.5
timeline:
  - {name: first, at: 2012-01, event: challenge, states: [KGZ], spark: 0.5}
  - {name: second, at: 2013-01, event: ukraine_war, load: 0.8}
"""
CHILD = """\
extends: ../base
title: Child
runs: 7
parameters:
  citizens.conformity: {lognormal: {median: 0.2, sigma: 0.3}}
initial:
  GEO: {legitimacy: {prior: 0.4, tag: cited, source: a survey}}
timeline:
  - name: second
    when: {variable: alignment, state: GEO, below: -0.5, from: 2012-01, until: 2020-12}
    event: nato_path
    state: GEO
    course: 0.8
  - {name: third, at: 2014-06, event: abstain, instruments: [loan], states: [KAZ, UZB], months: 12}
"""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Return a folder of a thesis, a scenario and one that extends it."""
    (tmp_path / "theses").mkdir()
    (tmp_path / "what-if").mkdir()
    (tmp_path / "theses" / "late.yaml").write_text(THESIS)
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "what-if" / "child.yaml").write_text(CHILD.replace("../base", "../base.yaml"))
    return tmp_path


def test_child_is_merged_over_base_and_thesis(collection: Path) -> None:
    scenario = load(collection / "what-if" / "child.yaml")
    assert (scenario.name, scenario.title, scenario.question) == ("child", "Child", "What if?")
    assert (scenario.years, scenario.runs, scenario.months) == (15, 7, 180)
    assert scenario.start == Month.of(2010, 1)
    assert scenario.last == Month.of(2024, 12)
    assert scenario.thesis is not None
    assert scenario.thesis_name == "late"
    assert [claim.id for claim in scenario.thesis.claims] == ["T1", "T2"]
    assert scenario.parameters == {
        "moscow.keep_weight": Setting(Fixed(2.0), Tag.USER, "scenario base"),
        "moscow.nato_weight": Setting(Fixed(0.9), Tag.CITED, "a table", "T1"),
        "citizens.cohort_gap": Setting(Uniform(0.1, 0.3), Tag.USER, "scenario base"),
        "citizens.conformity": Setting(LogNormal(0.2, 0.3), Tag.USER, "scenario child"),
    }
    assert scenario.initial == {
        "KGZ.alignment": Setting(Fixed(0.5), Tag.USER, "scenario base"),
        "GEO.legitimacy": Setting(Fixed(0.4), Tag.CITED, "a survey"),
    }


def test_timeline_is_appended_and_a_name_replaces(collection: Path) -> None:
    first, second, third = load(collection / "what-if" / "child.yaml").timeline
    assert isinstance(first, Challenge)
    assert (first.at, first.when, first.states) == (Month.of(2012, 1), None, ("KGZ",))
    assert isinstance(second, NatoPath)
    assert second.at is None
    assert second.when is not None
    assert (second.when.from_, second.when.until) == (Month.of(2012, 1), Month.of(2020, 12))
    assert isinstance(third, Abstain)
    assert (third.instruments, third.states, third.months) == (("loan",), ("KAZ", "UZB"), 12)


def test_names_find_the_collections_own_files(collection: Path) -> None:
    (collection / "what-if" / "child.yaml").write_text(CHILD.replace("../base", "base"))
    assert load(collection / "what-if" / "child.yaml").question == "What if?"


def test_condition_holds_in_its_window_only() -> None:
    condition = Condition.model_validate(
        {"variable": "alignment", "state": "GEO", "below": -0.5, "from": "2012-01", "until": "2012-03"}
    )
    months = [Month.of(2012, 1) + offset for offset in range(-1, 4)]
    assert [holds(condition, -0.6, month) for month in months] == [False, True, True, True, False]
    assert not holds(condition, -0.5, months[2])


@pytest.mark.parametrize("again", ["moscow.keep_weight=2", "parameters.moscow.keep_weight = 1"])
def test_a_path_is_set_once(again: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load("dubnov", ["moscow.keep_weight=1", "runs=5", again])
    assert str(refused.value) == "--set: moscow.keep_weight: is set twice: give it one value"


def test_overrides_come_last_and_keep_their_source(collection: Path) -> None:
    scenario = load(
        collection / "base.yaml",
        [
            "moscow.keep_weight=0.7",
            "parameters.citizens.conformity={normal: {mean: 0.3, sd: 0.1}}",
            "initial.KGZ.alignment=-1",
            "citizens=200",
            "start=2011-05",
            "years=10",
            "runs=3",
            "seed=9",
            "name=other",
        ],
    )
    assert scenario.parameters["moscow.keep_weight"] == Setting(Fixed(0.7), Tag.USER, "--set")
    assert scenario.parameters["citizens.conformity"].prior == Normal(0.3, 0.1)
    assert scenario.initial["KGZ.alignment"].prior == Fixed(-1.0)
    assert (scenario.citizens, scenario.runs, scenario.seed, scenario.name) == (200, 3, 9, "other")
    assert (str(scenario.start), str(scenario.last)) == ("2011-05", "2021-04")


def test_written_and_read_back_is_equal(collection: Path) -> None:
    scenario = load(collection / "what-if" / "child.yaml", ["moscow.sunk_claim=0.1"])
    alone = collection / "elsewhere" / "any.yaml"
    alone.parent.mkdir()
    alone.write_text(scenario.to_yaml())
    again = load(alone)
    assert again == scenario
    assert again.to_yaml() == scenario.to_yaml()
    assert difference(again, scenario) == []


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).filter(lambda t: not UNSEEN.search(t))
ODD_NAMES = st.sampled_from(["null", "12:30", "a: b", "- x", "'"])
EVENT_SAMPLES = [
    {"event": "challenge", "states": ["KGZ", "KAZ"], "spark": 0.4},
    {"event": "election", "state": "KGZ", "alignment": -0.5, "turnover": True},
    {"event": "leader_exit", "state": "RUS"},
    {"event": "ukraine_war", "load": 0},
    {"event": "set", "parameter": "moscow.keep_weight", "value": 2},
    {"event": "means", "money": 0.5, "attention": 2},
    {"event": "withdraw_garrisons", "states": ["TJK"], "share": 0.5},
    {"event": "nato_path", "state": "GEO", "course": 0.8},
    {"event": "abstain", "instruments": ["csto_deployment", "war"], "states": ["KAZ"], "months": 12},
    {"event": "shock", "states": list(STATES), "variable": "rents", "change": -0.25},
    {"event": "engage", "power": "China", "engagement": 1.5},
    {"event": "engage", "power": "China", "engagement": 1.5, "states": ["KAZ"]},
    {"event": "territory", "territory": TERRITORIES[0], "status": 3},
    {"event": "join", "state": "UZB", "organisation": "EAEU"},
    {"event": "leave", "state": "ARM", "organisation": "CSTO"},
    {"event": "peace", "states": ["UKR", "MDA"], "until": "2019-06"},
    {"event": "war_goes_on", "states": ["UKR"]},
]


def test_the_samples_cover_every_event() -> None:
    assert {sample["event"] for sample in EVENT_SAMPLES} == set(EVENTS)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(data=st.data())
def test_any_scenario_survives_its_own_yaml(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    paths = data.draw(st.lists(st.sampled_from(sorted(catalogue())), max_size=4, unique=True))
    parameters = {}
    for path in paths:
        spec = catalogue()[path]
        value = data.draw(st.floats(spec.low, spec.high))
        parameters[path] = data.draw(st.sampled_from([value, Normal(value, 0.3), Fixed(value)]))
    chosen = data.draw(st.lists(st.sampled_from(EVENT_SAMPLES), max_size=4))
    scenario = Scenario.build(
        "any",
        start="2010-01",
        title=data.draw(TEXTS),
        question=data.draw(TEXTS),
        parameters=parameters,
        initial={"KGZ.alignment": data.draw(st.floats(-1, 1))},
        timeline=[{**event, "name": f"{data.draw(ODD_NAMES)} {number}", "at": "2012-01"}
                  for number, event in enumerate(chosen)],
        seed=data.draw(st.integers(0, 2**63 - 1)),
    )  # fmt: skip
    file = tmp_path_factory.mktemp("yaml") / "other.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    assert load(file) == scenario


@pytest.mark.parametrize("text", ["\x1b[2J", "a\u202eb", "\x7f", "a\x85b"])
def test_a_text_that_steers_a_terminal_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="control character"):
        Scenario.build("any", title=text)


def test_it_survives_pickling(collection: Path) -> None:
    scenario = load(collection / "what-if" / "child.yaml")
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_yaml_is_read_as_version_1_2() -> None:
    data = read_text("a: NO\nb: 12:30\nc: 2010-01-01\nd: 0x1F\ne: yes\nf: 017\ng:\nh: 1e3\n", "a.yaml").data
    assert data == {
        "a": "NO", "b": "12:30", "c": "2010-01-01", "d": 31, "e": "yes", "f": 17, "g": None, "h": 1000.0,
    }  # fmt: skip


def test_thesis_null_is_a_name_not_nothing(collection: Path) -> None:
    (collection / "theses" / "null.yaml").write_text("thesis: null\ntitle: A world of my own\n")
    (collection / "null.yaml").write_text("extends: base\nthesis: null\n")
    with pytest.warns(RenamedWarning, match="the thesis 'null' is now called 'baseline'"):
        scenario = load(collection / "null.yaml")
    assert scenario.thesis is not None
    assert (scenario.thesis.name, scenario.thesis.title) == ("baseline", "A world of my own")
    assert scenario.thesis.claims == ()
    assert "moscow.nato_weight" not in scenario.parameters
    (collection / "again.yaml").write_text(scenario.to_yaml())
    assert load(collection / "again.yaml") == scenario


def test_a_scenario_that_names_no_start_begins_in_2025() -> None:
    scenario = Scenario.build("any")
    assert (scenario.start, scenario.years) == (Month.of(2025, 1), 15)
    assert load("baseline").start == scenario.start


def test_empty_sections_are_empty(collection: Path) -> None:
    file = collection / "plain.yaml"
    file.write_text("title: plain\nparameters:\ninitial:\ntimeline:\n")
    scenario = load(file)
    assert (scenario.parameters, scenario.initial, scenario.timeline) == ({}, {}, ())


def test_built_in_python_as_from_a_file(collection: Path) -> None:
    built = Scenario.build(
        "child",
        extends=collection / "base.yaml",
        title="Child",
        runs=7,
        parameters={"citizens.conformity": LogNormal(0.2, 0.3)},
        initial={"GEO.legitimacy": Setting(Fixed(0.4), Tag.CITED, "a survey")},
        timeline=[
            NatoPath.model_validate({
                "name": "second", "state": "GEO", "course": 0.8,
                "when": {"variable": "alignment", "state": "GEO", "below": -0.5,
                         "from": "2012-01", "until": "2020-12"},
            }),
            {"name": "third", "at": Month.of(2014, 6), "event": "abstain",
             "instruments": ("loan",), "states": ["KAZ", "UZB"], "months": 12},
        ],
    )  # fmt: skip
    assert built == load(collection / "what-if" / "child.yaml")


def test_changes_give_a_new_scenario(collection: Path) -> None:
    base = load(collection / "base.yaml")
    bolder = base.with_parameters({"moscow.keep_weight": 1.5, "citizens.conformity": 0.4}, name="bolder")
    assert base.parameters["moscow.keep_weight"].prior == Fixed(2.0)
    assert bolder.name == "bolder"
    assert sorted(difference(base, bolder), reverse=True) == [
        ("parameters.moscow.keep_weight", Fixed(2.0), Fixed(1.5)),
        ("parameters.citizens.conformity", base.shared("citizens.conformity").prior, Fixed(0.4)),
    ]
    calmer = base.with_initial({"GEO.cohesion": Normal(0.8, 0.1)})
    assert difference(base, calmer) == [("initial.GEO.cohesion", None, Normal(0.8, 0.1))]
    moved = base.with_event(
        {**EVENT_SAMPLES[0], "name": "first", "at": "2012-02", "states": ["KGZ"], "spark": 0.5}
    )
    assert difference(base, moved) == [("timeline.first.at", Month.of(2012, 1), Month.of(2012, 2))]
    assert difference(base, base.replace(years=16)) == [("years", 15, 16)]
    longer = base.with_event({**EVENT_SAMPLES[3], "name": "peace", "at": "2014-01"})
    assert [event.name for event in longer.timeline] == ["first", "second", "peace"]


def test_changes_are_checked(collection: Path) -> None:
    base = load(collection / "base.yaml")
    with pytest.raises(ScenarioError, match=r"did you mean moscow\.keep_weight\?"):
        base.with_parameters({"moscow.kep_weight": 1})
    with pytest.raises(ScenarioError, match="outside the run"):
        base.replace(years=1)
    with pytest.raises(ScenarioError, match="is needed"):
        base.with_event({"name": "x", "at": "2012-01"})


def test_told_in_plain_words(collection: Path) -> None:
    text = load(collection / "what-if" / "child.yaml").debug()
    for part in (
        "Scenario child: Child",
        "What if?",
        "late, A thesis for the tests (Nobody; 2 claims, 2 parameters)",
        "From 2010-01 to 2024-12 (15 years)",
        "moscow.nato_weight = 0.9",
        "claim T1, cited: a table",
        "KGZ.alignment = 0.5",
        "2012-01: first",
        "alignment of GEO is below -0.5 from 2012-01 until 2020-12: second",
        "Moscow does not use loan in KAZ or UZB for 12 months",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 130


def test_every_event_is_told() -> None:
    entries = [
        {**sample, "name": f"e{number}", "at": "2012-01"} for number, sample in enumerate(EVENT_SAMPLES)
    ]
    scenario = Scenario.build("all", start="2010-01", timeline=entries)
    told = [event.in_words() for event in scenario.timeline]
    assert len(set(told)) == len(EVENT_SAMPLES)
    assert told[0] == "a focal event of strength 0.4 in KGZ and KAZ"
    assert told[4] == "moscow.keep_weight becomes 2"
    assert told[-2] == "Moscow is at peace with UKR and MDA until 2019-06"
    assert told[-1] == "no war of Moscow in UKR ends by itself, for good"


def test_thesis_is_read_alone(collection: Path) -> None:
    thesis = load_thesis(collection / "theses" / "late.yaml")
    assert thesis.parameters["moscow.keep_weight"] == Setting(
        Normal(1.4, 0.2), Tag.ASSUMED, "a judgement", "T1"
    )
    assert thesis.claims[1].note


def test_the_ranges_of_the_start_are_those_of_the_design() -> None:
    assert QUANTITIES["alignment"] == (-1.0, 1.0)
    assert QUANTITIES["security_density"] == (0.0, 0.2)
    assert QUANTITIES["legitimacy"] == (0.0, 1.0)
    assert "population" not in QUANTITIES


def test_importing_the_package_loads_no_parser() -> None:
    code = "import sys, sim.scenario; print('pydantic' in sys.modules, 'ruamel.yaml' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]
