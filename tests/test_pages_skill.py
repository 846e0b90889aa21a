"""The page on skill: targets, misses and rules are told by the numbers, with the worlds that were scored."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from calibration.skill.evaluate import LEFT_OUT
from calibration.skill.forecasters import BASE
from calibration.skill.left_out import FITTED, PRIOR
from docs.remake import bounds, skill_sets, words
from docs.remake.bounds import losses
from docs.remake.pages import TEMPLATES, render
from docs.remake.scores import DRAWN_AS, FROM, MAIN, Stored, where
from docs.remake.skill import BLOCKS
from docs.remake.skill_steps import HAND_SET
from docs.remake.stored import ROOT, Tree
from docs.remake.targets import TARGETS, missed
from sim.scenario import SHARED_WORLD

LATE = (2014, 2018)
"""Origins from which a world can be scored that is fitted to the years before."""

BY_ORIGIN = ("scores", "side", "by_state", "counts", "alignment")
AREAS = {target.area for target in TARGETS}
KINDS = {"ranges too wide", "ranges too narrow", "worse than the state rate"}


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the step's numbers, with the world as fitted from late origins, and as set by hand."""
    shutil.copytree(ROOT / "docs/numbers/skill", tmp_path / "docs/numbers/skill")
    tree = Tree(tmp_path)
    for name in (*BY_ORIGIN, "tempo_of_runs"):
        table = tree.table("skill", name)
        column = "first" if name == "tempo_of_runs" else "origin"
        if HAND_SET not in set(table["forecaster"]):
            by_hand = table[table["forecaster"] == SHARED_WORLD].assign(forecaster=HAND_SET)
            table = pd.concat([table, by_hand], ignore_index=True)
        known = {str(origin) for origin in LATE} | ({"all"} if name == "alignment" else set())
        own = table["forecaster"] == SHARED_WORLD
        keep(tree, name, table[~own | table[column].astype(str).isin(known)])
    return tree


def keep(tree, name, table):
    table.to_csv(tree.folder("skill") / f"{name}.csv", index=False)


def change(tree, name, rows, **values):
    """Change some values of a table, in the rows that match."""
    table = tree.table("skill", name)
    chosen = pd.Series(True, index=table.index)
    for column, value in rows.items():
        chosen &= table[column].astype(str) == value
    assert chosen.any(), rows
    for column, value in values.items():
        table.loc[chosen, column] = value
    keep(tree, name, table)


def told(tree, block):
    return words.told((BLOCKS | skill_sets.BLOCKS | bounds.BLOCKS)[block](tree))


def cells(tree, demanded):
    """Return the row of a target: what each world reaches."""
    lines = [line for line in told(tree, "skill targets").splitlines() if demanded in line]
    assert len(lines) == 1, demanded
    return [cell.strip() for cell in lines[0].strip("|").split("|")][2:]


WHERE = {"forecaster": SHARED_WORLD, "origin": FROM, "coding": MAIN, "states": "all", "outcome": "challenge"}


def test_a_world_is_judged_only_where_it_was_scored(tree):
    assert Stored(tree).worlds() == [SHARED_WORLD, HAND_SET]
    fitted, by_hand = cells(tree, "from 4 of 5 origins")[:2]
    assert fitted.endswith("of 2 (2014, 2018)")
    assert "of 5: " in by_hand
    fitted, by_hand = cells(tree, "origins pooled")[:2]
    assert fitted.endswith("not pooled")
    assert fitted.startswith("from 2014")
    assert by_hand.rpartition(": ")[2] in ("**met**", "missed")
    for block in BLOCKS:
        if block != "looks":
            assert told(tree, block), block


def test_targets_follow_the_scores(tree):
    change(tree, "scores", WHERE, log_difference=-0.05, log_low=-0.09, log_high=-0.01)
    demanded = "0.04 better than the base rate, beyond chance"
    assert cells(tree, demanded)[0] == "-0.050 (-0.090, -0.010): **met**"
    change(tree, "scores", WHERE, log_high=0.01)
    assert cells(tree, demanded)[0].endswith("missed")
    change(tree, "scores", WHERE, log_difference=-0.03, log_high=-0.01)
    assert cells(tree, demanded)[0].endswith("missed")
    best = Stored(tree).challenges.set_index(["forecaster", "origin"])["log"]
    change(tree, "scores", WHERE, log=best["C1 openness", FROM] + 0.005)
    assert cells(tree, "worse than the better structural")[0] == "+0.005: **met**"


def test_counts_by_state_are_wide_narrow_or_worse(tree):
    for world in (SHARED_WORLD, HAND_SET):
        change(tree, "by_state", {"forecaster": world}, holds=0.9, crps=0.01)
    assert not missed(tree) & KINDS
    change(tree, "by_state", {"forecaster": HAND_SET, "outcome": "challenge"}, holds=1.0)
    assert missed(tree) & KINDS == {"ranges too wide"}
    change(tree, "by_state", {"forecaster": HAND_SET, "outcome": "challenge"}, holds=0.5, crps=9.0)
    assert missed(tree) & KINDS == {"ranges too narrow", "worse than the state rate"}


def test_errors_of_alignment_stand_beside_persistence_from_the_same_origins(tree):
    table = Stored(tree).alignment
    rmse = table.set_index(["forecaster", "origin"])["rmse"]
    change(tree, "alignment", {"forecaster": SHARED_WORLD, "origin": "all"}, rmse=0.15)
    late = (sum(rmse["persistence", str(origin)] ** 2 for origin in LATE) / 2) ** 0.5
    fitted, by_hand = cells(tree, "RMSE 5 years ahead")[:2]
    assert fitted == f"0.150 (persistence {late:.3f}): **met**"
    assert f"(persistence {rmse['persistence', 'all']:.3f})" in by_hand
    assert "| 2014, 2018 | baseline |" in told(tree, "skill alignment")


def test_every_outcome_is_told_with_and_without_some_states(tree):
    for block, row in {
        "skill sets": "| without both | events |",
        "skill fall sets": "| without both | events |",
        "skill side sets": "| without both | published |",
        "skill alignment sets": "| without both |",
        "skill state sets": "| challenge | without both | events |",
    }.items():
        assert told(tree, block).count(row) == 1, block
    assert "all of this is the same" in told(tree, "skill side sets")
    where = {"coding": "events", "states": "all", "origin": FROM, "forecaster": SHARED_WORLD}
    change(tree, "side", where, log_difference=0.9)
    assert "the same" not in told(tree, "skill side sets")
    assert not told(tree, "skill sets missing")
    table = tree.table("skill", "alignment")
    keep(tree, "alignment", table[table["states"] == "all"].drop(columns="states"))
    assert told(tree, "skill sets missing") == "*Not made yet for some of the states alone: alignment.*"


def test_the_challenges_that_cost_most_are_found(tree):
    said = told(tree, "bounds side")
    assert "GEO-2023, GEO-2024a and GEO-2024b" in said
    assert "the incumbent of Georgia" in said
    assert "mends ties in words" in said
    where = {"coding": MAIN, "origin": FROM, "state": "GEO"}
    change(tree, "side_cases", where, **{SHARED_WORLD: 0.5, HAND_SET: 0.5})
    assert told(tree, "bounds side") == ""
    friend = {"coding": MAIN, "origin": FROM, "id": "KAZ-2019"}  # backed by words too, but no state far away
    change(tree, "side_cases", friend, **{SHARED_WORLD: 0.001})
    assert "carries" in told(tree, "bounds side")
    assert "mends ties in words" not in told(tree, "bounds side")
    change(tree, "side_cases", friend, **{SHARED_WORLD: 0.5})
    change(tree, "side_cases", where | {"id": "GEO-2024b"}, **{SHARED_WORLD: 0.001})
    assert "one carries" in told(tree, "bounds side")
    cases = tree.table("skill", "side_cases")
    own = cases[(cases["coding"] == MAIN) & (cases["origin"].astype(str) == FROM)].set_index("id")
    without = losses(own, SHARED_WORLD).drop("GEO-2024b").mean()
    assert f"Without them log scores are {without:.3f} (`{SHARED_WORLD}`);" in told(tree, "bounds side")
    change(tree, "side_cases", where | {"id": "GEO-2019"}, **{SHARED_WORLD: 0.999})
    assert "mends ties in words" not in told(tree, "bounds side")  # Moscow did not back that incumbent
    (tree.folder("skill") / "side_cases.csv").unlink()
    assert "not stored yet" in told(tree, "bounds side")


def test_the_side_with_states_left_out_is_told_of_both_worlds_by_their_draws(tree):
    demanded = "with whole states left out"
    assert cells(tree, demanded)[:2] == ["not made yet", "not made yet"]
    assert "Not made yet" in told(tree, "skill sides apart")
    judged = told(tree, "skill targets").splitlines()[:2]
    beside = Stored(tree).side
    rows = beside[(beside["origin"] == LEFT_OUT) & (beside["forecaster"] == BASE)].assign(first=1992)
    scores = {FITTED: (0.619, -0.08, -0.15, -0.01), PRIOR: (0.75, 0.05, 0.01, 0.09)}
    names = ["log", "log_difference", "log_low", "log_high"]
    made = [rows.assign(last=2024)]
    for name, values in scores.items():
        own = rows.assign(forecaster=name, **dict(zip(names, values, strict=True)))
        made += [own.assign(last=2024), own.assign(last=2013, log=0.5)]
    made.append(rows.assign(last=2013))
    sizes = pd.DataFrame({"state": ["ARM", "BLR"], "runs": 1000, "effective": [301.2, 402.4]})
    tree.keep("sides", {"scores": pd.concat(made), "sizes": sizes}, {})
    assert cells(tree, demanded)[:2] == ["0.619: **met**", "0.750: missed"]
    assert told(tree, "skill targets").splitlines()[:2] != judged  # both can be judged now
    table = told(tree, "skill sides").splitlines()
    (fitted,), (prior,) = (
        [line for line in table if line.startswith(f"| {name} |")] for name in DRAWN_AS.values()
    )
    assert fitted.endswith("| **-0.080 (-0.150, -0.010)** |")
    assert prior.endswith("| *+0.050 (+0.010, +0.090)* |")
    apart = told(tree, "skill sides apart")
    assert f"| forecaster | {MAIN}, 1992-2024" in apart.replace("published, 1992-2024 | ", "")
    assert "From 1,000 runs. Fitted, they count as 301 to 402 (effective number)" in apart


def test_of_the_tempo_all_bounds_at_once_count_and_each_alone_is_told(tree):
    change(tree, "tempo_of_runs", {"number": "all", "forecaster": HAND_SET}, runs_within=0.6)
    demanded = "in the same runs"
    assert cells(tree, demanded)[:2][1] == "60% of runs: **met**"
    change(tree, "tempo_of_runs", {"number": "all", "forecaster": HAND_SET}, runs_within=0.4)
    assert cells(tree, demanded)[1] == "40% of runs: missed"
    change(tree, "tempo_of_runs", {"number": "median days", "forecaster": HAND_SET}, median=80.0)
    before = told(tree, "skill targets").splitlines()[:2]
    assert cells(tree, "median days: 20 to 60")[1].endswith("outside")
    change(tree, "tempo_of_runs", {"number": "median days", "forecaster": HAND_SET}, median=30.0)
    assert cells(tree, "median days: 20 to 60")[1].endswith("inside")
    assert told(tree, "skill targets").splitlines()[:2] == before  # parts of a target are not counted
    assert "| all bounds at once | " in told(tree, "skill pace of runs")


def test_what_has_not_been_made_is_said(tree):
    folder = tree.folder("skill")
    for name in ("curves", "help"):
        (folder / f"{name}.csv").unlink(missing_ok=True)
    runs = tree.table("skill", "tempo_of_runs")
    keep(tree, "tempo_of_runs", runs.drop(columns="most", errors="ignore"))
    assert "Not made yet" in told(tree, "skill curves")
    assert cells(tree, "exceeds in 99 %")[0] == "not made yet"
    fitted, by_hand = cells(tree, "more than words")[:2]
    assert (fitted, "in hindcasts to 2013" in by_hand) == ("not made yet", True)
    keep(tree, "tempo_of_runs", runs.assign(most=17.0))
    assert cells(tree, "exceeds in 99 %")[0] == "17 challenges, 17 falls from 2014"
    row = {"coding": MAIN, "last": 2024, "challenges": 900, "backed": 0.4}
    given = [("record", 2000, 0.1), (SHARED_WORLD, 2014, 0.06), (HAND_SET, 2000, 0.3)]
    keep(tree, "help", pd.DataFrame([
        row | {"forecaster": name, "first": first, "means": means} for name, first, means in given
    ]))  # fmt: skip
    assert cells(tree, "more than words") == [
        "6.0% from 2014: **met**", "30.0% from 2000: missed", "record 10.0% from 2000"
    ]  # fmt: skip
    curve = {"coding": MAIN, "states": "all", "outcome": "challenge", "forecaster": HAND_SET}
    bins = [(0.0, 0.05, 100, 0.04, 0.03), (0.5, 1.0, 4, 0.6, 0.75)]
    names = ("low", "high", "cases", "said", "happened")
    keep(tree, "curves", pd.DataFrame([curve | dict(zip(names, each, strict=True)) for each in bins]))
    assert f"| challenge | {HAND_SET} | 4%, 3% (100) | 60%, 75% (4) |" in told(tree, "skill curves")


def test_every_target_that_is_missed_has_a_word_on_what_bounds_it(tree):
    template = (TEMPLATES / "SKILL.md.j2").read_text(encoding="utf-8")
    for kind in (missed(tree) | KINDS) - {"challenges by state", "street falls by state"}:
        assert f'"{kind}" in miss' in template, kind
    assert missed(tree) <= AREAS | KINDS


def test_rules_that_help_when_left_out_are_named(tree):
    table = tree.table("skill", "ablation")
    rules = list(dict.fromkeys(table["variant"]))[1:-1]
    table[["log_change", "low", "high"]] = [0.0, -0.01, 0.01]
    table[["side_change", "side_low", "side_high"]] = [0.0, -0.01, 0.01]
    keep(tree, "ablation", table)
    assert "No log score is visibly better without one of the rules" in told(tree, "skill earns")
    change(
        tree, "ablation", {"variant": rules[0], "coding": "crowds"}, low=-0.03, high=-0.01, log_change=-0.02
    )
    change(tree, "ablation", {"variant": rules[1], "coding": "crowds"}, low=0.01, high=0.03, log_change=0.02)
    first, unseen, still = told(tree, "skill earns").splitlines()
    assert first == f"**A log score is visibly better without `{rules[0]}` (challenges, crowds)**."
    assert f"`{rules[2]}`" in unseen
    assert f"`{rules[0]}`" not in unseen + still
    assert f"`{rules[1]}`" not in unseen + still


def test_the_first_page_says_of_where_what_the_scores_say(tree, tmp_path):
    found = where(tree)
    assert found["better"].endswith("of 2")
    assert found["before"].endswith("of 5")
    change(tree, "scores", WHERE, log=0.1, log_high=-0.01)
    assert where(tree) == found | {"beyond": found["beyond"] + 1, "simple": []}
    change(tree, "scores", WHERE, log=0.9, log_high=0.01)
    assert where(tree) == found | {"simple": ["a regression on openness", "each state's past rate"]}
    whole = tmp_path / "whole"
    for part in ("docs/numbers", "docs/forecasts", "scenarios/audit"):
        shutil.copytree(ROOT / part, whole / part)
    shutil.rmtree(whole / "docs/numbers/skill")
    shutil.copytree(tree.folder("skill"), whole / "docs/numbers/skill")
    pages = render(Tree(whole), pages=["README.md", "docs/SKILL.md"])
    assert (
        f"beats the average rate of all states in {found['better']} forecasts, none beyond chance (before its"
        f" fit {found['before']}, one). From 2014 a regression on openness and each state's past"
        " rate do better ([how]" in pages["README.md"]
    )
    starts = {"when": "When", "alignment": "Alignment", "worse than the state rate": "Against the state rate"}
    for kind, start in starts.items():
        assert (kind in missed(tree)) == (f"- **{start}.**" in pages["docs/SKILL.md"])


def test_a_coding_that_was_not_scored_has_no_row(tree):
    table = tree.table("skill", "side")
    keep(tree, "side", table[table["coding"] != "published"])
    rows = [row for row in skill_sets.side(tree) if isinstance(row, tuple)]
    assert {row[1] for row in rows[1:]} == {MAIN}
