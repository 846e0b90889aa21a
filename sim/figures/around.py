"""A legend and axis labels that all panels share, between the panels and the frame of a figure.

Matplotlib would put both at the edge of the figure, where the frame has its title and its source line.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from sim.figures import style

_LINE = style.SMALL * 1.5 / 72  # inches


def shared_legend(figure: Figure, handles: Sequence[Artist], columns: int) -> None:
    """Write a legend under the title; call it after `sim.figures.style.frame`.

    Parameters
    ----------
    figure : Figure
    handles : sequence of Artist
        With labels.
    columns : int
    """
    left, bottom, width, height = _room(figure)
    under_title = left + 0.04 / figure.get_figwidth()
    lines = -(-len(handles) // columns)
    legend = figure.legend(
        handles=list(handles), loc="upper left", bbox_to_anchor=(under_title, bottom + height), ncols=columns,
        fontsize=style.SMALL, frameon=False, borderaxespad=0, borderpad=0.2, columnspacing=1.5,
    )  # fmt: skip
    legend.set_in_layout(False)
    _leave(figure, (left, bottom, width, height - (lines + 0.5) * _LINE / figure.get_figheight()))


def shared_labels(figure: Figure, across: str, up: str = "") -> None:
    """Name the axes of all panels at once; call it after `sim.figures.style.frame`.

    Parameters
    ----------
    figure : Figure
    across, up : str
        Of the horizontal and of the vertical axis; plain text.
    """
    left, bottom, width, height = _room(figure)
    deep = 1.3 * _LINE / figure.get_figheight()
    label = figure.supxlabel(across, y=bottom, va="bottom", fontsize=style.SMALL, color=style.INK)
    label.set_in_layout(False)
    wide = 0.0
    if up:
        wide = 1.3 * _LINE / figure.get_figwidth()
        label = figure.supylabel(
            up, x=left + 0.003, y=bottom + deep + (height - deep) / 2, fontsize=style.SMALL, color=style.INK
        )
        label.set_in_layout(False)
    _leave(figure, (left + wide, bottom + deep, width - wide, height - deep))


def _room(figure: Figure) -> tuple[float, float, float, float]:
    """Return left, bottom, width and height of what is left to the panels, in shares of the figure."""
    engine = figure.get_layout_engine()
    room: tuple[float, float, float, float] = engine.get()["rect"] if engine is not None else (0, 0, 1, 1)
    return room


def _leave(figure: Figure, room: tuple[float, float, float, float]) -> None:
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=room)  # type: ignore[call-arg]
