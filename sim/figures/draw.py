"""Every figure of a results folder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.errors import RequestError
from sim.experiment.place import check_results, path_given
from sim.experiment.under import Group
from sim.explain.words import find_states
from sim.figures.drawn import Drawn, key_of_figures
from sim.figures.formats import FORMATS
from sim.figures.registry import FigureEntry, find, names
from sim.figures.several import Form, Job, Made, draw_jobs, is_shipped
from sim.figures.tables import ResultsLike, Tables, file_names
from sim.measures.window import WHOLE, Window
from sim.naming import several

SKIPPED = "skipped.txt"
"""File beside the figures that says which were left out, and why; it is there only if one was."""

OF_A_STATE = "state"
"""The figure that is drawn once for each state that is asked for."""

_log = logging.getLogger(__name__)


def draw_all(
    results: ResultsLike,
    folder: str | Path,
    formats: str | Sequence[str] = ("png",),
    *,
    dpi: int = 200,
    only: str | Sequence[str] | None = None,
    scenarios: str | Sequence[str] | None = None,
    baseline: str | None = None,
    window: Window = WHOLE,
    states: str | Sequence[str] = (),
    caption: bool = True,
) -> list[Path]:
    """Draw every figure that the results allow.

    Parameters
    ----------
    results : Results
    folder : str or Path
        Made if need be. Figures of an earlier call are replaced, unless they would come out the same.
    formats : sequence of str
        Of ``png``, ``pdf``, ``svg``.
    dpi : int
        Dots an inch, for png.
    only : sequence of str, optional
        Names of figures, as `sim.figures.names` returns them; all without it.
    scenarios : sequence of str, optional
        These alone, the baseline first in any case; all without it.
    baseline : str, optional
        What differences are from; without it what they were compared with when they were run, ``baseline`` if
        that is not known, or else the first.
    window : Window
        The months over which outcomes are measured. Paths over time are of the whole run.
    states : str or sequence of str
        Of each of these the figure ``state`` is drawn, by code, name or region.
    caption : bool
        Whether figures have a title, a note and a source line.

    Returns
    -------
    list of Path
        Of every figure; those that were there already and would come out the same are not drawn again. What
        could not be drawn, for example differences with one scenario alone, is named with its reason in the
        folder's ``skipped.txt`` and in the log.

    Raises
    ------
    RequestError
        If a format, a figure, a scenario or a state is unknown, or a figure cannot be drawn from results
        alone, or from no state.
    """
    check_results(results)
    formats = several(formats, "formats")
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown:
        raise RequestError(f"unknown format {', '.join(unknown)}: use {', '.join(FORMATS)}")
    entries = chosen(only)
    codes = find_states(states)
    if only is not None and not codes and any(entry.name == OF_A_STATE for entry in entries):
        raise RequestError(f"figure {OF_A_STATE} is drawn of single states: name them, such as KGZ")
    target = path_given(folder, "folder for figures")
    target.mkdir(parents=True, exist_ok=True)
    tables = Tables(results, scenarios, baseline, window, codes)
    form = Form(target, tuple(formats), dpi, caption)
    made = _made(tables, _jobs(tables, entries), form)
    skipped = [f"{job.name}: {reason}" for job, reason in made.items() if isinstance(reason, str)]
    note = target / SKIPPED
    if skipped or not made:
        text = "\n".join(skipped or ["every figure: no run was finished"])
        note.write_text(f"{text}\n", encoding="utf-8")
    else:
        note.unlink(missing_ok=True)
    return [path for paths in made.values() if not isinstance(paths, str) for path in paths]


def _made(tables: Tables, jobs: Sequence[Job], form: Form) -> dict[Job, Made]:
    """Draw what is not drawn yet, and return what came of every figure, in their order."""
    key = key_of_figures(tables, dpi=form.dpi, caption=form.caption) if jobs else ""
    drawn = Drawn(form.folder, key)
    there = {job: drawn.held(job.name, form.formats) for job in jobs if is_shipped(find(job.figure))}
    made = {job: held for job, held in there.items() if held is not None}
    missing = [job for job in jobs if job not in made]
    _log.info("%d figures asked for, %d of them drawn already", len(jobs), len(made))
    try:
        for job, new in draw_jobs(tables, missing, form):
            made[job] = new
            drawn.note(job.name, new)
            if isinstance(new, str):
                _log.info("figure %s skipped: %s", job.name, new)
    finally:
        if missing and key:
            drawn.save()
    return {job: made[job] for job in jobs}


def _jobs(tables: Tables, entries: Sequence[FigureEntry]) -> list[Job]:
    if not tables.source.runs:
        return []
    return [
        Job(f"{entry.name}_{variant}" if variant else entry.name, entry.name, variant)
        for entry in entries
        for variant in entry.variants(tables)
    ]


def chosen(only: str | Sequence[str] | None = None) -> list[FigureEntry]:
    """Return figures that are drawn from results, all or some by name.

    Raises
    ------
    RequestError
        If there is no such figure, or it is drawn from other tables.
    """
    if only is None:
        return [entry for entry in map(find, names()) if entry.draw is not None]
    entries = [find(name) for name in several(only, "only", "names of figures")]
    for entry in entries:
        if entry.draw is None:
            raise RequestError(
                f"figure {entry.name} is drawn from {', '.join(entry.needs)}: {entry.command} makes it"
            )
    return entries


def draw_groups(
    results: ResultsLike,
    groups: Sequence[Group],
    folder: str | Path,
    formats: Sequence[str] = ("png",),
    **options: Any,
) -> list[Path]:
    """Draw every figure for each group of scenarios, with the group's own baseline.

    Parameters
    ----------
    results : Results
    groups : sequence of Group
        A single one, or none, is drawn into the folder itself; of several each has a folder in it, named
        after its thesis.
    folder : str or Path
    formats : sequence of str
        As for `draw_all`.
    **options
        Those of `draw_all`, but for scenarios and baseline.

    Returns
    -------
    list of Path
        As for `draw_all`.
    """
    if not groups:
        return draw_all(results, folder, formats, **options)
    names = file_names([group.under or group.baseline for group in groups])
    return [
        path
        for group, name in zip(groups, names, strict=True)
        for path in draw_all(
            results,
            Path(folder) / name if len(groups) > 1 else folder,
            formats,
            scenarios=group.scenarios,
            baseline=group.baseline,
            **options,
        )
    ]


def planned(
    results: ResultsLike,
    entries: Sequence[FigureEntry],
    scenarios: Sequence[str] | None = None,
    baseline: str | None = None,
    window: Window = WHOLE,
) -> Iterator[tuple[str, Callable[[], Figure]]]:
    """Yield each figure's file name and how to draw it; tables are read when first needed."""
    tables = Tables(results, scenarios, baseline, window)
    for job in _jobs(tables, entries):
        draw = find(job.figure).draw
        assert draw is not None
        yield job.name, partial(draw, tables, job.variant)
