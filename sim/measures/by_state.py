"""What happens to single states, run by run and scenario against scenario; `STATE_OUTCOMES` defines it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.intervals import against
from sim.instruments import RESCUE_INSTRUMENTS
from sim.measures.definitions import CLIENT_ALIGNMENT, STATE_OUTCOMES
from sim.months import Month

if TYPE_CHECKING:
    from sim.experiment.results import Results

_CLUBS = {"csto_end": "CSTO", "eaeu_end": "EAEU"}
_SERIES = ("alignment", "attitude", "participation")


def state_outcomes(results: Results, states: Sequence[str]) -> pd.DataFrame:
    """Sum up every run of a results folder for some states.

    Parameters
    ----------
    results : Results
    states : sequence of str
        Codes, such as ``KGZ``.

    Returns
    -------
    DataFrame
        One row a run and state, in the index ``scenario``, ``replicate``, ``state``; a column for each of
        `sim.measures.definitions.STATE_OUTCOMES`.
    """
    series = results.read(
        "trajectories",
        ["scenario", "replicate", "month", "state", *_SERIES],
        [("state", "in", list(dict.fromkeys(states)))],
    )
    keys = ["scenario", "replicate", "state"]
    series = series.astype({"scenario": str, "state": str})
    runs = series.sort_values([*keys, "month"], kind="stable").groupby(keys)
    first, last = runs[list(_SERIES)].first(), runs[list(_SERIES)].last()
    index = pd.MultiIndex.from_frame(first.index.to_frame(index=False))
    table = pd.DataFrame(index=index)
    counts = _counts(results, index)
    for name in STATE_OUTCOMES:
        if name in counts:
            table[name] = counts[name]
    table["largest_crowd"] = runs["participation"].max()
    table["alignment_end"] = last["alignment"]
    table["alignment_change"] = last["alignment"] - first["alignment"]
    table["client_end"] = (last["alignment"] > CLIENT_ALIGNMENT).astype(float)
    table["attitude_change"] = last["attitude"] - first["attitude"]
    members = _members_at_end(results, index)
    for name, organisation in _CLUBS.items():
        table[name] = [float(organisation in members[key]) for key in index]
    return table[list(STATE_OUTCOMES)].astype(float)


def compare_states(
    results: Results, states: Sequence[str], scenarios: Sequence[str], baseline: str
) -> pd.DataFrame:
    """Hold every scenario against the baseline, state by state.

    Parameters
    ----------
    results : Results
    states : sequence of str
        Codes.
    scenarios : sequence of str
        The baseline among them.
    baseline : str

    Returns
    -------
    DataFrame
        One row a scenario, state and outcome, in that index; columns as in `Comparison.values`.
    """
    rows = state_outcomes(results, states).reset_index()

    def part(scenario: str, state: str) -> pd.DataFrame:
        chosen = rows[(rows["scenario"] == scenario) & (rows["state"] == state)]
        return chosen.set_index("replicate")[list(STATE_OUTCOMES)]

    values = {
        (name, state): against(part(name, state), part(baseline, state))
        for name in scenarios
        for state in dict.fromkeys(states)
    }
    return pd.concat(values, names=["scenario", "state", "outcome"])


def _counts(results: Results, index: pd.MultiIndex) -> dict[str, pd.Series[int]]:
    """Count events by run and state; a run without any counts 0."""
    events = results.read("events", ["scenario", "replicate", "kind", "actor", "target", "detail"])
    events = events.astype({name: str for name in events.columns if name != "replicate"})
    kind, detail = events["kind"], events["detail"]
    chosen = {
        "challenges": (kind == "challenge", "target"),
        "street_falls": ((kind == "fall") & (detail == "street"), "target"),
        "elite_falls": ((kind == "fall") & (detail == "elite"), "target"),
        "turnovers": ((kind == "election") & (detail == "turnover"), "target"),
        "requests": (kind == "request", "actor"),
        "rescues": ((kind == "instrument") & detail.isin(RESCUE_INSTRUMENTS), "target"),
        "wars": ((kind == "war") & (detail == "started"), "target"),
        "realignments_away": ((kind == "realignment") & (detail == "away"), "target"),
        "realignments_toward": ((kind == "realignment") & (detail == "toward"), "target"),
    }
    return {
        name: events[rows].groupby(["scenario", "replicate", state]).size().reindex(index, fill_value=0)
        for name, (rows, state) in chosen.items()
    }


def _members_at_end(results: Results, index: pd.MultiIndex) -> dict[tuple[str, int, str], set[str]]:
    """Return each state's organisations at the end of each run: those of the record, then as events tell."""
    from sim.world.build import build_world  # noqa: PLC0415 - reads the record

    starts = {item["name"]: item["start"] for item in results.about["scenarios"]}
    record = {
        start: {state.code: set(state.memberships) for state in build_world(Month.parse(start)).states}
        for start in set(starts.values())
    }
    members = {key: set(record[starts[key[0]]][key[2]]) for key in index}
    columns = ["scenario", "replicate", "tick", "kind", "actor", "target", "detail"]
    events = results.read("events", columns, [("kind", "==", "membership")])
    for event in events.to_dict("records"):  # in order of time within a run
        key = (str(event["scenario"]), int(event["replicate"]), str(event["actor"]))
        if key in members:
            change = members[key].add if event["detail"] == "joined" else members[key].discard
            change(str(event["target"]))
    return members
