"""How precisely runs tell an outcome, and after how many of them to look: when ``until`` stops a run."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import bootstrap_means
from sim.errors import RequestError
from sim.experiment.folder import logged_to
from sim.measures import find_outcome
from sim.naming import printable

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results


# -- what precision is asked for: an outcome, and how wide its interval may be ---------------------

_FORM = "OUTCOME=WIDTH, such as street_falls=0.5"


@dataclass(frozen=True, slots=True)
class Target:
    """An interval of an outcome's mean, or of its paired difference, that is to be narrow.

    Parameters
    ----------
    outcome : str
        A name of `sim.measures.OUTCOMES`, a user's own among them.
    width : float
        From the lower to the upper bound of the 95 % interval, in the outcome's unit; above 0.

    Raises
    ------
    RequestError
        If there is no such outcome, with the nearest name; or the width is not a number above 0.
    """

    outcome: str
    width: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcome", find_outcome(self.outcome).name)
        if not (isinstance(self.width, int | float) and math.isfinite(self.width) and self.width > 0):
            raise RequestError(f"the width of {self.outcome} must be a number above 0, not {self.width!r}")

    @classmethod
    def parse(cls, text: str) -> Target:
        """Return a target written as ``OUTCOME=WIDTH``.

        Raises
        ------
        RequestError
            If it is not, or names no outcome, or no width above 0.
        """
        outcome, equals, width = (part.strip() for part in text.partition("="))
        if not (outcome and equals and width):
            raise RequestError(f"{printable(text)[:80]!r} is not {_FORM}")
        try:
            number = float(width)
        except ValueError:
            raise RequestError(f"{printable(width)[:80]!r} is no number; give {_FORM}") from None
        return cls(outcome, number)


# -- the rule by which an ensemble stops: an interval narrower than asked, looked at on a fixed schedule ---

FEWEST = 30
"""Defined values without which no interval counts as narrow."""

_GROWTH = 1.25  # runs at a look over those at the look before


@dataclass(frozen=True, slots=True)
class Precision:
    """How well some runs tell a mean.

    Parameters
    ----------
    runs : int
        Runs, or pairs of runs.
    defined : int
        Those in which the outcome is defined.
    low, high : float
        95 % interval of the mean over these. NaN if it cannot be told: with fewer than two values, or with
        values that are all the same, of which nobody knows how rare another is.
    asked : float
        Width, from low to high, that the interval is to stay below.
    """

    runs: int
    defined: int
    low: float
    high: float
    asked: float

    @property
    def width(self) -> float:
        """From low to high; NaN if it cannot be told."""
        return self.high - self.low

    @property
    def enough(self) -> bool:
        """Whether the interval is narrower than asked, of at least `FEWEST` values."""
        return self.defined >= FEWEST and self.width < self.asked

    @property
    def more_runs(self) -> int | None:
        """About how many more runs would do, 0 if these do; None if that cannot be told.

        Widths go down with the square root of the number of values, so ``(width / asked) ** 2`` times as
        many are needed. The share of runs that define the outcome is taken to stay as it is.
        """
        if self.enough:
            return 0
        if math.isnan(self.width):
            return None
        values = max(FEWEST, self.defined * (self.width / self.asked) ** 2)
        return max(1, math.ceil(values * self.runs / self.defined) - self.runs)


def measure(values: NDArray[np.float64], asked: float) -> Precision:
    """Return how well values tell their mean.

    Parameters
    ----------
    values : ndarray, shape (runs,)
        An outcome, or its paired differences; NaN where undefined.
    asked : float
        Width that its 95 % interval is to stay below, above 0.
    """
    defined = values[np.isfinite(values)]
    if len(defined) < 2 or (defined == defined[0]).all():
        low = high = math.nan
    else:
        low, high = map(float, bootstrap_means(values[:, None])[:, 0])
    return Precision(len(values), len(defined), low, high, asked)


def looks(ceiling: int) -> Iterator[int]:
    """Yield the numbers of runs after which to look: `FEWEST`, then a quarter more each time.

    Parameters
    ----------
    ceiling : int
        Most runs; comes last, and is the only one where it is below `FEWEST`.
    """
    runs = FEWEST
    while runs < ceiling:
        yield runs
        runs = math.ceil(runs * _GROWTH)
    yield ceiling


# -- how precisely the runs of a folder tell what is asked -----------------------------------------

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """How precisely one outcome of one scenario is told.

    Parameters
    ----------
    outcome : str
    what : str
        The scenario, with the baseline it is held against.
    precision : Precision
    """

    outcome: str
    what: str
    precision: Precision

    def __str__(self) -> str:
        found = self.precision
        text = f"{self.outcome}, {self.what}: {_width(found)} after {found.runs} runs"
        if found.defined < found.runs:
            text += f" (undefined in {found.runs - found.defined})"
        if found.enough:
            return f"{text}, narrower than {found.asked:g}"
        if found.more_runs is None:
            return f"{text}; how many more runs would bring it below {found.asked:g} cannot be told"
        few = f" of at least {FEWEST} values" if found.defined < FEWEST else ""
        return (
            f"{text}; to be below {found.asked:g}{few} it needs about {found.more_runs:,} more, "
            f"{found.runs + found.more_runs:,} in all"
        )


def check_targets(targets: Sequence[Target], scenarios: Sequence[str], baseline: str | None) -> None:
    """Refuse targets for differences where there are none.

    Parameters
    ----------
    targets : sequence of Target
    scenarios : sequence of str
        Names.
    baseline : str or None

    Raises
    ------
    RequestError
        If no scenario is left to compare with the baseline.
    """
    if targets and baseline is not None and set(scenarios) <= {baseline}:
        raise RequestError(
            f"precision is asked for the difference from {baseline}, but no other scenario is compared"
        )


def targets_of(given: Mapping[str, float] | Sequence[Target]) -> tuple[Target, ...]:
    """Return targets that are given as widths by outcome, or as they are.

    Raises
    ------
    RequestError
        If there is no such outcome, a width is not above 0, or there are no widths.
    """
    if isinstance(given, Mapping):
        return tuple(Target(outcome, width) for outcome, width in given.items())
    if not isinstance(given, Sequence) or not all(isinstance(target, Target) for target in given):
        raise RequestError(
            f"until takes a width by outcome, such as {{'street_falls': 0.5}}, not {given!r:.80}"
        )
    return tuple(given)


def look(targets: Sequence[Target], results: Results, baseline: str | None) -> list[Finding]:
    """Return how precisely runs tell what is asked.

    Parameters
    ----------
    targets : sequence of Target
    results : Results
    baseline : str or None
        Targets are for every other scenario's paired difference from it; without it for every scenario's
        mean.

    Returns
    -------
    list of Finding
        One a target and scenario; none if every run failed.
    """
    if not targets or not len(results.outcomes):
        return []
    rows = results.outcomes
    by_scenario = {name: rows[rows["scenario"] == name].set_index("replicate") for name in results.scenarios}
    return [
        _find(target, name, by_scenario, baseline)
        for target in targets
        for name in by_scenario
        if name != baseline
    ]


def log_findings(findings: Sequence[Finding], folder: Path) -> None:
    """Write findings to the log of a results folder."""
    if findings:
        with logged_to(folder):
            for finding in findings:
                _log.info("%s", finding)


def in_sentences(findings: Sequence[Finding]) -> list[str]:
    """Return a sentence a target: that of the scenario which needs most runs, or has the widest interval.

    Parameters
    ----------
    findings : sequence of Finding
        As `look` returns them.
    """
    by_target: dict[tuple[str, float], list[Finding]] = {}
    for finding in findings:
        by_target.setdefault((finding.outcome, finding.precision.asked), []).append(finding)
    return [
        f"{max(group, key=_demand)}{f' (the most demanding of {len(group)})' if len(group) > 1 else ''}"
        for group in by_target.values()
    ]


def _demand(finding: Finding) -> tuple[float, float]:
    more = finding.precision.more_runs
    return (float("inf") if more is None else more), finding.precision.width


def _find(target: Target, name: str, by_scenario: dict[str, pd.DataFrame], baseline: str | None) -> Finding:
    values = by_scenario[name][target.outcome]
    if baseline is not None:
        those = by_scenario[baseline][target.outcome]
        shared = values.index.intersection(those.index)  # a failed run takes its pair with it
        values = values.loc[shared] - those.loc[shared]
    what = f"mean of {name}" if baseline is None else f"{name} less {baseline}"
    return Finding(target.outcome, what, measure(values.to_numpy(float), target.width))


def _width(found: Precision) -> str:
    if found.defined < 2:
        return "too few values for an interval"
    if math.isnan(found.width):
        return "all values the same, which tells no interval,"
    return f"{found.low:.3g} to {found.high:.3g} (95 %), {found.width:.3g} wide"
