"""What the table of the month says of events, against which stage noted which in whole histories."""

from __future__ import annotations

import dataclasses

import pytest

from sim.explain.diverge_narrated import rule_of
from sim.model.events import EVENT_KINDS
from sim.model.month import MONTH
from sim.model.simulate import build
from sim.scenario import load

PLACES = {stage.name: place for place, stage in enumerate(MONTH, 1)}

OWN = [  # whatever a scenario's author may set that notes an event of its own
    {"event": "challenge", "states": ["KGZ"], "spark": 1.0},
    {"event": "election", "state": "KGZ", "turnover": True},
    {"event": "leader_exit", "state": "KAZ"},
    {"event": "leader_exit", "state": "RUS"},
    {"event": "ukraine_war", "load": 1.0},
    {"event": "withdraw_garrisons", "states": ["TJK"], "share": 0.5},
    {"event": "territory", "territory": "Abkhazia", "status": 3},
    {"event": "join", "state": "AZE", "organisation": "CSTO"},
    {"event": "leave", "state": "ARM", "organisation": "CSTO"},
    {"event": "nato_path", "state": "MDA", "course": 1.0},
]
HISTORIES = {  # the scenario, what is set in it, and its own events, one a month
    "claims that begin to hold": ("what-if/war-as-recorded", {}, []),
    "the record": ("what-if/hindcast", {}, []),
    "all that an author may set": ("what-if/several-revolutions", {"rivals.accession_hazard": 1}, OWN),
    "challenges that no street ends": (
        "what-if/several-revolutions",
        {
            "challenges.ebb_level": 0, "challenges.fatigue": 0, "challenges.fall_after_defection": 0,
            "challenges.fall_without_defection": 0, "challenges.clan_contest": 0,
            "regimes.turnover_ease": 5, "regimes.palace_coup_hazard": 0.1,
        }, [],
    ),
    "Moscow steps in": (
        "what-if/several-revolutions",
        {"clashes.mediation_value": 5, "clashes.mediation_delay": 0, "clashes.conquest": 1}, [],
    ),
    "Moscow looks on": (
        "what-if/several-revolutions", {"clashes.mediation_value": 0, "clashes.conquest": 1}, [],
    ),
}  # fmt: skip


def noted(name, parameters, events, replicate):
    """Return every event of a run with the stage that noted it."""
    scenario = load(name, ["citizens=100", *(f"parameters.{path}={to}" for path, to in parameters.items())])
    for place, event in enumerate(events):
        when = {"name": f"event {place}", "at": str(scenario.start + place)}
        scenario = scenario.with_event({**when, **event}, name="own")
    space, found = build(scenario, replicate), []

    def spied(stage):
        def run(model):
            before = len(model.ledger.events)
            stage.run(model)
            found.extend((stage.name, event) for event in model.ledger.events[before:])

        return dataclasses.replace(stage, run=run)

    space.schedule = tuple(spied(stage) for stage in MONTH)
    space.run()
    return found


@pytest.fixture(scope="module")
def histories():
    return [pair for of in HISTORIES.values() for replicate in range(3) for pair in noted(*of, replicate)]


def test_stages_note_what_the_table_says_and_all_of_it(histories):
    seen = {stage.name: set() for stage in MONTH}
    for name, event in histories:
        seen[name].add(event.kind)
    assert seen == {stage.name: set(stage.notes) for stage in MONTH}
    assert {kind for stage in MONTH for kind in stage.notes} == set(EVENT_KINDS)


def test_the_rule_behind_an_event_is_the_stage_that_noted_it(histories):
    elsewhere = set()
    for name, event in histories:
        if (place := rule_of(event).stage) != PLACES[name]:
            assert place > PLACES[name]  # so that the event beside it, of the stage itself, is found first
            elsewhere.add((event.kind, event.facts.get("cause", event.detail)))
    assert elsewhere <= {
        ("challenge_ended", "overtaken"), ("territory", "war"), ("successor", "heir"),
        ("successor", "election"),
    }  # fmt: skip
