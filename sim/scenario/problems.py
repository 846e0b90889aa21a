"""What is wrong with a scenario, said so that its author can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST = 100  # characters of a wrong name that are compared; a longer one is no typing error
_SHOWN = 60  # characters of a wrong value that are shown


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file.

    Parameters
    ----------
    file : str
        As the user named it; ``--set`` for the command line, the scenario's name for Python.
    message : str
        What is wrong, without the place.
    line, column : int or None
        From 1; None where there is no position in a file.
    path : str
        Full path of the key, such as ``timeline[0].states[1]``; empty for the file as a whole.
    allowed : str
        What would be right, in words; may be empty.
    nearest : str or None
        Valid name nearest to the one given.
    """

    file: str
    message: str
    line: int | None = None
    column: int | None = None
    path: str = ""
    allowed: str = ""
    nearest: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}, column {self.column}"
        text = f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
        if self.nearest is not None:
            text += f"; did you mean {self.nearest}?"
        if self.allowed:
            text += f" (allowed: {self.allowed})"
        return printable(text)


class ScenarioError(Exception):
    """A scenario or thesis that cannot be used, with every fault found.

    Parameters
    ----------
    problems : sequence of Problem
        At least one. The attributes ``file``, ``line``, ``column``, ``path``, ``message``,
        ``allowed`` and ``nearest`` are those of the first.
    more : bool
        Whether there are further faults, which are not told.
    """

    def __init__(self, problems: Sequence[Problem], more: bool = False) -> None:
        self.problems = tuple(problems)
        self.more = more
        first = self.problems[0]
        self.file, self.line, self.column = first.file, first.line, first.column
        self.path, self.message = first.path, first.message
        self.allowed, self.nearest = first.allowed, first.nearest
        lines = [*map(str, self.problems), *(["... and more faults, not told here"] if more else [])]
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...], bool]]:
        return ScenarioError, (self.problems, self.more)


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


def printable(text: str) -> str:
    """Return a text with what a terminal would act upon written out: line ends, escapes, turned direction."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def shown(value: object) -> str:
    """Return a wrong value as it is quoted in a message: short, on one line, whatever it is."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return "a huge number"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
