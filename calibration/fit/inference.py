"""From an ensemble and the record to a posterior: which statistics, which parameters, how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.ensemble.priors import Asked
from calibration.fit.posterior import FEWEST as FEWEST_FITTED
from calibration.fit.posterior import Fitter, Posterior
from calibration.fit.recovery import FOLDS, RECOVERED, Recovery, explained_shares, recover
from calibration.fit.sample import Array, FitError, Sample, from_scores, reachable
from calibration.fit.surprise import surprise
from calibration.statistics import NAMES

FEWEST = -(-FEWEST_FITTED * FOLDS // (FOLDS - 1))
"""Finished runs below which nothing is fitted: a test on synthetic histories hides a fold of them."""


@dataclass(frozen=True, slots=True)
class Inference:
    """The posterior and what it rests on.

    Parameters
    ----------
    sample : Sample
        With the statistics that are used.
    asked : tuple of Asked
    used : ndarray of bool, shape (statistics,)
        Which statistics the model can reach, and so is fitted to.
    explained : ndarray, shape (parameters,)
        Share of each parameter's prior variance that statistics explain, cross-validated.
    fitted : ndarray of int
        Parameters that can be recovered; the others stay at their prior.
    failed : mapping of str to float
        Parameters that statistics explain well enough, but whose posterior did not find them again in
        synthetic histories, with the share of the prior's variance that came back.
    posterior : Posterior
        Of the fitted ones.
    recovery : Recovery
        Of the fitted ones.
    surprise : float
        Share of runs at least as unlike the others as the record is.
    """

    sample: Sample
    asked: tuple[Asked, ...]
    used: NDArray[np.bool_]
    explained: Array
    fitted: NDArray[np.intp]
    failed: Mapping[str, float]
    posterior: Posterior
    recovery: Recovery
    surprise: float

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths of the fitted parameters."""
        return tuple(self.asked[place].path for place in self.fitted)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Statistics that the model cannot reach."""
        return tuple(name for name, use in zip(NAMES, self.used, strict=True) if not use)

    def values(self, scores: Array) -> pd.DataFrame:
        """Return scores of the fitted parameters as their values, one column a path."""
        columns = {
            self.asked[place].path: from_scores(self.asked[place], scores[:, column])
            for column, place in enumerate(self.fitted)
        }
        return pd.DataFrame(columns)

    def table(self) -> pd.DataFrame:
        """Return one row a parameter: prior and posterior median and 90 % interval, and its recovery.

        A parameter that failed the test of recovery has its share in ``recovered``, and no posterior.
        """
        levels = (0.05, 0.5, 0.95)
        found = self.values(self.posterior.quantiles(levels))
        checked = self.recovery.table().set_index("parameter")
        rows = []
        for place, item in enumerate(self.asked):
            prior = from_scores(item, np.array([-1.6449, 0.0, 1.6449]))
            row = {
                "parameter": item.path,
                "because": item.because,
                "explained": self.explained[place],
                "fitted": item.path in found,
                "prior_low": prior[0],
                "prior_median": prior[1],
                "prior_high": prior[2],
                "recovered": self.failed.get(item.path, np.nan),
            }
            if item.path in found:
                low, median, high = found[item.path]
                row |= {"low": low, "median": median, "high": high}
                row |= {str(name): value for name, value in checked.loc[item.path].items()}
            rows.append(row)
        return pd.DataFrame(rows)


def infer(sample: Sample, asked: Sequence[Asked], record: Array, keep: float = 0.5) -> Inference:
    """Fit the parameters that can be recovered to the statistics that can be reached.

    A parameter is tried if regression on the statistics explains a share `RECOVERED` of its prior variance.
    The posterior of those is tested on synthetic histories. If some do not come back as well as that, the
    worst is left at its prior and the rest are tested again without it, until all that are left pass.

    Parameters
    ----------
    sample : Sample
        With every statistic.
    asked : sequence of Asked
        Its parameters.
    record : ndarray, shape (statistics,)
    keep : float
        Share of runs that get a weight.

    Raises
    ------
    FitError
        If there are too few runs, or no parameter can be recovered.
    """
    if len(sample) < FEWEST:
        raise FitError(
            f"{len(sample)} finished runs are too few: {FEWEST} are needed, a fifth of them for tests"
        )
    used = reachable(sample.statistics, record)
    seen = sample.seen_through(used)
    explained = explained_shares(seen)
    fitted, failed, recovery = _recoverable(seen, np.flatnonzero(explained >= RECOVERED), keep)
    fitter = Fitter(seen, keep, fitted)
    return Inference(
        seen,
        tuple(asked),
        used,
        explained,
        fitted,
        failed,
        fitter.posterior(record[used]),
        recovery,
        surprise(seen, record[used]),
    )


def _recoverable(
    sample: Sample, tried: NDArray[np.intp], keep: float
) -> tuple[NDArray[np.intp], dict[str, float], Recovery]:
    """Drop the parameter that synthetic histories give back worst, until all that are left come back."""
    failed: dict[str, float] = {}
    while tried.size:
        recovery = recover(sample, tried, keep)
        worst = int(recovery.shares.argmin())
        if recovery.shares[worst] >= RECOVERED:
            return tried, failed, recovery
        failed[recovery.paths[worst]] = float(recovery.shares[worst])
        tried = np.delete(tried, worst)
    raise FitError("no parameter can be recovered from so few runs: make the ensemble larger (--draws)")
