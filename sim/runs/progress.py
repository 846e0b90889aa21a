"""A progress bar of runs, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.runs.record import Tally


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Callable[[Tally], None]]:
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
        To be called with each tally.
    """
    with _bar(shown) as bar:
        task = bar.add_task("starting", total=total)
        first = True

        def advance(tally: Tally) -> None:
            nonlocal first
            if first:  # runs that were there already say nothing about the speed
                bar.reset(task, total=tally.asked, completed=tally.kept)
                first = False
            warning = f" ({tally.failed} failed)" if tally.failed else ""
            bar.update(task, completed=tally.finished, description=tally.scenario + warning)

        yield advance


@contextmanager
def counting_bar(text: str, total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Show a bar as `progress_bar` does, with one text; the callable takes the number of runs done."""
    with _bar(shown) as bar:
        task = bar.add_task(text, total=total)
        yield lambda done: bar.update(task, completed=done)


def _bar(shown: bool) -> Progress:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal))
