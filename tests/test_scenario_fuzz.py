"""Hundreds of damaged files: each loads to a valid scenario or is refused in one clear message."""

# ruff: noqa: E501, SIM905  lists of odd values are easier to read in whole lines

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, load

BASE = """\
title: A base to damage
question: What if?
asked_by: nobody
extends: parent.yaml
thesis: t.yaml
start: 2010-01
years: 15
mode: free
citizens: 1000
runs: 100
seed: 20100101
parameters:
  moscow.keep_weight: 1.2
  citizens:
    cohort_gap: {normal: {mean: 0.3, sd: 0.1}}
    conformity:
      prior: {lognormal: {median: 0.2, sigma: 0.2}}
      tag: cited
      source: a table
initial:
  KGZ.alignment: 0.5
  GEO: {legitimacy: {uniform: {low: 0.2, high: 0.4}}}
timeline:
  - name: CSTO stays home
    at: 2022-01
    event: abstain
    instruments: [csto_deployment, loan]
    states: [KAZ]
    months: 12
  - name: NATO opens a path
    when: {variable: alignment, state: GEO, below: -0.5, from: 2012-01, until: 2020-12}
    event: nato_path
    state: GEO
    course: 0.8
  - {name: heir, at: 2015-05, event: election, state: KGZ, alignment: -1, turnover: true}
"""
PARENT = "title: parent\ntimeline:\n  - {name: one, at: 2011-01, event: ukraine_war, load: 0.2}\n"
THESIS = "thesis: t\ntitle: T\nclaims:\n  - {id: T1, claim: c, note: none}\n"
ODD_VALUES = (
    "", "null", "baseline", "true", "-1", "1e999", ".nan", ".inf", "9" * 30, "9" * 5_000, "0x1F", "NO", "12:30", "2010-13",
    "2010-01-01", "[]", "{}", "[1, 2]", "{a: 1}", "'", '"', "*a", "&a x", "!!set {a}", "!x y", "|", ">", "@", "`", "%",
    "{", "]", "- -", "a: b", '"\\0"', '"\\uD800"', "parent.yaml", "../../../etc/passwd.yaml", "dubnov", "x" * 10_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the base's parent and thesis."""
    place = tmp_path_factory.mktemp("fuzz")
    (place / "parent.yaml").write_text(PARENT)
    (place / "t.yaml").write_text(THESIS)
    return place


def outcome(folder: Path, content: bytes) -> Scenario | ScenarioError:
    """Load a file with this content, checking what is promised of an error."""
    file = folder / "damaged.yaml"
    file.write_bytes(content)
    try:
        scenario = load(file)
    except ScenarioError as error:
        for problem in error.problems:
            assert problem.file.startswith(str(folder))
            assert f"line {problem.line}, column {problem.column}" in str(problem)
            assert 1 <= problem.line <= content.count(b"\n") + 2 or problem.file != str(file)
            assert len(str(problem)) < 2_000
            assert "\n" not in str(problem)
        return error
    assert isinstance(scenario, Scenario)
    assert scenario.months == 12 * scenario.years
    return scenario


def systematic() -> Iterator[tuple[str, str]]:
    """Yield a label and text of every damage made line by line to the base."""
    lines = BASE.splitlines(keepends=True)
    for number, line in enumerate(lines):
        before, after = "".join(lines[:number]), "".join(lines[number + 1 :])
        indent = line[: len(line) - len(line.lstrip(" "))]
        key, colon, _ = line.partition(":")
        yield f"line {number} deleted", before + after
        yield f"line {number} twice", before + line + line + after
        yield f"line {number} indented", f"{before}   {line}{after}"
        yield f"line {number} unindented", before + line.lstrip(" ") + after
        yield f"line {number} with a tab", f"{before}\t{line}{after}"
        yield f"line {number} without its key", before + indent + line.partition(":")[2].lstrip() + after
        yield f"line {number} misspelt", before + line.replace("e", "ee", 1) + after
        yield f"line {number} renamed", f"{before}{indent}zzz{colon}{line.partition(':')[2]}{after}"
        yield f"line {number} and no more", before + line[: len(line) // 2]
        for value in random.Random(number).sample(ODD_VALUES, 5):
            yield f"line {number} has {value[:20]!r}", f"{before}{key}: {value}\n{after}"


def test_the_base_is_right(folder: Path) -> None:
    scenario = outcome(folder, BASE.encode())
    assert isinstance(scenario, Scenario)
    assert [event.name for event in scenario.timeline] == [
        "one",
        "CSTO stays home",
        "NATO opens a path",
        "heir",
    ]


def test_systematic_damage(folder: Path) -> None:
    results = {label: outcome(folder, text.encode("utf-8", "surrogatepass")) for label, text in systematic()}
    refused = sum(isinstance(result, ScenarioError) for result in results.values())
    assert len(results) > 400
    assert refused > 250  # most of the damage is seen; what is left is a valid file


def test_every_key_given_twice_is_refused(folder: Path) -> None:
    lines = BASE.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line[0] != " " and line.rstrip()[-1] != ":":
            text = "".join([*lines[: number + 1], line, *lines[number + 1 :]])
            error = outcome(folder, text.encode())
            assert isinstance(error, ScenarioError)
            assert (error.line, "duplicate key" in error.message) == (number + 2, True)


def test_truncation_anywhere(folder: Path) -> None:
    content = BASE.encode()
    for length in range(0, len(content), 9):
        outcome(folder, content[:length])


def test_random_damage(folder: Path) -> None:
    source = random.Random(20100101)
    for _ in range(150):
        content = bytearray(BASE.encode())
        for _ in range(source.randint(1, 4)):
            place = source.randrange(len(content))
            match source.randrange(4):
                case 0:
                    content[place] = source.randrange(256)
                case 1:
                    content[place:place] = bytes(source.randrange(256) for _ in range(source.randint(1, 6)))
                case 2:
                    del content[place : place + source.randint(1, 30)]
                case _:
                    content[place:place] = source.choice(b" \t\n\0:{}[]'\"&*!|>%@#-").to_bytes()
        outcome(folder, bytes(content))


def test_random_bytes(folder: Path) -> None:
    source = random.Random(1)
    for length in (1, 2, 3, 10, 100, 5_000):
        for _ in range(5):
            assert isinstance(outcome(folder, source.randbytes(length)), ScenarioError)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(ODD_VALUES)
)
KEYS = st.sampled_from(
    "title extends thesis start years parameters initial timeline moscow.keep_weight moscow keep_weight prior tag "
    "normal mean sd name at when event states state variable above from challenge uprising territory set KGZ GEO".split()
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(data=st.dictionaries(KEYS, DATA, max_size=5))
def test_any_data_from_python(data: dict[str, object]) -> None:
    data.pop("name", None)
    try:
        scenario = Scenario.build("any").replace(**data)
    except ScenarioError as error:
        assert "scenario 'any'" in str(error) or ".yaml" in str(error)
    else:
        assert scenario.name == "any"


@settings(max_examples=150, derandomize=True, deadline=None)
@given(path=KEYS | st.text(max_size=8), value=st.text(max_size=12) | st.sampled_from(ODD_VALUES))
def test_any_override(folder: Path, path: str, value: str) -> None:
    file = folder / "fine.yaml"
    file.write_text("title: fine\n")
    try:
        load(file, [f"{path}={value}"])
    except ScenarioError as error:
        assert str(error).startswith("--set: ") or ".yaml" in str(error)
