"""The registry of figures. A figure is one file of ``sim/figures/gallery``, and is called as its file is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import RequestError
from sim.naming import nearest, printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.figures.tables import Tables

Function = TypeVar("Function", bound=Callable[..., Any])

GALLERY = "sim.figures.gallery"
RESULTS = ("outcomes", "trajectories", "events", "draws", "territories")
"""Tables of a results folder."""


def _once(tables: Tables) -> Sequence[str]:
    """Return the one variant of a figure that has no others."""
    del tables
    return ("",)


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """One kind of figure.

    Parameters
    ----------
    name : str
        Of its file in the gallery, and of the files that are drawn.
    title : str
        What it shows, in a few words.
    needs : tuple of str
        Tables that it is drawn from: those of a results folder, or the csv file of another command.
    command : str
        What makes it.
    function : callable
        Draws it from tables.
    draw : callable, optional
        ``draw(tables, variant)`` draws it from the tables of a results folder; None where those do not do.
    variants : callable
        Which of them there are, for example one a scenario: what the name is continued with.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    command: str
    function: Callable[..., Figure] = field(repr=False)
    draw: Callable[[Tables, str], Figure] | None = field(default=None, repr=False)
    variants: Callable[[Tables], Sequence[str]] = field(default=_once, repr=False)


_FIGURES: dict[str, FigureEntry] = {}


def figure(
    *,
    title: str,
    needs: Sequence[str],
    command: str = "sim compare baseline dubnov",
    draw: Callable[[Tables, str], Figure] | None = None,
    variants: Callable[[Tables], Sequence[str]] = _once,
    name: str = "",
) -> Callable[[Function], Function]:
    """Register a function that draws a figure; the parameters are those of `FigureEntry`.

    The name is that of the function's module, if not given.
    """

    def register(function: Function) -> Function:
        known = name or function.__module__.rpartition(".")[2]
        _FIGURES[known] = FigureEntry(known, title, tuple(needs), command, function, draw, variants)
        return function

    return register


def names() -> list[str]:
    """Return the names of all figures, without loading what draws them."""
    files = [module.name for module in iter_modules(import_module(GALLERY).__path__)]
    return sorted({*files, *_FIGURES})


def find(name: str) -> FigureEntry:
    """Return a figure by its name.

    Raises
    ------
    RequestError
        If there is none, with the nearest name.
    """
    known = names()
    if name not in known:
        close = nearest(name, known)
        hint = f"did you mean {close}? " if close else ""
        raise RequestError(f"no figure {printable(name)[:80]!r}; {hint}there are: {', '.join(known)}")
    if name not in _FIGURES:
        import_module(f"{GALLERY}.{name}")
    return _FIGURES[name]
