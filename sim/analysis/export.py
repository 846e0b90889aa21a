"""Comparisons as tables for a paper: Excel, LaTeX, Markdown, and HTML that a word processor takes."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis import effects_in_words, workbook
from sim.analysis.by_state import of_one_state, shown_of
from sim.analysis.ends import ROUNDED, difference_parts, differences_are
from sim.analysis.frames import framed
from sim.analysis.in_markdown import summary
from sim.analysis.intervals import rows_of
from sim.analysis.marked import HOW_MARKED, marks
from sim.analysis.states_in_words import state_lines
from sim.analysis.stored_signposts import cautions_of, how_to_store, stored_signposts
from sim.analysis.written import (
    ASSUMED_END_STATE_MEANS,
    ASSUMED_MEANS,
    DAGGER,
    OF_WHAT_IS_SO,
    UNAUDITED_STATES,
    difference_text,
    level_text,
    share_text,
)
from sim.errors import RequestError
from sim.experiment.files import PACKAGE, replacing, version_of, write_text
from sim.experiment.folder import EXPORTED
from sim.explain.words import state_title
from sim.extras import extras_named
from sim.measures import OUTCOMES, Outcome
from sim.measures.end_state import END_STATES
from sim.naming import several
from sim.scenario.states import STATE_NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from sim.analysis.compare import Comparison
    from sim.analysis.effects import Effects

_WORDS = "in words"


def outcome_table(comparison: Comparison) -> pd.DataFrame:
    """Return the outcomes that are shown as text: a row an outcome, two columns a scenario.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    DataFrame
        In the index the outcome's label with its unit. By scenario the mean with 5 % and 95 % of runs, and
        the difference with its interval and mark, which the baseline has not.
    """
    shown = {name: OUTCOMES[name] for name in comparison.shown}
    return _as_text(comparison, comparison.values, shown, comparison.assumed, "outcome")


def state_table(comparison: Comparison, state: str) -> pd.DataFrame:
    """Return what happens to a single state as text, with the columns of `outcome_table`.

    Parameters
    ----------
    comparison : Comparison
    state : str
        Code of one of its ``states``, by whose name the index is called.
    """
    values = of_one_state(comparison.of_states, state)
    return _as_text(comparison, values, shown_of(comparison, state), frozenset(), state_title(state))


def _as_text(
    comparison: Comparison,
    values: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    assumed: Collection[tuple[str, str]],
    heading: str,
) -> pd.DataFrame:
    found = rows_of(values)
    columns: dict[tuple[str, str], list[str]] = {}
    for name in comparison.ordered:
        rows = [found[name, outcome] for outcome in outcomes]
        columns[name, "mean (5–95 %)"] = [
            level_text(row, entry) for row, entry in zip(rows, outcomes.values(), strict=True)
        ]
        if name == comparison.baseline:
            continue
        columns[name, "difference [95 %]"] = [
            difference_cell(row, comparison.pairs(name), assumed=(name, outcome) in assumed)
            for row, outcome in zip(rows, outcomes, strict=True)
        ]
    index = [entry.label_with_unit for entry in outcomes.values()]
    table = pd.DataFrame(columns, index=pd.Index(index, name=heading))
    table.columns = pd.MultiIndex.from_tuples(list(columns), names=["scenario", ""])
    return table


def difference_cell(row: Mapping[str, float], most: float, *, assumed: bool) -> str:
    """Return a difference with its interval, and the marks of `sim.analysis.marked.marks`, in one line."""
    told = difference_text(row["difference"], row["low"], row["high"])
    return " ".join(filter(None, (told, *marks(row, most, assumed=assumed))))


def end_state_table(comparison: Comparison) -> pd.DataFrame:
    """Return the shares of runs by class as text, a column a class.

    A row a scenario, and below each but the baseline one with its differences, in percentage points.
    """
    rows: dict[str, list[str]] = {}
    for name in comparison.ordered:
        found = [comparison.end_state(name, state) for state in END_STATES]
        rows[name] = [share_text(row["share"], row["low"], row["high"]) for row in found]
        if name != comparison.baseline:
            rows[f"{name} less {comparison.baseline}"] = [
                " ".join(filter(None, difference_parts(comparison, name, state))) for state in END_STATES
            ]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(END_STATES))
    table.index.name = "scenario"
    return table


def end_state_notes(comparison: Comparison) -> list[str]:
    """Return how to read `end_state_table`."""
    rests = f"{DAGGER} {ASSUMED_END_STATE_MEANS}" if comparison.assumed_end_states else ""
    told = ("Share of runs in %, with its 95 % interval.", differences_are(comparison), ROUNDED, rests)
    return [part for part in told if part]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as it is printed: with what stands above and under it."""

    caption: str
    cells: pd.DataFrame
    notes: tuple[str, ...]
    widths: tuple[float, ...]  # of its columns, as shares of a line


_PAIR = (0.28, 0.19, 0.19, 0.26)  # label, baseline, scenario, difference
_SHARES = (0.22, *[0.72 / len(END_STATES)] * len(END_STATES))


def _tables(comparison: Comparison) -> Iterator[_Table]:
    """Yield all that is to be read, each table no wider than a page: one a scenario, beside the baseline."""
    under = f" under {comparison.under}" if comparison.under else ""
    over = f", {comparison.window}" if comparison.window else ""
    read, made = _read(comparison), _made(comparison)
    marked = _marked(comparison)
    unaudited = [note] if (note := comparison.unaudited()) else []
    for against, cells in _pairs(comparison, outcome_table(comparison)):
        dagger = [f"{DAGGER} {ASSUMED_MEANS}"] if DAGGER in cells.to_csv() else []
        yield _Table(
            f"Outcomes{under}: {against}{over}", cells, (*read, *marked, *dagger, *unaudited, made), _PAIR
        )
    ends = (*end_state_notes(comparison), *read[1:], *marked)
    yield _Table(
        f"How runs end{under}{over}",
        end_state_table(comparison),
        (*ends, *unaudited, made),
        _SHARES,
    )
    of_states = [OF_WHAT_IS_SO, *([UNAUDITED_STATES] if len(comparison.scenarios) > 1 else [])]
    for state in filter(partial(shown_of, comparison), comparison.states):
        for against, cells in _pairs(comparison, state_table(comparison, state)):
            caption = f"What happens to {state_title(state)}{under}: {against}{over}"
            yield _Table(caption, cells, (*read, *marked, *of_states, made), _PAIR)


def _pairs(comparison: Comparison, table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield a table scenario by scenario beside the baseline, and which these are."""
    baseline = comparison.baseline
    others = comparison.ordered[1:]
    if not others:
        yield baseline, table
    for name in others:
        yield f"{name} and {baseline}", table[[baseline, name]]


def _read(comparison: Comparison) -> list[str]:
    """Return how the numbers are to be read, and of which runs they are."""
    over = f" Measured {comparison.window}." if comparison.window else ""
    runs = int(comparison.values["runs"].max())
    framing = [told] if (told := framed(comparison)) else []
    return [
        f"Differences are from {comparison.baseline}, pair by pair with common random numbers; {runs} runs a "
        f"scenario.{over}",
        *framing,
    ]


def _marked(comparison: Comparison) -> list[str]:
    """Return what the marks beside differences mean, where there are any differences."""
    return [HOW_MARKED] if len(comparison.scenarios) > 1 else []


def notes(comparison: Comparison) -> list[str]:
    """Return how to read the tables, what was not audited, and by which version from which seed."""
    parts = [
        *_read(comparison),
        *_marked(comparison),
        f"{DAGGER} {ASSUMED_MEANS}" if comparison.assumed else "",
        f"End states: {' '.join(end_state_notes(comparison))}",
        comparison.unaudited(),
        OF_WHAT_IS_SO if comparison.states else "",
        UNAUDITED_STATES if comparison.states and len(comparison.scenarios) > 1 else "",
        _made(comparison),
    ]
    return [part for part in parts if part]


def _made(comparison: Comparison) -> str:
    """Return which version made the runs from which seed, with their number."""
    about = comparison.results.about
    seed = "" if about.get("seed") is None else f"seed {about['seed']}"
    runs = f"{int(comparison.values['runs'].max())} runs per scenario"
    return f"Source: {', '.join(filter(None, (f'{PACKAGE} {version_of(about)}'.strip(), seed, runs)))}."


@extras_named()
def export(
    comparisons: Sequence[Comparison], folder: Path, kinds: Sequence[str], effects: Effects | None = None
) -> list[Path]:
    """Write comparisons as tables.

    Parameters
    ----------
    comparisons : sequence of Comparison
    folder : Path
        Must exist. Files of an earlier call are replaced.
    kinds : sequence of str
        Of `KINDS`.
    effects : Effects, optional
        By how much effects differ between theses.

    Returns
    -------
    list of Path
        Of the files, one a kind.

    Raises
    ------
    RequestError
        If a kind is unknown.
    MissingExtraError
        If the extra ``report`` is not installed, and the kind needs it.
    """
    kinds = several(kinds, "kinds")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise RequestError(f"no tables are written as {unknown[0]!r}: use {', '.join(KINDS)}")
    files = {kind: folder / f"{EXPORTED}.{kind}" for kind in kinds}
    for kind, path in files.items():
        KINDS[kind](comparisons, effects, path)
    return list(files.values())


def _words(comparison: Comparison) -> list[str]:
    """Return a comparison in words, then what it is for the states that are asked about."""
    return [*comparison.in_words(), *state_lines(comparison)]


def _told(
    comparisons: Sequence[Comparison], effects: Effects | None
) -> Iterator[tuple[list[str], Iterator[_Table]]]:
    """Yield what is said in words, and the tables behind it."""
    yield from ((_words(item), _tables(item)) for item in comparisons)
    yield (effects.in_words() if effects else []), _effect_tables(effects)


def _effect_tables(effects: Effects | None) -> Iterator[_Table]:
    """Yield by how much effects differ between theses: of the region, then of each state."""
    if effects is None:
        return
    for part in effects.parts:
        cells = effects_in_words.effect_table(effects, part)
        if cells.empty:
            continue
        where = f", {state_title(part.state)}" if part.state else ""
        widths = (_PAIR[0], *[0.64 / cells.shape[1]] * cells.shape[1])
        read = (HOW_MARKED, effects_in_words.HOW_READ, _made(effects.comparisons[0]))
        yield _Table(f"{effects_in_words.title(effects)}{where}", cells, read, widths)


def _excel(comparisons: Sequence[Comparison], effects: Effects | None, path: Path) -> None:
    """Write a workbook: what is to be read, then every number."""
    import_module("openpyxl")  # in the extra `report`
    with replacing(path) as partial, pd.ExcelWriter(partial, engine="openpyxl") as book:
        words = [line for item in comparisons for line in (*_words(item), *notes(item))]
        words += [*effects.in_words(), effects_in_words.HOW_READ] if effects else []
        stored = stored_signposts(comparisons[0].results)
        if stored is None and len(comparisons[0].scenarios) > 1:
            words.append(f"What to watch is not stored here: {how_to_store(comparisons[0].results)}")
        if stored is not None:
            words += [f"What to watch: {line}" for line in cautions_of(stored, comparisons[0].results)]
        pd.DataFrame({_WORDS: words}).to_excel(book, sheet_name=_WORDS, index=False)
        for each in _effect_tables(effects):
            sheet = workbook.sheet_name(f"effects {each.cells.index.name}".removesuffix(" outcome"))
            workbook.flat(each.cells).to_excel(book, sheet_name=sheet, index=False)
        for place, item in enumerate(comparisons, start=1):
            whose = f" {place}, {item.under or item.baseline}" if len(comparisons) > 1 else ""
            texts = {"outcomes": outcome_table(item), "end states": end_state_table(item)}
            texts |= {
                STATE_NAMES[state]: state_table(item, state) for state in item.states if shown_of(item, state)
            }
            for name, table in texts.items():
                workbook.flat(table).to_excel(
                    book, sheet_name=workbook.sheet_name(f"{name}{whose}"), index=False
                )
        for name, table in workbook.numbers(comparisons, effects).items():
            table.to_excel(book, sheet_name=name, index=False)
        if stored is not None:
            stored.to_excel(book, sheet_name="signposts", index=False)
        for sheet in book.book.worksheets:
            workbook.dress(sheet, prose=sheet.title == _WORDS)


_TEX = str.maketrans(
    {letter: f"\\{letter}" for letter in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"\n": " ", "\r": " "}
)


def _tex(text: str) -> str:
    """Return text as LaTeX prints it as it stands."""
    return text.translate(_TEX).replace("--", "-{}-")  # no dash


def _latex(comparisons: Sequence[Comparison], effects: Effects | None, path: Path) -> None:
    """Write tables with caption and notes, for the packages array and booktabs."""
    import_module("jinja2")  # by which pandas writes LaTeX
    parts = [r"% \usepackage{array,booktabs}"]
    for words, tables in _told(comparisons, effects):
        parts += [f"% {line}" for line in words]
        for table in tables:
            columns = "".join(
                rf">{{\{'raggedleft' if place else 'raggedright'}\arraybackslash}}p{{{width:.3f}\linewidth}}"
                for place, width in enumerate(table.widths[: 1 + len(table.cells.columns)])
            )
            cells = table.cells.to_latex(
                escape=True, index_names=False, column_format=columns, multicolumn_format="c"
            )
            parts += [
                r"\begin{table}[htbp]", r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
                rf"\caption{{{_tex(table.caption)}}}", cells.strip(),
                rf"\par\smallskip\raggedright {_tex(' '.join(table.notes))}", "\\end{table}\n",
            ]  # fmt: skip
    write_text(path, "\n".join(parts).replace(DAGGER, r"\textdagger{}"))


def _markdown(comparisons: Sequence[Comparison], effects: Effects | None, path: Path) -> None:
    write_text(path, summary(comparisons) + (effects_in_words.section(effects) if effects else ""))


_STYLE = (
    "body{font-family:serif;font-size:11pt}table{border-collapse:collapse;margin:1em 0}"
    "th,td{border:1px solid #000;padding:2pt 5pt;text-align:right;vertical-align:top}"
    "th:first-child{text-align:left}caption{text-align:left;font-weight:bold}"
)


def _html(comparisons: Sequence[Comparison], effects: Effects | None, path: Path) -> None:
    """Write a plain page, whose tables keep their lines when they are pasted into a word processor."""
    parts = []
    for words, tables in _told(comparisons, effects):
        parts += [f"<p>{html.escape(line)}</p>" for line in words]
        for table in tables:
            head, line, rest = table.cells.to_html(escape=True, border=1, index_names=False).partition("\n")
            caption = f"<caption>{html.escape(table.caption)}</caption>"
            parts += [f"{head}{caption}{line}{rest}", f"<p>{html.escape(' '.join(table.notes))}</p>"]
    body = "\n".join(parts)
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Tables</title>'
        f"<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )
    write_text(path, page)


KINDS: Mapping[str, Callable[[Sequence[Comparison], Effects | None, Path], None]] = {
    "xlsx": _excel, "tex": _latex, "md": _markdown, "html": _html,
}  # fmt: skip
"""What writes each kind of file, by its suffix."""
