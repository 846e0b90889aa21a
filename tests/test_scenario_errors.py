"""Scenarios that are wrong: one clear message with the place, what is allowed and the nearest name."""

# ruff: noqa: E501  the table of cases is easier to read in whole lines

from __future__ import annotations

import pickle
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner
from wrong_files import CHALLENGE, error_of

from sim.cli.main import main
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.layers import load_thesis
from sim.scenario.reader import LARGEST_FILE

PLACED = {
    # what is wrong: text, line, column, path, part of the message, nearest name
    "unknown key": ("title: a\nyers: 3\n", 2, 1, "yers", "unknown key", "years"),
    "unknown key of an event": (
        "timeline:\n  - name: a\n    at: 2027-01\n    event: join\n    stat: KGZ\n    state: KGZ\n    organisation: CIS\n",
        5, 5, "timeline[0].stat", "unknown key", "state",
    ),
    "a state's name for its code": (
        "timeline:\n  - {name: a, at: 2027-01, event: election, state: Kyrgyzstan}\n",
        2, 52, "timeline[0].state", "'Kyrgyzstan' is not a valid name", "KGZ",
    ),
    "an alignment that an incumbent who wins would not take": (
        "timeline:\n  - {name: a, at: 2027-01, event: election, state: KGZ, alignment: 0.6, turnover: false}\n",
        2, 5, "timeline[0]", "leave out `alignment`", None,
    ),
    "an organisation that is like none meant": (
        "timeline:\n  - {name: a, at: 2027-01, event: join, state: MDA, organisation: EU}\n",
        2, 67, "timeline[0].organisation", "(allowed: CIS, CSTO, EAEU)", None,
    ),
    "a state's name in a list, in lower case": (
        "timeline:\n  - {name: a, at: 2027-01, event: peace, states: [UKR, kazakhstan]}\n",
        2, 56, "timeline[0].states[1]", "'kazakhstan' is not a valid name", "KAZ",
    ),
    "Moscow for its code": (
        "timeline:\n  - {name: a, at: 2027-01, event: leader_exit, state: Moscow}\n",
        2, 55, "timeline[0].state", "'Moscow' is not a valid name", "RUS",
    ),
    "a state's name at the start": (
        "initial:\n  Kyrgyzstan:\n    alignment: 0.2\n", 2, 3, "initial.Kyrgyzstan", "unknown path", "KGZ",
    ),
    "wrong type": ("title: a\nyears: many\n", 2, 8, "years", "'many' is not a whole number", None),
    "boolean for a number": ("runs: true\n", 1, 7, "runs", "true is not a whole number", None),
    "fraction for a count": ("runs: 2.5\n", 1, 7, "runs", "2.5 is not a whole number", None),
    "text for a mapping": ("parameters: 3\n", 1, 13, "parameters", "3 is not a mapping", None),
    "text for a list": ("timeline: later\n", 1, 11, "timeline", "'later' is not a list", None),
    "out of range": ("years: 51\n", 1, 8, "years", "51 is out of range", None),
    "impossible date": ("start: 2010-13\n", 1, 8, "start", "'2010-13' is not a month", None),
    "a day for a month": ("start: 2010-01-01\n", 1, 8, "start", "'2010-01-01' is not a month", None),
    "start before the record": ("start: 1991-12\n", 1, 8, "start", "allowed: 1992-01 to 2025-01", None),
    "historical past the record": (
        "start: 2010-01\nyears: 20\nmode: historical\n", 3, 7, "mode", "ends after the record", None,
    ),
    "event outside the run": (
        f"years: 2\ntimeline:\n{CHALLENGE}", 3, 19, "timeline[0].at", "allowed: 2025-01 to 2026-12", None,
    ),
    "duplicate key": ("runs: 1\nyears: 2\nruns: 3\n", 3, 1, "runs", "duplicate key, first given on line 1", None),
    "duplicate key inside": (
        "parameters:\n  moscow.keep_weight: 1\n  moscow.keep_weight: 2\n",
        3, 3, "parameters.moscow.keep_weight", "duplicate key", None,
    ),
    "set twice, dotted and nested": (
        "parameters:\n  moscow.keep_weight: 1\n  moscow:\n    keep_weight: 2\n",
        4, 5, "parameters.moscow.keep_weight", "set twice", None,
    ),
    "unknown parameter": (
        "parameters:\n  moscow.kep_weight: 1\n", 2, 3, "parameters.moscow.kep_weight", "unknown path",
        "moscow.keep_weight",
    ),
    "unknown nested parameter": (
        "parameters:\n  moscow:\n    keep_wait: 1\n", 3, 5, "parameters.moscow.keep_wait", "unknown path",
        "moscow.keep_weight",
    ),
    "unknown section": ("parameters:\n  mosco.x: 1\n", 2, 3, "parameters.mosco.x", "unknown path", "moscow"),
    "parameter out of range": (
        "parameters:\n  moscow.keep_weight: 6\n", 2, 23, "parameters.moscow.keep_weight", "allowed: 0 to 5", None,
    ),
    "prior centred out of range": (
        "parameters:\n  moscow.keep_weight: {normal: {mean: 6, sd: 1}}\n",
        2, 23, "parameters.moscow.keep_weight", "6 is out of range", None,
    ),
    "uniform prior out of range": (
        "parameters:\n  moscow.keep_weight: {uniform: {low: 1, high: 6}}\n",
        2, 23, "parameters.moscow.keep_weight", "allowed: 0 to 5", None,
    ),
    "unknown prior": (
        "parameters:\n  moscow.keep_weight: {norml: {mean: 1, sd: 1}}\n",
        2, 24, "parameters.moscow.keep_weight.norml", "unknown prior", "normal",
    ),
    "prior without a number": (
        "parameters:\n  moscow.keep_weight: {normal: {mean: 1}}\n",
        2, 32, "parameters.moscow.keep_weight.normal.sd", "is needed", None,
    ),
    "negative spread": (
        "parameters:\n  moscow.keep_weight: {normal: {mean: 1, sd: -1}}\n",
        2, 46, "parameters.moscow.keep_weight.normal.sd", "allowed: above 0", None,
    ),
    "bounds the wrong way round": (
        "parameters:\n  moscow.keep_weight: {uniform: {low: 2, high: 1}}\n",
        2, 33, "parameters.moscow.keep_weight.uniform", "`low` must be below `high`", None,
    ),
    "not a number": (
        "parameters:\n  moscow.keep_weight: .nan\n", 2, 23, "parameters.moscow.keep_weight", "is not a number", None,
    ),
    "infinite": (
        "parameters:\n  moscow.keep_weight: .inf\n", 2, 23, "parameters.moscow.keep_weight", "is not a number", None,
    ),
    "unknown quantity": (
        "initial:\n  KGZ.alignmnt: 1\n", 2, 3, "initial.KGZ.alignmnt", "unknown path", "KGZ.alignment",
    ),
    "quantity out of range": ("initial:\n  KGZ.security_density: 0.3\n", 2, 25,
                              "initial.KGZ.security_density", "allowed: 0 to 0.2", None),
    "unknown event": (
        "timeline:\n  - {name: a, at: 2027-01, event: challange}\n",
        2, 35, "timeline[0].event", "not a valid name", "challenge",
    ),
    "no event": ("timeline:\n  - {name: a, at: 2027-01}\n", 2, 5, "timeline[0].event", "is needed", None),
    "unknown state": (
        f"timeline:\n{CHALLENGE.replace('[KGZ]', '[KAZ, KGS]')}",
        2, 60, "timeline[0].states[1]", "'KGS' is not a valid name", "KGZ",
    ),
    "state twice": (f"timeline:\n{CHALLENGE.replace('[KGZ]', '[KAZ, KAZ]')}", 2, 54,
                    "timeline[0].states", "names KAZ twice", None),
    "no states": (f"timeline:\n{CHALLENGE.replace('[KGZ]', '[]')}", 2, 54, "timeline[0].states", "empty list", None),
    "at and when": (
        "timeline:\n  - {name: a, at: 2027-01, when: {variable: csto_trust, above: 0}, event: join, state: KGZ,"
        " organisation: CIS}\n", 2, 5, "timeline[0]", "give either `at` (a month) or `when`", None,
    ),
    "neither at nor when": (
        "timeline:\n  - {name: a, event: join, state: KGZ, organisation: CIS}\n",
        2, 5, "timeline[0]", "give either `at`", None,
    ),
    "condition without a state": (
        "timeline:\n  - {name: a, when: {variable: alignment, above: 0}, event: ukraine_war, load: 0}\n",
        2, 21, "timeline[0].when", "give `state`", None,
    ),
    "condition above and below": (
        "timeline:\n  - {name: a, when: {variable: csto_trust, above: 0, below: 1}, event: ukraine_war, load: 0}\n",
        2, 21, "timeline[0].when", "either `above` or `below`", None,
    ),
    "unknown variable": (
        "timeline:\n  - {name: a, when: {variable: csto_trus, above: 0}, event: ukraine_war, load: 0}\n",
        2, 32, "timeline[0].when.variable", "not a valid name", "csto_trust",
    ),
    "window the wrong way round": (
        "timeline:\n  - {name: a, when: {variable: csto_trust, above: 0, from: 2027-02, until: 2027-01},"
        " event: ukraine_war, load: 0}\n", 2, 21, "timeline[0].when", "`until` is before `from`", None,
    ),
    "window outside the run": (
        "timeline:\n  - {name: a, when: {variable: csto_trust, above: 0, until: 2047-01},"
        " event: ukraine_war, load: 0}\n", 2, 61, "timeline[0].when.until", "outside the run", None,
    ),
    "peace that ends before it begins": (
        "timeline:\n  - {name: a, at: 2027-01, event: peace, states: [GEO], until: 2026-12}\n",
        2, 5, "timeline[0]", "`until` is before `at`", None,
    ),
    "peace that ends after the run": (
        "timeline:\n  - {name: a, at: 2027-01, event: peace, states: [GEO], until: 2047-01}\n",
        2, 64, "timeline[0].until", "outside the run", None,
    ),
    "peace with Moscow itself": (
        "timeline:\n  - {name: a, at: 2027-01, event: war_goes_on, states: [RUS]}\n",
        2, 57, "timeline[0].states[0]", "'RUS' is not a valid name", None,
    ),
    "event sets an unknown parameter": (
        "timeline:\n  - {name: a, at: 2027-01, event: set, parameter: moscow.keep_wait, value: 1}\n",
        2, 51, "timeline[0].parameter", "unknown parameter", "moscow.keep_weight",
    ),
    "event sets a parameter out of range": (
        "timeline:\n  - {name: a, at: 2027-01, event: set, parameter: moscow.keep_weight, value: 9}\n",
        2, 78, "timeline[0].value", "allowed: 0 to 5", None,
    ),
    "territory unknown": (
        "timeline:\n  - {name: a, at: 2027-01, event: territory, territory: Abkazia, status: 1}\n",
        2, 57, "timeline[0].territory", "not a valid name", "Abkhazia",
    ),
    "two events of one name": (f"timeline:\n{CHALLENGE}{CHALLENGE}", 3, 12, "timeline[1].name", "another entry", None),
    "unknown thesis": ("thesis: no-such-thesis\n", 1, 9, "thesis", "no shipped thesis", None),
    "unknown base": ("extends: no-such-scenario\n", 1, 10, "extends", "no shipped scenario", None),
    "base is missing": ("extends: other.yaml\n", 1, 10, "extends", "no such file", None),
    "base outside the collection": ("extends: ../other.yaml\n", 1, 10, "extends", "not in the collection", None),
    "absolute path": ("thesis: /etc/thesis.yaml\n", 1, 9, "thesis", "not in the collection", None),
    "extends itself": ("title: x\nextends: bad.yaml\n", 2, 10, "extends", "bad.yaml extends bad.yaml", None),
    "name that is no file name": ("name: a/b\n", 1, 7, "name", "a character that a name may not have", None),
    "tag": ("title: !!python/object/apply:os.system [ls]\n", 1, 8, "", "is not allowed", None),
    "YAML 1.1": ("%YAML 1.1\n---\ntitle: a\n", 1, 1, "", "only YAML 1.2", None),
    "not YAML": ("title: a\nyears: [1\n", 3, 1, "", "not YAML", None),
    "tab": ("title: a\n\tyears: 1\n", 2, 1, "", "spaces, not with tabs", None),
    "indented": ("title: a\n years: 1", 2, 7, "", "indent this line as the one above", None),
    "indented less": ("timeline:\n  - at: 1\n   a: 1\n", 3, 4, "", "as the keys that it", None),
    "colon": ("title: a: b\n", 1, 9, "", "quotes around a text that has ': '", None),
    "a list": ("- a\n- b\n", 1, 1, "", "holds a list only", None),
    "one value": ("hello\n", 1, 1, "", "holds the value 'hello' only", None),
    "empty": ("", 1, 1, "", "is empty", None),
    "only comments": ("# nothing\n", 1, 1, "", "is empty", None),
    "binary": (b"\x7fELF\x02\x00\x01", 1, 6, "", "binary file", None),
    "binary after a while": (b"title: a\nquestion: b\0c\n", 2, 12, "", "holds a zero byte: a binary file", None),
    "not UTF-8": (b"title: a\nquestion: caf\xe9\n", 2, 14, "", "is not UTF-8 text (byte 0xe9); save it as UTF-8", None),
    "half of a UTF-16 file": (
        "title: a\nquestion: b".encode("utf-16")[:-1], 2, 11, "", "is not UTF-16 text (byte 0x62); save it as UTF-8", None,
    ),
    "a fault in a UTF-16 file": ("title: a\nyers: 3\n".encode("utf-16"), 2, 1, "yers", "unknown key", "years"),
    "control character": ("title: a\x07b\n", 1, 9, "", "U+0007", None),
    "circle of aliases": ("title: &a [*a]\n", 1, 8, "", "levels deep", None),
    "deep": ("title: " + "[" * 600, 1, 28, "", "nested more than 20 levels deep", None),
    "endless number": (f"runs: {'9' * 6_000}\n", 1, 7, "", "not a number that can be read", None),
    "huge number": (f"runs: {'9' * 400}\n", 1, 7, "runs", "a huge number is out of range", None),
    "alias bomb": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        1, 8, "", "counting what aliases repeat", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACED)
def test_bad_file(case: str, tmp_path: Path) -> None:
    text, line, column, path, part, close = PLACED[case]
    error = error_of(tmp_path, text)
    assert part in str(error)
    assert (error.path, error.nearest) == (path, close)
    if case != "alias bomb":  # where the limit is passed is of no interest
        assert (error.line, error.column) == (line, column)
    assert f"line {error.line}, column {error.column}" in str(error)
    if close:
        assert f"did you mean {close}?" in str(error)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["as it is", "marked"])
def test_a_file_is_read_in_every_encoding_that_yaml_may_have(
    encoding: str, mark: str, tmp_path: Path
) -> None:
    """Windows' shell writes UTF-16 where output is sent to a file, and its editors mark UTF-8."""
    text = "title: Что будет, если — caf\xe9 \U0001f4c8\r\nyears: 3\r\n"
    marks_itself = encoding in {"utf-8-sig", "utf-16", "utf-32"}
    (tmp_path / "s.yaml").write_bytes((("" if marks_itself else mark) + text).encode(encoding))
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        read = load(tmp_path / "s.yaml")
    assert (read.title, read.years) == ("Что будет, если — café 📈", 3)
    said = f"{tmp_path / 's.yaml'} was read as {encoding[:6].upper()}: save it as UTF-8"
    assert [str(note.message) for note in noted] == ([] if "utf-8" in encoding else [said])


def test_a_command_notes_once_that_a_file_is_not_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_bytes("title: Mine\n".encode("utf-16"))
    done = CliRunner().invoke(main, ["check", "mine.yaml", "mine.yaml"])
    assert done.exit_code == 0
    assert done.stderr == "Note: mine.yaml was read as UTF-16: save it as UTF-8\n"


def test_allowed_names_are_listed(tmp_path: Path) -> None:
    assert "EST, LVA, LTU" in error_of(tmp_path, f"timeline:\n{CHALLENGE.replace('KGZ', 'XXX')}").allowed


def test_a_wrong_section_is_told_what_paths_are_made_of(tmp_path: Path) -> None:
    of_states = error_of(tmp_path, "initial: {NO: 3}\n").allowed
    assert of_states.startswith("STATE.VARIABLE, where STATE is EST, LVA, LTU, ")
    assert " or TJK, and VARIABLE is " in of_states
    assert "alignment" in of_states
    of_parameters = error_of(tmp_path, "parameters: {mosco.x: 1}\n").allowed
    assert of_parameters.startswith("SECTION.PARAMETER, where SECTION is ")
    assert "moscow" in of_parameters


def test_every_duplicate_key_is_told(tmp_path: Path) -> None:
    text = "runs: 1\nyears: 2\nruns: 3\nparameters:\n  a.b: 1\n  a.b: 2\nruns: 4\n"
    error = error_of(tmp_path, text)
    assert [(fault.line, fault.path) for fault in error.problems] == [
        (3, "runs"),
        (6, "parameters.a.b"),
        (7, "runs"),
    ]
    assert error.problems[2].message == "duplicate key, first given on line 1"


def test_a_misspelt_file_is_told_with_the_nearest_beside_it(tmp_path: Path) -> None:
    (tmp_path / "moscow-busy.yaml").write_text("title: a\n")
    with pytest.raises(ScenarioError, match=r"no such file; did you mean .*moscow-busy\.yaml"):
        load(tmp_path / "moscow-bussy.yaml")
    with pytest.raises(ScenarioError, match=r"no such file$"):
        load(tmp_path / "another.yaml")


def test_missing_file_folder_and_large_file(tmp_path: Path) -> None:
    for path, part in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(ScenarioError, match=part) as caught:
            load(path)
        assert str(path) in str(caught.value)
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    with pytest.raises(ScenarioError):
        load(tmp_path / "loop.yaml")
    (tmp_path / "scenario.txt").write_text("title: a\n")
    with pytest.raises(ScenarioError, match=r"neither the name of a shipped scenario nor a \.yaml file"):
        load(str(tmp_path / "scenario.txt"))
    assert "larger than 250 kB" in str(error_of(tmp_path, b"#" * (LARGEST_FILE + 1)))


def test_names_of_shipped_files_are_found_in_any_case() -> None:
    assert load("Dubnov").name == load("dubnov").name
    assert load("what-if/CSTO-stays-home").name == load("csto-stays-home").name
    assert load_thesis("DUBNOV").name == "dubnov"


def test_a_name_that_is_nearly_right_is_told_the_nearest_alone() -> None:
    with pytest.raises(ScenarioError) as told:
        load("dubno")
    assert str(told.value) == "dubno: no shipped scenario has this name; did you mean dubnov?"
    with pytest.raises(ScenarioError) as told:
        load_thesis("dubno")
    assert str(told.value) == "dubno: no shipped thesis has this name; did you mean dubnov?"


def test_unknown_shipped_name() -> None:
    with pytest.raises(ScenarioError, match=r"^no-such: no shipped scenario has this name"):
        load("no-such")


@pytest.mark.parametrize(
    ("override", "part"),
    [
        ("runs", "has no path and value"),
        ("=3", "has no path and value"),
        ("runs=many", "runs: 'many' is not a whole number"),
        ("yers=3", "did you mean years?"),
        ("moscow.kep_weight=1", "did you mean moscow.keep_weight?"),
        ("moscow.keep_weight=9", "allowed: 0 to 5"),
        ("moscow.keep_weight=0,5", "'0,5' is not a number or a prior: write 0.5, with a decimal point"),
        ("initial.KGZ.alignmnt=0", "did you mean KGZ.alignment?"),
        ("initial.RUS.mony=9", "did you mean RUS.money? (allowed: RUS.troops, RUS.money, RUS.attention, "),
        ("initial.RUS.alignment=0", "allowed: RUS.troops"),
        ("initial.RUS.money=90", "90 is out of range (allowed: 0.1 to 50)"),
        ("moscow.keep_weight={normal: {mean: 1", "not YAML"),
        ("moscow.keep_weight=", "nothing is not a number or a prior"),
        ("extends=dubnov", "unknown path"),
        ("start=2025-02", "allowed: 1992-01 to 2025-01"),
        ("title=!!python/name:os.system", "is not allowed"),
    ],
)
def test_bad_override_names_set_as_its_file(override: str, part: str, tmp_path: Path) -> None:
    file = tmp_path / "good.yaml"
    file.write_text("title: good\n")
    with pytest.raises(ScenarioError) as caught:
        load(file, [override])
    assert str(caught.value).startswith("--set: ")
    assert part in str(caught.value)


def test_python_errors_name_the_scenario() -> None:
    with pytest.raises(ScenarioError, match=r"^scenario 'x': years: 0 is out of range \(allowed: 1 to 50\)$"):
        Scenario.build("x", years=0)
    with pytest.raises(ScenarioError, match="is not a whole number"):
        Scenario.build("x", runs=None)  # type: ignore[arg-type]


def test_error_survives_pickling(tmp_path: Path) -> None:
    error = error_of(tmp_path, "years: 0\nyers: 1\n")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problems) == (str(error), error.problems)


def test_a_list_whose_items_are_wrong_is_not_called_empty_as_well(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "title: T\nextends: baseline\ntimeline:\n"
        "  - {name: a, at: 2027-01, event: challenge, states: [KZK], spark: 0.3}\n"
    )
    with pytest.raises(ScenarioError) as told:
        load(file)
    assert "'KZK' is not a valid name" in str(told.value)
    assert "is an empty list" not in str(told.value)
    file.write_text(file.read_text().replace("[KZK]", "[]"))
    with pytest.raises(ScenarioError, match="is an empty list"):
        load(file)
