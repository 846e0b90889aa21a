"""``python -m calibration.patterns`` on a short, small model."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.patterns import PATTERNS
from calibration.patterns.__main__ import patterns

SCENARIO = """\
title: A short look back
question: Does the command work?
asked_by: a test
extends: baseline
start: 2012-01
years: 4
mode: historical
citizens: 100
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("patterns")
    (place / "short.yaml").write_text(SCENARIO, encoding="utf-8")
    arguments = [
        "--scenario",
        str(place / "short.yaml"),
        "--runs",
        "3",
        "--seed",
        "7",
        "--out",
        str(place / "out"),
    ]
    done = CliRunner().invoke(patterns, arguments)
    assert done.exit_code == 0, done.output
    (place / "said.txt").write_text(done.output, encoding="utf-8")
    return place


def test_it_prints_and_saves_the_record_next_to_the_runs(folder):
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert "2012-2013: record next to short, 3 runs" in said
    assert "2014-2015: record next to short, 3 runs" in said
    assert "2012-2015: record next to short, 3 runs, by state" in said
    table = pd.read_csv(folder / "out" / "patterns.csv")
    assert len(table) == 2 * len(PATTERNS)
    assert (table["runs"] <= 3).all()
    given = table[(table["pattern"] == "wars_in_ukraine") & (table["window"] == "2014-2015")].iloc[0]
    assert (given["record"], given["median"]) == (1, 1)  # the war of 2014 is given in historical runs
    states = pd.read_csv(folder / "out" / "patterns_by_state.csv")
    assert len(states) == 2 * 14
    assert (folder / "out" / "figures" / "patterns.png").read_bytes().startswith(b"\x89PNG")


def test_earlier_runs_are_read_again_under_another_coding(folder):
    arguments = ["--results", str(folder / "out"), "--out", str(folder / "wide"), "--coding", "wide"]
    done = CliRunner().invoke(patterns, arguments)
    assert done.exit_code == 0, done.output
    first = pd.read_csv(folder / "out" / "patterns.csv").set_index(["window", "pattern"])
    again = pd.read_csv(folder / "wide" / "patterns.csv").set_index(["window", "pattern"])
    pd.testing.assert_series_equal(first["median"], again["median"])
    key = ("2012-2013", "fall_rate")  # Georgia 2012 is a fall under the wide coding alone
    assert (first.loc[key, "record"], again.loc[key, "record"]) == (0, pytest.approx(1 / 22))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--scenario", "nul"], "nul"),
        (["--results", "."], "is not a results folder"),
        (["--coding", "polity"], "polity"),
        (["--runs", "0"], "0 is not in the range"),
    ],
)
def test_bad_input_ends_in_one_message(arguments, message):
    done = CliRunner().invoke(patterns, arguments)
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output


def test_a_folder_in_use_is_left_alone(folder):
    done = CliRunner().invoke(patterns, ["--runs", "1", "--out", str(folder / "out")])
    assert done.exit_code == 2
    assert "holds runs of short, which is not asked for" in done.output


def test_years_off_the_record_are_refused(folder):
    later = (
        SCENARIO.replace("2012-01", "2024-06").replace("years: 4", "years: 2").replace("historical", "free")
    )
    (folder / "later.yaml").write_text(later, encoding="utf-8")
    arguments = ["--scenario", str(folder / "later.yaml"), "--runs", "1", "--out", str(folder / "later")]
    done = CliRunner().invoke(patterns, arguments)
    assert done.exit_code == 2
    assert "nothing is on record" in done.output
