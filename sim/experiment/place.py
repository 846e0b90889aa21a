"""Where results are: whether a text names a folder of them, and what to say where there is none."""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import RequestError, ResultsError
from sim.experiment.files import ABOUT
from sim.naming import nearest
from sim.scenario.library import SUFFIXES, names


def is_results(source: str) -> bool:
    """Return whether a text names a results folder, rather than a scenario.

    Raises
    ------
    ResultsError
        If it can only be meant as a folder, and there is none.
    """
    path = Path(source)
    if path.is_dir():
        return True
    shipped = {str(Path(name).parent) for name in names()}
    if path.exists() or path.suffix in SUFFIXES or str(path.parent) in shipped:
        return False
    if path.name.casefold() in {Path(name).name.casefold() for name in names()}:
        return False
    raise ResultsError(f"no shipped scenario has this name, and {no_folder(path)}")


def path_given(given: object, what: str) -> Path:
    """Return a path that Python code gives.

    Parameters
    ----------
    given : object
    what : str
        What it is the path of.

    Raises
    ------
    RequestError
        If it is no path, or an empty one.
    """
    if not isinstance(given, str | os.PathLike) or not os.fspath(given):
        raise RequestError(f"{given!r:.80} is no {what}: give its path")
    return Path(given)


def check_results(given: object) -> None:
    """See that Python code gives results, and not where they are or what was made of them.

    Raises
    ------
    RequestError
        If it does not, with what to give.
    """
    if isinstance(given, str | os.PathLike):
        raise RequestError(f"{given!r:.80} is no results: give sim.open_results({os.fspath(given)!r:.80})")
    if hasattr(given, "results"):  # a comparison
        raise RequestError(f"{given!r:.80} is no results: give its `results`")
    if not hasattr(given, "scenarios") or hasattr(given, "runs"):
        raise RequestError(f"{given!r:.80} is no results: give what sim.run or sim.open_results returns")


def no_folder(path: Path) -> str:
    """Say that a folder is not there, and which results are, beside it."""
    others = [found.parent.name for found in sorted(path.parent.glob(f"*/{ABOUT}"))]
    close = nearest(path.name, others)
    if close:
        return f"there is no folder {path}; did you mean {path.parent / close}?"
    there = f"; results are in: {', '.join(str(path.parent / name) for name in others)}" if others else ""
    return f"there is no folder {path}{there}"
