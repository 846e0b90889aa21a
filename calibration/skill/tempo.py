"""How often challenges come, where, for how long and after what: the same numbers of the record and of runs.

Everything is computed from a table of challenges with the columns of
`calibration.record.challenges.COLUMNS`, and one of votes with the columns ``scenario``, ``replicate`` (both
may be absent: then the votes are those of every run), ``state`` and ``month`` (YYYY-MM).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.world.state import STATES

TEMPO = {
    "challenges a year": "challenges that begin, by year of the window",
    "spread over years": "variance over mean of the number in a year",
    "spread over states": "variance over mean of the number in a state, in the whole window",
    "street falls": "part of the challenges that bring the incumbent down in the street",
    "odds ratio after votes": "odds that a challenge begins in the month of a vote or the two after it, over"
    " those of any month of the same states",
    "median days": "median duration of challenges that are over, days",
    "median days of falls": "the same, of those that bring the incumbent down in the street",
    "median wait": "median time between the starts of two challenges in one state, years",
    "spread of waits": "standard deviation over mean of these times",
    "waits under a year": "part of them below a year",
    "years in a row": "states and years with a challenge that have one in the year before as well",
    "most in one state": "challenges in the state that has most",
    "most falls in one state": "street falls in the state that has most",
    "median peak": "median largest crowd, share of the population",
}
"""Numbers of a record or a run, with what they are."""

BOUNDS = {
    "challenges a year": (1.7, 2.7),
    "spread over years": (0.5, 1.2),
    "spread over states": (2.0, 5.0),
    "street falls": (0.08, 0.25),
    "odds ratio after votes": (2.0, 4.0),
    "median days": (20.0, 60.0),
}
"""What runs are to lie in, all at once: set around the record before the mechanisms were changed."""

AFTER_VOTE = 2
"""Months after that of a vote that count as after it."""

_NEARLY_ALL = 0.99
_YEAR = 365.25
_KEY = ["scenario", "replicate"]


def tempo(
    challenges: pd.DataFrame, votes: pd.DataFrame, first: int, last: int, states: Sequence[str] = STATES
) -> pd.Series:
    """Return the numbers of `TEMPO` for one record or run.

    Parameters
    ----------
    challenges : DataFrame
        Of one record or run; those that begin outside the window or the states are left out.
    votes : DataFrame
        National votes: state and month.
    first, last : int
        Years of the window, both counted.
    states : sequence of str

    Returns
    -------
    Series
        NaN where there is nothing to tell from.
    """
    own = challenges[challenges["state"].isin(states) & challenges["start"].dt.year.between(first, last)]
    own = own.sort_values("start")
    years, street = own["start"].dt.year, own["street"].astype(bool)
    by_year = years.value_counts().reindex(range(first, last + 1), fill_value=0)
    by_state = own["state"].value_counts().reindex(list(states), fill_value=0)
    days = (own["end"] - own["start"]).dt.days + 1
    waits = own.groupby("state")["start"].diff().dt.days.dropna() / _YEAR
    held = set(zip(own["state"], years, strict=True))
    none = 0 if _told(own) else np.nan
    found = {
        "challenges a year": len(own) / len(by_year),
        "spread over years": _spread(by_year),
        "spread over states": _spread(by_state),
        "street falls": float(street.mean()) if len(own) and _told(own) else np.nan,
        "odds ratio after votes": _odds_ratio(own, votes, first, last, states),
        "median days": days.median(),
        "median days of falls": days[street].median(),
        "median wait": waits.median(),
        "spread of waits": float(waits.std(ddof=0) / waits.mean()) if waits.mean() > 0 else np.nan,
        "waits under a year": float((waits < 1).mean()) if len(waits) else np.nan,
        "years in a row": sum((state, year - 1) in held for state, year in held),
        "most in one state": by_state.max(),
        "most falls in one state": own.loc[street, "state"].value_counts().max() if street.any() else none,
        "median peak": own["peak"].median(),
    }
    return pd.Series(found, dtype=float)[list(TEMPO)]


def tempo_of_runs(
    challenges: pd.DataFrame,
    votes: pd.DataFrame,
    runs: pd.DataFrame,
    first: int,
    last: int,
    states: Sequence[str] = STATES,
) -> pd.DataFrame:
    """Return the numbers of `TEMPO` for every run.

    Parameters
    ----------
    challenges : DataFrame
        Of all runs.
    votes : DataFrame
        Of all runs if it has ``scenario`` and ``replicate``, else the same for every run.
    runs : DataFrame
        Columns scenario and replicate: every run, since one without a challenge has no row in ``challenges``.
    first, last : int
    states : sequence of str

    Returns
    -------
    DataFrame
        One row a run, indexed by scenario and replicate.
    """
    of_run = dict(iter(challenges.groupby(_KEY, sort=False)))
    own_votes = dict(iter(votes.groupby(_KEY, sort=False))) if set(_KEY) <= set(votes.columns) else None
    rows = {}
    for key in runs[_KEY].drop_duplicates().itertuples(index=False, name=None):
        held = votes if own_votes is None else own_votes.get(key, votes.iloc[:0])
        rows[key] = tempo(of_run.get(key, challenges.iloc[:0]), held, first, last, states)
    table = pd.DataFrame(rows).T
    table.index = pd.MultiIndex.from_tuples(list(rows), names=_KEY)
    return table


def tempo_table(record: pd.Series, runs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the record beside the runs' 90 % range.

    Parameters
    ----------
    record : Series
        From `tempo`.
    runs : DataFrame, optional
        From `tempo_of_runs`.

    Returns
    -------
    DataFrame
        Indexed by `TEMPO`: record, and of the runs low, median, high (5, 50 and 95 %), ``most`` (what 99 %
        of the runs do not exceed), whether the record lies in that range, the bounds of `BOUNDS`, and whether
        the median lies in them.
    """
    table = pd.DataFrame({"record": record})
    if runs is not None:
        for name, level in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
            table[name] = runs.quantile(level)
        table["most"] = runs.quantile(_NEARLY_ALL, interpolation="higher")
        table["holds_record"] = table["record"].between(table["low"], table["high"])
        bounds = pd.DataFrame(BOUNDS, index=["from", "to"]).T.reindex(table.index)
        table[["from", "to"]] = bounds
        table["within"] = table["median"].between(bounds["from"], bounds["to"]).where(bounds["from"].notna())
    return table


def within_bounds(runs: pd.DataFrame) -> pd.Series:
    """Return the part of the runs that lie within each of `BOUNDS`, and within all at once (``all``).

    Parameters
    ----------
    runs : DataFrame
        From `tempo_of_runs`.
    """
    inside = pd.DataFrame({name: runs[name].between(low, high) for name, (low, high) in BOUNDS.items()})
    found: pd.Series = pd.concat([inside.mean(), pd.Series({"all": inside.all(axis=1).mean()})])
    return found


def _told(own: pd.DataFrame) -> bool:
    """Return whether it is known how challenges ended: a list of crowds does not say."""
    return "outcome" not in own.columns or not len(own) or bool((own["outcome"] != "").any())


def _spread(counts: pd.Series) -> float:
    return float(counts.var(ddof=1) / counts.mean()) if counts.sum() else np.nan


def _odds_ratio(
    own: pd.DataFrame, votes: pd.DataFrame, first: int, last: int, states: Sequence[str]
) -> float:
    """Return the odds of a start near a vote over those of any month."""
    near: dict[str, set[int]] = {state: set() for state in states}
    for state, month in zip(votes["state"], votes["month"].astype(str), strict=True):
        if state in near:
            ordinal = _ordinal(int(month[:4]), int(month[5:7]))
            near[state] |= set(range(ordinal, ordinal + AFTER_VOTE + 1))
    months = range(_ordinal(first, 1), _ordinal(last, 12) + 1)
    exposed = np.mean([month in near[state] for state in states for month in months])
    begun = [
        _ordinal(start.year, start.month) in near[state]
        for state, start in zip(own["state"], own["start"], strict=True)
    ]
    share = np.mean(begun) if begun else np.nan
    if not 0 < exposed < 1 or not share < 1:
        return np.nan
    return float(share / (1 - share) / (exposed / (1 - exposed)))


def _ordinal(year: int, month: int) -> int:
    return 12 * year + month - 1
