"""Scenario discovery: in what region of the parameters does a condition on outcomes come about.

A box that is found in some runs always looks good in these runs. So it is found in one half, and held against
the other; and all is done again with the condition's labels shuffled over the runs, where there is nothing to
be found. Replicates go to a half whole, and are shuffled whole: scenarios share their random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.compare import named
from sim.analysis.condition import Condition
from sim.analysis.intervals import wilson
from sim.analysis.rules import FINDERS, Box
from sim.errors import RequestError, ResultsError
from sim.experiment.place import check_results
from sim.experiment.results import Results
from sim.extras import extras_named
from sim.naming import printable, several
from sim.parameters import catalogue

Labels = NDArray[np.bool_]

SCREENED = 8
"""Parameters that a rule may use, chosen in the training half."""

PERMUTATIONS = 20
"""Shuffled labels: with so many, a share of 1 in 21 is the smallest that can be seen."""

LEAST_CASES = 10
"""Runs with the condition, and without it, that each half needs at least."""

LEVEL = 0.05

_WORTH = 0.5  # standard deviations that a limit must add to the excess of hits; a judgement
_SEED = 20100101
_PARTS = 5  # of a parameter's range, by which it is screened


@dataclass(frozen=True, slots=True)
class Score:
    """How well a box tells runs apart.

    Parameters
    ----------
    runs, cases : int
        All, and those in which the condition holds.
    inside, hits : int
        Those in the box.
    """

    runs: int
    cases: int
    inside: int
    hits: int

    @classmethod
    def of(cls, box: Box, x: pd.DataFrame, y: Labels) -> Score:
        """Count runs."""
        held = box.contains(x)
        return cls(len(y), int(y.sum()), int(held.sum()), int((held & y).sum()))

    @property
    def base(self) -> float:
        """Share of all runs in which the condition holds."""
        return self.cases / self.runs if self.runs else math.nan

    @property
    def density(self) -> float:
        """Share of the runs in the box in which it holds."""
        return self.hits / self.inside if self.inside else math.nan

    @property
    def coverage(self) -> float:
        """Share of the runs with the condition that are in the box."""
        return self.hits / self.cases if self.cases else math.nan

    @property
    def excess(self) -> float:
        """Hits above what as many runs drawn at random would have, in standard deviations."""
        spread = math.sqrt(self.inside * self.base * (1 - self.base) * (1 - self.inside / self.runs))
        return (self.hits - self.inside * self.base) / spread if spread > 0 else 0.0


@dataclass(frozen=True)
class Discovery:
    """What was looked for, and whether it was found.

    Parameters
    ----------
    condition : Condition
    method : str
        ``prim`` or ``tree``.
    scenarios : tuple of str
    screened : tuple of str
        Parameters that the rule might use, most telling first.
    box : Box or None
        The best of the training half; None if there are too few runs to look for one.
    training, held_out : Score or None
        Of the box, in each half.
    permuted : DataFrame
        One row a shuffling of the labels: ``training_density``, ``training_coverage``, ``density``,
        ``coverage`` and ``excess`` (the last three held out) of the box that was found there.
    too_few : str
        Why nothing can be found; empty if there are enough runs.
    """

    condition: Condition
    method: str
    scenarios: tuple[str, ...]
    screened: tuple[str, ...]
    box: Box | None
    training: Score | None
    held_out: Score | None
    permuted: pd.DataFrame
    too_few: str = ""

    @property
    def by_chance(self) -> float:
        """Share of shufflings, this one included, whose held-out excess is as great."""
        if self.held_out is None:
            return math.nan
        as_great = int((self.permuted["excess"] >= self.held_out.excess).sum())
        return (1 + as_great) / (1 + len(self.permuted))

    @property
    def found(self) -> bool:
        """Whether the held-out density is surely above the share of all runs, and rare by chance."""
        if self.held_out is None or self.box is None or not self.box.limits or not self.held_out.inside:
            return False
        low, _ = wilson(self.held_out.hits, self.held_out.inside)
        return low > self.held_out.base and self.by_chance <= LEVEL

    @property
    def scores(self) -> pd.DataFrame:
        """One row a score: of the box in each half, and the mean and most of shuffled labels."""
        if self.training is None or self.held_out is None:
            return pd.DataFrame(columns=["runs", "density", "coverage", "base"])
        rows: dict[str, dict[str, float]] = {}
        for name, score in (("training", self.training), ("held out", self.held_out)):
            rows[name] = {
                "runs": score.runs, "density": score.density, "coverage": score.coverage, "base": score.base
            }  # fmt: skip
        for name, before in (("training", "training_"), ("held out", "")):
            part = self.permuted[[f"{before}density", f"{before}coverage"]]
            for how, values in (("mean", part.mean()), ("most", part.max())):
                density, coverage = (float(value) for value in values)
                rows[f"{name}, labels shuffled ({how})"] = {
                    "runs": rows[name]["runs"], "density": density, "coverage": coverage,
                    "base": rows[name]["base"],
                }  # fmt: skip
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("score")

    @property
    def verdict(self) -> pd.DataFrame:
        """One row: ``condition``, ``scenarios``, ``method``, ``found``, ``by_chance`` and ``too_few``."""
        row = {
            "condition": str(self.condition), "scenarios": ", ".join(self.scenarios), "method": self.method,
            "found": self.found, "by_chance": self.by_chance, "too_few": self.too_few,
        }  # fmt: skip
        return pd.DataFrame([row])


@extras_named()
def discover(
    results: Results,
    condition: Condition | str,
    *,
    scenarios: str | Sequence[str] = (),
    method: str = "prim",
    screen: int = SCREENED,
    permutations: int = PERMUTATIONS,
    progress: Callable[[], None] | None = None,
) -> Discovery:
    """Look for the region of the parameters, as drawn in stored runs, in which a condition comes about.

    Parameters
    ----------
    results : Results
    condition : Condition or str
        Such as ``street_falls >= 3`` or ``end_state == disintegration``.
    scenarios : sequence of str
        Whose runs are used; all without it. Over several a box may just tell one thesis from another.
    method : str
        ``prim`` (patient rule induction, by EMA Workbench) or ``tree`` (the best leaf of a small
        classification tree, by scikit-learn). Both need the extra ``discovery``.
    screen : int
        Parameters that the rule may use at most.
    permutations : int
        Shufflings of the labels, at least `PERMUTATIONS`: with fewer nothing could be found.
    progress : callable, optional
        Called after each search, of which there is one more than permutations.

    Raises
    ------
    RequestError
        If the condition or a number is wrong.
    ResultsError
        If there is no such scenario, or no parameter differs between the runs.
    MissingExtraError
        If the extra is missing.
    """
    if method not in FINDERS:
        raise RequestError(f"no method {printable(method)[:80]!r}: use {', '.join(FINDERS)}")
    if permutations < PERMUTATIONS or screen < 1:
        raise RequestError(f"take at least {PERMUTATIONS} permutations and 1 parameter")
    check_results(results)
    wanted = condition if isinstance(condition, Condition) else Condition.parse(condition)
    x, y, replicates, names = cases(results, wanted, scenarios)
    training = _training_half(replicates)
    nothing = Discovery(wanted, method, names, (), None, None, None, pd.DataFrame())
    counts = {
        kind: min(int((y == value)[half].sum()) for half in (training, ~training))
        for kind, value in (("with", True), ("without", False))
    }
    for kind, count in counts.items():
        if count < LEAST_CASES:
            told = f"a half of the runs has only {count} {kind} the condition, and {LEAST_CASES} are needed"
            return replace(nothing, too_few=told)
    find = FINDERS[method]

    def fitted(labels: Labels) -> tuple[Box, tuple[str, ...], Score, Score]:
        screened = screened_parameters(x[training], labels[training], screen)
        part = x.loc[training, list(screened)]
        box = best_box(find(part, labels[training]), part, labels[training])
        return (
            box,
            screened,
            Score.of(box, x[training], labels[training]),
            Score.of(box, x[~training], labels[~training]),
        )

    tell = progress or (lambda: None)
    box, screened, inner, outer = fitted(y)
    tell()
    rows = []
    for labels in _shuffled(y, replicates, permutations):
        _, _, own, other = fitted(labels)
        rows.append(
            {
                "training_density": own.density, "training_coverage": own.coverage,
                "density": other.density, "coverage": other.coverage, "excess": other.excess,
            }
        )  # fmt: skip
        tell()
    return Discovery(wanted, method, names, screened, box, inner, outer, pd.DataFrame(rows))


def cases(
    results: Results, condition: Condition, scenarios: str | Sequence[str] = ()
) -> tuple[pd.DataFrame, Labels, NDArray[np.int64], tuple[str, ...]]:
    """Return parameters as drawn, whether a condition holds, and the replicate, of stored runs.

    Replicates that are not there in every scenario are left out.

    Returns
    -------
    x : DataFrame
        A row a run, a column a parameter that is not the same in all of them.
    y : ndarray of bool
    replicates : ndarray of int
    scenarios : tuple of str
    """
    names = tuple(
        named("scenario", name, results.scenarios)
        for name in several(scenarios, "scenarios") or results.scenarios
    )
    keys = ["scenario", "replicate"]
    outcomes = results.outcomes.astype({"scenario": str})
    draws = results.draws.astype({"scenario": str})
    runs = draws[draws["scenario"].isin(names)].merge(outcomes, on=keys, suffixes=("", " outcome"))
    whole = runs.groupby("replicate")["scenario"].transform("nunique") == len(names)
    runs = runs[whole].sort_values(["replicate", "scenario"]).reset_index(drop=True)
    x = runs[[name for name in draws if name not in keys]].astype(float)
    x = x.loc[:, (x.nunique() > 1) & x.notna().all()]  # a later value is not drawn in every scenario
    if x.empty:
        raise ResultsError("no parameter differs between these runs, so none can tell them apart")
    return x, condition.holds(runs), runs["replicate"].to_numpy(np.int64), names


def screened_parameters(x: pd.DataFrame, y: Labels, number: int) -> tuple[str, ...]:
    """Return the parameters with which the condition's share differs most over fifths of their runs."""
    ranks = x.rank(method="first").to_numpy() - 1
    parts = (ranks * _PARTS / len(x)).astype(int)
    base = y.mean()
    told = np.zeros(x.shape[1])
    for part in range(_PARTS):
        there = parts == part
        told += ((there * y[:, None]).sum(axis=0) - there.sum(axis=0) * base) ** 2 / there.sum(axis=0)
    order = np.argsort(-told, kind="stable")[:number]
    return tuple(str(x.columns[place]) for place in order)


def best_box(boxes: Iterable[Box], x: pd.DataFrame, y: Labels) -> Box:
    """Return the box with the greatest excess of hits, without the limits that add next to nothing to it."""
    best = max(boxes, key=lambda box: Score.of(box, x, y).excess, default=Box({}))
    for path in list(best.limits):
        without = Box({name: limit for name, limit in best.limits.items() if name != path})
        if Score.of(without, x, y).excess >= Score.of(best, x, y).excess - _WORTH:
            best = without
    return best


def _training_half(replicates: NDArray[np.int64]) -> Labels:
    """Return which runs are in the training half: every replicate whole."""
    known = np.unique(replicates)
    chosen = np.random.default_rng(_SEED).permutation(known)[: len(known) // 2]
    return np.isin(replicates, chosen)


def _shuffled(y: Labels, replicates: NDArray[np.int64], number: int) -> Iterable[Labels]:
    """Yield labels of replicates given to others, a replicate's over all scenarios together."""
    rng = np.random.default_rng([_SEED, 1])
    by_replicate = y.reshape(len(np.unique(replicates)), -1)  # runs are ordered by replicate
    for _ in range(number):
        yield rng.permutation(by_replicate).ravel()


def limits_in_words(discovery: Discovery) -> pd.DataFrame:
    """Return the limits of a box: ``parameter``, ``low``, ``high``, ``unit`` and ``meaning``."""
    specs = catalogue()
    limits = discovery.box.limits.items() if discovery.box else ()
    found = [
        (path, *limit, specs[path.partition(" from ")[0]])  # by `sim.model.trace.later_name`
        for path, limit in limits
    ]
    rows = [(path, low, high, spec.unit, spec.meaning) for path, low, high, spec in found]
    return pd.DataFrame(rows, columns=["parameter", "low", "high", "unit", "meaning"])
