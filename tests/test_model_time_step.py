"""Halving the step of what moves continuously changes little of what a run is asked for.

A run's step is a month. Stocks that drift (legitimacy, cohesion, loyalty, preparedness, rents, dependence,
encouragement, movements' resources, attitudes, alignment, the course toward NATO) are moved here twice a
month by the shipped code at rates of half a month; whatever is decided or drawn stays monthly, with the same
random numbers, and so do the weeks of a challenge.
"""

import dataclasses
import math
from functools import partial

import numpy as np
import pytest

from sim.measures import measure
from sim.measures.history import RunHistory
from sim.model.month import MONTH
from sim.model.regimes.regime import RegimeRow
from sim.model.region.realignment import accession
from sim.model.simulate import build
from sim.parameters import catalogue
from sim.scenario import Scenario

COUNTERS = (  # in months, moved once
    "tenure", "leader_age", "months_since_election", "months_since_parliament", "dual_power",
)  # fmt: skip
LINEAR = {"attitude per month", "attitude per month at full war", "course per month"}


def of_half_a_month(parameters):
    """Return parameters whose monthly rates, taken twice, make the month's."""
    halves = {}
    for path, spec in catalogue().items():
        section, name = path.split(".")
        value = getattr(getattr(parameters, section), name)
        if path == "regimes.performance_persistence":
            halves[path] = math.sqrt(value)
        elif spec.unit == "share per month":
            halves[path] = 1 - math.sqrt(1 - value)
        elif spec.unit in LINEAR:
            halves[path] = value / 2
    # the same shock in both halves adds up to the month's
    half_shock = parameters.regimes.performance_shock / (1 + halves["regimes.performance_persistence"])
    return parameters.replace({**halves, "regimes.performance_shock": half_shock})


def in_halves(space, move, *, accession_in=None):
    """Make a move twice at rates of half a month."""
    whole, growth = space.parameters, space.rows.regimes["young_share_growth"]
    half = of_half_a_month(whole)
    growth /= 2
    for part in (1, 2):
        space.parameters = half
        if accession_in is not None and part != accession_in:  # drawn once a month
            space.parameters = half.replace({"rivals.accession_hazard": 0.0})
        move(part)
    space.parameters = whole
    growth *= 2


def attitudes(stage, space):
    def move(part):
        jail = space.population.jail.copy()
        stage(space)
        if part == 2:
            space.population.jail[:] = jail

    in_halves(space, move)


def standing(stage, space):
    def move(part):
        before = [[getattr(regime, name) for name in COUNTERS] for regime in space.regimes]
        stage(space)
        if part == 2:
            for regime, values in zip(space.regimes, before, strict=True):
                for name, value in zip(COUNTERS, values, strict=True):
                    setattr(regime, name, value)

    in_halves(space, move)


def plainly(stage, space):
    in_halves(space, lambda _: stage(space))


def alignment(stage, space):
    """Alignment and the course toward NATO move together, half a month at a time."""

    def move(part):
        stage(space)
        accession(space)

    in_halves(space, move, accession_in=2)


TWICE_A_MONTH = {
    "attitudes": attitudes, "regimes": standing, "movements": plainly, "territories": plainly,
    "alignment": alignment,
}  # fmt: skip


def finer_month():
    """Return the month's schedule with its drifts in half-months."""
    stages = [stage for stage in MONTH if stage.name != "accession"]
    return tuple(
        dataclasses.replace(stage, run=partial(TWICE_A_MONTH[stage.name], stage.run))
        if stage.name in TWICE_A_MONTH
        else stage
        for stage in stages
    )


def pair(replicate, **keys):
    """Return the histories of a replicate with steps of a month and with drifts in half-months."""
    scenario = Scenario.build("steps", **{"start": "2010-01", "years": 20, "citizens": 200, **keys})
    whole = build(scenario, replicate).run()
    finer = build(scenario, replicate)
    finer.schedule = finer_month()
    return whole, finer.run(), finer.world


QUIET = {  # nobody challenges, overthrows or attacks anybody: what is left is drift
    "challenges.challenge_level": 0.9, "challenges.spark_scale": 0.001, "challenges.spark_tail": 0.0,
    "regimes.palace_coup_hazard": 0.0, "regimes.lame_duck_hazard": 0.0,
    "regimes.turnover_ease": 0.0, "war.window": 0.0, "territories.window": 0.0,
    "territories.unrest_window": 0.0, "territories.integration_window": 0.0,
}  # fmt: skip
NEWS = [  # so that every stock has somewhere to go
    *(
        {"name": f"news of {stock}", "at": "2010-06", "event": "shock", "states": ["KGZ"], "variable": stock,
         "change": change}
        for stock, change in [("preparedness", 0.4), ("cohesion", -0.3), ("legitimacy", -0.3)]
    ),
    {"name": "new line", "at": "2010-06", "event": "leader_exit", "state": "ARM", "alignment": -0.5},
]  # fmt: skip
STOCKS = ("legitimacy", "cohesion", "security_loyalty", "preparedness", "dependence", "alignment", "attitude")
STOCK_TOLERANCE = 0.005  # in 20 years, of ranges of 1 or 2; found: 0.002


@pytest.mark.slow
@pytest.mark.parametrize("replicate", [0, 1, 2])
def test_stocks_drift_alike_in_half_months(replicate):
    whole, finer, _ = pair(replicate, parameters=QUIET, timeline=NEWS)
    assert not any(event.kind in {"challenge", "war"} for event in whole.events)
    for name in STOCKS:
        assert np.ptp(whole.series[name], axis=0).max() > 10 * STOCK_TOLERANCE, name
        assert np.abs(whole.series[name] - finer.series[name]).max() < STOCK_TOLERANCE, name


def test_everything_counted_in_months_is_moved_once():
    space = build(Scenario.build("counters", citizens=50, years=1), 0)
    regime = space.regimes[0]
    before = {name: getattr(regime, name) for name, *_ in RegimeRow._fields_}
    regime.drift(0.0)
    counted = {
        name for name, value in before.items() if isinstance(value, int) and getattr(regime, name) != value
    }
    assert counted | {"dual_power", "leader_age"} == set(COUNTERS)


def test_the_comparison_would_notice_a_rate_that_is_not_halved(monkeypatch):
    monkeypatch.setattr("test_model_time_step.of_half_a_month", lambda parameters: parameters)
    whole, finer, _ = pair(0, years=10, parameters=QUIET, timeline=NEWS)
    for name in ("legitimacy", "cohesion", "security_loyalty", "alignment"):
        assert np.abs(whole.series[name] - finer.series[name]).max() > 4 * STOCK_TOLERANCE, name


OUTCOMES = (
    "challenges", "street_falls", "elite_falls", "turnovers", "realignments_away", "alignment_end",
    "influence_change", "attitude_change", "requests", "used_political_support", "clashes",
    "csto_members_end",
)  # fmt: skip
OUTCOME_TOLERANCE = 0.15  # of the standard deviation between runs; found: at most 0.05, in 48 runs


@pytest.mark.slow
def test_shared_outcomes_are_alike_in_half_months():
    rows = []
    for replicate in range(32):
        whole, finer, world = pair(replicate, years=15)
        told = [measure(RunHistory(history, world)) for history in (whole, finer)]
        rows.append([[float(outcomes[name]) for name in OUTCOMES] for outcomes in told])
    month, half = np.swapaxes(np.array(rows), 0, 1)
    assert (month != half).any()  # events grow from small differences: some runs part ways
    shift = np.abs((half - month).mean(axis=0)) / month.std(axis=0)
    assert shift.max() < OUTCOME_TOLERANCE, dict(zip(OUTCOMES, shift, strict=True))
