"""No figure is drawn twice from the same: what brings one about again, and who draws it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import matplotlib as mpl
import pytest

import sim
from sim import figures
from sim.errors import WorkersError
from sim.figures import drawn, registry, several
from sim.figures.draw import SKIPPED
from sim.figures.drawn import RECORD

SOME = ["end_states", "influence"]
MANY = ["end_states", "influence", "outcomes", "differences", "alignment_map", "fall_probability"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    comparison = sim.compare(
        ["baseline", "kuzio"], runs=2, workers=1, changes=["citizens=50", "years=2"], baseline_too=True,
        out=tmp_path_factory.mktemp("drawn") / "here",
    )  # fmt: skip
    return comparison.results


@pytest.fixture
def saved(monkeypatch):
    """Names of the figures that this process draws, as they come; it draws all of them."""
    names: list[str] = []

    def save_all(figure, folder, name, *given, **options):
        names.append(name)
        return usual(figure, folder, name, *given, **options)

    usual = several.save_all
    monkeypatch.setattr(several, "save_all", save_all)
    monkeypatch.setattr(several, "usable_cores", lambda: 1)
    return names


def draw(results, folder, only=SOME, **options):
    return figures.draw_all(results, folder, dpi=30, only=only, **options)


def test_the_same_figures_are_there_already(results, saved, tmp_path):
    first = draw(results, tmp_path)
    assert saved == ["end_states", "influence"]
    assert draw(results, tmp_path) == first
    assert draw(sim.open_results(results.path), tmp_path) == first
    assert draw(results, tmp_path, only=["influence"]) == first[1:]
    assert len(saved) == 2


def test_a_figure_that_was_removed_or_changed_is_drawn_again(results, saved, tmp_path):
    first, second = draw(results, tmp_path)
    whole = first.read_bytes()
    first.write_bytes(whole[:-1])
    second.unlink()
    saved.clear()
    draw(results, tmp_path)
    assert saved == ["end_states", "influence"]
    assert first.read_bytes() == whole
    (tmp_path / RECORD).write_text("{")
    draw(results, tmp_path)
    assert len(saved) == 4


@pytest.mark.parametrize("options", [{"caption": False}, {"baseline": "kuzio"}, {"formats": ("pdf",)}])
def test_what_is_asked_for_otherwise_is_drawn(results, saved, tmp_path, options):
    draw(results, tmp_path)
    draw(results, tmp_path, **options)
    assert len(saved) == 4
    draw(results, tmp_path, **options)
    assert len(saved) == 4


def test_a_second_format_does_not_cost_the_first(results, saved, tmp_path):
    draw(results, tmp_path)
    draw(results, tmp_path, formats=("svg",))
    draw(results, tmp_path, formats=("png", "svg"))
    assert len(saved) == 4


def test_data_style_settings_and_packages_count(results, saved, tmp_path, monkeypatch):
    copied = sim.open_results(shutil.copytree(results.path, tmp_path / "copy"))
    place = tmp_path / "figures"
    draw(copied, place)
    table = copied.path / "trajectories.parquet"
    os.utime(table, ns=(2**62, 2**62))  # as if written since: looked at, and found to be the same
    draw(copied, place)
    assert len(saved) == 2
    table.write_bytes((results.path / "events.parquet").read_bytes())
    os.utime(table, ns=(2**62, 2**62))
    key = drawn.key_of_figures(figures.tables.Tables(copied), dpi=30, caption=True)
    assert key != drawn.key_of_figures(figures.tables.Tables(results), dpi=30, caption=True)
    draw(results, place)
    assert len(saved) == 2  # the figures of the folder from which the copy was made
    with mpl.rc_context({"font.size": 7.5}):
        draw(results, place)
    assert len(saved) == 4
    drawn._style.cache_clear()
    monkeypatch.setattr(drawn, "installed_version", lambda package: f"{package} of tomorrow")
    draw(results, place)
    assert len(saved) == 6
    drawn._style.cache_clear()


def test_why_a_figure_cannot_be_drawn_is_kept_too(results, saved, tmp_path):
    for _ in range(2):
        made = figures.draw_all(results, tmp_path, only=["differences_map"], scenarios=["baseline"])
        assert made == []
        assert "there is only one" in (tmp_path / SKIPPED).read_text()
    assert draw(results, tmp_path, only=["differences_map"])
    assert not (tmp_path / SKIPPED).exists()


def test_a_users_own_figure_is_always_drawn(results, saved, tmp_path):
    @figures.figure(
        name="mine", title="Mine", needs=("outcomes",), draw=lambda tables, _: mine(tables.outcomes)
    )
    def mine(outcomes):
        return figures.end_states(outcomes)

    try:
        for _ in range(2):
            draw(results, tmp_path, only=["mine", "influence"])
    finally:
        registry._FIGURES.pop("mine")
    assert saved == ["mine", "influence", "mine"]


@pytest.mark.slow
def test_several_processes_draw_the_same_bytes(results, saved, tmp_path, monkeypatch):
    with mpl.rc_context({"axes.linewidth": 1.7}):
        alone = draw(results, tmp_path / "one", only=MANY)
        assert len(saved) == len(alone) == 8
        monkeypatch.setattr(several, "usable_cores", lambda: 2)
        together = draw(results, tmp_path / "two", only=MANY)
    assert len(saved) == 8  # none of them here
    assert [path.name for path in together] == [path.name for path in alone]
    assert [path.read_bytes() for path in together] == [path.read_bytes() for path in alone]


def test_where_no_process_starts_or_one_dies_figures_are_drawn_here(results, saved, tmp_path, monkeypatch):
    def pool(workers, **_):
        raise WorkersError("worker processes do not start")

    monkeypatch.setattr(several, "usable_cores", lambda: 2)
    monkeypatch.setattr(several, "process_pool", pool)
    assert len(draw(results, tmp_path, only=MANY)) == len(saved) == 8


def test_outcomes_of_a_users_own_are_drawn_here(results, saved, tmp_path, monkeypatch):
    own = sim.measures.Outcome("mine", "mine", "", "mine", len, own=True)
    monkeypatch.setattr(several, "usable_cores", lambda: 2)
    monkeypatch.setattr(several, "OUTCOMES", {"mine": own})
    assert len(draw(results, tmp_path, only=MANY)) == len(saved) == 8


def test_the_record_is_of_files_beside_it(results, saved, tmp_path):
    draw(results, tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    moved = draw(results, Path(tmp_path / "b"))
    assert {path.parent.name for path in moved} == {"b"}
    assert len(saved) == 2
