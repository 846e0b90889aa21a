"""Codings side by side: one method, three records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history, window_of

from calibration.cli.main import main
from calibration.ensemble.origins import RECORD_PERIOD, THESES
from calibration.ensemble.plan import Plan
from calibration.ensemble.priors import ASKED
from calibration.ensemble.store import CHUNK, EnsembleStore, StoredRun
from calibration.record.observed import CODINGS

DRAWS = 100


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Histories whose rate of challenges follows one parameter."""
    found = EnsembleStore(tmp_path_factory.mktemp("codings") / "ensemble")
    found.open(Plan(DRAWS, THESES, (RECORD_PERIOD,)))
    for place, thesis in enumerate(THESES):
        runs = []
        for draw in range(DRAWS):
            rng = np.random.default_rng((place, draw))
            drawn = {item.path: item.prior.draw(rng.random()) for item in ASKED}
            rate = float(np.clip(drawn["challenges.focal_rate"] * 0.2, 0.02, 0.7))
            rates = {"challenges": rate, "falls": 0.1 + 0.1 * place, "left": 0.01}
            runs.append(StoredRun(draw, 0, history(rng, window_of(RECORD_PERIOD), rates), drawn))
        for first in range(0, DRAWS, CHUNK):
            part = range(first, first + CHUNK)
            found.write(thesis, RECORD_PERIOD, part, runs[part.start : part.stop])
    return found


@pytest.mark.slow
def test_the_command_shows_and_writes_all_codings(store, tmp_path):
    out = tmp_path / "out"
    arguments = ["codings", "--ensemble", str(store.folder), "--repeats", "2", "--out", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    for coding in CODINGS:
        assert coding in done.output
    odds = pd.read_csv(out / "odds.csv", keep_default_na=False)
    assert list(odds["coding"]) == list(CODINGS) * len(THESES)
    np.testing.assert_allclose(odds.groupby("coding")["probability"].sum(), 1)
    posterior = pd.read_csv(out / "posterior.csv")
    assert "challenges.focal_rate" in set(posterior["parameter"])
    assert (posterior["low"] < posterior["median"]).all() and (posterior["median"] < posterior["high"]).all()
    statistics = pd.read_csv(out / "statistics.csv").pivot(
        index="statistic", columns="coding", values="value"
    )
    assert statistics.loc["street_falls", "wide"] > statistics.loc["street_falls", "protest"]
    assert "challenges" not in statistics.index  # the same under all codings
