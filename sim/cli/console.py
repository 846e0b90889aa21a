"""Commands and where their text goes: tables to standard output, remarks to standard error."""

from __future__ import annotations

import io
import logging
import shlex
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import NotUtf8Warning, SimError, WorkersError, missing_extra
from sim.experiment.interrupt import RunsInterrupted
from sim.renamed import RenamedWarning, warnings_as_notes

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# -- A command whose help ends with examples, printed as they are typed ----------------------------


class Command(click.Command):
    """A click command with examples.

    Parameters
    ----------
    *args, **options
        As for `click.Command`.
    examples : sequence of str
        Lines to be shown under the help.
    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples without wrapping them."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class CommandGroup(Command, click.Group):
    """A command of several, with examples of its own."""


# -- commands whose errors end in one message ------------------------------------------------------

_INTERRUPTED = 130  # as shells report a program that Ctrl-C ended


class Commands(click.Group):
    """Commands whose errors end in one message: exit 2 for the user's, 1 for the program's own.

    The group has an option ``--debug``, which shows where an error was raised.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        _print_what_can_be_printed()
        try:
            with warnings_as_notes(remark, RenamedWarning, NotUtf8Warning):
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt as stop:
            click.echo(str(stop) or "interrupted", err=True)
            raise click.exceptions.Exit(_INTERRUPTED) from None
        except Exception as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            if told := _users(error):
                click.echo(f"Error: {told}", err=True)
                raise click.exceptions.Exit(2) from None
            hint = "" if ctx.params["debug"] else f"; `{self.name} --debug ...` shows where"
            click.echo(f"Unexpected error: {type(error).__name__}: {error}{hint}", err=True)
            raise click.exceptions.Exit(1) from None


def _print_what_can_be_printed() -> None:
    """Write a question mark for a character that the terminal or file has no code for, and go on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def _users(error: Exception) -> str:
    """Return what to tell the user of an error that the user can mend; of another, nothing."""
    if isinstance(error, SimError):
        return str(error)
    if isinstance(error, ImportError):
        return missing_extra(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{(error.strerror or str(error)).lower()}"
    return ""


# -- the command that goes on where one stopped ----------------------------------------------------


@contextmanager
def telling_how_to_resume(out: Path | None, folder: Path) -> Iterator[None]:
    """Have what stops the runs in this block say which command goes on.

    Parameters
    ----------
    out : Path or None
        The folder that the user gave.
    folder : Path
        Where the runs are kept.

    Raises
    ------
    RunsInterrupted
        After Ctrl-C, with the command.
    OSError
        If the folder cannot be written to.
    WorkersError
        If workers cannot be reached any more.
    """
    words = [word for word in sys.argv[1:] if word != "--force"]
    again = shlex.join(["sim", *words, *(["--out", str(folder)] if out is None else [])])
    try:
        yield
    except RunsInterrupted as stop:
        raise RunsInterrupted(stop.finished, stop.asked, stop.folder, again) from None
    except OSError:
        remark(f"what is finished is kept in {folder}; once it can be written to: {again}")
        raise
    except WorkersError:
        remark(f"what is finished is kept in {folder}; to go on, once workers can be reached: {again}")
        raise


# -- where text goes: tables to standard output, remarks to standard error, colour only on a terminal ---

_PIPED_WIDTH = 160  # of tables that are wide


def output(piped_width: int = _PIPED_WIDTH, *, quiet: bool = False) -> Console:
    """Return a console on standard output.

    Parameters
    ----------
    piped_width : int
        Characters a line where there is no terminal to ask.
    quiet : bool
        Print nothing.
    """
    from rich.console import Console  # noqa: PLC0415 - a third of the time of --help

    width = None if sys.stdout.isatty() else piped_width
    return Console(highlight=False, markup=False, width=width, quiet=quiet)


def remark(text: str) -> None:
    """Write a remark to standard error."""
    from rich.console import Console  # noqa: PLC0415

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


@contextmanager
def steps(what: str, total: int, *, shown: bool = True) -> Iterator[Callable[[], None]]:
    """Show on a terminal how far long work has come while the block lasts.

    Parameters
    ----------
    what : str
    total : int
        Steps.
    shown : bool

    Yields
    ------
    callable
        To be called after each step.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def drawing(*, shown: bool = True) -> Iterator[None]:
    """Say on a terminal that figures are drawn, while the block lasts: it may take longer than the runs."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    with console.status("drawing figures") if shown and console.is_terminal else nullcontext():
        yield


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
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(columns):
        table.add_column(
            heading, justify="right" if numbers and place else "left", overflow="fold", no_wrap=not place
        )
    return table


def paragraph(text: str) -> str:
    """Return a text indented and wrapped to a width that reads well."""
    return textwrap.fill(text, width=100, initial_indent="  ", subsequent_indent="    ")
