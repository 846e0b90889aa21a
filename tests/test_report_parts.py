"""What a report is made of: which runs it tells, the outlines of its map, and how it holds rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.report.chart import compact
from sim.report.map_view import state_features
from sim.report.told import TAIL, chosen_runs


def test_told_runs_are_typical_and_of_each_tail():
    outcomes = pd.DataFrame(
        {
            TAIL: np.arange(40.0),
            "wars": [3.0] * 20 + [0.0] * 20,
            "end_state": ["vacuum"] * 10 + ["status quo"] * 30,
        },
        index=pd.RangeIndex(100, 140, name="replicate"),
    )
    typical, low, high = chosen_runs(outcomes, [TAIL, "wars"]).values()
    assert typical == 124  # ends as most do, at 24 where their median is 24.5, and with no war as most
    assert (low, high) == (102, 137)
    assert list(chosen_runs(outcomes.iloc[:1], [TAIL])) == ["typical"]


def test_outlines_turn_as_d3_wants_them():
    for feature in state_features():
        for polygon in feature["geometry"]["coordinates"]:
            for place, ring in enumerate(polygon):
                x, y = np.array(ring).T
                area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
                assert (area < 0) == (place == 0)
                assert ring[0] == ring[-1]


def test_rows_are_held_compactly():
    assert compact([{"a": 1, "b": "x"}, {"a": 2, "b": None}]) == {
        "keys": ["a", "b"],
        "rows": [[1, "x"], [2, None]],
    }
    assert compact([]) == {"keys": [], "rows": []}
