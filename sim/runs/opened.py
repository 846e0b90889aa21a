"""A results folder opened for work: nobody else's for the time, its log on, its run store ready."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.runs.atomic import remove_partial_files
from sim.runs.errors import FolderError
from sim.runs.folder import misfit
from sim.runs.interrupt import interruptible
from sim.runs.lock import locked
from sim.runs.log import logged_to
from sim.runs.store import RUNS, RunStore

if TYPE_CHECKING:
    from sim.runs.chunk import Recipe
    from sim.scenario import Scenario

_log = logging.getLogger(__name__)


@contextmanager
def opened(
    folder: Path, scenarios: Sequence[Scenario], recipe: Recipe, *, kept: str = RUNS, command: str = ""
) -> Iterator[RunStore]:
    """Open a folder for the runs of some scenarios while the block lasts.

    Ctrl-C becomes a request to stop, see `sim.runs.interrupt`.

    Parameters
    ----------
    folder : Path
        New, empty, or with some of the same runs.
    scenarios : sequence of Scenario
    recipe : Recipe
    kept : str
        What of each run, as for `RunStore`.
    command : str
        For the log.

    Raises
    ------
    FolderError
        If the folder holds anything else, or another process writes to it.
    OSError
        If it cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), logged_to(folder), interruptible():
        reason = misfit(folder, scenarios, recipe, kept=kept)
        if reason:
            raise FolderError(f"{folder} {reason}")
        _log.info("started: %s", command or "called from Python")
        try:
            remove_partial_files(folder)
            store = RunStore(folder, recipe, kept)
            store.open(scenarios)
            yield store
        except BaseException as error:
            _log.error("ended by %s: %s", type(error).__name__, error)
            raise
        _log.info("finished")
