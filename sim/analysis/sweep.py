"""A sweep: scenarios run at every point of a design, and how outcomes respond to what is varied.

All points share their random numbers, replicate by replicate, so a curve is smooth where the model is.

>>> from sim.analysis.sweep import sweep
>>> found = sweep(["baseline"], ["moscow.keep_weight=0.5,1,2"], runs=20)  # doctest: +SKIP
>>> found.response("moscow.keep_weight", ["street_falls"])  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.design import INITIAL, Design, Varied
from sim.analysis.ends import as_numbers, difference_of
from sim.analysis.intervals import bootstrap_means, paired, quantiles, visible
from sim.analysis.own_values import Own, own_values
from sim.errors import RequestError
from sim.experiment.calls import told_in_python
from sim.experiment.experiment import Experiment
from sim.experiment.options import Options
from sim.experiment.prepare import Changes, Source, prepare
from sim.measures.end_state import END_STATES, end_state
from sim.measures.registry import OUTCOMES, find_outcome, key_outcomes, package_outcomes
from sim.naming import set_path, several
from sim.renamed import among

if TYPE_CHECKING:
    from typing import Unpack

    from sim.experiment.progress import Showing
    from sim.scenario import Scenario

RUNS = 20
"""Runs at a point, if not said otherwise."""

FEW = ("challenges", "street_falls", "influence_change", "integrated", "disintegration")
"""Outcomes and end states that rankings show if none are asked for; a sweep's figure if none has moved."""

MOST_DRAWN = 8
"""Outcomes and end states that a figure of a sweep shows at most, if none are asked for."""

_MOST_LEVELS = 12  # of a parameter that are shown one by one; more are put into bins
_BINS = 8
_KEYS = ["scenario", "point", "replicate"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The runs of a sweep.

    Parameters
    ----------
    design : Design
    sources : tuple of str
        Names of the scenarios that are run at every point.
    scenarios : list of Scenario
        Each at each point, once.
    places : DataFrame
        One row a point and source: ``scenario`` (the source), ``point``, and ``run_as``, the name of the
        scenario that is run there.
    notes : list of str
        What was changed in the sources although nobody asked for it.
    own : dict
        What sources have without the sweep, see `sim.analysis.own_values.own_values`.
    """

    design: Design
    sources: tuple[str, ...]
    scenarios: list[Scenario]
    places: pd.DataFrame
    notes: list[str]
    own: Own


def plan_sweep(sources: Source | Sequence[Source], design: Design, changes: Changes) -> Plan:
    """Put scenarios at every point of a design.

    Parameters
    ----------
    sources : sequence of Scenario, str or Path
    design : Design
    changes : Changes
        Made in every scenario before. Without a number of runs among them there are `RUNS` a point.

    Raises
    ------
    RequestError
        If something is both set and varied, or there is no list of scenarios.
    ScenarioError
        If a scenario or a change cannot be used.
    """
    paths = [set_path(text) for text in changes.settings]
    for path in paths:
        if path in design.paths:
            raise RequestError(f"{path} is both set and varied: do one of them")
    changes = changes if "runs" in paths else changes.and_set({"runs": RUNS})
    changed, _ = changes.made_in(sources, comparing=False, baseline=None, baseline_too=False)
    if not changed:
        raise RequestError("give at least one scenario to sweep")
    plain, notes = prepare(changed)
    made: dict[str, Scenario] = {}
    rows = []
    for source in plain:
        for point, values in design.settings():
            placed = _placed(source, values)
            made.setdefault(placed.name, placed)
            rows.append({"scenario": source.name, "point": point, "run_as": placed.name})
    names = tuple(source.name for source in plain)
    own = own_values(plain, design.paths)
    return Plan(design, names, list(made.values()), pd.DataFrame(rows), [*notes], own)


def _placed(source: Scenario, values: dict[str, float]) -> Scenario:
    """Return a scenario at a point, named by it."""
    name = Changes.of(values).name_of(source.name)
    initial = {
        path.removeprefix(INITIAL): value for path, value in values.items() if path.startswith(INITIAL)
    }
    parameters = {path: value for path, value in values.items() if not path.startswith(INITIAL)}
    placed = source.with_parameters(parameters, name=name)
    return placed.with_initial(initial) if initial else placed


@dataclass(frozen=True)
class Sweep:
    """The outcomes of a sweep.

    Parameters
    ----------
    design : Design
    scenarios : tuple of str
    runs : DataFrame
        One row a run: ``scenario``, ``point``, ``replicate``, a column for what is varied by its path, a
        column an outcome, and ``end_state``.
    about : dict
        What made the runs.
    own : dict
        By path and scenario: its value without the sweep, or the centre of its prior.
    """

    design: Design
    scenarios: tuple[str, ...]
    runs: pd.DataFrame
    about: dict[str, Any]
    own: Own = field(default_factory=dict)

    def __repr__(self) -> str:
        what = f"{', '.join(self.design.paths)} ({self.design.method}, {self.design.size} points)"
        return f"Sweep({', '.join(self.scenarios)}; {what}; {len(self.runs)} runs)"

    @property
    def binned(self) -> bool:
        """Whether a parameter has so many levels that they are put into bins."""
        return any(self.design.points[path].nunique() > _MOST_LEVELS for path in self.design.paths)

    def points(self, outcomes: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return what outcomes come to at each point.

        Parameters
        ----------
        outcomes : sequence of str, optional
            Outcomes, and end states for the share of runs that end so; without it the key outcomes and every
            end state.

        Returns
        -------
        DataFrame
            One row a scenario, point and outcome: what is varied, by path; ``runs`` in which the outcome is
            defined; its ``mean`` with a 95 % bootstrap interval ``low``, ``high``; the quantiles ``q05``,
            ``median`` and ``q95`` over runs. In a grid also the mean ``difference`` from the first point,
            replicate by replicate, with its interval ``difference_low``, ``difference_high``, on how many
            ``difference_pairs`` it rests, and what share of them are equal, ``difference_tied``.

        Raises
        ------
        RequestError
            If there is no such outcome or end state, with the nearest.
        """
        names = shown_outcomes(outcomes)
        rows: list[pd.DataFrame] = []
        for scenario in self.scenarios:
            own = self.values(scenario, names)
            compared = self.design.method == "grid" and 0 in own.index
            first = own.loc[[0]].droplevel("point") if compared else None
            for point, settings in self.design.settings():
                if point not in own.index:
                    continue  # every run failed
                table = _described(own.loc[[point]].droplevel("point"), first)
                for place, (column, value) in enumerate({"point": point, **settings}.items()):
                    table.insert(place, column, value)
                table.insert(0, "scenario", scenario)
                rows.append(table)
        return pd.concat(rows, ignore_index=True)

    def response(self, path: str, outcomes: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return how outcomes respond to one of the parameters, over all values of the others.

        Parameters
        ----------
        path : str
            One that is varied.
        outcomes : sequence of str, optional
            As for `points`.

        Returns
        -------
        DataFrame
            One row a scenario, outcome and level: ``level`` on the parameter's own scale (where there are
            many levels, the mean of those in a bin with an equal share of the points), ``points`` in it,
            ``runs``, ``mean``, and its 95 % interval ``low``, ``high``, from replicates resampled whole; the
            mean ``difference`` from the lowest level, replicate by replicate, and its interval
            ``difference_low``, ``difference_high``, with ``difference_pairs`` and ``difference_tied`` as in
            `points`.

        Raises
        ------
        RequestError
            If the path is not varied; or as for `points`.
        """
        names = shown_outcomes(outcomes)
        path = set_path(path)
        if path not in self.design.paths:
            raise RequestError(f"{path[:80]} is not varied here: {', '.join(self.design.paths)}")
        bins = _bins(self.design.points[path].to_numpy(float))
        rows = []
        for scenario in self.scenarios:
            own = self.values(scenario, names)
            first = None
            for points in bins:
                there = own[own.index.get_level_values("point").isin(points)]
                by_replicate = there.groupby(level="replicate").mean()
                first = by_replicate if first is None else first
                table = _described(by_replicate, first).drop(columns=["q05", "median", "q95"])
                table["runs"] = there.notna().sum().to_numpy()
                level = float(f"{self.design.points.loc[points, path].mean():.6g}")
                rows.append(table.assign(scenario=scenario, level=level, points=len(points)))
        columns = ["scenario", "outcome", "level", "points"]
        found = pd.concat(rows, ignore_index=True)
        return found[[*columns, *(name for name in found if name not in columns)]]

    def values(self, scenario: str, names: Sequence[str]) -> pd.DataFrame:
        """Return outcomes as numbers, by point and replicate; 1 for a run that ends in an end state."""
        own = self.runs[self.runs["scenario"] == scenario].set_index(["point", "replicate"])
        return pd.DataFrame({name: as_numbers(own, name) for name in names}, index=own.index)


def gathered(plan: Plan, outcomes: pd.DataFrame, about: dict[str, Any]) -> Sweep:
    """Return a sweep from the outcomes of a plan's runs, as `Experiment.outcomes` returns them."""
    found = outcomes.copy()
    found["end_state"] = [end_state(row).name for row in outcomes.to_dict("records")]  # type: ignore[arg-type]
    found = found.rename_axis(index={"scenario": "run_as"}).reset_index()
    placed = plan.places.join(plan.design.points, on="point").merge(found, on="run_as").drop(columns="run_as")
    first = [*_KEYS, *plan.design.paths]
    rest = [name for name in placed.columns if name not in first]
    order = {name: place for place, name in enumerate(plan.sources)}
    placed = placed.sort_values(_KEYS, key=lambda item: item.map(order) if item.name == "scenario" else item)
    return Sweep(plan.design, plan.sources, placed[[*first, *rest]].reset_index(drop=True), about, plan.own)


def sweep(
    scenarios: Source | Sequence[Source],
    vary: Varied | pd.DataFrame,
    *,
    method: str = "grid",
    number: int | None = None,
    progress: Showing = None,
    **options: Unpack[Options],
) -> Sweep:
    """Run scenarios over values or ranges of parameters.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        Run at every point with the same random numbers.
    vary : sequence of str, mapping, or DataFrame
        ``["moscow.keep_weight=0.5,1,2"]``, ``{"moscow.keep_weight": [0.5, 1, 2]}``, ranges as
        ``["PATH=LOW:HIGH"]`` or ``{PATH: Uniform(LOW, HIGH)}``, ``["PATH"]`` or ``{PATH: None}`` for the 5 %
        to 95 % range of the shared prior; or a table of points, a column a path.
    method : str
        ``grid``, ``latin`` or ``sobol``; a table of points needs none.
    number : int, optional
        Levels of each range in a grid (5 without it), or else points (64).
    progress : bool, callable or None
        As for `Experiment.run`.
    **options
        As for `sim.run`, but for ``until``. ``runs`` are those at each point, 20 without it. Without ``out``
        no run is kept.

    Returns
    -------
    Sweep

    Raises
    ------
    SimError
        If something is asked for that cannot be done.
    RunsInterrupted
        After Ctrl-C; what is finished is kept in ``out``.
    """
    design = Design.of(vary, method, number)
    given: dict[str, Any] = {key: item for key, item in options.items() if item is not None}
    if "until" in given:
        raise RequestError("a sweep makes the same number of runs at every point: leave until out")
    changes = Changes.of(*(given.pop(key, ()) for key in ("changes", "without", "with_")))
    asked = {str(key): given.pop(key) for key in ("runs", "seed") if key in given}
    with told_in_python():
        plan = plan_sweep(scenarios, design, changes.and_set(asked))
    experiment = Experiment(plan.scenarios, whole=False, command="sim.sweep", **given)
    return gathered(plan, experiment.outcomes(progress=progress), experiment.about)


def shown_outcomes(asked: Sequence[str] | None = None, *, own: bool = False) -> tuple[str, ...]:
    """Return the outcomes and end states that a sweep or a ranking shows.

    Parameters
    ----------
    asked : sequence of str, optional
        Without it the key outcomes of the package and every end state.
    own : bool
        Whether a user's own outcomes are known, too: only whole runs have them.

    Raises
    ------
    RequestError
        If a name is neither, with the nearest.
    """
    if asked is None:
        return (*key_outcomes(own=False), *END_STATES)
    known = (*(OUTCOMES if own else package_outcomes()), *END_STATES)
    names = [among("outcome", name, known) for name in several(asked, "outcomes")]
    return tuple(name if name in END_STATES else find_outcome(name, known).name for name in names)


def few_of(found: Sweep) -> tuple[str, ...]:
    """Return what figures show if nothing is asked for: the first outcomes and end states that have moved.

    These are `MOST_DRAWN` of those in the tables of ``sim sweep``; `FEW` if none has.
    """
    names = shown_outcomes()
    responses = [found.response(path, names) for path in found.design.paths]
    starred = {name for response in responses for name in response["outcome"][moved(response)]}
    return tuple(name for name in names if name in starred)[:MOST_DRAWN] or FEW


def moved(rows: Any) -> Any:
    """Return whether differences from the first level bear a star, by the rule of `sim compare`."""
    return visible(difference_of(rows))


def label_of(name: str) -> str:
    """Return what tables and figures call an outcome, or the share of an end state."""
    return f"ends in {name}" if name in END_STATES else OUTCOMES[name].label


def _described(own: pd.DataFrame, first: pd.DataFrame | None) -> pd.DataFrame:
    """Describe outcomes at a point; one row each."""
    low, high = bootstrap_means(own.to_numpy(float))
    found: dict[str, Any] = {"outcome": list(own.columns), "runs": own.notna().sum().to_numpy()}
    found |= {"mean": own.mean().to_numpy(), "low": low, "high": high}
    found["q05"], found["q95"] = quantiles(own, (0.05, 0.95))
    found["median"] = own.median().to_numpy()
    if first is not None:
        differences = paired(own, first)
        found["difference"] = differences["difference"].to_numpy()
        for name in ("low", "high", "pairs", "tied"):
            found[f"difference_{name}"] = differences[name].to_numpy()
    return pd.DataFrame(found)


def _bins(values: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Return the points at each level, or in bins of about as many each where there are many levels."""
    levels = np.unique(values)
    if len(levels) <= _MOST_LEVELS:
        return [np.flatnonzero(values == level) for level in levels]
    return np.array_split(np.argsort(values, kind="stable"), _BINS)
