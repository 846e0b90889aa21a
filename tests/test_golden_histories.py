"""Golden histories: the numbers of a set of runs are those stored, and a change of them has a reason.

Run ``python tests/golden renew --reason "..."`` where a change is meant.
"""

import copy
import json
import os
import subprocess
import sys
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from golden import command, store
from golden.model import CASES, KINDS, golden
from golden.parts import TOLERANCE, advice, differences, part

STORED = store.read()
ELSEWHERE = store.not_the_reference(STORED["reference"])


@cache
def found(case):
    return golden(case)


# -- the model ------------------------------------------------------------------------------------------


@pytest.mark.skipif(bool(ELSEWHERE), reason=f"compared within the tolerance only, as this is {ELSEWHERE}")
@pytest.mark.parametrize("case", CASES)
def test_a_history_is_the_stored_one_bit_for_bit(case):
    told = differences(STORED["cases"].get(case, {}), found(case), exact=True)
    assert not told, f"{case}:\n" + "\n".join(told)


@pytest.mark.parametrize("case", CASES)
def test_a_history_is_the_stored_one_within_the_tolerance(case):
    told = differences(STORED["cases"].get(case, {}), found(case), exact=False)
    assert not told, f"{case}:\n" + "\n".join(told)


def test_no_case_is_stored_that_is_not_run():
    assert list(STORED["cases"]) == list(CASES)


def test_every_kind_of_event_occurs():
    names = {name for parts in STORED["cases"].values() for name in parts}
    assert {name.removeprefix("events/") for name in names if name.startswith("events/")} == KINDS


def test_every_instrument_is_used():
    used = {}
    for parts in STORED["cases"].values():
        for name, (_, *counts) in parts.items():
            if name.startswith("outcomes/used_"):
                used[name] = used.get(name, 0) + sum(counts)
    assert used
    assert all(used.values()), used


@pytest.mark.slow
def test_nearly_every_line_of_the_model_is_run():
    # A process of its own, since lines that run on import count, and numba is switched off for some runs
    measure = [sys.executable, str(Path(__file__).with_name("golden")), "lines"]
    done = subprocess.run(measure, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# -- what a difference is -------------------------------------------------------------------------------


def test_one_bit_of_one_number_is_a_difference_and_is_named():
    series = np.linspace(0, 1, 50, dtype=np.float32)
    other = series.copy()
    other[7] = np.nextafter(other[7], np.float32(1))
    then, now = (
        {"series/x": part([array], [array.mean()]), "series/y": part(["y"], [1])} for array in (series, other)
    )
    assert differences(then, then, exact=True) == []
    (line,) = differences(then, now, exact=True)
    assert line.startswith("series/x: ")
    assert differences(then, now, exact=False) == []


@pytest.mark.parametrize(("change", "seen"), [(0.1 * TOLERANCE, False), (10 * TOLERANCE, True)])
@pytest.mark.parametrize("number", [0.0, 1.0, 2000.0])
def test_the_tolerance(number, change, seen):
    then, now = {"a": part("", [number])}, {"a": part("", [number + change * max(1, number)])}
    assert bool(differences(then, now, exact=False)) is seen


def test_an_undefined_number_is_close_to_none():
    undefined, zero = {"a": part("", [float("nan")])}, {"a": part("", [0.0])}
    assert differences(undefined, undefined, exact=False) == []
    assert differences(undefined, zero, exact=False) == ["a: [None] became [0]"]


@pytest.mark.parametrize("exact", [True, False])
def test_a_part_that_is_new_or_gone_is_told(exact):
    one, both = {"a": part("a", [1])}, {"a": part("a", [1]), "b": part("b", [1])}
    assert differences(one, both, exact=exact) == ["b: new, not stored yet"]
    assert differences(both, one, exact=exact) == ["b: gone"]


# -- a change has a reason ------------------------------------------------------------------------------


@cache
def _before():
    return {
        "reference": {"numpy": "2.4.6"},
        "renewals": [{"date": "2030-01-01", "reason": "first version", "changed": {}}],
        "cases": {"one": {"series/x": ["aa", 1], "events/fall": ["bb", 2]}, "two": {"series/x": ["cc", 3]}},
    }


def after(changed=None, reason="a rule was mended", **cases):
    """Return the file with some parts changed, and a renewal that tells of them if `changed` is given."""
    now = copy.deepcopy(_before())
    for case, parts in cases.items():
        now["cases"][case] = {**now["cases"].get(case, {}), **parts}
    if changed is not None:
        now["renewals"].append({"date": "2030-02-01", "reason": reason, "changed": changed})
    return now


def test_the_same_file_needs_no_reason():
    assert store.unexplained(_before(), after()) == []


def test_a_change_without_a_renewal_is_found():
    (fault,) = store.unexplained(_before(), after(one={"series/x": ["ab", 1]}))
    assert fault == "one: series changed, and no new renewal says why"


def test_a_change_with_its_reason_passes():
    now = after({"one": ["series"]}, one={"series/x": ["ab", 1]})
    assert store.unexplained(_before(), now) == []


def test_a_renewal_explains_only_what_it_names():
    now = after({"one": ["series"]}, one={"series/x": ["ab", 1]}, two={"series/x": ["cd", 1]})
    assert store.unexplained(_before(), now) == ["two: series changed, and no new renewal says why"]


def test_a_blank_reason_is_none():
    now = after({"one": ["series"]}, reason=" ", one={"series/x": ["ab", 1]})
    assert len(store.unexplained(_before(), now)) == 2


def test_an_old_reason_does_not_serve_twice():
    once = after({"one": ["series"]}, one={"series/x": ["ab", 1]})
    twice = copy.deepcopy(once)
    twice["cases"]["one"]["series/x"] = ["ac", 1]
    assert store.unexplained(once, twice) == ["one: series changed, and no new renewal says why"]


def test_what_is_only_new_needs_no_reason():
    assert (
        store.unexplained(_before(), after(one={"series/new": ["dd", 1]}, three={"series/x": ["ee", 1]}))
        == []
    )


def test_a_case_that_is_gone_needs_a_reason():
    now = after()
    del now["cases"]["one"]
    assert store.unexplained(_before(), now) == ["one: events, series changed, and no new renewal says why"]


def test_earlier_renewals_stand():
    now = after({"one": ["series"]}, one={"series/x": ["ab", 1]})
    now["renewals"][0]["reason"] = "rewritten"
    assert "earlier renewals were changed or removed" in store.unexplained(_before(), now)


def test_another_reference_needs_a_reason():
    now = after()
    now["reference"] = {"numpy": "3.0"}
    assert store.unexplained(_before(), now) == ["the reference changed, and no new renewal says why"]


@pytest.mark.parametrize("commit", ["HEAD", "HEAD~1", os.environ.get("GOLDEN_SINCE", "")])
def test_what_changed_since_the_commit_before_has_a_reason(commit):
    """``GOLDEN_SINCE`` may name the commit that a branch of several commits starts from."""
    if not commit:
        pytest.skip("GOLDEN_SINCE is not set")
    try:
        before = store.in_commit(commit)
    except LookupError as error:
        pytest.skip(str(error))
    assert before is None or store.unexplained(before, STORED) == []


def test_a_commit_is_read_by_git(tmp_path):
    def git(*arguments):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    path = tmp_path / "folder" / "histories.json"
    path.parent.mkdir()
    with pytest.raises(LookupError, match="no git checkout"):
        store.in_commit("HEAD", path)
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "before there was a file")
    path.write_text(store.text(_before()))
    git("add", ".")
    git("commit", "-q", "-m", "the file")
    path.write_text(store.text(after(one={"series/x": ["ab", 1]})))
    assert store.in_commit("HEAD~1", path) is None
    assert store.in_commit("HEAD", path) == _before()
    assert store.unexplained(store.in_commit("HEAD", path), store.read(path))
    with pytest.raises(LookupError, match="HEAD~7 is not in this clone"):
        store.in_commit("HEAD~7", path)


# -- the commands ---------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Return a function that runs `renew` on a file of its own, with one quick case that gives `parts`."""
    path = tmp_path / "histories.json"
    monkeypatch.setattr(store, "FILE", path)
    monkeypatch.setattr(store, "read", lambda: json.loads(path.read_text()) if path.exists() else store.EMPTY)

    def renew(parts, *options):
        monkeypatch.setattr("golden.model.CASES", {"one": lambda: parts})
        return CliRunner().invoke(command.main, ["renew", *options]), store.read()

    return renew


def test_renewing_writes_what_changed_and_why(small):
    small({"series/x": ["aa", 1]}, "--reason", "first")
    done, now = small({"series/x": ["ab", 1]}, "--reason", "a rule was mended")
    assert done.exit_code == 0, done.output
    assert now["cases"] == {"one": {"series/x": ["ab", 1]}}
    assert [(entry["reason"], entry["changed"]) for entry in now["renewals"]] == [
        ("first", {}), ("a rule was mended", {"one": ["series"]}),
    ]  # fmt: skip


def test_renewing_leaves_the_file_where_nothing_changed(small):
    _, before = small({"series/x": ["aa", 1]}, "--reason", "first")
    done, now = small({"series/x": ["aa", 1]}, "--reason", "again")
    assert "nothing changed" in done.output
    assert now == before


@pytest.mark.parametrize("options", [(), ("--reason", " ")])
def test_renewing_takes_a_reason(small, options):
    done, now = small({"series/x": ["aa", 1]}, *options)
    assert done.exit_code == 2
    assert "--reason" in done.output
    assert now == store.EMPTY


def test_renewing_is_for_the_reference(small, monkeypatch):
    small({"series/x": ["aa", 1]}, "--reason", "first")
    monkeypatch.setattr(store, "here", lambda: {**STORED["reference"], "numpy": "9.9"})
    done, _ = small({"series/x": ["ab", 1]}, "--reason", "mended")
    assert done.exit_code == 2
    assert "this is not the reference" in done.output
    assert "numpy 9.9 (reference: " in done.output
    done, now = small({"series/x": ["ab", 1]}, "--reason", "mended", "--new-reference")
    assert done.exit_code == 0
    assert now["reference"]["numpy"] == "9.9"


def test_checking_tells_each_case_in_a_line_and_each_part_if_asked(small):
    parts = {"series/x": ["aa", 1], "series/y": ["bb", 2], "events/fall": ["cc", 3], "events/war": ["dd", 4]}
    small(parts, "--reason", "first")
    check = partial(CliRunner().invoke, command.main)
    same = check(["check"])
    assert (same.exit_code, same.output.splitlines()[1:]) == (0, ["0 of 1 cases differ"])
    del parts["events/war"]
    parts |= {"series/x": ["ab", 7], "series/y": ["bc", 8], "outcomes/z": ["ee", 5]}
    short = check(["check"])
    assert short.exit_code == 1
    assert short.output.splitlines()[1:3] == [
        "one  events 1 of 1, outcomes 1 of 1, series 2 of 2 (1 new, 1 gone)",
        "1 of 1 cases differ (--verbose names each part)",
    ]
    full = check(["check", "--verbose"])
    assert full.exit_code == 1
    assert "one  series/x: [1] became [7]" in full.output.splitlines()
    assert len(full.output.splitlines()) == 6 + len(short.output.splitlines()[3:])
    assert short.output.splitlines()[3].startswith("Histories have changed.")


@pytest.mark.parametrize(
    ("lines", "told", "then"),
    [
        (["draws/learning: [0.5] became [0.6]"], "Only draws differ", "golden adopt"),
        (["draws/learning: [0.5] became [0.6]", "outcomes/z: new, not stored yet"], "Only draws", "adopt"),
        (["outcomes/z: new, not stored yet"], "All that was stored is the same", "full audit"),
        (["draws/war: gone", "outcomes/z: [1] became [2]"], "Outcomes differ", "the audit again"),
        (["draws/war: gone", "series/x: gone"], "Histories have changed", "the audit again"),
        (["codes: [1] became [2]"], "Histories have changed", "the audit again"),
    ],
)
def test_what_a_difference_means_and_what_to_do_next_is_told(lines, told, then):
    text = advice(lines)
    assert text.startswith(told)
    assert "python tests/golden renew --reason" in text
    assert then in text.splitlines()[-1]
