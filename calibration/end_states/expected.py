"""Which end state the author of each thesis expects: our reading of its claims.

No author names these classes. Which of them a thesis amounts to was judged from its claims and from what the
thesis files say of their signs, before the shares were looked at; a thesis may expect either of two.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import pandas as pd

from calibration.record.load import documented_tables
from calibration.what_ifs.facts import exact
from sim.measures.end_state import END_STATES


@dataclass(frozen=True, slots=True)
class Expected:
    """One class that a thesis expects.

    Parameters
    ----------
    thesis : str
    end_state : str
        One of `sim.measures.end_state.END_STATES`.
    claims : tuple of str
        Ids of the claims that it rests on.
    why : str
    """

    thesis: str
    end_state: str
    claims: tuple[str, ...]
    why: str


def load_expected() -> tuple[Expected, ...]:
    """Read the table that comes with the package."""
    table = documented_tables(files("calibration.end_states") / "tables")["expected"]
    return tuple(
        Expected(row["thesis"], row["end_state"], tuple(row["claims"].split()), row["why"])
        for row in table.to_dict("records")
    )


def end_state_shares(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return how often the runs of each scenario end in each class.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run: scenario, end_state.

    Returns
    -------
    DataFrame
        One row a scenario and class, in the order of both: scenario, end_state, runs, hits, share, low, high
        (exact 95 % interval).
    """
    rows = []
    for scenario, own in outcomes.groupby("scenario", sort=False, observed=True):
        for name in END_STATES:
            hits = int((own["end_state"] == name).sum())
            rows.append((str(scenario), name, len(own), hits, hits / len(own), *exact(hits, len(own))))
    return pd.DataFrame(rows, columns=["scenario", "end_state", "runs", "hits", "share", "low", "high"])


def as_expected(shares: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return how often runs of each thesis end in a class that it expects, and those of the baseline there.

    Parameters
    ----------
    shares : DataFrame
        As `end_state_shares` returns them; a scenario is named after its thesis.
    baseline : str

    Returns
    -------
    DataFrame
        One row a thesis: thesis, expected (joined by ``or``), claims, runs, hits, share, low, high,
        baseline (share of its runs in the same classes), baseline_low, baseline_high.
    """
    counts = shares.set_index(["scenario", "end_state"])
    expected = load_expected()
    rows = []
    for thesis in dict.fromkeys(item.thesis for item in expected):
        own = [item for item in expected if item.thesis == thesis]
        cells: list[float] = []
        for scenario in (thesis, baseline):
            found = counts.loc[[(scenario, item.end_state) for item in own]]
            hits, runs = int(found["hits"].sum()), int(found["runs"].iloc[0])
            cells += [runs, hits, hits / runs, *exact(hits, runs)]
        claims = dict.fromkeys(claim for item in own for claim in item.claims)
        rows.append(
            (thesis, " or ".join(item.end_state for item in own), " ".join(claims), *cells[:5], *cells[7:])
        )
    columns = ["thesis", "expected", "claims", "runs", "hits", "share", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "baseline", "baseline_low", "baseline_high"])
