"""Files that are written whole or not at all, and what tells one that was changed since."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PARTIAL = ".part"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; it becomes ``path`` when the block ends well.

    A process that is killed, or a machine that stops, leaves the old file or the new one, never part of one.

    Parameters
    ----------
    path : Path
        Its folder exists.

    Yields
    ------
    Path
        In the same folder; removed if the block raises.

    Raises
    ------
    OSError
        If it cannot be written, as on a full disk; ``path`` is then as it was.
    """
    partial = path.with_name(f".{path.name}{_PARTIAL}")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        _keep_name(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raises what `replacing` raises."""
    with replacing(path) as partial:
        partial.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write a text file, in UTF-8, whole or not at all; raises what `replacing` raises."""
    write_bytes(path, text.encode("utf-8"))


def remove_partial_files(folder: Path) -> None:
    """Remove what killed processes left under temporary names; no other process may be writing there."""
    for partial in folder.rglob(f".*{_PARTIAL}"):
        partial.unlink(missing_ok=True)


def checksum(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_name(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
