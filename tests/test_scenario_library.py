"""Shipped scenarios by name, and the published JSON Schemas that they and damaged files are held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sim.parameters import catalogue
from sim.scenario import (
    ScenarioError,
    json_schema,
    library,
    load,
    load_thesis,
    names,
    thesis_names,
    thesis_schema,
)
from sim.scenario.reader import read_file, read_text
from sim.scenario.timeline import EVENTS

SCHEMA = json_schema()
SHIPPED = [
    *((json_schema, name, library.find(name)) for name in names()),
    *((thesis_schema, name, library.find_thesis(name)) for name in thesis_names()),
]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a small collection in the place of the shipped one."""
    folder = tmp_path / "shipped"
    for sub in ("theses", "what-if"):
        (folder / sub).mkdir(parents=True)
    (folder / "theses" / "dubnov.yaml").write_text("thesis: dubnov\ntitle: Space 2.0\n")
    (folder / "dubnov.yaml").write_text("title: shipped\nthesis: dubnov\n")
    (folder / "kuzio.yaml").write_text("title: K\n")
    (folder / "what-if" / "csto-stays-home.yaml").write_text("extends: dubnov\nyears: 5\n")
    monkeypatch.setattr(library, "shipped_folder", lambda: folder)
    return folder


def test_names_and_theses(shipped: Path) -> None:
    assert names() == ("dubnov", "kuzio", "what-if/csto-stays-home")
    assert thesis_names() == ("dubnov",)
    assert library.find("csto-stays-home") == library.find("what-if/csto-stays-home")


def test_shipped_scenario_loads_by_name(shipped: Path) -> None:
    scenario = load("csto-stays-home", ["runs=3"])
    assert (scenario.name, scenario.title, scenario.years, scenario.runs) == (
        "csto-stays-home",
        "shipped",
        5,
        3,
    )
    assert scenario.thesis_name == "dubnov"
    assert load_thesis("dubnov").title == "Space 2.0"


def test_unknown_name_offers_the_nearest(shipped: Path) -> None:
    with pytest.raises(ScenarioError, match=r"did you mean csto-stays-home\?"):
        load("what-if/csto-stay-home")
    with pytest.raises(ScenarioError, match=r"did you mean kuzio\?$"):
        load("kuzyo")
    with pytest.raises(ScenarioError, match=r"did you mean dubnov\?"):
        load("kuzio", ["thesis=dubnof"])


def test_own_file_may_extend_the_shipped_one_of_its_name(shipped: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine" / "dubnov.yaml"
    own.parent.mkdir()
    own.write_text("extends: dubnov\nyears: 3\n")
    scenario = load(own)
    assert (scenario.title, scenario.years) == ("shipped", 3)


def test_shipped_scenario_that_extends_itself_is_a_circle(shipped: Path) -> None:
    (shipped / "kuzio.yaml").write_text("extends: kuzio\n")
    with pytest.raises(ScenarioError, match="circle"):
        load("kuzio")


def test_override_may_name_a_file_of_the_user(shipped: Path, tmp_path: Path) -> None:
    thesis = tmp_path / "own.yaml"
    thesis.write_text("thesis: own\ntitle: Mine\n")
    assert load("kuzio", [f"thesis={thesis}"]).thesis_name == "own"


def test_installed_folder_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_PACKAGE", tmp_path / "sim")
    assert library.shipped_folder() == tmp_path / "scenarios"
    (tmp_path / "sim" / "shipped").mkdir(parents=True)
    assert library.shipped_folder() == tmp_path / "sim" / "shipped"


@pytest.mark.skipif(not SHIPPED, reason="no scenario is shipped yet")
@pytest.mark.parametrize(
    ("schema", "name", "file"), SHIPPED, ids=[f"{s.__name__} {n}" for s, n, _ in SHIPPED]
)
def test_shipped_files_load_and_fit_the_schema(schema: Any, name: str, file: Path) -> None:
    Draft202012Validator(schema()).validate(read_file(file).data)
    loaded = load(name) if schema is json_schema else load_thesis(name)
    assert loaded.name == file.stem


@pytest.mark.parametrize("schema", [json_schema, thesis_schema])
def test_schema_is_valid_and_refers_only_to_itself(schema: Any) -> None:
    document = schema()
    Draft202012Validator.check_schema(document)
    text = str(document)
    for name in document["$defs"]:
        assert f"#/$defs/{name}" in text


def test_schema_lists_every_parameter_with_range_and_meaning() -> None:
    document = SCHEMA
    properties = document["properties"]["parameters"]["properties"]
    for path, spec in catalogue().items():
        section, name = path.split(".")
        entry = document["$defs"][f"Own.{section}"]["properties"][name]
        assert spec.meaning in entry["description"]
        assert (entry["minimum"], entry["maximum"]) == (spec.low, spec.high)
        assert properties[path] == {"$ref": f"#/$defs/Own.{section}/properties/{name}"}
        assert properties[section] == {"$ref": f"#/$defs/Own.{section}"}


def test_every_key_is_described() -> None:
    document = SCHEMA
    for key, entry in document["properties"].items():
        assert entry.get("description"), key


GOOD = """\
thesis: dubnov
start: 2010-01
parameters:
  moscow.keep_weight: 1
  citizens: {cohort_gap: {normal: {mean: 0.3, sd: 0.1}}}
  moscow.sunk_claim: {prior: 0.2, source: a table}
initial:
  KGZ.alignment: 0.5
timeline:
  - {name: a, at: 2012-01, event: territory, territory: Abkhazia, status: 3}
  - {name: b, when: {variable: alignment, state: GEO, below: 0}, event: nato_path, state: GEO, course: 1}
"""


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(
            "thesis: dubnov", "thesis: {thesis: null, title: T, claims: [{id: A, claim: b, note: c}]}"
        ),
        "thesis:\nmode: historical\nparameters:\ninitial:\ntimeline:\n",
    ],
)
def test_schema_accepts_what_is_right(text: str) -> None:
    Draft202012Validator(SCHEMA).validate(read_text(text, "good.yaml").data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("start: 2010-01", "start: 2010-13"),
        ("start", "strat"),
        ("keep_weight: 1", "keep_weight: 6"),
        ("keep_weight: 1", "keep_weight: {prior: 6}"),
        ("keep_weight: 1", "keep_weight: {prior: {normal: {mean: 1}}}"),
        ("prior: 0.2, source", "prior: 0.2, sorce"),
        ("event: nato_path, ", ""),
        ("keep_weight", "keep_wait"),
        ("sd: 0.1", "sd: 0"),
        ("sd: 0.1", "sigma: 0.1"),
        ("cohort_gap", "cohort_gaps"),
        ("alignment: 0.5", "alignment: 2"),
        ("KGZ", "KGS"),
        ("status: 3", "status: 4"),
        ("Abkhazia", "Narnia"),
        ("event: territory", "event: teritory"),
        ("at: 2012-01", "at: 2012-01, when: {variable: csto_trust, above: 0}"),
        ("at: 2012-01, ", ""),
        ("below: 0", "below: 0, above: 1"),
        ("course: 1", "course: true"),
    ],
)
def test_schema_refuses_what_is_wrong(old: str, new: str) -> None:
    assert old in GOOD
    data = read_text(GOOD.replace(old, new), "bad.yaml").data
    assert not Draft202012Validator(SCHEMA).is_valid(data)


def test_schema_knows_every_event() -> None:
    text = str(SCHEMA["$defs"])
    assert all(f"'{kind}'" in text for kind in EVENTS)
