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

from sim.errors import FolderError
from sim.experiment.files import ABOUT, CODE
from sim.experiment.identity import code_key, code_parts, key_of, what_differs
from sim.experiment.kept import FOLDER as KEPT
from sim.experiment.store import DAMAGED, OUTCOMES, RUNS, shelf_name, store_name

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

_PARQUET = (
    *("outcomes", "trajectories", "events", "challenges"),
    *("draws", "parameters", "territories", "failures"),
)
_CSV = ("claims", "audit", "drops", "variance", "sweep", "runs", "rank", "signposts", "odds", "reliability")
_COMPARED = ("", "_by_state", "_end_states", "_of_effects", "_of_effects_by_state")
_FILES = (
    *(f"{name}.parquet" for name in _PARQUET),
    *(f"comparison{of}.{kind}" for of in _COMPARED for kind in ("parquet", "csv")),
    *("comparison.json", "summary.md", "report.html"),
    *(f"{name}.csv" for name in _CSV),
    *(ABOUT, LOG),
)

EXPORTED = "tables"
"""What `sim export` calls its files, before the ending."""


def choose_folder(out: Path | None, name: str, *, force: bool = False) -> Path:
    """Return a folder to write to that holds nothing yet; results that ``force`` replaces are removed.

    Parameters
    ----------
    out : Path or None
        The user's choice; without one, ``results/NAME``, or the first free of ``results/NAME-2``,
        ``results/NAME-3`` and so on.
    name : str
        Of what is written.
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
        _remove_results(out)
    return out


def choose_results(
    out: Path | None,
    name: str,
    scenarios: Sequence[Scenario],
    recipe: Recipe,
    *,
    whole: bool = True,
    force: bool = False,
    adopt: bool = False,
) -> tuple[Path, bool]:
    """Return a folder for runs: one that holds some of the very same, to go on with, or an empty one.

    Nothing is changed yet; `take_folder` does that.

    Parameters
    ----------
    out : Path or None
        The user's choice. Without one, the first of ``results/NAME``, ``results/NAME-2`` and so on that is
        free, or was made from the same scenarios, seed and code.
    name : str
        Of the scenario or comparison.
    scenarios : sequence of Scenario
    recipe : Recipe
    whole : bool
        Whether runs are kept whole, or their outcomes alone.
    force : bool
        Replace what is in ``out``.
    adopt : bool
        Take runs of another version of the code, too.

    Returns
    -------
    folder : Path
    replaces : bool
        Whether there is something else in it, which is to be replaced.

    Raises
    ------
    FolderError
        If ``out`` is a file, or holds something else and ``force`` is false, or is not a results folder.
    """
    if out is None:
        folders = _candidates(name.replace("/", "-"))
        return next(
            folder
            for folder in folders
            if not misfit(folder, scenarios, recipe, whole=whole, same=True, any_code=adopt)
        ), False
    if force and _is_taken(out):
        _refuse_to_replace(out)
        return out, True
    if reason := misfit(out, scenarios, recipe, whole=whole, any_code=adopt):
        raise FolderError(f"{out} {reason}: choose another folder with --out, or add --force to replace it")
    return out, False


def take_folder(folder: Path, *, replace: bool = False) -> None:
    """Make a folder ready for results, without those of an earlier run if they are to be replaced.

    Raises
    ------
    FolderError
        If it cannot be written to, or another process uses it.
    """
    if replace:
        _remove_results(folder)
    make_folder(folder)


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
    folder: Path,
    scenarios: Sequence[Scenario],
    recipe: Recipe,
    *,
    whole: bool = True,
    same: bool = False,
    any_code: bool = False,
) -> str:
    """Return why runs cannot be added to a results folder without losing some; empty if they can.

    Parameters
    ----------
    folder : Path
    scenarios : sequence of Scenario
        What is asked for. More runs and more scenarios than there are already are welcome; of fewer runs the
        first ones are used, and the others stay.
    recipe : Recipe
    whole : bool
        Whether runs are kept whole, or their outcomes alone.
    same : bool
        More scenarios are not welcome.
    any_code : bool
        Runs of another version of the code are welcome.
    """
    if not _is_taken(folder):
        return ""
    store = folder / store_name(whole)
    if not store.is_dir():
        return "is not empty and holds no runs to go on with"
    parts = code_parts(recipe)
    code = key_of(parts)
    others = other_codes(store, code)
    if (old := too_old(others)) or (others and not any_code):
        return old or (
            f"was made by another version of the code ({_what_differs(others[0], parts)}; "
            "where the numbers are the same all the same, --adopt keeps its runs)"
        )
    code = others[0].name if others else code
    asked = {shelf_name(scenario) for scenario in scenarios}
    stored = sorted(path.name for path in (store / code).glob("*") if path.is_dir())
    if same and set(stored) != asked:
        return "holds runs of other scenarios"
    named = {shelf.rpartition("-")[0] for shelf in asked}
    for shelf in stored:
        name = shelf.rpartition("-")[0]
        if shelf not in asked:
            another = f"another scenario or seed named {name}"
            file = folder / "scenarios" / f"{name}.yaml"
            by = f", by {file}; --set, --with and --without change it again" if file.is_file() else ""
            lacks = f"{name}, which is not asked for (name it too{by})"
            return f"holds runs of {another if name in named else lacks}"
    return ""


def other_codes(store: Path, code: str) -> list[Path]:
    """Return the folders of a store that hold runs of other versions of the code."""
    return sorted(path for path in store.iterdir() if path.name != code)


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
    files = (path for scenario in scenarios for path in (shelves / shelf_name(scenario)).glob("*-*-*.zip"))
    return 1 + max((int(path.name.split("-")[1]) for path in files), default=-1)


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


def _refuse_to_replace(folder: Path) -> None:
    """Raise a FolderError if a folder holds no results that might be replaced."""
    if not (folder / ABOUT).is_file() and not any((folder / store).is_dir() for store in (RUNS, OUTCOMES)):
        raise FolderError(f"{folder} holds no earlier results: --force replaces nothing else")


def _remove_results(folder: Path) -> None:
    """Remove the files of an earlier run, so that none outlives the new ones."""
    _refuse_to_replace(folder)
    with locked(folder):
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
        for exported in folder.glob(f"{EXPORTED}.*"):
            exported.unlink()
        for name in ("scenarios", "figures", "audits", KEPT, RUNS, OUTCOMES, DAMAGED):
            shutil.rmtree(folder / name, ignore_errors=True)


def too_old(others: Sequence[Path]) -> str:
    """Return why runs of other versions of the code can neither be gone on with nor compared, or nothing."""
    if any("source" in (_parts(other) or ()) for other in others):  # a hash of everything, until 0.1.0
        return "was made by version 0.1.0 or older, whose runs lack the facts of events: they need new runs"
    return ""


def _what_differs(other: Path, parts: Mapping[str, str]) -> str:
    then = _parts(other)
    return "which one is not known" if then is None else what_differs(then, parts)


def _parts(other: Path) -> dict[str, str] | None:
    try:
        return dict(json.loads((other / CODE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
