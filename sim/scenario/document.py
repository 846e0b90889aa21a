"""A file's data with the place of everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.problems import Problem

Location = tuple[str | int, ...]
"""Keys and indices that lead from the top of a file to a value."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """The data of one file, of ``--set`` options, or of Python code.

    Parameters
    ----------
    file : str
        Name shown in messages.
    data : dict
        Plain data: dict, list, str, int, float, bool, None.
    path : Path or None
        Where the file lies; None if there is none.
    keys, values : dict of Location to Position
        Where each key and each value begins; empty if there is no file.
    """

    file: str
    data: dict[str, Any]
    path: Path | None = None
    keys: dict[Location, Position] = field(default_factory=dict)
    values: dict[Location, Position] = field(default_factory=dict)

    def problem(
        self,
        location: Location,
        message: str,
        *,
        at_key: bool = False,
        allowed: str = "",
        nearest: str | None = None,
    ) -> Problem:
        """Return a `Problem` at a key or value, or at what encloses it if that is absent."""
        position = self.keys.get(location) if at_key else self.values.get(location)
        enclosing = location
        while position is None and enclosing:
            position = self.values.get(enclosing) or self.keys.get(enclosing)
            enclosing = enclosing[:-1]
        position = position or self.values.get(())
        return Problem(
            file=self.file,
            message=message,
            line=position.line if position else None,
            column=position.column if position else None,
            path=path_text(location),
            allowed=allowed,
            nearest=nearest,
        )


def path_text(location: Location) -> str:
    """Return a location as a dotted path.

    >>> path_text(("timeline", 0, "states", 1))
    'timeline[0].states[1]'
    """
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part[:80]}"
    return text.removeprefix(".")
