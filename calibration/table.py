"""The comparison as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.cli.console import plain_table

LEGEND = (
    "Record: value (exact 90 % interval of a record of this length; bootstrap over years for variance/mean). "
    "Model: median, by state mean (5 % and 95 % of runs). Tail: two-sided share of runs at least as extreme "
    "as the record. "
    "*: the record lies outside the model's 5-95 %. n: runs in which the pattern is defined."
)
"""How to read `tables`."""


def tables(comparison: pd.DataFrame, heading: str) -> Iterator[Table]:
    """Yield one table a window.

    Parameters
    ----------
    comparison : DataFrame
        From `calibration.comparison.compare`.
    heading : str
        What the model is called.
    """
    for window, rows in comparison.groupby("window", sort=False):
        table = plain_table(
            f"{window}: record next to {heading}", "", "", "record", "", "model", "", "tail", "n", ""
        )
        for column in (0, 1):
            table.columns[column].justify = "left"
        for column in (2, 4, 6, 7):
            table.columns[column].justify = "right"
        for row in rows.to_dict("records"):
            table.add_row(*_cells(row))
        yield table


def state_table(comparison: pd.DataFrame, heading: str) -> Table:
    """Return the record next to the model by state.

    Parameters
    ----------
    comparison : DataFrame
        From `calibration.comparison.by_state`, of one window.
    heading : str
        What the model is called.
    """
    quantities = list(dict.fromkeys(comparison["quantity"]))
    window = comparison["window"].iloc[0]
    headings = [words for quantity in quantities for words in (quantity, "model", "", "")]
    table = plain_table(f"{window}: record next to {heading}, by state", "", *headings, numbers=True)
    for state, rows in comparison.groupby("state", sort=False):
        cells = []
        for row in rows.set_index("quantity").loc[quantities].to_dict("records"):
            interval = f"({number(row['low'])}, {number(row['high'])})"
            cells += [number(row["record"]), number(row["mean"]), interval, "*" if row["outside"] else ""]
        table.add_row(str(state), *cells)
    return table


def number(value: float) -> str:
    """Write a number as short as its size allows; a dash where it is undefined."""
    if not np.isfinite(value):
        return "–"
    if float(value).is_integer():
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _cells(row: dict[Any, Any]) -> list[str | Text]:
    outside = row["outside"]
    known = np.isfinite(row["record_low"])
    return [
        row["number"],
        Text(row["label"], style="bold" if outside else ""),
        number(row["record"]),
        f"({number(row['record_low'])}, {number(row['record_high'])})" if known else "",
        number(row["median"]),
        f"({number(row['low'])}, {number(row['high'])})" if row["runs"] else "",
        f"{row['tail']:.2f}" if np.isfinite(row["tail"]) else "–",
        f"{row['runs']}",
        "*" if outside else "",
    ]
