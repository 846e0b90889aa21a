"""Files with many faults, and theses with any: all of them are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from wrong_files import CHALLENGE, THESIS, error_of

from sim.scenario import ScenarioError, load, load_thesis


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    error = error_of(tmp_path, "years: 0\nruns: 0\nyers: 1\n")
    assert [problem.line for problem in error.problems] == [1, 2, 3]
    assert len(str(error).splitlines()) == 3


MANY_FAULTS = """\
title: [not, text]
extends: base.yaml
years: 3
yers: 1
parameters:
  moscow.keep_weight: 9
  moscow.kep_weight: 1
initial:
  KGZ.alignment: 7
timeline:
  - {name: a, at: 2027-01, event: challenge, states: [KGZ], spark: 2}
  - {name: b, at: 2037-01, event: challenge, states: [KGZ], spark: 0.5}
  - {name: c, at: 2027-01, event: set, parameter: moscow.x, value: 1}
  - {name: c, at: 2027-01, event: set, parameter: moscow.x, value: 1}
"""


def test_faults_of_every_kind_are_told_at_once(tmp_path: Path) -> None:
    """Of form, of numbers, of names, of the whole; in the file, its base, its thesis and the overrides."""
    (tmp_path / "base.yaml").write_text("thesis: t.yaml\nruns: 0\n")
    (tmp_path / "t.yaml").write_text(THESIS.replace("prior: 1", "prior: 9"))
    (tmp_path / "bad.yaml").write_text(MANY_FAULTS)
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "bad.yaml", ["seed=-1", "x=1"])
    told = [(Path(problem.file).name, problem.line) for problem in caught.value.problems]
    assert told == [
        *(("bad.yaml", line) for line in (1, 4, 6, 7, 9, 11, 12, 14, 14)),
        ("base.yaml", 2),
        ("--set", None),
        ("--set", None),
        ("t.yaml", 7),
    ]


def test_a_fault_hides_no_other_and_makes_none_up(tmp_path: Path) -> None:
    """Events are not held against a start that is wrong, nor switches against a thesis that is unknown."""
    text = f"start: soon\nthesis: no-such\nwithout: [T1]\ntimeline:\n{CHALLENGE.replace('2012', '1993')}"
    assert [problem.path for problem in error_of(tmp_path, text).problems] == ["start", "thesis"]


def test_more_faults_than_a_page_are_not_told(tmp_path: Path) -> None:
    error = error_of(tmp_path, "".join(f"k{number}: 1\n" for number in range(50)))
    lines = str(error).splitlines()
    assert (len(error.problems), len(lines)) == (20, 21)
    assert lines[-1] == "... and more faults, not told here"


def test_every_fault_of_a_thesis_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        THESIS.replace("title: T\n", "").replace("prior: 1", "prior: 9") + "  - {id: T2, clam: c, note: n}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_thesis(tmp_path / "t.yaml")
    assert {problem.path for problem in caught.value.problems} == {
        "title",
        "claims[0].parameters.moscow.keep_weight.prior",
        "claims[1].claim",
        "claims[1].clam",
    }


def test_a_number_out_of_range_is_told_with_what_else_is_wrong_with_its_setting(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(THESIS.replace("prior: 1, tag: assumed", "prior: {lognormal: {median: 9, sigma: 1}}"))
    with pytest.raises(ScenarioError) as caught:
        load_thesis(file)
    assert {problem.path.rpartition(".")[2] for problem in caught.value.problems} == {"tag", "prior"}


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("tag: assumed", "tag: guessed"), "'guessed' is not a valid name"),
        (("tag: assumed, ", ""), "tag: this key is needed"),
        (("prior: 1", "prior: 9"), "allowed: 0 to 5"),
        (("{prior: 1, tag: assumed, source: s}", "1"), "1 is not a mapping"),
        (("tag: assumed", "tag: user"), "'user' is not a valid name"),
        (("moscow.keep_weight:", "moscow.keep_wait:"), "did you mean moscow.keep_weight?"),
        (("title: T\n", ""), "title: this key is needed"),
        (("claim: c\n", "claim: c\n    sgn: up\n"), "did you mean sign?"),
    ],
)
def test_bad_thesis(change: tuple[str, str], part: str, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(THESIS.replace(*change))
    with pytest.raises(ScenarioError) as caught:
        load_thesis(file)
    assert part in str(caught.value)
    assert caught.value.line is not None
    (tmp_path / "s.yaml").write_text("thesis: t.yaml\n")
    with pytest.raises(ScenarioError) as again:
        load(tmp_path / "s.yaml")
    assert str(again.value) == str(caught.value)


def test_claims_may_not_share_a_parameter_nor_be_silent(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    second = THESIS[THESIS.index("  - id") :].replace("T1", "T2")
    file.write_text(THESIS + second)
    with pytest.raises(ScenarioError, match="already moved by claim T1") as caught:
        load_thesis(file)
    assert caught.value.line == 11
    file.write_text(THESIS + second.replace("T2", "T1"))
    with pytest.raises(ScenarioError, match="another claim is T1"):
        load_thesis(file)
    file.write_text(THESIS + "  - {id: T2, claim: c}\n")
    with pytest.raises(ScenarioError, match="needs a `note`"):
        load_thesis(file)
