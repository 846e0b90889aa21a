"""Published forecasts stay byte for byte, and are judged by the definitions of their version."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history

from calibration.backtest.outcomes import ALIGNMENT, EVENTS, SHARED, outcomes_of
from calibration.cli.main import main
from calibration.forecast.definitions import CURRENT, DEFINITIONS
from calibration.forecast.file import ForecastError, publish, read_forecast, write_forecast
from calibration.forecast.judge import score_forecast
from calibration.forecast.make import LEVELS
from calibration.history import Window
from calibration.record.later import read_later
from calibration.record.load import LATEST
from calibration.record.load import PUBLISHED as PUBLISHED_SHEET
from calibration.record.observed import observed_record
from docs.remake.stored import ROOT
from sim.scenario import SHARED_WORLD
from sim.world.state import STATES

PUBLISHED = {
    "forecast_2026-11-23_b3cde1870a311b4c.csv": (
        "b3cde1870a311b4c05e788fae97c8d87b2baa5073a057d1833fa6909a7acbf9c"
    ),
    "forecast_2026-11-30_353466c54173f7fb.csv": (
        "353466c54173f7fb0fb7614f9aa9a0aec4fe069628fe221efb77edeef671d9d2"
    ),
    "forecast_2026-12-01_0249c4efcca490f3.csv": (
        "0249c4efcca490f36cc02b55b3301659e60b850c755f5b8cbc4c84321765c709"
    ),
}
"""SHA-256 of every published forecast. A line is added when one is published, and never changed."""

SCORED = {
    ("brier", SHARED_WORLD): 0.1870417,
    ("log", "kuzio"): 0.9746750,
    ("crps", SHARED_WORLD): 0.7092050,
    ("crps", "dubnov"): 0.7191362,
    ("log", "stacked"): 0.8572058,
    ("log", "base rate"): 0.5805663,
}
"""What version 0.1.0 made of its forecast, against the record of the fixture."""

FOLDER = ROOT / "docs" / "forecasts"
LATER = Window(1992, 2027)


@pytest.fixture(scope="module")
def first():
    return read_forecast(FOLDER / "forecast_2026-11-23_b3cde1870a311b4c.csv")


@pytest.fixture(scope="module")
def record():
    """Return a record that has been carried on, at random."""
    return history(np.random.default_rng(5), LATER, {"challenges": 0.3, "falls": 0.3, "left": 0.05})


def draft(first, folder):
    """Write a forecast like the first, by today's definitions."""
    about = {"definitions": CURRENT, "seed": 1}
    return write_forecast(first.table, about, folder, pd.Timestamp("2027-01-31").date())


def test_every_published_forecast_is_as_it_was_published():
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.csv")}
    assert files == PUBLISHED
    for name, digest in PUBLISHED.items():
        assert (FOLDER / name).with_suffix(".sha256").read_text() == f"{digest}  {name}\n"
    assert len(list(FOLDER.iterdir())) == 2 * len(PUBLISHED)


def test_the_first_forecast_is_read_by_todays_names(first):
    assert first.definitions is DEFINITIONS[1]
    assert SHARED_WORLD in set(first.table["forecaster"])
    text = (FOLDER / "forecast_2026-11-23_b3cde1870a311b4c.csv").read_text(encoding="utf-8")
    assert "definitions" not in json.loads(text.partition("\n")[0].removeprefix("# "))
    assert "\nnull,EST,2025,uprising,event,," in text


def test_the_first_forecast_is_scored_as_version_0_1_0_scored_it(first, record):
    """The scores were computed with that version, on the same record as drawn here."""
    scores = score_forecast(first, record).set_index(["measure", "forecaster"])["score"]
    for place, value in SCORED.items():
        assert scores[place] == pytest.approx(value, abs=5e-7), place


def test_old_and_present_names_are_both_taken_to_compare_with(first, record):
    old, present = (score_forecast(first, record, reference=name) for name in ("null", SHARED_WORLD))
    pd.testing.assert_frame_equal(old, present)
    assert set(old["reference"]) == {SHARED_WORLD}


def test_what_came_is_read_by_the_definitions_of_the_file(first, record):
    calm = replace(
        first.definitions, happened=lambda past, window: first.definitions.happened(past, window) & False
    )
    scores = score_forecast(replace(first, definitions=calm), record)
    assert not np.allclose(scores["score"], score_forecast(first, record)["score"])


def test_the_first_definitions_are_those_of_the_backtest_when_it_was_published(record):
    window = Window(2025, 2027)
    seen = outcomes_of(record, window)
    assert (DEFINITIONS[1].happened(record, window) == seen.events).all()
    np.testing.assert_allclose(DEFINITIONS[1].deviations(record, window), seen.alignment)


def test_what_is_written_now_is_what_the_current_definitions_say():
    current = DEFINITIONS[CURRENT]
    assert current.events == tuple(EVENTS)
    assert current.sheet == LATEST, "a forecast on another sheet needs definitions of its own"
    assert (current.shared, current.alignment, current.levels) == (SHARED, ALIGNMENT, LEVELS)


def test_published_forecasts_are_judged_by_the_definitions_that_they_name():
    for name in PUBLISHED:
        forecast = read_forecast(FOLDER / name)
        named = forecast.about.get("definitions", 1)
        assert named == (1 if "2026-11" in name else 2)
        assert forecast.definitions is DEFINITIONS[named]
        assert forecast.definitions.sheet == {1: PUBLISHED_SHEET, 2: LATEST}[named]


def test_a_forecast_made_now_is_judged_by_the_sheet_that_it_rests_on(first, tmp_path):
    """What the newer sheet takes in counts for it, and not for what was published before."""
    second = read_forecast(draft(first, tmp_path))
    assert second.about["definitions"] == 2
    window = Window(2021, 2022)
    seen = {
        number: meant.happened(observed_record(version=meant.sheet), window)
        for number, meant in DEFINITIONS.items()
    }
    challenge = second.definitions.events.index("challenge")
    changed = np.argwhere(seen[2] != seen[1])
    assert {(STATES[state], 2021 + year) for state, year, event in changed if event == challenge} == {
        ("TJK", 2021), ("TJK", 2022), ("UZB", 2022),
    }  # fmt: skip
    assert (seen[2] >= seen[1]).all()


def test_a_row_of_the_newer_sheet_counts_for_newer_forecasts_alone(first, tmp_path):
    later = tmp_path / "record-2025"
    later.mkdir()
    (later / "episodes.csv").write_text(
        "id,state,start,end,outcome,since_version\nTJK-2025,TJK,2025-03-01,2025-03-09,survived,0.2.0\n",
        encoding="utf-8",
    )
    files = (FOLDER / "forecast_2026-11-30_353466c54173f7fb.csv", draft(first, tmp_path))
    for path, number in zip(files, (1, 2), strict=True):
        told = CliRunner().invoke(
            main, ["score", str(path), "--record", str(later), "--until", "2025", "--against", SHARED_WORLD]
        )
        assert told.exit_code == 0, told.output
        assert f"Judged by the coding sheet of {DEFINITIONS[number].sheet}" in told.output
        forecast = read_forecast(path)
        record = observed_record(version=forecast.definitions.sheet, later=read_later(later), until=2025)
        challenge = forecast.definitions.events.index("challenge")
        seen = forecast.definitions.happened(record, Window(2025, 2025))[:, 0, challenge]
        assert seen.sum() == (number == 2)


def test_a_forecast_by_unknown_definitions_is_refused(first, tmp_path):
    path = write_forecast(first.table, {"definitions": 99}, tmp_path, pd.Timestamp("2027-01-31").date())
    with pytest.raises(ForecastError, match="definitions 99, which this version lacks"):
        read_forecast(path)


def test_publishing_copies_byte_for_byte_and_never_writes_over(first, tmp_path):
    made, published = tmp_path / "made", tmp_path / "published"
    published.mkdir()
    path = draft(first, made)
    done = CliRunner().invoke(main, ["publish", str(path), "--to", str(published)])
    assert done.exit_code == 0, done.output
    copied = published / path.name
    assert copied.read_bytes() == path.read_bytes()
    assert copied.with_suffix(".sha256").read_text() == path.with_suffix(".sha256").read_text()
    assert publish(path, published) == copied  # twice is once
    copied.write_text("something else", encoding="utf-8")
    with pytest.raises(ForecastError, match="has been changed"):
        publish(path, published)
    assert copied.read_text(encoding="utf-8") == "something else"


def test_the_same_text_is_not_published_under_two_dates(first, tmp_path):
    published = tmp_path / "published"
    published.mkdir()
    path = draft(first, tmp_path / "made")
    publish(path, published)
    other = path.rename(path.with_name(path.name.replace("2027-01-31", "2027-02-01")))
    refused = CliRunner().invoke(main, ["publish", str(other), "--to", str(published)])
    assert refused.exit_code == 2
    assert "the same forecast is published already" in refused.output


def test_a_changed_file_is_not_published(first, tmp_path):
    path = draft(first, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"0.0", b"0.1", 1))
    refused = CliRunner().invoke(main, ["publish", str(path), "--to", str(tmp_path)])
    assert refused.exit_code == 2
    assert "has been changed since it was written" in refused.output
