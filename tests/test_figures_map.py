"""The map: every state is there, and disputed territories belong to the states that hold them by law."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure

from sim.figures.gallery.alignment_map import COLOURS, SCALE, alignment_at_end, alignment_map
from sim.figures.geography import outline, project, shapes
from sim.figures.labels import STATE_NAMES
from sim.figures.source import Source

DISPUTED = {
    "Crimea": ("UKR", 34.1, 45.2),
    "Donbas": ("UKR", 38.5, 48.1),
    "Abkhazia": ("GEO", 41.2, 43.0),
    "South Ossetia": ("GEO", 44.1, 42.35),
    "Transnistria": ("MDA", 29.63, 46.84),
    "Karabakh": ("AZE", 46.7, 39.8),
}
ALIGNMENT = pd.DataFrame([np.linspace(-1, 1, 14)], index=["baseline"], columns=list(STATE_NAMES))


@pytest.fixture(scope="module")
def figure() -> Figure:
    return alignment_map(ALIGNMENT, Source(1, {"baseline": 3}))


def patch(figure: Figure, name: str):
    (found,) = [p for p in figure.axes[0].patches if p.get_gid() == name]
    return found


def contains(figure: Figure, name: str, longitude: float, latitude: float) -> bool:
    point = [float(v) for v in project(longitude, latitude)]
    return bool(patch(figure, name).get_path().contains_point(point))


def test_all_fourteen_states_are_drawn_coloured_and_labelled(figure: Figure) -> None:
    labels = {text.get_gid() for text in figure.axes[0].texts}
    for code in STATE_NAMES:
        assert patch(figure, code).get_facecolor() == to_rgba(COLOURS(SCALE(ALIGNMENT.at["baseline", code])))
        assert f"label {code}" in labels


@pytest.mark.parametrize("name", DISPUTED)
def test_disputed_territory_is_hatched_within_its_recognised_state(figure: Figure, name: str) -> None:
    state, longitude, latitude = DISPUTED[name]
    assert patch(figure, name).get_hatch()
    assert to_rgba(patch(figure, name).get_facecolor())[3] == 0  # the state's colour shows through
    assert contains(figure, name, longitude, latitude)
    assert contains(figure, state, longitude, latitude)
    assert not contains(figure, "RUS", longitude, latitude)
    assert name in [text.get_text() for text in figure.axes[0].texts]
    assert shapes()["disputed"][name]["state"] == state


def test_crimea_is_painted_as_ukraine(figure: Figure) -> None:
    ukraine = patch(figure, "UKR").get_facecolor()
    figure.canvas.draw()
    axis = figure.axes[0]
    drawn = [p for p in axis.patches if p.get_fill() and p.get_facecolor()[3] > 0]
    point = [float(v) for v in project(34.1, 45.2)]
    top = max((p for p in drawn if p.get_path().contains_point(point)), key=lambda p: p.get_zorder())
    assert top.get_facecolor() == ukraine


def test_legend_says_what_the_hatching_means(figure: Figure) -> None:
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert "disputed territory" in [text.get_text() for text in legend.get_texts()]


def test_scale_is_diverging_centred_at_zero_and_keeps_off_red_and_green(figure: Figure) -> None:
    assert (SCALE.vmin, SCALE.vmax) == (-1, 1)
    assert min(COLOURS(SCALE(0.0))[:3]) > 0.95
    against, beside = COLOURS(SCALE(-0.7)), COLOURS(SCALE(0.7))
    assert against[2] > against[0]  # violet
    assert beside[0] > beside[2]  # orange
    assert to_hex(patch(figure, "RUS").get_facecolor()) == "#cfcfcf"


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [("KAZ", 71.4, 51.1), ("EST", 24.9, 58.9), ("TJK", 68.8, 38.5), ("ARM", 44.5, 40.2), ("RUS", 37.6, 55.7)],
)
def test_capitals_lie_in_their_states(figure: Figure, code: str, longitude: float, latitude: float) -> None:
    assert contains(figure, code, longitude, latitude)


def test_states_do_not_overlap() -> None:
    paths = {code: outline(shape) for code, shape in shapes()["states"].items()}
    for code, shape in shapes()["states"].items():
        point = [float(v) for v in project(*shape["label"])]
        assert [other for other in paths if paths[other].contains_point(point)] == [code]


def test_shapes_are_small_and_say_where_they_come_from() -> None:
    path = files("sim.figures").joinpath("shapes.json")
    assert len(path.read_bytes()) < 120_000
    assert "Natural Earth" in shapes()["source"]
    assert "public domain" in shapes()["licence"]


def test_projection_keeps_areas() -> None:
    def area(longitude: float, latitude: float, step: float = 0.01) -> float:
        x, y = project([longitude, longitude + step, longitude], [latitude, latitude, latitude + step])
        return abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])) / np.radians(step) ** 2

    for longitude, latitude in [(25, 59), (53, 48), (80, 42), (60, 36)]:
        assert area(longitude, latitude) == pytest.approx(np.cos(np.radians(latitude)), rel=1e-3)


def test_alignment_at_end_is_the_mean_of_the_last_month() -> None:
    rows = pd.DataFrame(
        [
            ("baseline", r, m, "KGZ", v)
            for r, m, v in [(0, "2010-01", 9), (0, "2010-02", 0.2), (1, "2010-02", 0.6)]
        ]
        + [("baseline", 0, "2010-02", "RUS", np.nan), ("long", 0, "2012-12", "KGZ", -1.0)],
        columns=["scenario", "replicate", "month", "state", "alignment"],
    )
    ends = alignment_at_end(rows)
    assert ends.at["baseline", "KGZ"] == pytest.approx(0.4)
    assert ends.at["long", "KGZ"] == -1
    assert list(ends.columns) == ["KGZ"]


def test_state_without_a_value_is_white() -> None:
    figure = alignment_map(ALIGNMENT.drop(columns="KAZ"), Source(1, {"baseline": 3}))
    assert patch(figure, "KAZ").get_facecolor() == to_rgba("white")
