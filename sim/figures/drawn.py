"""What the figures of a folder were drawn from, so that none is drawn again while nothing has changed.

A figure depends on the tables that results hold, on what is asked of it, on this package's own code, and on
the packages that draw. The keys of all that stand in a file beside the figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd

from sim.experiment.files import ABOUT, checksum, installed_version, replacing
from sim.experiment.identity import key_of
from sim.measures import OUTCOMES
from sim.measures.definition import definition_key

if TYPE_CHECKING:
    from sim.figures.tables import Tables

RECORD = ".drawn.json"
"""File beside the figures: of each what it was drawn from, and the checksums of its files."""

_DRAWING = ("matplotlib", "numpy", "pandas", "pillow")
_TABLES = ("trajectories", "events", "challenges", "draws", "parameters", "territories")


class Drawn:
    """The figures that a folder holds.

    Parameters
    ----------
    folder : Path
        It exists.
    key : str
        Of all that the figures depend on now; where it is empty none counts as drawn.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder, self._key = folder, key
        self._entries: dict[str, dict[str, Any]] = {}
        with suppress(OSError, ValueError):  # none yet, or damaged: all are drawn
            held = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            self._entries = {
                str(name): entry
                for name, entry in held.items()
                if isinstance(entry, dict) and isinstance(entry.get("files"), dict)
            }

    def held(self, name: str, formats: tuple[str, ...]) -> list[Path] | str | None:
        """Return a figure's files, or why it cannot be drawn; None if it is to be drawn."""
        entry = self._entries.get(name, {})
        if not self._key or entry.get("key") != self._key:
            return None
        if reason := entry.get("skipped"):
            return str(reason)
        paths = [self._folder / f"{name}.{kind}" for kind in formats]
        whole = all(path.is_file() and entry["files"].get(path.name) == checksum(path) for path in paths)
        return paths if whole else None

    def note(self, name: str, made: list[Path] | str) -> None:
        """Take down the files of a figure that was just drawn, or why it could not be."""
        if not self._key:
            self._entries.pop(name, None)
            return
        entry = self._entries.get(name, {})
        known: dict[str, str] = entry["files"] if entry.get("key") == self._key else {}
        if isinstance(made, str):
            self._entries[name] = {"key": self._key, "skipped": made, "files": {}}
        else:
            new = {path.name: checksum(path) for path in made}
            self._entries[name] = {"key": self._key, "files": known | new}

    def save(self) -> None:
        """Write it all beside the figures; where that cannot be done they are drawn again."""
        text = json.dumps(self._entries, indent=1, ensure_ascii=False) + "\n"
        with suppress(OSError), replacing(self._folder / RECORD) as partial:
            partial.write_text(text, encoding="utf-8")


def key_of_figures(tables: Tables, *, dpi: int, caption: bool) -> str:
    """Return the key of all that figures of some tables depend on, but for their names.

    Parameters
    ----------
    tables : Tables
    dpi : int
    caption : bool

    Returns
    -------
    str
        Empty where the tables are not those of a results folder.
    """
    folder = getattr(tables.results, "path", None)
    if not isinstance(folder, Path):
        return ""
    about = tables.results.about
    try:
        audit = tables.audit
    except (ValueError, KeyError, OSError):  # figures that need it say so
        return ""
    return key_of(
        {
            "tables": {name: _table_key(folder, name, about) for name in _TABLES},
            "outcomes": [list(tables.outcomes), _digest_of(tables.outcomes)],
            "source": [tables.source.line, tables.measured.line, tables.baseline],
            "scenarios": about.get("scenarios"),
            "audit": [
                sorted(audit.assumed),
                list(audit.unaudited),
                sorted(audit.outdated),
                sorted(audit.whole),
            ],
            "own outcomes": _own_outcomes(),
            "form": [dpi, caption],
            "style": _style(),
            "settings": {name: repr(value) for name, value in settings().items()},
        }
    )


def settings() -> dict[str, Any]:
    """Return matplotlib's settings, but for those that choose what draws."""
    return {name: mpl.rcParams[name] for name in mpl.rcParams if not name.startswith("backend")}


def _own_outcomes() -> dict[str, list[str]]:
    return {
        name: [entry.label, entry.unit, entry.definition, entry.theme, definition_key(entry.compute)]
        for name, entry in OUTCOMES.items()
        if entry.own
    }


def _table_key(folder: Path, name: str, about: Mapping[str, Any]) -> str:
    """Return a table's checksum: as it was written, unless the file has been changed since."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return ""
    noted = about.get("sha256", {}).get(path.name)
    if noted and path.stat().st_mtime_ns <= (folder / ABOUT).stat().st_mtime_ns:
        return str(noted)
    return checksum(path)


def _digest_of(table: pd.DataFrame) -> str:
    rows = pd.util.hash_pandas_object(table, index=False)
    return hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the key of the code, the shapes and the colours of this package, and of what draws."""
    found = hashlib.sha256()
    for name, content in _sources(files("sim"), ""):
        found.update(f"{name}\0{len(content)}\0".encode())
        found.update(content)
    for package in _DRAWING:
        found.update(f"{package} {installed_version(package)}\n".encode())
    return found.hexdigest()


def _sources(folder: Traversable, place: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{place}/{item.name}"
        if item.is_dir():
            found += _sources(item, name) if item.name != "__pycache__" else []
        elif name.endswith((".py", ".json")):
            found.append((name, item.read_bytes()))
    return found
