"""What carries a thesis's effects: the plan of runs, labels on numbers made by hand, the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.analysis.audit import (
    ASSUMED,
    EMERGENT,
    NO_EFFECT,
    AuditPlan,
    audit_cells,
    audit_drops,
    of_effects,
    plan_audit,
)
from sim.analysis.deciding import deciding
from sim.analysis.intervals import bootstrap_means, bootstrap_ratios
from sim.analysis.shipped_audit import definitions
from sim.cli.main import main
from sim.cli.reports import audit_tables
from sim.figures.gallery.audit import COLOURS, audit_map
from sim.measures import OUTCOMES
from sim.parameters import catalogue
from sim.scenario import ScenarioError, fingerprint, load, load_thesis, thesis_names

MADE = """\
thesis: made
title: Made
claims:
  - id: X1
    claim: x
    parameters:
      moscow.restoration_weight: {prior: 1.0, tag: assumed, source: a judgement}
      territories.step_price: {prior: 0.01, tag: assumed, source: a judgement}
      citizens.cohort_gap: {prior: 0.9, tag: assumed, source: a judgement}
      rivals.vacuum: {prior: 0.9, tag: assumed, source: a judgement}
"""
RUNS = 30


STATED_BY = {name: outcome.parameterised_by for name, outcome in OUTCOMES.items()}


def test_what_states_an_outcome_is_declared_with_valid_names():
    for outcome, paths in STATED_BY.items():
        assert set(paths) <= set(catalogue()), outcome
        assert len(set(paths)) == len(paths), outcome


def test_what_is_declared_names_acts_and_moves_not_what_comes_of_them():
    assert "moscow.restoration_weight" in STATED_BY["integrated"]
    assert "citizens.cohort_gap" in STATED_BY["attitude_change"]
    assert "citizens.cohort_gap" not in STATED_BY["street_falls"]
    assert "citizens.alignment_grievance" not in STATED_BY["challenges"]  # its sign hangs on attitudes
    assert set(STATED_BY["integrated"]) < set(STATED_BY["influence_change"])  # influence counts territories
    assert not set(STATED_BY["weighted_alignment_change"]) & {"moscow.restoration_weight"}


def test_what_every_answer_and_every_help_adds_to_survival_states_who_falls():
    adds = {path for path in catalogue() if path.startswith(("regimes.", "instruments.")) and "_gain" in path}
    assert len(adds) == 8  # a regime's four answers of its own, and Moscow's four rungs of help
    assert adds < set(STATED_BY["street_falls"])


def test_variants_differ_from_the_thesis_by_their_parameters_alone():
    plan = plan_audit([load_thesis(name) for name in thesis_names()], runs=3, seed=4)
    by_name = {scenario.name: scenario for scenario in plan.scenarios}
    assert len(by_name) == len(plan.scenarios)
    assert {(scenario.runs, scenario.seed) for scenario in plan.scenarios} == {(3, 4)}
    assert {audited.scenario.thesis_name for audited in plan.audited} == set(thesis_names()) - {"baseline"}
    shared = fingerprint(by_name["baseline"])
    for audited in plan.audited:
        full = audited.scenario
        assert {frozenset({path}) for path in audited.parameters} <= set(audited.less)
        for group, name in audited.less.items():
            rest, back = by_name[name].priors, by_name["baseline"].priors
            for path in full.parameters:
                expected = back.get(path) if path in group else full.priors.get(path)
                assert rest.get(path) == expected, (name, path)
        assert by_name[audited.less[frozenset(audited.parameters)]].priors == by_name["baseline"].priors
        assert fingerprint(full) != shared


def test_fingerprints_see_what_a_run_sees_and_nothing_else():
    baseline = load("baseline")
    assert fingerprint(baseline.replace(name="other", runs=3, seed=4, title="Other")) == fingerprint(baseline)
    changed = [
        baseline.replace(years=19), baseline.replace(citizens=900), load("dubnov"), load("war-as-recorded"),
        baseline.with_parameters({"moscow.keep_weight": 1.01}), baseline.with_initial({"KGZ.alignment": 0.1}),
        load("dubnov").without_claims("D3"),
    ]  # fmt: skip
    assert len({fingerprint(scenario) for scenario in [baseline, *changed]}) == len(changed) + 1


def test_a_thesis_without_parameters_cannot_be_audited():
    with pytest.raises(ScenarioError, match="baseline: moves no parameter"):
        plan_audit([load_thesis("baseline")], runs=2, seed=1)


def test_a_ratio_keeps_what_numerator_and_denominator_share():
    rng = np.random.default_rng(1)
    whole = rng.normal(2, 1, (50, 2))
    low, high = bootstrap_ratios(whole * [0.25, 1.5], whole)
    assert np.allclose(low, [0.25, 1.5])
    assert np.allclose(high, [0.25, 1.5])
    noisy = bootstrap_ratios(whole[:, :1] * 0.5 + rng.normal(0, 1, (50, 1)), whole[:, :1])
    assert noisy[0, 0] < 0.5 < noisy[1, 0]
    assert np.isnan(bootstrap_ratios(whole, np.full_like(whole, np.nan))).all()
    assert np.allclose(bootstrap_means(whole), bootstrap_ratios(whole, np.ones_like(whole)))


@pytest.fixture
def made(tmp_path: Path) -> AuditPlan:
    file = tmp_path / "made.yaml"
    file.write_text(MADE)
    return plan_audit([load_thesis(file)], runs=RUNS, seed=1)


def outcomes_of(plan: AuditPlan, effects: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Return made-up runs in which each outcome is noise plus the effects of the parameters that are set.

    An effect is additive; that of a pair of parameters, joined by a blank, needs both.
    """
    rng = np.random.default_rng(7)
    noise = {outcome: rng.normal(0, 1, RUNS) for outcome in OUTCOMES}
    (audited,) = plan.audited
    sets = {name: set(audited.parameters) - group for group, name in audited.less.items()}
    sets |= {audited.scenario.name: set(audited.parameters)}
    parts = {}
    for name, active in sets.items():
        table = pd.DataFrame(noise)
        for outcome, carried in effects.items():
            size = sum(each for paths, each in carried.items() if set(paths.split()) <= active)
            table[outcome] += size + rng.normal(0, 0.1, RUNS)
        parts[name] = table
    return pd.concat(parts, names=["scenario", "replicate"])


def test_labels_follow_what_carries_the_effect(made: AuditPlan):
    weight, price = "moscow.restoration_weight", "territories.step_price"
    gap, vacuum = "citizens.cohort_gap", "rivals.vacuum"
    effects = {
        "integrated": {weight: 3.0, gap: 0.3},  # one parameter that states it
        "used_annexation": {weight: 1.0, price: 1.0},  # two that set it directly
        "street_falls": {gap: 2.0, vacuum: -0.5},  # one that does not, against another
        "clashes": {gap: -1.0, vacuum: -1.0},  # spread
        "influence_change": {f"{weight} {gap}": 1.0},  # both are needed, one of them states it
        "attitude_change": {vacuum: 1.0, gap: 0.2},  # what sets it directly carries little
        "challenges": {weight: 0.0},
    }
    outcomes = outcomes_of(made, effects)
    drops = audit_drops(made, outcomes)
    cells = audit_cells(made, outcomes, drops).set_index("outcome")
    found = {outcome: (cells.loc[outcome, "label"], cells.loc[outcome, "carrier"]) for outcome in effects}
    assert found == {
        "integrated": (ASSUMED, weight),
        "used_annexation": (ASSUMED, f"{weight} + {price}"),
        "street_falls": (EMERGENT, gap),
        "clashes": (EMERGENT, ""),
        "influence_change": (ASSUMED, weight),
        "attitude_change": (EMERGENT, vacuum),
        "challenges": (NO_EFFECT, ""),
    }
    assert cells.loc["integrated", "share"] == pytest.approx(3 / 3.3, abs=0.05)
    assert cells.loc["street_falls", "share"] == pytest.approx(2 / 1.5, abs=0.15)
    assert cells.loc["clashes", "most"] in (gap, vacuum)
    assert (cells["share_low"] <= cells["share"]).all() or cells["share"].isna().any()
    assert cells.loc["street_falls", "difference"] == pytest.approx(1.5, abs=0.1)
    assert set(cells.index) == set(OUTCOMES)


def test_an_undefined_outcome_has_no_effect(made: AuditPlan):
    outcomes = outcomes_of(made, {}).assign(success_ratio=np.nan)
    cells = audit_cells(made, outcomes, audit_drops(made, outcomes)).set_index("outcome")
    assert (cells.loc["success_ratio", "label"], cells.loc["success_ratio", "pairs"]) == (NO_EFFECT, 0)


def test_the_map_colours_each_cell_and_names_its_carrier(made: AuditPlan):
    outcomes = outcomes_of(made, {"integrated": {"moscow.restoration_weight": 3.0}})
    cells = audit_cells(made, outcomes, audit_drops(made, outcomes))
    figure = audit_map(cells, outcomes=("integrated", "challenges"))
    (axis,) = figure.axes
    assert [patch.get_facecolor()[:3] for patch in axis.patches] == [
        pytest.approx(tuple(int(COLOURS[label][i : i + 2], 16) / 255 for i in (1, 3, 5)))
        for label in (ASSUMED, NO_EFFECT)
    ]
    assert [text.get_text() for text in axis.texts][1] == "restoration_weight"


def test_command_from_end_to_end(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made.yaml").write_text(MADE)
    quick = ("--runs", "4", "--workers", "1", "--set", "citizens=60", "--set", "years=6")
    done = CliRunner().invoke(main, ["claims", "made.yaml", "--audit", *quick, "--figure", "--out", "out"])
    assert done.exit_code == 0, done.output
    assert "made, against the shared world" in done.stdout
    cells = pd.read_csv("out/audit.csv").set_index("outcome")
    assert list(cells.index) == list(OUTCOMES)
    assert cells.loc["attitude_change", "label"] == ASSUMED
    assert cells.loc["attitude_change", "carrier"] == "citizens.cohort_gap"
    assert cells.loc["attitude_change", "high"] < 0
    assert cells.loc["attitude_change", "direct"] == "citizens.cohort_gap"
    assert cells["near"].dtype == bool
    drops = pd.read_csv("out/drops.csv")
    assert ((drops["low"] > 0) | (drops["high"] < 0)).all()
    about = json.loads(Path("out/about.json").read_text())
    assert about["definitions"] == definitions()
    assert set(about["fingerprints"]) == {"baseline", "made"}
    assert about["runs_a_scenario"] == 4
    assert Path("out/figures/audit.png").stat().st_size > 5_000
    other = CliRunner().invoke(main, ["claims", "made.yaml", *quick, "--out", "out"])
    assert other.exit_code == 2
    assert "which is not asked for" in other.output
    assert "--force" in other.output
    changed = ("claims", "made.yaml", "--audit", *quick, "--set", "moscow.keep_weight=1.2", "--out", "out")
    done = CliRunner().invoke(main, [*changed, "--force"])  # the tables of the earlier audit go
    assert done.exit_code == 0, done.output
    cells, drops = (pd.read_csv(f"out/{name}.csv") for name in ("audit", "drops"))
    assert set(cells["thesis"]) == set(drops["thesis"]) == {"made-moscow.keep_weight=1.2"}
    assert (cells["pairs"] > 0).any()  # the shared world is changed, too, and goes by another name
    assert cells.set_index("outcome").loc["attitude_change", "label"] == ASSUMED


NO_DROPS = pd.DataFrame(columns=["thesis", "outcome", "less", "parameterises", "share", "low", "high"])


def test_wild_shares_are_said_to_be_not_resolved():
    row = {
        "thesis": "t", "outcome": "wars", "pairs": 4, "difference": 0.5, "low": 0.1, "high": 0.9,
        "label": EMERGENT, "carrier": "", "most": "war.price",
    }  # fmt: skip
    shares = {"wars": (0.4, -3.0, 5.0), "falls": (0.4, 0.1, 0.7), "requests": (1.9, 1.2, 4.1)}
    cells = pd.DataFrame(
        [
            {**row, "outcome": name, "share": share, "share_low": low, "share_high": high}
            for name, (share, low, high) in shares.items()
        ]
    )
    (table,) = audit_tables(deciding(cells, NO_DROPS))
    assert list(table.columns[-1].cells) == ["not resolved", "40% [10%, 70%]", "190% [120%, 410%]"]
    drawn = [text.get_text() for text in audit_map(cells, outcomes=list(shares)).axes[0].texts]
    assert drawn[::2] == ["↑ ?", "↑ 40 % lost", "↑ 190 % lost"]


def test_drops_are_kept_of_effects_alone():
    cells = pd.DataFrame({"thesis": "t", "outcome": ["wars", "falls"], "label": [EMERGENT, NO_EFFECT]})
    drops = pd.DataFrame(
        {"thesis": "t", "outcome": ["wars", "wars", "falls"], "low": [0.1, -1, 5], "high": 9.0}
    )
    assert of_effects(drops, cells).index.tolist() == [0]
