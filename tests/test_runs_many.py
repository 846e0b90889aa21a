"""Of many runs little is held in memory at a time, whoever writes or reads them."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq
import pytest
from test_runs_fakes import RECIPE, FakeScenario, build_world, run_to_folder, simulate

from sim.experiment import histories, reading, tables
from sim.experiment.chunk import Recipe
from sim.experiment.files import remove_partial_files
from sim.experiment.reading import runs_a_group
from sim.figures.draw import chosen, planned
from sim.figures.gallery.fall_probability import fall_probabilities
from sim.figures.tables import Tables


def simulate_one_more(scenario, replicate, world):
    """Draw a parameter that the first scenario has not, in some runs alone."""
    run = simulate(scenario, replicate, world)
    more = {"costs.arrears": replicate / 7} if scenario.name == "kuzio" and replicate % 2 else {}
    return SimpleNamespace(history=run.history, draws=run.draws | more)


ONE_MORE = Recipe(simulate_one_more, build_world)


@pytest.fixture
def scenarios():
    return [FakeScenario("baseline", runs=50), FakeScenario("kuzio", runs=50)]


def test_rows_that_are_put_aside_make_the_same_tables(tmp_path, scenarios, monkeypatch):
    whole = run_to_folder(scenarios, tmp_path / "whole", ONE_MORE)
    monkeypatch.setattr(tables, "_HELD", 2)
    parted = run_to_folder(scenarios, tmp_path / "parted", ONE_MORE)
    groups = pq.ParquetFile(tmp_path / "parted" / "draws.parquet").num_row_groups
    assert groups == 3
    for name in ("outcomes", "draws", "parameters", "trajectories"):
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(parted, name))
    assert parted.draws["costs.arrears"].notna().sum() == 25
    assert not list((tmp_path / "parted").rglob(".*"))


def test_what_was_put_aside_goes_with_an_error_or_with_the_next_command(tmp_path, scenarios, monkeypatch):
    monkeypatch.setattr(tables, "_HELD", 1)
    seen = []

    def full(*_, **__):
        seen.extend(path.name for path in tmp_path.rglob(".draws*"))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables._Rows, "write", full)
    with pytest.raises(OSError, match="No space"):
        run_to_folder(scenarios, tmp_path / "out")
    assert seen
    assert not list(tmp_path.rglob(".draws*"))
    left = tmp_path / "out" / seen[0]
    left.touch()
    remove_partial_files(tmp_path / "out")
    assert not left.exists()


def test_few_groups_describe_many_runs(tmp_path, scenarios, monkeypatch):
    assert runs_a_group(2_000) < runs_a_group(2_001)
    few = run_to_folder(scenarios, tmp_path / "few")
    monkeypatch.setattr(reading, "_MANY", 10)
    many = run_to_folder(scenarios, tmp_path / "many")
    groups = [pq.ParquetFile(item.path / "events.parquet").num_row_groups for item in (few, many)]
    assert groups == [6, 2]
    pd.testing.assert_frame_equal(few.events, many.events)
    for results, parts in ((few, 3), (many, 2)):
        found = list(results.parts("events", runs=40))
        assert len(found) == parts
        columns = ["replicate", "tick", "value"]
        whole = results.events[columns]
        pd.testing.assert_frame_equal(pd.concat(found, ignore_index=True)[columns], whole)


def test_histories_read_a_group_once(tmp_path, scenarios, monkeypatch):
    monkeypatch.setattr(reading, "_MANY", 10)
    results = run_to_folder([replace(scenarios[0], runs=90)], tmp_path / "out")
    reads = []
    usual = pq.ParquetFile.read_row_groups
    monkeypatch.setattr(
        pq.ParquetFile, "read_row_groups", lambda *args: reads.append(args[1]) or usual(*args)
    )
    past = histories.Histories(results.path, results.about, RECIPE.build_world)
    found = [replicate for replicate, _ in past.read("baseline", range(90))]
    assert found == list(range(90))
    assert reads == [[0]] * 4


def test_memory_to_read_parts_and_some_columns_does_not_grow_with_the_runs(tmp_path):
    """Of what Python and NumPy hold; Arrow's own memory is outside of it."""
    peaks = []
    for runs in (40, 160):
        results = run_to_folder([FakeScenario(runs=runs)], tmp_path / str(runs))
        tracemalloc.start()
        for part in results.parts("trajectories", runs=20):
            assert len(part) == 20 * 24 * 4
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_figures_read_of_events_what_they_show(tmp_path, scenarios):
    results = run_to_folder(scenarios, tmp_path / "out")
    made = Tables(results)
    rows, whole = made.falls_and_uses, made.events
    assert rows.shape[1] < whole.shape[1] / 5
    assert 0 < len(rows) == whole["kind"].isin(["fall", "instrument"]).sum() < len(whole)
    for name in made.source.scenarios:
        few, all_of_them = (fall_probabilities(table, name, 50, range(2010, 2012)) for table in (rows, whole))
        assert (few == all_of_them).all()
        assert few.any()


def test_no_figure_reads_events_whole(tmp_path, scenarios, monkeypatch):
    results = run_to_folder(scenarios, tmp_path / "out")
    monkeypatch.setattr(Tables, "events", property(lambda _: pytest.fail("read whole")))
    monkeypatch.setattr(Tables, "trajectories", property(lambda _: pytest.fail("read whole")))
    for job, draw in planned(results, chosen(["fall_probability", "instruments"])):
        assert draw().axes, job
