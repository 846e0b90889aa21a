"""Every figure of a results folder."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.compare import chosen_baseline, named
from sim.analysis.shipped_audit import AuditMarks
from sim.errors import RequestError
from sim.experiment.under import Group
from sim.figures.formats import FORMATS
from sim.figures.paths import Paths, gather
from sim.figures.registry import FigureEntry, find, names
from sim.figures.saving import save_all
from sim.figures.source import Source, source_of
from sim.measures.window import WHOLE, Window
from sim.renamed import among
from sim.scenario.vocabulary import MOSCOW

SKIPPED = "skipped.txt"
"""File beside the figures that says which were left out, and why; it is there only if one was."""

_log = logging.getLogger(__name__)


class ResultsLike(Protocol):
    """What is read of `sim.experiment.results.Results`."""

    @property
    def about(self) -> dict[str, Any]: ...  # noqa: D102

    @property
    def scenarios(self) -> list[str]: ...  # noqa: D102

    @property
    def outcomes(self) -> pd.DataFrame: ...  # noqa: D102

    @cached_property
    def events(self) -> pd.DataFrame: ...  # noqa: D102

    @cached_property
    def draws(self) -> pd.DataFrame: ...  # noqa: D102

    def outcomes_within(self, window: Window) -> pd.DataFrame: ...  # noqa: D102

    def read(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame: ...  # noqa: D102

    def audit(self, baseline: str) -> AuditMarks: ...  # noqa: D102


def draw_all(
    results: ResultsLike,
    folder: str | Path,
    formats: Sequence[str] = ("png",),
    *,
    dpi: int = 200,
    only: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    baseline: str | None = None,
    window: Window = WHOLE,
    caption: bool = True,
) -> list[Path]:
    """Draw every figure that the results allow.

    Parameters
    ----------
    results : Results
    folder : str or Path
        Made if need be. Figures of an earlier call are replaced.
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
    caption : bool
        Whether figures have a title, a note and a source line.

    Returns
    -------
    list of Path
        Files written, figure by figure. What could not be drawn, for example differences with one scenario
        alone, is named with its reason in the folder's ``skipped.txt`` and in the log.

    Raises
    ------
    RequestError
        If a format, a figure or a scenario is unknown, or a figure cannot be drawn from results alone.
    """
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown:
        raise RequestError(f"unknown format {', '.join(unknown)}: use {', '.join(FORMATS)}")
    entries = chosen(only)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    skipped: list[str] = []
    plan = list(planned(results, entries, scenarios, baseline, window))
    if not plan:
        skipped.append("every figure: no run was finished")
    for name, draw in plan:
        try:
            figure = draw()
        except (ValueError, KeyError) as problem:
            # Missing tables and columns end here; a figure's fault never costs the others.
            skipped.append(f"{name}: {problem}")
            _log.info("figure %s skipped: %s", name, problem)
            continue
        written += save_all(figure, target, name, formats, dpi=dpi, caption=caption)
    note = target / SKIPPED
    if skipped:
        note.write_text("\n".join(skipped) + "\n", encoding="utf-8")
    else:
        note.unlink(missing_ok=True)
    return written


def chosen(only: Sequence[str] | None = None) -> list[FigureEntry]:
    """Return figures that are drawn from results, all or some by name.

    Raises
    ------
    RequestError
        If there is no such figure, or it is drawn from other tables.
    """
    if only is None:
        return [entry for entry in map(find, names()) if entry.draw is not None]
    entries = [find(name) for name in only]
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
        Files written.
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
    if not tables.source.runs:
        return
    for entry in entries:
        assert entry.draw is not None
        for variant in entry.variants(tables):
            name = f"{entry.name}_{variant}" if variant else entry.name
            yield name, partial(entry.draw, tables, variant)


def file_names(scenarios: Sequence[str]) -> list[str]:
    """Return a safe and different file name for each scenario: letters, digits, hyphens and underscores."""
    found: list[str] = []
    for scenario in scenarios:
        slug = re.sub(r"[^A-Za-z0-9_-]+", "-", scenario).strip("-")[:60] or "scenario"
        name, number = slug, 2
        while name.lower() in (known.lower() for known in found):
            name, number = f"{slug}-{number}", number + 1
        found.append(name)
    return found


class Tables:
    """The tables of a results folder as figures need them, each read once, when it is first asked for.

    Parameters
    ----------
    results : Results
    scenarios : sequence of str, optional
        Those that are drawn; all without it.
    baseline : str, optional
        What scenarios are held against, if not what they were compared with when they were run.
    window : Window
        The months over which outcomes are measured.

    Attributes
    ----------
    baseline : str
        Empty where no run was finished.
    outcomes : DataFrame
        One row a run, scenario by scenario: the baseline first, then the others in their order.
    source : Source
        What stands at the foot of a figure of paths and events.
    measured : Source
        The same of a figure of outcomes: with the window.

    Raises
    ------
    ResultsError
        If there is no such scenario.
    """

    def __init__(
        self,
        results: ResultsLike,
        scenarios: Sequence[str] | None = None,
        baseline: str | None = None,
        window: Window = WHOLE,
    ) -> None:
        self._results = results
        outcomes = results.outcomes_within(window) if window else results.outcomes
        ran = set(outcomes["scenario"]) if len(outcomes) else set()
        asked = results.scenarios if scenarios is None else scenarios
        known = [named("scenario", name, results.scenarios) for name in asked]
        order = [name for name in known if name in ran]
        against = results.about.get("baseline")
        against = against if against in ran else None
        if baseline:
            against = named("scenario", among("scenario", baseline, results.scenarios), results.scenarios)
        self.baseline = chosen_baseline(order, against) if order else ""
        order = list(dict.fromkeys([self.baseline, *order])) if order else []
        parts = [outcomes[outcomes["scenario"] == name] for name in order]
        self.outcomes = pd.concat(parts, ignore_index=True) if parts else outcomes
        read = source_of(self.outcomes, results.about) if parts else Source(results.about.get("seed"), {})
        self.source: Source = dataclasses.replace(read, baseline=self.baseline)
        self.measured = dataclasses.replace(self.source, window=window)

    @cached_property
    def audit(self) -> AuditMarks:
        """What the shipped audit says of the differences; it is of whole runs."""
        if self.measured.window:
            return AuditMarks(unaudited=tuple(name for name in self.source.runs if name != self.baseline))
        return self._results.audit(self.baseline)

    @property
    def by_file_name(self) -> dict[str, str]:
        """Each scenario by a safe file name."""
        return dict(zip(file_names(self.source.scenarios), self.source.scenarios, strict=True))

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event."""
        return self._drawn(self._results.events)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a run: every parameter as drawn."""
        return self._drawn(self._results.draws)

    @cached_property
    def trajectories(self) -> pd.DataFrame:
        """One row a run, month and state: alignment, and in Moscow's rows influence."""
        columns = ["scenario", "replicate", "month", "state", "alignment", "influence"]
        return self._drawn(self._results.read("trajectories", columns))

    def _drawn(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the scenarios that are drawn."""
        if set(self._results.scenarios) <= set(self.source.scenarios):
            return table
        return table[table["scenario"].isin(self.source.scenarios)]

    @cached_property
    def alignments(self) -> Paths:
        """Every state's alignment over time, by scenario."""
        states = self.trajectories[self.trajectories["state"] != MOSCOW]
        return gather(states, "alignment")

    @property
    def years(self) -> range:
        """Calendar years of the runs."""
        months = self.trajectories["month"].astype(str)
        return range(int(months.min()[:4]), int(months.max()[:4]) + 1)
