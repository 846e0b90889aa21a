"""Forecasts: the same text from the same runs, no change goes unseen, and scores come with the record."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from toy_histories import history, store_of

from calibration.backtest.baselines import BASELINES
from calibration.backtest.outcomes import EVENTS
from calibration.backtest.past import past_before
from calibration.cli.main import main
from calibration.ensemble.origins import FORECAST, RECORD_PERIOD
from calibration.forecast.file import ForecastError, forecast_text, read_forecast, write_forecast
from calibration.forecast.judge import score_forecast
from calibration.forecast.make import AHEAD, LEVELS, make_forecast, weighted_quantiles
from calibration.history import Window
from calibration.statistics.measurement import NONE, Measurement

THESES = ("baseline", "kuzio")
CALM, STORMY = {"challenges": 0.1, "falls": 0.2, "left": 0.01}, {"challenges": 0.6, "falls": 0.8, "left": 0.2}
DAY = datetime.date(2025, 1, 31)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy") / "ensemble"
    return store_of(folder, {"baseline": CALM, "kuzio": STORMY}, (RECORD_PERIOD, FORECAST))


@pytest.fixture(scope="module")
def record():
    return history(np.random.default_rng(99), Window(1992, 2024), CALM)


@pytest.fixture(scope="module")
def table(store, record):
    return make_forecast(store, THESES, record, measurement=NONE, stack={"baseline": 0.75, "kuzio": 0.25})


def test_the_same_runs_give_the_same_bytes(store, record, tmp_path):
    paths = []
    for name in ("one", "two"):
        table = make_forecast(store, THESES, record, measurement=Measurement())
        paths.append(write_forecast(table, {"seed": 1, "b": 2}, tmp_path / name, DAY))
    assert paths[0].name == paths[1].name
    assert paths[0].read_bytes() == paths[1].read_bytes()
    digest = hashlib.sha256(paths[0].read_bytes()).hexdigest()
    assert paths[0].name == f"forecast_2025-01-31_{digest[:16]}.csv"
    assert paths[0].with_suffix(".sha256").read_text() == f"{digest}  {paths[0].name}\n"
    assert forecast_text(table, {"b": 2, "seed": 1}).encode() == paths[0].read_bytes()


def test_a_forecast_survives_its_file(table, tmp_path):
    read = read_forecast(write_forecast(table, {"seed": 1}, tmp_path, DAY))
    assert (read.about, read.date) == ({"seed": 1}, "2025-01-31")
    np.testing.assert_allclose(read.table["value"], table["value"], atol=5e-7)
    assert (read.table["forecaster"] == table["forecaster"]).all()
    assert (read.table["outcome"] == table["outcome"]).all()


def test_a_change_is_seen(table, tmp_path):
    path = write_forecast(table, {}, tmp_path, DAY)
    text = path.read_text()
    path.write_text(text.replace("0.0", "0.1", 1))
    with pytest.raises(ForecastError, match="has been changed"):
        read_forecast(path)
    path.write_text(text)
    beside = path.with_suffix(".sha256")
    beside.write_text(beside.read_text(), encoding="utf-16")  # as Windows' shell writes what a command prints
    assert read_forecast(path).date == "2025-01-31"
    beside.write_text("0" * 64 + "  x\n")
    with pytest.raises(ForecastError, match="has been changed"):
        read_forecast(path)
    bare = b"# {}\nstate\ncaf\xe9\n"
    foreign = tmp_path / f"forecast_2025-01-31_{hashlib.sha256(bare).hexdigest()[:16]}.csv"
    foreign.write_bytes(bare)
    with pytest.raises(ForecastError, match="not a forecast: 'utf-8' codec"):
        read_forecast(foreign)
    other = tmp_path / "mine.csv"
    other.write_text(text)
    with pytest.raises(ForecastError, match="not named as a forecast"):
        read_forecast(other)


def test_the_mixture_is_the_weighted_mean(table):
    events = table[table["kind"] == "event"].pivot(
        index=["state", "year", "outcome"], columns="forecaster", values="value"
    )
    np.testing.assert_allclose(events["stacked"], 0.75 * events["baseline"] + 0.25 * events["kuzio"])
    assert len(events) == 14 * 10 * len(EVENTS)


def test_the_simple_forecasts_are_in_the_file(table, record):
    past = past_before(2025, record)
    events = table[table["kind"] == "event"]
    assert set(events["forecaster"]) == {*THESES, "stacked", *BASELINES}
    for name, simple in BASELINES.items():
        found = events.loc[events["forecaster"] == name, "value"]
        np.testing.assert_allclose(found, simple(past, AHEAD).ravel())
    levels = table[(table["kind"] == "quantile") & (table["year"] == 2034)]
    assert set(levels["forecaster"]) == {*THESES, "stacked", "base rate", "persistence"}
    stays = levels.loc[levels["forecaster"] == "persistence", "value"].to_numpy().reshape(14, len(LEVELS))
    np.testing.assert_allclose(stays, np.repeat(past.outcomes.alignment[:, -1:], len(LEVELS), axis=1))


def test_weighted_quantiles_by_hand():
    members, weights = np.array([[3.0, 1.0, 2.0]]), np.array([0.2, 0.5, 0.3])
    found = weighted_quantiles(members, weights, (0.05, 0.5, 0.55, 0.85))
    assert found.tolist() == [[1, 1, 2, 3]]
    even = np.arange(100.0)[None]
    np.testing.assert_allclose(
        weighted_quantiles(even, np.full(100, 0.01), LEVELS)[0], np.array(LEVELS) * 100 - 1, atol=1e-9
    )


def test_it_is_scored_when_the_record_has_gone_on(table, record, tmp_path):
    forecast = read_forecast(write_forecast(table, {}, tmp_path, DAY))
    with pytest.raises(ForecastError, match="the record ends in 2024"):
        score_forecast(forecast, record)
    later = history(np.random.default_rng(7), Window(1992, 2027), CALM)
    scores = score_forecast(forecast, later).set_index(["measure", "forecaster"])
    assert set(scores["years"]) == {"2025-2027"}
    assert scores.loc[("brier", "baseline"), "cases"] == 14 * 3 * 5
    assert scores.loc[("crps", "baseline"), "cases"] == 14 * 3
    assert set(scores["reference"]) == {"base rate"}
    assert len(scores.loc["log"]) == len(THESES) + 1 + len(BASELINES)
    assert scores.loc[("log", "kuzio"), "low"] > 0
    against = score_forecast(forecast, later, reference="baseline").set_index(["measure", "forecaster"])
    assert against.loc[("log", "kuzio"), "low"] > 0  # worse than baseline, which made these years
    older = replace(forecast, table=table[~table["forecaster"].isin(BASELINES)])
    assert set(score_forecast(older, later)["reference"]) == {"baseline"}
    with pytest.raises(ForecastError, match="no forecast of nobody"):
        score_forecast(forecast, later, reference="nobody")
    calmer = replace(later, challenges=(), falls=(), interventions=(), memberships=())
    by_hand = table[
        (table["forecaster"] == "baseline")
        & table["outcome"].isin(["challenge", "fall", "intervention", "joined", "left"])
        & (table["year"] <= 2027)
    ]["value"].clip(1e-3, 1 - 1e-3)
    found = score_forecast(forecast, calmer).set_index(["measure", "forecaster"])
    assert found.loc[("brier", "baseline"), "score"] == pytest.approx((by_hand**2).mean(), rel=1e-4)


@pytest.mark.slow
def test_the_commands_make_check_and_refuse(store, tmp_path):
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["forecast", "--ensemble", str(store.folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    (path,) = out.glob("forecast_*.csv")
    assert (out / "figures" / "challenge.png").read_bytes().startswith(b"\x89PNG")
    checked = CliRunner().invoke(main, ["score", "--check", str(path)])
    assert checked.exit_code == 0, checked.output
    assert "Unchanged since" in checked.output
    refused = CliRunner().invoke(main, ["score", str(path)])
    assert refused.exit_code == 2
    assert "the record ends in 2024" in refused.output
    nobody = CliRunner().invoke(main, ["score", str(path), "--against", "kuzo"])
    assert nobody.exit_code == 2
    assert "no forecast of kuzo to compare with; did you mean kuzio? (allowed: baseline, " in nobody.output
    wrong = CliRunner().invoke(main, ["forecast", "--backtest", str(tmp_path), "--out", str(tmp_path / "x")])
    assert wrong.exit_code == 2
    assert "no back-test here" in wrong.output
