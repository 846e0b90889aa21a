"""Free runs as forecasts: a results folder brought to the tables that the record has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.record.challenges import COLUMNS
from calibration.record.load import RecordError
from calibration.simulated import ON_THE_STREET
from calibration.skill.alignment import LEVELS
from calibration.skill.evaluate import GIVEN, NEAR, SIDE, frequencies
from calibration.skill.panel import LAST
from sim.experiment.results import Results
from sim.instruments import RESCUE_INSTRUMENTS
from sim.months import Month
from sim.world.state import STATES

Array = NDArray[np.float64]

_DAYS_A_WEEK = 365.25 / 48  # the model has four weeks a month
_WORDS_ALONE = ("political_support",)
_CONCEDED = ("conceded", "bought off")
_NEAR_VOTE = ("election", "succession")  # in the name of the trigger
_MONTHS_NEAR = 6  # after a vote, as the record's coding has it


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The free runs of some scenarios from one origin.

    Parameters
    ----------
    origin : int
        Year in whose January they start.
    last : int
        Last full year, and of the record.
    runs : DataFrame
        scenario and replicate of every run.
    challenges : DataFrame
        Columns `calibration.record.challenges.COLUMNS`.
    votes : DataFrame
        scenario, replicate, state, month.
    rare : DataFrame
        scenario, replicate, outcome (of `calibration.skill.counts.RARE`; ``force`` has no like in the
        model), count to the last year.
    alignment : mapping of str to ndarray, shape (14 states, years, quantiles)
        By scenario: alignment less the mean of the states, as quantiles that stand for equal parts.
    """

    origin: int
    last: int
    runs: pd.DataFrame
    challenges: pd.DataFrame
    votes: pd.DataFrame
    rare: pd.DataFrame
    alignment: Mapping[str, Array]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(dict.fromkeys(self.runs["scenario"]))

    def of(self, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the challenges and the runs of a scenario."""
        return (
            self.challenges[self.challenges["scenario"] == scenario],
            self.runs[self.runs["scenario"] == scenario],
        )

    def given(self) -> pd.DataFrame:
        """Return forecasts of challenges, falls and Moscow's side, with the columns `GIVEN` and `NEAR`."""
        parts = []
        for scenario in self.scenarios:
            challenges, runs = self.of(scenario)
            parts.append(frequencies(challenges, len(runs), self.origin, self.last, scenario))
            parts.append(sides_of_runs(challenges, self.origin, self.last, scenario))
        return pd.concat(parts, ignore_index=True)


def read_runs(results: Results) -> Runs:
    """Read what a results folder holds.

    Parameters
    ----------
    results : Results
        Of free runs that start in a January on record.

    Raises
    ------
    RecordError
        If the runs start in another month, or reach no full year on record.
    ResultsError
        If a table is missing or damaged.
    """
    months = results.read("trajectories", ["month"], [("state", "==", "RUS")])["month"]
    first, end = Month.parse(min(months)), Month.parse(max(months))
    last = min(end.year - (end.month < 12), LAST)
    if first.month != 1 or last < first.year:
        raise RecordError(
            f"{results.path}: runs from {first} to {end}: a back-test needs runs that start in a January and"
            f" cover a full year up to {LAST}"
        )
    runs = results.read("outcomes", ["scenario", "replicate"])
    runs["scenario"] = runs["scenario"].astype(str)
    events = results.read("events", ["scenario", "replicate", "month", "kind", "actor", "target", "detail"])
    votes = votes_of_runs(events)
    return Runs(
        first.year,
        last,
        runs,
        run_challenges(results.challenges, first, votes),
        votes,
        _rare(events, runs, last),
        _alignment(results, runs, first.year, last),
    )


def votes_of_runs(events: pd.DataFrame) -> pd.DataFrame:
    """Return the national votes of runs: scenario, replicate, state, month.

    Parameters
    ----------
    events : DataFrame
        ``events.parquet``, with the columns scenario, replicate, month, kind and target at least.
    """
    votes = events[events["kind"] == "election"].rename(columns={"target": "state"})
    return votes[["scenario", "replicate", "state", "month"]].astype({"scenario": str, "state": str})


def run_challenges(table: pd.DataFrame, start: Month, votes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the challenges of runs with the record's columns.

    A challenge begins with its month. Without a flare it lasts its weeks; with one, from its first month to
    the middle of its last, as a list of episodes would have it. One that is still open has no end. A vote is
    near as the record's coding has it: a vote or a succession set it off, or a vote was held in the six
    months before it or while it lasted.

    Parameters
    ----------
    table : DataFrame
        ``challenges.parquet``.
    start : Month
        First month of the runs.
    votes : DataFrame, optional
        As from `votes_of_runs`. Without it a vote is near only if it set the challenge off.
    """
    held: dict[tuple[str, int, str], list[int]] = {}
    if votes is not None:
        for vote in votes.to_dict("records"):
            key = str(vote["scenario"]), int(vote["replicate"]), str(vote["state"])
            held.setdefault(key, []).append(Month.parse(str(vote["month"])) - start)
    rows = []
    for row in table.to_dict("records"):
        begun = _day(start + int(row["start"]))
        ended = row["end"]
        end = begun + pd.Timedelta(days=round(max(int(row["weeks"]), 1) * _DAYS_A_WEEK) - 1)
        if len(row["flares"]):
            end = _day(start + (0 if pd.isna(ended) else int(ended))) + pd.Timedelta(days=14)
        helped = [name for name in row["help"] if name in RESCUE_INSTRUMENTS]
        falls = list(row["falls"])
        conceded = len(row["endings"]) and row["endings"][-1] in _CONCEDED
        months = held.get((str(row["scenario"]), int(row["replicate"]), str(row["state"])), [])
        last = int(row["start"]) if pd.isna(ended) else int(ended)
        near = any(int(row["start"]) - _MONTHS_NEAR <= month <= last for month in months)
        rows.append(
            {
                "scenario": str(row["scenario"]), "replicate": int(row["replicate"]),
                "state": str(row["state"]), "start": begun,
                "end": pd.NaT if pd.isna(ended) else end,
                "peak": float(row["peak"]) * ON_THE_STREET,
                "outcome": "fell" if falls else "concession" if conceded else "survived",
                "street": "street" in falls,
                "near_vote": near or any(word in str(row["trigger"]) for word in _NEAR_VOTE),
                "moscow": "incumbent" if helped else "none",
                "means": any(name not in _WORDS_ALONE for name in helped),
            }
        )  # fmt: skip
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})


def _day(month: Month) -> pd.Timestamp:
    return pd.Timestamp(year=month.year, month=month.month, day=1)


def sides_of_runs(challenges: pd.DataFrame, origin: int, last: int, scenario: str) -> pd.DataFrame:
    """Return how often Moscow backs a challenged incumbent, by state, near a vote and away from one.

    A state's share is drawn toward that of all by one case, and its share near a vote, or away from one,
    toward the state's by one case.

    Parameters
    ----------
    challenges : DataFrame
        Of one scenario's runs.
    origin, last : int
        Years that are forecast; all alike.
    scenario : str

    Returns
    -------
    DataFrame
        Columns `GIVEN`, and near_vote (0 or 1).
    """
    backed = challenges["moscow"] == "incumbent"
    common = (backed.sum() + 0.5) / (len(backed) + 1)
    own = backed.groupby(challenges["state"]).agg(["sum", "count"]).reindex(STATES, fill_value=0)
    chance = (own["sum"] + common) / (own["count"] + 1)
    kinds = pd.MultiIndex.from_product([STATES, (False, True)], names=["state", "near_vote"])
    by_kind = [challenges["state"], challenges["near_vote"].astype(bool)]
    cells = backed.groupby(by_kind).agg(["sum", "count"]).reindex(kinds, fill_value=0)
    drawn = chance.reindex(kinds.get_level_values("state")).to_numpy()
    found = ((cells["sum"] + drawn) / (cells["count"] + 1)).rename("probability")
    rows = found.reset_index().merge(pd.DataFrame({"year": range(origin, last + 1)}), how="cross")
    rows["near_vote"] = rows["near_vote"].astype(float)
    table: pd.DataFrame = rows.assign(forecaster=scenario, origin=origin, outcome=SIDE)[[*GIVEN, NEAR]]
    return table


def _rare(events: pd.DataFrame, runs: pd.DataFrame, last: int) -> pd.DataFrame:
    events = events[events["month"].str[:4].astype(int) <= last]
    kinds = {
        "elite falls": (events["kind"] == "fall") & (events["detail"] == "elite"),
        "entries into the CSTO": _membership(events, "joined"),
        "exits from the CSTO": _membership(events, "left"),
        "wars": (events["kind"] == "war") & (events["detail"] == "started"),
    }
    key = ["scenario", "replicate"]
    every = pd.MultiIndex.from_frame(runs[key])
    parts = []
    for outcome, chosen in kinds.items():
        own = events[chosen].astype({"scenario": str}).groupby(key).size().reindex(every, fill_value=0)
        parts.append(own.rename("count").reset_index().assign(outcome=outcome))
    return pd.concat(parts, ignore_index=True)


def _membership(events: pd.DataFrame, detail: str) -> pd.Series:
    return (events["kind"] == "membership") & (events["target"] == "CSTO") & (events["detail"] == detail)


def _alignment(results: Results, runs: pd.DataFrame, first: int, last: int) -> dict[str, Array]:
    decembers = [f"{year}-12" for year in range(first, last + 1)]
    columns = ["scenario", "replicate", "month", "state", "alignment"]
    table = results.read("trajectories", columns, [("month", "in", decembers), ("state", "!=", "RUS")])
    table = table.astype({"scenario": str, "state": str})
    found = {}
    for scenario in dict.fromkeys(runs["scenario"]):
        own = table[table["scenario"] == scenario]
        wide = own.pivot(index=["replicate", "month"], columns="state", values="alignment")[list(STATES)]
        levels = wide.to_numpy(dtype=float).reshape(-1, len(decembers), len(STATES))
        levels = levels - levels.mean(axis=2, keepdims=True)
        found[scenario] = np.quantile(levels, LEVELS, axis=0).transpose(2, 1, 0)
    return found
