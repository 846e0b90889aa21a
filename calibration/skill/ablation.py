"""What each rule earns: hindcasts of the shared world with one of them left out at a time.

Mechanisms are chosen on the years to 2013. A hindcast is not a forecast: it knows the votes, the war and the
states' fundamentals as they were. So its scores say which rule helps, not how good a forecast would be.
"""
# ruff: noqa: PLC0415 - the model is imported when it is run

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from calibration.backtest.scores import event_scores, summarise_scores
from calibration.record.load import RecordError
from calibration.skill.evaluate import NEAR, frequencies
from calibration.skill.measures import CLIP, ranking
from calibration.skill.panel import DEVELOPMENT, FIRST, panel, sides, votes
from calibration.skill.tempo import tempo_of_runs
from sim.naming import nearest

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

Array = NDArray[np.float64]

WHOLE = "all of them"
"""Name of the variant with every rule: the shared world."""

NONE = "none of them"
"""Name of the variant with none: the scenario as it stands."""

COLUMNS = {
    "variant": "what is left out",
    "coding": "what counts as a challenge",
    "log": "log score, once the level of all probabilities is set to the record's",
    "log_change": "log score less that of the variant with every rule; above 0: what is left out helps",
    "low": "5 % point of that, by bootstrap over states",
    "high": "95 % point",
    "auc": "chance that a state and year with a challenge is ranked above one without",
    "later_auc": "the same from 2003 on",
    "side": "log score of Moscow's side, given each challenge on record; blank where the coding has none",
    "side_change": "that less the score of the variant with every rule; above 0: what is left out helps",
    "side_low": "5 % point of that, by bootstrap over states",
    "side_high": "95 % point",
    "means": "share of the runs' challenges in which Moscow gives the incumbent more than words",
}
"""Columns of the table of scores."""

LATER = 2003
"""First year of the later half, in which civil society is told to matter."""

_TEMPO = ("challenges a year", "street falls", "odds ratio after votes", "spread over states")
_NAMES = "variant-"


def variants(scenario: Scenario, citizens: int, only: Sequence[str] = ()) -> dict[str, Scenario]:
    """Return hindcasts to 2013 of the shared world, and with each and all of its rules left out.

    Parameters
    ----------
    scenario : Scenario
        A world without the rules. Every parameter that it or its thesis sets is a rule; left out, it has the
        prior that it has there.
    citizens : int
        In each state.
    only : sequence of str, optional
        The rules that are left out, one at a time; without it every rule is.

    Returns
    -------
    dict of str to Scenario
        By what is left out.

    Raises
    ------
    RecordError
        If the scenario sets no parameter, or not one that is to be left out.
    """
    from sim.scenario import load

    own = dict(scenario.parameters)
    if not own:
        raise RecordError(f"{scenario.name} sets no parameter: there is nothing to leave out")
    for path in only:
        if path not in own:
            close = nearest(path, own)
            hint = f"; did you mean {close}?" if close else ""
            raise RecordError(f"{scenario.name} does not set {path}: it cannot be left out{hint}")
    shared = load("hindcast").replace(
        years=DEVELOPMENT - FIRST + 1, citizens=citizens, shared_priors="hand-set"
    )  # fitted ones have seen these years
    found = {WHOLE: shared}
    for path in dict.fromkeys(only or own):
        found[path] = shared.with_parameters({path: own[path]})
    found[NONE] = shared.with_parameters(own)
    return {
        what: item.replace(name=f"{_NAMES}{place:02d}") for place, (what, item) in enumerate(found.items())
    }


def ablation(results: Results, names: Mapping[str, str], codings: tuple[str, ...]) -> pd.DataFrame:
    """Score the variants against what happened, and count what came.

    Parameters
    ----------
    results : Results
        Of the variants.
    names : mapping of str to str
        What is left out, by scenario; the first is the variant with every rule.
    codings : tuple of str
        Of `calibration.record.challenges.CODINGS`.

    Returns
    -------
    DataFrame
        One row a variant and coding: `COLUMNS`, and the variant's mean tempo.
    """
    from calibration.skill.runs import run_challenges, votes_of_runs
    from sim.months import Month

    events = results.read("events", ["scenario", "replicate", "month", "kind", "target"])
    told = run_challenges(results.challenges, Month.of(FIRST, 1), votes_of_runs(events))
    helped = told.groupby("scenario")["means"].mean().rename("means")
    runs = results.read("outcomes", ["scenario", "replicate"]).astype({"scenario": str})
    pace = tempo_of_runs(told, votes(), runs, FIRST, DEVELOPMENT).groupby("scenario")[list(_TEMPO)].mean()
    parts = []
    for coding in codings:
        table = panel(coding)
        table = table[table["year"] <= DEVELOPMENT].reset_index(drop=True)
        happened = np.asarray(table["challenge"] > 0, dtype=np.float64)
        keys = pd.MultiIndex.from_frame(table[["state", "year"]])
        states, later = table["state"].to_numpy(), table["year"].to_numpy() >= LATER
        losses, rankings = {}, {}
        for name, what in names.items():
            number = int((runs["scenario"] == name).sum())
            given = frequencies(told[told["scenario"] == name], number, FIRST, DEVELOPMENT, what)
            chances = given[given["outcome"] == "challenge"].set_index(["state", "year"])["probability"]
            levelled = at_level(chances.reindex(keys).to_numpy(dtype=float), float(happened.mean()))
            losses[what] = -np.log(np.where(happened == 1, levelled, 1 - levelled))
            rankings[what] = {
                "auc": ranking(levelled, happened, states)[0],
                "later_auc": ranking(levelled[later], happened[later], states[later])[0],
            }
        scores = summarise_scores(table, losses, next(iter(names.values())), cluster="state", seed=1)
        scores = scores.rename(
            columns={"forecaster": "variant", "score": "log", "difference": "log_change"}
        ).assign(coding=coding)
        scores = scores.join(pd.DataFrame(rankings).T, on="variant")
        scores = scores.join(_sides(told, names, coding), on="variant")
        scores = scores.join(helped.rename(index=names), on="variant")
        parts.append(scores.join(pace.rename(index=names), on="variant")[[*COLUMNS, *_TEMPO]])
    return pd.concat(parts, ignore_index=True)


def _sides(told: pd.DataFrame, names: Mapping[str, str], coding: str) -> pd.DataFrame:
    """Return scores of Moscow's side by variant; NaN where the coding does not say whom it backed."""
    from calibration.skill.runs import sides_of_runs

    columns = {
        "score": "side", "difference": "side_change", "low": "side_low", "high": "side_high"
    }  # fmt: skip
    table = sides(coding)
    table = table[table["year"] <= DEVELOPMENT].reset_index(drop=True)
    if table.empty:
        return pd.DataFrame(np.nan, index=pd.Index(list(names.values())), columns=list(columns.values()))
    backed = table["incumbent"].to_numpy(dtype=float)
    keys = pd.MultiIndex.from_frame(table[["state", "near_vote"]])
    losses = {}
    for name, what in names.items():
        given = sides_of_runs(told[told["scenario"] == name], FIRST, FIRST, name)
        chances = given.set_index(["state", NEAR])["probability"].reindex(keys).to_numpy(dtype=float)
        losses[what] = event_scores(chances, backed, CLIP)["log"]
    scores = summarise_scores(table, losses, next(iter(names.values())), cluster="state", seed=1)
    return scores.rename(columns=columns).set_index("forecaster")[list(columns.values())]


def at_level(probabilities: Array, level: float) -> Array:
    """Return probabilities with their log-odds shifted alike, so that their mean is a level.

    Parameters
    ----------
    probabilities : ndarray, shape (cases,)
        Between 0 and 1.
    level : float
        Between `CLIP` and 1 less that.
    """
    clipped = np.clip(probabilities, CLIP, 1 - CLIP)
    odds = np.log(clipped / (1 - clipped))
    shift = brentq(lambda by: float((1 / (1 + np.exp(-(odds + by)))).mean()) - level, -20, 20)
    found: Array = 1 / (1 + np.exp(-(odds + shift)))
    return found
