"""What the spread of a result rests on: a variance decomposition by where its numbers come from."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiment.chunk import Recipe
from sim.measures import key_outcomes
from sim.model.simulate import Run, simulate
from sim.parameters import Tag, catalogue, keyed_path
from sim.renamed import current
from sim.scenario import Scenario
from sim.world.build import build_world
from sim.world.state import World

if TYPE_CHECKING:
    from sim.model.randomness import Process

# -- runs of which one group of numbers is resampled while all others stay: what a decomposition compares ---

RANDOM_NUMBERS, INITIAL_STATE = "random numbers", "initial state"
GROUPS = ("assumed", "calibrated", "cited", INITIAL_STATE, RANDOM_NUMBERS)
"""What is drawn: parameters by their tag (a user's own count as assumed), the initial state, what happens."""

EVERYTHING = "everything"
OWN = "nothing"
VARIANTS = (OWN, *GROUPS, EVERYTHING)
"""What is resampled, in the order of the runs."""

_OTHER_SEED = 1  # added to the seed: where what is resampled comes from

_PATHS = {keyed_path(path): path for path in catalogue()}  # parameters by what keys their random numbers


@dataclass(frozen=True, slots=True)
class Resampled(Scenario):
    """A scenario, and what is resampled in its runs.

    Parameters
    ----------
    resampled_group : str
        One of `VARIANTS`.
    """

    resampled_group: str = OWN

    def inputs(self) -> dict[str, Any]:
        """Return what tells these runs from others: by their tags, too, numbers are resampled or not."""
        tags = {path: str(setting.tag) for path, setting in sorted(self.parameters.items())}
        return {**Scenario.inputs(self), "resampled_group": self.resampled_group, "tags": tags}


def name_of(scenario: str, variant: str) -> str:
    """Return the name of a scenario's variant."""
    return f"{scenario}, {variant} resampled"


def variants(scenarios: Iterable[Scenario]) -> list[Resampled]:
    """Return every variant of some scenarios."""
    return [resampled(scenario, variant) for scenario in scenarios for variant in VARIANTS]


def resampled(scenario: Scenario, variant: str) -> Resampled:
    """Return one variant of a scenario."""
    values = {field.name: getattr(scenario, field.name) for field in dataclasses.fields(Scenario)}
    return Resampled(**values | {"name": name_of(scenario.name, variant)}, resampled_group=variant)


def simulate_resampled(scenario: Resampled, replicate: int, world: World) -> Run:
    """Run one replicate of a variant."""
    from sim.model.randomness import ResampledNumbers  # noqa: PLC0415 - only runs need what is compiled

    variant = scenario.resampled_group
    groups = frozenset(GROUPS if variant == EVERYTHING else () if variant == OWN else (variant,))
    numbers = ResampledNumbers(
        scenario.seed,
        replicate,
        scenario.months,
        other_seed=scenario.seed + _OTHER_SEED,
        events=RANDOM_NUMBERS in groups,
        resamples=lambda process, name: _group(scenario, process, name) in groups,
    )
    return simulate(scenario, replicate, world, numbers)


def _group(scenario: Scenario, process: Process, name: str) -> str:
    """Return the group of a named number that is drawn once a run."""
    from sim.model.draw import quantile_name  # noqa: PLC0415
    from sim.model.randomness import Process  # noqa: PLC0415

    if process is Process.INITIAL_STATE:
        return INITIAL_STATE
    own = (
        setting
        for path, last in (*scenario.parameters.items(), *scenario.fitted.items())
        for setting in (last.at_the_start, *last.later)
        if setting is not None and quantile_name(path, setting.prior) == name
    )
    setting = next(own, None)  # the columns of a joint sample are of one tag
    tag = setting.tag if setting is not None else scenario.shared(_PATHS[name]).tag
    return str(Tag.ASSUMED if tag is Tag.USER else tag)


RESAMPLED = Recipe(simulate_resampled, build_world)
"""How variants are run."""


# -- what the spread of a result rests on: a variance decomposition by where its numbers come from ---

DEFAULT_RUNS = 128
"""Replicates of each variant: a share is then known to about .1."""

FEW_RUNS = 64
"""Below so many, shares are known so badly that their order may be chance."""

FRESH_SEED = 19912612
"""Seed of the runs: not that of the shipped scenarios, on which the numbers were judged."""

_ERROR = 0.1  # half the width of a share's 95 % interval at the default number of runs, roughly


def variance_shares(
    scenarios: Sequence[Scenario], found: pd.DataFrame, outcomes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Say what the spread of outcomes, and of their differences from the first scenario, rests on.

    Parameters
    ----------
    scenarios : sequence of Scenario
        With distinct names, one seed and one number of runs.
    found : DataFrame
        Outcomes of their `sim.analysis.variance.variants`, as
        `sim.experiment.experiment.Experiment.outcomes` returns them.
    outcomes : sequence of str, optional
        The package's key outcomes without it.

    Returns
    -------
    DataFrame
        One row a scenario, result (``outcome`` or ``difference``), outcome and group:

        ``baseline``
            The first scenario, where the result is the difference from it; empty for an outcome itself.
        ``alone``, ``alone_error``
            Share of the variance that would go if the group's numbers were known (first-order index), and
            half the width of its 95 % bootstrap interval.
        ``in_all``, ``in_all_error``
            Share that would stay if all other numbers were known (total index): with interactions.
        ``variance``, ``mean``, ``pairs``
            Of the result over the runs; replicates in which it is defined in every variant.

        Shares are NaN where the result does not vary, or is defined in fewer than two replicates.
    """
    first = scenarios[0].name
    rows: list[dict[str, Any]] = []
    for scenario in scenarios:
        for outcome in key_outcomes(own=False) if outcomes is None else outcomes:
            values = _matrix(found, scenario.name, outcome)
            rows += _rows(scenario.name, "outcome", "", outcome, values)
            if scenario.name != first:
                less = values - _matrix(found, first, outcome)
                rows += _rows(scenario.name, "difference", first, outcome, less)
    return pd.DataFrame(rows)


def indices(values: NDArray[np.float64]) -> pd.DataFrame:
    """Return the first-order and total indices of every group.

    Parameters
    ----------
    values : ndarray, shape (replicates, len(VARIANTS))
        A result by what was resampled; finite.

    Returns
    -------
    DataFrame
        Index `GROUPS`; columns ``alone``, ``alone_error``, ``in_all``, ``in_all_error``. NaN without
        variance or with fewer than two replicates.
    """
    from SALib.analyze import sobol  # noqa: PLC0415 - slow to load, needed only here

    columns = ["alone", "alone_error", "in_all", "in_all_error"]
    if len(values) < 2 or np.ptp(values[:, [0, -1]]) == 0:  # the two whole samples tell the variance
        return pd.DataFrame(np.nan, index=list(GROUPS), columns=columns)
    problem = {"num_vars": len(GROUPS), "names": list(GROUPS), "bounds": [[0.0, 1.0]] * len(GROUPS)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of resamples that happen to be constant: their share is NaN
        found = sobol.analyze(problem, values.ravel(), calc_second_order=False, num_resamples=500, seed=1)
    numbers = [found["S1"], found["S1_conf"], found["ST"], found["ST_conf"]]
    return pd.DataFrame(np.column_stack(numbers), index=list(GROUPS), columns=columns)


def _matrix(found: pd.DataFrame, scenario: str, outcome: str) -> NDArray[np.float64]:
    """Return an outcome, shape (replicates, variants); NaN where a run failed."""
    by_name = found[outcome].unstack("scenario")
    return by_name.reindex(columns=[name_of(scenario, variant) for variant in VARIANTS]).to_numpy(float)


def with_current_groups(shares: pd.DataFrame) -> pd.DataFrame:
    """Return shares with the groups under the names of today, as a table of an earlier version has others."""
    return shares.assign(group=[current("group", str(group)) for group in shares["group"]])


def no_shares(alone: float, pairs: float) -> str:
    """Say why a result has no shares: in words, or nothing where it has.

    Parameters
    ----------
    alone, pairs : float
        Of any of its rows in the table of `variance_shares`.
    """
    if not np.isnan(alone):
        return ""
    return "does not vary" if pairs >= 2 else "undefined in these runs"


def few_runs(runs: int) -> str:
    """Warn of a number of runs at which shares are noise; the empty string where they are not.

    Parameters
    ----------
    runs : int
        Of each variant.
    """
    if runs >= FEW_RUNS:
        return ""
    error = min(100, round(100 * _ERROR * (DEFAULT_RUNS / runs) ** 0.5))
    return (
        f"with {runs} runs of each variant a share is known to no better than about ±{error} points, so "
        f"these are mostly noise: take {DEFAULT_RUNS} runs or more"
    )


def _rows(
    scenario: str, result: str, baseline: str, outcome: str, values: NDArray[np.float64]
) -> list[dict[str, Any]]:
    whole = values[np.isfinite(values).all(axis=1)]
    known = {
        "variance": float(whole[:, [0, -1]].var()) if len(whole) else np.nan,
        "mean": float(whole[:, [0, -1]].mean()) if len(whole) else np.nan,
        "pairs": len(whole),
    }
    shares = indices(whole)
    return [
        {"scenario": scenario, "result": result, "baseline": baseline, "outcome": outcome, "group": group}
        | dict(zip(shares.columns, shares.loc[group].to_numpy(float).tolist(), strict=True))
        | known
        for group in GROUPS
    ]
