"""What a comparison with placebos leaves on disk: tables, the placebos themselves, a figure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.placebo.ahead import VERDICTS, WORLD
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
    tables = {"against_world": judged, "shares": shares(judged), "beaten": beaten(judged)}
    _save(tables, placebos, folder, about)
    save_all(placebo_figure(judged, source), folder / "figures", "placebo", formats)


def save_scored(
    scored: pd.DataFrame,
    power: pd.DataFrame,
    best: pd.DataFrame,
    placebos: Sequence[Placebo],
    folder: Path,
    about: dict[str, Any],
    source: SourceLine,
    formats: Sequence[str],
) -> None:
    """Write tables of the back-test's verdicts, ``theses/NAME.yaml``, the figure and ``about.json``.

    Parameters
    ----------
    scored : DataFrame
        From `calibration.placebo.ahead.score`.
    power, best : DataFrame
        From `calibration.backtest.power.Written`.
    placebos : sequence of Placebo
    folder : Path
    about : dict
        What it was computed from.
    source : SourceLine
        For the figure.
    formats : sequence of str
        Of the figure; of `sim.figures.formats.FORMATS`.
    """
    rivals = scored[scored["kind"] != WORLD]
    tables = {
        "scores": scored,
        "shares": shares(rivals, VERDICTS),
        "beaten": beaten(rivals, "log", low_is_good=True),
        "power": power,
        "best": best,
    }
    _save(tables, placebos, folder, about)
    save_all(scored_figure(scored, source), folder / "figures", "placebo", formats)


def _save(
    tables: Mapping[str, pd.DataFrame], placebos: Sequence[Placebo], folder: Path, about: dict[str, Any]
) -> None:
    drawn = folder / "theses"
    drawn.mkdir(parents=True, exist_ok=True)
    for name, table in {**tables, "placebos": table_of(placebos)}.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    for placebo in placebos:
        write_text(drawn / f"{placebo.name}.yaml", to_yaml(plain(placebo.thesis)))
    write_text(folder / "about.json", json.dumps(about, indent=2) + "\n")


def placebo_figure(judged: pd.DataFrame, source: SourceLine | None = None) -> Figure:
    """Draw each thesis's and placebo's probability given the record, against the shared world alone."""
    ordered = _ordered(judged, "probability", best_first=False)
    figure, axis = _rows(ordered, ("probability", "low", "high"), EVEN)
    axis.set_xlim(0, 1)
    axis.set_xlabel("probability given the record, of two", fontsize=style.SMALL)
    style.frame(
        figure,
        "Theses and placebos against the shared world alone, from even odds",
        source,
        f"{_MARKS} Bar: 5-95 % of classifiers trained on resampled draws. Dashed: even odds.",
    )
    return figure


def scored_figure(scored: pd.DataFrame, source: SourceLine | None = None) -> Figure:
    """Draw by how much each thesis's and placebo's log score differs from that of the base rate."""
    ordered = _ordered(scored, "log_difference", best_first=True)
    figure, axis = _rows(ordered, ("log_difference", "log_low", "log_high"), 0.0)
    axis.set_xlabel("log score less that of the base rate, nats; low is good", fontsize=style.SMALL)
    style.frame(
        figure,
        "Theses and placebos in the back-test, shared outcomes",
        source,
        f"{_MARKS} Bar: 90 % interval by bootstrap over states. Dashed: the base rate.",
    )
    return figure


_MARKS = (
    "Filled: theses. Open: placebos, with the number, starts and sizes of a thesis's claims on parameters and"
    " signs drawn by lot."
)


def _ordered(table: pd.DataFrame, value: str, *, best_first: bool) -> pd.DataFrame:
    """Return the rows by kind, placebos last, and by a value, low ones first if those are the best."""
    kinds = [table[table["kind"] == kind] for kind in (WORLD, THESIS, PLACEBO)]
    return pd.concat([rows.sort_values(value, ascending=best_first, kind="stable") for rows in kinds])


def _rows(ordered: pd.DataFrame, columns: tuple[str, str, str], line: float) -> tuple[Figure, Axes]:
    """Draw a row for each, of a value and its interval."""
    value, low, high = columns
    names = [_label(row) for row in ordered.to_dict("records")]
    figure = style.new_figure(1.4 + 0.2 * len(names))
    axis = style.panels(figure, 1, 1)[0]
    heights, colours = places(names), style.scenario_colours(ordered["like"].tolist())
    axis.axvline(line, color=style.FAINT, linewidth=0.8, linestyle="--")
    for name, row in zip(names, ordered.to_dict("records"), strict=True):
        colour = colours[row["like"]]
        axis.plot([row[low], row[high]], [heights[name]] * 2, color=colour, linewidth=1.4)
        filling = "white" if row["kind"] == PLACEBO else colour
        axis.plot(row[value], heights[name], "o", color=colour, markerfacecolor=filling)
    label_rows(axis, names)
    return figure, axis


def _label(row: dict[Any, Any]) -> str:
    """Return a name as the figure has it: a placebo's without the key of its content."""
    name = str(row["name"])
    return name.rpartition("-")[0] if row["kind"] == PLACEBO else name
