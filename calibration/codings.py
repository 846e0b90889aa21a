"""How far posterior and odds hang on what counts as a fall to the street."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.comparison import FIT
from calibration.ensemble.origins import RECORD_PERIOD, THESES
from calibration.ensemble.priors import ASKED
from calibration.ensemble.store import EnsembleStore
from calibration.fit.inference import Inference, infer
from calibration.fit.posterior import Fitter, Posterior
from calibration.fit.sample import reachable, read_sample
from calibration.odds.evidence import read_evidence, statistics_of
from calibration.odds.held_out import hold_out
from calibration.odds.posterior import odds_of_each
from calibration.record.observed import CODINGS, observed_record
from calibration.statistics import NAMES
from calibration.statistics.measurement import Measurement

_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class ByCoding:
    """Results under each coding, one row each.

    Parameters
    ----------
    statistics : DataFrame
        Statistics of the record on which codings differ: statistic, coding, value.
    posterior : DataFrame
        Of the parameters that can be recovered: parameter, coding, low, median, high (90 % interval).
    odds : DataFrame
        Thesis, coding, probability, low, high.
    """

    statistics: pd.DataFrame
    posterior: pd.DataFrame
    odds: pd.DataFrame


def by_coding(
    store: EnsembleStore,
    measurement: Measurement,
    *,
    repeats: int = 20,
    seed: int = 1,
    keep: float = 0.5,
    progress: Callable[[int], None] | None = None,
) -> ByCoding:
    """Judge the record of 1992-2013 under every coding by the same regressions and classifiers.

    Only statistics that some run reaches under every coding are used, and the parameters that can be
    recovered from these.

    Parameters
    ----------
    store : EnsembleStore
        With every thesis over the years on record.
    measurement : Measurement
    repeats, seed : int
        As for `calibration.odds.posterior.odds`.
    keep : float
        As for `calibration.fit.inference.infer`.
    progress : callable, optional
        Called with the number of classifiers trained.

    Raises
    ------
    EnsembleError, FitError, OddsError
        As for a fit and for odds.
    """
    rows = {coding: statistics_of(observed_record(coding), FIT) for coding in CODINGS}
    evidence = read_evidence(store, THESES, RECORD_PERIOD, FIT, measurement)
    sample = read_sample(store, THESES[0], ASKED, FIT, measurement)

    told = np.logical_and.reduce([evidence.reachable(row) for row in rows.values()])
    seen = evidence.seen_through(told)
    histories = np.array([row[told] for row in rows.values()])
    held = hold_out(seen, seed)
    judged = odds_of_each(seen, held, histories, repeats=repeats, seed=seed, progress=progress)
    odds = [found.table()[["thesis", "probability", "low", "high"]] for found in judged]

    known = np.logical_and.reduce([reachable(sample.statistics, row) for row in rows.values()])
    inference = infer(sample, ASKED, np.where(known, next(iter(rows.values())), np.nan), keep)
    fitter = Fitter(inference.sample, keep, inference.fitted)
    posteriors = [_quantiles(inference, fitter.posterior(row[known])) for row in rows.values()]
    values = [pd.DataFrame({"statistic": NAMES, "value": row}) for row in rows.values()]
    every = np.array(list(rows.values()))
    alike = np.isclose(every, every[0], equal_nan=True).all(axis=0)
    statistics = _side_by_side(values, "statistic")
    return ByCoding(
        statistics[statistics["statistic"].isin(np.array(NAMES)[~alike])].reset_index(drop=True),
        _side_by_side(posteriors, "parameter"),
        _side_by_side(odds, "thesis"),
    )


def _quantiles(inference: Inference, posterior: Posterior) -> pd.DataFrame:
    found = inference.values(posterior.quantiles(_LEVELS)).T
    return found.set_axis(["low", "median", "high"], axis=1).rename_axis("parameter").reset_index()


def _side_by_side(tables: list[pd.DataFrame], name: str) -> pd.DataFrame:
    """Return tables, one a coding, as one in which the codings of each row follow each other."""
    joined = pd.concat([table.assign(coding=coding) for table, coding in zip(tables, CODINGS, strict=True)])
    order = {label: place for place, label in enumerate(tables[0][name])}
    return joined.sort_values(name, key=lambda labels: labels.map(order), kind="stable", ignore_index=True)
