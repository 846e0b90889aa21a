"""The ladder of Moscow's help: a new step a week and only upward, also where instruments share a rung."""

from itertools import pairwise

import pytest
from situations import DEPLOYMENT, SECURITY, SUPPORT, change, eager, sent

from sim.instruments import BY_NAME, RESCUE_INSTRUMENTS, Instrument
from sim.model.events import EVENT_KINDS
from sim.model.moscow import instruments, moscow
from sim.model.moscow.instruments import RESCUE_LADDER, SecurityHelp
from sim.model.randomness import Process
from sim.model.regimes import challenge as challenges
from sim.model.simulate import simulate
from sim.scenario import load

SHARED = {"lowest": SUPPORT, "one in between": SECURITY, "highest": DEPLOYMENT}


@pytest.fixture(params=SHARED.values(), ids=SHARED)
def longer(request, monkeypatch):
    """Put a second instrument on a rung, as recipe 4 does, and return the ladder with it."""
    rung = request.param.rung
    entry = Instrument("police", "police", "means", rung=rung, key="security")
    monkeypatch.setitem(BY_NAME, "police", entry)
    monkeypatch.setitem(EVENT_KINDS["instrument"].details, "police", "police")
    monkeypatch.setattr(instruments, "_CLASSES", {})
    more = type("Police", (SecurityHelp,), {"name": "police"})()
    ladder = tuple(sorted((*RESCUE_LADDER, more), key=lambda instrument: instrument.rung))
    for module in (moscow, challenges):
        monkeypatch.setattr(module, "RESCUE_LADDER", ladder)
    return ladder


def test_help_climbs_step_by_step_where_two_instruments_share_a_rung(longer, situation):
    space, (challenge,) = eager(situation, "KAZ")
    change(space, moscow__decisiveness=0.1)  # worth decides next to nothing: what is left is the ladder
    states, index = len(space.regimes), challenge.index
    while space.numbers.draw(Process.MOSCOW_CHOICE, space.tick, index, states) > 0.4:
        space.tick += 1
    for place, step in enumerate(longer):
        above = longer[place + 1 :]
        space.moscow.abstains = {(instrument.name, "KAZ"): 9 for instrument in above}
        for _ in range(2):  # the second time there is nothing left above it
            space.moscow.answer([challenge], 0)
            assert challenge.help is step
            assert challenge.used == list(longer[: place + 1])
    assert sent(space) == [("KAZ", instrument.name) for instrument in longer]


def test_what_is_let_go_may_be_used_again(longer, situation):
    space, (challenge,) = eager(situation, "KAZ")
    for _ in range(2):
        space.moscow.answer([challenge], 0)
        challenge.help = None
    assert sent(space) == 2 * [("KAZ", DEPLOYMENT.name)]


def test_steps_rise_from_rung_to_rung():
    assert [instrument.name for instrument in RESCUE_LADDER] == list(RESCUE_INSTRUMENTS)
    assert all(below.rung <= above.rung for below, above in pairwise(RESCUE_LADDER))


def test_help_of_one_month_rises_in_whole_runs():
    scenario = load("what-if/support-high", ["years=8", "citizens=100"])
    pairs = []
    for replicate in range(3):
        for found in simulate(scenario, replicate).history.challenges:
            given = pairwise(zip(found.help, found.help_ticks, strict=True))
            pairs += [(one, other) for (one, tick), (other, later) in given if tick == later]
    assert pairs
    assert all(RESCUE_INSTRUMENTS.index(one) < RESCUE_INSTRUMENTS.index(other) for one, other in pairs)
