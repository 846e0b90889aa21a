"""A comparison as tables for the terminal, and the words of the model that they use."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.analysis.beside import theses_of
from sim.analysis.by_state import of_one_state, shown_of
from sim.analysis.compare import Comparison
from sim.analysis.ends import ROUNDED, difference_of, difference_parts
from sim.analysis.frames import changed_frames, framed, frames_in_words
from sim.analysis.intervals import visible
from sim.analysis.marked import HOW_MARKED, marks
from sim.analysis.states_in_words import state_lines
from sim.analysis.written import (
    ASSUMED_END_STATE_MEANS,
    ASSUMED_MEANS,
    DAGGER,
    FEW_RUNS,
    NOTHING_DIFFERS,
    OF_WHAT_IS_SO,
    UNAUDITED,
    UNAUDITED_STATES,
    difference_text,
    level_text,
    number,
    whole_percent,
)
from sim.cli.console import plain_table
from sim.explain.words import state_title
from sim.measures import OUTCOMES, STATE_OUTCOMES
from sim.measures.end_state import END_STATES

if TYPE_CHECKING:
    from sim.analysis.effects import Effects

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
    r"\bend state is\b": "end state: the class in which a run ends, by the first rule on its outcomes "
    "that holds; status quo is what is left (docs/OUTCOMES.md)",
    r"in open opposition|of citizens;": "open opposition: of any kind, in public; about a hundredth of it is "
    "on the street, so 10 % is .1 % of citizens there",
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


# -- A comparison as tables for the terminal -------------------------------------------------------

WIDTH = 100
"""Characters a line that tables keep to where they are piped."""

_GAP = 2  # between columns
_NARROWEST = 14  # of a column of differences


def paragraphs(comparisons: Sequence[Comparison], width: int, effects: Effects | None = None) -> str:
    """Return comparisons in words, as files have them, then how they were run if not as shipped."""
    lines = [line for item in comparisons for line in (*item.in_words(), *state_lines(item))]
    lines += effects.in_words() if effects else []
    lines += dict.fromkeys(filter(None, map(framed, comparisons)))
    return "\n".join(textwrap.fill(line, width, subsequent_indent="  ") for line in lines)


def single_table(comparison: Comparison) -> Table:
    """Return the outcomes of the first scenario: mean, median, and the middle 90 % of runs."""
    name = comparison.scenarios[0]
    over = f" {comparison.window}" if comparison.window else ""
    told = frames_in_words(changed_frames(comparison.results.about), [name])
    title = f"Outcomes of {name}{over}{told and f', {told}'}"
    table = plain_table(title, "", "mean", "median", "5 % of runs below", "5 % above", numbers=True)
    for outcome in comparison.shown:
        row = comparison.outcome(name, outcome)
        table.add_row(
            OUTCOMES[outcome].label, *(number(row[key]) for key in ("mean", "median", "q05", "q95"))
        )
    return table


class Column(Protocol):
    """What stands under one heading."""

    @property
    def heading(self) -> str:
        """The heading."""

    def cell(self, outcome: str) -> Text:
        """Return what stands in the row of an outcome."""


@dataclass(frozen=True, slots=True, eq=False)
class _Scenario:
    """A scenario of a comparison, and the values of its outcomes."""

    comparison: Comparison
    values: pd.DataFrame
    name: str
    label: str = ""  # the heading, if it is not the name

    @property
    def heading(self) -> str:
        """What stands over it."""
        return self.label or self.name

    def cell(self, outcome: str) -> Text:
        """Return the mean of an outcome with 90 % of runs, and below it the difference from the baseline."""
        row = {
            str(key): float(value) for key, value in self.values.loc[[(self.name, outcome)]].iloc[0].items()
        }
        # Outcomes of one state were not audited, though some share a name with those that were.
        audited = self.values is self.comparison.values
        cell = Text(level_text(row, (OUTCOMES if audited else STATE_OUTCOMES)[outcome], between=", "))
        if self.name == self.comparison.baseline:
            return cell
        sure = visible(row)
        assumed = audited and (self.name, outcome) in self.comparison.assumed
        signs, *beside = marks(row, self.comparison.pairs(self.name), assumed=assumed)
        told = difference_text(row["difference"], row["low"], row["high"])
        cell.append(f"\n{told} {signs}".rstrip(), style="bold" if sure else "dim")
        for each in filter(None, beside):
            cell.append(f"\n{each}", style="dim")
        return cell


def comparison_tables(comparisons: Sequence[Comparison], width: int) -> Iterator[Table]:
    """Yield the outcomes by scenario, as many scenarios a table as fit; `legend` says how to read them.

    Parameters
    ----------
    comparisons : sequence of Comparison
        Of the same outcomes.
    width : int
        Characters a line.
    """
    if not comparisons[0].shown:  # nothing differs, and only that is to be shown
        return
    columns = [_Scenario(item, item.values, name) for item in comparisons for name in item.ordered]
    over = f" {comparisons[0].window}" if comparisons[0].window else ""
    yield from outcome_tables(
        f"Outcomes{over}", columns, {name: OUTCOMES[name].label for name in comparisons[0].shown}, width
    )


def beside_tables(
    side_by_side: Sequence[Comparison], comparisons: Sequence[Comparison], width: int
) -> Iterator[Table]:
    """Yield theses side by side under each scenario that is laid over them.

    Parameters
    ----------
    side_by_side : sequence of Comparison
        As `sim.analysis.beside.beside` returns them.
    comparisons : sequence of Comparison
        What it was given.
    width : int
        Characters a line.
    """
    for item in side_by_side:
        plain, theses = theses_of(item, comparisons)
        over = f" {item.window}" if item.window else ""
        title = f"Theses side by side under {plain}{over}; second line: difference from {item.baseline}"
        columns = [_Scenario(item, item.values, name, theses[name]) for name in item.ordered]
        yield from outcome_tables(title, columns, {name: OUTCOMES[name].label for name in item.shown}, width)


def state_tables(comparisons: Sequence[Comparison], width: int) -> Iterator[Table | str]:
    """Yield what happens to single states, state by state; cells are read as those of `comparison_tables`.

    A sentence stands for a table where only what differs is shown, and nothing does.

    Parameters
    ----------
    comparisons : sequence of Comparison
        Of the same states.
    width : int
        Characters a line.
    """
    for state in comparisons[0].states:
        title = f"What happens to {state_title(state)}"
        shown = shown_of(comparisons[0], state)
        if not shown:
            yield f"{title}: {NOTHING_DIFFERS}"
            continue
        columns: list[_Scenario] = []
        for item in comparisons:
            mine = of_one_state(item.of_states, state)
            columns += [_Scenario(item, mine, name) for name in item.ordered]
        labels = {name: f"{outcome.label}\n({outcome.unit})" for name, outcome in shown.items()}
        yield from outcome_tables(title, columns, labels, width)


def legend(comparisons: Sequence[Comparison]) -> str:
    """Return how to read a cell of `comparison_tables` and `state_tables`.

    Parameters
    ----------
    comparisons : sequence of Comparison
    """
    runs = int(max(item.values["runs"].max() for item in comparisons))
    few = f" With {runs} runs the intervals are too narrow." if runs < FEW_RUNS else ""
    against = " or ".join(item.baseline for item in comparisons)
    differences = (
        f" Second line: difference from {against} with common random numbers [95 % interval]; {HOW_MARKED}"
    )
    unaudited = _unaudited(comparisons)
    of_states = any(item.states for item in comparisons)
    if of_states:
        unaudited += f" {OF_WHAT_IS_SO} {UNAUDITED_STATES}"
        unaudited += " A state whose alignment is at -1 or 1 can move one way only."
    of_the_region = "of the region " if of_states else ""
    return (
        "First line: mean (5 % and 95 % of runs)."
        + (differences if any(len(item.scenarios) > 1 for item in comparisons) else "")
        + (f" {DAGGER} {ASSUMED_MEANS}" if any(item.assumed for item in comparisons) else "")
        + (f" {unaudited.strip()}" if unaudited else "")
        + " `sim list --outcomes` defines each row; falls and successors "
        f"{of_the_region}are those of 11 states, without the Baltics.{few}"
    )


def _unaudited(comparisons: Sequence[Comparison]) -> str:
    """Return what was not audited; of several baselines, in a few words."""
    notes = [note for item in comparisons if (note := item.unaudited())]
    if len(comparisons) == 1 or not notes:
        return " ".join(notes)
    whole = [item.audit.over_whole_runs(item.scenarios, item.shown, END_STATES) for item in comparisons]
    return " ".join([f"{UNAUDITED} any difference.", *filter(None, whole)])


def end_state_table(comparisons: Sequence[Comparison], width: int = WIDTH) -> Table:
    """Return the share of runs that end in each class with 95 % Wilson intervals, and differences below."""
    over = f" {comparisons[0].window}" if comparisons[0].window else ""
    table = plain_table(
        f"End states{over}, share of runs in % (95 % interval)", "", *END_STATES, numbers=True
    )
    rows = [
        (item, name, [_share(item, name, state) for state in END_STATES])
        for item in comparisons
        for name in item.ordered
    ]
    room = width - sum(
        _GAP
        + max(len(state), *(len(line) for _, _, cells in rows for line in cells[place].plain.split("\n")))
        for place, state in enumerate(END_STATES)
    )
    for _, name, cells in rows:
        table.add_row(_folded(name, max(room, _NARROWEST)), *cells)
    return table


def end_state_legend(comparisons: Sequence[Comparison]) -> str:
    """Return how to read a cell of `end_state_table`."""
    against = " or ".join(item.baseline for item in comparisons)
    differences = f"Second line: difference from {against} in percentage points, otherwise as for outcomes. "
    marked = any(item.assumed_end_states for item in comparisons)
    return (
        (differences if any(len(item.scenarios) > 1 for item in comparisons) else "")
        + ROUNDED
        + (f" {DAGGER} {ASSUMED_END_STATE_MEANS}" if marked else "")
    )


def _share(comparison: Comparison, name: str, state: str) -> Text:
    """Return a share with its interval, and below it the difference from the baseline."""
    row = comparison.end_state(name, state)
    cell = Text(f"{whole_percent(row['share'])} ({whole_percent(row['low'])}–{whole_percent(row['high'])})")
    if name == comparison.baseline:
        return cell
    told, *beside = difference_parts(comparison, name, state)
    cell.append(f"\n{told}", style="bold" if visible(difference_of(row)) else "dim")
    for each in filter(None, beside):
        cell.append(f"\n{each}", style="dim")
    return cell


def outcome_tables(
    title: str,
    columns: Sequence[Column],
    labels: Mapping[str, str],
    width: int,
) -> Iterator[Table]:
    """Yield tables of outcomes by scenario, none wider than asked for if a single column fits.

    A label may have two lines, such as with a unit beside the second line of the cells.
    """
    cells = {column: [column.cell(name) for name in labels] for column in columns}
    widths = {
        column: max(_NARROWEST, *(len(line) for cell in texts for line in cell.plain.split("\n")))
        for column, texts in cells.items()
    }
    room = width - max(len(line) for text in labels.values() for line in text.split("\n"))
    for part in _that_fit(columns, widths, room):
        table = plain_table(title, "", *(_folded(item.heading, widths[item]) for item in part), numbers=True)
        for place, text in enumerate(labels.values()):
            table.add_row(text, *(cells[column][place] for column in part))
        yield table


def _that_fit(columns: Sequence[Column], widths: Mapping[Column, int], room: int) -> Iterator[list[Column]]:
    """Yield columns in parts, each as many as fit; at least one."""
    part: list[Column] = []
    left = room
    for column in columns:
        left -= widths[column] + _GAP
        if part and left < 0:
            yield part
            part, left = [], room - widths[column] - _GAP
        part.append(column)
    if part:
        yield part


def _folded(name: str, width: int) -> str:
    """Break a name after hyphens, so that it does not make its column wider than its numbers."""
    return "\n".join(textwrap.wrap(name, width))
