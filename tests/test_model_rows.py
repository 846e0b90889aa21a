"""Agents and the rows of numbers behind them are one; compiled loops and rules on agents do the same."""

import copy
import ctypes

import numpy as np
import pytest
from situations import change, open_challenge

from sim.model import compiled
from sim.model.citizens.outlook import _outlook
from sim.model.regimes.movement import organise, organise_all
from sim.model.regimes.regime import Regime, RegimeRow, drift, drift_all
from sim.model.rows import rules_of
from sim.model.simulate import build
from sim.parameters import catalogue
from sim.scenario import Scenario


def _disturb(space, chance):
    """Draw parameters and stocks from all of their ranges, so that every branch of a rule is taken."""
    sections = ("regimes", "learning", "citizens", "rivals", "alliance")
    change(
        space,
        **{
            path.replace(".", "__"): chance.uniform(spec.low, spec.high)
            for path, spec in catalogue().items()
            if path.split(".")[0] in sections
        },
    )
    for regime in space.regimes:
        for name, kind in RegimeRow._fields_:
            if kind is ctypes.c_double:
                setattr(regime, name, chance.uniform(-1, 2))
        regime.tenure, regime.lame_duck, regime.dual_power = chance.integers(0, (200, 2, 2)).tolist()
    for movement in space.movements:
        movement.resources, movement.outside_help = chance.uniform(0, 1, 2)
        movement.expected_success, movement.tradition, movement.exhaustion = chance.uniform(0, 2, 3)


@pytest.fixture(params=range(20))
def disturbed(request, situation):
    space = situation()
    _disturb(space, np.random.default_rng(request.param))
    return space


def _all(rows):
    return rows.tolist()


def test_an_agent_and_its_row_are_one(situation):
    space = situation()
    regime = space.regimes[3]
    regime.legitimacy = 0.25
    assert space.rows.regimes["legitimacy"][3] == 0.25
    space.rows.regimes["tenure"][3] = 7
    assert regime.tenure == 7
    assert isinstance(regime.tenure, int)
    assert space.movements[3].own["resources"][0] == space.movements[3].resources


def test_a_compiled_month_of_regimes_is_that_of_the_rule_on_agents(disturbed):
    space, shocks = disturbed, np.linspace(-3, 3, len(disturbed.regimes))
    before = space.rows.regimes.copy()
    for regime, shock in zip(space.regimes, shocks.tolist(), strict=True):
        drift(regime, space.parameters, 0.7, 0.9, shock)
    assert _all(before) != _all(space.rows.regimes)
    drift_all(before, space.rules, 0.7, 0.9, shocks)
    assert _all(before) == _all(space.rows.regimes)


def test_a_compiled_month_of_movements_is_that_of_the_rule_on_agents(disturbed):
    space = disturbed
    before = space.rows.movements.copy()
    for movement in space.movements:
        organise(movement, movement.regime, space.parameters.learning)
    assert _all(before) != _all(space.rows.movements)
    organise_all(before, space.rows.regimes, space.rules)
    assert _all(before) == _all(space.rows.movements)


def test_citizens_see_in_compiled_loops_what_agents_show(disturbed):
    space = disturbed
    space.alliance.precedents = 2
    seen = _outlook(
        space.rows.regimes, space.rows.movements, space.rules, space.alliance.covers, np.empty((5, 14))
    )
    for regime, movement, column in zip(space.regimes, space.movements, seen.T.tolist(), strict=True):
        left = max(regime.legitimacy - regime.spark - movement.efficacy, 0.0)
        shown = regime.grievance_salience, regime.perceived_alignment, regime.deterrence, regime.force
        assert column == [left, *shown]


def test_compiled_loops_read_the_parameters_that_hold(situation):
    space = situation()
    change(space, regimes__rent_return=0.125)
    for path in catalogue():
        section, name = path.split(".")
        assert space.rules[0][section][name] == getattr(getattr(space.parameters, section), name)
    assert space.rules is space.rules
    assert rules_of(space.parameters) == space.rules


def test_a_copied_model_lives_on_its_own():
    space = build(Scenario.build("copied", citizens=50, years=2), 0)
    for _ in range(3):
        space.step()
    twin = copy.deepcopy(space)
    assert isinstance(twin.regimes[1], Regime)
    assert twin.regimes[1].space is twin
    before = _all(space.rows.regimes)
    twin.regimes[1].legitimacy += 0.1
    assert _all(space.rows.regimes) == before
    assert twin.rows.regimes["legitimacy"][1] == twin.regimes[1].legitimacy
    twin.regimes[1].legitimacy = space.regimes[1].legitimacy
    ours, theirs = space.run(), twin.run()
    assert all(np.array_equal(ours.series[name], theirs.series[name]) for name in ours.series)


def test_a_rule_that_changes_is_compiled_anew(monkeypatch):
    before = compiled.stamp()

    def changed(row, rules):
        row.legitimacy = rules.regimes.honeymoon

    monkeypatch.setattr(compiled, "_rules", [*compiled._rules, changed])
    assert compiled.stamp() != before
    with_rents = compiled.stamp()

    def changed(row, rules):  # of the same code, but for a name
        row.cohesion = rules.regimes.honeymoon

    changed.__qualname__ = compiled._rules[-1].__qualname__
    assert changed.__code__.co_code == compiled._rules[-1].__code__.co_code
    monkeypatch.setattr(compiled, "_rules", [*compiled._rules[:-1], changed])
    assert compiled.stamp() != with_rents
    monkeypatch.setitem(drift.__globals__, "LONG_SETTLED", 99)
    monkeypatch.setattr(compiled, "_rules", compiled._rules[:-1])
    assert compiled.stamp() != before


def test_a_model_and_its_agents_say_who_they_are_and_the_month(situation):
    space = situation(start="2010-01")
    space.step()
    assert repr(space) == "<PostSovietSpace 2010-02, 1 of 36 months lived>"
    agents = space.regime("KGZ"), space.movements[0], space.west, space.territories[0], space.moscow
    assert [repr(agent) for agent in agents] == [
        "<Regime KGZ 2010-02>", f"<Movement {space.regimes[0].code} 2010-02>", "<West West 2010-02>",
        f"<Territory {space.territories[0].name} 2010-02>", "<Moscow RUS 2010-02>",
    ]  # fmt: skip
    assert repr(open_challenge(space, "KGZ")) == "<OpenChallenge KGZ 2010-02>"
    assert all(repr(agent).endswith(" 2010-02>") for agent in space.agents)
