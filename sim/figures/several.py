"""Several figures drawn at a time, by processes that are forked from the server which runs use, too."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl

from sim.errors import WorkersError
from sim.experiment.workers import children_allowed, process_pool, usable_cores
from sim.figures.drawn import settings
from sim.figures.registry import GALLERY, FigureEntry, find
from sim.figures.saving import save_all
from sim.figures.tables import Series, Tables
from sim.measures import OUTCOMES

_WORTH_A_PROCESS = 3
"""Figures that take about as long as a process takes to load what draws them."""

_log = logging.getLogger(__name__)

Made = list[Path] | str
"""A figure's files, or why it could not be drawn."""


@dataclass(frozen=True, slots=True)
class Job:
    """One figure to be drawn.

    Parameters
    ----------
    name : str
        Of its files.
    figure : str
        As it is registered.
    variant : str
        Which of its kind, as `FigureEntry.variants` has it.
    """

    name: str
    figure: str
    variant: str


@dataclass(frozen=True, slots=True)
class Form:
    """Where figures are written, and how.

    Parameters
    ----------
    folder : Path
    formats : tuple of str
    dpi : int
    caption : bool
    """

    folder: Path
    formats: tuple[str, ...]
    dpi: int
    caption: bool


def is_shipped(entry: FigureEntry) -> bool:
    """Whether a figure is one of the package's own, which other processes know, too."""
    return entry.function.__module__.startswith(f"{GALLERY}.")


def draw_jobs(tables: Tables, jobs: Sequence[Job], form: Form) -> Iterator[tuple[Job, Made]]:
    """Draw figures, several at a time where that is worth it, and yield what came of each as it is there.

    Parameters
    ----------
    tables : Tables
    jobs : sequence of Job
    form : Form

    Notes
    -----
    Those that other processes cannot draw are drawn in this one: a user's own figures, and all where a user
    has outcomes of his own or the tables are not those of a folder.
    """
    elsewhere = [job for job in jobs if is_shipped(find(job.figure))]
    workers = min(usable_cores(), len(elsewhere) // _WORTH_A_PROCESS)
    if workers < 2 or not (children_allowed() and _can_travel(tables)):
        elsewhere = []
    drawn = set()
    if elsewhere:
        try:
            for job, made in _drawn_elsewhere(tables, elsewhere, form, workers):
                drawn.add(job)
                yield job, made
        except (WorkersError, BrokenExecutor) as error:
            _log.warning("figures are drawn in this process: %s", error)
    for job in jobs:
        if job not in drawn:
            yield job, draw_job(tables, job, form)


def draw_job(tables: Tables, job: Job, form: Form) -> Made:
    """Draw one figure; what it lacks never costs the others."""
    draw = find(job.figure).draw
    assert draw is not None
    try:
        figure = draw(tables, job.variant)
    except (ValueError, KeyError) as problem:  # missing tables and columns
        return str(problem)
    return save_all(figure, form.folder, job.name, form.formats, dpi=form.dpi, caption=form.caption)


def _can_travel(tables: Tables) -> bool:
    of_a_folder = isinstance(getattr(tables.results, "path", None), Path)
    return of_a_folder and not any(entry.own for entry in OUTCOMES.values())


def _drawn_elsewhere(
    tables: Tables, jobs: Sequence[Job], form: Form, workers: int
) -> Iterator[tuple[Job, Made]]:
    late = [job for job in jobs if "trajectories" in find(job.figure).needs]
    early = [job for job in jobs if job not in late]
    pool = process_pool(workers, begin=partial(_take_up, tables, settings()))
    try:
        calls = {job: pool.submit(_draw_there, None, job, form) for job in early}
        if late:  # the longest table is read once, here, while the others are drawn there
            try:
                series = tables.series
            except (ValueError, KeyError) as problem:
                yield from ((job, str(problem)) for job in late)
            else:
                calls |= {job: pool.submit(_draw_there, series, job, form) for job in late}
        for job, call in calls.items():
            yield job, call.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_taken_up: list[Tables] = []  # by a worker: what its figures are drawn from


def _take_up(tables: Tables, wanted: dict[str, Any]) -> None:
    _taken_up[:] = [tables]
    here: Any = mpl.rcParams  # whose names are typed one by one
    for name, value in wanted.items():
        if here[name] != value:
            here[name] = value


def _draw_there(series: Series | None, job: Job, form: Form) -> Made:
    (tables,) = _taken_up
    if series is not None:
        vars(tables)["series"] = series
    return draw_job(tables, job, form)
