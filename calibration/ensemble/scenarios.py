"""The scenario of each thesis and origin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from calibration.ensemble.origins import RECORD_PERIOD, THESES, Origin
from calibration.ensemble.priors import widened
from sim.scenario import Scenario, load

HINDCAST = "what-if/hindcast"
"""Holds the entries of the record period: who founded the alliance, whom NATO invited."""


@cache
def scenario_of(thesis: str, origin: Origin, citizens: int = 1_000) -> Scenario:
    """Return the scenario of a thesis from an origin, with the calibration's wide priors.

    Parameters
    ----------
    thesis : str
        A shipped thesis's name.
    origin : Origin
        A historical one keeps those entries of the hindcast's timeline that are not before its start.
    citizens : int
        In each state.

    Raises
    ------
    ScenarioError
        If the thesis is unknown or the origin outside the record.
    """
    base = load(HINDCAST)
    keep = [
        event
        for event in base.timeline
        if origin.mode == "historical" and event.at is not None and event.at >= origin.month
    ]
    scenario = Scenario.build(
        f"{thesis}-{origin.key}",
        thesis=thesis,
        start=origin.month,
        years=origin.years,
        mode=origin.mode,
        citizens=citizens,
        timeline=keep,
    )
    return widened(scenario)


def fingerprinted() -> Iterator[str]:
    """Yield every shipped thesis's scenario as text."""
    for thesis in THESES:
        yield scenario_of(thesis, RECORD_PERIOD).to_yaml()
