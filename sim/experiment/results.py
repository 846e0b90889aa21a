"""A results folder, opened for reading."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import ResultsError
from sim.experiment.files import ABOUT, CODE
from sim.experiment.place import is_results, no_folder, path_given
from sim.experiment.reading import Readable
from sim.extras import extras_named
from sim.measures import OUTCOMES
from sim.measures.definition import definition_keys
from sim.renamed import among

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.analysis.effects import Effects
    from sim.analysis.shipped_audit import AuditMarks
    from sim.figures.plots import Plots
    from sim.measures.window import Window
    from sim.months import Month

__all__ = ["Results", "ResultsError", "is_results", "open_results"]


class Results(Readable):
    """What an ensemble of runs left behind. Tables are read when they are first asked for.

    Parameters
    ----------
    path : str or Path
        A folder that ``sim run`` or ``sim compare`` wrote.
    keep : TemporaryDirectory, optional
        Deleted together with this object.

    Raises
    ------
    ResultsError
        If there are no results in the folder.

    Examples
    --------
    >>> results = sim.open_results("results/compare")  # doctest: +SKIP
    >>> results.outcomes.groupby("scenario")["street_falls"].median()  # doctest: +SKIP
    """

    def __init__(self, path: str | Path, keep: TemporaryDirectory[str] | None = None) -> None:
        self.path = path_given(path, "folder of results")
        self._keep = keep
        self._outcomes: tuple[dict[str, str], pd.DataFrame] | None = None
        self._windows: dict[Window, tuple[dict[str, str], pd.DataFrame]] = {}
        if not self.path.is_dir():
            raise ResultsError(no_folder(self.path))
        if not (self.path / ABOUT).is_file():
            if any((self.path / "runs").glob(f"*/{CODE}")):
                raise ResultsError(f"{self.path} was not finished: run the same command again to complete it")
            raise ResultsError(f"{self.path} is not a results folder: it has no {ABOUT}")

    def __getstate__(self) -> dict[str, Any]:
        """Travel to another process, such as one that draws figures, as the folder alone."""
        return {"path": self.path, "_keep": None, "_outcomes": None, "_windows": {}}

    def __repr__(self) -> str:
        about = self.about
        return f"Results({self.path}: {', '.join(self.scenarios)}; {about['runs_finished']} runs)"

    def _repr_html_(self) -> str:
        from sim.notebook import of_results  # noqa: PLC0415

        return of_results(self)

    @cached_property
    def about(self) -> dict[str, Any]:
        """Versions, seed, command and times."""
        try:
            about: dict[str, Any] = json.loads((self.path / ABOUT).read_text(encoding="utf-8"))
        except ValueError:
            raise ResultsError(self._damaged(ABOUT)) from None
        if not isinstance(about, dict) or not isinstance(about.get("scenarios"), list):
            raise ResultsError(self._damaged(ABOUT))
        return about

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order in which they were asked for."""
        return [item["name"] for item in self.about["scenarios"]]

    @property
    def baseline(self) -> str | None:
        """What the scenarios were compared with; None where they were only run."""
        return self.about.get("baseline")

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the scenarios by name."""
        return {item["name"]: item["title"] for item in self.about["scenarios"]}

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a run: scenario, replicate, thesis, every outcome, end state and its reason.

        They are of whole runs, also in a folder compared over some months: `outcomes_within` has those.
        Outcomes that were registered, or defined otherwise, since the runs were made are computed from the
        stored histories when they are first asked for, and kept.

        Raises
        ------
        ResultsError
            If the folder holds too little to compute one.
        OutcomeError
            If the function of a user's outcome fails.
        """
        from sim.experiment.kept import renewed  # noqa: PLC0415 - reads the model

        keys = definition_keys(OUTCOMES)
        if self._outcomes is None or self._outcomes[0] != keys:
            table = renewed(self.path, self.table("outcomes"), self.about, OUTCOMES)
            self._outcomes = (keys, table.to_pandas())
        return self._outcomes[1]

    def outcomes_within(
        self, window: Window | None = None, *, since: str | Month | None = None, by: str | Month | None = None
    ) -> pd.DataFrame:
        """Return outcomes, and the end states that follow from them by the same rules, over some months.

        Parameters
        ----------
        window : Window, optional
            In place of its two ends, ``since`` and ``by``; without all three the folder's own `window`.
        since, by : str or Month, optional

        Returns
        -------
        DataFrame
            As `outcomes`, computed from the stored histories when it is first asked for.

        Raises
        ------
        RequestError
            If a scenario's runs do not reach over the window.
        ResultsError
            If the folder holds too little of its runs.
        OutcomeError
            If the function of a user's outcome fails.
        """
        from sim.experiment.windowed import outcomes_within  # noqa: PLC0415 - reads the model
        from sim.measures.window import Window  # noqa: PLC0415

        if window is None:
            window = Window.of(since, by) or self.window
        if not window:
            return self.outcomes
        keys = definition_keys(OUTCOMES)
        if window not in self._windows or self._windows[window][0] != keys:
            table = outcomes_within(self.path, self.about, self.table("outcomes"), window)
            self._windows[window] = (keys, table)
        return self._windows[window][1]

    @property
    def window(self) -> Window:
        """The months over which the folder was compared, as ``--from`` and ``--by`` said; else whole runs."""
        from sim.analysis.asked import Asked  # noqa: PLC0415 - it reads results

        return Asked.read(self).window

    @cached_property
    def trajectories(self) -> pd.DataFrame:
        """One row a run, month and state; Moscow's own series are in the rows of state RUS.

        All of it. `read` and `parts` read some states, months and columns, with much less memory.
        """
        return self.read("trajectories")

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event: who did what to whom and when, and a column for each fact behind it."""
        return self.read("events")

    @cached_property
    def challenges(self) -> pd.DataFrame:
        """One row a mass challenge to a regime, with its flare-ups: how long, how answered, how it ended."""
        return self.read("challenges")

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a run: the value drawn for each parameter, and what claims that begin later make of it."""
        return self.read("draws")

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """One row a run and value of each parameter that changes: from which month, and by what."""
        return self.read("parameters")

    @cached_property
    def territories(self) -> pd.DataFrame:
        """One row a run, month and territory: its status, 0 to 3."""
        return self.read("territories")

    @cached_property
    def failures(self) -> pd.DataFrame:
        """One row a failed run: its error and traceback."""
        return self.read("failures")

    def sentences(self, rows: pd.DataFrame | None = None) -> pd.Series[str]:
        """Tell events in words: what happened, and why.

        Parameters
        ----------
        rows : DataFrame, optional
            Rows of `events`, with all columns; every event without it.

        Returns
        -------
        Series of str
            One sentence a row, with the index of the rows.

        Raises
        ------
        ResultsError
            If the rows lack a column, as those of version 0.1.0 do.

        Examples
        --------
        >>> results.sentences(results.events.query("kind == 'fall'"))  # doctest: +SKIP
        """
        from sim.explain.sentences import sentences_of  # noqa: PLC0415

        return sentences_of(self, self.events if rows is None else rows)

    @extras_named()
    def report(self, path: str | Path | None = None, *, title: str = "", question: str = "") -> Path:
        """Write a report for readers who run nothing: one HTML file that opens without a network.

        Parameters
        ----------
        path : str or Path, optional
            Of the file; ``report.html`` in the folder without it.
        title, question : str
            At its head; the scenarios' own without them.

        Returns
        -------
        Path
            Of the file.

        Raises
        ------
        MissingExtraError
            If the extra ``report`` is not installed; it is an ImportError, too.
        ResultsError
            If the folder lacks what is told.
        """
        from sim.report.report import write_report  # noqa: PLC0415 - in the extra `report`

        return write_report(self, path, title=title, question=question)

    def compare(
        self,
        baseline: str | None = None,
        outcomes: str | Callable[..., Any] | Sequence[str | Callable[..., Any]] | None = None,
        *,
        only_different: bool = False,
        since: str | Month | None = None,
        by: str | Month | None = None,
    ) -> Comparison:
        """Compare the scenarios with one of them, replicate by replicate; nothing is run or written.

        Parameters
        ----------
        baseline : str, optional
            A scenario; without it what they were compared with when they were run, or else the shared world
            if it is there, otherwise the first.
        outcomes, only_different, since, by
            As for `sim.compare`; without ``since`` and ``by`` over the folder's own `window`.

        Raises
        ------
        SimError
            If there is no such scenario or outcome, or no run was finished.
        """
        from sim.analysis.compare import compare  # noqa: PLC0415 - it reads results
        from sim.measures.window import Window  # noqa: PLC0415

        window = Window.of(since, by) or self.window
        return compare(self, baseline, outcomes, window=window, only_different=only_different)

    def compare_effects(
        self,
        against: str | None = None,
        outcomes: str | Callable[..., Any] | Sequence[str | Callable[..., Any]] | None = None,
        *,
        states: str | Sequence[str] = (),
        only_different: bool = False,
        since: str | Month | None = None,
        by: str | Month | None = None,
    ) -> Effects:
        """Say by how much effects differ between the theses that scenarios are laid over; nothing is run.

        Parameters
        ----------
        against : str, optional
            The thesis that the others are held against; the first without it.
        outcomes, only_different, since, by
            As for `sim.compare`; as they were compared without them.
        states : sequence of str
            Codes, names or regions of states that words and tables tell of, too.

        Raises
        ------
        SimError
            If fewer than two theses were compared, or there is no such thesis, state or outcome.

        Examples
        --------
        >>> found = sim.compare_under(["what-if/china-steps-in"], ["kuzio", "dubnov"])  # doctest: +SKIP
        >>> print(found["kuzio"].results.compare_effects())  # doctest: +SKIP
        """
        from sim.analysis.asked import Asked  # noqa: PLC0415 - it reads results
        from sim.explain.words import find_states  # noqa: PLC0415
        from sim.measures import chosen_outcomes  # noqa: PLC0415
        from sim.measures.window import Window  # noqa: PLC0415

        asked = Asked.read(self).changed(
            outcomes=() if outcomes is None else chosen_outcomes(outcomes),
            window=Window.of(since, by),
            only_different=only_different,
            states=find_states(states) if states else (),
        )
        return asked.effects(asked.compare(self), against)

    @property
    def plot(self) -> Plots:
        """Every figure as a method: ``results.plot.influence()``; ``dir(results.plot)`` lists them."""
        from sim.figures.plots import Plots  # noqa: PLC0415 - loads matplotlib

        return Plots(self)

    def audit(self, baseline: str) -> AuditMarks:
        """Return which differences from a baseline repeat an assumption of their thesis, as far as is known.

        Parameters
        ----------
        baseline : str
            A scenario's name.

        Returns
        -------
        AuditMarks
            As the shipped audit labels them, and which scenarios it says nothing of.
        """
        from sim.analysis.shipped_audit import audit_of  # noqa: PLC0415

        return audit_of(self, baseline)

    def labels(self) -> dict[str, dict[str, str]]:
        """Return what audits say of each scenario's differences from the shared world, by outcome.

        Scenarios that no audit knows are left out; the shared world has no label.
        """
        from sim.analysis.own_audit import audited_by  # noqa: PLC0415 - it reads results
        from sim.analysis.shipped_audit import kept_audits, stored_scenarios  # noqa: PLC0415

        return audited_by(stored_scenarios(self), kept_audits(self.path))

    def _scenario(self, name: str) -> str:
        from sim.analysis.compare import named  # noqa: PLC0415 - it reads results

        return named("scenario", among("scenario", name, self.scenarios), self.scenarios)

    def _remark(self) -> str:
        """Where the folder is that of a command which keeps no runs: a remark that says so, or nothing."""
        from sim.experiment.store import store_name  # noqa: PLC0415 - reads the model

        if not (self.path / store_name(whole=False)).is_dir():
            return ""
        return f": `{self.about.get('command', '')}` wrote it, and keeps of its runs their outcomes alone"


def open_results(path: str | Path) -> Results:
    """Open a results folder.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    ResultsError
        If it is not one.
    """
    return Results(path)
