"""What a comparison says of its differences is what the shipped audit says of them."""

from __future__ import annotations

import json

import sim
from sim.analysis.audit import NO_EFFECT
from sim.analysis.compare import compare
from sim.analysis.in_words import largest, stating
from sim.analysis.shipped_audit import audit_marks, shipped_cells
from sim.measures import OUTCOMES
from sim.measures.registry import remove_outcome
from sim.report.charts import difference_chart
from sim.scenario import load
from tests.test_results_compare import TWO, results


def test_an_outcome_of_ones_own_is_not_called_cleared_beside_audited_ones():
    sim.outcome(name="own_count")(lambda history: 0.0)
    try:
        made = {"baseline": {"own_count": [0.0, 1.0, 2.0]}, "kuzio": {"own_count": [4.0, 5.0, 6.5]}}
        (_, said) = compare(results(**made)).in_words()
    finally:
        remove_outcome("own_count")
    assert said.endswith("Only difference from baseline: own count +4.17 [4.00, 4.50] (not audited).")


def test_the_chart_of_the_report_says_the_same_and_fills_what_is_emergent_alone():
    names = ["falls", "wars", "clashes"]
    made = {
        "baseline": {name: [0.0, 1.0, 2.0] for name in names},
        "kuzio": {name: [4.0, 5.0, 6.5] for name in names},
    }
    marks = {"assumed": [("kuzio", "clashes")], "emergent": [("kuzio", "wars")]}
    chart = difference_chart([compare(results(**marks, **made), outcomes=names)])
    kinds = dict(zip(chart.data["outcome"], chart.data["kind"], strict=True))
    assert kinds == {
        OUTCOMES["falls"].label: "no visible effect in the audit",
        OUTCOMES["wars"].label: "emergent",
        OUTCOMES["clashes"].label: "assumed",
    }
    assert "datum.kind === 'emergent'" in json.dumps(chart.spec)


def test_the_words_say_of_each_difference_what_the_shipped_audit_says():
    marks = audit_marks([load("baseline"), load("kuzio")], "baseline")
    cells = shipped_cells()
    for row in cells[cells["thesis"] == "kuzio"].itertuples():
        expected = {NO_EFFECT: "no visible effect in the audit"}.get(row.label, row.label)
        assert marks.said("kuzio", row.outcome) == expected
    changed = load("kuzio", ["years=3"])
    marks = audit_marks([load("baseline"), changed], "baseline")
    assert {marks.said(changed.name, outcome) for outcome in cells["outcome"]} == {"not audited"}


def test_what_a_claim_says_of_a_part_it_says_of_the_sum():
    rows = {"falls": [1.0] * 4, "street_falls": [1.0] * 4, "elite_falls": [0.0] * 4}
    made = {"baseline": {name: [0.0] * 4 for name in rows}, "kuzio": rows}
    said = {("kuzio", "street_falls"): {"up": ("K1",)}, ("kuzio", "elite_falls"): {"down": ("K2",)}}
    comparison = compare(results(stated=said, **made), outcomes=list(rows))
    assert stating(comparison, "kuzio", "falls") == ("K1",)  # the other says the opposite
    assert largest(comparison, "kuzio") == []
    for name, entry in OUTCOMES.items():
        assert set(entry.made_of) <= set(OUTCOMES) - {name}


def test_of_what_is_not_shown_the_assumed_are_counted_and_not_named():
    made = {**TWO, "kuzio": {**TWO["kuzio"], "falls": [9.0, 9.0, 9.0, 9.0]}}
    free, marked = (
        compare(results(assumed=assumed, **made), outcomes=["wars"]).in_words()[1]
        for assumed in ([], [("kuzio", "falls")])
    )
    assert "Of 1 outcome not shown 1 differs visibly: falls" in free
    assert marked.endswith("Of 1 outcome not shown 1 differs visibly (1 assumed).")
