"""Where panels stand, to a billionth of the figure.

Matplotlib's constrained layout is solved by a program that goes through its constraints in the order of
memory addresses, so the last bits of a position differ from one drawing to the next. That is enough to move
an edge that falls between two pixels, or the last digit of a coordinate.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

_DIGITS = 9


class SettledLayout(ConstrainedLayoutEngine):
    """Constrained layout whose positions are the same for the same figure."""

    def execute(self, fig: Figure) -> None:
        """Lay out a figure's panels."""
        super().execute(fig)
        for axis in fig.axes:
            arranged = axis.get_in_layout()
            left, bottom, right, top = axis.get_position(original=True).extents
            corners = [round(float(edge), _DIGITS) for edge in (left, bottom, right, top)]
            axis.set_position(Bbox.from_extents(*corners), which="original")
            axis.set_in_layout(arranged)  # a panel that is placed by hand would be left out
