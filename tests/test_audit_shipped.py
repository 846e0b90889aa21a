"""The audit that is shipped: whole, of the scenarios as they are, shown where it holds, and found again."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.analysis.audit import ASSUMED, CARRIES, EMERGENT, LABELS, NO_EFFECT, plan_audit
from sim.analysis.shipped_audit import (
    audit_folder,
    audit_marks,
    definitions,
    fingerprints,
    shipped_about,
    shipped_cells,
    stored_scenarios,
)
from sim.experiment.chunk import run_one
from sim.experiment.run import STANDARD
from sim.measures import OUTCOMES
from sim.parameters import catalogue
from sim.scenario import SHARED_WORLD, Scenario, load, load_thesis, thesis_names

THESES = tuple(name for name in thesis_names() if load_thesis(name).claims)
RENEW = "run `python -m docs.remake full audit`"
PAIRS = 10
NEW: set[str] = set()
"""Outcomes that came after the audit: until it is made again they are said not to be audited."""


def test_it_is_of_the_scenarios_as_they_are():
    now = fingerprints(plan_audit([load_thesis(name) for name in THESES], runs=2, seed=1))
    assert shipped_about()["fingerprints"] == now, f"a thesis or the shared world has changed: {RENEW}"
    assert shipped_about()["runs_failed"] == 0


def test_it_is_of_the_outcomes_as_they_are_defined():
    known = {name: key for name, key in definitions().items() if name not in NEW}
    assert shipped_about()["definitions"] == known, (
        f"an outcome, or what sets it directly, is defined otherwise: {RENEW}; if it has the same values all "
        "the same, `python tests/golden adopt`"
    )


def test_an_outcome_that_is_defined_otherwise_since_is_said_not_to_be_audited(monkeypatch):
    shared, dubnov = load(SHARED_WORLD), load("dubnov")
    before = audit_marks([shared, dubnov], SHARED_WORLD)
    changed = replace(OUTCOMES["integrated"], compute=lambda history: 2 * history.count("war"))
    monkeypatch.setitem(OUTCOMES, "integrated", changed)
    marks = audit_marks([shared, dubnov], SHARED_WORLD)
    assert marks.outdated == {"integrated", *NEW}
    assert before.assumed - marks.assumed == {("dubnov", "integrated")}
    assert before.audited("dubnov", "integrated")
    assert not marks.audited("dubnov", "integrated")
    assert marks.audited("dubnov", "wars")
    note = marks.note(["baseline", "dubnov"], "baseline", ["integrated", "wars"])
    assert f"any difference in {changed.label}, new or defined otherwise since the audit" in note
    assert marks.note(["baseline", "dubnov"], "baseline", ["wars"]) == ""
    monkeypatch.setitem(OUTCOMES, "wars", replace(OUTCOMES["wars"], parameterised_by=("war.price",)))
    assert audit_marks([shared, dubnov], SHARED_WORLD).outdated == {"integrated", "wars", *NEW}


def test_it_has_a_label_for_every_thesis_and_outcome():
    cells = shipped_cells()
    assert [tuple(row) for row in cells[["thesis", "outcome"]].to_numpy()] == [
        (thesis, outcome) for thesis in THESES for outcome in OUTCOMES if outcome not in NEW
    ], RENEW
    assert set(cells["label"]) == set(LABELS)


def test_its_labels_follow_from_its_numbers_and_from_what_states_an_outcome():
    for row in shipped_cells().to_dict("records"):
        carrier = [path for path in row["carrier"].split(" + ") if path]
        stating = bool(carrier) and set(carrier) <= set(OUTCOMES[row["outcome"]].parameterised_by)
        apart = float(row["low"] or "nan") > 0 or float(row["high"] or "nan") < 0
        assert row["label"] == (NO_EFFECT if not apart else ASSUMED if stating else EMERGENT), row
        if carrier:
            assert float(row["share"]) >= CARRIES - 1e-3, row


def test_it_names_nothing_of_the_machine_that_made_it():
    about = json.loads((audit_folder() / "about.json").read_text(encoding="utf-8"))
    assert "platform" not in about
    assert not [value for value in about.values() if isinstance(value, str) and "/home" in value]


def test_a_shipped_thesis_bears_its_marks_and_a_changed_one_is_said_not_to_be_audited():
    shared, dubnov = load(SHARED_WORLD), load("dubnov")
    marks = audit_marks([shared, dubnov], SHARED_WORLD)
    assert ("dubnov", "integrated") in marks.assumed
    assert {name for name, _ in marks.assumed} == {"dubnov"}
    assert not marks.unaudited
    assert marks.note(["baseline", "dubnov"], "baseline", ["integrated"]) == ""
    renamed = dubnov.replace(name="mine", runs=7, seed=8)
    again = audit_marks([shared, renamed], SHARED_WORLD)
    assert again.assumed == {("mine", outcome) for _, outcome in marks.assumed}
    for changed in (
        dubnov.without_claims("D3"),
        dubnov.with_parameters({"moscow.restoration_weight": 0.7}),
        dubnov.replace(years=19),
    ):
        other = audit_marks([shared, changed.replace(name="dubnov")], SHARED_WORLD)
        assert not other.assumed
        assert other.unaudited == ("dubnov",)
        assert "any difference of dubnov from baseline" in other.note(["baseline", "dubnov"], "baseline")
    another = shared.with_parameters({"moscow.keep_weight": 1.1})
    for scenarios, baseline in (([shared, dubnov], "dubnov"), ([another, dubnov], another.name)):
        marks = audit_marks(scenarios, baseline)
        assert not marks.assumed
        assert marks.unaudited == tuple(item.name for item in scenarios if item.name != baseline)


def test_a_single_scenario_has_no_difference_to_be_audited():
    assert audit_marks([load("war-alone")], "war-alone").note(["war-alone"], "war-alone", ["wars"]) == ""


def strongest() -> list[tuple[str, str, str]]:
    """Return, of three theses, the cell with one carrier whose effect stands out most from its interval."""
    cells = shipped_cells()
    cells = cells[(cells["carrier"] != "") & ~cells["carrier"].str.contains(" + ", regex=False)].copy()
    for key in ("difference", "low", "high", "share_low"):
        cells[key] = cells[key].astype(float)
    cells = cells[cells["share_low"] > CARRIES]
    cells["strength"] = cells["difference"].abs() / (cells["high"] - cells["low"])
    best = cells.sort_values("strength", ascending=False).drop_duplicates("thesis").head(3)
    return [tuple(row) for row in best[["thesis", "outcome", "carrier"]].to_numpy()]


def outcomes_of(scenario):
    return [run_one(STANDARD, scenario, replicate).outcomes for replicate in range(PAIRS)]


@pytest.mark.slow
def test_strong_cells_are_found_again_on_another_seed():
    found = strongest()
    assert len(found) == 3
    shared = outcomes_of(load(SHARED_WORLD, ["seed=4711"]))
    for thesis, outcome, carrier in found:
        full = load(thesis, ["seed=4711"])
        back = full.with_parameters({carrier: catalogue()[carrier].prior}, name="back")
        runs = (outcomes_of(full), outcomes_of(back), shared)
        values = np.array([[run[outcome] for run in each] for each in zip(*runs, strict=True)])
        effect, lost = values[:, 0] - values[:, 2], values[:, 0] - values[:, 1]
        table = shipped_cells().set_index(["thesis", "outcome"])
        assert np.sign(effect.sum()) == np.sign(float(table.loc[(thesis, outcome), "difference"]))
        assert lost.sum() / effect.sum() > 0.5, (thesis, outcome, carrier)


def test_a_stored_scenario_is_parsed_only_if_it_is_new_to_this_process(tmp_path, monkeypatch):
    scenario = Scenario.build("kept", years=3, parameters={"moscow.keep_weight": 1.5})
    file = tmp_path / "scenarios" / "kept.yaml"
    file.parent.mkdir()
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    assert load(file) == scenario
    stored = SimpleNamespace(path=tmp_path, scenarios=("kept",))
    with monkeypatch.context() as patch:
        patch.setattr("sim.scenario.scenario.read_chain", None)
        assert stored_scenarios(stored) == [scenario]
    file.write_text(file.read_text(encoding="utf-8").replace("name: kept", "name: changed"), encoding="utf-8")
    (changed,) = stored_scenarios(stored)
    assert changed.name == "changed"
    assert stored_scenarios(stored)[0] is changed
