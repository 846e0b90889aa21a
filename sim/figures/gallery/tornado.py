"""Which parameters matter for an outcome: a bar a parameter, the longest on top."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.sweep import label_of
from sim.figures import labels, rows, style
from sim.figures.registry import figure
from sim.figures.source import Source

_ROW = 0.2  # inches
_AXES = {
    "swing": "highest fifth of draws less lowest fifth",
    "rank correlation": "rank correlation",
    "forest": "share of the forest's gain in fit",
    "morris": "mean size of effects (mu*)",
    "sobol first": "share of variance, alone",
    "sobol total": "share of variance, with interactions",
}
_NAMES = {
    "morris": "Morris' effects",
    "sobol first": "Sobol' share alone",
    "sobol total": "Sobol' share with interactions",
}
_NOTE = (
    "Largest in size first. Dot: the measure; line: its 95 % interval. Shaded: what the greatest of all"
    " parameters reaches by chance in 95 % of shuffles; grey: not told from that. A ranking always has a"
    " first place."
)


@figure(
    title="Which parameters matter for an outcome",
    needs=("rank.csv",),
    command="sim rank results/compare --figure",
)
def tornado(ranking: pd.DataFrame, source: Source | None = None, most: int = 15) -> Figure:
    """Draw the first parameters of one ranking.

    Parameters
    ----------
    ranking : DataFrame
        Of one scenario, outcome and measure, as `sim.analysis.rank.rank_draws` returns it.
    source : Source, optional
    most : int
        Parameters that are drawn.

    Returns
    -------
    Figure
    """
    shown = ranking.head(most)
    scenario, outcome, measure = (str(ranking[key].iloc[0]) for key in ("scenario", "outcome", "measure"))
    drawn = style.new_figure(len(shown) * _ROW + 1.6, 6.0)
    (axis,) = style.panels(drawn, 1, 1)
    signed = measure in ("swing", "rank correlation")
    has_chance = bool(ranking["chance"].notna().all())
    axis.axvline(0, color=style.FAINT, linewidth=0.8, zorder=1)
    heights = [float(len(shown) - 1 - place) for place in range(len(shown))]
    for height, row in zip(heights, shown.to_dict("records"), strict=True):
        value = float(row["value"])
        chance = float(row["chance"])
        if has_chance:
            axis.fill_betweenx(
                [height - 0.5, height + 0.5], -chance if signed else 0, chance, color=style.GRID
            )
        low, high = (value if pd.isna(row[key]) else float(row[key]) for key in ("low", "high"))
        rows.interval(
            axis,
            height,
            low,
            value,
            high,
            style.PALETTE[0] if row["exceeds"] or not has_chance else style.FAINT,
            width=2.0,
        )
    axis.set_yticks(heights, [style.plain(str(path)) for path in shown["parameter"]])
    axis.tick_params(axis="y", length=0, labelsize=style.SMALL)
    axis.set_ylim(-0.6, len(shown) - 0.4)
    axis.set_xlabel(_AXES[measure], fontsize=style.SMALL)
    name = labels.sentence_case(label_of(outcome))
    title = f"{name} in {scenario}: which parameters matter, by {_NAMES.get(measure, measure)}"
    style.frame(drawn, title, source, _NOTE)
    return drawn
