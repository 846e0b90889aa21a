"""Where scenarios and theses lie: the shipped ones by name, and a user's own collection of files.

A *collection* is a folder of scenario files with their theses in its folder ``theses`` and further scenarios
in other sub-folders. Scenario files may come from strangers, so a file may only name files of its own
collection and shipped ones. The collection of a file is its own folder, or the folder above if that one has a
``theses`` folder and its own has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path

from sim.naming import nearest
from sim.renamed import RENAMED, current
from sim.scenario.problems import Problem, ScenarioError

SHARED_WORLD = "baseline"
"""Name of the shipped scenario without a thesis, against which effects are measured."""

OLD_NULL = "null"
"""What the shared world was called: YAML reads it as nothing, so a key with nothing after it means it."""

SUFFIXES = (".yaml", ".yml")
THESES = "theses"
NO_SCENARIOS = (f"{THESES}/", "posterior/")  # folders of a collection that hold something else

_PACKAGE = Path(__file__).parents[1]
_PLAIN_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*")


def shipped_folder() -> Path:
    """Return the folder of the shipped collection: in the installed package, or in the checkout."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


def names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, those in sub-folders as ``what-if/name``."""
    return tuple(_files(shipped_folder()))


def thesis_names() -> tuple[str, ...]:
    """Return the names of the shipped theses."""
    return tuple(sorted(file.stem for file in (shipped_folder() / THESES).glob("*.yaml")))


def is_shared_world(name: str) -> bool:
    """Return whether a scenario's name is that of the shared world, in results of any age."""
    return RENAMED["scenario"].get(name, name) == SHARED_WORLD


def find(name: str, placed: Callable[[str], str] = str) -> Path:
    """Return the file of a shipped scenario.

    Parameters
    ----------
    name : str
        Such as ``dubnov``, ``what-if/csto-stays-home`` or, without its folder, ``csto-stays-home``.
    placed : callable, optional
        Adds to a note on an old name where it was read.

    Raises
    ------
    ScenarioError
        If there is no such scenario; it offers the nearest name.
    """
    files, name = _files(shipped_folder()), current("scenario", name, placed)
    for known, file in files.items():
        if name.casefold() in (known.casefold(), file.stem.casefold()):
            return file
    close = nearest(name.rpartition("/")[2], {file.stem for file in files.values()})
    raise _unknown("scenario", name, files, close)


def find_thesis(name: str, placed: Callable[[str], str] = str) -> Path:
    """Return the file of a shipped thesis; see `find`.

    Raises
    ------
    ScenarioError
        If there is no such thesis; it offers the nearest name.
    """
    known, name = thesis_names(), current("thesis", name, placed)
    for thesis in known:
        if name.casefold() == thesis.casefold():
            return shipped_folder() / THESES / f"{thesis}.yaml"
    raise _unknown("thesis", name, known, nearest(name, known))


def _unknown(kind: str, name: str, known: Collection[str], close: str | None) -> ScenarioError:
    """Return the error for a name that nothing has: with the nearest, or else with all of them."""
    allowed = "" if close else _listed(known)
    return ScenarioError(
        [Problem(name[:80], f"no shipped {kind} has this name", allowed=allowed, nearest=close)]
    )


def collection_of(file: Path) -> Path:
    """Return the folder of the collection that a scenario file belongs to."""
    folder = file.resolve().parent
    has_theses = [place for place in (folder, folder.parent) if (place / THESES).is_dir()]
    return has_theses[0] if has_theses else folder


def is_path(text: str) -> bool:
    """Return whether a text names a file rather than a shipped scenario."""
    return text.casefold().endswith(SUFFIXES)


def within(collection: Path, folder: Path, text: str) -> Path | None:
    """Return the file that a path relative to ``folder`` names, or None if it is not in the collection."""
    if Path(text).is_absolute() or "\\" in text:
        return None
    file = (folder / text).resolve()
    return file if file.is_relative_to(collection.resolve()) else None


def named_within(collection: Path, name: str) -> Path | None:
    """Return a collection's own file for a plain name, or None if it has none."""
    if _PLAIN_NAME.fullmatch(name) is None:
        return None
    file = collection / f"{name}.yaml"
    return file if file.is_file() and within(collection, collection, f"{name}.yaml") else None


def _files(collection: Path) -> dict[str, Path]:
    found = {
        file.relative_to(collection).with_suffix("").as_posix(): file for file in collection.rglob("*.yaml")
    }
    kept = {name: file for name, file in found.items() if not name.startswith(NO_SCENARIOS)}
    return dict(sorted(kept.items(), key=lambda item: (item[0].count("/"), item[0])))


def _listed(known: Collection[str]) -> str:
    return ", ".join(known) if known else "none is installed"
