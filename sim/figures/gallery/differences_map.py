"""Map of how far alignment at the end differs from the baseline, state by state."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from sim.analysis.intervals import bootstrap_means
from sim.analysis.marked import HOW_BARELY, STARRED_BEYOND, star
from sim.analysis.shipped_audit import AuditMarks
from sim.errors import RequestError
from sim.figures import rows, style
from sim.figures.gallery.alignment_map import COLOURS, colour_bar, map_panels
from sim.figures.paths import last_alignments
from sim.figures.region_map import NOTE, Shading, draw_map, end_of_scale, signed
from sim.figures.registry import figure
from sim.figures.source import Source

if TYPE_CHECKING:
    from sim.figures.tables import Tables


def alignment_differences(trajectories: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Hold every scenario's alignments at the end against the baseline's, pair by pair.

    Parameters
    ----------
    trajectories : DataFrame
        As in ``trajectories.parquet``.
    baseline : str

    Returns
    -------
    DataFrame
        One row a scenario but the baseline and state, in that index: mean ``difference``, and its 95 %
        bootstrap interval ``low``, ``high``; how many ``pairs``, and the share of them ``tied``.
    """
    ends = last_alignments(trajectories).astype({"scenario": str, "state": str})
    wide = ends.pivot(index=["scenario", "replicate"], columns="state", values="alignment")
    those = wide.loc[baseline]
    parts = {}
    for name in dict.fromkeys(wide.index.get_level_values("scenario")):
        if name != baseline:
            pairs = (wide.loc[name] - those).dropna(how="all")
            low, high = bootstrap_means(pairs.to_numpy(float))
            there = pairs.notna().sum()
            parts[name] = pd.DataFrame({
                "difference": pairs.mean(), "low": low, "high": high, "pairs": there,
                "tied": (pairs == 0).sum() / there,
            })  # fmt: skip
    return pd.concat(parts, names=["scenario"]) if parts else pd.DataFrame()


def _draw(tables: Tables, _: str) -> Figure:
    return differences_map(tables.series.ends, tables.measured, audit=tables.audit)


@figure(
    title="Alignment with Moscow at the end: differences from the baseline",
    needs=("trajectories",),
    draw=_draw,
)
def differences_map(
    trajectories: pd.DataFrame,
    source: Source,
    baseline: str | None = None,
    audit: AuditMarks | None = None,
) -> Figure:
    """Draw the differences of each state's alignment at the end, a panel a scenario.

    Parameters
    ----------
    trajectories : DataFrame
        As in ``trajectories.parquet``.
    source : Source
        Its window says in the title when the end is.
    baseline : str, optional
        What they were compared with when run, ``baseline`` if that is not known, or else the first.
    audit : AuditMarks, optional
        Which scenarios were not audited; of single states none is.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If there is only one scenario.
    """
    baseline = rows.baseline_of(source, source.scenarios, baseline)
    names = [name for name in source.scenarios if name != baseline]
    if not names:
        raise RequestError("differences need two scenarios, and there is only one")
    table = alignment_differences(trajectories, baseline)
    end = end_of_scale(float(table["difference"].abs().max()))
    drawn, axes, across = map_panels(names)
    plain = Shading(COLOURS, Normalize(-end, end))
    for axis, name in zip(axes, names, strict=True):
        mine = pd.DataFrame(table.xs(name, level="scenario"))
        shading = Shading(plain.colours, plain.scale, partial(_text, mine))
        values = {str(code): float(value) for code, value in mine["difference"].items()}
        draw_map(axis, values, shading, across)
    colour_bar(drawn, axes, plain, [-end, -end / 2, 0, end / 2, end], ("further from Moscow", "closer to it"))
    note = (
        f"{NOTE} Mean over pairs of runs with common random numbers; *: its 95 % bootstrap interval excludes"
        f" {STARRED_BEYOND}. {HOW_BARELY}{rows.ALIGNMENT_BY_STATE}"
        f"{rows.legend(audit, (), [baseline, *names], baseline)}"
    )
    title = f"Alignment with Moscow {source.end}: differences from {baseline}"
    style.frame(drawn, title, source.only([baseline, *names]), note)
    return drawn


def _text(table: pd.DataFrame, code: str, value: float) -> str:
    """Write a state's difference, with a star where it is visible and not rounded to 0."""
    row = table.loc[code]
    text = signed(value)
    shown = any(digit in text for digit in "123456789")
    return text + (star(row) if shown else "")
