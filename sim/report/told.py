"""Three runs of a scenario, told: a typical one, and one from each tail of what the report turns on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.explain.one_run import from_results
from sim.explain.story import concerning, tell
from sim.explain.why import Explanation, explain
from sim.measures import OUTCOMES
from sim.measures.falls import falls_among

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.explain.one_run import OneRun
    from sim.model.trace import Event

TAIL = "influence_change"
"""The outcome whose tails are told: the one that most classes of end state are decided by."""

TAILS = (0.05, 0.95)
"""Quantiles at which a run of each tail is sought: one that is rare, not the one that is rarest."""

MOST_EXPLAINED = 4
"""Falls of a run that are explained; the story has all."""


@dataclass(frozen=True, slots=True)
class ToldRun:
    """One run, told.

    Parameters
    ----------
    which : str
        Why it was chosen, such as ``typical``.
    replicate : int
    ending : str
        Its class of end state, and the figures that put it there.
    falls : tuple of Explanation
        Why its regimes fell, in order, in the states asked about or in all; at most `MOST_EXPLAINED`.
    fallen : int
        How often one fell there.
    sentences : tuple of str
        Its story over the months that are compared: of the states asked about, or of all.
    """

    which: str
    replicate: int
    ending: str
    falls: tuple[Explanation, ...]
    fallen: int
    sentences: tuple[str, ...]


def told_runs(comparison: Comparison, scenario: str) -> list[ToldRun]:
    """Tell three runs of a scenario, or as many as there are, of the states and months that are compared.

    Parameters
    ----------
    comparison : Comparison
    scenario : str
    """
    results = comparison.results
    rows = results.outcomes_within(comparison.window)
    mine = rows[rows["scenario"] == scenario].set_index("replicate")
    found = []
    for which, replicate in chosen_runs(mine, comparison.shown).items():
        run = from_results(results, scenario, replicate)
        row = mine.loc[replicate]
        events = concerning(run, comparison.states) if comparison.states else run.events
        falls = _falls(run, comparison)
        found.append(
            ToldRun(
                which,
                replicate,
                f"{row['end_state']} ({row['end_state_reason']})",
                tuple(explain(run, state, fall) for state, fall in falls[:MOST_EXPLAINED]),
                len(falls),
                tuple(tell(run, [event for event in events if _within(run, event, comparison)])),
            )
        )
    return found


def chosen_runs(outcomes: pd.DataFrame, shown: Sequence[str]) -> dict[str, int]:
    """Choose a typical run and one from each tail.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run of one scenario, in the index ``replicate``: outcomes and ``end_state``.
    shown : sequence of str
        Outcomes by which runs are alike.

    Returns
    -------
    dict of str to int
        Replicates by why they were chosen. The typical one ends as most do and is nearest to their medians,
        in standard deviations. Those of the tails are nearest to the quantiles `TAILS` of `TAIL`.
    """
    chosen = {"typical": _typical(outcomes, shown)}
    label = OUTCOMES[TAIL].label
    values = outcomes[TAIL]
    for share, which in zip(TAILS, ("low", "high"), strict=True):
        rest = values.drop(list(chosen.values())).dropna()
        if len(rest):
            nearest = (rest - float(values.quantile(share))).abs().idxmin()
            chosen[f"{which} {label}: {share:.0%} of runs are lower"] = int(str(nearest))
    return chosen


def _typical(outcomes: pd.DataFrame, shown: Sequence[str]) -> int:
    commonest = outcomes["end_state"].mode().iloc[0]
    alike = outcomes.loc[outcomes["end_state"] == commonest, list(shown)]
    spread = alike.std().replace(0, np.nan)
    far = (((alike - alike.median()) / spread) ** 2).mean(axis=1).fillna(0.0)
    return int(str(far.idxmin()))


def _falls(run: OneRun, comparison: Comparison) -> list[tuple[str, int]]:
    """Return the falls of the states and months that are compared: the state, and which of its falls."""
    counts: Counter[str] = Counter()
    found = []
    for event in falls_among(run.events, states=comparison.states or None):
        counts[event.target] += 1
        if _within(run, event, comparison):
            found.append((event.target, counts[event.target]))
    return found


def _within(run: OneRun, event: Event, comparison: Comparison) -> bool:
    return comparison.window.holds(run.month(event.tick))
