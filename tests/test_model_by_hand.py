"""A model run by hand, as a modeller would: built by name, stepped while it runs, changed by name."""

from __future__ import annotations

import pytest

import sim
from docs.remake.agents import agents, remarks
from sim.errors import RequestError, SimError
from sim.model.regimes.regime import RegimeRow


def short():
    return sim.load("baseline").replace(years=1, citizens=50)


def test_a_model_is_built_as_simulate_builds_it_and_runs_until_its_last_month():
    model, months = sim.build(short(), 2), 0
    while model.running:
        model.step()
        months += 1
    assert months == 12
    told = sim.RunHistory(model.recorder.history(), model.world, model.values)
    simulated = sim.simulate(short(), 2)
    assert (told.series["legitimacy"] == simulated.history.series["legitimacy"]).all()
    assert told.draws == simulated.draws
    assert repr(simulated.history) == f"<History 2025-01, 12 months, {len(simulated.history.events)} events>"


def test_what_cannot_be_built_or_changed_is_refused_with_the_nearest_name():
    with pytest.raises(RequestError, match="whole number, 0 or more"):
        sim.build("baseline", -1)
    with pytest.raises(SimError, match="did you mean baseline"):
        sim.build("baslin")
    with pytest.raises(RequestError, match="unknown parameter 'citizens"):
        sim.build(short()).change({"citizens.tresholt": 0.2})


def test_the_page_on_agents_says_what_each_number_is():
    told = agents()
    assert all(f"| `{name}` | {kind} | {what} |" in told for name, kind, what in remarks(RegimeRow))
    assert {name for name, _, _ in remarks(RegimeRow)} == set(RegimeRow.__annotations__)

    class Silent:
        number: float

    with pytest.raises(ValueError, match="nothing says what number is"):
        list(remarks(Silent))
