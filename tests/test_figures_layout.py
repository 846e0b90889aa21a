"""Panels stand where they stood, whatever the last bits of the solver that placed them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

from sim import figures
from sim.analysis.claims import AS_CLAIMED, THE_THESIS_WITHOUT_IT
from sim.figures import style
from sim.figures.gallery.claims import claim_effects


def edges(lines: int) -> list[list[float]]:
    """Return the edges of a figure's panels after it was drawn."""
    figure = style.new_figure(5.0)
    for number, axis in enumerate(style.panels(figure, 3 * lines, 3, sharex=True)):
        axis.plot([0, number])
    style.frame(figure, "A title", None, "A note that is read below the panels.")
    figure.draw_without_rendering()
    assert all(axis.get_in_layout() for axis in figure.axes)
    return [axis.get_position(original=True).extents.tolist() for axis in figure.axes]


def test_positions_are_billionths_of_the_figure() -> None:
    found = edges(2)
    assert [[round(edge, 9) for edge in panel] for panel in found] == found
    assert len({tuple(panel) for panel in found}) == 6


def test_a_shaken_solver_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = edges(2)
    solve = ConstrainedLayoutEngine.execute

    def shaken(self, fig):
        solve(self, fig)
        for axis in fig.axes:
            box = axis.get_position(original=True).extents
            axis.set_position(Bbox.from_extents(*(box + 1e-15)), which="original")
            axis.set_in_layout(True)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", shaken)
    assert edges(2) == before


LONG = [f"a-leader-who-wavers-{when}-and-never-decides-under-the-thesis" for when in ("now", "then", "ever")]


def boxes(texts) -> list[Bbox]:
    return [text.get_window_extent() for text in texts if text.get_text()]


@pytest.mark.parametrize("draw", [figures.outcome_differences, figures.outcome_distributions])
def test_long_names_and_titles_keep_clear_of_one_another_and_of_the_edge(draw) -> None:
    told = "months in which the street of any state of the Caucasus or of Central Asia is open at all"
    columns = ["_".join(told.split()), "another_" + "_".join(told.split()), "wars", "falls"]
    names = ["baseline", *LONG, *(f"{name}-again" for name in LONG)]
    rows = [
        {"scenario": name, "replicate": i, **dict.fromkeys(columns, i)} for name in names for i in range(4)
    ]
    figure = draw(pd.DataFrame(rows), columns)
    FigureCanvasAgg(figure).draw()
    titles = boxes(axis.title if not axis.get_title(loc="left") else axis._left_title for axis in figure.axes)
    labels = boxes(figure.axes[0].get_yticklabels())
    for found in (titles, labels):
        overlapping = [(i, j) for i, one in enumerate(found) for j in range(i) if one.overlaps(found[j])]
        assert not overlapping
        assert all(box.x1 <= figure.bbox.x1 for box in found)
        assert all(box.x0 >= 0 for box in found)


@pytest.mark.parametrize(("high", "reach"), [(0.3, 0.5), (1.25, 1.25), (9.0, 2.5), (np.inf, 2.5)])
def test_the_axis_of_claims_is_as_wide_as_the_widest_interval(high: float, reach: float) -> None:
    row = {"claim": "A", "sign": "up", "outcome": "falls", "verdict": AS_CLAIMED, "seen_in": "made"}
    numbers = {"difference": 0.2, "low": 0.1, "high": high, "scale": 1.0}
    told = {"thesis": "made", "held_against": THE_THESIS_WITHOUT_IT}
    figure = claim_effects(pd.DataFrame([{**row, **numbers, **told}]))
    (axis,) = [axis for axis in figure.axes if axis.get_visible()]
    assert axis.get_xlim() == pytest.approx((-reach * 1.04, reach * 1.04))
