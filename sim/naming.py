"""Names that a user gave: the nearest valid one, and how to print one that may hold anything."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from sim.renamed import current_path

_LONGEST = 100  # characters of a wrong name that are compared; a longer one is no typing error


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Return the choice most like ``name``, or None if none is.

    A dotted choice is also found by its last part alone.
    """
    if len(name) > _LONGEST:
        return None
    folded: dict[str, str] = {}
    for choice in choices:
        folded.setdefault(choice.casefold(), choice)
        folded.setdefault(choice.casefold().rpartition(".")[2], choice)
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def set_path(text: str) -> str:
    """Return the path of a change as ``path=value``, as it is called today and without ``parameters.``."""
    return current_path(text.partition("=")[0].strip().removeprefix("parameters."))


def set_twice(changes: Iterable[str]) -> list[str]:
    """Return the paths that changes as ``path=value`` set more than once."""
    paths = [set_path(text) for text in changes]
    return [path[:80] for path in dict.fromkeys(paths) if paths.count(path) > 1]


def printable(text: str) -> str:
    """Return a text with what a terminal would act upon written out: line ends, escapes, turned direction."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
