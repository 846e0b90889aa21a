"""Score a forecast, once the record has gone on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.backtest.outcomes import Array
from calibration.backtest.scores import SCORES, event_scores, quantile_scores, summarise_scores
from calibration.forecast.file import Forecast, ForecastError
from calibration.forecast.make import EVENT, QUANTILE
from calibration.history import ObservedHistory, Window
from sim.naming import nearest
from sim.renamed import among
from sim.scenario import SHARED_WORLD
from sim.world.state import STATES

REFERENCES = ("base rate", SHARED_WORLD)
"""Against whom scores are held: the first that the file holds; older files hold no simple forecasts."""


def score_forecast(
    forecast: Forecast, record: ObservedHistory, seed: int = 1, *, reference: str | None = None
) -> pd.DataFrame:
    """Return the scores of the years that are on record by now, with intervals over states.

    What came is read from the record by the definitions of the forecast's own version.

    Parameters
    ----------
    forecast : Forecast
    record : ObservedHistory
    seed : int
        Of the resampling.
    reference : str, optional
        A forecaster with quantiles of alignment; the first of `REFERENCES` in the file where not given.

    Returns
    -------
    DataFrame
        By forecaster and measure (brier, log, crps): score, difference from the reference with its
        interval, and which the reference is. No crps where alignment is not on record.

    Raises
    ------
    ForecastError
        If the record ends before the first year that is forecast, or the reference is not in the file.
    """
    table = forecast.table
    names = list(dict.fromkeys(table["forecaster"]))
    foretold = list(dict.fromkeys(table.loc[table["kind"] == QUANTILE, "forecaster"]))
    reference = reference and among("thesis", reference, foretold)
    against = reference or next((name for name in REFERENCES if name in foretold), "")
    if against not in foretold:
        wanted_name = reference or " or ".join(REFERENCES)
        close = nearest(wanted_name, foretold)
        hint = f"; did you mean {close}?" if close else ""
        raise ForecastError(
            f"no forecast of {wanted_name[:80]} to compare with{hint} (allowed: {', '.join(foretold)})"
        )
    first, last = int(table["year"].min()), min(int(table["year"].max()), record.window.last)
    if record.window.last < first:
        raise ForecastError(
            f"the record ends in {record.window.last}, before {first}, the first year forecast: "
            "nothing can be scored yet"
        )
    window = Window(first, last)
    meant = forecast.definitions
    years = range(first, last + 1)
    deviations = meant.deviations(record, window)
    known = table[table["year"] <= last]
    keys, wanted = ["state", "year", "outcome"], [STATES, years, meant.events]
    cases = pd.MultiIndex.from_product(wanted, names=keys).to_frame(index=False)
    shared = cases["outcome"].isin(meant.shared).to_numpy()
    happened = meant.happened(record, window).ravel().astype(float)
    given = {name: _values(known, name, EVENT, keys, wanted) for name in names}
    found = {name: event_scores(values[shared], happened[shared]) for name, values in given.items()}
    parts = [
        summarise_scores(
            cases[shared],
            {name: found[name][measure] for name in names},
            against,
            cluster="state",
            seed=seed,
        ).assign(measure=measure, outcomes="shared")
        for measure in SCORES
    ]
    if not np.isnan(deviations).any():
        levels = [STATES, years, meant.levels]
        places = cases[cases["outcome"] == meant.events[0]]
        crps = {
            name: quantile_scores(
                _values(known, name, QUANTILE, ["state", "year", "level"], levels).reshape(len(places), -1),
                deviations.ravel(),
            )
            for name in foretold
        }
        parts.append(
            summarise_scores(places, crps, against, cluster="state", seed=seed).assign(
                measure="crps", outcomes=meant.alignment
            )
        )
    return pd.concat(parts, ignore_index=True).assign(reference=against, years=str(window))


def _values(
    table: pd.DataFrame, name: str, kind: str, keys: list[str], wanted: list[Sequence[object]]
) -> Array:
    """Return a forecaster's numbers in the order of states, years and outcomes or levels."""
    rows = table[(table["forecaster"] == name) & (table["kind"] == kind)].set_index(keys)["value"]
    index = pd.MultiIndex.from_product(wanted, names=keys)
    if missing := int((~index.isin(rows.index)).sum()):
        raise ForecastError(f"{missing} numbers of {name} are missing")
    return rows.loc[index].to_numpy(dtype=float)
