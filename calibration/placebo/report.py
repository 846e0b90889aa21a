"""What a comparison with placebos leaves on disk: tables, the placebos themselves, a figure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from calibration.placebo.judge import EVEN, PLACEBO, THESIS, beaten, shares
from calibration.placebo.theses import Placebo, table_of
from sim.experiment.files import write_text
from sim.figures import style
from sim.figures.rows import label_rows, places
from sim.figures.saving import save_all
from sim.figures.source import SourceLine
from sim.scenario.describe import plain, to_yaml


def save_placebos(
    judged: pd.DataFrame,
    placebos: Sequence[Placebo],
    folder: Path,
    about: dict[str, Any],
    source: SourceLine,
    formats: Sequence[str],
) -> None:
    """Write tables, ``theses/NAME.yaml``, the figure and ``about.json``.

    Parameters
    ----------
    judged : DataFrame
        From `calibration.placebo.judge.judge`.
    placebos : sequence of Placebo
    folder : Path
    about : dict
        What it was computed from.
    source : SourceLine
        For the figure.
    formats : sequence of str
        Of the figure; of `sim.figures.formats.FORMATS`.
    """
    drawn = folder / "theses"
    drawn.mkdir(parents=True, exist_ok=True)
    judged.to_csv(folder / "against_world.csv", index=False)
    shares(judged).to_csv(folder / "shares.csv", index=False)
    beaten(judged).to_csv(folder / "beaten.csv", index=False)
    table_of(placebos).to_csv(folder / "placebos.csv", index=False)
    for placebo in placebos:
        write_text(drawn / f"{placebo.name}.yaml", to_yaml(plain(placebo.thesis)))
    save_all(placebo_figure(judged, source), folder / "figures", "placebo", formats)
    write_text(folder / "about.json", json.dumps(about, indent=2) + "\n")


def placebo_figure(judged: pd.DataFrame, source: SourceLine | None = None) -> Figure:
    """Draw each thesis's and placebo's probability given the record, against the shared world alone."""
    ordered = pd.concat(
        [
            judged[judged["kind"] == kind].sort_values("probability", ascending=False, kind="stable")
            for kind in (THESIS, PLACEBO)
        ]
    )
    names = [_label(row) for row in ordered.to_dict("records")]
    figure = style.new_figure(1.4 + 0.2 * len(names))
    axis = style.panels(figure, 1, 1)[0]
    heights, colours = places(names), style.scenario_colours(ordered["like"].tolist())
    axis.axvline(EVEN, color=style.FAINT, linewidth=0.8, linestyle="--")
    for name, row in zip(names, ordered.to_dict("records"), strict=True):
        colour = colours[row["like"]]
        axis.plot([row["low"], row["high"]], [heights[name]] * 2, color=colour, linewidth=1.4)
        filling = colour if row["kind"] == THESIS else "white"
        axis.plot(row["probability"], heights[name], "o", color=colour, markerfacecolor=filling)
    label_rows(axis, names)
    axis.set_xlim(0, 1)
    axis.set_xlabel("probability given the record, of two", fontsize=style.SMALL)
    style.frame(
        figure,
        "Theses and placebos against the shared world alone, from even odds",
        source,
        "Filled: theses. Open: placebos, with the number, starts and sizes of a thesis's claims on"
        " parameters and signs drawn by lot. Bar: 5-95 % of classifiers trained on resampled draws."
        " Dashed: even odds.",
    )
    return figure


def _label(row: dict[Any, Any]) -> str:
    """Return a name as the figure has it: a placebo's without the key of its content."""
    name = str(row["name"])
    return name if row["kind"] == THESIS else name.rpartition("-")[0]
