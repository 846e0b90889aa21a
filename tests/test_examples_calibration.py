"""Examples that read what the calibration wrote say what is in the folders, or what makes them."""

from __future__ import annotations

import datetime
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_histories import store_of

from calibration.ensemble.origins import FORECAST
from calibration.forecast.file import write_forecast
from calibration.forecast.make import make_forecast
from calibration.odds.posterior import Odds
from calibration.record.observed import observed_record
from calibration.statistics.measurement import NONE

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(name, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    example.main()
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["who_beats_whom", "fitted_parameters"])
def test_without_results_it_says_what_makes_them(name, tmp_path, monkeypatch, capsys):
    assert "run `calibrate " in run(name, tmp_path, monkeypatch, capsys)


def test_without_a_forecast_of_ones_own_the_shipped_one_is_read(tmp_path, monkeypatch, capsys):
    said = run("score_a_forecast", tmp_path, monkeypatch, capsys)
    shipped = EXAMPLES.parent / "docs" / "forecasts"
    assert any(str(path) in said for path in shipped.glob("forecast_*.csv"))
    assert "Chance of a fall" in said


def test_who_beats_whom_reads_both_tables(tmp_path, monkeypatch, capsys):
    scores = {
        "baseline": 0.2,
        "kuzio": 0.1,
        "base rate": 0.15,
        "state rate": 0.12,
        "logistic": 0.3,
        "persistence": 0.3,
    }
    rows = [
        {"forecaster": name, "score": score, "high": score - 0.15, "outcomes": "shared", "measure": "log"}
        for name, score in scores.items()
    ]
    (tmp_path / "results" / "backtest").mkdir(parents=True)
    pd.DataFrame(rows).to_csv(tmp_path / "results" / "backtest" / "scores.csv", index=False)
    shares = np.array([0.8, 0.2])
    (tmp_path / "results" / "odds").mkdir()
    table = Odds(("baseline", "kuzio"), shares, np.tile(shares, (3, 1)), True, 0.1).table()
    table.to_csv(tmp_path / "results" / "odds" / "odds.csv", index=False)
    said = run("who_beats_whom", tmp_path, monkeypatch, capsys)
    assert "baseline     log 0.2000, better than: logistic, persistence" in said
    assert "kuzio        log 0.1000, better than: base rate, state rate, logistic, persistence" in said
    assert "beyond chance: kuzio" in said
    assert "0.8" in said


def test_a_forecast_is_read_and_not_scored_too_early(tmp_path, monkeypatch, capsys):
    rates = {"baseline": {"challenges": 0.3, "falls": 0.5, "left": 0.01}}
    store = store_of(tmp_path / "ensemble", rates, (FORECAST,), draws=3)
    table = make_forecast(store, ("baseline", "kuzio"), observed_record(), measurement=NONE, fitted=False)
    path = write_forecast(table, {}, tmp_path / "results" / "forecast", datetime.date(2025, 1, 31))
    said = run("score_a_forecast", tmp_path, monkeypatch, capsys)
    assert "unchanged" in said and path.stem.split("_")[-1] in said
    assert "Not scored: the record ends in 2024" in said


def test_without_its_extra_an_example_says_what_brings_it(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(  # as if it were not installed
        "import sys\nfor name in ('scipy', 'sklearn', 'scoringrules'):\n    sys.modules[name] = None\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    for words in ([EXAMPLES / "score_a_forecast.py"], ["-m", "calibration.cli", "codings"]):
        done = subprocess.run(
            [sys.executable, *words], capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode != 0
        assert "pip install 'post-soviet-scenarios[calibration]' brings it" in done.stderr
        assert "Traceback" not in done.stderr
