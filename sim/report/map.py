"""The map of the report: alignment by year, or its difference from the baseline, small states once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from sim.analysis.intervals import bootstrap_means
from sim.analysis.written import number, signed
from sim.explain.words import STATE_NAMES
from sim.figures import region_map, style
from sim.figures.gallery.alignment_map import COLOURS, SCALE
from sim.figures.geography import shapes
from sim.figures.rows import ALIGNMENT_BY_STATE
from sim.report.chart import Chart, Named, finished
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.experiment.results import Results

WIDTH = 820
"""Pixels."""

_DARK = 0.55  # of the scale, from which letters on it are white
_ALIGNMENT, _DIFFERENCE = "alignment", "difference from the baseline"


def by_year(results: Results, baselines: Mapping[str, str]) -> pd.DataFrame:
    """Return each state's alignment at the end of each year, and how it differs from the baseline's.

    Parameters
    ----------
    results : Results
    baselines : mapping of str to str
        The baseline of each scenario.

    Returns
    -------
    DataFrame
        One row a scenario, state and year: mean ``alignment`` over runs, mean ``difference`` over pairs, and
        its 95 % bootstrap interval ``low``, ``high``; a baseline's difference is 0.
    """
    columns = ["scenario", "replicate", "month", "state", "alignment"]
    rows = results.read("trajectories", columns)
    last = rows["month"].max()
    rows = rows[(rows["state"] != MOSCOW) & (rows["month"].str.endswith("-12") | (rows["month"] == last))]
    rows = rows.astype({"scenario": str, "state": str}).assign(year=rows["month"].str[:4].astype(int))
    wide = rows.pivot(index=["scenario", "replicate"], columns=["state", "year"], values="alignment")
    parts = []
    for name, baseline in baselines.items():
        these = wide.loc[name]
        pairs = (these - wide.loc[baseline]).dropna(how="all")
        low, high = bootstrap_means(pairs.to_numpy(float))
        table = pd.DataFrame(
            {"alignment": these.mean(), "difference": pairs.mean(), "low": low, "high": high}
        )
        parts.append(table.reset_index().assign(scenario=name))
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found[["scenario", "state", "year", "alignment", "difference", "low", "high"]]


def map_chart(results: Results, baselines: Mapping[str, str]) -> Chart:
    """Draw the map with a slider over years, a choice of scenarios, and differences.

    Parameters
    ----------
    results : Results
    baselines : mapping of str to str
        The baseline of each scenario, in their order.
    """
    data = by_year(results, baselines)
    first, last = int(data["year"].min()), int(data["year"].max())
    far = region_map.end_of_scale(float(data["difference"].abs().max()))
    names = list(baselines)
    others = [name for name, baseline in baselines.items() if name != baseline]
    named = Named()
    for name, features in {
        "states": _states(data),
        "land": _features(shapes()["context"]),
        "russia": _features({"RUS": shapes()["russia"]}),
        "disputed": _features(shapes()["disputed"]),
    }.items():
        named.shapes(name, features)
    ends = data[data["year"] == last]
    description = (
        f"Map of each state's alignment with Moscow, {first} to {last}; it starts at {last}. "
        + "; ".join(
            f"{name}, mean over states: {number(float(part['alignment'].mean()))}"
            for name, part in ends.groupby("scenario", sort=False)
        )
    )
    held = {"description": description, "datasets": named.tables}
    return Chart(
        "map", "Alignment with Moscow, state by state", description,
        {**_drawn(tuple(names), tuple(others), first, last, far), **held},
        data, _table(ends, names, baselines),
        f"Mean over runs at the end of each year. {_NOTE}{ALIGNMENT_BY_STATE} Below: {last}.",
        controls=True,
    )  # fmt: skip


@lru_cache(maxsize=8)  # making it takes longer than all other charts, and a page shows the same again
def _drawn(
    names: tuple[str, ...], others: tuple[str, ...], first: int, last: int, far: float
) -> dict[str, Any]:
    """Return the map's specification without its data.

    Parameters
    ----------
    names, others : tuple of str
        All scenarios, and those with a baseline.
    first, last : int
        Years.
    far : float
        End of the scale of differences.
    """
    sources = {name: alt.NamedData(name=name) for name in ("states", "land", "russia", "disputed")}
    params = [
        alt.param(
            "map_scenario",
            value=(others or names)[0],
            bind=alt.binding_select(options=list(names), name="Scenario: "),
        ),
        alt.param(
            "map_show",
            value=_ALIGNMENT,
            bind=alt.binding_radio(options=[_ALIGNMENT, *([_DIFFERENCE] if others else [])], name="Show: "),
        ),
        alt.param("map_year", value=last, bind=alt.binding_range(min=first, max=last, step=1, name="Year: ")),
    ]
    shading = _Shading(first, far)
    left, _, right, _ = region_map.bounds(shapes()["states"], region_map.MARGIN)
    scale = WIDTH / (right - left)
    whole = _view(sources, shading, tuple(shapes()["states"]), region_map.MARGIN, scale, boxed=False)
    gap = 10
    wide = WIDTH - gap * (len(region_map.INSETS) - 1)
    high = wide / sum(map(region_map.aspect, region_map.INSETS.values()))
    boxes = [
        _view(
            sources, shading, codes, region_map.NEAR, high / _height(codes), boxed=True, place_in_row=column
        )
        for column, codes in enumerate(region_map.INSETS.values(), start=1)
    ]
    chart = (whole & alt.hconcat(*boxes, spacing=gap)).add_params(*params)
    return finished(chart, Named(), "")


_NOTE = region_map.NOTE.replace("hatched", "with a dashed line around them")


class _Shading:
    """What the map's controls make of a feature: expressions of Vega.

    Parameters
    ----------
    first : int
        First year.
    far : float
        End of the scale of differences.
    """

    def __init__(self, first: int, far: float) -> None:
        place = f"[map_scenario][map_year - {first}]"
        self.far = far
        self.plain = f"map_show === '{_ALIGNMENT}'"
        held = {
            name: f"datum.properties.{name}{place}" for name in ("alignment", "difference", "low", "high")
        }
        self.value = f"{self.plain} ? {held['alignment']} : {held['difference']}"
        self.star = f"!({self.plain}) && ({held['low']} > 0 || {held['high']} < 0) ? '*' : ''"
        self.told = (
            f"{self.plain} ? format({held['alignment']}, '+.2f') : format({held['difference']}, '+.2f')"
            f" + (isValid({held['low']}) ? ' [' + format({held['low']}, '+.2f') + ', ' + "
            f"format({held['high']}, '+.2f') + ']' : '')"
        )

    @property
    def colour(self) -> Any:
        """The colour scale, whose legend goes by what is shown."""
        stops = np.linspace(-1, 1, 11)
        return alt.Color(
            "shade:Q",
            scale=alt.Scale(
                domain=stops.tolist(),
                range=[to_hex(COLOURS(SCALE(stop))) for stop in stops],
                interpolate="rgb",  # as matplotlib does: others pass through hues that mean nothing
            ),
            legend=alt.Legend(
                title="− further from Moscow, + closer to it",
                orient="top",
                gradientLength=320,
                values=[-1, -0.5, 0, 0.5, 1],
                labelExpr=f"format(datum.value * ({self.plain} ? 1 : {self.far}), '+.2f')",
                titleLimit=400,
            ),
        )


def _view(
    sources: Mapping[str, Any], shading: _Shading, codes: Collection[str], margin: float, scale: float, *,
    boxed: bool, place_in_row: int = 0,
) -> Any:  # fmt: skip
    """Return a part of the map around some states, so many pixels to the radius of the Earth."""
    left, bottom, right, top = region_map.bounds(codes, margin)

    def shaped(name: str, **mark: Any) -> Any:
        return alt.Chart(sources[name]).mark_geoshape(clip=True, **mark)

    valued = {"value": shading.value, "star": shading.star, "told": shading.told}
    states = (
        shaped("states", stroke=region_map.BORDER, strokeWidth=0.8)
        .transform_calculate(**valued)
        .transform_calculate(
            shade=f"datum.value / ({shading.plain} ? 1 : {shading.far})", name="datum.properties.name"
        )
        .encode(
            color=shading.colour,
            tooltip=[alt.Tooltip("name:N", title="state"), alt.Tooltip("told:N", title="value")],
        )
    )
    place = "box" if boxed else "label"
    shown = "true" if boxed else "!datum.properties.boxed"
    labels = (
        alt.Chart(sources["states"])
        .transform_calculate(
            **valued, longitude=f"datum.properties.{place}[0]", latitude=f"datum.properties.{place}[1]"
        )
        .transform_calculate(
            shade=f"datum.value / ({shading.plain} ? 1 : {shading.far})",
            # A label that may run over its state's edge is dark with a light rim.
            small=f"!({shown})",
            text=f"{shown} ? [datum.properties.code, format(datum.value, '+.2f') + datum.star]"
            " : [datum.properties.code]",
        )
    )
    at = {"longitude": "longitude:Q", "latitude": "latitude:Q", "text": "text:N"}
    letters: dict[str, Any] = {"fontSize": 12, "clip": True, "baseline": "middle", "lineHeight": 13}
    halo: dict[str, Any] = {"stroke": "white", "strokeWidth": 3, "strokeOpacity": 0.85, "strokeJoin": "round"}
    on_dark = f"abs(datum.shade) > {_DARK} && !datum.small"
    dashes = {"stroke": style.INK, "strokeWidth": 1.2, "strokeDash": [3, 2]}
    layers = [
        shaped("land", fill=region_map.LAND, stroke="white"),
        shaped("russia", fill=region_map.RUSSIA, stroke=region_map.BORDER, strokeWidth=0.5),
        states,
        shaped("disputed", fill=None, stroke="white", strokeWidth=2.4, strokeOpacity=0.8),
        shaped("disputed", fill=None, **dashes),
        labels.transform_filter("datum.small").mark_text(**letters, **halo).encode(**at),
        labels.transform_filter(on_dark).mark_text(**letters, **halo | {"stroke": style.INK}).encode(**at),
        labels.mark_text(**letters).encode(
            **at, color=alt.condition(on_dark, alt.value("white"), alt.value(style.INK))
        ),
    ]
    named = (
        alt.Chart(sources["disputed"])
        .transform_filter(f"isValid(datum.properties.{place})")
        .transform_calculate(
            longitude=f"datum.properties.{place}[0]", latitude=f"datum.properties.{place}[1]",
            text="datum.properties.code",
        )
    )  # fmt: skip
    names: dict[str, Any] = {"fontSize": 11, "fontStyle": "italic", "clip": True}
    # The projection of `sim.figures.geography`, as d3 has it.
    projection: dict[str, Any] = {
        "type": "conicEqualArea",
        "parallels": [38, 57],
        "rotate": [-53, 0, 0],
        "center": [0, 48],
        "scale": scale,
        "translate": [-left * scale, top * scale],
        # Vega-Lite takes projections for one that differ in nothing but scale and translation.
        "precision": 0.5 + 0.01 * place_in_row,
    }
    return (
        alt.layer(
            *layers,
            named.mark_text(**names, **halo).encode(**at),
            named.mark_text(**names, color=style.INK).encode(**at),
        )
        .project(**projection)
        .properties(
            width=round((right - left) * scale),
            height=round((top - bottom) * scale),
            view=alt.ViewBackground(fill=region_map.SEA, stroke=region_map.BORDER if boxed else None),
        )
    )


def _height(codes: Collection[str]) -> float:
    _, bottom, _, top = region_map.bounds(codes, region_map.NEAR)
    return top - bottom


def _states(data: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the states as features, each with its values by scenario and year."""
    features = _features(shapes()["states"])
    by_state = {str(code): part for code, part in data.groupby("state")}
    for feature in features:
        properties = feature["properties"]
        code = properties["code"]
        properties["name"] = STATE_NAMES[code]
        properties["boxed"] = code in region_map.BOXED_STATES
        for name in ("alignment", "difference", "low", "high"):
            properties[name] = {
                str(scenario): [_rounded(value) for value in part.sort_values("year")[name]]
                for scenario, part in by_state[code].groupby("scenario", sort=False)
            }
    return features


def _rounded(value: float) -> float | None:
    """Return a value as JSON holds it: None where it is undefined, as an interval of a single run is."""
    return round(float(value), 3) if np.isfinite(value) else None


def _features(held: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return shapes as GeoJSON features, wound as d3 wants them: outlines clockwise, holes the other way."""
    return [
        {
            "type": "Feature",
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [_ring(ring, clockwise=place == 0) for place, ring in enumerate(polygon)]
                    for polygon in shape["polygons"]
                ],
            },
            "properties": {"code": code, **_places(code, shape)},
        }
        for code, shape in held.items()
    ]


def _places(code: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a shape's label stands on the map and in a box."""
    box = region_map.BOXED.get(code, shape.get("label"))
    elsewhere = None if box else region_map.MARKS.get(code)  # a disputed territory that is in no box
    return {"label": region_map.BESIDE.get(code, shape.get("label", elsewhere)), "box": box}


def _ring(flat: Sequence[float], *, clockwise: bool) -> list[list[float]]:
    points = [[x, y] for x, y in zip(flat[::2], flat[1::2], strict=True)]
    if points[0] != points[-1]:
        points.append(points[0])
    area = sum(x * v - u * y for (x, y), (u, v) in pairwise(points))
    return points if (area < 0) == clockwise else points[::-1]


def _table(ends: pd.DataFrame, names: Sequence[str], baselines: Mapping[str, str]) -> pd.DataFrame:
    told = [
        number(row["alignment"])
        + ("" if baselines[row["scenario"]] == row["scenario"] else f" ({signed(row['difference'])})")
        for row in ends.to_dict("records")
    ]
    wide = ends.assign(told=told).pivot(index="state", columns="scenario", values="told")
    table = wide.reindex(index=list(shapes()["states"]), columns=list(names)).reset_index()
    return table.assign(state=table["state"].map(STATE_NAMES))
