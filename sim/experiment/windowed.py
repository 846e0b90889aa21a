"""Outcomes of stored runs over some of their months."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.experiment.histories import Histories
from sim.measures import OUTCOMES, measure
from sim.measures.end_state import end_state
from sim.measures.window import Window
from sim.months import Month


def outcomes_within(folder: Path, about: Mapping[str, Any], runs: pa.Table, window: Window) -> pd.DataFrame:
    """Measure every stored run over a window.

    Parameters
    ----------
    folder : Path
        A results folder.
    about : mapping
        Its ``about.json``.
    runs : pyarrow.Table
        Its ``outcomes.parquet``, which says which runs there are.
    window : Window

    Returns
    -------
    DataFrame
        One row a run, in the same order: scenario, replicate, thesis, every outcome, the end state by the
        usual rules and its reason.

    Raises
    ------
    RequestError
        If a scenario's runs do not reach over the window.
    ResultsError
        If the folder holds too little of its runs.
    OutcomeError
        If the function of a user's outcome fails.
    """
    check_window(about, window)
    histories = Histories(folder, about)
    keys = runs.select(["scenario", "replicate", "thesis"]).to_pandas()
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for scenario, replicates in keys.groupby("scenario", sort=False)["replicate"]:
        for replicate, past in histories.read(str(scenario), replicates.tolist(), window):
            values = measure(past, OUTCOMES.values())
            end = end_state(values)
            found[str(scenario), replicate] = {
                **values,
                "end_state": end.name,
                "end_state_reason": end.reason,
            }
    measured = [found[key] for key in zip(keys["scenario"], keys["replicate"], strict=True)]
    table: pd.DataFrame = pd.concat([keys, pd.DataFrame(measured, index=keys.index)], axis=1)
    return table


def check_window(about: Mapping[str, Any], window: Window) -> None:
    """See that all runs of a results folder reach over a window; raises what `Window.check` raises."""
    window.check(
        (item["name"], Month.parse(item["start"]), 12 * item["years"]) for item in about["scenarios"]
    )
