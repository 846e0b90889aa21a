"""How many there are: by state and window, and in all where events are too few for skill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import nbinom

from calibration.record.load import load_tables
from calibration.skill.forecasters import OWN_YEARS
from sim.world.record import load_record
from sim.world.state import STATES

Array = NDArray[np.float64]

RARE = {
    "elite falls": "falls to elites (overthrows.csv)",
    "entries into the CSTO": "states that enter the alliance",
    "exits from the CSTO": "states that leave it",
    "force": "Moscow begins to use force in or against a state, wars included (interventions.csv)",
    "wars": "large-scale force against a state begins",
}
"""Events that are only counted: too few for a claim of skill."""

_FIRST = 1992
_LEVELS = (0.05, 0.95)


def rare_events() -> pd.DataFrame:
    """Return the events of `RARE` on record: what, state, year."""
    tables = load_tables()
    found = [
        ("elite falls", row["state"], row["date"])
        for row in tables["overthrows"].to_dict("records")
        if row["led_by"] == "elite"
    ]
    for row in tables["interventions"].to_dict("records"):
        found.append(("force", row["state"], row["start"]))
        if row["kind"] == "war":
            found.append(("wars", row["state"], row["start"]))
    for spell in load_record().rows["memberships"]:
        if spell["organisation"] == "CSTO":
            found.append(("entries into the CSTO", spell["state"], spell["start"]))
            if spell["end"]:
                found.append(("exits from the CSTO", spell["state"], spell["end"]))
    table = pd.DataFrame(found, columns=["outcome", "state", "date"])
    table["year"] = table["date"].str[:4].astype(int)
    known = table["state"].isin(STATES) & (table["year"] >= _FIRST)
    return table.loc[known, ["outcome", "state", "year"]].reset_index(drop=True)


def counts_after(
    origins: Sequence[int], last: int, runs: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return how many rare events came after each origin, and how many the rate before it lets one expect.

    Parameters
    ----------
    origins : sequence of int
        First years that are counted.
    last : int
        Last one.
    runs : mapping of str to DataFrame, optional
        By forecaster: origin, outcome, replicate, count; a run without an event has a row with 0.

    Returns
    -------
    DataFrame
        By origin and outcome: before and recorded (counts); forecaster, expected (mean), low and high (90
        %), and whether the recorded count lies between.
    """
    events = rare_events()
    rows = []
    for origin in origins:
        for outcome in RARE:
            years = events.loc[events["outcome"] == outcome, "year"]
            before = int((years < origin).sum())
            seen = int(years.between(origin, last).sum())
            size, share = before + 0.5, (origin - _FIRST) / (last + 1 - _FIRST)
            low, high = (nbinom.ppf(level, size, share) for level in _LEVELS)
            given = {"rate before": (float(nbinom.mean(size, share)), float(low), float(high))}
            for name, table in (runs or {}).items():
                own = table.loc[(table["origin"] == origin) & (table["outcome"] == outcome), "count"]
                if len(own):
                    lower, upper = (float(own.quantile(level)) for level in _LEVELS)
                    given[name] = (float(own.mean()), lower, upper)
            for name, (mean, lower, upper) in given.items():
                rows.append(
                    {
                        "origin": origin, "outcome": outcome, "before": before, "recorded": seen,
                        "forecaster": name, "expected": mean, "low": lower, "high": upper,
                        "holds": lower <= seen <= upper,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def state_rate_counts(before: pd.DataFrame, outcome: str, years: int) -> pd.DataFrame:
    """Return what each state's own shrunk rate says of its count in some years: a negative binomial.

    The rate has a gamma distribution with the state's events and years, and as many years of the common rate
    as `calibration.skill.forecasters.OWN_YEARS`.

    Parameters
    ----------
    before : DataFrame
        The panel before the origin.
    outcome : str
        Column of counts.
    years : int
        Length of the window.

    Returns
    -------
    DataFrame
        Indexed by state: size and share, the parameters of `scipy.stats.nbinom`.
    """
    common = (before[outcome].sum() + 0.5) / len(before)
    own = before.groupby("state")[outcome].agg(["sum", "count"])
    exposure = own["count"] + OWN_YEARS
    return pd.DataFrame({"size": own["sum"] + OWN_YEARS * common, "share": exposure / (exposure + years)})


def score_counts(
    panel: pd.DataFrame,
    outcome: str,
    origin: int,
    last: int,
    runs: Mapping[str, Array] | None = None,
) -> pd.DataFrame:
    """Return scores of the counts by state in the years from an origin to the last.

    Parameters
    ----------
    panel : DataFrame
        Of the states that are scored, from `calibration.skill.panel.panel`.
    outcome : str
        ``challenge`` or ``fall``.
    origin, last : int
    runs : mapping of str to ndarray, shape (states, runs), optional
        Counts by forecaster, states in the order of the panel.

    Returns
    -------
    DataFrame
        By forecaster: crps (mean over states), holds (part of the states whose count lies in the 90 % range),
        width (mean of that range).
    """
    import scoringrules  # noqa: PLC0415 - it compiles for seconds when it is imported

    before, ahead = panel[panel["year"] < origin], panel[panel["year"].between(origin, last)]
    states = list(dict.fromkeys(panel["state"]))
    seen = ahead.groupby("state")[outcome].sum().reindex(states).to_numpy(dtype=float)
    rate = state_rate_counts(before, outcome, last + 1 - origin).reindex(states)
    ranges = [np.asarray(nbinom.ppf(level, rate["size"], rate["share"])) for level in _LEVELS]
    scores = scoringrules.crps_negbinom(seen, rate["size"].to_numpy(), rate["share"].to_numpy())
    rows = [_counted("state rate", seen, np.asarray(scores), *ranges)]
    for name, counts in (runs or {}).items():
        crps = np.asarray(scoringrules.crps_ensemble(seen, counts, estimator="fair"))
        levels = (np.quantile(counts, level, axis=1, method="inverted_cdf") for level in _LEVELS)
        rows.append(_counted(name, seen, crps, *levels))
    return pd.DataFrame(rows).assign(outcome=outcome, origin=origin)


def _counted(name: str, seen: Array, crps: Array, low: Array, high: Array) -> dict[str, object]:
    return {
        "forecaster": name,
        "crps": float(crps.mean()),
        "holds": float(((low <= seen) & (seen <= high)).mean()),
        "width": float((high - low).mean()),
    }


def counts_of_runs(
    challenges: pd.DataFrame,
    runs: pd.DataFrame,
    outcome: str,
    origin: int,
    last: int,
    states: Sequence[str] = STATES,
) -> Array:
    """Return how many challenges or street falls each state has in each run, for `score_counts`.

    Parameters
    ----------
    challenges : DataFrame
        Of one forecaster's runs, columns `calibration.record.challenges.COLUMNS`.
    runs : DataFrame
        Column replicate: every run, those without a challenge too.
    outcome : str
        ``challenge`` or ``fall``.
    origin, last : int
        Years, both counted.
    states : sequence of str

    Returns
    -------
    ndarray, shape (states, runs)
    """
    days = "start" if outcome == "challenge" else "end"
    own = challenges if outcome == "challenge" else challenges[challenges["street"].astype(bool)]
    own = own[own[days].dt.year.between(origin, last)]
    found = own.groupby(["state", "replicate"]).size().unstack(fill_value=0)
    replicates = list(dict.fromkeys(runs["replicate"]))
    counts: Array = found.reindex(index=list(states), columns=replicates, fill_value=0).to_numpy(dtype=float)
    return counts


def help_shares(challenges: pd.DataFrame, first: int, last: int) -> dict[str, float]:
    """Return in what part of the challenges Moscow backs the incumbent, and gives it more than words.

    Parameters
    ----------
    challenges : DataFrame
        Of the record or of runs, columns `calibration.record.challenges.COLUMNS`.
    first, last : int
        Years in which they begin, both counted.

    Returns
    -------
    dict of str to float
        challenges (how many, those of all runs together), backed and means (shares; NaN without any).
    """
    own = challenges[challenges["start"].dt.year.between(first, last)]
    return {
        "challenges": len(own),
        "backed": float((own["moscow"] == "incumbent").mean()),
        "means": float(own["means"].astype(bool).mean()),
    }
