"""A chart of the report: a Vega-Lite specification, the data beneath it, and what it shows in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sim.months import Month

if TYPE_CHECKING:
    from sim.experiment.results import Results

FONT = "system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Parameters
    ----------
    key : str
        Of its place in the page, and of the file of its data.
    title : str
    description : str
        What it shows, for those who do not see it.
    spec : dict
        In Vega-Lite, with every dataset in ``datasets``.
    data : DataFrame
        What it is drawn from, for the download.
    table : DataFrame
        The same as is read beneath it; may be less.
    """

    key: str
    title: str
    description: str
    spec: dict[str, Any]
    data: pd.DataFrame
    table: pd.DataFrame
    note: str = ""
    controls: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Data by name, apart from the charts that show it, so that a page holds each once."""

    tables: dict[str, list[Any]] = field(default_factory=dict)

    def rows(self, name: str, table: pd.DataFrame) -> alt.NamedData:
        """Name a table; its numbers are cut to four decimals."""
        self.tables[name] = json.loads(table.to_json(orient="records", double_precision=4))
        return alt.NamedData(name=name)

    def shapes(self, name: str, features: Sequence[Mapping[str, Any]]) -> alt.NamedData:
        """Name GeoJSON features."""
        self.tables[name] = list(features)
        return alt.NamedData(name=name)


def compact(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows of the same keys as the page holds them: the keys once, and the values of each row."""
    keys = list(rows[0]) if rows else []
    return {"keys": keys, "rows": [[row[key] for key in keys] for row in rows]}


def finished(chart: Any) -> dict[str, Any]:
    """Return a chart's specification, with the look of the page and without its data.

    Altair takes much longer over it than anything else about a chart, so it is kept for the next one that has
    the same scenarios: a page that shows more and more runs makes it once.
    """
    spec: dict[str, Any] = (
        chart.configure(font=FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", gridColor="#e3e3e3")
        .configure_legend(labelFontSize=12, titleFontSize=12, labelLimit=400)
        .configure_header(labelFontSize=13, labelFontWeight="bold", labelLimit=260)
        .to_dict()
    )
    return spec


def with_data(spec: Mapping[str, Any], named: Named, description: str) -> dict[str, Any]:
    """Return a specification with its datasets, and with what it shows in words."""
    return {**spec, "description": description, "datasets": named.tables}


def months_of(results: Results) -> list[str]:
    """Return all months of a results folder, so that what a chart shows is chosen before it is read."""
    spans = [(Month.parse(item["start"]), 12 * item["years"]) for item in results.about["scenarios"]]
    return sorted({str(start + tick) for start, months in spans for tick in range(months)})
