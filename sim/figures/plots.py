"""``results.plot``: every figure of the gallery as a method, and shown in a notebook without further ado."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.figures.labels import STATE_NAMES
from sim.figures.registry import RESULTS, FigureEntry, find, names
from sim.figures.style import ShownFigure
from sim.figures.tables import Tables
from sim.measures.window import Window

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiment.results import Results
    from sim.months import Month

_SOURCE = "source"  # parameter of the gallery's functions that takes what stands at a figure's foot


class Plots:
    """The figures of a results folder, by name; ``dir(results.plot)`` lists them.

    Parameters
    ----------
    results : Results

    Examples
    --------
    >>> results.plot.influence()  # doctest: +SKIP
    >>> results.plot.alignment("dubnov", caption=False)  # doctest: +SKIP
    >>> results.plot.outcomes("challenges", scenarios=["dubnov"])  # doctest: +SKIP
    """

    def __init__(self, results: Results) -> None:
        self._results = results

    def __repr__(self) -> str:
        return f"Figures: {', '.join(self._names())}"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._names()})

    def __getattr__(self, name: str) -> Callable[..., Figure]:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            entry = find(name)
        except RequestError as error:
            raise AttributeError(str(error)) from None
        return _from_tables(self._results, entry) if entry.draw is None else _drawn(self._results, entry)

    @staticmethod
    def _names() -> list[str]:
        return [entry.name for entry in map(find, names()) if set(entry.needs) <= {*RESULTS}]


def _drawn(results: Results, entry: FigureEntry) -> Callable[..., Figure]:
    """Return the method of a figure that is drawn from a results folder as it is."""

    def plot(
        part: str | None = None,
        *,
        scenarios: str | Sequence[str] | None = None,
        baseline: str | None = None,
        since: str | Month | None = None,
        by: str | Month | None = None,
        caption: bool = True,
    ) -> Figure:
        window = Window.of(since, by) or results.window
        tables = Tables(results, scenarios, baseline, window, list(STATE_NAMES))
        if not tables.source.runs:
            raise RequestError(f"{results.path} holds no finished run")
        draw = entry.draw
        assert draw is not None
        return _shown(draw(tables, _part(entry, tables, part)), caption)

    plot.__name__ = plot.__qualname__ = entry.name
    plot.__doc__ = f"""{entry.title}.

    Parameters
    ----------
    part : str, optional
        Where there are several of them, such as one a scenario, a theme or a state: which. An error names
        them.
    scenarios : sequence of str, optional
        These alone, with the baseline; all without it.
    baseline : str, optional
        What differences are from; what they were compared with without it.
    since, by : str or Month, optional
        The first and the last month over which outcomes are measured; as they were compared without both.
    caption : bool
        Whether there are a title, a note and a source line.

    Returns
    -------
    Figure

    Raises
    ------
    SimError
        If there is no such part or scenario, or the results do not suffice.
    """
    return plot


def _part(entry: FigureEntry, tables: Tables, asked: str | None) -> str:
    """Return the variant that is asked for, or the only one."""
    there = list(entry.variants(tables))
    if asked is None and len(there) == 1:
        return there[0]
    known = {scenario: variant for variant, scenario in tables.by_file_name.items()}
    known |= {name: code for code, name in STATE_NAMES.items() if code in there}
    part = asked if asked in there else known.get(str(asked))
    if part not in there:
        said = "is drawn in parts" if asked is None else f"has no part {asked!r}"
        named = ", ".join(filter(None, there)) or "none"
        raise RequestError(f"figure {entry.name} {said}; give one of: {named}")
    return part


def _from_tables(results: Results, entry: FigureEntry) -> Callable[..., Figure]:
    """Return the method of a figure that needs more to be said than which results: its function, with tables.

    Raises
    ------
    RequestError
        If it is drawn from what another command writes.
    """
    if not set(entry.needs) <= {*RESULTS}:
        raise RequestError(
            f"figure {entry.name} is drawn from {', '.join(entry.needs)}: {entry.command} makes it"
        )
    signature = inspect.signature(entry.function)
    filled = [name for name in signature.parameters if name in (*RESULTS, _SOURCE)]

    def plot(*given: Any, caption: bool = True, **named: Any) -> Figure:
        tables = Tables(results)
        own = {name: getattr(tables, name) for name in filled}
        free = [name for name in signature.parameters if name not in own]
        try:
            bound = signature.bind(**own, **dict(zip(free, given, strict=False)), **named)
        except TypeError as problem:
            raise RequestError(f"figure {entry.name}: {problem}; it takes {', '.join(free)}") from None
        return _shown(entry.function(*bound.args, **bound.kwargs), caption)

    plot.__name__ = plot.__qualname__ = entry.name
    plot.__doc__ = f"{inspect.getdoc(entry.function)}\n\n{', '.join(filled)} come from the results."
    return plot


def _shown(figure: Figure, caption: bool) -> Figure:
    """Return a figure that a notebook shows with its caption or without."""
    if isinstance(figure, ShownFigure):
        figure.shows_caption = caption
    return figure
