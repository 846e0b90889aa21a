"""The scenario of each thesis and origin, and what tells the runs of two models apart."""

from __future__ import annotations

from functools import cache

from calibration.ensemble.origins import RECORD_PERIOD, THESES, Origin
from calibration.ensemble.priors import widened
from sim.experiment.identity import key_of, parts_of
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
        shared_priors="hand-set",  # a fit that began from what a fit has made would use the record twice
        timeline=keep,
    )
    return widened(scenario)


@cache
def model_fingerprint() -> str:
    """Return a key of all that decides a stored run, so that runs of two models are never mixed.

    That is the code that makes it and writes it down, by `sim.experiment.identity`, and the values of every
    thesis's scenario.
    """
    code = parts_of("calibration.ensemble.simulate", "calibration.ensemble.tables", "sim.world.build")
    return key_of([code, [scenario_of(thesis, RECORD_PERIOD).inputs() for thesis in THESES]])
