"""What the page of limits says of large crowds: counted in runs, never typed."""

from __future__ import annotations

import pandas as pd

from docs.remake.crowds import BLOCKS, crowd_counts
from docs.remake.stored import Tree

OUTCOMES = pd.DataFrame({"scenario": ["baseline"] * 4 + ["dubnov"]})
CHALLENGES = pd.DataFrame({
    "scenario": ["baseline", "baseline", "baseline", "dubnov"],
    "replicate": [0, 0, 1, 0],
    "peak": [0.9, 0.7, 0.5, 0.2],
})  # fmt: skip


def test_runs_and_challenges_are_counted_by_scenario() -> None:
    counted = crowd_counts(OUTCOMES, CHALLENGES).set_index("scenario")
    assert counted.loc["baseline"].tolist() == [4, 1, 3, 2]  # half of the citizens are not most of them
    assert counted.loc["dubnov"].tolist() == [1, 0, 1, 0]
    none = crowd_counts(OUTCOMES, CHALLENGES[:0]).set_index("scenario")
    assert none.loc["baseline"].tolist() == [4, 0, 0, 0]


def test_the_page_says_what_is_stored_or_gives_no_number(tmp_path) -> None:
    tree = Tree(tmp_path)
    (told,) = BLOCKS["crowds"](tree)
    assert not any(letter.isdigit() for letter in told)
    tree.keep("end_states", {"crowds": crowd_counts(OUTCOMES, CHALLENGES)}, {"start": "2025-01"})
    (told,) = BLOCKS["crowds"](tree)
    assert told.startswith("In 1 of the shared world's 4 runs from 2025-01 most citizens of a state are")
    assert told.endswith("They are in 67 % of challenges.")
