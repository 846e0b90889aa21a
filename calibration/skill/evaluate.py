"""Scores of every forecaster by outcome, origin, coding and set of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.record.load import RecordError
from calibration.skill.forecasters import BASE, SIDES, WHEN, Forecaster, forecasters, structural
from calibration.skill.measures import calibration_curve, score_events
from calibration.skill.panel import EVENTS, FIRST, LAST, STATE_SETS, frozen, panel, sides
from sim.naming import nearest

ORIGINS = (2000, 2005, 2010, 2014, 2018)
"""First years that are forecast."""

SIDE = "side"
"""Outcome: Moscow backs the incumbent, given a challenge."""

GIVEN = ("forecaster", "origin", "outcome", "state", "year", "probability")
"""Columns of a table of forecasts that are scored beside the simple ones."""

NEAR = "near_vote"
"""Column that such a table may have besides: for ``side``, whether the forecast is of a challenge near a vote
(1), of one away from any (0), or of both (blank)."""

POOLED = "all"
LEFT_OUT = "states left out"
"""Origins: those of all together, and every challenge, each state's forecast without it."""

_KEY = ["origin", "outcome", "state", "year"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Cases and scores.

    Parameters
    ----------
    cases : DataFrame
        One row an origin, outcome, state and year: happened, and a probability by forecaster.
    scores : DataFrame
        As from `calibration.skill.measures.score_events`, with coding, states, outcome and origin (``all``:
        the cases of every origin together).
    curves : DataFrame
        As from `calibration.skill.measures.calibration_curve`, all origins together.
    """

    cases: pd.DataFrame
    scores: pd.DataFrame
    curves: pd.DataFrame


def evaluate(
    coding: str = "episodes",
    states: str = "all",
    origins: Sequence[int] = ORIGINS,
    last: int = LAST,
    given: pd.DataFrame | None = None,
    *,
    seed: int = 1,
) -> Evaluation:
    """Forecast from each origin with what was known there, and score it.

    Parameters
    ----------
    coding : str
        One of `calibration.record.challenges.CODINGS`; ``crowds`` knows no falls, and no later year than
        2019.
    states : str
        One of `calibration.skill.panel.STATE_SETS`: on whose past the simple forecasters are made, and who is
        scored.
    origins : sequence of int
    last : int
        Last year that is scored.
    given : DataFrame, optional
        Others' forecasts, columns `GIVEN`: a probability for every origin, outcome, state and year that they
        speak of. See `check_given`.
    seed : int
        Of the resampling.
    """
    table = panel(coding)
    table = table[table["state"].isin(STATE_SETS[states]) & (table["year"] <= last)]
    parts, scores, curves = [], [], []
    for outcome in EVENTS:
        if not table[outcome].any():
            continue
        cases = pd.concat([_cases(table, outcome, origin) for origin in origins], ignore_index=True)
        names = list(forecasters(outcome))
        cases, more = _beside(cases, given)
        parts.append(cases)
        for label, rows in [*_by_origin(cases), (POOLED, cases)]:
            own = [name for name in (*names, *more) if rows[name].notna().all()]
            found = score_events(rows, own, BASE, seed=seed)
            scores.append(found.assign(coding=coding, states=states, outcome=outcome, origin=label))
        for name in (*names, *more):
            known = cases[cases[name].notna()]
            curve = calibration_curve(known[name].to_numpy(dtype=float), known["happened"].to_numpy())
            curves.append(curve.assign(coding=coding, states=states, outcome=outcome, forecaster=name))
    return Evaluation(
        pd.concat(parts, ignore_index=True),
        pd.concat(scores, ignore_index=True),
        pd.concat(curves, ignore_index=True),
    )


def when(
    coding: str = "episodes", origins: Sequence[int] = ORIGINS, last: int = LAST, *, seed: int = 1
) -> pd.DataFrame:
    """Score forecasts one year ahead, for what they tell of *when*: only votes known in January are used.

    Forecasters are fitted to the years before an origin, and applied to each later year with what was known
    on its first of January.

    Returns
    -------
    DataFrame
        As from `score_events`, by origin and pooled; within_auc is what counts.
    """
    table = panel(coding)
    table = table[table["year"] <= last]
    rows = []
    for origin in origins:
        before, ahead = table[table["year"] < origin], table[table["year"] >= origin]
        cases = _empty(ahead, "challenge", origin)
        cases[BASE] = forecasters("challenge")[BASE](before, ahead, "challenge")
        for name, columns in WHEN.items():
            cases[name] = structural(columns)(before, ahead, "challenge")
        rows.append(cases)
    cases = pd.concat(rows, ignore_index=True)
    return pd.concat(
        [
            score_events(own, [BASE, *WHEN], BASE, seed=seed).assign(origin=label)
            for label, own in [*_by_origin(cases), (POOLED, cases)]
        ],
        ignore_index=True,
    ).assign(coding=coding, outcome="challenge", states="all")


def side_cases(
    coding: str = "episodes",
    states: str = "all",
    origins: Sequence[int] = ORIGINS,
    last: int = LAST,
    given: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Forecast from each origin whether Moscow backs the incumbent, one row a challenge.

    Parameters
    ----------
    coding : str
        One with Moscow's side: not ``crowds``.
    states : str
        As for `evaluate`.
    origins : sequence of int
    last : int
    given : DataFrame, optional
        As for `evaluate`, with outcome ``side``: the probability that Moscow backs a challenged incumbent in
        that state and year, and in `NEAR` of which challenges it speaks. Whether a vote is near is part of
        what is given, to the regressions too.

    Returns
    -------
    DataFrame
        id, origin, outcome, state, year, happened, near_vote, and a probability by forecaster (NaN where a
        forecaster does not speak of it); origins before which Moscow always did the same are left out.
    """
    table = _sides(coding, states, last)
    parts = []
    for origin in origins:
        before, ahead = table[table["year"] < origin], table[table["year"] >= origin]
        if before[SIDE].nunique() < 2 or not len(ahead):
            continue
        cases = _empty(ahead, SIDE, origin).assign(**{NEAR: ahead[NEAR].to_numpy()})
        cases.insert(0, "id", ahead["id"].to_numpy())
        for name, forecast in _side_forecasters().items():
            cases[name] = forecast(before, ahead, SIDE)
        parts.append(_beside(cases, by_nearness(given), (*_KEY, NEAR))[0])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def side(
    coding: str = "episodes",
    origins: Sequence[int] = ORIGINS,
    last: int = LAST,
    given: pd.DataFrame | None = None,
    *,
    states: str = "all",
    seed: int = 1,
) -> pd.DataFrame:
    """Score forecasts of whether Moscow backs the incumbent, given a challenge.

    Parameters
    ----------
    coding, origins, last, given, states
        As for `side_cases`.
    seed : int
        Of the resampling of states.

    Returns
    -------
    DataFrame
        As from `score_events`, by origin: the challenges from it to ``last``, fitted to those before.
        ``states left out``: every challenge to ``last``, each state by a fit to the others.
    """
    cases = side_cases(coding, states, origins, last, given)
    found = []
    for label, own in _by_origin(cases) if len(cases) else ():
        names = [name for name in own.columns[own.columns.get_loc(BASE) :] if own[name].notna().all()]
        found.append(score_events(own, names, BASE, seed=seed).assign(origin=label))
    left_out = score_events(sides_apart(coding, states, last), [BASE, *SIDES], BASE, seed=seed)
    found.append(left_out.assign(origin=LEFT_OUT))
    return pd.concat(found, ignore_index=True).assign(coding=coding, outcome=SIDE, states=states)


def sides_apart(coding: str = "episodes", states: str = "all", last: int = LAST) -> pd.DataFrame:
    """Forecast the side in every challenge to a year, each state's by a fit to the others'.

    Returns
    -------
    DataFrame
        id, origin, outcome, state, year, happened, and a probability by forecaster.
    """
    table, parts = _sides(coding, states, last), []
    for state, own in table.groupby("state"):
        cases = _empty(own, SIDE, FIRST)
        cases.insert(0, "id", own["id"].to_numpy())
        for name, forecast in _side_forecasters().items():
            cases[name] = forecast(table[table["state"] != state], own, SIDE)
        parts.append(cases)
    return pd.concat(parts, ignore_index=True)


def _sides(coding: str, states: str, last: int) -> pd.DataFrame:
    table = sides(coding)
    table = table[(table["year"] <= last) & table["state"].isin(STATE_SETS[states])]
    return table.assign(**{SIDE: table["incumbent"]})


def left_out(
    columns: Mapping[str, Sequence[str]], coding: str = "episodes", last: int = 2013, *, seed: int = 1
) -> pd.DataFrame:
    """Score structural forecasters of challenges with whole states left out, for choosing mechanisms.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Covariates by the forecaster's name.
    coding : str
    last : int
        Last year that is looked at.
    seed : int

    Returns
    -------
    DataFrame
        As from `score_events`.
    """
    table = panel(coding)
    table = table[table["year"] <= last]
    parts = []
    for state, own in table.groupby("state", sort=False):
        others = table[table["state"] != state]
        cases = _empty(own, "challenge", FIRST)
        cases[BASE] = forecasters("challenge")[BASE](others, own, "challenge")
        for name, given in columns.items():
            cases[name] = structural(given)(others, own, "challenge")
        parts.append(cases)
    return score_events(pd.concat(parts, ignore_index=True), [BASE, *columns], BASE, seed=seed)


def check_given(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table of forecasts as `evaluate` takes it.

    Parameters
    ----------
    table : DataFrame
        As read from the user's file.
    name : str
        Of the file, for messages.

    Raises
    ------
    RecordError
        If a column is missing, an outcome or state unknown, a probability none, or a row there twice.
    """
    for column in GIVEN:
        if column not in table.columns:
            raise RecordError(f"{name}: column {column!r} is missing (needed: {', '.join(GIVEN)})")
    table = table.reindex(columns=[*GIVEN, NEAR])
    known = {"outcome": (*EVENTS, SIDE), "state": STATE_SETS["all"]}
    for column, allowed in known.items():
        for line, value in enumerate(table[column], 2):
            if value not in allowed:
                close = nearest(str(value), allowed)
                hint = f"; did you mean {close}?" if close else ""
                raise RecordError(
                    f"{name}: line {line}: no {column} {value!r}{hint} (allowed: {', '.join(allowed)})"
                )
    numbers = pd.to_numeric(table["probability"], errors="coerce")
    for line, value in enumerate(numbers, 2):
        if not 0 <= value <= 1:
            raise RecordError(
                f"{name}: line {line}: probability {table['probability'].iloc[line - 2]} is not 0 to 1"
            )
    near = pd.to_numeric(table[NEAR], errors="coerce")
    for line, (told, value) in enumerate(zip(table[NEAR], near, strict=True), 2):
        if value not in (0, 1) and not (pd.isna(told) or str(told) == ""):
            raise RecordError(f"{name}: line {line}: {NEAR} {told!r} is not 0, 1 or blank")
    table = table.assign(**{NEAR: near})
    twice = table.duplicated(["forecaster", *_KEY, NEAR])
    if twice.any():
        raise RecordError(
            f"{name}: line {int(np.flatnonzero(twice)[0]) + 2}: the same forecast is there twice"
        )
    return table.assign(probability=numbers)


def by_nearness(given: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return forecasts of Moscow's side with those of any challenge told of both kinds (`NEAR`)."""
    if given is None:
        return None
    own = given[given["outcome"] == SIDE].reindex(columns=[*GIVEN, NEAR])
    blank = own[own[NEAR].isna()]
    return pd.concat([own[own[NEAR].notna()], *(blank.assign(**{NEAR: kind}) for kind in (0.0, 1.0))])


def frequencies(challenges: pd.DataFrame, runs: int, origin: int, last: int, forecaster: str) -> pd.DataFrame:
    """Return forecasts of challenges and falls from the challenges of a model's runs.

    A probability is (runs with the event + the mean over states and years) / (runs + 1): nothing is held
    impossible because a finite number of runs did not show it.

    Parameters
    ----------
    challenges : DataFrame
        Of one forecaster's runs from the origin, columns `calibration.record.challenges.COLUMNS`.
    runs : int
        How many runs there are, those without a challenge counted.
    origin, last : int
        Years of the runs that are taken.
    forecaster : str

    Returns
    -------
    DataFrame
        Columns `GIVEN`.
    """
    years = range(origin, last + 1)
    index = pd.MultiIndex.from_product([STATE_SETS["all"], years], names=["state", "year"])
    street = challenges[challenges["street"].astype(bool)]
    parts = []
    for outcome, rows, days in (("challenge", challenges, "start"), ("fall", street, "end")):
        own = pd.DataFrame({"run": rows["replicate"], "state": rows["state"], "year": rows[days].dt.year})
        seen = own.drop_duplicates().groupby(["state", "year"]).size().reindex(index, fill_value=0)
        smoothed = (seen + seen.mean() / runs) / (runs + 1)
        parts.append(smoothed.rename("probability").reset_index().assign(outcome=outcome))
    return pd.concat(parts, ignore_index=True).assign(forecaster=forecaster, origin=origin)[list(GIVEN)]


def _side_forecasters() -> dict[str, Forecaster]:
    return {BASE: forecasters("challenge")[BASE]} | {
        name: structural(columns) for name, columns in SIDES.items()
    }


def _cases(table: pd.DataFrame, outcome: str, origin: int) -> pd.DataFrame:
    before, ahead = table[table["year"] < origin], frozen(table, origin)
    cases = _empty(ahead, outcome, origin)
    for name, forecast in forecasters(outcome).items():
        cases[name] = forecast(before, ahead, outcome)
    return cases


def _empty(ahead: pd.DataFrame, outcome: str, origin: int) -> pd.DataFrame:
    happened = (ahead[outcome] > 0).astype(int).to_numpy()
    places = {"state": ahead["state"].to_numpy(), "year": ahead["year"].to_numpy(), "happened": happened}
    return pd.DataFrame({"origin": origin, "outcome": outcome, **places})


def _beside(
    cases: pd.DataFrame, given: pd.DataFrame | None, key: Sequence[str] = _KEY
) -> tuple[pd.DataFrame, list[str]]:
    """Add the probabilities of others; NaN where they say nothing."""
    if given is None:
        return cases, []
    own = given[given["outcome"].isin(cases["outcome"].unique())]
    wide = own.pivot(index=list(key), columns="forecaster", values="probability")
    names = [str(name) for name in wide.columns]
    return cases.merge(wide.reset_index(), on=list(key), how="left"), names


def _by_origin(cases: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(origin), rows) for origin, rows in cases.groupby("origin", sort=True)]
