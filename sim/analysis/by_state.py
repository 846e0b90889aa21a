"""What happens to single states, run by run and scenario against scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.intervals import against, visible
from sim.experiment.histories import Histories
from sim.measures import STATE_OUTCOMES, Outcome
from sim.measures.window import WHOLE, Window

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.experiment.results import Results


def state_outcomes(results: Results, states: Sequence[str], window: Window = WHOLE) -> pd.DataFrame:
    """Sum up every run of a results folder for some states.

    Parameters
    ----------
    results : Results
    states : sequence of str
        Codes, such as ``KGZ``.
    window : Window
        The months over which they are measured.

    Returns
    -------
    DataFrame
        One row a run and state, in the index ``scenario``, ``replicate``, ``state``; a column for each of
        `sim.measures.STATE_OUTCOMES`.

    Raises
    ------
    ResultsError
        If the folder lacks a table.
    """
    histories = Histories(results.path, results.about)
    runs = results.read("outcomes", ["scenario", "replicate"])
    rows = {
        (str(scenario), replicate, state): [entry.value(past, state) for entry in STATE_OUTCOMES.values()]
        for scenario, replicates in runs.groupby("scenario", sort=False)["replicate"]
        for replicate, past in histories.read(str(scenario), replicates.tolist(), window)
        for state in dict.fromkeys(states)
    }
    index = pd.MultiIndex.from_tuples(rows, names=["scenario", "replicate", "state"])
    return pd.DataFrame(list(rows.values()), index, list(STATE_OUTCOMES))


def compare_states(
    results: Results,
    states: Sequence[str],
    scenarios: Sequence[str],
    baseline: str,
    window: Window = WHOLE,
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
    window : Window
        The months over which outcomes are measured.

    Returns
    -------
    DataFrame
        One row a scenario, state and outcome, in that index; columns as in the ``values`` of
        `sim.analysis.compare.Comparison`.
    """
    rows = state_outcomes(results, states, window)
    parts = {key: part.droplevel(["scenario", "state"]) for key, part in rows.groupby(["scenario", "state"])}
    values = {
        (name, state): against(parts[name, state], parts[baseline, state])
        for name in scenarios
        for state in dict.fromkeys(states)
    }
    return pd.concat(values, names=["scenario", "state", "outcome"])


def of_one_state(values: pd.DataFrame, state: str) -> pd.DataFrame:
    """Return the rows of one state of what `compare_states` returns, by scenario and outcome."""
    return values[values.index.get_level_values("state") == state].droplevel("state")


def shown_of(comparison: Comparison, state: str) -> dict[str, Outcome]:
    """Return the outcomes of a single state that tables show, by name."""
    return {name: entry for name, entry in STATE_OUTCOMES.items() if (state, name) not in comparison.alike}


def alike(comparisons: Iterable[Comparison], states: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return the states and outcomes of which no scenario has a visible difference in any comparison."""
    differ = {
        (state, outcome)
        for item in comparisons
        for _, state, outcome in item.of_states.index[visible(item.of_states)]
    }
    return frozenset((state, name) for state in states for name in STATE_OUTCOMES) - differ
