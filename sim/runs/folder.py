"""Where results go: never over what is already there, unless asked."""

from __future__ import annotations

import shutil
from pathlib import Path

_OURS = ("outcomes", "trajectories", "events", "draws", "territories", "failures")


class FolderError(ValueError):
    """The results cannot be written there."""


def choose_folder(out: Path | None, name: str, *, force: bool = False) -> Path:
    """Return the folder to write to.

    Parameters
    ----------
    out : Path or None
        The user's choice; without one, ``results/NAME``, or the first free of ``results/NAME-2``,
        ``results/NAME-3`` and so on.
    name : str
        Of the scenario or comparison.
    force : bool
        Replace the results in ``out``.

    Raises
    ------
    FolderError
        If ``out`` is a file; or a folder with something in it and ``force`` is false, or that something is
        not the results of an earlier run.
    """
    if out is None:
        folder, number = Path("results") / name, 1
        while folder.exists():
            number += 1
            folder = Path("results") / f"{name}-{number}"
        return folder
    if out.exists() and not out.is_dir():
        raise FolderError(f"{out} is a file: give a folder with --out")
    if out.is_dir() and any(out.iterdir()):
        if not force:
            raise FolderError(f"{out} is not empty: choose another folder with --out, or add --force")
        if not (out / "about.json").is_file():
            raise FolderError(f"{out} holds no earlier results: --force replaces nothing else")
        _remove_results(out)
    return out


def _remove_results(folder: Path) -> None:
    """Remove the files of an earlier run, so that none outlives the new ones."""
    for name in (*(f"{table}.parquet" for table in _OURS), "about.json", "comparison.csv"):
        (folder / name).unlink(missing_ok=True)
    for name in ("scenarios", "figures"):
        shutil.rmtree(folder / name, ignore_errors=True)
