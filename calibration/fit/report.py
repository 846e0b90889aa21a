"""What a fit leaves on disk: the posterior's file, tables and figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from calibration.comparison import FIT, TEST, compare
from calibration.ensemble.plan import Plan
from calibration.figure import pattern_figure
from calibration.fit.figures import calibration_figure, posterior_figure, recovery_figure
from calibration.fit.inference import Inference
from calibration.fit.posterior_file import write_posterior
from calibration.history import ObservedHistory
from calibration.patterns import PATTERNS
from calibration.record.observed import CODINGS
from calibration.statistics.summary import describe
from sim.figures.saving import save_all
from sim.figures.source import SourceLine

POSTERIOR = Path("posterior") / "shared.yaml"
_ROWS = 500


def save_fit(
    inference: Inference,
    record: ObservedHistory,
    folder: Path,
    *,
    coding: str,
    plan: Plan,
    keep: float,
    source: SourceLine,
    formats: Sequence[str],
) -> pd.DataFrame:
    """Write the posterior, ``parameters.csv``, ``statistics.csv`` and three figures.

    Parameters
    ----------
    inference : Inference
    record : ObservedHistory
    folder : Path
    coding : str
    plan : Plan
        Of the ensemble.
    keep : float
        As for `calibration.fit.inference.infer`.
    source : SourceLine
        For the figures.
    formats : sequence of str
        Of the figures; of `sim.figures.formats.FORMATS`.

    Returns
    -------
    DataFrame
        The posterior's rows: equally weighted draws, one column a parameter.
    """
    rows = inference.values(inference.posterior.resample(_ROWS, plan.seed))
    runs, size = len(inference.sample), inference.posterior.size
    told = (
        f"posterior of the shared world given {int(inference.used.sum())} statistics of {FIT} "
        f"({CODINGS[coding]}): regression-adjusted ABC on {runs} runs, effective size {size:.0f}"
    )
    provenance = {
        "draws": runs,
        "keep": keep,
        "coding": coding,
        "seed": plan.seed,
        "citizens": plan.citizens,
        "model": plan.fingerprint,
        "surprise": round(inference.surprise, 4),
        "statistics_out_of_reach": list(inference.left_out),
        "not_recovered": list(inference.failed),
    }
    name = f"shared world given {FIT}, coding {coding}, {runs} runs"
    write_posterior(folder / POSTERIOR, name, told, provenance, rows)
    inference.table().to_csv(folder / "parameters.csv", index=False)
    describe(record, FIT).to_csv(folder / "statistics.csv", index_label="statistic")
    figures = folder / "figures"
    save_all(posterior_figure(inference, source), figures, "posterior", formats)
    save_all(recovery_figure(inference, source), figures, "recovery", formats)
    save_all(calibration_figure(inference, source), figures, "ranks", formats)
    return rows


def save_checks(
    runs: Collection[ObservedHistory],
    record: ObservedHistory,
    folder: Path,
    source: SourceLine,
    formats: Sequence[str],
) -> pd.DataFrame:
    """Compare new histories with the record pattern by pattern; write ``checks.csv`` and its figure."""
    windows = [window for window in (FIT, TEST) if window.last <= record.window.last]
    comparison = compare(record, runs, PATTERNS, windows)
    comparison.to_csv(folder / "checks.csv", index=False)
    title = f"The record against {len(runs)} new histories under the posterior"
    save_all(pattern_figure(comparison, source, title), folder / "figures", "checks", formats)
    return comparison
