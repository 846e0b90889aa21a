"""Write a figure to a file, the same bytes for the same figure."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.errors import RequestError
from sim.experiment.place import path_given
from sim.figures.formats import FORMATS
from sim.naming import several

ABOVE, BELOW = "title", "source"
"""Marks of the texts that `sim.figures.style.frame` writes: a figure's caption."""

_MARGIN = 0.06  # around what is drawn, inches
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None},
    "svg": {"Date": None},
}
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "post-soviet-scenarios",
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a dollar sign in a scenario's name is one
}
_LOCK = threading.Lock()  # the settings above are global in matplotlib


def save_all(
    figure: Figure,
    folder: str | Path,
    name: str,
    formats: Sequence[str],
    *,
    dpi: int = 200,
    caption: bool = True,
) -> list[Path]:
    """Write a figure in some formats, as `save` does, and return the files.

    Parameters
    ----------
    figure : Figure
    folder : str or Path
    name : str
        Of the file, without its suffix.
    formats : sequence of str
        Of `FORMATS`.
    dpi : int
        Dots an inch, for png.
    caption : bool
        Whether its title, its note and its source line are written.

    Raises
    ------
    RequestError
        If a format is none of them.
    """
    place = path_given(folder, "folder for figures")
    kinds = several(formats, "formats")
    return [save(figure, place / f"{name}.{kind}", dpi=dpi, caption=caption) for kind in kinds]


def save(figure: Figure, path: str | Path, *, dpi: int = 200, caption: bool = True) -> Path:
    """Write a figure; the format is the path's suffix.

    Parameters
    ----------
    figure : Figure
    path : str or Path
        Ends in one of `FORMATS`. Its folder is made if need be.
    dpi : int
        Dots an inch, for png.
    caption : bool
        Whether its title, its note and its source line are written. Without them the figure is so much less
        high, and what it shows stays as large.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    RequestError
        If that is no figure, or the format is not one of `FORMATS`.
    """
    if not isinstance(figure, Figure):
        raise RequestError(f"{figure!r:.80} is no figure: give what the functions of sim.figures return")
    path = path_given(path, "file for a figure")
    kind = path.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise RequestError(
            f"cannot write a figure as {kind or 'a file without suffix'!r}: use {', '.join(FORMATS)}"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(figure, path, kind, dpi=dpi, caption=caption)
    return path


def png(figure: Figure, *, dpi: int = 80, caption: bool = True) -> bytes:
    """Return a figure as a picture for a screen; the parameters are those of `save`."""
    stream = io.BytesIO()
    _write(figure, stream, "png", dpi=dpi, caption=caption)
    return stream.getvalue()


def _write(figure: Figure, target: Path | io.BytesIO, kind: str, *, dpi: int, caption: bool) -> None:
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    part = None if caption else without_caption(figure)
    for text in caption_of(figure):
        text.set_visible(caption)
    with _LOCK, mpl.rc_context(_SETTINGS):
        figure.savefig(target, dpi=dpi, format=kind, metadata=_METADATA[kind], bbox_inches=part)


def caption_of(figure: Figure) -> list[Text]:
    """Return the texts that `sim.figures.style.frame` wrote."""
    return [text for text in figure.texts if text.get_gid() in (ABOVE, BELOW)]


def without_caption(figure: Figure) -> Bbox:
    """Return the part of a figure that is drawn on beside what `frame` wrote, across its width, in inches."""
    words = caption_of(figure)
    for text in words:
        text.set_visible(False)
    figure.draw_without_rendering()
    # What keeps out of the layout keeps out of the tight box too.
    apart = [*figure.legends, *(text for text in figure.texts if text not in words)]
    boxes = [artist.get_window_extent().transformed(figure.dpi_scale_trans.inverted()) for artist in apart]
    drawn = Bbox.union([figure.get_tightbbox(), *boxes])
    for text in words:
        text.set_visible(True)
    return Bbox.from_extents(0, drawn.y0 - _MARGIN, float(figure.get_figwidth()), drawn.y1 + _MARGIN)
