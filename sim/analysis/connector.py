"""The model as a function from numbers to outcomes, for libraries that drive any function.

SALib, EMA Workbench, SciPy's optimisers and the like hand numbers in and take numbers out; `as_function` is
what they are given. ``examples/drive_from_*.py`` show it with each of them.

>>> import sim
>>> model = sim.as_function("baseline", ["street_falls", "vacuum"], runs=20)
>>> model.ranges(["moscow.keep_weight"])
{'moscow.keep_weight': (0.781..., 1.279...)}
>>> model({"moscow.keep_weight": 1.2})  # doctest: +SKIP
{'street_falls': 2.35, 'vacuum': 0.4}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.design import allowed_ranges, prior_range
from sim.analysis.sweep import shown_outcomes, sweep
from sim.errors import RequestError, ResultsError
from sim.experiment.calls import told_in_python
from sim.experiment.prepare import Changes, Source
from sim.naming import nearest, printable, several
from sim.parameters import Fixed, catalogue

if TYPE_CHECKING:
    from sim.experiment.progress import Showing
    from sim.scenario import Scenario

DOT = "__"
"""Stands for the dot of a path where a name must be a Python identifier."""


@dataclass(frozen=True)
class ModelFunction:
    """A scenario as a function: parameters in, outcomes out. The same numbers always give the same outcomes.

    Parameters
    ----------
    scenario : Scenario
        What is not handed in stays as it says: parameters are drawn from their priors.
    outcomes : tuple of str
        Outcomes, and end states for the share of runs that end so.
    options : dict
        Options of `sim.sweep`, such as ``workers`` and ``out``.
    """

    scenario: Scenario
    outcomes: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self, numbers: Mapping[str, float] | None = None, **named: float) -> dict[str, float]:
        """Return the mean of each outcome over the runs.

        Parameters
        ----------
        numbers : mapping of str to float, optional
            By dotted path, ``moscow.keep_weight`` or ``initial.KGZ.alignment``.
        **named
            The same by keyword: ``moscow__keep_weight=1.2``. Dotted names do too.

        Returns
        -------
        dict of str to float
            NaN where an outcome is undefined in every run.

        Raises
        ------
        RequestError
            If there is no such path, or a number is out of its range.
        ResultsError
            If every run failed.
        """
        given = {**(numbers or {}), **named}
        if not given:
            raise RequestError("give at least one number, by path: moscow__keep_weight=1.2")
        row = self.table(pd.DataFrame([given])).iloc[0]
        return {name: float(row[name]) for name in self.outcomes}

    def table(
        self, points: pd.DataFrame | Sequence[Mapping[str, float]], *, progress: Showing = None
    ) -> pd.DataFrame:
        """Return the outcomes of many points, which are run side by side.

        Parameters
        ----------
        points : DataFrame or sequence of mappings
            One row a point; a column a path, with dots or with ``__`` for them.
        progress : bool, callable or None
            As for `sim.sweep`.

        Returns
        -------
        DataFrame
            One row a point, in the order and with the index given; one column an outcome.

        Raises
        ------
        RequestError, ResultsError
            As for a call.
        """
        if not isinstance(points, pd.DataFrame):
            points = _as_rows(points)
        named = points.rename(columns=lambda name: str(name).replace(DOT, "."))
        found = sweep([self.scenario], named.reset_index(drop=True), progress=progress, **self.options)
        if len(set(found.runs["point"])) < len(points):
            raise ResultsError("at some points every run failed: `sim sweep` with these values shows why")
        rows = found.points(self.outcomes).pivot(index="point", columns="outcome", values="mean")
        return rows[list(self.outcomes)].set_axis(points.index).rename_axis(columns=None)

    def ranges(
        self, paths: str | Sequence[str] | None = None, *, allowed: bool = False
    ) -> dict[str, tuple[float, float]]:
        """Return the range of parameters, by path.

        Parameters
        ----------
        paths : sequence of str, optional
            Without it every parameter that has a prior in the shared world.
        allowed : bool
            The whole allowed range, in place of the 5 % to 95 % range of the shared prior.

        Raises
        ------
        RequestError
            If there is no such path, or one has no prior.
        """
        if paths is None:
            paths = [path for path, spec in catalogue().items() if not isinstance(spec.prior, Fixed)]
        paths, known = several(paths, "paths"), allowed_ranges()
        if wrong := next((path for path in paths if path not in known), None):
            close = nearest(wrong, known)
            hint = f"; did you mean {close}?" if close else ""
            raise RequestError(f"no path {printable(wrong)[:80]!r}{hint}")
        if not allowed:
            return {path: prior_range(path) for path in paths}
        return {path: (known[path].low, known[path].high) for path in paths}


def as_function(
    scenario: Source,
    outcomes: str | Sequence[str] | None = None,
    *,
    runs: int = 1,
    seed: int | None = None,
    changes: Mapping[str, Any] | Sequence[str] = (),
    **options: Any,
) -> ModelFunction:
    """Return a scenario as a function from numbers to outcomes.

    Parameters
    ----------
    scenario : Scenario, str or Path
    outcomes : sequence of str, optional
        Outcomes, and end states for the share of runs that end so; the key outcomes and all end states
        without it.
    runs : int
        Over which outcomes are averaged at each point. All points share their random numbers, so the
        function has no noise; with few runs it has the accidents of these runs.
    seed : int, optional
        The scenario's without it.
    changes : mapping or sequence of str
        As for `sim.run`.
    **options
        ``workers``, ``out``, ``cluster`` and others of `sim.sweep`.

    Raises
    ------
    SimError
        If something is asked for that cannot be done.
    """
    asked: dict[str, Any] = {"runs": runs} | ({} if seed is None else {"seed": seed})
    with told_in_python():
        loaded = Changes.of(changes).apply(scenario)
    return ModelFunction(loaded, shown_outcomes(outcomes), {"workers": 1, **asked, **options})


def _as_rows(points: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """Return points as a table, if each is a mapping from paths to numbers."""
    if not isinstance(points, Sequence) or not all(isinstance(point, Mapping) for point in points):
        raise RequestError("give points as a table with a column a path, or as a list of dicts")
    return pd.DataFrame(points)
