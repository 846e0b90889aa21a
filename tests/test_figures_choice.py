"""Which scenarios figures show, in what order and colours, with or without a caption."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from sim import figures
from sim.errors import ResultsError
from sim.experiment.under import Group
from sim.figures import style
from sim.figures.draw import Tables
from sim.figures.gallery import end_states
from sim.figures.gallery.differences_map import alignment_differences
from sim.scenario import SHARED_WORLD, names
from tests.test_figures_draw import results


def order(made: object, *given: object) -> Sequence[str]:
    return Tables(made, *given).source.scenarios  # type: ignore[arg-type]


def test_the_baseline_comes_first() -> None:
    made = results(("kuzio", "baseline", "dubnov"), runs=2, months=12)
    assert order(made) == ("baseline", "kuzio", "dubnov")
    assert order(made, None, "dubnov") == ("dubnov", "kuzio", "baseline")
    assert list(Tables(made, None, "dubnov").outcomes["scenario"].unique()) == ["dubnov", "kuzio", "baseline"]


def test_scenarios_are_chosen_and_their_baseline_with_them() -> None:
    made = results(("baseline", "kuzio", "dubnov"), runs=2, months=12)
    assert order(made, ["dubnov"], "baseline") == ("baseline", "dubnov")
    tables = Tables(made, ["dubnov"], "baseline")  # type: ignore[arg-type]
    assert set(tables.trajectories["scenario"]) == set(tables.events["scenario"]) == {"baseline", "dubnov"}
    with pytest.raises(ResultsError, match="no scenario 'kuzo'; did you mean kuzio"):
        order(made, ["kuzo"])


def test_each_group_is_drawn_with_its_own_baseline(tmp_path: Path) -> None:
    made = results(("a", "b", "c", "d"), runs=2, months=12)
    groups = [Group("a", ("a", "b"), "one"), Group("d", ("c", "d"), "two")]
    drawn = figures.draw_groups(made, groups, tmp_path, dpi=30, only=["differences_map"])
    assert drawn == [tmp_path / "one" / "differences_map.png", tmp_path / "two" / "differences_map.png"]
    alone = figures.draw_groups(made, groups[:1], tmp_path, dpi=30, only=["differences_map"])
    assert alone == [tmp_path / "differences_map.png"]


def test_the_shipped_theses_have_colours_that_stand_for_nothing_else() -> None:
    fixed = style.thesis_colours()
    assert set(fixed) == {name for name in names() if "/" not in name} - {SHARED_WORLD}
    others = {*style.PALETTE, *end_states.COLOURS, style.BASELINE_COLOUR, style.INK, style.FAINT}
    assert len(set(fixed.values())) == len(fixed)
    assert not {colour.lower() for colour in fixed.values()} & {colour.lower() for colour in others}
    some = list(fixed)[:2]
    assert style.scenario_colours(["mine", *reversed(some)]) == {
        "mine": style.PALETTE[0],
        **{name: fixed[name] for name in some},
    }


def test_a_figure_without_its_caption_is_less_high_and_says_the_same(tmp_path: Path) -> None:
    made = results(("baseline", "dubnov"), runs=2, months=12)
    for name, caption in (("with", True), ("without", False)):
        figures.draw_all(made, tmp_path / name, dpi=40, only=["influence", "alignment_map"], caption=caption)
    for name in ("influence.png", "alignment_map.png"):
        tall, short = (imread(tmp_path / which / name) for which in ("with", "without"))
        assert short.shape[1] == tall.shape[1]
        assert short.shape[0] < tall.shape[0] - 20
        rows = np.flatnonzero((short[:, :, :3] < 0.95).any(axis=(1, 2)))
        assert rows[0] < 12  # what is drawn begins where the figure does, and nothing of it is cut off
        assert (short[0, :, :3] > 0.99).all()
    again = figures.draw_all(made, tmp_path / "again", dpi=40, only=["influence"], caption=True)
    assert again[0].read_bytes() == (tmp_path / "with" / "influence.png").read_bytes()


def test_differences_by_state_are_of_pairs_in_the_last_month() -> None:
    rows = [
        (scenario, replicate, month, "KGZ", value)
        for scenario, values in {"baseline": (0.5, -0.5, 0.1), "other": (0.7, -0.1, 0.4)}.items()
        for replicate, value in enumerate(values)
        for month, value in (("2010-01", 0.0), ("2010-02", value))
    ]
    columns = ["scenario", "replicate", "month", "state", "alignment"]
    found = alignment_differences(pd.DataFrame(rows, columns=columns), "baseline")
    assert list(found.index) == [("other", "KGZ")]
    row = found.loc[("other", "KGZ")]
    assert row["difference"] == pytest.approx(0.3)
    assert row["low"] == pytest.approx(0.2)
    assert row["high"] == pytest.approx(0.4)


def test_small_states_are_drawn_larger_beside_the_map() -> None:
    made = results(("baseline", "dubnov"), runs=2, months=12)
    tables = Tables(made)
    drawn = figures.differences_map(tables.trajectories, tables.source)
    (panel,) = [axis for axis in drawn.axes if axis.child_axes]
    drawn.draw_without_rendering()
    boxes = {text.get_text().split("\n")[0]: box for box in panel.child_axes for text in box.texts}
    assert {"MDA", "GEO", "ARM", "AZE", "Transnistria", "Karabakh"} <= set(boxes)
    for code in ("MDA", "ARM"):

        def size(axis: object, code: str = code) -> float:
            (patch,) = [patch for patch in axis.patches if patch.get_gid() == code]  # type: ignore[attr-defined]
            return float(patch.get_window_extent().width)

        assert size(boxes[code]) > 1.5 * size(panel)
