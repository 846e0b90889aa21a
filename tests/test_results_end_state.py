"""The end-state rules: each alone, their order, and the reasons they give."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.intervals import commonest
from sim.measures import OUTCOMES
from sim.measures import end_state as end_state_rules
from sim.measures.end_state import END_STATES, RULES_READ, EndStateRules, end_state, resting_on

CALM = dict.fromkeys(OUTCOMES, 0.0)
COLLAPSE = {"influence_change": -0.25, "street_falls": 3, "successors_anti": 2, "successors_pro": 1}
PARTS = {"integrated": 3, "taken_in_war": 1, "clients_start": 4, "clients_end": 4}


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ({}, "status quo"),
        (COLLAPSE, "disintegration"),
        (COLLAPSE | {"influence_change": -0.19}, "status quo"),
        (COLLAPSE | {"street_falls": 2}, "status quo"),
        (COLLAPSE | {"successors_neutral": 1}, "status quo"),
        (PARTS, "space 2.0"),
        (PARTS | {"integrated": 2}, "status quo"),
        (PARTS | {"clients_end": 5}, "status quo"),
        (PARTS | {"taken_in_war": 2}, "status quo"),
        (PARTS | {"influence_change": -0.06}, "status quo"),
        (COLLAPSE | PARTS, "disintegration"),
        ({"influence_change": -0.06, "realignments_away": 3, "realignments_to_west": 1}, "vacuum"),
        ({"influence_change": -0.06, "realignments_away": 3, "realignments_to_west": 2}, "status quo"),
        ({"influence_change": -0.04, "realignments_away": 3}, "status quo"),
        ({"influence_change": -0.06, "realignments_away": 1}, "status quo"),
        ({"influence_change": -0.06, "requests": 4, "refusals": 3}, "vacuum"),
        ({"influence_change": -0.06, "requests": 4, "refusals": 2}, "status quo"),
        ({"influence_change": -0.06, "requests": 2, "refusals": 2}, "status quo"),
        ({"influence_change": 0.1}, "consolidation"),
        ({"influence_change": 0.0, "clients_start": 3, "clients_end": 5}, "consolidation"),
        ({"influence_change": -0.01, "clients_start": 3, "clients_end": 5}, "status quo"),
        ({"influence_change": 0.3} | PARTS, "space 2.0"),
    ],
)
def test_rules(outcomes, expected):
    assert end_state(CALM | outcomes).name == expected


class Noted(dict):
    """Outcomes that note which of them are read."""

    def __init__(self, *given):
        super().__init__(*given)
        self.read = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


RULES = {
    "disintegration": end_state_rules._disintegration,
    "space 2.0": end_state_rules._space_2,
    "vacuum": end_state_rules._vacuum,
    "consolidation": end_state_rules._consolidation,
}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_reads_the_outcomes_that_it_declares(name):
    read = set()
    for outcomes in (
        COLLAPSE,
        PARTS,
        {"influence_change": -0.06, "realignments_away": 3},
        {"influence_change": 0},
    ):
        noted = Noted(CALM | outcomes)
        RULES[name](noted, EndStateRules())
        read |= noted.read
    assert read == set(RULES_READ[name])
    assert set(RULES_READ) == set(END_STATES)


def test_classes_rest_on_what_their_rule_reads():
    assert resting_on({("a", "integrated"), ("b", "clashes")}) == {("a", "space 2.0")}


def test_the_reason_gives_the_figures():
    assert end_state(CALM | COLLAPSE).reason == (
        "influence -0.25; 3 falls to the street, 2 of 3 successors against Moscow"
    )


def test_thresholds_can_be_changed():
    strict = replace(EndStateRules(), collapse_falls=4)
    assert end_state(CALM | COLLAPSE, strict).name != "disintegration"


@given(
    st.fixed_dictionaries(
        {"influence_change": st.floats(-2, 2)}
        | {
            name: st.integers(0, 20)
            for name in ("street_falls", "successors_anti", "integrated", "clients_start", "clients_end")
        }
    )
)
def test_every_run_has_one_class(outcomes):
    assert end_state(CALM | outcomes).name in END_STATES


def test_which_end_is_commonest_is_decided_by_an_exact_sign_test():
    for most in range(1, 40):
        for other in range(1, most + 1):
            tail = sum(math.comb(most + other, k) for k in range(most, most + other + 1))
            open_still = 20 * 2 * tail > 2 ** (most + other)
            assert (len(commonest({"vacuum": other, "status quo": most})) == 2) == open_still
