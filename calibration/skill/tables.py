"""Every table of the back-test by outcome, and what the register of looks is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.record.challenges import CROWDS_UNTIL, challenges
from calibration.record.load import RecordError
from calibration.skill.alignment import score_alignment
from calibration.skill.counts import counts_after, counts_of_runs, help_shares, score_counts
from calibration.skill.evaluate import ORIGINS, evaluate, side, side_cases, when
from calibration.skill.forecasters import BASE
from calibration.skill.looks import digest_of
from calibration.skill.panel import DEVELOPMENT, LAST, STATE_SETS, panel, votes
from calibration.skill.runs import Runs
from calibration.skill.tempo import tempo, tempo_of_runs, tempo_table, within_bounds

Array = NDArray[np.float64]

LAST_OF = {"crowds": int(CROWDS_UNTIL[:4])}
"""Last year of codings that end before the panel."""

HELP = {
    "coding": "of the record's challenges; those of runs are the same under each",
    "forecaster": "scenario, or record",
    "first": "first year",
    "last": "last year",
    "challenges": "how many begin in these years, in all runs together",
    "backed": "part of them in which Moscow backs the incumbent",
    "means": "part in which it gives more than words",
}
"""Columns of the table on Moscow's help."""

RECORDED = "record"
"""Name of the record among forecasters."""

MAIN_ORIGIN = 2014
"""Origin whose scores the register tells, where it is scored."""


@dataclass(frozen=True, slots=True)
class SkillTables:
    """What `calibrate skill` writes.

    Parameters
    ----------
    tables : dict of str to DataFrame
        ``scores`` (events by coding, states and origin), ``when`` and ``side`` (the same columns),
        ``side_cases`` (each challenge, with what was said of it), ``curves``, ``by_state`` (counts),
        ``counts`` (rare events), ``alignment``, ``tempo``, ``cases``;
        with runs also ``tempo_of_runs`` and ``help`` (how often Moscow backs a challenged incumbent, and
        gives more than words).
    summary : str
        The scores of challenges in short.
    forecasters : tuple of str
        Who was scored, the base rate aside.
    digest : str
        Hash of the forecasts and of what came.
    """

    tables: dict[str, pd.DataFrame]
    summary: str
    forecasters: tuple[str, ...]
    digest: str


def skill_tables(
    codings: Sequence[str],
    state_sets: Sequence[str] = tuple(STATE_SETS),
    origins: Sequence[int] = ORIGINS,
    last: int = LAST,
    given: pd.DataFrame | None = None,
    runs: Sequence[Runs] = (),
    *,
    seed: int = 1,
) -> SkillTables:
    """Score the simple forecasters, and others beside them, on every outcome.

    Parameters
    ----------
    codings : sequence of str
        Of `calibration.record.challenges.CODINGS`.
    state_sets : sequence of str
        Of `calibration.skill.panel.STATE_SETS`.
    origins : sequence of int
    last : int
        Last year that is scored. Origins without a year up to it are left out.
    given : DataFrame, optional
        As from `calibration.skill.evaluate.check_given`.
    runs : sequence of Runs
        Free runs, which are scored as forecasts; their counts, alignment and tempo stand beside the record.
    seed : int
        Of the resampling.

    Raises
    ------
    RecordError
        If two sets of runs have the same scenario and origin.
    """
    parts: dict[str, list[pd.DataFrame]] = {
        name: [] for name in ("scores", "when", "side", "side_cases", "curves", "by_state")
    }
    cases, pace, beside, helped = [], [], [], []
    _refuse_twins(runs)
    told = [part.given() for part in runs] + ([given] if given is not None else [])
    given = pd.concat(told, ignore_index=True) if told else None
    for coding in codings:
        end = min(last, LAST_OF.get(coding, LAST))
        known = [origin for origin in origins if origin <= end]
        for states in state_sets:
            found = evaluate(coding, states, known, end, given, seed=seed)
            parts["scores"].append(found.scores)
            parts["curves"].append(found.curves)
            if states == "all":
                cases.append(found.cases.assign(coding=coding))
            own = panel(coding)
            own = own[own["state"].isin(STATE_SETS[states])]
            parts["by_state"] += [
                score_counts(own, outcome, origin, end, _counts(runs, outcome, origin, end, states)).assign(
                    coding=coding, states=states
                )
                for origin in known
                for outcome in ("challenge", "fall")
                if own[outcome].any()
            ]
        parts["when"].append(when(coding, known, end, seed=seed))
        if coding != "crowds":
            parts["side"] += [
                side(coding, known, end, given, states=states, seed=seed) for states in state_sets
            ]
            parts["side_cases"].append(side_cases(coding, "all", known, end, given).assign(coding=coding))
        for part in runs:
            window = part.origin, min(part.last, end)
            if window[0] <= window[1]:
                record = tempo(challenges(coding), votes(), *window)
                beside += [
                    _beside(part, name, record, window).assign(coding=coding) for name in part.scenarios
                ]
                if coding != "crowds":
                    helped += _help(part, challenges(coding), window, coding)
        for first in (1992, 2000):
            if first <= end:
                numbers = tempo(challenges(coding), votes(), first, end)
                pace.append(numbers.rename_axis("number").rename("record").reset_index().assign(
                    coding=coding, first=first, last=end
                ))  # fmt: skip
    tables = {name: pd.concat(rows, ignore_index=True) for name, rows in parts.items() if rows}
    known = [origin for origin in origins if origin <= last]
    tables["counts"] = counts_after(known, last, _rare(runs))
    tables["alignment"] = pd.concat(
        [
            score_alignment(known, last, STATE_SETS[states], _paths(runs), seed=seed).assign(states=states)
            for states in state_sets
        ],
        ignore_index=True,
    )
    if beside:
        tables["tempo_of_runs"] = pd.concat(beside, ignore_index=True)
        tables["help"] = pd.DataFrame(helped, columns=list(HELP))
    tables["tempo"] = pd.concat(pace, ignore_index=True)
    tables["cases"] = pd.concat(cases, ignore_index=True) if cases else pd.DataFrame()
    scored = tables["scores"]
    names = tuple(name for name in dict.fromkeys(scored["forecaster"]) if name != BASE)
    return SkillTables(tables, _summary(scored), names, digest_of({"cases": tables["cases"]}))


def years_scored(origins: Sequence[int], last: int) -> str:
    """Return the years in words, such as 2000-2024."""
    return f"{min(origins)}-{last}"


def is_look(last: int) -> bool:
    """Whether scoring to this year looks at what was to stay unseen."""
    return last > DEVELOPMENT


def _counts(runs: Sequence[Runs], outcome: str, origin: int, last: int, states: str) -> dict[str, Array]:
    return {
        name: counts_of_runs(*part.of(name), outcome, origin, last, STATE_SETS[states])
        for part in runs
        if part.origin == origin and part.last >= last
        for name in part.scenarios
    }


def _refuse_twins(runs: Sequence[Runs]) -> None:
    seen: set[tuple[str, int]] = set()
    for part in runs:
        for name in part.scenarios:
            if (name, part.origin) in seen:
                raise RecordError(
                    f"two sets of runs of {name} from {part.origin}: rename one of the scenarios"
                )
            seen.add((name, part.origin))


def _rare(runs: Sequence[Runs]) -> dict[str, pd.DataFrame]:
    found: dict[str, list[pd.DataFrame]] = {}
    for part in runs:
        for scenario, own in part.rare.groupby("scenario"):
            found.setdefault(str(scenario), []).append(own.assign(origin=part.origin))
    return {scenario: pd.concat(parts, ignore_index=True) for scenario, parts in found.items()}


def _paths(runs: Sequence[Runs]) -> dict[int, dict[str, Array]]:
    found: dict[int, dict[str, Array]] = {}
    for part in runs:
        found.setdefault(part.origin, {}).update(part.alignment)
    return found


def _beside(part: Runs, scenario: str, record: pd.Series, window: tuple[int, int]) -> pd.DataFrame:
    """Return the tempo of a scenario's runs beside the record's, and the part of runs within each bound."""
    own, every = part.of(scenario)
    numbers = tempo_of_runs(own, part.votes, every, *window)
    table = tempo_table(record, numbers).join(within_bounds(numbers).rename("runs_within"), how="outer")
    table = table.rename_axis("number").reset_index()
    return table.assign(forecaster=scenario, first=window[0], last=window[1], runs=len(every))


def _help(
    part: Runs, recorded: pd.DataFrame, window: tuple[int, int], coding: str
) -> list[dict[str, object]]:
    """Return how often Moscow helps in a set of runs, and on record in the same years."""
    of_whom = {RECORDED: recorded} | {name: part.of(name)[0] for name in part.scenarios}
    place = {"coding": coding, "first": window[0], "last": window[1]}
    return [{**place, "forecaster": name, **help_shares(table, *window)} for name, table in of_whom.items()]


def _summary(scores: pd.DataFrame) -> str:
    rows = scores[(scores["outcome"] == "challenge") & (scores["states"] == scores["states"].iloc[0])]
    origins = sorted(set(rows["origin"]) - {"all"})
    origin = str(MAIN_ORIGIN) if str(MAIN_ORIGIN) in origins else origins[0]
    told = []
    for coding, own in rows[rows["origin"] == origin].groupby("coding", sort=False):
        base = own.loc[own["forecaster"] == BASE, "log"].iloc[0]
        others = ", ".join(
            f"{row['forecaster']} {row['log_difference']:+.3f}"
            for row in own[own["forecaster"] != BASE].to_dict("records")
        )
        told.append(f"{coding}: log score of the base rate {base:.3f}; {others}")
    return f"challenges from {origin}, " + "; ".join(told)
