"""The runs that a page asks for, a few at a time: the first are seen while the others are made."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from sim.experiment.experiment import Experiment
from sim.experiment.identity import code_key
from sim.experiment.run import STANDARD
from sim.experiment.store import RUNS, shelf_name

if TYPE_CHECKING:
    from sim.experiment.record import Tally
    from sim.experiment.results import Results
    from sim.explore.asked import Asked

FIRST = 8
"""Runs a scenario after which there is something to see."""

_TIMES = 4


class Stopped(Exception):  # noqa: N818 - no error: the page asked for it, or is closed
    """Runs were stopped."""


def stages(runs: int) -> Iterator[int]:
    """Yield the numbers of runs after which results are shown: `FIRST`, then four times as many each time.

    Each time takes up to a second of one core for tables and charts. With more than a quarter of all runs
    there, it is worth no more waiting.

    >>> list(stages(100))
    [8, 100]
    >>> list(stages(1_000))
    [8, 32, 128, 1000]
    """
    shown = FIRST
    while shown <= runs / _TIMES:
        yield shown
        shown *= _TIMES
    yield runs


class Running:
    """The runs of one request, in a folder of their own.

    Parameters
    ----------
    asked : Asked
    folder : Path
        New or empty.
    before : Running, optional
        What the page ran before: what it made of the same scenarios is used again.

    Attributes
    ----------
    results : Results or None
        Of the latest stage.
    runs : int
        That are asked for, a scenario.
    scenarios : list of Scenario
    notes : list of str
        What was done although nobody asked for it.

    Raises
    ------
    SimError
        If this cannot be run, or takes too much time, disk or memory; before anything is written.
    """

    def __init__(self, asked: Asked, folder: Path, before: Running | None = None) -> None:
        self.asked, self.folder = asked, folder
        self.results: Results | None = None
        self._stop = Event()
        self._experiment = Experiment(
            list(asked.scenarios),
            comparing=True,
            baseline=asked.baseline,
            out=folder,
            command=asked.command,
            **asked.options,
        )
        self.runs = max(scenario.runs for scenario in self._experiment.scenarios)
        self.scenarios, self.notes = self._experiment.scenarios, self._experiment.notes
        self._before = before

    def stop(self) -> None:
        """Stop after what workers have in hand."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def stages(self, tell: Callable[[Tally], None]) -> Generator[tuple[int, Results]]:
        """Make what is missing, and yield results as they grow, while more runs are made.

        Parameters
        ----------
        tell : callable
            Called with each tally.

        Yields
        ------
        int, Results
            Runs of each scenario, and their results; the next are written over them.

        Raises
        ------
        Stopped
            If it was asked to stop.
        SimError, OSError
            As for `Experiment.run`.
        """
        self._stop_if_asked()
        if self._before is not None:
            self._take_over(self._before)
            self._before = None

        def told(tally: Tally) -> None:
            self._stop_if_asked()
            tell(tally)

        made = self._experiment.run_in_stages(list(stages(self.runs)), progress=told)
        with closing(made):
            for runs, results in made:
                self._stop_if_asked()
                self.results = results
                yield runs, results

    def _stop_if_asked(self) -> None:
        if self.stopped:
            raise Stopped

    def remove(self) -> None:
        """Remove its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _take_over(self, before: Running) -> None:
        """Take what was run before of the same scenarios."""
        shelves = Path(RUNS) / code_key(STANDARD)
        for scenario in self.scenarios:
            shelf = before.folder / shelves / shelf_name(scenario)
            if shelf.is_dir():
                shutil.copytree(shelf, self.folder / shelves / shelf.name)
