"""The runs that a page asks for, a few at a time: the first are seen while the others are made."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
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


class Stopped(Exception):  # noqa: N818 - no error: the page asked for it, or is closed
    """Runs were stopped."""


def stages(runs: int) -> Iterator[int]:
    """Yield the numbers of runs after which results are shown: `FIRST`, then four times as many each time.

    Each time takes a second or two of one core for tables and charts, in which no run is made.

    >>> list(stages(100))
    [8, 32, 100]
    """
    shown = FIRST
    while shown < runs:
        yield shown
        shown *= 4
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
        whole = self._experiment(None)
        self.runs = max(scenario.runs for scenario in whole.scenarios)
        self.scenarios, self.notes = whole.scenarios, whole.notes
        self._before = before

    def stop(self) -> None:
        """Stop after what workers have in hand."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def stage(self, runs: int, tell: Callable[[Tally], None]) -> Results:
        """Make what is missing up to some number of runs, and return the results.

        Parameters
        ----------
        runs : int
            A scenario.
        tell : callable
            Called with each tally.

        Raises
        ------
        Stopped
            If it was asked to stop.
        SimError, OSError
            As for `Experiment.run`.
        """
        if self.stopped:
            raise Stopped
        if self._before is not None:
            self._take_over(self._before)
            self._before = None

        def told(tally: Tally) -> None:
            if self.stopped:
                raise Stopped
            tell(tally)

        self.results = self._experiment(runs).run(progress=told)
        if self.stopped:
            raise Stopped
        return self.results

    def remove(self) -> None:
        """Remove its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _experiment(self, runs: int | None) -> Experiment:
        options = self.asked.options if runs is None else {**self.asked.options, "runs": runs}
        return Experiment(
            list(self.asked.scenarios),
            comparing=True,
            baseline=self.asked.baseline,
            out=self.folder,
            command=self.asked.command,
            **options,
        )

    def _take_over(self, before: Running) -> None:
        """Take what was run before of the same scenarios."""
        shelves = Path(RUNS) / code_key(STANDARD)
        for scenario in self.scenarios:
            shelf = before.folder / shelves / shelf_name(scenario)
            if shelf.is_dir():
                shutil.copytree(shelf, self.folder / shelves / shelf.name)
