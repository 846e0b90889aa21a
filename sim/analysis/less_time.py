"""End states of less time than the thresholds of their rules were set for, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sim.explain.words import counted
from sim.measures.window import WHOLE, Window
from sim.months import Month
from sim.scenario import SHARED_WORLD, load


def ends_in_less_time(about: Mapping[str, Any], scenarios: Collection[str], window: Window = WHOLE) -> str:
    """Return a caution on end states of shorter runs than the shared world's, or of some of their months.

    Parameters
    ----------
    about : mapping
        As ``about.json`` holds it.
    scenarios : collection of str
        Those whose end states are told.
    window : Window
        The months over which they are measured.

    Returns
    -------
    str
        Empty where every run is as long as those of the shared world, and measured as a whole.
    """
    runs = [item for item in about.get("scenarios", ()) if item["name"] in scenarios]
    starts = [Month.parse(item["start"]) for item in runs]
    lengths = [
        sum(window.holds(str(start + tick)) for tick in range(12 * item["years"]))
        for start, item in zip(starts, runs, strict=True)
    ]
    months, whole = min(lengths, default=_whole()), _whole()
    if months >= whole:
        return ""
    told = (
        f"Classes of end state are of {_long(months)} here. Their thresholds were set for whole runs, "
        f"such as the {_long(whole)} of the shared world: "
    )
    if window.since is not None and any(start < window.since for start in starts):
        return (
            f"{told}in less time fewer runs reach a threshold by one lasting change. Changes are measured "
            f"from {window.since} on: a recovery after an earlier fall counts as a rise, up to consolidation."
        )
    return f"{told}in less time fewer runs reach them, and more end in the status quo."


@cache
def _whole() -> int:
    """Return how many months a run of the shared world has, as it is shipped."""
    return load(SHARED_WORLD).months


def _long(months: int) -> str:
    """Return a number of months in words, in years where they are whole."""
    return counted(months, "month") if months % 12 else counted(months // 12, "year")
