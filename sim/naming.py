"""Names that a user gave: one or several, the nearest valid one, and how to print what may be anything."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from sim.errors import RequestError
from sim.renamed import current_path

_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(-?\d+),(\d+)(?![\d.,])")
_LONGEST = 100  # characters of a wrong name that are compared; a longer one is no typing error


def several(given: Any, what: str, of: str = "names", kinds: Any = str) -> list[Any]:
    """Return what Python code gives as a list of names; a single one counts as a list of one.

    Parameters
    ----------
    given : str or iterable of str
    what : str
        What the argument is called.
    of : str
        What it takes, in words.
    kinds : type or tuple of type
        What counts as one.

    Raises
    ------
    RequestError
        If it is neither, or holds anything else.

    Examples
    --------
    >>> several("KGZ", "states")
    ['KGZ']
    """
    if isinstance(given, kinds):
        return [given]
    try:
        listed = list(given)
    except TypeError:
        listed = [given]
    for item in listed:
        if not isinstance(item, kinds):
            raise RequestError(f"{what} takes {of}, not {item!r:.80}")
    return listed


def nearest(name: object, choices: Iterable[str]) -> str | None:
    """Return the choice most like ``name``, or None if none is.

    A dotted choice is also found by its last part alone.
    """
    if not isinstance(name, str) or len(name) > _LONGEST:
        return None
    folded: dict[str, str] = {}
    for choice in choices:
        folded.setdefault(choice.casefold(), choice)
        folded.setdefault(choice.casefold().rpartition(".")[2], choice)
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def decimal_comma(text: str) -> str:
    """Return what to write in place of numbers with a decimal comma; empty if there is none.

    Examples
    --------
    >>> decimal_comma("6,5:13"), decimal_comma("6.5")
    ('write 6.5, with a decimal point', '')
    """
    found = _DECIMAL_COMMA.search(text)
    return f"write {found[1]}.{found[2]}, with a decimal point" if found else ""


def set_path(text: str) -> str:
    """Return the path of a change as ``path=value``, as it is called today and without ``parameters.``."""
    return current_path(text.partition("=")[0].strip().removeprefix("parameters."))


def set_twice(changes: Iterable[str]) -> list[str]:
    """Return the paths that changes as ``path=value`` set more than once."""
    paths = [set_path(text) for text in changes]
    return [path[:80] for path in dict.fromkeys(paths) if paths.count(path) > 1]


def printable(text: object) -> str:
    """Return a text with what a terminal would act upon written out: line ends, escapes, turned direction."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in str(text)
    )
