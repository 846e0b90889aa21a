"""What the pages say of signposts and of regions: each search beside chance, and where nothing is found."""

from __future__ import annotations

import pandas as pd
import pytest

from docs.remake.questions import BLOCKS
from docs.remake.stored import ROOT, Tree

STEP = "questions"


def lines(tree, block):
    return [row if isinstance(row, str) else " | ".join(row) for row in BLOCKS[block](tree)]


@pytest.fixture
def tree(tmp_path):
    """Return the stored numbers in a folder of their own."""
    shipped, made = Tree(ROOT), Tree(tmp_path)
    names = [path.stem for path in shipped.folder(STEP).glob("*.csv")]
    made.keep(STEP, {name: shipped.table(STEP, name) for name in names}, shipped.about(STEP))
    return made


def change(tree, name, **columns):
    tables = {path.stem: tree.table(STEP, path.stem) for path in tree.folder(STEP).glob("*.csv")}
    tables[name] = tables[name].assign(**columns)
    tree.keep(STEP, tables, tree.about(STEP))


def test_every_search_is_told_beside_chance(tree):
    told = lines(tree, "regions")
    verdicts = tree.table(STEP, "verdict")
    for row in verdicts.itertuples():
        (line,) = [
            each for each in told if each.startswith(f"{row.end_state} | ") and _where(row.scenario) in each
        ]
        scores = tree.table(STEP, "scores")
        held = scores[
            (scores["end_state"] == row.end_state) & (scores["scenario"] == row.scenario)
        ].set_index("score")
        if not len(held):
            assert "nothing can be found" in line
            continue
        assert f"{100 * held.loc['training, labels shuffled (mean)', 'density']:.0f} %" in line
        assert line.endswith("**found**" if row.found else "nothing found")
    assert {"disintegration", "vacuum", "space 2.0"} == set(verdicts["end_state"])


def _where(scenario):
    return {"all": "all seven", "baseline": "the shared world"}.get(scenario, scenario.title())


def test_numbers_of_scenarios_and_runs_follow_from_the_search(tree, monkeypatch):
    verdicts = tree.table(STEP, "verdict")
    change(tree, "verdict", scenarios=verdicts["scenarios"].str.replace("baseline, ", ""))
    assert any("all six together" in line for line in lines(tree, "regions"))
    assert any("one in twenty would by chance" in line for line in lines(tree, "signposts checked"))
    monkeypatch.setattr("docs.remake.questions.LEAST_FITTING", 12)
    assert any("since under twelve runs fit" in line for line in lines(tree, "signposts checked"))


def test_where_no_search_finds_anything_this_is_said(tree):
    change(tree, "verdict", found=False)
    assert "So in no case" in lines(tree, "regions")[-1]
    change(tree, "verdict", found=True)
    assert lines(tree, "regions")[-1].startswith("- ")


def test_signposts_have_bits_a_year_and_daggers(tree):
    told = lines(tree, "signposts")
    posts = tree.table(STEP, "signposts")
    assert sum(line.startswith("**By ") for line in told) == 3
    best = posts[posts["years"] == 5].iloc[0]
    assert any(f"{best['bits']:.2f} | {best['bits'] / 5:.2f} | " in line for line in told)
    assert any("†" in line for line in told)
    assert (posts["exceeds"]).all()


def test_odds_without_allowance_are_told_as_they_come_true(tree):
    told = lines(tree, "signposts checked")
    curve = tree.table(STEP, "reliability")
    assert sum(" year" in line and "% to" in line for line in told) == len(curve)
    exact = curve[curve["allowed"] == 0]
    assert exact["calibrated"].mean() > 0.7
    assert sum(line.endswith("**no**") for line in told) == (~curve["calibrated"]).sum()
    empty = pd.DataFrame(columns=["years"])
    tree.keep(STEP, {"reliability": empty}, tree.about(STEP))
    assert lines(tree, "signposts checked") == ["There are too few runs to check odds."]
