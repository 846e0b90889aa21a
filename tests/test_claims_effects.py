"""What claims do: the plan of runs, verdicts on numbers made by hand, and ``sim claims`` from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from test_runs_fakes import run_outcomes

from sim.analysis.claims import (
    ANOTHER_SCENARIO,
    AS_CLAIMED,
    FRESH_SEED,
    NOT_COMPARED,
    NOT_VISIBLE,
    OPPOSITE,
    THE_THESIS_WITHOUT_IT,
    ZERO,
    judge,
    plan_claims,
    verdict,
)
from sim.cli.main import main
from sim.cli.reports import claim_tables, claims_legend
from sim.experiment.run import STANDARD
from sim.figures.gallery.claims import claim_effects, standardised
from sim.measures import OUTCOMES
from sim.scenario import (
    Claim,
    Effect,
    ScenarioError,
    Thesis,
    load,
    load_thesis,
    names,
    shipped_claims,
    thesis_names,
)
from sim.scenario.describe import PLACES_MEAN, plain, to_yaml
from sim.scenario.schema import thesis_schema

THESES = [load_thesis(name) for name in thesis_names()]


def call(*arguments: str):
    return CliRunner().invoke(main, arguments)


def test_every_claim_has_an_effect_or_says_what_checks_it_instead():
    for claim, _ in shipped_claims().values():
        if claim.effect is None:
            assert "tests/test_" in claim.note, claim.id
            named = claim.note.rpartition("tests/")[2].partition(".py")[0]
            assert (Path(__file__).parent / f"{named}.py").is_file(), claim.id
        else:
            assert claim.effect.outcome in OUTCOMES, claim.id
            assert claim.parameters, claim.id
    without = {claim.id for claim, _ in shipped_claims().values() if claim.effect is None}
    assert without == {"P2", "K7", "M8", "M9"}


def test_effects_name_shipped_scenarios():
    known = {name.rpartition("/")[2] for name in names()}
    for claim, _ in shipped_claims().values():
        if claim.effect is not None:
            assert {claim.effect.scenario} <= known | {None}, claim.id
            assert {claim.effect.versus} <= known | {None, "zero"}, claim.id


def test_the_fresh_seed_is_no_shipped_scenarios():
    assert FRESH_SEED not in {load(name).seed for name in names()}


def test_each_scenario_is_run_once_and_differs_by_the_claim_alone():
    plan = plan_claims(THESES, runs=3, seed=4)
    by_name = {scenario.name: scenario for scenario in plan.scenarios}
    assert len(by_name) == len(plan.scenarios)
    assert {(scenario.runs, scenario.seed) for scenario in plan.scenarios} == {(3, 4)}
    for contrast in plan.contrasts:
        effect = contrast.claim.effect
        if effect is None or effect.versus is not None:
            continue
        seen, against = by_name[contrast.seen_in], by_name[contrast.against]
        assert against.with_claims(contrast.claim.id, name=seen.name) == seen
        assert against.without == (contrast.claim.id,)
        assert seen.thesis == contrast.thesis
    kuzio = by_name["kuzio-in-war-as-recorded"]
    assert kuzio.timeline == load("war-as-recorded").timeline
    assert by_name["piontkovsky-in-war-as-recorded"].thesis == load_thesis("piontkovsky")


def test_an_effect_on_what_is_no_outcome_is_told_with_the_nearest(tmp_path: Path):
    with pytest.raises(ValueError, match=r"'street_fals' is not a valid name; did you mean street_falls\?"):
        Effect(outcome="street_fals", sign="up")
    file = tmp_path / "mine.yaml"
    file.write_text(
        "thesis: mine\ntitle: Mine\nclaims:\n  - id: X1\n    claim: x\n    note: n\n"
        "    effect: {outcome: street_fals, sign: up}\n"
    )
    place = r"mine\.yaml, line 7, column 23: claims\[0\]\.effect\.outcome: "
    with pytest.raises(ScenarioError, match=place + r"'street_fals' is not a valid name.*street_falls\?"):
        load_thesis(file)


def test_the_published_schema_lists_every_outcome():
    effect = thesis_schema()["$defs"]["Effect"]["properties"]["outcome"]
    assert effect["enum"] == list(OUTCOMES)


def test_a_thesis_without_a_claim_has_nothing_to_plan():
    with pytest.raises(ScenarioError, match="baseline: makes no claim"):
        plan_claims([load_thesis("baseline")], runs=2, seed=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("effect: {outcome: falls, sign: rises}", r"effect\.sign: 'rises' is not a valid name.*up, down"),
        ("effect: {sign: up}", r"effect\.outcome: this key is needed"),
        ("effect: {outcome: falls, sign: up, than: x}", r"effect\.than: unknown key"),
        ("effect: none", r"needs a `note` that says why"),
    ],
)
def test_a_wrong_effect_is_told_with_its_place(tmp_path: Path, text, message):
    file = tmp_path / "mine.yaml"
    file.write_text(
        f"thesis: mine\ntitle: Mine\nclaims:\n  - id: X1\n    claim: x\n    {text}\n    parameters:\n"
        "      moscow.keep_weight: {prior: 1.2, tag: assumed, source: a judgement}\n"
    )
    with pytest.raises(ScenarioError, match=message):
        load_thesis(file)


@pytest.mark.parametrize(
    ("sign", "low", "high", "expected"),
    [
        ("up", 0.1, 0.2, AS_CLAIMED),
        ("up", -0.2, -0.1, OPPOSITE),
        ("up", -0.1, 0.1, NOT_VISIBLE),
        ("up", 0.0, 0.1, NOT_VISIBLE),
        ("down", -0.2, -0.1, AS_CLAIMED),
        ("down", 0.1, 0.2, OPPOSITE),
        ("down", -0.1, 0.0, NOT_VISIBLE),
        ("up", float("nan"), float("nan"), NOT_VISIBLE),
    ],
)
def test_verdict(sign, low, high, expected):
    assert verdict(sign, low, high) == expected


def made_by_hand(**claims: tuple[str, str | None, list[float], list[float]]):
    """Judge claims on `falls`, each given as sign, versus, and values with and without it."""
    thesis = Thesis(
        thesis="made",
        title="Made",
        claims=tuple(
            Claim(id=name, claim=name, note="n", effect=Effect(outcome="falls", sign=sign, versus=versus))
            for name, (sign, versus, _, _) in claims.items()
        ),
    )
    plan = plan_claims([thesis], runs=2, seed=1)
    tables = []
    for contrast, (_, _, these, those) in zip(plan.contrasts, claims.values(), strict=True):
        for scenario, values in ((contrast.seen_in, these), (contrast.against, those)):
            index = pd.MultiIndex.from_product([[scenario], range(len(values))])
            tables.append(pd.DataFrame({"falls": values}, index=index))
    outcomes = pd.concat(tables)
    outcomes.index.names = ["scenario", "replicate"]
    return judge(plan, outcomes[~outcomes.index.duplicated()]).set_index("claim")


def test_a_difference_is_paired_and_undefined_pairs_are_left_out():
    nan = float("nan")
    table = made_by_hand(X=("up", None, [3, 5, nan, 9, 4], [1, 4, 7, nan, 4]))
    row = table.loc["X"]
    assert row["pairs"] == 3
    assert row["difference"] == pytest.approx(1.0)  # of 2, 1 and 0
    assert (row["mean"], row["reference"]) == (4.0, 3.0)
    assert (row["above"], row["tied"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert row["scale"] == pytest.approx(np.sqrt((np.var([3, 5, 4]) + np.var([1, 4, 4])) / 2))
    assert row["low"] <= 1 <= row["high"]


def test_pairing_sees_what_unpaired_noise_would_hide():
    noise = np.random.default_rng(1).normal(0, 100, 40)
    row = made_by_hand(X=("down", None, list(noise - 1), list(noise))).loc["X"]
    assert row["verdict"] == AS_CLAIMED
    assert row["high"] == pytest.approx(-1)


def test_against_zero_and_without_a_pair():
    assert made_by_hand(X=("up", "zero", [1, 2, 1], [])).loc["X", "difference"] == pytest.approx(4 / 3)
    assert made_by_hand(X=("up", "zero", [0, 0, 0], [])).loc["X", "verdict"] == NOT_VISIBLE
    never = made_by_hand(X=("up", None, [float("nan")], [1])).loc["X"]
    assert (never["pairs"], never["verdict"]) == (0, NOT_VISIBLE)


def test_the_legend_says_what_places_mean_where_a_claim_has_some():
    table = made_by_hand(X=("up", None, [1, 2], [2, 1])).reset_index()
    assert PLACES_MEAN not in claims_legend(table)
    assert PLACES_MEAN in claims_legend(table.assign(said="fact; said of ARM"))


def test_what_is_held_against_zero_is_marked_everywhere():
    table = made_by_hand(X=("up", "zero", [1, 2, 1], []), Y=("up", None, [1, 2], [2, 1])).reset_index()
    assert list(table["held_against"]) == [ZERO, THE_THESIS_WITHOUT_IT]
    assert (
        "Held against 0 and not against the thesis without it, so hardly able to fail: X.\n"
        in claims_legend(table)
    )
    (told,) = claim_tables(table)
    where = [str(cell) for cell in told.columns[3].cells]
    assert ["against 0, so it can hardly fail" in cell for cell in where] == [True, False]
    figure = claim_effects(table)
    (axis,) = [axis for axis in figure.axes if axis.get_visible()]
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert labels == ["Falls ↑ ‡  X", "Falls ↑  Y"]
    note = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "‡ : held against 0" in note


def test_shipped_claims_that_are_held_against_zero_or_another_scenario_are_known():
    plan = plan_claims(THESES, runs=2, seed=1)
    names = [scenario.name for scenario in plan.scenarios]
    index = pd.MultiIndex.from_product([names, [0, 1]], names=["scenario", "replicate"])
    table = judge(plan, pd.DataFrame(1.0, index=index, columns=list(OUTCOMES)))
    kinds = table.groupby("held_against")["claim"].apply(set)
    assert kinds[ZERO] == {"P4"}
    assert kinds[ANOTHER_SCENARIO] == {"D1", "D7", "M4"}


def test_a_claim_that_sets_its_outcome_is_seen_by_the_model_itself(tmp_path):
    """A parameter that must be felt is: the difference is the model's, not noise."""
    thesis = load_thesis("kuzio")
    settings = ["citizens=60"]
    plan = plan_claims([thesis], runs=2, seed=5, settings=settings)
    wanted = next(contrast for contrast in plan.contrasts if contrast.claim.id == "K2")
    ran = [scenario for scenario in plan.scenarios if scenario.name in (wanted.seen_in, wanted.against)]
    outcomes, failures = run_outcomes(ran, tmp_path, STANDARD)
    assert not failures
    assert len(outcomes) == 4
    pairs = outcomes["garrison_end"].unstack("scenario")
    assert (pairs[wanted.seen_in] < pairs[wanted.against]).all()


def test_the_same_claim_on_both_sides_makes_no_difference(tmp_path):
    scenario = load("baseline", ["citizens=60", "years=2", "runs=2", "seed=3"])
    twins = [scenario.replace(name="one"), scenario.with_claims("K4").without_claims("K4", name="two")]
    outcomes, _ = run_outcomes(twins, tmp_path, STANDARD)
    pd.testing.assert_frame_equal(outcomes.loc["one"], outcomes.loc["two"])


def test_forest_shows_every_compared_claim_and_keeps_to_its_colours():
    table = judge_like(
        [("A", "up", 1.0, 0.5, 1.5, 2.0), ("B", "down", 1.0, 0.5, 1.5, 2.0), ("C", "up", 9.0, 8.0, 10.0, 0.0)]
    )
    scaled = standardised(table)
    assert scaled.loc[0].tolist() == [0.5, 0.25, 0.75]
    assert np.isinf(scaled.loc[2]).all()
    figure = claim_effects(table)
    (axis,) = [axis for axis in figure.axes if axis.get_visible()]
    written = [label.get_text() for label in axis.get_yticklabels()]
    assert written == ["Falls ↑  A", "Falls ↓  B", "Falls ↑  C"]
    lines = [line for line in axis.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in lines] == [0.5, 0.5, 2.5]  # what is infinite stands at the edge
    assert [line.get_color() for line in lines] == ["#009E73", "#D55E00", "#009E73"]
    with pytest.raises(ValueError, match="nothing to draw"):
        claim_effects(table.assign(verdict=NOT_COMPARED))


def judge_like(rows: list[tuple[str, str, float, float, float, float]]) -> pd.DataFrame:
    """Return a table as `judge` makes it, from id, sign, difference, low, high and scale."""
    table = pd.DataFrame(rows, columns=["claim", "sign", "difference", "low", "high", "scale"])
    found = [verdict(row[1], row[3], row[4]) for row in rows]
    seen = "made"
    against = [f"made-without-{row[0]}" for row in rows]
    return table.assign(
        thesis="made",
        outcome="falls",
        seen_in=seen,
        against=against,
        held_against=THE_THESIS_WITHOUT_IT,
        verdict=found,
    )


def test_command_from_end_to_end(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mine.yaml"
    file.write_text(
        "thesis: mine\ntitle: Mine\nsource: a letter\nclaims:\n"
        "  - id: X1\n    claim: The young turn\n    effect: {outcome: attitude_change, sign: down}\n"
        "    parameters:\n      citizens.cohort_gap: {prior: 0.9, tag: assumed, source: a judgement}\n"
        "  - id: X2\n    claim: On record\n    note: a table\n    effect: none\n"
    )
    quick = ("--runs", "3", "--workers", "1", "--set", "citizens=60", "--set", "years=6")
    done = call("claims", str(file), *quick, "--figure", "--out", "out")
    assert done.exit_code == 0, done.output
    assert "mine: a letter" in done.stdout
    assert "2 claims" in done.stdout
    assert "1 not compared" in done.stdout
    table = pd.read_csv("out/claims.csv").set_index("claim")
    assert table.loc["X1", "parameters"] == "citizens.cohort_gap"
    less = table.loc["X1", "mean"] - table.loc["X1", "reference"]
    assert table.loc["X1", "difference"] == pytest.approx(less, abs=1e-5)
    assert table.loc["X1", "above"] == 0
    assert table.loc["X1", "verdict"] == AS_CLAIMED
    assert table.loc["X2", "verdict"] == NOT_COMPARED
    assert "Figure: out/figures/claims.png" in done.output
    assert Path("out/figures/claims.png").stat().st_size > 5_000
    assert json.loads(Path("out/about.json").read_text())["seed"] == FRESH_SEED
    refused = call("claims", str(file), *quick, "--seed", "1", "--out", "out")
    assert refused.exit_code == 2
    assert "holds runs of another scenario or seed" in refused.output
    assert "--force" in refused.output
    wrong = call("claims", "kuzo")
    assert wrong.exit_code == 2
    assert "did you mean kuzio?" in wrong.output


def test_a_claims_id_leads_to_its_thesis_and_an_unknown_one_to_what_there_is():
    done = call("claims", "D2")
    assert done.exit_code == 2
    assert done.stderr == "Error: D2: is a claim of dubnov: use `sim claims dubnov`\n"
    unknown = call("claims", "Z9")
    assert unknown.exit_code == 2
    assert "Z9: no shipped thesis has this name (allowed: baseline, dubnov, " in unknown.stderr


def test_a_finding_is_kept_written_out_and_shown(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    text = (
        "thesis: mine\ntitle: Mine\nclaims:\n  - id: X1\n    claim: x\n    finding: Worth decides\n"
        "    effect: {outcome: falls, sign: up}\n    parameters:\n"
        "      moscow.keep_weight: {prior: 1.2, tag: assumed, source: a judgement}\n"
    )
    file.write_text(text)
    (claim,) = load_thesis(file).claims
    assert claim.finding == "Worth decides"
    written = tmp_path / "again.yaml"
    written.write_text(to_yaml(plain(load_thesis(file))))
    assert load_thesis(written).claims == (claim,)
    row = {
        "claim": ["X1"],
        "held_against": [""],
        "finding": [claim.finding],
        "said": [""],
        "verdict": [NOT_VISIBLE],
    }
    told = claims_legend(pd.DataFrame({**row, "pairs": [60]}))
    assert told.startswith("1 claim: ")
    assert "marked so in the thesis file: X1." in told
    assert "too narrow" not in told
    assert "With 4 pairs of runs the intervals are too narrow." in claims_legend(
        pd.DataFrame({**row, "pairs": [4]})
    )
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("extends: baseline\nthesis: mine.yaml\n")
    with pytest.raises(ScenarioError, match=r"is a scenario, not a thesis; its thesis is mine\.yaml"):
        load_thesis(scenario)
    done = CliRunner().invoke(main, ["claims", str(scenario)])
    assert done.exit_code == 2
    assert "its thesis is mine, in a file of its own" in done.output
    file.write_text(text.replace("effect: {outcome: falls, sign: up}", "effect: none\n    note: n"))
    with pytest.raises(ScenarioError, match="has a `finding`, so it needs the `effect`"):
        load_thesis(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "extends: dubnov\ntimeline: [{name: a, at: 2027-01, event: nato_path, state: GEO, course: 1}]\n",
            (
                "its thesis is dubnov. `sim claims dubnov` judges that",
                "mine.yaml --under dubnov` shows what",
            ),
        ),
        (
            "title: a\nparameters: {moscow.keep_weight: 1}\n",
            (
                "is a scenario, not a thesis. `sim compare baseline ",
                "mine.yaml --audit` which of that its numbers assume",
            ),
        ),
    ],
)
def test_a_scenario_of_ones_own_is_told_what_can_be_done_instead(tmp_path, text, told):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    done = CliRunner().invoke(main, ["claims", str(file)])
    assert done.exit_code == 2
    said = " ".join(done.output.split())
    assert all(part in said for part in told), said
    file.write_text("claims: 3\n")
    assert "is a scenario" not in CliRunner().invoke(main, ["claims", str(file)]).output
