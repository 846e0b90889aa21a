"""The log of a results folder: what was done there, and when."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
