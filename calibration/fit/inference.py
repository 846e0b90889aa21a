"""From an ensemble and the record to a posterior: which statistics, which parameters, how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.ensemble.priors import Asked
from calibration.fit.posterior import Fitter, Posterior
from calibration.fit.recovery import RECOVERED, Recovery, explained_shares, recover
from calibration.fit.sample import Array, FitError, Sample, from_scores, reachable
from calibration.fit.surprise import surprise
from calibration.statistics import NAMES


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
    posterior : Posterior
        Of the fitted ones.
    recovery : Recovery
    surprise : float
        Share of runs at least as unlike the others as the record is.
    """

    sample: Sample
    asked: tuple[Asked, ...]
    used: NDArray[np.bool_]
    explained: Array
    fitted: NDArray[np.intp]
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
        """Return one row a parameter: prior and posterior median and 90 % interval, and its recovery."""
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
            }
            if item.path in found:
                low, median, high = found[item.path]
                row |= {"low": low, "median": median, "high": high}
                row |= {str(name): value for name, value in checked.loc[item.path].items()}
            rows.append(row)
        return pd.DataFrame(rows)


def infer(sample: Sample, asked: Sequence[Asked], record: Array, keep: float = 0.5) -> Inference:
    """Fit the parameters that can be recovered to the statistics that can be reached.

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
    used = reachable(sample.statistics, record)
    seen = sample.seen_through(used)
    explained = explained_shares(seen)
    fitted = np.flatnonzero(explained >= RECOVERED)
    if fitted.size == 0:
        raise FitError("no parameter can be recovered from so few runs: make the ensemble larger (--draws)")
    fitter = Fitter(seen, keep, fitted)
    return Inference(
        seen,
        tuple(asked),
        used,
        explained,
        fitted,
        fitter.posterior(record[used]),
        recover(seen, fitted, keep),
        surprise(seen, record[used]),
    )
