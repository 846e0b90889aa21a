"""Shares of variance as tables for the terminal."""

from __future__ import annotations

import math

import pandas as pd
from rich.table import Table

from sim.analysis.variance import GROUPS, few_runs, no_shares
from sim.cli.console import plain_table
from sim.measures import OUTCOMES

_NOISE = 0.5  # error of a share from which it says nothing
_LEGEND = (
    "Percent of the variance over runs. First number: what would go if these numbers were known exactly; "
    "in brackets: what would stay if all others were known. The first ones add up to less than 100 where "
    "things act together, the second ones to more; below 0, by chance, is shown as 0. Assumed, calibrated "
    "and cited are parameters by the source of their number (`sim show` tags each), luck is what happens to "
    "happen. Error: half the width of the 95 % interval, the largest of the row; not resolved where that is "
    "above 50 (variance.csv has the numbers). n: replicates in which the outcome is defined in every "
    "variant, if fewer than all."
)


def variance_table(scenario: str, shares: pd.DataFrame) -> Table:
    """Return a table of one result: outcomes of a scenario, or their differences from the first one.

    Parameters
    ----------
    scenario : str
    shares : DataFrame
        Rows of one scenario and result, as `sim.results.variance.variance_shares` returns them.
    """
    baseline = str(shares["baseline"].iloc[0])
    title = f"{scenario} less {baseline}" if baseline else scenario
    table = plain_table(f"What the spread of {title} rests on", "", *GROUPS, "error", numbers=True)
    most = int(shares["pairs"].max())
    for outcome, part in shares.groupby("outcome", sort=False):
        by_group = part.set_index("group").loc[list(GROUPS)]
        alone, in_all = by_group["alone"].to_numpy(float), by_group["in_all"].to_numpy(float)
        error = by_group[["alone_error", "in_all_error"]].to_numpy(float).max()
        pairs = int(part["pairs"].iloc[0])
        label = OUTCOMES[str(outcome)].label + (f" (n={pairs})" if pairs < most else "")
        if missing := no_shares(alone[0], pairs):
            table.add_row(label, missing)
            continue
        if error > _NOISE:
            table.add_row(label, "not resolved", *[""] * (len(GROUPS) - 1), _percent(error, "±"))
            continue
        cells = [_cell(*pair) for pair in zip(alone.tolist(), in_all.tolist(), strict=True)]
        table.add_row(label, *cells, _percent(error, "±"))
    return table


def legend(shares: pd.DataFrame) -> str:
    """Return how to read the tables, and whether there were too few runs for them.

    Parameters
    ----------
    shares : DataFrame
        As `sim.results.variance.variance_shares` returns it.
    """
    few = few_runs(int(shares["pairs"].max()))
    return _LEGEND + (f" Caution: {few}." if few else "")


def _cell(alone: float, in_all: float) -> str:
    return f"{_percent(max(alone, 0))} ({_percent(max(in_all, 0))})"


def _percent(share: float, sign: str = "") -> str:
    return "–" if math.isnan(share) else f"{sign}{100 * share:.0f}"
