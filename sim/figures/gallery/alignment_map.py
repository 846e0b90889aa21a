"""Map of alignment at the end, disputed territories marked within the states that hold them by law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from sim.errors import RequestError
from sim.figures import style
from sim.figures.paths import last_alignments
from sim.figures.region_map import NOTE, Shading, draw_map, key, shape_of_map
from sim.figures.registry import figure
from sim.figures.rows import ALIGNMENT_BY_STATE
from sim.figures.source import Source

if TYPE_CHECKING:
    from sim.figures.tables import Tables

COLOURS = colormaps["PuOr_r"]
"""Purple-orange, white at 0: safe for colour-blind readers. Purple is against Moscow, orange with it."""

SCALE = Normalize(-1, 1)

_ACROSS = {
    1: 1,
    2: 4,
    3: 9,
    4: 16,
}  # panels side by side, and up to how many scenarios: so that they fit a page


def alignment_at_end(trajectories: pd.DataFrame) -> pd.DataFrame:
    """Return each state's alignment in the last month, mean over runs.

    Parameters
    ----------
    trajectories : DataFrame
        As in ``trajectories.parquet``.

    Returns
    -------
    DataFrame
        Rows: scenarios; columns: states.
    """
    ends = last_alignments(trajectories)
    means = ends.groupby([ends["scenario"].astype(str), ends["state"].astype(str)])["alignment"].mean()
    return means.unstack("state")


def _draw(tables: Tables, _: str) -> Figure:
    return alignment_map(alignment_at_end(tables.series.ends), tables.measured)


@figure(
    title="Alignment with Moscow at the end: mean over runs",
    needs=("trajectories",),
    draw=_draw,
)
def alignment_map(alignment: pd.DataFrame, source: Source) -> Figure:
    """Draw the map, a panel a scenario.

    Parameters
    ----------
    alignment : DataFrame
        Rows: scenarios; columns: states; values: mean alignment, -1 to 1, as `alignment_at_end` returns it.
    source : Source
        Its window says in the title when the end is.

    Returns
    -------
    Figure

    Raises
    ------
    RequestError
        If no scenario of the source is in the table.
    """
    names = [name for name in source.scenarios if name in alignment.index]
    if not names:
        raise RequestError("no scenario has an alignment at the end")
    shading = Shading(COLOURS, SCALE)
    drawn, axes, across = map_panels(names)
    by_scenario: dict[str, dict[str, float]] = alignment.T.to_dict()  # type: ignore[assignment]
    for axis, name in zip(axes, names, strict=True):
        draw_map(axis, by_scenario[name], shading, across)
    colour_bar(drawn, axes, shading, [-1, -0.5, 0, 0.5, 1], ("against Moscow", "with Moscow"))
    whose = f", {names[0]}" if len(names) == 1 else ""
    note = f"{NOTE} Alignment: −1 against Moscow, 1 with it.{ALIGNMENT_BY_STATE}"
    style.frame(drawn, f"Alignment with Moscow {source.end}: mean over runs{whose}", source.only(names), note)
    return drawn


def map_panels(names: Sequence[str]) -> tuple[Figure, list[Axes], int]:
    """Return a figure, a panel of it for the map of each scenario, and how many stand side by side."""
    most = next((across for across, scenarios in _ACROSS.items() if len(names) <= scenarios), 5)
    lines, across = style.grid(len(names), most)
    drawn = style.new_figure(lines * (style.WIDTH / across * shape_of_map() + 0.25) + 1.8)
    axes = style.panels(drawn, len(names), across)
    titles = style.short_names(names, (40, 40, 30, 22, 18)[across - 1])
    for axis, name in zip(axes, names, strict=True):
        if len(names) > 1:
            style.panel_title(axis, titles[name])
    return drawn, axes, across


def colour_bar(
    drawn: Figure, axes: Sequence[Axes], shading: Shading, ticks: Sequence[float], ends: tuple[str, str]
) -> None:
    """Write below the maps what their colours mean, and in the last what is hatched."""
    bar = drawn.colorbar(
        ScalarMappable(shading.scale, shading.colours), ax=list(axes), location="bottom", shrink=0.5,
        aspect=40, pad=0.02, ticks=ticks,
    )  # fmt: skip
    written = [f"{tick:g}".replace("-", "−") for tick in ticks]
    written[0] += f"\n{ends[0]}"
    written[-1] += f"\n{ends[1]}"
    bar.ax.set_xticklabels(written)
    bar.ax.tick_params(labelsize=style.SMALL)
    key(axes[-1])
