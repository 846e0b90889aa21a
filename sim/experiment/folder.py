"""Where results go: never over what is already there, one process at a time, with a log."""

from __future__ import annotations

import itertools
import json
import logging
import os
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from sim.experiment.errors import FolderError
from sim.experiment.identity import code_key, code_parts
from sim.experiment.kept import FOLDER as KEPT
from sim.experiment.store import DAMAGED, OUTCOMES, RUNS, shelf_name

if TYPE_CHECKING:
    from sim.experiment.chunk import Recipe
    from sim.scenario import Scenario


# -- one process at a time in a results folder -----------------------------------------------------

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes out of a folder while the block lasts.

    The operating system gives the lock up when its process ends, however it ends.

    Parameters
    ----------
    folder : Path
        Exists.

    Raises
    ------
    FolderError
        If another process has it.
    OSError
        If the folder cannot be written to.
    """
    path = folder / LOCK
    file = _acquire(path)
    try:
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
        file.flush()
        yield
    finally:
        if os.name == "posix":
            path.unlink(missing_ok=True)
        file.close()


def _acquire(path: Path) -> BinaryIO:
    while True:
        file = path.open("ab+")
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            holder = file.read().decode(errors="replace") or "another process"
            file.close()
            raise FolderError(
                f"{path.parent} is in use by {holder}: wait for it, or choose another folder with --out"
            ) from None
        if _is_still(path, file):
            return file
        file.close()  # the process that had it has just removed it


def _is_still(path: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


if os.name == "posix":
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

else:
    import msvcrt

    _FAR = 1 << 30  # a byte beyond the text, which others may then read

    def _lock(file: BinaryIO) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        file.seek(0)


# -- the log of a results folder: what was done there, and when ------------------------------------

LOG = "log.txt"


@contextmanager
def logged_to(folder: Path) -> Iterator[logging.Logger]:
    """Append what the package logs while the block lasts to the folder's ``log.txt``."""
    logger = logging.getLogger("sim")
    handler = _FileHandler(folder / LOG, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
        with suppress(OSError):  # a full disk
            handler.close()


class _FileHandler(logging.FileHandler):
    """A log that cannot be written must not end the runs."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        del record


# -- where results go: never over what is already there, unless asked ------------------------------

__all__ = ["FolderError", "choose_folder", "choose_results", "make_folder", "misfit", "stored_runs"]

_FILES = (
    *(
        f"{name}.parquet"
        for name in ("outcomes", "trajectories", "events", "challenges", "draws", "territories", "failures")
    ),
    *(f"{name}.{kind}" for name in ("comparison", "comparison_by_state") for kind in ("parquet", "csv")),
    "about.json",
    LOG,
)


def choose_folder(out: Path | None, name: str, *, force: bool = False) -> Path:
    """Return a folder to write to that holds nothing yet.

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
        return next(folder for folder in _candidates(name) if not _is_taken(folder))
    if _is_taken(out):
        if not force:
            raise FolderError(f"{out} is not empty: choose another folder with --out, or add --force")
        _replace(out)
    return out


def choose_results(
    out: Path | None,
    name: str,
    scenarios: Sequence[Scenario],
    recipe: Recipe,
    *,
    kept: str = RUNS,
    force: bool = False,
) -> Path:
    """Return a folder for runs: one that holds some of the very same, to go on with, or an empty one.

    Parameters
    ----------
    out : Path or None
        The user's choice. Without one, the first of ``results/NAME``, ``results/NAME-2`` and so on that is
        free, or was made from the same scenarios, seed and code, with no more runs.
    name : str
        Of the scenario or comparison.
    scenarios : sequence of Scenario
    recipe : Recipe
    kept : str
        What of each run, as for `RunStore`.
    force : bool
        Replace what is in ``out``.

    Raises
    ------
    FolderError
        If ``out`` is a file, or holds something else and ``force`` is false, or is not a results folder.
    """
    if out is None:
        return next(
            folder
            for folder in _candidates(name)
            if not misfit(folder, scenarios, recipe, kept=kept, same=True)
        )
    if force and _is_taken(out):
        _replace(out)
    elif reason := misfit(out, scenarios, recipe, kept=kept):
        raise FolderError(f"{out} {reason}: choose another folder with --out, or add --force to replace it")
    return out


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, and see that it can be written to, before anything is computed.

    Raises
    ------
    FolderError
        If it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FolderError(
            f"{folder} cannot be written to ({reason}): choose another folder with --out"
        ) from None


def misfit(
    folder: Path, scenarios: Sequence[Scenario], recipe: Recipe, *, kept: str = RUNS, same: bool = False
) -> str:
    """Return why runs cannot be added to a results folder without losing some; empty if they can.

    Parameters
    ----------
    folder : Path
    scenarios : sequence of Scenario
        What is asked for; more runs and more scenarios than there are already are welcome.
    recipe : Recipe
    kept : str
        What of each run, as for `RunStore`.
    same : bool
        More scenarios are not.
    """
    if not _is_taken(folder):
        return ""
    store = folder / kept
    if not store.is_dir():
        return "is not empty and holds no runs to go on with"
    code = code_key(recipe)
    others = sorted(path for path in store.iterdir() if path.name != code)
    if others:
        return f"was made by another version of the code ({_what_differs(others[0], recipe)})"
    asked = {shelf_name(scenario): scenario for scenario in scenarios}
    stored = {path.name: path for path in (store / code).glob("*") if path.is_dir()}
    if same and stored.keys() != asked.keys():
        return "holds runs of other scenarios"
    return next(filter(None, (_not_asked_for(stored[name], asked) for name in sorted(stored))), "")


def _not_asked_for(shelf: Path, asked: Mapping[str, Scenario]) -> str:
    """Return what a scenario's stored runs hold beyond what is asked for."""
    name = shelf.name.rpartition("-")[0]
    if shelf.name not in asked:
        if name in {item.rpartition("-")[0] for item in asked}:
            return f"holds runs of another scenario or seed named {name}"
        return f"holds runs of {name}, which is not asked for"
    stored = _runs_on(shelf)
    if stored > asked[shelf.name].runs:
        return f"holds {stored} runs of {name}, more than the {asked[shelf.name].runs} asked for"
    return ""


def stored_runs(folder: Path, scenarios: Sequence[Scenario], recipe: Recipe) -> int:
    """Return how many runs a results folder holds of the scenario with most: its last replicate, from 1.

    Parameters
    ----------
    folder : Path
    scenarios : sequence of Scenario
        At least one.
    recipe : Recipe
    """
    shelves = folder / RUNS / code_key(recipe)
    return max(_runs_on(shelves / shelf_name(scenario)) for scenario in scenarios)


def _runs_on(shelf: Path) -> int:
    return 1 + max((int(file.name.split("-")[1]) for file in shelf.glob("*-*-*.zip")), default=-1)


def _candidates(name: str) -> Iterator[Path]:
    yield Path("results") / name
    for number in itertools.count(2):
        yield Path("results") / f"{name}-{number}"


def _is_taken(folder: Path) -> bool:
    """Whether there is something in a folder.

    Raises
    ------
    FolderError
        If it is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file: give a folder with --out")
    return folder.is_dir() and any(path.name not in {LOCK, LOG} for path in folder.iterdir())


def _replace(folder: Path) -> None:
    """Remove the files of an earlier run, so that none outlives the new ones.

    Raises
    ------
    FolderError
        If there are none, or another process uses them.
    """
    stores = (folder / RUNS, folder / OUTCOMES)
    if not (folder / "about.json").is_file() and not any(store.is_dir() for store in stores):
        raise FolderError(f"{folder} holds no earlier results: --force replaces nothing else")
    with locked(folder):
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
        for name in ("scenarios", "figures", KEPT, RUNS, OUTCOMES, DAMAGED):
            shutil.rmtree(folder / name, ignore_errors=True)


def _what_differs(other: Path, recipe: Recipe) -> str:
    now = code_parts(recipe)
    try:
        then = json.loads((other / "code.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "which one is not known"
    changed = [name for name in now if then.get(name) != now[name]]
    return "; ".join(
        "its source or data tables differ"
        if name == "source"
        else f"{name} {then.get(name)}, now {now[name]}"
        for name in changed
    )
