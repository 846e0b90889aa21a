"""A progress bar of runs, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.runs.record import FailedRun, Record


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Callable[[Record], None]]:
    """Show a bar on standard error while the block lasts, if that is a terminal.

    Parameters
    ----------
    total : int
        Runs.
    shown : bool
        Whether there is to be one at all.

    Yields
    ------
    callable
        To be called with each record.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not (shown and console.is_terminal)
    ) as bar:
        task = bar.add_task("starting", total=total)
        failed = 0

        def advance(record: Record) -> None:
            nonlocal failed
            failed += isinstance(record, FailedRun)
            warning = f" ({failed} failed)" if failed else ""
            bar.update(task, advance=1, description=record.scenario + warning)

        yield advance
