"""Differences between effects under theses, in words and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.in_words import MOST_TOLD
from sim.analysis.marked import HOW_STARRED, marks
from sim.analysis.written import barely_text, difference_text, number, on_few, pairs_text, points_text
from sim.explain.words import counted, listed, state_title
from sim.measures import OUTCOMES

if TYPE_CHECKING:
    from sim.analysis.effects import Effects, Part

TITLE = "Differences between effects"

HOW_READ = (
    "A star under one thesis and none under another is no difference between the two: only a star here is. "
    "No star here does not say that effects are the same. Differences between effects are not audited."
)
"""What is said under differences between effects, wherever they stand."""


def lines(effects: Effects) -> list[str]:
    """Return a line for each scenario and thesis whose effect differs visibly, or one that none does.

    Parameters
    ----------
    effects : Effects

    Returns
    -------
    list of str
        Each has the largest differences that are visible and rest on half of the replicates or more, then
        how many are visible of how many. Single states have lines of their own.
    """
    return [line for part in effects.parts for line in _lines(effects, part)]


def _lines(effects: Effects, part: Part) -> Iterator[str]:
    where = f" in {state_title(part.state)}" if part.state else ""
    if not part.different:
        whose = f"of {listed(effects.scenarios, 'or')} under {listed(effects.theses, 'or')}"
        compared = len(part.names) * len(effects.laid)
        shown = "" if part.state else " shown"
        yield (
            f"No effect {whose}{where} differs visibly from that under {effects.against}: none of "
            f"{compared} differences{shown} has a star.{_not_shown(effects, part)}"
        )
        return
    for scenario, thesis in effects.laid:
        rows = {name: part.rows[scenario, thesis, name] for name in part.names}
        starred = [name for name, row in rows.items() if row["visible"]]
        if not starred:
            continue
        most = effects.pairs(scenario, thesis)
        told = [name for name in starred if not on_few(rows[name]["pairs"], most)]
        largest = sorted(told, key=lambda name: -_size(rows[name]))[:MOST_TOLD]
        each = [
            f"{label(part, name)} {_text(part, name, rows[name])} {pairs_text(rows[name]['pairs'], most)}"
            for name in largest
        ]
        few = len(starred) - len(told)
        rest = (
            f" On under half of the replicates {'rests' if few == 1 else 'rest'} {few} of them."
            if few
            else ""
        )
        what = "; ".join(map(str.rstrip, each)) or "visible on under half of the replicates alone"
        yield (
            f"{scenario}{where}, effect under {thesis} less effect under {effects.against}: {what}. "
            f"{len(starred)} of {len(rows)} differences {'has' if len(starred) == 1 else 'have'} a star; by "
            f"chance alone up to one in twenty would.{rest}{_not_shown(effects, part, scenario, thesis)}"
        )


def _not_shown(effects: Effects, part: Part, *laid: str) -> str:
    """Return which outcomes that are not shown have a star, of a scenario and thesis or of any."""
    names = [name for name in effects.outcomes if name in OUTCOMES and name not in part.names]
    if part.state or not names:
        return ""
    keys = [key for key in part.rows if key[2] in names and key[:2] == (laid or key[:2])]
    starred = [key for key in keys if part.rows[key]["visible"]]
    starred.sort(key=lambda key: -_size(part.rows[key]))
    if not starred:
        return ""
    told = list(dict.fromkeys(OUTCOMES[name].label for *_, name in starred))
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    have = "has" if len(starred) == 1 else "have"
    return (
        f" Of {counted(len(keys), 'difference')} not shown {len(starred)} {have} one: "
        f"{', '.join(told[:MOST_TOLD])}{more}."
    )


def _size(row: Mapping[str, float]) -> float:
    """Return a difference in standard deviations over runs, so that units do not matter."""
    return abs(row["difference"]) / row["sd"] if row["sd"] else np.inf


def label(part: Part, name: str, *, units: bool = False) -> str:
    """Return what a row is called; of a state with its unit below, as in other tables, if that is wanted."""
    if name not in part.entries:  # an end state
        return f"{name} (points)" if units else name
    entry = part.entries[name]
    return f"{entry.label}\n({entry.unit})" if units and part.state else entry.label


def difference_parts(part: Part, name: str, row: Mapping[str, float], most: float) -> tuple[str, str, str]:
    """Return a difference with its interval and star; on how few pairs it rests; and how many tie.

    Parameters
    ----------
    part : Part
    name : str
        Of the row: of an end state's the difference is in percentage points.
    row : mapping
        Of ``part.rows``.
    most : float
        Pairs that there are.

    Returns
    -------
    difference, pairs, ties : str
        The last two may be empty.
    """
    star, pairs, ties = marks(row, most, assumed=False)
    return f"{_text(part, name, row, bare=True)} {star}".rstrip(), pairs, ties


def _text(part: Part, name: str, row: Mapping[str, float], *, bare: bool = False) -> str:
    numbers = row["difference"], row["low"], row["high"]
    if name in part.entries:
        told = difference_text(*numbers)
    else:
        told = points_text(*numbers) if bare else f"{points_text(*numbers)} points"
    return told if bare else told + barely_text(row)


def title(effects: Effects) -> str:
    """Return what stands over the differences: between which theses, and over which months."""
    window = effects.comparisons[0].window
    theses = listed((effects.against, *effects.theses))
    return f"{TITLE} under {theses}{f', {window}' if window else ''}"


def heading(effects: Effects, scenario: str, thesis: str) -> str:
    """Return what a column is called: which thesis less which, and the scenario where there are several."""
    less = f"{thesis} less {effects.against}"
    return f"{scenario}, {less}" if len(effects.scenarios) > 1 else less


def effect_table(effects: Effects, part: Part) -> pd.DataFrame:
    """Return differences between effects as text: a row an outcome, a column a scenario and thesis.

    Parameters
    ----------
    effects : Effects
    part : Part
        Of the region or a state, by which the index is called.

    Returns
    -------
    DataFrame
        Each cell is a difference with its 95 % interval, star, few pairs and ties. No row where only what
        differs is shown and nothing does.
    """
    names = effects.rows(part)
    cells = {
        heading(effects, *laid): [
            " ".join(filter(None, difference_parts(part, name, part.rows[*laid, name], effects.pairs(*laid))))
            for name in names
        ]
        for laid in effects.laid
    }
    labels = [
        entry.label_with_unit if entry else label(part, name, units=True)
        for name, entry in ((name, part.entries.get(name)) for name in names)
    ]
    whose = state_title(part.state) if part.state else "outcome"
    return pd.DataFrame(cells, index=pd.Index(labels, name=whose))


def section(effects: Effects) -> str:
    """Return the part of a summary that tells of the differences, in Markdown."""
    return f"\n## {title(effects)}\n\n{markdown(effects)}"


def markdown(effects: Effects) -> str:
    """Return the differences in words, then as tables: of the region, then of each state."""
    said = [f"- {line}" for line in lines(effects)]
    for part in effects.parts:
        if names := effects.rows(part):
            said += ["", f"### {TITLE} in {state_title(part.state)}"] if part.state else []
            said += ["", *_table(effects, part, names)]
    return "\n".join([*said, "", f"\\{HOW_STARRED} {HOW_READ}"]) + "\n"


def _table(effects: Effects, part: Part, names: tuple[str, ...]) -> Iterator[str]:
    less = f"effect less that under {effects.against} (95 %)"
    head = ("outcome", "scenario", "thesis", less, "P(above)", "P(tied)")
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for name in names:
        for scenario, thesis in effects.laid:
            row = part.rows[scenario, thesis, name]
            told, pairs, _ = difference_parts(
                part, name, row, effects.pairs(scenario, thesis)
            )  # ties have a column
            less = f"{told} {pairs}".rstrip()
            called = label(part, name, units=True).replace("\n", " ")
            cells = (called, scenario, thesis, less, number(row["above"]), number(row["tied"]))
            yield f"| {' | '.join(cells)} |"
