"""Runs that two ensembles have in common are made once."""

from __future__ import annotations

import shutil

from calibration.ensemble.origins import RECORD_PERIOD
from calibration.ensemble.store import EnsembleStore


def share_record(source: EnsembleStore, target: EnsembleStore, draws: int) -> None:
    """Give an ensemble the first draws of another over the record's years: they are the same runs.

    Parameters
    ----------
    source : EnsembleStore
        Its theses are those that are shared.
    target : EnsembleStore
        May be empty; what it has is kept.
    draws : int
        No more than so many of each thesis.
    """
    plan = source.plan()
    if not (target.folder / "plan.json").exists():
        target.open(plan)
    for thesis in plan.theses:
        for chunk in sorted(source.chunk(thesis, RECORD_PERIOD, range(1)).parent.glob("draws=*")):
            last = int(chunk.name.rpartition("-")[2])
            final = target.folder / chunk.relative_to(source.folder)
            if last >= draws or final.exists():
                continue
            partial = final.with_name(f".{final.name}")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(chunk, partial)
            partial.replace(final)
