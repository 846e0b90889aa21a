"""``calibrate record``: tables with sources, statistics, the history itself, figures."""

from __future__ import annotations

import pandas as pd
from click.testing import CliRunner

from calibration.cli.main import main
from calibration.cli.options import CODINGS as OFFERED
from calibration.history import REGION
from calibration.record.load import load_tables, read_dictionary
from calibration.record.observed import CODINGS


def test_it_prints_and_saves_the_record(tmp_path):
    out = tmp_path / "record"
    done = CliRunner().invoke(main, ["record", "--out", str(out)])
    assert done.exit_code == 0, done.output
    for name in load_tables():
        assert name in done.output
    assert "1992-2013: statistics" in done.output
    assert "2014-2024: statistics" in done.output
    facts = pd.read_csv(out / "facts.csv")
    here = facts[(facts["field"] == "challenges") & facts["subject"].isin(REGION)]
    statistics = pd.read_csv(out / "statistics.csv").set_index(["window", "statistic"])
    for window, first, last in (("1992-2013", "1992-01", "2013-12"), ("2014-2024", "2014-01", "2024-12")):
        counted = here["month"].between(first, last).sum()
        assert statistics.loc[(window, "challenges"), "value"] == counted
    years = pd.read_csv(out / "years.csv")
    assert len(years[years["state"] == "GEO"]) == 33
    assert len(pd.read_csv(out / "columns.csv")) == len(read_dictionary())
    for figure in ("timeline", "alignment"):
        assert (out / "figures" / f"{figure}.png").read_bytes().startswith(b"\x89PNG")


def test_the_other_coding_ends_with_its_source(tmp_path):
    done = CliRunner().invoke(main, ["record", "--coding", "archigos", "--out", str(tmp_path / "record")])
    assert done.exit_code == 0, done.output
    assert "1992-2013: statistics" in done.output
    assert "2014-2024" not in done.output.replace("1992-2024", "")
    assert "Archigos" in done.output


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_printed(tmp_path):
    (tmp_path / "file").write_text("taken")
    out = tmp_path / "file" / "record"
    done = CliRunner().invoke(main, ["record", "--out", str(out)])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {out} cannot be written to (")
    assert done.stderr.endswith("): choose another folder with --out\n")


def test_every_coding_is_offered():
    assert tuple(CODINGS) == OFFERED
