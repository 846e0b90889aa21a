"""A comparison as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from sim.cli.console import plain_table
from sim.outcomes import OUTCOMES
from sim.results.compare import ASSUMED_MEANS, DAGGER, KEY_OUTCOMES, Comparison, number
from sim.results.end_state import END_STATES

_LABEL_WIDTH = 30
_CELL_WIDTH = 17
_FEW_RUNS = 20  # below it a bootstrap sees too little of a distribution


def single_table(comparison: Comparison) -> Table:
    """Return the key outcomes of the first scenario: mean, median, and the middle 90 % of runs."""
    name = comparison.scenarios[0]
    table = plain_table(
        f"Outcomes of {name}", "", "mean", "median", "5 % of runs below", "5 % above", numbers=True
    )
    for outcome in KEY_OUTCOMES:
        row = comparison.outcome(name, outcome)
        table.add_row(
            OUTCOMES[outcome].label, *(number(row[key]) for key in ("mean", "median", "q05", "q95"))
        )
    return table


def comparison_tables(comparison: Comparison, width: int) -> Iterator[Table]:
    """Yield the key outcomes by scenario, as many scenarios a table as fit; `legend` says how to read them.

    Parameters
    ----------
    comparison : Comparison
    width : int
        Characters a line.
    """
    room = max(1, (width - _LABEL_WIDTH) // (_CELL_WIDTH + 2))
    names = baseline_first(comparison)
    for first in range(0, len(names), room):
        shown = names[first : first + room]
        table = plain_table("Outcomes", "", *shown, numbers=True)
        for outcome in KEY_OUTCOMES:
            table.add_row(OUTCOMES[outcome].label, *(_cell(comparison, name, outcome) for name in shown))
        yield table


def baseline_first(comparison: Comparison) -> tuple[str, ...]:
    """Return the scenarios with the one that the others are held against in front."""
    others = (name for name in comparison.scenarios if name != comparison.baseline)
    return comparison.baseline, *others


def legend(comparison: Comparison) -> str:
    """Return how to read a cell of `comparison_tables`."""
    runs = int(comparison.values["runs"].max())
    few = f" With {runs} runs the intervals are too narrow." if runs < _FEW_RUNS else ""
    differences = (
        f" Second line: difference from {comparison.baseline} on the same luck [95 % interval]; * where that "
        "excludes 0, as one in twenty would by chance alone."
    )
    return (
        "First line: mean (5 % and 95 % of runs)."
        + (differences if len(comparison.scenarios) > 1 else "")
        + (f" {DAGGER} {ASSUMED_MEANS}" if comparison.assumed else "")
        + " `sim list --outcomes` defines each row; falls and successors are those of 11 states, "
        f"without the Baltics.{few}"
    )


def end_state_table(comparison: Comparison) -> Table:
    """Return the share of runs that end in each class, with 95 % Wilson intervals."""
    table = plain_table("End states, share of runs (95 % interval)", "", *END_STATES, numbers=True)
    for name in baseline_first(comparison):
        rows = [comparison.end_state(name, state) for state in END_STATES]
        table.add_row(name, *(f"{row['share']:.0%} ({row['low']:.0%}-{row['high']:.0%})" for row in rows))
    return table


def _cell(comparison: Comparison, name: str, outcome: str) -> Text:
    row = comparison.outcome(name, outcome)
    cell = Text(f"{number(row['mean'])} ({number(row['q05'])}, {number(row['q95'])})")
    if name != comparison.baseline:
        sure = row["low"] > 0 or row["high"] < 0
        sign = "+" if row["difference"] > 0 else ""
        interval = f"[{number(row['low'])}, {number(row['high'])}]"
        mark = " *" if sure else ""
        mark += f" {DAGGER}" if (name, outcome) in comparison.assumed else ""
        cell.append(f"\n{sign}{number(row['difference'])} {interval}{mark}", style="bold" if sure else "dim")
    return cell
