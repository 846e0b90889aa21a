"""What is wrong with a scenario and where it stands, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.errors import SimError
from sim.naming import printable

MOST_TOLD = 20
"""More faults than these are not looked for: a page is enough to mend, and a hostile file has thousands."""

_SHOWN = 60  # characters of a wrong value that are shown

Location = tuple[str | int, ...]
"""Keys and indices that lead from the top of a file to a value."""


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


class ScenarioError(SimError):
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


class Faults:
    """The faults found so far, so that an author mends them in one go.

    Examples
    --------
    >>> faults = Faults()
    >>> with faults.gathered():
    ...     raise ScenarioError([Problem("a.yaml", "is empty")])
    >>> bool(faults)
    True
    """

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, problem: Problem) -> None:
        """Note a fault, once.

        Raises
        ------
        ScenarioError
            If there are too many already.
        """
        if problem in self._found:
            return
        if len(self._found) == MOST_TOLD:
            raise ScenarioError(self._found, more=True)
        self._found.append(problem)

    def gathered(self) -> _Gathered:
        """Return a block that notes the faults of a `ScenarioError` raised in it; what follows it goes on."""
        return _Gathered(self)

    def gather(self, error: ScenarioError) -> None:
        """Note the faults of an error; see `add`."""
        for problem in error.problems:
            self.add(problem)
        if error.more:
            raise ScenarioError(self._found, more=True)

    def tell(self) -> None:
        """Do nothing if there are none.

        Raises
        ------
        ScenarioError
            With every fault, file by file and from top to bottom.
        """
        if self._found:
            files = list(dict.fromkeys(problem.file for problem in self._found))
            raise ScenarioError(sorted(self._found, key=lambda it: (files.index(it.file), it.line or 0)))


class _Gathered:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> bool:
        if not isinstance(error, ScenarioError):
            return False
        self.faults.gather(error)
        return True


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit in some data, before it is known in which file the data stand.

    Parameters
    ----------
    location : Location
        From the top of the data that were checked.
    message, allowed : str
        As in `Problem`.
    nearest : callable or None
        Finds the nearest valid name. It is called only for faults that are told, since it takes long.
    at_key : bool
        Whether the key is wrong and not the value.
    """

    location: Location
    message: str
    allowed: str = ""
    nearest: Callable[[], str | None] | None = None
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """The data of one file, of ``--set`` options, or of Python code, with the place of everything in it.

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

    def place(self, misfit: Misfit, location: Location = ()) -> Problem:
        """Return a misfit of the data at a location as a `Problem` of this file."""
        return self.problem(
            (*location, *misfit.location),
            misfit.message,
            at_key=misfit.at_key,
            allowed=misfit.allowed,
            nearest=misfit.nearest() if misfit.nearest else None,
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
