"""Which parameters matter for an outcome: from stored draws, or by a design of runs; beside what chance does.

A ranking always has a first place. So each measure stands beside the most that any of the parameters reaches
when the outcome is shuffled over the runs: what does not exceed that is not told from chance.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.compare import named
from sim.analysis.design import Design, Varied, factors_of
from sim.analysis.ends import as_numbers
from sim.analysis.sweep import FEW, Sweep, shown_outcomes
from sim.errors import RequestError, ResultsError
from sim.experiment.place import check_results
from sim.experiment.results import Results
from sim.extras import extras_named
from sim.naming import printable, several

Values = NDArray[np.float64]

CORRELATION, SWING, FOREST = "rank correlation", "swing", "forest"
MORRIS, SOBOL_FIRST, SOBOL_TOTAL = "morris", "sobol first", "sobol total"
"""Measures; see `rank_draws` and `rank_design`."""

DESIGNS = ("morris", "sobol")

LEAST_RUNS = 20
"""Runs that a ranking by draws needs."""

LEAST_CASES = 10
"""Of them, those that must differ from the commonest value of an outcome."""

_Z = 1.96
_SHUFFLES = 200  # of an outcome over runs, for correlations and swings
_FORESTS = 20  # with shuffled outcomes: each takes a second or more; as many of Sobol' indices
_TURNS = 60  # of responses in Morris' design
_TREES = 200
_TAIL = 5  # the swing is from the lowest to the highest fifth of the runs
_FIELLER = 1.06  # variance of Fisher's z of a rank correlation, times n - 3
_SEED = 20100101

COLUMNS = ["scenario", "outcome", "measure", "parameter", "value", "low", "high", "chance", "exceeds", "runs"]


@extras_named()
def rank_draws(
    results: Results,
    outcomes: str | Sequence[str] | None = None,
    *,
    scenarios: str | Sequence[str] = (),
    forest: bool = False,
    progress: Callable[[], None] | None = None,
) -> pd.DataFrame:
    """Rank parameters by how outcomes go with what was drawn for them in stored runs.

    Parameters
    ----------
    results : Results
    outcomes : sequence of str, optional
        Outcomes and end states; `sim.analysis.sweep.FEW` without it.
    scenarios : sequence of str
        Each is ranked by itself; all without it.
    forest : bool
        Also score by a forest of extremely randomised trees, which sees effects that rise and fall, and
        interactions. Needs the extra ``discovery``.
    progress : callable, optional
        Called after each outcome of each scenario, whether it can be ranked or not.

    Returns
    -------
    DataFrame
        One row a scenario, outcome, measure and parameter, most first within each:

        ``rank correlation``
            Spearman's, with its 95 % interval (Fieller, Hartley and Pearson 1957).
        ``swing``
            Mean of the outcome over the fifth of the runs with the highest draws less that over the lowest
            fifth, in the outcome's own unit, with its 95 % interval.
        ``forest``
            Share of the forest's gain in fit; without an interval.

        ``chance``
            What the greatest of all parameters exceeds, in size, in 5 % of shuffles of the outcome.
        ``exceeds``
            Whether the parameter does: true of any parameter in 5 % of rankings without a single effect.

    Raises
    ------
    RequestError
        If there is no such outcome or scenario.
    ResultsError
        If there are too few runs, or no parameter differs between them.
    MissingExtraError
        If a forest is asked for and the extra is missing.
    """
    check_results(results)
    names = shown_outcomes(FEW if outcomes is None else outcomes, own=True)
    rows: list[pd.DataFrame] = []
    chosen = [named("scenario", name, results.scenarios) for name in several(scenarios, "scenarios")]
    for scenario in chosen or results.scenarios:
        x, table = drawn_with_outcomes(results, scenario)
        for name in names:
            y = np.asarray(as_numbers(table, name), np.float64)
            known = np.isfinite(y)
            if known.sum() >= LEAST_RUNS and not _rare(y[known]):
                for measured in _measured(x[known], y[known], forest):
                    rows.append(measured.assign(scenario=scenario, outcome=name, runs=int(known.sum())))
            if progress is not None:
                progress()
    if not rows:
        raise ResultsError(f"no outcome asked for varies over at least {LEAST_RUNS} runs")
    return _ordered(pd.concat(rows, ignore_index=True))


def drawn_with_outcomes(results: Results, scenario: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parameters that differ between a scenario's runs, and the outcomes of the same runs.

    Raises
    ------
    ResultsError
        If there are too few runs, or no parameter differs.
    """
    outcomes, draws = (table[table["scenario"] == scenario] for table in (results.outcomes, results.draws))
    both = draws.drop(columns="scenario").merge(outcomes, on="replicate", suffixes=("", " outcome"))
    if len(both) < LEAST_RUNS:
        raise ResultsError(f"{scenario} has {len(both)} runs, and a ranking needs at least {LEAST_RUNS}")
    x = both[[name for name in draws if name not in ("scenario", "replicate")]].astype(float)
    x = x.loc[:, x.nunique() > 1]
    if x.empty:
        raise ResultsError(f"no parameter differs between the runs of {scenario}")
    return x, both


# -- ranking by a design of runs -------------------------------------------------------------------


@dataclass(frozen=True)
class RankDesign:
    """Points at which scenarios are run to rank parameters.

    Parameters
    ----------
    method : str
        ``morris`` (elementary effects) or ``sobol`` (shares of variance).
    problem : dict
        As SALib takes it.
    points : ndarray, shape (points, parameters)
        As SALib returns them.
    """

    method: str
    problem: dict[str, Any]
    points: Values

    @classmethod
    def make(cls, varied: Varied, method: str, number: int | None = None) -> RankDesign:
        """Return a design.

        Parameters
        ----------
        varied : sequence of str, or mapping
            As for `sim.sweep`; of a list of values the range counts.
        method : str
        number : int, optional
            Trajectories of Morris (8 without it), or base points of Sobol', a power of two (64).

        Raises
        ------
        RequestError
            If something is asked for that makes no sense.
        """
        if method not in DESIGNS:
            raise RequestError(f"no design {printable(method)[:80]!r}: use {', '.join(DESIGNS)}")
        factors = factors_of(varied)
        if len(factors) < 2 or any(not factor.low < factor.high for factor in factors):
            raise RequestError("a ranking takes two parameters or more, each over a range: PATH=LOW:HIGH")
        problem = {
            "num_vars": len(factors),
            "names": [factor.path for factor in factors],
            "bounds": [[factor.low, factor.high] for factor in factors],
        }
        if method == "sobol":
            from SALib.sample import sobol  # noqa: PLC0415 - slow to load

            number = 64 if number is None else number
            if number < 2 or number & (number - 1):
                raise RequestError(f"Sobol' base points are a power of two, not {number}")
            points = sobol.sample(problem, number, calc_second_order=False, seed=_SEED)
        else:
            from SALib.sample import morris  # noqa: PLC0415 - slow to load

            points = morris.sample(problem, 8 if number is None else number, seed=_SEED)
        return cls(method, problem, points)

    @property
    def design(self) -> Design:
        """The points as a sweep takes them."""
        return Design.table(pd.DataFrame(self.points, columns=self.problem["names"]))


def rank_design(found: Sweep, plan: RankDesign, outcomes: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Rank parameters by a sweep over the points of a design.

    Parameters
    ----------
    found : Sweep
    plan : RankDesign
    outcomes : sequence of str, optional

    Returns
    -------
    DataFrame
        As `rank_draws` returns it, with SALib's bootstrap intervals of 95 % and these measures:

        ``morris``
            Mean size of the change of the outcome when the parameter alone moves over its range (mu*). A run
            goes another way when anything moves, so ``chance`` is what the parameter's mu* exceeds in 5 % of
            tries in which each replicate's response is turned upside down or not, at random: nothing is left
            that replicates agree on. It takes six runs at a point or more to exceed that.
        ``sobol first``, ``sobol total``
            Share of the variance over the points that would go if the parameter were known, and that would
            stay if all others were. ``chance`` is of the first, with the outcome shuffled over the points; of
            the second there is none.

        Outcomes that vary at no point, or are undefined in some run of every replicate, are left out.

    Raises
    ------
    ResultsError
        If no outcome is left.
    """
    names = shown_outcomes(FEW if outcomes is None else outcomes)
    rows: list[pd.DataFrame] = []
    for scenario in found.scenarios:
        values = found.values(scenario, names)
        for name in names:
            by_replicate = values[name].unstack("replicate").reindex(range(len(plan.points)))
            y = np.asarray(by_replicate.dropna(axis="columns"), float)
            if not y.size or np.ptp(y.mean(axis=1)) == 0:
                continue  # one NaN would make every index of SALib 0
            for measured in _BY_DESIGN[plan.method](plan, y):
                rows.append(measured.assign(scenario=scenario, outcome=name, runs=y.size))
    if not rows:
        raise ResultsError("no outcome asked for varies over the points, and is defined in every run of one")
    return _ordered(pd.concat(rows, ignore_index=True))


def _morris(plan: RankDesign, y: Values) -> Iterator[pd.DataFrame]:
    """Yield elementary effects; ``y`` has a row a point and a column a replicate."""
    from SALib.analyze import morris  # noqa: PLC0415

    def effects(response: Values) -> dict[str, Any]:
        found: dict[str, Any] = morris.analyze(plan.problem, plan.points, response, seed=1)
        return found

    rng = np.random.default_rng(_SEED)
    centred = y - y.mean(axis=0)
    turned = (centred @ rng.choice([-1.0, 1.0], y.shape[1]) / y.shape[1] for _ in range(_TURNS))
    chance = np.quantile(
        [np.asarray(effects(response)["mu_star"], float) for response in turned], 0.95, axis=0
    )
    found = effects(y.mean(axis=1))
    size, error = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    yield _table(MORRIS, plan.problem["names"], size, size - error, size + error, chance)


def _sobol(plan: RankDesign, y: Values) -> Iterator[pd.DataFrame]:
    """Yield shares of variance; ``y`` has a row a point and a column a replicate."""
    from SALib.analyze import sobol  # noqa: PLC0415

    mean, rng = y.mean(axis=1), np.random.default_rng(_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of resamples that happen to be constant
        found = sobol.analyze(plan.problem, mean, calc_second_order=False, seed=1)
        most = np.array(
            [
                np.max(
                    sobol.analyze(plan.problem, rng.permutation(mean), calc_second_order=False, seed=1)["S1"]
                )
                for _ in range(_FORESTS)
            ]
        )
    for measure, key, chance in ((SOBOL_FIRST, "S1", float(most.max())), (SOBOL_TOTAL, "ST", np.nan)):
        share, error = np.asarray(found[key], float), np.asarray(found[f"{key}_conf"], float)
        yield _table(measure, plan.problem["names"], share, share - error, share + error, chance)


_BY_DESIGN = {"morris": _morris, "sobol": _sobol}


# -- measures of draws -----------------------------------------------------------------------------


def _measured(x: pd.DataFrame, y: Values, forest: bool) -> Iterator[pd.DataFrame]:
    """Yield a table a measure."""
    paths, runs = [str(path) for path in x], len(y)
    rng = np.random.default_rng(_SEED)
    shuffled = np.array([rng.permutation(y) for _ in range(_SHUFFLES)])
    ranks = _standard(x.rank().to_numpy(float))
    rho = _standard(_ranks(y[None, :]).T).T @ ranks / runs
    most = np.abs(_standard(_ranks(shuffled).T).T @ ranks / runs).max(axis=1)
    z, error = np.arctanh(np.clip(rho[0], -0.999999, 0.999999)), _Z * (_FIELLER / (runs - 3)) ** 0.5
    yield _table(CORRELATION, paths, rho[0], np.tanh(z - error), np.tanh(z + error), _chance(most))

    part = max(runs // _TAIL, 2)
    order = np.argsort(x.to_numpy(float), axis=0, kind="stable")
    weights = np.zeros(x.shape)
    np.put_along_axis(weights, order[:part], -1.0 / part, axis=0)
    np.put_along_axis(weights, order[-part:], 1.0 / part, axis=0)
    swing = y @ weights
    spread = np.sqrt((y[order[:part]].var(axis=0, ddof=1) + y[order[-part:]].var(axis=0, ddof=1)) / part)
    most = np.abs(shuffled @ weights).max(axis=1)
    yield _table(SWING, paths, swing, swing - _Z * spread, swing + _Z * spread, _chance(most))

    if forest:
        importance = _importance(x, y)
        most = np.array([_importance(x, labels).max() for labels in shuffled[:_FORESTS]])
        missing = np.full(len(paths), np.nan)
        yield _table(FOREST, paths, importance, missing, missing, float(most.max()))


def _importance(x: pd.DataFrame, y: Values) -> Values:
    """Return each parameter's share of the gain in fit of a forest of extremely randomised trees."""
    from sklearn.ensemble import ExtraTreesRegressor  # noqa: PLC0415 - an extra

    trees = ExtraTreesRegressor(_TREES, max_features=1 / 3, min_samples_leaf=5, random_state=0, n_jobs=1)
    return np.asarray(trees.fit(x.to_numpy(float), y).feature_importances_, float)


def _chance(most: Values) -> float:
    """Return what the greatest of all parameters exceeds in 5 % of shuffles."""
    return float(np.quantile(most, 0.95))


def _ranks(values: Values) -> Values:
    """Return ranks within each row; equal values share theirs."""
    return np.asarray(pd.DataFrame(values).rank(axis=1).to_numpy(float))


def _standard(values: Values) -> Values:
    """Return columns with mean 0 and standard deviation 1."""
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0), float)


def _table(
    measure: str, paths: Sequence[str], value: Values, low: Values, high: Values, chance: float | Values
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": measure, "parameter": list(paths), "value": value, "low": low, "high": high,
            "chance": chance, "exceeds": np.abs(value) > chance,
        }
    )  # fmt: skip


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the most first within each scenario, outcome and measure, which keep their order."""
    size = rows["value"].abs()
    group = rows.groupby(["scenario", "outcome", "measure"], sort=False).ngroup()
    order = pd.DataFrame({"group": group, "size": -size}).sort_values(["group", "size"], kind="stable").index
    return rows.loc[order, COLUMNS].reset_index(drop=True)


def _rare(y: Values) -> bool:
    """Return whether too few runs differ from the others for an outcome to be ranked."""
    return len(y) - int(np.unique(y, return_counts=True)[1].max()) < LEAST_CASES
