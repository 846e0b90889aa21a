"""`sim.run` and `sim.compare`: from scenarios to their results in one call.

>>> import sim
>>> results = sim.run("dubnov", runs=20)  # doctest: +SKIP
>>> comparison = sim.compare(["baseline", "dubnov"], runs=20)  # doctest: +SKIP
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.experiment import Experiment, Options
from sim.measures import chosen_outcomes

if TYPE_CHECKING:
    from typing import Unpack

    from sim.analysis.compare import Comparison
    from sim.experiment.prepare import Source
    from sim.experiment.results import Results


def run(scenario: Source, *, progress: bool = False, **options: Unpack[Options]) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, a shipped one's name, or a file.
    progress : bool
        Show a bar.
    **options
        ``runs``, ``seed``, ``changes``, ``without``, ``with_``, ``until``, ``workers``, ``cluster``, ``out``,
        ``force`` and ``allow_large``; see `sim.experiment.experiment.Options`. Without ``out`` the results
        go with the returned object.

    Returns
    -------
    Results

    Raises
    ------
    SimError
        If something is asked for that cannot be done; see `Experiment` and `Experiment.run`.
    """
    experiment = Experiment([scenario], command="sim.run", **options)
    _warn(experiment.notes)
    results = experiment.run(progress=progress)
    _warn(experiment.shortfall)
    return results


def compare(
    scenarios: Sequence[Source],
    *,
    baseline: str | None = None,
    baseline_too: bool = False,
    outcomes: Sequence[str | Callable[..., Any]] | None = None,
    progress: bool = False,
    **options: Unpack[Options],
) -> Comparison:
    """Run scenarios with common random numbers and compare them, replicate by replicate.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
    baseline : str, optional
        What the others are compared with; without it the shared world if it is there, otherwise the first.
    baseline_too : bool
        Make the changes in the baseline as well.
    outcomes : sequence of str or callable, optional
        What tables show: names, or functions of a run's history, which are registered as `sim.outcome` does.
        Without it the key outcomes, and those that a user has registered.
    progress : bool
        Show a bar.
    **options
        As for `run`.

    Returns
    -------
    Comparison
        The runs themselves are in its ``results``.

    Raises
    ------
    SimError
        As for `run`; or if there is no such outcome, a user's fails, or no run was finished.
    """
    from sim.analysis.compare import compare as compare_results  # noqa: PLC0415 - slow to load

    shown = None if outcomes is None else chosen_outcomes(outcomes)  # a wrong name costs no runs
    experiment = Experiment(
        scenarios,
        comparing=True,
        baseline=baseline,
        baseline_too=baseline_too,
        command="sim.compare",
        **options,
    )
    _warn(experiment.notes)
    results = experiment.run(progress=progress)
    _warn(experiment.shortfall)
    return compare_results(results, experiment.baseline, shown)


def _warn(sentences: Sequence[str]) -> None:
    """Warn of what the command line remarks, where `run` or `compare` was called."""
    for sentence in sentences:
        warnings.warn(sentence, stacklevel=3)
