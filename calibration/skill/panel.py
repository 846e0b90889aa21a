"""What is forecast, and what was known before it: one row a state and year, or a challenge.

Nothing in a row's covariates is later than the first of January of its year, but for votes that were due in
it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from calibration.record.challenges import challenges
from sim.world.record import load_record
from sim.world.state import STATES

FIRST, LAST = 1992, 2024
"""Years of the panel."""

DEVELOPMENT = 2013
"""Last year on which mechanisms may be chosen; scoring of later years is a numbered look."""

EVENTS = {
    "challenge": "a challenge begins",
    "fall": "the incumbent falls to the street",
}
"""Outcomes of a state and year, yes or no."""

COVARIATES = {
    "openness": "electoral democracy (V-Dem v2x_polyarchy) of the year before",
    "openness_gap": f"square of its distance from {0.45:g}",
    "civil_society": "core civil society (V-Dem v2xcs_ccsi) of the year before",
    "civil_freedom": "freedom of civil society from repression (V-Dem v2csreprss) of the year before",
    "fairness": "fairness of the last national election coded by then (V-Dem v2elfrfair)",
    "growth": "growth of GDP per head of the year before, cut at 10 % either way",
    "income": "log of GDP per head of the year before",
    "past": "log of 1 plus past challenges since 1992, each counted .85 a year less",
    "vote": "a national vote was due in the year, as known on its first of January",
    "held": "a national vote was held in the year: later knowledge where it was early",
}
"""Covariates of a state and year."""

STATE_SETS = {
    "all": STATES,
    "without the Baltics": tuple(state for state in STATES if state not in ("EST", "LVA", "LTU")),
    "without Armenia": tuple(state for state in STATES if state != "ARM"),
    "without both": tuple(state for state in STATES if state not in ("EST", "LVA", "LTU", "ARM")),
}
"""States on which forecasts are scored."""

_DECAY = 0.85  # a year; as in the forecasts of November 2026 that are to be made again
_MIDDLE = 0.45
_GROWTH = 10.0
_CYCLE = {"executive": 5, "parliament": 4}  # years between votes where a state's own are too few to tell


@cache
def panel(coding: str = "episodes") -> pd.DataFrame:
    """Return outcomes and covariates of every state and year.

    Parameters
    ----------
    coding : str
        Of challenges; see `calibration.record.challenges.CODINGS`.

    Returns
    -------
    DataFrame
        state, year, the counts of `EVENTS` (how many begin or fall), and `COVARIATES`.
    """
    table = challenges(coding)
    found = pd.MultiIndex.from_product([STATES, range(FIRST, LAST + 1)], names=["state", "year"]).to_frame(
        index=False
    )
    found["challenge"] = _counts(found, table["state"], table["start"])
    fallen = table[table["street"]]
    found["fall"] = _counts(found, fallen["state"], fallen["end"])
    openness = _lagged(found, "polyarchy")
    found["openness"], found["openness_gap"] = openness, (openness - _MIDDLE) ** 2
    found["civil_society"] = _lagged(found, "core_civil_society")
    found["civil_freedom"] = _lagged(found, "civil_society_freedom")
    found["fairness"] = _lagged(found, "election_fairness")
    found["growth"] = _lagged(found, "gdp_per_head_growth").clip(-_GROWTH, _GROWTH)
    found["income"] = np.log(_lagged(found, "gdp_per_head"))
    found["past"] = np.concatenate(
        [_decayed(own["challenge"].to_numpy()) for _, own in found.groupby("state", sort=False)]
    )
    held, surprises = votes(), early_votes()
    years = found["year"]
    found["held"] = _marked(found, held["state"], held["year"])
    late = surprises[surprises["announced"] >= surprises["year"]]
    keys = pd.MultiIndex.from_frame(late[["state", "kind", "month"]])
    known = held[~pd.MultiIndex.from_frame(held[["state", "kind", "month"]]).isin(keys)]
    found["vote"] = _marked(found, known["state"], known["year"])
    return found.assign(year=years)


def frozen(table: pd.DataFrame, origin: int) -> pd.DataFrame:
    """Return the years from an origin on as they were expected at its first of January.

    Covariates stay as they then were last known, and votes come in each state's own cycle.

    Parameters
    ----------
    table : DataFrame
        From `panel`.
    origin : int
        First year that is forecast.
    """
    ahead = table[table["year"] >= origin].copy()
    start = table[table["year"] == origin].set_index("state")
    for name in COVARIATES:
        ahead[name] = ahead["state"].map(start[name])
    due = votes_due(origin)
    pairs = zip(ahead["state"], ahead["year"], strict=True)
    ahead["vote"] = ahead["held"] = [float((state, year) in due) for state, year in pairs]
    return ahead


@cache
def votes() -> pd.DataFrame:
    """Return the national votes that were held: state, kind, month (YYYY-MM), year."""
    rows = [row for row in load_record().rows["elections"] if row["state"] in STATES]
    table = pd.DataFrame(rows)[["state", "kind", "month"]]
    return table.assign(year=table["month"].str[:4].astype(int))


@cache
def early_votes() -> pd.DataFrame:
    """Return the votes before they were due: state, kind, month, year, and the year of the announcement."""
    table = pd.DataFrame(load_record().rows["early_votes"])
    table = table[table["month"].str[:4].astype(int) <= LAST]
    years = {"year": table["month"].str[:4].astype(int), "announced": table["announced"].str[:4].astype(int)}
    return table[["state", "kind", "month"]].assign(**years)


@cache
def votes_due(origin: int) -> frozenset[tuple[str, int]]:
    """Return the states and years with a vote to come, as far as they could be told at an origin.

    From the last vote of each kind before the origin, in the median distance of the state's own that were not
    early. A vote that was announced before the origin is known as well.

    Parameters
    ----------
    origin : int
        First year that is forecast.
    """
    held, early = votes(), early_votes()
    announced = early[(early["announced"] < origin) & (early["year"] >= origin)]
    due = set(zip(announced["state"], announced["year"], strict=True))
    for (state, kind), own in held[held["year"] < origin].groupby(["state", "kind"]):
        surprising = set(early.loc[(early["state"] == state) & (early["kind"] == kind), "month"])
        months = sorted(own["month"])
        gaps = [
            int(after[:4]) - int(before[:4]) for before, after in pairwise(months) if after not in surprising
        ]
        cycle = max(round(float(np.median(gaps))), 1) if gaps else _CYCLE[str(kind)]
        last = int(months[-1][:4])
        due |= {(str(state), year) for year in range(last + cycle, LAST + 11, cycle) if year >= origin}
    return frozenset(due)


def sides(coding: str = "episodes") -> pd.DataFrame:
    """Return whom Moscow backed in each challenge from `FIRST` on, with what was known when it began.

    Returns
    -------
    DataFrame
        id, state, year, incumbent (1 if Moscow backed it), means (1 if by more than words), near_vote, and
        the covariates of the state and year. Challenges whose side is not coded are left out.
    """
    table = challenges(coding)
    table = table.assign(year=table["start"].dt.year)
    table = table[(table["moscow"] != "") & (table["year"] >= FIRST)]
    given = table[["id", "state", "year"]].assign(
        incumbent=(table["moscow"] == "incumbent").astype(int),
        means=table["means"].astype(int),
        near_vote=table["near_vote"].astype(float),
    )
    return given.merge(panel(coding)[["state", "year", *COVARIATES]], on=["state", "year"], how="left")


def _counts(rows: pd.DataFrame, states: pd.Series, days: pd.Series) -> np.ndarray:
    found = pd.Series(1, index=pd.MultiIndex.from_arrays([states, days.dt.year])).groupby(level=[0, 1]).sum()
    keys = pd.MultiIndex.from_frame(rows[["state", "year"]])
    return np.asarray(found.reindex(keys).fillna(0).astype(int))


def _marked(rows: pd.DataFrame, states: pd.Series, years: pd.Series) -> np.ndarray:
    marked = set(zip(states, years, strict=True))
    return np.array([float(key in marked) for key in zip(rows["state"], rows["year"], strict=True)])


def _lagged(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return an indicator of the year before, carried forward."""
    series = load_record().series
    values = [
        next((own[past] for past in range(year - 1, min(own) - 1, -1) if past in own), np.nan)
        for own, year in (
            (series[column, state], year) for state, year in zip(rows["state"], rows["year"], strict=True)
        )
    ]
    return pd.Series(values, rows.index, dtype=float)


def _decayed(counts: np.ndarray) -> np.ndarray:
    found, level = np.empty(len(counts)), 0.0
    for place, count in enumerate(counts):
        found[place] = np.log1p(level)
        level = _DECAY * level + count
    return found
