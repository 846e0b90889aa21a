"""``calibrate fit`` from nothing to its figures, on a model small enough for a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.cli.main import main
from sim.scenario import load


@pytest.mark.slow
def test_it_makes_its_ensemble_fits_and_leaves_tables_figures_and_a_file_for_scenarios(tmp_path):
    arguments = ["fit", "--draws", "100", "--checks", "10", "--citizens", "50", "--workers", "2"]
    arguments += ["--ensemble", str(tmp_path / "ensemble"), "--out", str(tmp_path / "fit")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "Warning: an effective size of" in done.stderr
    assert "Warning: a number of checks of 10 is too small" in done.stderr
    assert "A fit on 100 draws tends to keep fewer parameters" in done.stdout
    for figure in ("posterior", "recovery", "ranks", "checks"):
        image = tmp_path / "fit" / "figures" / f"{figure}.png"
        assert image.read_bytes().startswith(b"\x89PNG")
    table = pd.read_csv(tmp_path / "fit" / "parameters.csv")
    fitted = table[table["fitted"]]
    assert len(fitted) > 0
    assert (fitted["low"] < fitted["high"]).all()
    (tmp_path / "fit" / "mine.yaml").write_text("parameters: posterior/shared.yaml\n")
    settings = load(tmp_path / "fit" / "mine.yaml").parameters
    assert set(settings) == set(fitted["parameter"])
    assert all(np.isfinite(setting.prior.centre) for setting in settings.values())


def test_a_folder_in_use_and_a_foreign_ensemble_are_refused(tmp_path):
    (tmp_path / "file.txt").write_text("mine")
    for option in ("--out", "--ensemble"):
        free = [part for name in ("--out", "--ensemble") for part in (name, str(tmp_path / f"new{name}"))]
        done = CliRunner().invoke(main, ["fit", *free, option, str(tmp_path)])
        assert done.exit_code == 2
        assert "is not empty" in done.output
        assert "Traceback" not in done.output


def test_help_names_examples():
    for name in ("fit", "ensemble"):
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0
        assert f"calibrate {name}" in done.output
