"""Ctrl-C as a request to stop after the run in hand, so that what is finished can be written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_requested = threading.Event()


def interrupted() -> bool:
    """Whether Ctrl-C was pressed while `interruptible` was active in this process."""
    return _requested.is_set()


def request_stop(signum: int = signal.SIGINT, frame: FrameType | None = None) -> None:
    """Ask this process to stop after the run in hand; a second request stops it at once.

    Raises
    ------
    KeyboardInterrupt
        If a stop was already asked for.
    """
    del signum, frame
    if _requested.is_set():
        raise KeyboardInterrupt
    _requested.set()


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn the first Ctrl-C inside the block into `interrupted`.

    Only the main thread may handle signals; in any other the block changes nothing.
    """
    _requested.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, request_stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        _requested.clear()


class RunsInterrupted(KeyboardInterrupt):
    """Ctrl-C: what was finished is on disk.

    Parameters
    ----------
    finished, asked : int
        Runs.
    folder : str
        Where the finished runs are.
    resume : str
        The command, or in words what to do, to go on.
    """

    def __init__(
        self, finished: int, asked: int, folder: str, resume: str = "ask for the same again"
    ) -> None:
        super().__init__(
            f"interrupted: {finished} of {asked} runs finished, kept in {folder}; to go on: {resume}"
        )
        self.finished = finished
        self.asked = asked
        self.folder = folder
