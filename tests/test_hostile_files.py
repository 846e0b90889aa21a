"""Scenario files of strangers: they build no objects, reach no other files, and cost little to refuse."""

# ruff: noqa: E501  the table of cases is easier to read in whole lines

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load
from sim.scenario.reader import LARGEST_FILE, MOST_VALUES, read_text

_CPU_SECONDS = 5.0
"""The worst below takes 1.5 s of processor time; without the limits some took 25 s and more."""

BUILDERS = (
    "!!python/object/apply:os.system ['touch {mark}']",
    "!!python/object/apply:pathlib.Path.touch ['{mark}']",
    "!!python/object/new:os.system ['touch {mark}']",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/tuple [1, 2]",
    "!<tag:yaml.org,2002:python/object/apply:os.system> ['touch {mark}']",
    "!!binary aGVsbG8=",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "!custom {a: 1}",
)


@pytest.mark.parametrize("value", BUILDERS)
@pytest.mark.parametrize("place", ["title: {}", "parameters: {{moscow.keep_weight: {}}}", "? {}\n: 1"])
def test_no_tag_builds_an_object(value: str, place: str, tmp_path: Path) -> None:
    mark = tmp_path / "built"
    file = tmp_path / "s.yaml"
    file.write_text(place.format(value.replace("{mark}", str(mark))) + "\n")
    with pytest.raises(ScenarioError, match=r"is not allowed|a key must be plain text|not YAML"):
        load(file)
    assert not mark.exists()


def filled(pattern: str, start: str = "") -> str:
    """Return a text as long as a file may be."""
    return start + pattern * ((LARGEST_FILE - len(start)) // len(pattern))


HOSTILE = {
    "a long list": filled("1,", "a: ["),
    "a long list of lines": filled("- 1\n"),
    "many keys": "".join(f"k{i}: 1\n" for i in range(LARGEST_FILE // 10)),
    "many anchors": "".join(f"k{i}: &a{i} 1\n" for i in range(LARGEST_FILE // 18)),
    "many aliases": filled("*a,", "a: &a [1]\nb: ["),
    "many tags": filled("!x 1,", "a: ["),
    "many merges": "a: &a {b: 1}\n" + "".join(f"c{i}: {{<<: *a}}\n" for i in range(LARGEST_FILE // 20)),
    "many question marks": filled("? b, ", "a: {"),
    "deep lists": filled("["),
    "deep mappings": filled("{a: "),
    "deep blocks": filled("- "),
    "stairs": "".join(f"{' ' * i}a:\n" for i in range(600)),
    "an endless word": filled("b\n", "a: {"),
    "an endless number": filled("9", "runs: "),
    "an endless text": filled("word ", "title: "),
    "endless escapes": filled("\\u0041", 'title: "'),
    "blank lines": filled("\n"),
    "comments": filled("#\n"),
    "directives": filled("%FOO bar\n"),
    "unknown keys": "".join(f"yers{i}: 1\n" for i in range(MOST_VALUES - 1)),
    "unknown paths": "parameters:\n" + "".join(f"  moscow.w{i}: 1\n" for i in range(MOST_VALUES - 1)),
    "unknown sections": "parameters:\n" + "".join(f"  m{i}.w: 1\n" for i in range(MOST_VALUES - 1)),
    "empty events": filled("- {}\n", "timeline:\n")[: 5 * MOST_VALUES],
    "unknown parameters set": "timeline:\n"
    + "".join(f"- {{name: a{i}, at: 2012-01, event: set, parameter: m{i}, value: 1}}\n" for i in range(1_500)),
    "billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_in_few_words(case: str, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(HOSTILE[case])
    assert file.stat().st_size <= LARGEST_FILE
    load("baseline")  # what is loaded once is not counted
    start = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert time.process_time() - start < _CPU_SECONDS
    assert len(str(caught.value)) < 25_000


def test_a_larger_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(ScenarioError, match="larger than 250 kB"):
        load(file)


def test_a_long_timeline_is_within_the_limits() -> None:
    """A year of monthly events for every one of 50 years, each with all its keys."""
    entry = "- {{name: a{0}, at: 2012-01, event: challenge, states: [KAZ, KGZ, TJK], spark: 0.5}}\n"
    text = "timeline:\n" + "".join(map(entry.format, range(600)))
    assert len(read_text(text, "long.yaml").data["timeline"]) == 600
