"""How numbers, names and tables are written in the documents."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from sim.analysis.written import whole_percent
from sim.renamed import RENAMED
from sim.scenario import SHARED_WORLD

WRITTEN_AS = {
    "piontkovsky": "Piontkovsky",
    "gorevoy": "Gorevoy",
    "dubnov": "Dubnov",
    "kuzio": "Kuzio and a newspaper",
    "kaznacheyev": "Kaznacheyev",
    "milosevic": "Milosevic and Has",
}
"""Whose a shipped thesis is, as running text has it."""

_COUNTS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip


def name(thesis: str) -> str:
    """Return a thesis's present name, for one that a stored table has."""
    return RENAMED["thesis"].get(thesis, thesis)


def whose(thesis: str) -> str:
    """Return whose a thesis is, as running text has it."""
    known = name(thesis)
    return "the shared world" if known == SHARED_WORLD else WRITTEN_AS.get(known, known)


def count(number: float) -> str:
    """Return a whole number as a word up to twenty, then in digits.

    >>> count(15), count(1000)
    ('fifteen', '1,000')
    """
    whole = int(number)
    return _COUNTS[whole] if 0 <= whole < len(_COUNTS) else f"{whole:,}"


def short(number: float, digits: int = 2) -> str:
    """Return a number as running text has it: without a zero before the point.

    >>> short(0.5), short(-0.125, 3), short(12)
    ('.50', '-.125', '12.00')
    """
    text = f"{number:.{digits}f}"
    return text.replace("0.", ".", 1) if abs(float(text)) < 1 else text


def percent(share: float) -> str:
    """Return a share in percent, without the sign for it, halves up; below 10 to two figures.

    >>> percent(0.74), percent(0.625), percent(0.025), percent(0.01)
    ('74', '63', '2.5', '1')
    """
    return whole_percent(share) if abs(share) >= 0.1 else f"{100 * share:.2g}"


def plain(number: float) -> str:
    """Return a number to three figures, whole ones without a point.

    >>> plain(8.0), plain(0.1618)
    ('8', '0.162')
    """
    return f"{number:.3g}"


def listed(items: Iterable[str]) -> str:
    """Return items as one would say them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    known = list(items)
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + " and " + known[-1] if known else "none"


def theses_of(theses: Iterable[str]) -> str:
    """Return some theses as one would say them.

    >>> theses_of(["dubnov"]), theses_of(["null", "dubnov", "gorevoy"])
    ("Dubnov's thesis", 'the shared world and the theses of Dubnov and Gorevoy')
    """
    known = [name(thesis) for thesis in theses]
    authors = [whose(thesis) for thesis in known if thesis != SHARED_WORLD]
    parts = ["the shared world"] if SHARED_WORLD in known else []
    if len(authors) == 1:
        (one,) = authors
        parts.append(f"the thesis of {one}" if " and " in one else f"{one}'s thesis")
    elif authors:
        parts.append(f"the theses of {listed(authors)}")
    return listed(parts)


def interval(low: float, high: float, digits: int = 2) -> str:
    """Return an interval as tables have it."""
    return f"[{low:.{digits}f}, {high:.{digits}f}]"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown, without a line's end after the last row."""
    return "\n".join(lines(head, rows))


def lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table's lines in Markdown."""
    yield _row(head)
    yield "|" + "---|" * len(head)
    for row in rows:
        yield _row(row)


def told(rows: Iterable[tuple[str, ...] | str]) -> str:
    """Return text and tables in Markdown: rows of cells, the head of each table first, and other lines."""
    out: list[str] = []
    width = 0  # of the table that the last line is of; 0 outside one
    for line in rows:
        if isinstance(line, str):
            out.append(line)
            width = 0
            continue
        out.append(_row(line))
        if not width:
            out.append("|" + "---|" * len(line))
            width = len(line)
    return "\n".join(out)


def known(number: float) -> bool:
    """Whether a number is there."""
    return not math.isnan(number)


def _row(cells: Sequence[str]) -> str:
    escaped = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return "| " + " | ".join(escaped) + " |"
