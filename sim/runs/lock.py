"""One process at a time in a results folder."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sim.runs.errors import FolderError

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
