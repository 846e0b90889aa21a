"""Every figure of a results folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.compare import chosen_baseline
from sim.figures.differences import outcome_differences
from sim.figures.distributions import THEME_TITLES, THEMES, outcome_distributions, theme_columns
from sim.figures.endings import end_states
from sim.figures.falls import fall_heat_map
from sim.figures.fans import alignment_fans, influence_fans
from sim.figures.formats import FORMATS
from sim.figures.instruments import instrument_uses
from sim.figures.maps import alignment_at_end, alignment_map
from sim.figures.paths import Paths, gather
from sim.figures.rows import Cells
from sim.figures.saving import save_all
from sim.figures.source import Source, source_of
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

    @property
    def events(self) -> pd.DataFrame: ...  # noqa: D102

    def read(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame: ...  # noqa: D102

    def assumed(self, baseline: str) -> frozenset[tuple[str, str]]: ...  # noqa: D102


def draw_all(
    results: ResultsLike, folder: str | Path, formats: Sequence[str] = ("png",), *, dpi: int = 200
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

    Returns
    -------
    list of Path
        Files written, figure by figure. What could not be drawn, for example differences with one scenario
        alone, is named with its reason in the folder's ``skipped.txt`` and in the log.

    Raises
    ------
    ValueError
        If a format is unknown.
    """
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown:
        raise ValueError(f"unknown format {', '.join(unknown)}: use {', '.join(FORMATS)}")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    skipped: list[str] = []
    plan = _plan(results)
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
        written += save_all(figure, target, name, formats, dpi=dpi)
    note = target / SKIPPED
    if skipped:
        note.write_text("\n".join(skipped) + "\n", encoding="utf-8")
    else:
        note.unlink(missing_ok=True)
    return written


def _plan(results: ResultsLike) -> list[tuple[str, Callable[[], Figure]]]:
    """Return each figure's file name and how to draw it; tables are read when first needed."""
    tables = _Tables(results)
    source = tables.source
    if not source.runs:
        return []
    baseline = chosen_baseline(source.scenarios)
    assumed = results.assumed(baseline)
    plan: list[tuple[str, Callable[[], Figure]]] = [
        *((f"outcomes_{theme}", partial(tables.draw_outcomes, theme, assumed)) for theme in THEMES),
        *((f"differences_{theme}", partial(tables.draw_differences, theme, assumed)) for theme in THEMES),
        ("end_states", lambda: end_states(tables.outcomes, source, assumed)),
        ("influence", lambda: influence_fans(tables.trajectories, source, assumed=assumed)),
        ("fall_probability", lambda: fall_heat_map(tables.events, source, tables.years)),
        ("instruments", lambda: instrument_uses(tables.events, source, assumed)),
        ("alignment_map", lambda: alignment_map(alignment_at_end(tables.trajectories), source)),
    ]
    for name, slug in zip(source.scenarios, file_names(source.scenarios), strict=True):
        pair = [name] if name == baseline else [baseline, name]
        plan.append((f"alignment_{slug}", partial(tables.draw_alignment, pair)))
    return plan


def file_names(scenarios: Sequence[str]) -> list[str]:
    """Return a safe and different file name for each scenario: letters, digits, hyphens and underscores."""
    names: list[str] = []
    for scenario in scenarios:
        slug = re.sub(r"[^A-Za-z0-9_-]+", "-", scenario).strip("-")[:60] or "scenario"
        name, number = slug, 2
        while name.lower() in (known.lower() for known in names):
            name, number = f"{slug}-{number}", number + 1
        names.append(name)
    return names


class _Tables:
    """The results' tables as the figures need them, read once."""

    def __init__(self, results: ResultsLike) -> None:
        self._results = results
        outcomes = results.outcomes
        ran = set(outcomes["scenario"]) if len(outcomes) else set()
        order = [name for name in results.scenarios if name in ran]
        parts = [outcomes[outcomes["scenario"] == name] for name in order]
        self.outcomes = pd.concat(parts, ignore_index=True) if parts else outcomes
        self.source: Source = (
            source_of(self.outcomes, results.about) if parts else Source(results.about.get("seed"), {})
        )
        self._trajectories: pd.DataFrame | None = None
        self._alignment: Paths | None = None

    @property
    def events(self) -> pd.DataFrame:
        return self._results.events

    @property
    def trajectories(self) -> pd.DataFrame:
        if self._trajectories is None:
            columns = ["scenario", "replicate", "month", "state", "alignment", "influence"]
            self._trajectories = self._results.read("trajectories", columns)
        return self._trajectories

    def draw_outcomes(self, theme: str, assumed: Cells) -> Figure:
        columns, title = theme_columns(self.outcomes, theme), THEME_TITLES[theme]
        return outcome_distributions(
            self.outcomes, columns, self.source, f"{title}: distribution over runs", assumed
        )

    def draw_differences(self, theme: str, assumed: Cells) -> Figure:
        columns, title = theme_columns(self.outcomes, theme), THEME_TITLES[theme]
        return outcome_differences(self.outcomes, columns, source=self.source, title=title, assumed=assumed)

    def draw_alignment(self, scenarios: Sequence[str]) -> Figure:
        if self._alignment is None:
            states = self.trajectories[self.trajectories["state"] != MOSCOW]
            self._alignment = gather(states, "alignment")
        return alignment_fans(self._alignment, self.source, scenarios)

    @property
    def years(self) -> range:
        months = self.trajectories["month"].astype(str)
        return range(int(months.min()[:4]), int(months.max()[:4]) + 1)
