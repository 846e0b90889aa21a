"""How far long work has come, on standard error: a bar on a terminal, elsewhere a plain line now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from html import escape
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
)
from rich.text import Text

from sim.experiment.limits import time_text
from sim.experiment.record import Tally

PAUSE = 30.0
"""Seconds between two lines at least, where there is no terminal."""

ENOUGH_SECONDS, ENOUGH_DONE, ENOUGH_SHARE = 10.0, 20, 0.05
"""Seconds since the first was done, and how many more must be done by then, or what share of all, before it
is said how long the rest takes: workers that start, and code that is compiled, say nothing of the speed."""


Showing = bool | Callable[[Tally], None] | None
"""Whether to show a bar, None for one in notebooks alone; or what is called with each tally, before the first
run and after some each time."""

_PAGE_PAUSE = 0.3  # seconds between two changes of a page


@contextmanager
def reported_to(progress: Showing, total: int) -> Iterator[Callable[[Tally], None]]:
    """Show progress while the block lasts, of the most runs that may be made.

    Parameters
    ----------
    progress : bool, callable or None
    total : int
        Runs.

    Yields
    ------
    callable
        To be called with each tally.
    """
    if callable(progress):
        yield lambda tally: progress(replace(tally, asked=total))
        return
    notebook = progress is not False and in_notebook()
    with _page_bar(total) if notebook else progress_bar(total, shown=bool(progress)) as advance:
        yield lambda tally: advance(replace(tally, asked=total))


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Callable[[Tally], None]]:
    """Show how many runs are made while the block lasts.

    Parameters
    ----------
    total : int
        Runs.
    shown : bool
        Whether anything is to be shown at all.

    Yields
    ------
    callable
        To be called with each tally.
    """
    lines = Lines("runs", total)
    with _bar(shown, lines.pace, TextColumn("runs")) as bar:
        task = bar.add_task("starting", total=total)
        first = True

        def advance(tally: Tally) -> None:
            nonlocal first
            if first:  # runs that were there already say nothing about the speed
                bar.reset(task, total=tally.asked, completed=tally.kept)
                lines.pace.total, lines.pace.before = tally.asked, tally.kept
                first = False
            lines.pace.see(tally.finished)
            warning = f" ({tally.failed} failed)" if tally.failed else ""
            bar.update(task, completed=tally.finished, description=tally.scenario + warning)
            if shown and not bar.console.is_terminal:
                lines.show(tally.finished, warning)

        yield advance


@contextmanager
def counting_bar(text: str, total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Show progress as `progress_bar` does, of what ``text`` names; the callable takes the number done."""
    lines = Lines(text, total)
    with _bar(shown, lines.pace) as bar:
        task = bar.add_task(text, total=total)

        def advance(done: int) -> None:
            lines.pace.see(done)
            bar.update(task, completed=done)
            if shown and not bar.console.is_terminal:
                lines.show(done)

        yield advance


class Pace:
    """How fast work goes, since the first of it was done.

    Parameters
    ----------
    total : int
    before : int
        Done already at the start.
    """

    def __init__(self, total: int, before: int = 0) -> None:
        self.total, self.before = total, before
        self._first: tuple[float, int] | None = None
        self._last = (monotonic(), before)

    def see(self, done: int) -> None:
        """Take note of how much is done now."""
        self._last = (monotonic(), done)
        if self._first is None and done > self.before:
            self._first = self._last

    def left(self) -> str:
        """Return about how long the rest takes, in words; empty until that rests on enough."""
        if self._first is None:
            return ""
        seconds, made = (last - first for last, first in zip(self._last, self._first, strict=True))
        if seconds < ENOUGH_SECONDS or made < max(1, min(ENOUGH_DONE, ENOUGH_SHARE * self.total)):
            return ""
        return f"about {time_text(seconds * (self.total - self._last[1]) / made)} left"


class _Left(ProgressColumn):
    """The column of a bar that says how long the rest takes."""

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    def render(self, task: Task) -> Text:
        """Return what the pace says, whatever the task's own speed."""
        return Text(self._pace.left(), style="progress.remaining")


class Lines:
    """Tells progress in plain lines, the first after a pause, with the time that is left.

    Parameters
    ----------
    what : str
        Is counted.
    total : int
    before : int
        Done already at the start.
    """

    def __init__(self, what: str, total: int, before: int = 0) -> None:
        self.what, self.pace = what, Pace(total, before)
        self._told = monotonic()

    def show(self, done: int, warning: str = "") -> None:
        """Write a line, unless the last was a moment ago."""
        now, total = monotonic(), self.pace.total
        if now - self._told < PAUSE:
            return
        self._told = now
        left = f", {told}" if (told := self.pace.left()) else ""
        share = f" ({done / total:.0%})" if total else ""
        text = f"{self.what}: {done:,} of {total:,}{share}{warning}{left}"
        Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


def in_notebook() -> bool:
    """Return whether this runs in a notebook, where a bar is a part of the page."""
    return Console(stderr=True).is_jupyter


class PageBar:
    """A bar in the output of a notebook's cell, gone when the work is.

    Parameters
    ----------
    total : int
    """

    def __init__(self, total: int) -> None:
        from IPython.display import HTML, display  # noqa: PLC0415 - a notebook has it

        self.total = total
        self._html, self._told = HTML, monotonic()
        self._place = display(HTML(self._text(0, "starting")), display_id=True)

    def show(self, done: int, what: str) -> None:
        """Show how far it is, unless it was shown a moment ago."""
        now = monotonic()
        if now - self._told > _PAGE_PAUSE or done == self.total:
            self._told = now
            self._place.update(self._html(self._text(done, what)))

    def close(self) -> None:
        """Take the bar away."""
        self._place.update(self._html(""))

    def _text(self, done: int, what: str) -> str:
        bar = f'<progress value="{done}" max="{self.total}" aria-label="runs"></progress>'
        return f"{bar} {done:,} of {self.total:,} runs: {escape(what)}"


@contextmanager
def _page_bar(total: int) -> Iterator[Callable[[Tally], None]]:
    bar = PageBar(total)

    def advance(tally: Tally) -> None:
        bar.total = tally.asked
        bar.show(tally.finished, tally.scenario + (f" ({tally.failed} failed)" if tally.failed else ""))

    try:
        yield advance
    finally:
        bar.close()


@contextmanager
def _bar(shown: bool, pace: Pace, *columns: ProgressColumn) -> Iterator[Progress]:
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *columns,
        _Left(pace),
        console=console,
        transient=True,
        disable=not (shown and console.is_terminal),
    )
    with nullcontext() if bar.disable else bar:  # before rich 15 its end is an empty line even where disabled
        yield bar
