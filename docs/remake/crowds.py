"""How often most citizens of a state are in open opposition, as the page of limits tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from docs.remake.stored import Tree, by
from docs.remake.words import percent
from sim.scenario import SHARED_WORLD

MOST = 0.5
"""Share of a state's citizens above which a crowd is most of them."""

_STEP = "end_states"


def crowd_counts(outcomes: pd.DataFrame, challenges: pd.DataFrame) -> pd.DataFrame:
    """Count the challenges, and the runs with one, in which more than `MOST` citizens of a state oppose.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run: scenario.
    challenges : DataFrame
        One row a challenge: scenario, replicate, peak (share of the state's citizens, 0-1).

    Returns
    -------
    DataFrame
        One row a scenario: scenario, runs, runs_with_most, challenges, challenges_of_most.
    """
    rows = []
    for scenario, runs in outcomes["scenario"].value_counts(sort=False).items():
        own = challenges[challenges["scenario"] == scenario]
        large = own[own["peak"] > MOST]
        rows.append((str(scenario), int(runs), large["replicate"].nunique(), len(own), len(large)))
    columns = ["scenario", "runs", "runs_with_most", "challenges", "challenges_of_most"]
    return pd.DataFrame(rows, columns=columns)


def crowds(tree: Tree) -> Iterator[str]:
    """Yield in how many runs and challenges of the shared world most citizens of a state oppose."""
    if not (tree.folder(_STEP) / "crowds.csv").is_file():
        yield "In many runs most citizens of a state are in open opposition in some month."
        return
    row = by(tree.table(_STEP, "crowds"), "scenario")[SHARED_WORLD]
    share = row["challenges_of_most"] / max(row["challenges"], 1)
    yield (
        f"In {row['runs_with_most']} of the shared world's {row['runs']} runs from"
        f" {tree.about(_STEP)['start']} most citizens of a state are in open opposition in some month."
        f" They are in {percent(share)} % of challenges."
    )


BLOCKS: dict[str, Callable[[Tree], Iterator[str]]] = {"crowds": crowds}
"""Sentences by the name that a template asks for."""
