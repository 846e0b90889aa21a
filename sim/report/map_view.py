"""The map as reports and the page draw it: the region, and its small states once more, in boxes beneath."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
from matplotlib.colors import to_hex

from sim.figures import region_map, style
from sim.figures.gallery.alignment_map import COLOURS, SCALE
from sim.figures.geography import shapes
from sim.report.chart import Named
from sim.scenario.states import STATE_NAMES

WIDTH = 820
"""Pixels."""

NOTE = region_map.NOTE.replace("hatched", "with a dashed line around them")
"""What is drawn how."""

_DARK = 0.55  # of the scale, from which letters on it are white
_GAP = 10  # pixels between boxes
_SOURCES = ("states", "land", "russia", "disputed")


@dataclass(frozen=True, slots=True)
class Shading:
    """What is shown of a state: expressions of Vega on its feature.

    Parameters
    ----------
    value : str
        The number, -1 to 1 or as far as ``far``.
    told : str
        It in words, when the state is pointed at.
    star : str
        A mark beside it, or an empty text.
    plain : str
        Whether the scale ends at -1 and 1.
    far : str
        Where it ends otherwise: a number, or an expression.
    legend : str
        What stands above the scale.
    """

    value: str
    told: str
    star: str = "''"
    plain: str = "true"
    far: str = "1.0"
    legend: str = "− against Moscow, + with it"

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
                title=self.legend,
                orient="top",
                gradientLength=320,
                values=[-1, -0.5, 0, 0.5, 1],
                labelExpr=f"format(datum.value * ({self.plain} ? 1 : {self.far}), '+.2f')",
                titleLimit=400,
            ),
        )


def whole_map(shading: Shading) -> Any:
    """Return the map with its boxes, of the data that `name_shapes` names.

    Parameters
    ----------
    shading : Shading
    """
    sources = {name: alt.NamedData(name=name) for name in _SOURCES}
    left, _, right, _ = region_map.bounds(shapes()["states"], region_map.MARGIN)
    scale = WIDTH / (right - left)
    whole = _view(sources, shading, tuple(shapes()["states"]), region_map.MARGIN, scale, boxed=False)
    wide = WIDTH - _GAP * (len(region_map.INSETS) - 1)
    high = wide / sum(map(region_map.aspect, region_map.INSETS.values()))
    boxes = [
        _view(
            sources, shading, codes, region_map.NEAR, high / _height(codes), boxed=True, place_in_row=column
        )
        for column, codes in enumerate(region_map.INSETS.values(), start=1)
    ]
    return whole & alt.hconcat(*boxes, spacing=_GAP)


def _view(
    sources: Mapping[str, Any], shading: Shading, codes: Collection[str], margin: float, scale: float, *,
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


def name_shapes(named: Named, states: Sequence[Mapping[str, Any]]) -> None:
    """Name what the map is drawn from.

    Parameters
    ----------
    named : Named
    states : sequence of mapping
        `state_features`, with what is shown of them among their properties.
    """
    for name, features in zip(_SOURCES, (states, *_surroundings()), strict=True):
        named.shapes(name, features)


@lru_cache(maxsize=1)
def _surroundings() -> tuple[list[dict[str, Any]], ...]:
    """Return what is the same on every map: other land, Russia and the disputed territories."""
    russia = {"RUS": shapes()["russia"]}
    return tuple(_features(held) for held in (shapes()["context"], russia, shapes()["disputed"]))


def state_features() -> list[dict[str, Any]]:
    """Return the states as GeoJSON features, each with its code, its name and where its label stands."""
    features = _features(shapes()["states"])
    for feature in features:
        properties = feature["properties"]
        properties["name"] = STATE_NAMES[properties["code"]]
        properties["boxed"] = properties["code"] in region_map.BOXED_STATES
    return features


def rounded(value: float) -> float | None:
    """Return a value as JSON holds it: None where it is undefined, as an interval of a single run is.

    The page shows two digits of it: with three kept here, .0845 became .085 and was shown as .09.
    """
    return round(float(value), 6) if np.isfinite(value) else None


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
