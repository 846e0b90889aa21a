"""Panels in which every scenario is a row: places, labels, and an interval with its centre."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.analysis.compare import chosen_baseline
from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.written import ASSUMED_MEANS, DAGGER
from sim.figures import style
from sim.figures.source import Source

ROW = 0.24
"""Height of a row, inches, where only an interval stands in it."""

_TWO_LINES = 0.27  # inches that a name of two lines takes
_ONE_LINE = 26  # letters of a name in one line


def height_for(names: Sequence[str]) -> float:
    """Return the height of a row, inches: for two lines where a name does not fit into one."""
    return _TWO_LINES if max(map(len, names), default=0) > _ONE_LINE else ROW


def baseline_of(source: Source, names: Sequence[str], baseline: str | None = None) -> str:
    """Return what scenarios are held against: as asked, as they were compared when run, or by default.

    Parameters
    ----------
    source : Source
    names : sequence of str
        Those that are shown.
    baseline : str, optional
    """
    return chosen_baseline(names, baseline or (source.baseline if source.baseline in names else None))


def places(names: Sequence[str]) -> dict[str, float]:
    """Return each scenario's height on the axis, the first on top."""
    return {name: float(len(names) - 1 - i) for i, name in enumerate(names)}


def label_rows(
    axis: Axes, names: Sequence[str], *, above: float = 0.5, below: float = 0.5, row: float = ROW
) -> None:
    """Write the scenarios beside a panel and leave room around the first and last.

    Parameters
    ----------
    axis : Axes
    names : sequence of str
    above, below : float
        Room over the first row and under the last, in rows.
    row : float
        Height of a row, inches: a name has two lines only where they do not touch the next.
    """
    labels = style.short_names(names) if row >= _TWO_LINES else style.short_names(names, _ONE_LINE, lines=1)
    axis.set_yticks(list(places(names).values()), [labels[name] for name in names])
    axis.set_ylim(-below, len(names) - 1 + above)
    axis.tick_params(axis="y", length=0, labelsize=style.SMALL)


def interval(
    axis: Axes, height: float, low: float, centre: float, high: float, colour: str, *, width: float = 1.2
) -> None:
    """Draw an interval and its centre in a row."""
    axis.plot([low, high], [height, height], color=colour, linewidth=width, solid_capstyle="butt", zorder=3)
    axis.plot(
        [centre], [height], marker="o", markersize=4, color=colour,
        markeredgecolor="white", markeredgewidth=0.6, zorder=4,
    )  # fmt: skip


def mark(scenario: str, outcome: str, audit: AuditMarks | None) -> str:
    """Return the dagger of a cell that is assumed, with a space before it, or nothing."""
    return f" {DAGGER}" if audit is not None and (scenario, outcome) in audit.assumed else ""


def legend(
    audit: AuditMarks | None,
    outcomes: Sequence[str],
    scenarios: Sequence[str],
    baseline: str,
    end_states: Sequence[str] = (),
) -> str:
    """Return what the dagger means, if any cell bears one, and which differences were not audited.

    Parameters
    ----------
    audit : AuditMarks or None
        None where it is not known.
    outcomes, scenarios : sequence of str
        Those that are shown.
    baseline : str
        Which of them the others are held against.
    end_states : sequence of str
        Those that are shown.
    """
    if len(scenarios) < 2:
        return ""
    if audit is None:
        return " Whether differences are assumed was not looked up."
    text = ""
    if any(outcome in outcomes and scenario in scenarios for scenario, outcome in audit.assumed):
        text = f" {DAGGER} {ASSUMED_MEANS}"
    note = audit.note(scenarios, baseline, outcomes, end_states)
    return f"{text} {note}" if note else text


ALIGNMENT_BY_STATE = (
    " It cannot pass −1 or 1, so near an end it has little room to differ; differences of a state between"
    " scenarios are not audited, so a thesis may set them directly."
)
"""What a figure of alignments by state says of its differences."""


def finite(values: object) -> NDArray[np.float64]:
    """Return the finite numbers among some values."""
    numbers = np.asarray(values, dtype=float)
    kept: NDArray[np.float64] = numbers[np.isfinite(numbers)]
    return kept
