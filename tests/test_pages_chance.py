"""Beside verdicts stand placebo and power, and beside older numbers what is to be said of them."""

from __future__ import annotations

import itertools
import json
import math
import shutil

import numpy as np
import pytest

from calibration.what_ifs.facts import exact
from docs.remake import of_code, of_old, what_ifs, words
from docs.remake.chance import FOUND, beyond, expected, how_many, least_found
from docs.remake.findings import _effect_found
from docs.remake.forecasts import foresight
from docs.remake.pages import render
from docs.remake.stored import ABOUT, ROOT, Tree
from sim.measures import end_state


@pytest.fixture
def tree(tmp_path):
    """Return a copy of some steps' numbers."""
    for step in ("foresight", "end_states", "readers"):
        shutil.copytree(ROOT / "docs/numbers" / step, tmp_path / "docs/numbers" / step)
    return Tree(tmp_path)


def test_the_power_of_a_claims_interval_is_as_told():
    pairs = 60
    drawn = np.random.default_rng(7).standard_normal((4000, pairs))
    for power in (0.8, 0.95):
        values = drawn + _effect_found(power, pairs)
        error = values.std(axis=1, ddof=1) / pairs**0.5
        assert (values.mean(axis=1) > 1.96 * error).mean() == pytest.approx(power, abs=0.02)


def test_how_many_of_some_events_come_by_hand():
    chances = (0.9, 0.5, 0.2)
    by_hand = [0.0] * 4
    for came in itertools.product((0, 1), repeat=3):
        by_hand[sum(came)] += math.prod(
            p if one else 1 - p for p, one in zip(chances, came, strict=True)
        )  # fmt: skip
    assert how_many(chances) == pytest.approx(by_hand)
    assert expected([0.5] * 20) == (10.0, 6, 14)
    assert expected([]) == (0.0, 0, 0)


def test_a_share_beyond_another_by_hand():
    assert exact(10, 10)[0] > exact(1, 10)[1]
    assert exact(9, 10)[0] > exact(1, 10)[1]
    assert exact(8, 10)[0] < exact(1, 10)[1]
    nine = 10 * 0.9**9 * 0.1 + 0.9**10
    assert beyond(0.9, 0.0, 10) == pytest.approx(
        sum(math.comb(10, hits) * 0.9**hits * 0.1 ** (10 - hits)
            for hits in range(11) if exact(hits, 10)[0] > exact(0, 10)[1])
    )  # fmt: skip
    assert beyond(0.9, 0.1, 10) > nine * (0.9**10 + 10 * 0.1 * 0.9**9) - 1e-12
    least = least_found(0.3, 100)
    assert beyond(least, 0.3, 100) >= FOUND > beyond(least - 0.01, 0.3, 100)


def test_statements_that_decide_are_said_to(tree):
    told = foresight(tree)["chance"]
    assert "decide nothing" in told
    table = tree.table("foresight", "foresight")
    ahead = table["expected_by_thesis"] - table["expected_by_baseline"] > 0.1
    table.loc[ahead, "came_true"] = True
    table.loc[ahead, "expected_by_baseline"] = 0.1
    table.to_csv(tree.folder("foresight") / "foresight.csv", index=False)
    after = foresight(tree)["chance"]
    assert after != told
    assert "decide nothing" not in after


def test_the_pages_tell_placebo_and_power_beside_verdicts():
    pages = render(Tree(ROOT), pages=["docs/HISTORY.md", "docs/FINDINGS.md"])
    assert pages["docs/HISTORY.md"].count("*Placebo and power.*") == 1
    assert "**And would the true thesis be found?**" in pages["docs/HISTORY.md"]
    assert pages["docs/FINDINGS.md"].count("*Placebo and power.*") == 1


def test_older_numbers_are_said_to_be_old():
    old = "made with version 0.2.0.dev0"
    assert "before runs began quietly" in of_old.note(old, "odds")
    assert of_old.note(old, "fit") == ""
    assert of_old.note("made with version 0.2.0.dev1", "odds") == ""
    assert "another world" in of_old.note("taken over from the pages of version 0.1.0, as printed", "odds")
    assert len(of_old.notes([(old, ["fit", "odds", "places"])])) == 1
    assert of_old.notes([(old, ["fit"])]) == []


def test_by_which_version_readers_were_asked_is_told(tree):
    told = words.told(what_ifs.readers(tree))
    assert "Made with version 0.2.0.dev0. These are not the runs of the tables above" in told
    path = tree.folder("readers") / ABOUT
    about = json.loads(path.read_text(encoding="utf-8")) | {"made": "made with version 0.9"}
    path.write_text(json.dumps(about), encoding="utf-8")
    told = words.told(what_ifs.readers(tree))
    assert "Made with version 0.9.\n" in told
    assert "These are not" not in told


def test_the_thresholds_of_end_states_are_those_of_the_code(monkeypatch):
    told = of_code.end_state_rules()
    assert told.count("\n| ") == len(end_state.END_STATES)
    assert "`influence_change` at most -0.2," in told
    others = end_state.EndStateRules(collapse=0.7, unanswered=0.9, client_gain=8)
    monkeypatch.setattr(end_state, "EndStateRules", lambda: others)
    told = of_code.end_state_rules()
    assert all(text in told for text in ("at most -0.7,", "above 90 % of them", "at least 8 |"))
