"""Where a figure's numbers come from, in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pandas as pd

from sim.analysis.frames import changed_frames, frames_in_words
from sim.errors import RequestError
from sim.experiment.files import PACKAGE, version_of
from sim.measures.registry import themes
from sim.measures.window import WHOLE, Window
from sim.naming import nearest, printable, several


class SourceLine(Protocol):
    """What can say in one line where a figure's numbers come from."""

    @property
    def line(self) -> str:
        """The line itself."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """What stands at the foot of a figure of runs.

    Parameters
    ----------
    seed : int or None
    runs : mapping of str to int
        Completed runs by scenario, in the order of the scenarios.
    version : str
        Version of this package that made the runs; may be empty.
    baseline : str
        What the scenarios were compared with when they were run; may be empty.
    window : Window
        The months over which outcomes are measured.
    frames : mapping of str to str
        How scenarios are run where it is not as they are shipped, see `sim.analysis.frames`.
    points : int
        Points of a design, such as the levels of a sweep, over which a scenario's runs are shared out alike;
        0 where there is none.
    """

    seed: int | None
    runs: Mapping[str, int]
    version: str = ""
    baseline: str = ""
    window: Window = WHOLE
    frames: Mapping[str, str] = field(default_factory=dict)
    points: int = 0

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, in order."""
        return tuple(self.runs)

    @property
    def line(self) -> str:
        """The line itself: package, seed, runs, scenarios."""
        parts = [f"{PACKAGE} {self.version}".strip()]
        if self.seed is not None:
            parts.append(f"seed {self.seed}")
        counts = sorted(set(self.runs.values()))
        if counts:
            many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
            shared = self._shared_out(counts)
            parts.append(f"{many} {'run' if counts == [1] else 'runs'} per scenario{shared}")
        word = "scenario" if len(self.runs) == 1 else "scenarios"
        parts.append(f"{word}: {', '.join(self.runs)}")
        frames = frames_in_words(self.frames, self.runs)
        parts += [frames] if frames else []
        parts += [f"measured {self.window}"] if self.window else []
        return "Source: " + "; ".join(parts) + "."

    @property
    def end(self) -> str:
        """When the months that are measured are over, as titles have it."""
        return "at the end" if self.window.by is None else f"at the end of {self.window.by}"

    def _shared_out(self, counts: Sequence[int]) -> str:
        """Return over how many points runs are shared out, and how many each has if all have as many."""
        if not self.points:
            return ""
        each, rest = divmod(counts[0], self.points)
        return (
            f", over {self.points} points"
            if rest or len(counts) > 1
            else (f", {each} at each of {self.points} points")
        )

    def only(self, scenarios: Sequence[str]) -> Source:
        """Return the source of a figure that shows these scenarios alone."""
        return replace(self, runs={name: self.runs[name] for name in scenarios if name in self.runs})


def source_of(outcomes: pd.DataFrame, about: Mapping[str, Any] | None = None) -> Source:
    """Read the source from a table of outcomes and, if there is one, ``about.json``.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run, with the column ``scenario``; with ``point`` where they are runs of a design.
    about : mapping, optional
        With ``seed``, ``versions`` and ``baseline``, as in the results folder.
    """
    check_outcomes(outcomes)
    about = about or {}
    counts = outcomes.groupby("scenario", sort=False, observed=True).size()
    runs = {str(name): int(count) for name, count in counts.items()}
    seed = about.get("seed")
    baseline = str(about.get("baseline") or "")
    number = None if seed is None else int(seed)
    points = int(outcomes["point"].nunique()) if "point" in outcomes else 0
    return Source(number, runs, version_of(about), baseline, frames=changed_frames(about), points=points)


def check_outcomes(table: object) -> None:
    """See that Python code gives the table of outcomes.

    Raises
    ------
    RequestError
        If it does not.
    """
    if not isinstance(table, pd.DataFrame) or "scenario" not in table:
        raise RequestError(f"{type(table).__name__} is no table of outcomes: give `results.outcomes`")


_IDENTIFIERS = {"scenario", "replicate", "thesis", "end_state"}


def numeric_outcomes(outcomes: pd.DataFrame) -> list[str]:
    """Return the columns of outcomes that are numbers."""
    numbers = outcomes.select_dtypes(include=["number", "bool"]).columns
    return [str(column) for column in numbers if column not in _IDENTIFIERS]


def theme_columns(outcomes: pd.DataFrame, theme: str) -> list[str]:
    """Return the outcomes of a theme that a table has.

    Raises
    ------
    RequestError
        If it has none of them.
    """
    asked = themes()[theme]
    found = [column for column in asked if column in numeric_outcomes(outcomes)]
    if not found:
        raise RequestError(f"the table has none of {', '.join(asked)}")
    return found


def shown_columns(outcomes: pd.DataFrame, columns: str | Sequence[str] | None = None) -> list[str]:
    """Return the outcomes to show: those asked for, or else those of any theme, or else the first twelve.

    Raises
    ------
    RequestError
        If there are none, or one asked for is not there in numbers, with the nearest name.
    """
    check_outcomes(outcomes)
    numeric = numeric_outcomes(outcomes)
    if columns is None:
        themed = [column for names in themes().values() for column in names if column in numeric]
        columns = themed or numeric[:12]
    chosen = several(columns, "columns", "names of outcomes")
    for column in chosen:
        if column not in numeric:
            close = nearest(column, numeric)
            hint = f"did you mean {close}? " if close else ""
            raise RequestError(
                f"no outcome {printable(column)[:80]!r} in numbers; {hint}there are: "
                f"{', '.join(numeric) or 'none'}"
            )
    if not chosen:
        raise RequestError("the table of outcomes has no numbers to show")
    return chosen
