"""Posterior predictive checks: new histories under the posterior, next to the record."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import cast

import numpy as np
import pandas as pd

from calibration.ensemble.origins import RECORD_PERIOD
from calibration.ensemble.priors import ASKED
from calibration.ensemble.scenarios import scenario_of
from calibration.ensemble.simulate import Simulate
from calibration.history import ObservedHistory
from calibration.statistics.measurement import Measurement
from sim.experiment.chunk import Chunk, Recipe
from sim.experiment.ensemble import run_in_order
from sim.experiment.interrupt import RunsInterrupted, interrupted, interruptible
from sim.experiment.record import FailedRun, Tally
from sim.experiment.workers import process_pool
from sim.parameters.parameter import Tag
from sim.parameters.priors import Sample
from sim.scenario import Scenario, Setting
from sim.world.build import build_world

_TOGETHER = 5
_SEED = (
    20_260_101  # of the new histories; not that of the ensemble, whose random numbers the posterior has seen
)


def calibrated_scenario(thesis: str, name: str, rows: pd.DataFrame, citizens: int) -> Scenario:
    """Return the record period under a posterior; parameters that were not fitted keep the shared prior."""
    scenario = scenario_of(thesis, RECORD_PERIOD, citizens)
    asked = {item.path for item in ASKED}
    kept = {
        path: setting
        for path, setting in scenario.parameters.items()
        if path not in asked or setting.claim is not None
    }
    sampled = {path: Setting(Sample(name, tuple(rows[path])), Tag.CALIBRATED, name) for path in rows.columns}
    over = {path: kept[path].over(sampled[path]) for path in kept.keys() & sampled.keys()}
    return dataclasses.replace(scenario, parameters={**sampled, **kept, **over}, seed=_SEED)


def predict(
    scenario: Scenario,
    number: int,
    measurement: Measurement,
    *,
    workers: int = 1,
    progress: Callable[[Tally], None] | None = None,
) -> list[ObservedHistory]:
    """Return new histories as the record would hold them; failed runs are left out.

    Raises
    ------
    RunsInterrupted
        After Ctrl-C.
    """
    recipe = Recipe(Simulate(scenario.seed, 1), build_world, measured=False)
    chunks = [
        Chunk(scenario, tuple(range(first, min(first + _TOGETHER, number))))
        for first in range(0, number, _TOGETHER)
    ]
    histories: list[ObservedHistory] = []
    with interruptible():
        records = run_in_order(recipe, chunks, workers=workers, executor=process_pool)
        failed = 0
        for made, record in enumerate(records, start=1):
            failed += isinstance(record, FailedRun)
            if progress is not None:
                progress(Tally(record.scenario, number, 0, made, failed))
            if not isinstance(record, FailedRun):
                rng = np.random.default_rng((_SEED, record.replicate))
                histories.append(measurement.apply(cast("ObservedHistory", record.history), rng))
        stopped = interrupted()
    if stopped:
        raise RunsInterrupted(len(histories), number, "memory; the ensemble is kept")
    return histories
