"""How every figure looks: fonts, colours, the frame with its title and its source line."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.layout import SettledLayout
from sim.figures.saving import ABOVE, BELOW, png
from sim.figures.source import SourceLine
from sim.scenario.library import is_shared_world

WIDTH = 7.2
"""Width of a figure across two columns, inches."""

PAGE = 9.5
"""Height that a page of A4 leaves a figure with its caption, inches."""

TEXT = 8.0
SMALL = 7.0
TITLE = 10.0
INK = "#222222"
FAINT = "#8a8a8a"
GRID = "#e3e3e3"
BASELINE_COLOUR = "#7f7f7f"

PALETTE = (
    # Okabe and Ito (2008), without black and yellow, which is weak on white
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9",
    # what is left of Paul Tol's muted scheme, for more scenarios than six
    "#AA4499", "#88CCEE", "#DDCC77", "#661100",
)  # fmt: skip
"""Colour-blind safe colours of all but the shipped theses, in the order in which scenarios are given."""

_WIDTH_OF_A_LETTER = 0.54  # of the font's size: DejaVu Sans, mixed text


def scenario_colours(names: Sequence[str]) -> dict[str, str]:
    """Give a shipped thesis its own colour, the shared world grey, and the others colours by their order.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    dict of str to str
        Hex colours; those of the others repeat after ten scenarios, so figures also label each one directly.
    """
    fixed = thesis_colours()
    others = [name for name in names if not is_shared_world(name) and name not in fixed]
    colours = fixed | {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(others)}
    return {name: BASELINE_COLOUR if is_shared_world(name) else colours[name] for name in names}


@cache
def thesis_colours() -> dict[str, str]:
    """Return the colours of the shipped theses, which stand for nothing else, by their scenarios' names.

    They are Paul Tol's muted scheme, which colour-blind readers can tell apart.
    """
    text = files("sim.figures").joinpath("thesis_colours.json").read_text(encoding="utf-8")
    colours: dict[str, str] = json.loads(text)
    return colours


def plain(text: str) -> str:
    """Return text that matplotlib prints as it stands: no mathematics between dollars, no control marks."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return kept.replace("$", r"\$")


def short_names(names: Iterable[str], width: int = 20, lines: int = 2) -> dict[str, str]:
    """Return names that fit beside an axis: broken into lines, cut if need be, and still different.

    Parameters
    ----------
    names : iterable of str
    width : int
        Letters a line.
    lines : int
        Lines at most.

    Returns
    -------
    dict of str to str
        Safe to hand to matplotlib, as by `plain`.
    """
    short: dict[str, str] = {}
    seen: set[str] = set()
    for name in names:
        label, number = _fold(name, width, lines, ""), 2
        while label in seen:
            label, number = _fold(name, width, lines, f" #{number}"), number + 1
        seen.add(label)
        short[name] = "\n".join(plain(line) for line in label.split("\n"))
    return short


def _fold(name: str, width: int, lines: int, ending: str) -> str:
    """Break a name after spaces, underscores and hyphens; what does not fit goes from its middle.

    A name's end says what was changed, or under which thesis it is run.
    """
    pieces: list[str] = []
    rest = "".join(letter if letter.isprintable() else " " for letter in name).strip() or "(no name)"
    while rest and len(pieces) < lines:
        if len(rest) <= width:
            pieces.append(rest)
            rest = ""
            break
        breaks = [i + 1 for i in range(width // 3, width) if rest[i] in " _-/."]
        cut = breaks[-1] if breaks else width
        pieces.append(rest[:cut].rstrip(" "))
        rest = rest[cut:].lstrip(" ")
    if rest:
        kept = width - 1 - len(ending)
        pieces[-1] = "…" + f"{pieces[-1]}{rest}"[-kept:]
    return "\n".join(pieces) + ending


_LEAST_ROW = 0.15  # inches; in less, neighbouring names would touch


def row_height(names: int, lines: int, usual: float, head: float, rest: float) -> float:
    """Return the height of a row, so that panels with a row a scenario fit a page.

    Parameters
    ----------
    names : int
        Rows a panel.
    lines : int
        Panels above one another.
    usual : float
        Height of a row where there is room, inches.
    head, rest : float
        Height that a panel takes beside its rows, and the figure beside its panels, inches.

    Returns
    -------
    float
        Inches; so many scenarios that their names would touch make the figure taller than a page.
    """
    room = ((PAGE - rest) / lines - head) / max(names, 1)
    return min(usual, max(_LEAST_ROW, room))


class ShownFigure(Figure):
    """A figure that a notebook shows; ``shows_caption`` says whether with title, note and source line."""

    shows_caption = True

    def _repr_png_(self) -> bytes:
        return png(self, caption=self.shows_caption)


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure with its own layout, outside matplotlib's global state.

    Parameters
    ----------
    height, width : float
        Inches.
    """
    return ShownFigure(figsize=(width, height), layout=SettledLayout(), facecolor="white")


def grid(count: int, columns: int) -> tuple[int, int]:
    """Return rows and columns for so many panels, no wider than ``columns``."""
    columns = max(1, min(count, columns))
    return -(-count // columns), columns


def panels(figure: Figure, count: int, columns: int, **sharing: Any) -> list[Axes]:
    """Lay out so many panels and leave the rest of the grid empty.

    Parameters
    ----------
    figure : Figure
    count, columns : int
    **sharing
        ``sharex`` and ``sharey`` as `matplotlib.figure.Figure.subplots` takes them.
    """
    rows, columns = grid(count, columns)
    axes = list(figure.subplots(rows, columns, squeeze=False, **sharing).flat)
    for spare in axes[count:]:
        spare.set_visible(False)
    for axis in axes[:count]:
        dress(axis)
    # Under an empty place the panel above is the last of its column, so it carries the axis.
    for i, axis in enumerate(axes[:count]):
        if i + columns >= count:
            axis.tick_params(labelbottom=True)
    return axes[:count]


def dress(axis: Axes) -> None:
    """Give a panel the common look: open frame, small ticks, faint grid behind."""
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axis.spines[side].set_color(FAINT)
        axis.spines[side].set_linewidth(0.6)
    axis.tick_params(labelsize=SMALL, labelcolor=INK, color=FAINT, width=0.6, length=2.5)
    for ticks in (axis.xaxis, axis.yaxis):
        ticks.get_offset_text().set(fontsize=SMALL, color=INK)  # the power of ten of tiny numbers
    axis.grid(True, axis="x", color=GRID, linewidth=0.6)
    axis.set_axisbelow(True)


_ONE_LINE = 31  # letters of the longest title of the package, which has room


def wrapped(text: str, width: int = 26) -> str:
    """Return a panel's title, a long one in lines of so many letters, three at most; safe, as by `plain`.

    Titles of the package stay in one line. Those that a user gives may have any length.
    """
    if len(text) <= max(width, _ONE_LINE):
        return plain(text)
    lines = textwrap.wrap(text, width, max_lines=3, placeholder=" …")
    return "\n".join(map(plain, lines))


def title_room(titles: Iterable[str]) -> float:
    """Return what the tallest of some wrapped titles takes more than one line does, inches."""
    return max(title.count("\n") for title in titles) * TEXT * 1.25 / 72


def panel_title(axis: Axes, text: str, colour: str = INK) -> None:
    """Write a panel's title, left-aligned; ``text`` is already safe and fits the panel."""
    axis.set_title(text, fontsize=TEXT, color=colour, loc="left", fontweight="bold", pad=4)


def caption_room(title: str, source: SourceLine, note: str, width: float) -> float:
    """Return the height that `frame` takes of a figure so wide, inches."""
    below = [*_wrap(note, SMALL, width), *_wrap(source.line, SMALL, width, most=5)]
    return (len(_wrap(title, TITLE, width * 0.86)) * TITLE * 1.25 + len(below) * SMALL * 1.3 + 10) / 72


def frame(figure: Figure, title: str, source: SourceLine | None, note: str = "") -> None:
    """Write the title above and the reading note and source line below, and keep the panels between them.

    Parameters
    ----------
    figure : Figure
    title : str
        What is shown; plain text.
    source : SourceLine, optional
    note : str
        How to read the marks; plain text.
    """
    width, height = figure.get_size_inches()
    below = _wrap(note, SMALL, width) + (_wrap(source.line, SMALL, width, most=5) if source else [])
    above = _wrap(title, TITLE, width * 0.86)  # bold letters are wider
    top = (len(above) * TITLE * 1.25 + 4) / 72 / height
    bottom = (len(below) * SMALL * 1.3 + 6) / 72 / height
    margin = 0.04 / width
    figure.text(
        margin, 1 - 0.03 / height, "\n".join(map(plain, above)),
        fontsize=TITLE, fontweight="bold", color=INK, va="top", gid=ABOVE,
    )  # fmt: skip
    figure.text(
        margin, 0.03 / height, "\n".join(map(plain, below)),
        fontsize=SMALL, color="#555555", va="bottom", linespacing=1.2, gid=BELOW,
    )  # fmt: skip
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0.0, bottom, 1.0, 1 - bottom - top))  # type: ignore[call-arg]


def _wrap(text: str, size: float, inches: float, most: int = 20) -> list[str]:
    text = text.replace(" %", "\N{NO-BREAK SPACE}%").replace(" / ", "\N{NO-BREAK SPACE}/ ")
    letters = int(inches * 72 / (size * _WIDTH_OF_A_LETTER))
    return (
        textwrap.wrap(text, letters, max_lines=most, placeholder=" …", break_on_hyphens=False) if text else []
    )
