"""A comparison as tables for the terminal, and the words of the model that they use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.analysis.compare import (
    ASSUMED_END_STATE_MEANS,
    ASSUMED_MEANS,
    DAGGER,
    Comparison,
    number,
)
from sim.cli.console import plain_table
from sim.explain.words import STATE_NAMES
from sim.measures import OUTCOMES, STATE_OUTCOMES, Outcome
from sim.measures.end_state import END_STATES

# -- words of the model that printed tables and stories use without room to say what they mean -----

_GLOSSARY = {
    r"lognormal\(": "lognormal(m, sigma s): a positive number known up to a factor, median m, two thirds of "
    "draws within a factor exp(s) of it",
    r"(?<!log)normal\(": "normal(m, sd s): mean m and standard deviation s, kept within the range",
    r"uniform\(": "uniform(a, b): every value between them equally likely",
    r"\blines?\b": "line: the alignment with Moscow that a regime seeks, -1 (against) to 1 (with); its "
    "alignment follows with time",
    r"\bsparks?\b": "spark: what an event adds to every citizen's grievance while it lasts",
    r"\bfocal events?\b": "focal event: one that many hear of at once, so that they may come out together",
    r"\brungs?\b": "rung: a step of the ladder of Moscow's help, from political support to troops",
    r"\blegitimacy\b": "legitimacy: how far citizens hold that the regime may rule, 0 to 1",
    r"\bcohesion\b": "cohesion: how far elites stand together, 0 to 1",
    r"\blame duck\b": "lame duck: a leader whom elites expect to leave, so that they look for the next",
    r"\bloyalty\b": "loyalty: how ready security services are to act for the regime, 0 to 1",
    r"in open opposition|of citizens;": "open opposition: of any kind, in public; about a tenth of it is on "
    "the street, so 10 % is 1 % of citizens there",
}
"""What a term means, by the pattern of its use."""


def glossary(text: str) -> str:
    """Return what the terms in a text mean, as one paragraph; empty if it has none.

    Parameters
    ----------
    text : str
        What is printed.
    """
    meanings = [meaning for pattern, meaning in _GLOSSARY.items() if re.search(pattern, text)]
    return f"Words: {'; '.join(meanings)}." if meanings else ""


# -- differences as tables show them ---------------------------------------------------------------


def difference_text(difference: float, low: float, high: float) -> str:
    """Return a difference with its sign and interval, as in ``+0.31 [0.1, 0.52]``."""
    sign = "+" if difference > 0 else ""
    return f"{sign}{_fine(difference)} [{_fine(low)}, {_fine(high)}]"


def _fine(value: float) -> str:
    """Write a number so that one which is not 0 does not look like it."""
    return f"{value:.1g}" if 0 < abs(value) < 0.01 else number(value)


# -- A comparison as tables for the terminal -------------------------------------------------------

_LABEL_WIDTH = 26
_CELL_WIDTH = 24  # of a difference below 10, with its interval and both marks
_FEW_RUNS = 20  # below it a bootstrap sees too little of a distribution


def single_table(comparison: Comparison) -> Table:
    """Return the key outcomes of the first scenario: mean, median, and the middle 90 % of runs."""
    name = comparison.scenarios[0]
    table = plain_table(
        f"Outcomes of {name}", "", "mean", "median", "5 % of runs below", "5 % above", numbers=True
    )
    for outcome in comparison.shown:
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
    chosen = {outcome: OUTCOMES[outcome] for outcome in comparison.shown}
    yield from _tables("Outcomes", comparison.values, chosen, comparison, width)


def state_tables(values: pd.DataFrame, comparison: Comparison, width: int) -> Iterator[Table]:
    """Yield what happens to single states, state by state; cells are read as those of `comparison_tables`.

    Parameters
    ----------
    values : DataFrame
        As `Comparison.by_state` returns it.
    comparison : Comparison
    width : int
        Characters a line.
    """
    for state in dict.fromkeys(values.index.get_level_values("state")):
        rows = values[values.index.get_level_values("state") == state].droplevel("state")
        yield from _tables(f"{STATE_NAMES[state]} ({state})", rows, STATE_OUTCOMES, comparison, width)


def baseline_first(comparison: Comparison) -> tuple[str, ...]:
    """Return the scenarios with the one that the others are held against in front."""
    others = (name for name in comparison.scenarios if name != comparison.baseline)
    return comparison.baseline, *others


def legend(comparison: Comparison, *, by_state: bool = False) -> str:
    """Return how to read a cell of `comparison_tables`.

    Parameters
    ----------
    comparison : Comparison
    by_state : bool
        Whether `state_tables` are shown as well.
    """
    runs = int(comparison.values["runs"].max())
    few = f" With {runs} runs the intervals are too narrow." if runs < _FEW_RUNS else ""
    differences = (
        f" Second line: difference from {comparison.baseline} with common random numbers [95 % interval]; * "
        "where that excludes 0, as one in twenty would by chance alone."
    )
    unaudited = comparison.unaudited()
    if by_state:
        unaudited += " Differences of single states are not audited."
    return (
        "First line: mean (5 % and 95 % of runs)."
        + (differences if len(comparison.scenarios) > 1 else "")
        + (f" {DAGGER} {ASSUMED_MEANS}" if comparison.assumed else "")
        + (f" {unaudited.strip()}" if unaudited else "")
        + " `sim list --outcomes` defines each row; falls and successors are those of 11 states, "
        f"without the Baltics.{few}"
    )


def end_state_table(comparison: Comparison) -> Table:
    """Return the share of runs that end in each class, with 95 % Wilson intervals."""
    marked = comparison.assumed_end_states
    table = plain_table("End states, share of runs (95 % interval)", "", *END_STATES, numbers=True)
    for name in baseline_first(comparison):
        rows = {state: comparison.end_state(name, state) for state in END_STATES}
        table.add_row(name, *(_share(row, (name, state) in marked) for state, row in rows.items()))
    return table


def end_state_legend(comparison: Comparison) -> str:
    """Return what the mark in `end_state_table` means; empty if it has none."""
    return f"{DAGGER} {ASSUMED_END_STATE_MEANS}" if comparison.assumed_end_states else ""


def _share(row: Mapping[str, float], assumed: bool) -> str:
    mark = f" {DAGGER}" if assumed else ""
    return f"{row['share']:.0%} ({row['low']:.0%}-{row['high']:.0%}){mark}"


def _tables(
    title: str, values: pd.DataFrame, outcomes: Mapping[str, Outcome], comparison: Comparison, width: int
) -> Iterator[Table]:
    """Yield tables of outcomes by scenario; ``values`` has scenario and outcome in its index."""
    room = max(1, (width - _LABEL_WIDTH) // (_CELL_WIDTH + 2))
    for names in _in_parts(baseline_first(comparison), room):
        table = plain_table(title, "", *names, numbers=True)
        for outcome, meaning in outcomes.items():
            table.add_row(meaning.label, *(_cell(comparison, values, name, outcome) for name in names))
        yield table


def _in_parts(names: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (names[first : first + size] for first in range(0, len(names), size))


def _cell(comparison: Comparison, values: pd.DataFrame, name: str, outcome: str) -> Text:
    row = {str(key): float(value) for key, value in values.loc[[(name, outcome)]].iloc[0].items()}
    cell = Text(f"{number(row['mean'])} ({number(row['q05'])}, {number(row['q95'])})")
    if name != comparison.baseline:
        sure = row["low"] > 0 or row["high"] < 0
        sign = "+" if row["difference"] > 0 else ""
        interval = f"[{number(row['low'])}, {number(row['high'])}]"
        mark = " *" if sure else ""
        # Outcomes of one state were not audited, though some share a name with those that were.
        audited = values is comparison.values
        mark += f" {DAGGER}" if audited and (name, outcome) in comparison.assumed else ""
        cell.append(f"\n{sign}{number(row['difference'])} {interval}{mark}", style="bold" if sure else "dim")
    return cell
