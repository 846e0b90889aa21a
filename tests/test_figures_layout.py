"""Panels stand where they stood, whatever the last bits of the solver that placed them."""

from __future__ import annotations

import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

from sim.figures import style


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
