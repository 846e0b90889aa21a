"""How scenarios end, and by how much that differs from the baseline: shares of runs, class by class."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.intervals import wilson
from sim.analysis.marked import marks
from sim.analysis.written import points_text
from sim.measures.end_state import END_STATES, resting_on

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison

ROUNDED = "Shares are rounded to whole percent, so those of a scenario may not add up to 100."
"""What is said under shares of end states."""

_TOLD = ("difference", "low", "high", "pairs", "tied")
_INDICATOR = "ends in {}"  # with blanks, so that no outcome has such a name


def as_numbers(runs: pd.DataFrame, name: str) -> pd.Series[float]:
    """Return an outcome of runs as numbers; of an end state, 1 for a run that ends so."""
    return (runs["end_state"] == name if name in END_STATES else runs[name]).astype(float)


def with_ends(runs: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return outcomes of runs, and a column for each end state behind them, as `apart` takes them."""
    ends = {_INDICATOR.format(name): as_numbers(runs, name) for name in END_STATES}
    return pd.concat([runs[list(outcomes)], pd.DataFrame(ends)], axis=1)


def apart(values: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return outcomes and end states, each as `sim.analysis.compare.Comparison` has them.

    Parameters
    ----------
    values : DataFrame
        One row a scenario and column of `with_ends`, as `sim.analysis.intervals.against` describes it.
    """
    names = {_INDICATOR.format(name): name for name in END_STATES}
    of_ends = values.index.get_level_values("outcome").isin(names)
    own = values[of_ends].rename(index=names, level="outcome").rename_axis(["scenario", "end_state"])
    hits = (own["mean"] * own["runs"]).round().astype(int)
    bounds = [wilson(hit, trials) for hit, trials in zip(hits, own["runs"], strict=True)]
    low, high = zip(*bounds, strict=True)
    shares = pd.DataFrame({"runs": hits, "share": own["mean"], "low": low, "high": high})
    return values[~of_ends], shares.join(own[list(_TOLD)].rename(columns=_column))


def _column(name: str) -> str:
    """Return what a column of the difference is called beside those of the share."""
    return name if name == "difference" else f"difference_{name}"


def difference_of(rows: Any) -> dict[str, Any]:
    """Return the difference that stands beside a share or a mean, by the keys that `visible` takes.

    Of one row, or of all rows of a table; see `sim.analysis.intervals`.
    """
    return {name: rows[_column(name)] for name in _TOLD}


def labelled(comparison: Comparison) -> pd.DataFrame:
    """Return the end states of a comparison with what is said of each difference, and its baseline.

    ``assumed`` and ``audited`` are as for outcomes, see `sim.analysis.compare.Comparison.labelled`.
    """
    ends = comparison.end_states
    unaudited = comparison.audit.unaudited
    return ends.assign(
        assumed=[key in comparison.assumed_end_states for key in ends.index],
        audited=[scenario not in unaudited for scenario, _ in ends.index],
        baseline=comparison.baseline,
    )


def difference_parts(comparison: Comparison, scenario: str, state: str) -> tuple[str, str, str]:
    """Return the difference of a share in points with its marks; on how few pairs it rests; and ties.

    The last two may be empty.

    Parameters
    ----------
    comparison : Comparison
    scenario, state : str
    """
    row = difference_of(comparison.end_state(scenario, state))
    assumed = (scenario, state) in comparison.assumed_end_states
    signs, pairs, ties = marks(row, comparison.pairs(scenario), assumed=assumed)
    told = points_text(row["difference"], row["low"], row["high"])
    return f"{told} {signs}".rstrip(), pairs, ties


def differences_are(comparison: Comparison) -> str:
    """Return what a difference of shares is, in words; empty where there is none."""
    if len(comparison.scenarios) < 2:
        return ""
    return (
        f"Less {comparison.baseline}: the share less that of {comparison.baseline}, in percentage points, "
        "pair by pair with common random numbers, with its 95 % interval; star, pairs and ties are as for "
        "outcomes."
    )


def assumed_ends(
    shares: pd.Series[float], baseline: str, assumed: Collection[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Return the scenarios and end states whose share differs from the baseline's by an assumption.

    Parameters
    ----------
    shares : Series
        By scenario and end state, of those that are shown.
    baseline : str
    assumed : collection of (str, str)
        Scenarios and outcomes whose difference an audit labels assumed.
    """
    return frozenset(
        (name, state)
        for name, state in resting_on(assumed)
        if (name, state) in shares and shares.loc[name, state] != shares.loc[baseline, state]
    )
