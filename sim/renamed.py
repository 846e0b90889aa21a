"""Names that files, results and commands of earlier versions hold, and what they are called now.

An old name is read wherever the new one is, with a note that says the new one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

RENAMED: dict[str, dict[str, str]] = {
    "scenario": {
        "null": "baseline",  # which YAML and pandas take for a missing value
        "fitted": "baseline",  # a what-if before it was the default
        "what-if/fitted": "baseline",
    },
    "thesis": {"null": "baseline"},
    "event": {"uprising": "challenge"},
    "section": {"crises": "challenges"},  # of parameters
    "outcome": {"uprising_rate": "challenge_rate", "member_uprising_rate": "member_challenge_rate"},
    "fact": {"luck": "chance_part"},  # of an event
    "theme": {"uprisings": "challenges"},  # of a figure of outcomes
    "group": {"luck": "random numbers"},  # of what `sim variance` resamples
    "option": {"--lucks": "--repeats"},  # of `calibrate ensemble`
}
"""New names by kind of name and old name."""


class RenamedWarning(FutureWarning):
    """An old name was read; commands write it as a note."""


def current(kind: str, name: str, placed: Callable[[str], str] = str) -> str:
    """Return what a name is called now, with a warning if it is an old one.

    Parameters
    ----------
    kind : str
        A key of `RENAMED`.
    name : str
    placed : callable, optional
        Adds to the note where the name was read.

    Examples
    --------
    >>> current("event", "join")
    'join'
    """
    new = RENAMED[kind].get(name) if isinstance(name, str) else None  # what is no name stays as it is
    if new is None:
        return name
    warnings.warn(placed(f"the {kind} {name!r} is now called {new!r}"), RenamedWarning, stacklevel=2)
    return new


def current_path(path: str, placed: Callable[[str], str] = str) -> str:
    """Return what the dotted path of a parameter, or the name of a section, is now; see `current`."""
    section, dot, rest = path.partition(".")
    return current("section", section, placed) + dot + rest


def current_column(name: str, table: str = "") -> str:
    """Return what a column of a table is called now; see `current`.

    Parameters
    ----------
    name : str
    table : str, optional
        ``events``, whose columns are facts; of others they are outcomes or drawn parameters.
    """
    if "." in name:
        return current_path(name)
    return current("fact" if table == "events" else "outcome", name)


def among(kind: str, name: str, known: Collection[str]) -> str:
    """Return a name that results of any age may know: as it is if they do, or what it is called now."""
    return name if name in known else current(kind, name)


@contextmanager
def warnings_as_notes(write: Callable[[str], None], *noted: type[Warning]) -> Iterator[None]:
    """Write each warning of some classes as a note, once, while the block lasts.

    Parameters
    ----------
    write : callable
        Takes a line of text.
    *noted : type
        Such as `RenamedWarning`.
    """
    with warnings.catch_warnings():
        for each in noted:
            warnings.simplefilter("always", each)
        usual, written = warnings.showwarning, set()

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if not issubclass(category, noted):
                usual(message, category, *where, **more)
            elif str(message) not in written:
                written.add(str(message))
                write(f"Note: {message}")

        warnings.showwarning = show
        yield
