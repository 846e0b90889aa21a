"""`sim.run` and `sim.compare`: from scenarios to their results in one call.

>>> import sim
>>> results = sim.run("dubnov", runs=20)  # doctest: +SKIP
>>> comparison = sim.compare(["baseline", "dubnov"], runs=20)  # doctest: +SKIP
"""

from __future__ import annotations

import dataclasses
import operator
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.experiment.experiment import Experiment
from sim.experiment.options import Options
from sim.experiment.prepare import Changes
from sim.experiment.under import Group, lay_under
from sim.measures import chosen_outcomes
from sim.measures.window import Window

if TYPE_CHECKING:
    from typing import Unpack

    from sim.analysis.compare import Comparison
    from sim.experiment.prepare import Source
    from sim.experiment.progress import Showing
    from sim.experiment.results import Results
    from sim.model.model import PostSovietSpace
    from sim.model.simulate import Run
    from sim.months import Month


def run(scenario: Source, *, progress: Showing = None, **options: Unpack[Options]) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, a shipped one's name, or a file.
    progress : bool, callable or None
        Show a bar, None for one in notebooks alone; or what is called with each tally of runs.
    **options
        ``runs``, ``seed``, ``changes``, ``without``, ``with_``, ``until``, ``workers``, ``cluster``, ``out``,
        ``force`` and ``allow_large``; see `sim.experiment.options.Options`. Without ``out`` the results
        go with the returned object.

    Returns
    -------
    Results

    Raises
    ------
    SimError
        If something is asked for that cannot be done; see `Experiment` and `Experiment.run`.
    """
    with told_in_python():
        experiment = Experiment([scenario], command="sim.run", **options)
    _warn(experiment.notes)
    results = experiment.run(progress=progress)
    _warn(experiment.shortfall)
    return results


def simulate(scenario: Source, replicate: int, *given: Any, **more: Any) -> Run:
    """Run one replicate of a scenario in this process, and return its history.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, a shipped one's name, or a file.
    replicate : int
        0 or more.
    *given, **more
        ``world``, ``numbers``, ``drawn_by`` and ``seed``, as `sim.model.simulate.build` takes them.

    Returns
    -------
    Run
        The same for the same scenario, seed and replicate, wherever it runs.

    Raises
    ------
    SimError
        If there is no such scenario, or the replicate is no whole number, 0 or more.
    """
    from sim.model.simulate import simulate  # noqa: PLC0415 - reads the model

    return simulate(Changes().apply(scenario), _checked(replicate), *given, **more)


def build(scenario: Source, replicate: int = 0, *given: Any, **more: Any) -> PostSovietSpace:
    """Return the model of one replicate before its first month, to be stepped by hand.

    Parameters
    ----------
    scenario : Scenario, str or Path
    replicate : int
    *given, **more
        As for `simulate`.

    Returns
    -------
    PostSovietSpace
        A Mesa model: the page for Mesa users shows what is in it.

    Raises
    ------
    SimError
        As for `simulate`.
    """
    from sim.model.simulate import build  # noqa: PLC0415 - reads the model

    return build(Changes().apply(scenario), _checked(replicate), *given, **more)


def _checked(replicate: int) -> int:
    try:
        number = operator.index(replicate)
    except TypeError:
        number = -1
    if number < 0:
        raise RequestError(f"the replicate must be a whole number, 0 or more, not {replicate!r:.80}")
    return number


def compare(
    scenarios: Source | Sequence[Source],
    *,
    baseline: str | None = None,
    baseline_too: bool = False,
    outcomes: str | Callable[..., Any] | Sequence[str | Callable[..., Any]] | None = None,
    only_different: bool = False,
    since: str | Month | None = None,
    by: str | Month | None = None,
    audit: str | Path | Sequence[str | Path] = (),
    progress: Showing = None,
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
    only_different : bool
        Show only outcomes of which a scenario's difference excludes 0.
    since, by : str or Month, optional
        The first and the last month over which outcomes are measured, such as ``2014-03``; the whole run
        without them.
    audit : sequence of str or Path
        Folders that ``sim claims FILE --audit`` wrote: audits of one's own, beside the shipped one.
    progress : bool, callable or None
        Show a bar, None for one in notebooks alone; or what is called with each tally of runs.
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

    Examples
    --------
    >>> comparison = sim.compare(["baseline", "dubnov"], by="2019-12")  # doctest: +SKIP
    >>> print(comparison)  # in words  # doctest: +SKIP
    """
    (comparison,) = _compared(
        scenarios, (), outcomes, Window.of(since, by), only_different, audit, progress,
        baseline=baseline, baseline_too=baseline_too, command="sim.compare", **options,
    )  # fmt: skip
    return comparison


def compare_under(
    scenarios: Source | Sequence[Source],
    theses: str | Sequence[str],
    *,
    baseline: Source | None = None,
    baseline_too: bool = False,
    outcomes: str | Callable[..., Any] | Sequence[str | Callable[..., Any]] | None = None,
    only_different: bool = False,
    since: str | Month | None = None,
    by: str | Month | None = None,
    progress: Showing = None,
    **options: Unpack[Options],
) -> dict[str, Comparison]:
    """Lay scenarios over several theses, and compare them with a baseline under each.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
    theses : sequence of str
        Names of shipped theses, or files.
    baseline : Scenario, str or Path, optional
        What the others are compared with under each thesis; the shared world without it.
    baseline_too, outcomes, only_different, since, by, progress, **options
        As for `compare`.

    Returns
    -------
    dict of str to Comparison
        By thesis. All runs are in the ``results`` of each.

    Raises
    ------
    SimError
        As for `compare`.

    Examples
    --------
    >>> found = sim.compare_under(["what-if/china-steps-in"], ["kuzio", "dubnov"])  # doctest: +SKIP
    """
    found = _compared(
        scenarios, theses, outcomes, Window.of(since, by), only_different, (), progress,
        baseline=baseline, baseline_too=baseline_too, command="sim.compare_under", **options,
    )  # fmt: skip
    return {comparison.under: comparison for comparison in found}


def _compared(
    scenarios: Source | Sequence[Source],
    theses: str | Sequence[str],
    outcomes: str | Callable[..., Any] | Sequence[str | Callable[..., Any]] | None,
    window: Window,
    only_different: bool,
    audit: str | Path | Sequence[str | Path],
    progress: Showing,
    **options: Any,
) -> list[Comparison]:
    from sim.analysis.asked import Asked, write_comparison  # noqa: PLC0415 - slow to load
    from sim.analysis.own_audit import keep_audits, own_audits  # noqa: PLC0415

    shown = None if outcomes is None else chosen_outcomes(outcomes)  # a wrong name costs no runs
    with told_in_python():
        experiment, groups = prepared(scenarios, theses, **options)
    window.check((item.name, item.start, item.months) for item in experiment.scenarios)
    own = own_audits(audit, experiment.scenarios)
    _warn(experiment.notes, 4)
    results = experiment.run(progress=progress)
    _warn(experiment.shortfall, 4)
    keep_audits(results.path, own)
    asked = Asked(groups, shown, window, only_different)
    comparisons = asked.compare(results)
    write_comparison(results.path, comparisons, asked)
    return comparisons


def prepared(
    scenarios: Source | Sequence[Source],
    theses: str | Sequence[str] = (),
    *,
    baseline: Source | None = None,
    baseline_too: bool = False,
    **options: Any,
) -> tuple[Experiment, tuple[Group, ...]]:
    """Return the experiment of a comparison, and which scenarios are compared with which baseline.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
    theses : sequence of str
        Under each of which they are compared; as they are without one.
    baseline : Scenario, str or Path, optional
        A name, where there are no theses.
    baseline_too : bool
        Make the changes in the baseline as well.
    **options
        Those of `Experiment`.

    Raises
    ------
    SimError
        As for `Experiment`; or if ``until`` is given with theses.
    """
    if not theses:
        name = None if baseline is None else str(getattr(baseline, "name", baseline))
        experiment = Experiment(
            scenarios, comparing=True, baseline=name, baseline_too=baseline_too, **options
        )
        assert experiment.baseline is not None
        names = tuple(item.name for item in experiment.scenarios)
        return experiment, (Group(experiment.baseline, names),)
    if options.get("until"):
        raise RequestError("until goes by one baseline, and under each thesis there is another")
    changes = Changes.of(*(options.pop(key, None) or () for key in ("changes", "without", "with_")))
    laid, groups = lay_under(scenarios, theses, changes=changes, baseline=baseline, baseline_too=baseline_too)
    experiment = Experiment(laid, comparing=True, baseline=groups[0].baseline, **options)
    if (switched := [*changes.without, *changes.with_]) and not baseline_too:
        experiment.notes.append(
            f"{' and '.join(switched)} {'is' if len(switched) == 1 else 'are'} switched in what is laid over "
            "the theses, and not in what it is compared with: --baseline-too (baseline_too=True) does both"
        )
    # Scenarios of one name were told apart when the experiment was made.
    now = iter(item.name for item in experiment.scenarios)
    renamed = []
    for group in groups:
        names = tuple(next(now) for _ in group.scenarios)
        renamed.append(Group(names[group.scenarios.index(group.baseline)], names, group.under))
    return experiment, tuple(renamed)


@contextmanager
def told_in_python() -> Iterator[None]:
    """Have what is wrong with changes in this block say so, and not blame the option of the commands.

    Raises
    ------
    ScenarioError
        With ``changes`` in the place of ``--set``.
    """
    from sim.scenario import ScenarioError  # noqa: PLC0415 - importing this stays quick
    from sim.scenario.layers import OPTION  # noqa: PLC0415

    try:
        yield
    except ScenarioError as error:
        told = [
            dataclasses.replace(each, file="changes") if each.file == OPTION else each
            for each in error.problems
        ]
        raise ScenarioError(told, error.more) from None


def _warn(sentences: Sequence[str], level: int = 3) -> None:
    """Warn of what the command line remarks, where `run` or `compare` was called."""
    for sentence in sentences:
        warnings.warn(sentence, stacklevel=level)
