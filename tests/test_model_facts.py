"""Events carry the facts that are declared, and the record of each challenge says what its events say."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from test_model_invariants import STORMY

from sim.experiment import columns
from sim.experiment.record import RunRecord
from sim.model.events import AND, EVENT_KINDS, TRIGGERS
from sim.model.facts import FACTS
from sim.model.simulate import simulate
from sim.model.trace import NEVER, Ledger
from sim.scenario import Scenario

TIMELINE = [
    {"name": "war", "at": "2011-01", "event": "ukraine_war", "load": 0.8},
    {"name": "peace", "at": "2012-01", "event": "ukraine_war", "load": 0},
    {"name": "heir", "at": "2011-02", "event": "leader_exit", "state": "RUS"},
    {"name": "vote", "at": "2011-03", "event": "election", "state": "KGZ", "alignment": -0.5},
    {"name": "home", "at": "2011-04", "event": "withdraw_garrisons", "states": ["ARM"], "share": 0.5},
    {"name": "in", "at": "2011-05", "event": "join", "state": "MDA", "organisation": "CSTO"},
    {"name": "spark", "at": "2011-06", "event": "challenge", "states": ["KAZ", "UZB"], "spark": 0.6},
]


@pytest.fixture(scope="module")
def histories():
    """Return runs in which all that can happen does, and one with a timeline."""
    scenarios = [
        Scenario.build(
            "storm", start=start, years=20, citizens=50, parameters=STORMY, shared_priors="hand-set"
        )
        for start in ("1992-01", "2010-01", "2022-03")
    ]
    runs = [simulate(scenario, replicate) for scenario, replicate in product(scenarios, range(4))]
    authored = Scenario.build("authored", start="2010-01", years=6, citizens=50)
    for entry in TIMELINE:
        authored = authored.with_event(entry)
    return [run.history for run in (*runs, simulate(authored, 0))]


# -- what is declared ----------------------------------------------------------------------------------


def test_all_that_is_declared_says_what_it_means():
    used = set()
    for name, kind in EVENT_KINDS.items():
        assert kind.meaning and kind.actor and kind.target, name
        assert bool(kind.causes) == ("cause" in kind.required), name
        used |= kind.known
    assert used == set(FACTS)
    assert all(fact.meaning for fact in FACTS.values())
    assert not set(FACTS) & {"scenario", "replicate", "month", "tick", "kind", "actor", "target", "value"}


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ({"kind": "coup"}, "no such kind of event: coup"),
        ({"detail": "rained off"}, "no detail 'rained off'"),
        ({"weather": 1.0}, "carries no weather"),
        ({"cause": "weather"}, "no cause 'weather'"),
        ({"cohesion": None}, "lacks cohesion"),
    ],
)
def test_the_ledger_refuses_what_is_not_declared(event, fault):
    whole = {"detail": "street", "cause": "resignation", "chance": 0.1, "cohesion": 0.5}
    given = {name: value for name, value in (whole | event).items() if value is not None}
    ledger = Ledger()
    with pytest.raises((KeyError, ValueError), match=fault):
        ledger.note(given.pop("kind", "fall"), "street", "KGZ", **given)
    assert not ledger.events
    ledger.note("fall", "street", "KGZ", **whole)
    assert ledger.events[0].facts == {"cause": "resignation", "chance": 0.1, "cohesion": 0.5}


def test_every_fact_of_every_kind_is_filled_and_of_its_type(histories):
    filled = {name: set() for name in EVENT_KINDS}
    for event in (event for history in histories for event in history.events):
        filled[event.kind] |= event.facts.keys()
        for name, value in event.facts.items():
            assert isinstance(value, str) if FACTS[name].is_word else np.isfinite(value), (event, name)
            if FACTS[name].is_count:
                assert value == int(value), (event, name)
    assert filled == {name: set(kind.known) for name, kind in EVENT_KINDS.items()}


def test_triggers_are_codes_that_can_be_told_apart(histories):
    details = {e.detail for h in histories for e in h.events if e.kind in ("challenge", "flare")}
    assert len(details) > 5
    assert {code for detail in details for code in detail.split(AND)} <= set(TRIGGERS)


def test_parts_of_a_sum_add_up(histories):
    checked = set()
    for event in (event for history in histories for event in history.events):
        facts = event.facts
        if event.kind == "successor" and "programme" in facts:
            parts = [facts.get(f"{name}_part", 0.0) for name in ("attitude", "ties", "campaign", "sponsor")]
            assert facts["programme"] == pytest.approx(np.clip(sum(parts), -1, 1))
        if event.kind == "successor" and "chance_part" in facts:
            weight, wanted = facts.get("weight", 0.0), facts.get("programme", 0.0)
            line = (
                weight * wanted + (1 - weight) * facts["old_kept"] * facts["old_line"] + facts["chance_part"]
            )
            assert event.value == pytest.approx(np.clip(line, -1, facts["line_limit"]))
            checked.add(facts["cause"])
    assert checked == {"street", "elite", "heir", "election"}


# -- challenges ------------------------------------------------------------------------------------------


def own(history, challenge):
    return [event for event in history.events if event.facts.get("challenge") == challenge.number]


def of_kind(events, *kinds):
    return [event for event in events if event.kind in kinds]


def test_the_record_of_a_challenge_says_what_its_events_say(histories):
    flared = still_open = fallen_twice = 0
    for history in histories:
        opened = of_kind(history.events, "challenge")
        assert [c.number for c in history.challenges] == list(range(len(opened)))
        assert [(c.start, c.state, c.trigger) for c in history.challenges] == [
            (event.tick, event.target, event.detail) for event in opened
        ]
        for challenge in history.challenges:
            events = own(history, challenge)
            ended, helped = of_kind(events, "challenge_ended"), of_kind(events, "instrument")
            falls, successors = of_kind(events, "fall"), of_kind(events, "successor")
            assert challenge.flares == [e.tick for e in of_kind(events, "flare")]
            assert (challenge.ends, challenge.endings) == ([e.tick for e in ended], [e.detail for e in ended])
            assert challenge.requests == [e.tick for e in of_kind(events, "request")]
            assert challenge.refusals == [e.tick for e in of_kind(events, "refusal")]
            assert challenge.defections == [e.tick for e in of_kind(events, "defection")]
            assert (challenge.help, challenge.help_ticks) == (
                [e.detail for e in helped], [e.tick for e in helped],
            )  # fmt: skip
            assert (challenge.falls, challenge.fall_ticks) == (
                [e.detail for e in falls], [e.tick for e in falls],
            )  # fmt: skip
            assert (challenge.successors, challenge.successor_lines) == (
                [e.detail for e in successors], [e.value for e in successors],
            )  # fmt: skip
            assert (
                challenge.peak
                == max(e.value for e in of_kind(events, "challenge", "flare", "response", "challenge_ended"))
                or challenge.is_open
            )
            assert challenge.start <= challenge.peak_tick <= events[-1].tick
            assert {e.detail for e in of_kind(events, "response")} <= set(challenge.answers)
            if challenge.is_open:
                assert (challenge.end, challenge.ending) == (NEVER, "")
            else:
                assert challenge.weeks == sum(e.facts["weeks"] for e in ended)
                assert (challenge.end, challenge.ending) == (ended[-1].tick, ended[-1].detail)
            flared += bool(challenge.flares)
            still_open += challenge.is_open
            fallen_twice += len(challenge.falls) > 1
    assert flared and still_open and fallen_twice


def test_every_street_fall_belongs_to_a_challenge(histories):
    for history in histories:
        street = [event for event in of_kind(history.events, "fall") if event.detail == "street"]
        assert sum(c.street_falls for c in history.challenges) == len(street)
        quiet = [event for event in of_kind(history.events, "fall") if "challenge" not in event.facts]
        assert {event.facts["cause"] for event in quiet} <= {"palace coup"}


def test_a_challenge_flares_up_only_soon_after_it_ended(histories):
    for history in histories:
        for challenge in history.challenges:
            for end, flare in zip(challenge.ends, challenge.flares, strict=False):
                assert 0 <= flare - end < 6
        by_state = {}
        for challenge in history.challenges:
            before = by_state.get(challenge.state)
            assert before is None or challenge.start - before.end >= 6
            by_state[challenge.state] = challenge


def test_what_is_stored_is_what_the_model_wrote(histories):
    for history in histories:
        record = RunRecord("storm", "none", 0, {}, history, {})
        events = columns.events_of(columns.events(record))
        for stored, event in zip(events, history.events, strict=True):
            assert (stored.tick, stored.kind, stored.actor, stored.target, stored.detail) == (
                event.tick, event.kind, event.actor, event.target, event.detail,
            )  # fmt: skip
            assert stored.facts.keys() == event.facts.keys()
            for name, value in event.facts.items():
                same = value if isinstance(value, str) else pytest.approx(value, rel=1e-6, abs=1e-30)
                assert stored.facts[name] == same
        challenges = columns.challenges_of(columns.challenges(record))
        for stored, challenge in zip(challenges, history.challenges, strict=True):
            for name in challenge.__slots__:
                value = getattr(challenge, name)
                exact = name not in ("peak", "successor_lines")
                assert getattr(stored, name) == (value if exact else pytest.approx(value, rel=1e-6)), name
