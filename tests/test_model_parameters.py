"""No parameter is inert: moved to either end of its range, each changes some run in which it could matter."""

from functools import cache
from itertools import chain, product

import mesa
import pytest

from sim.model.simulate import build, simulate
from sim.parameters import catalogue
from sim.scenario import Scenario

RESTLESS = {
    "challenges.focal_rate": 2.0, "challenges.spark_scale": 0.2, "rivals.western_campaign": 1.0,
    "moscow.keep_weight": 2.0, "moscow.restoration_weight": 1.5, "moscow.western_deterrence": 0.2,
    "clashes.presence_effect": 4.0, "territories.window": 0.05, "territories.unrest_window": 0.02,
    "territories.integration_window": 0.05, "war.window": 0.05, "rivals.nato_advance": 0.03,
    "alliance.exit_hazard": 0.2, "alliance.entry_hazard": 0.1, "regimes.lame_duck_hazard": 0.01,
    "regimes.lame_duck_months": 6, "regimes.palace_coup_hazard": 0.03, "moscow.leader_exit_hazard": 0.005,
    "clashes.conquest": 0.5, "rivals.accession_hazard": 0.2,
}  # fmt: skip
WAR = [
    {"name": "war", "at": "2010-06", "event": "ukraine_war", "load": 0.9},
    {"name": "path", "at": "2011-01", "event": "nato_path", "state": "GEO", "course": 0.9},
    {"name": "door", "at": "2011-01", "event": "nato_path", "state": "BLR", "course": 0.95},
    {"name": "peacekeepers", "at": "2010-02", "event": "territory", "status": 2,
     "territory": "Nagorno-Karabakh"},
    {"name": "risings", "at": "2010-09", "event": "challenge", "spark": 0.4,
     "states": ["BLR", "KAZ", "KGZ", "ARM"]},
]  # fmt: skip
ERRATIC = {
    **RESTLESS, "moscow.decisiveness": 8.0, "war.window": 0.3, "territories.window": 0.2,
    "territories.step_price": 0.6, "territories.loss_hazard": 0.05, "rivals.ratchet": 0.6,
    "instruments.deployment_price": 0.3, "instruments.security_price": 0.1, "instruments.loan_price": 0.2,
    "moscow.article_five": 0.4,
}  # fmt: skip
CALLS = [
    {"name": f"risings of {year}", "at": f"{year}-03", "event": "challenge", "spark": 0.4,
     "states": ["BLR", "KAZ", "KGZ", "ARM", "TJK"]}
    for year in (2010, 2011, 2012, 2013, 2014)
]  # fmt: skip
"""Risings among allies year after year, so that troops of the alliance set precedents and meet them."""
READY = {
    **ERRATIC, "instruments.deployment_price": 0.1, "moscow.first_deployment_price": 0.25,
    "instruments.security_price": 0.6, "instruments.loan_price": 0.6, "moscow.keep_weight": 3.0,
}  # fmt: skip
"""Moscow at the verge of sending troops, so that what they cost decides."""
RISING = {
    "regimes.calendar_in_force": 1.0, "challenges.theft_spark": 0.3, "learning.tradition_spark": 0.05,
    "learning.exhaustion": 0.1, "challenges.focal_rate": 2.0, "clashes.defeat": 0.2,
    "challenges.election_spark": 0.2, "challenges.contestable_openness": 0.3,
}  # fmt: skip
"""Rules of where and when people rise at work in many places, so that what belongs to them decides."""
UNDECIDED = {
    **ERRATIC, "rivals.course_hazard": 0.03, "rivals.course_exposure": 0.4, "regimes.death_hazard": 0.005,
    "regimes.death_in_open": 0.5, "clashes.build_up": 0.01, "clashes.build_up_effect": 4.0,
}  # fmt: skip
"""Rules of courses, deaths and arms half-way between off and on."""


def _world(name, **keys):
    """Return a scenario with few citizens, in the world before its fit: a new fit changes nothing in it."""
    return Scenario.build(name, citizens=60, shared_priors="hand-set", **keys)


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        _world("war", start="2010-01", years=5, parameters=ERRATIC, timeline=WAR),
        _world("storm", start="2010-01", years=8, parameters=RESTLESS, timeline=WAR),
        _world("early", start="1992-01", years=12, parameters=UNDECIDED),
        _world("plain", start="2010-01", years=15, timeline=WAR),
        _world("calls", start="2010-01", years=5, parameters=READY, timeline=CALLS),
        _world("rising", start="2010-01", years=10, parameters=RISING, timeline=WAR),
    )
}


LOOK = 6
"""Months after which a run is compared with the plain one."""


SEEN_IN = {
    "instruments.help_months": [("plain", 15), ("early", 15)],
    "alliance.precedent_relief": [("calls", 2), ("calls", 12)],
    "clashes.build_up_released": [("early", 14)], "costs.security_attention": [("plain", 9)],
    "regimes.hedge_resentment": [("early", 5)], "moscow.western_share_quiet": [("plain", 5)],
    "territories.autonomy_hazard": [("early", 5)], "moscow.western_share_separatism": [("plain", 3)],
    "moscow.western_answer_unexposed": [("calls", 3)], "rivals.accession_hazard": [("war", 3)],
    "regimes.death_in_open": [("early", 1)], "alliance.precedent_resolve": [("storm", 1), ("early", 2)],
    "alliance.trust_gain": [("storm", 1)], "alliance.doubt": [("storm", 1)],
    "alliance.exit_trust_alignment": [("war", 1)], "alliance.precedent_deterrence": [("storm", 1)],
    "war.guarantee_in_sight": [("early", 1)], "rivals.course_declared": [("early", 1)],
    "clashes.conquest": [("storm", 1)], "rivals.campaign_simultaneity": [("early", 1), ("calls", 1)],
}  # fmt: skip
"""Where the rarest were seen, scenario and replicate: looked at first, which saves time and no more."""


def course(history, months):
    """Return what happened in the first months of a run, without the reasons and numbers told of it."""
    series = [history.series, history.moscow, history.territories]
    parts = [values[:months].tobytes() for kind in series for values in kind.values()]
    events = [
        (event.tick, event.kind, event.actor, event.target, event.detail)
        for event in history.events
        if event.tick < months
    ]
    return parts, events


@cache
def plain(name, replicate):
    """Return a run in which no parameter is moved."""
    return simulate(SCENARIOS[name], replicate).history


def ends(spec):
    """Return the two ends of a range, or near them where the end itself stands at the default.

    A switch has one other position.
    """
    if spec.unit == "0 or 1":
        return (1.0 - spec.default,)
    low, high = spec.low, spec.high
    near = 0.02 * (high - low)
    return (low if low != spec.default else low + near, high if high != spec.default else high - near)


def differs(scenario, replicate):
    """Return whether the course of a run is not the plain one's, looking at each half-year's end.

    What has differed once differs in the whole run: the rest of it need not be lived.
    """
    space, known = build(scenario, replicate), plain(scenario.name, replicate)
    try:
        while space.tick < space.months:
            for _ in range(min(LOOK, space.months - space.tick)):
                space.step()
            if course(space.recorder.history(), space.tick) != course(known, space.tick):
                return True
        return False
    finally:
        getattr(mesa.Agent, "_ids", {}).pop(space, None)  # as `simulate` does: or every model is kept


def moves(path, value):
    """Return whether a parameter set to a value changes the course of any run."""
    everywhere = product(range(16), SCENARIOS)  # most are seen at once, the rarest in a few
    places = chain(SEEN_IN.get(path, ()), ((name, replicate) for replicate, name in everywhere))
    return any(
        differs(SCENARIOS[name].with_parameters({path: value}), replicate) for name, replicate in places
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", catalogue())
def test_a_parameter_at_either_end_of_its_range_changes_some_run(path):
    assert [value for value in ends(catalogue()[path]) if not moves(path, value)] == []


def test_a_parameter_set_to_what_it_is_changes_nothing():
    path = "moscow.decisiveness"
    assert not differs(SCENARIOS["war"].with_parameters({path: ERRATIC[path]}), 0)


def test_a_difference_in_the_last_month_alone_is_seen():
    late = {"name": "late", "at": "2014-12", "event": "challenge", "spark": 0.9, "states": ["KGZ"]}
    assert differs(SCENARIOS["war"].with_event(late), 0)
