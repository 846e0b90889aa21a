"""A results folder that a later command opens again, and what is asked of it then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.asked import Asked
from sim.experiment.results import open_results
from sim.experiment.windowed import check_window
from sim.measures.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.results import Results
    from sim.months import Month


def reopened(
    folder: str | Path,
    *,
    scenarios: Sequence[str] = (),
    baseline: str | None = None,
    outcomes: Sequence[str] = (),
    since: str | Month | None = None,
    by: str | Month | None = None,
    only_different: bool = False,
    states: Sequence[str] = (),
) -> tuple[Results, Asked]:
    """Open a results folder, and return what is asked of it: as when it was made, but for what is given.

    Parameters
    ----------
    folder : str or Path
    scenarios, baseline, outcomes, only_different, states
        As for `Asked.changed`.
    since, by : str or Month, optional
        As for `sim.measures.window.Window.of`.

    Raises
    ------
    ResultsError
        If it is no results folder, or there is no such scenario.
    RequestError
        If the runs do not reach over the months.
    """
    results = open_results(folder)
    asked = Asked.read(results).changed(
        scenarios=scenarios,
        baseline=baseline,
        outcomes=outcomes,
        window=Window.of(since, by),
        only_different=only_different,
        states=states,
    )
    check_window(results.about, asked.window)
    return results, asked
