"""Where text goes: tables to standard output, remarks to standard error, colour only on a terminal."""

from __future__ import annotations

import logging
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

_PIPED_WIDTH = 160  # where there is no terminal to ask


def output(*, quiet: bool = False) -> Console:
    """Return a console on standard output; a quiet one prints nothing."""
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(highlight=False, markup=False, width=width, quiet=quiet)


def remark(text: str) -> None:
    """Write a remark to standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


@contextmanager
def remarked_warnings() -> Iterator[None]:
    """Write the package's warnings to standard error while the block lasts."""
    logger, handler = logging.getLogger("sim"), _Remarks(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Remarks(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.WARNING:  # what ends the command is told by its end
            remark(record.getMessage())


def plain_table(title: str, *columns: str, numbers: bool = False) -> Table:
    """Return an empty table.

    Parameters
    ----------
    title : str
    *columns : str
        Headings.
    numbers : bool
        Align all columns but the first to the right.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(columns):
        table.add_column(
            heading, justify="right" if numbers and place else "left", overflow="fold", no_wrap=not place
        )
    return table


def paragraph(text: str) -> str:
    """Return a text indented and wrapped to a width that reads well."""
    return textwrap.fill(text, width=100, initial_indent="  ", subsequent_indent="    ")
