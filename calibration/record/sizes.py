"""How large recorded challenges are, as a share of the population, and which crowds the coding sheet has.

What is known of a crowd is an order of magnitude and, to March 2020, a lower bound from the press. The
largest crowds, as shares of the population, are taken to be lognormal; reports of one crowd err by a factor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

from calibration.record.challenges import largest_crowds, spells
from calibration.record.load import LATEST, episodes
from sim.months import Month

Array = NDArray[np.float64]

ERROR = 0.3
"""Standard deviation of a reported crowd, log10: a factor of two. A judgement: organisers, police and press
often differ by two to three."""

FLOOR = 1e-4
"""Share of the population from which a spell of crowds is looked at, to see whether the sheet has it."""

_GRID = np.linspace(1.0, 7.5, 1301)  # log10 of persons
_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Largest crowds of the challenges on record.

    Parameters
    ----------
    mean, sd : float
        Of the log10 of the largest crowd as a share of the population, over challenges.
    mean_error, sd_error : float
        Their standard errors.
    sheet : DataFrame
        One row a challenge with a known size: id, state, start, and the columns of `largest_crowds`.
    weights : ndarray, shape (challenges, grid)
        Probability of each size on the grid, given what is known of the challenge.
    """

    mean: float
    sd: float
    mean_error: float
    sd_error: float
    sheet: pd.DataFrame
    weights: Array

    def expected(self, share: float) -> float:
        """Return the expected part of the challenges whose largest crowd reaches a share, 0-1."""
        logs = _GRID[None] - np.log10(self.sheet["population"].to_numpy())[:, None]
        return float((self.weights * (logs >= math.log10(share))).sum() / len(self.sheet))

    def table(self) -> pd.DataFrame:
        """Return the sheet with the share of each challenge, median and 90 % interval, the largest last."""
        heights = np.cumsum(self.weights, axis=1)
        levels = [
            10.0 ** np.array([np.interp(level, row, _GRID) for row in heights]) / self.sheet["population"]
            for level in _LEVELS
        ]
        found = self.sheet.assign(low_share=levels[0], median_share=levels[1], high_share=levels[2])
        return found.sort_values("median_share", ignore_index=True)


def fit_sizes(version: str = LATEST, error: float = ERROR) -> Sizes:
    """Fit the lognormal to what is known, by maximum likelihood.

    A reported order of magnitude is the true log10 plus an error, cut to a whole number; a lower bound lies
    below the true size plus an error.

    Parameters
    ----------
    version : str
        Of the coding sheet.
    error : float
        Of reports, log10; positive.
    """
    sheet = episodes(version)
    table = sheet[["id", "state", "start"]].join(largest_crowds(sheet))
    table = table.dropna(subset=["low"]).reset_index(drop=True)
    bounds = zip(table["listed"], table["order"], strict=True)
    known = np.array([_likelihood(listed, order, error) for listed, order in bounds])
    people = np.log10(table["population"].to_numpy())
    step = _GRID[1] - _GRID[0]

    def prior(mean: float, sd: float) -> Array:
        return np.asarray(norm.pdf(_GRID[None] - people[:, None], mean, sd))

    def loss(place: Array) -> float:
        return -float(np.log((known * prior(place[0], math.exp(place[1]))).sum(axis=1) * step).sum())

    found = minimize(loss, np.array([-2.5, -0.5]), method="BFGS")
    mean, sd = float(found.x[0]), math.exp(found.x[1])
    errors = np.sqrt(np.diag(np.asarray(found.hess_inv)))
    weights = known * prior(mean, sd)
    return Sizes(
        mean, sd, float(errors[0]), float(sd * errors[1]), table, weights / weights.sum(axis=1, keepdims=True)
    )


def _likelihood(listed: float, order: float, error: float) -> Array:
    found = np.ones_like(_GRID)
    if not math.isnan(order):
        found = norm.cdf((order + 1 - _GRID) / error) - norm.cdf((order - _GRID) / error)
    if not math.isnan(listed):
        found = found * norm.cdf((_GRID - math.log10(listed)) / error)
    return np.asarray(found)


@dataclass(frozen=True, slots=True)
class OnTheSheet:
    """How likely the coding sheet is to have a spell of political crowds.

    The log odds are ``base + slope * log10(peak / 0.001)``, plus ``early`` before 2000.

    Parameters
    ----------
    base, slope, early : float
    errors : tuple of float
        Their standard errors, which take spells of one state for independent.
    """

    base: float
    slope: float
    early: float
    errors: tuple[float, float, float]

    def chance(self, share: float, *, early: bool) -> float:
        """Return the chance that a spell with this peak is on the sheet, 0-1."""
        odds = self.base + self.slope * (math.log10(share) + 3) + self.early * early
        return 1 / (1 + math.exp(-odds))


def crowds_and_sheet(share: float = FLOOR, version: str = LATEST) -> pd.DataFrame:
    """Return spells of political crowds, and whether an episode of the state overlaps them.

    Parameters
    ----------
    share : float
        Share of the population from which a crowd counts.
    version : str
        Of the coding sheet.

    Returns
    -------
    DataFrame
        As `calibration.record.challenges.spells`, with ``early`` (before 2000) and ``on_sheet``.
    """
    sheet = episodes(version)
    found = spells(share)
    spans = [
        (state, Month.parse(start[:7]).ordinal, Month.parse(end[:7]).ordinal)
        for state, start, end in zip(sheet["state"], sheet["start"], sheet["end"], strict=True)
    ]
    found["early"] = found["first"] < Month.of(2000, 1).ordinal
    found["on_sheet"] = [
        any(
            row["state"] == state and row["first"] <= end and row["last"] >= start
            for state, start, end in spans
        )
        for row in found.to_dict("records")
    ]
    return found


def fit_on_the_sheet(version: str = LATEST) -> OnTheSheet:
    """Fit the chance that a spell of crowds is on the sheet, by a logistic regression without penalty."""
    table = crowds_and_sheet(version=version)
    terms = np.column_stack(
        [np.ones(len(table)), np.log10(table["peak"].to_numpy()) + 3, table["early"].to_numpy(dtype=float)]
    )
    seen = table["on_sheet"].to_numpy(dtype=float)

    def loss(place: Array) -> float:
        odds = terms @ place
        return float(np.logaddexp(0, odds).sum() - (seen * odds).sum())

    found = minimize(loss, np.zeros(3), method="BFGS")
    chance = 1 / (1 + np.exp(-terms @ found.x))
    spread = np.sqrt(np.diag(np.linalg.inv((terms * (chance * (1 - chance))[:, None]).T @ terms)))
    base, slope, early = (float(value) for value in found.x)
    return OnTheSheet(base, slope, early, (float(spread[0]), float(spread[1]), float(spread[2])))
