"""What happened from 2025 on: kept apart, checked, and read only to score a forecast."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.backtest.outcomes import EVENTS, outcomes_of
from calibration.cli.main import main
from calibration.history import Window
from calibration.record.later import read_later
from calibration.record.load import LATEST, PUBLISHED, RecordError, load_tables
from calibration.record.observed import observed_record
from sim.world.state import STATES

SHIPPED = next((Path(__file__).parent.parent / "docs" / "forecasts").glob("forecast_*.csv"))
ROW = {"id": "XXX-2025", "state": "GEO", "start": "2025-02-01", "end": "2025-03-01", "outcome": "fell",
       "how_fell": "protest", "fall_date": "2025-03-01", "orientation": "anti"}  # fmt: skip


def write(folder: Path, name: str = "episodes", **changes: str) -> Path:
    pd.DataFrame([ROW | changes]).to_csv(folder / f"{name}.csv", index=False)
    return folder


def test_a_later_episode_is_in_the_record_only_when_asked_for(tmp_path):
    assert observed_record().window.last == 2024
    record = observed_record(later=read_later(write(tmp_path)), until=2025)
    assert record.window.last == 2025
    assert [str(fall.month) for fall in record.falls if fall.month.year == 2025] == ["2025-03"]
    before = record.within(Window(1992, 2024))
    assert before.challenges == observed_record().challenges
    seen = outcomes_of(record, Window(2025, 2025), aligned=False).events
    happened = {event for event, flag in zip(EVENTS, seen[STATES.index("GEO"), 0], strict=True) if flag}
    assert happened == {"challenge", "fall"}
    assert seen.sum() == 2


def test_a_row_of_a_later_version_of_the_sheet_waits_for_it(tmp_path):
    later = read_later(write(tmp_path, since_version=LATEST))
    published = observed_record(version=PUBLISHED, later=later, until=2025)
    assert not [c for c in published.challenges if c.month.year == 2025]
    newest = observed_record(later=later, until=2025)
    assert [c.state for c in newest.challenges if c.month.year == 2025] == ["GEO"]


def test_spells_of_the_alliance_are_carried_on(tmp_path):
    pd.DataFrame([{"organisation": "CSTO", "state": "MDA", "start": "2025-05-01"}]).to_csv(
        tmp_path / "memberships.csv", index=False
    )
    record = observed_record(later=read_later(tmp_path), until=2025)
    assert (record.members[2025], record.members[2024]) == (7, 6)
    assert [(fact.subject, fact.detail) for fact in record.memberships if fact.month.year == 2025] == [
        ("MDA", "joined")
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": "2024-12-30"}, r"episodes\.csv: line 2: start 2024-12-30 is before 2025-01-01"),
        ({"start": "soon"}, r"line 2: start 'soon' is no date"),
        ({"state": "GEOR"}, r"line 2: no state 'GEOR'; did you mean GEO\?"),
        ({"outcom": "fell"}, r"unknown column 'outcom'; did you mean outcome\?"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, changes, message):
    with pytest.raises(RecordError, match=message):
        read_later(write(tmp_path, **changes))


def test_a_folder_without_tables_or_with_others_is_refused(tmp_path):
    with pytest.raises(RecordError, match=r"no table here \(allowed: episodes\.csv"):
        read_later(tmp_path)
    write(tmp_path, name="epsiodes")
    with pytest.raises(
        RecordError, match=r"epsiodes\.csv: not a table of the record; did you mean episodes\?"
    ):
        read_later(tmp_path)
    (tmp_path / "epsiodes.csv").unlink()
    (tmp_path / "episodes.csv").write_bytes("state\n\u00e9\n".encode("latin-1"))
    with pytest.raises(RecordError, match=r"episodes\.csv, line 2, column 1: is not UTF-8 text"):
        read_later(tmp_path)


def test_a_table_that_windows_shell_wrote_is_read(tmp_path):
    write(tmp_path)
    plain = read_later(tmp_path)
    file = tmp_path / "episodes.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
    for name, table in read_later(tmp_path).items():
        pd.testing.assert_frame_equal(table, plain[name])


def test_the_sheet_has_no_row_that_is_held_back():
    for name, table in load_tables().items():
        for column in {"start", "date", "month"} & set(table.columns):
            assert (table[column] < "2025").all(), name


def test_the_shipped_forecast_is_scored_on_a_record_that_was_carried_on(tmp_path):
    folder = write(tmp_path)
    run = CliRunner().invoke
    done = run(main, ["score", str(SHIPPED), "--record", str(folder), "--until", "2025"])
    assert done.exit_code == 0, done.output
    assert "2025-2025" in done.output
    assert "crps" not in done.output
    alone = run(main, ["score", str(SHIPPED), "--record", str(folder)])
    assert alone.exit_code == 2
    assert "--record and --until go together" in alone.output
    wrong = run(
        main, ["score", str(SHIPPED), "--until", "2025", "--record", str(write(tmp_path, state="XX"))]
    )
    assert wrong.exit_code == 2
    assert "no state 'XX'" in wrong.output
