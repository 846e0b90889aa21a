"""The benchmarks run, and everyone whom they compare follows the same rule."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from benchmarks import memory
from benchmarks.__main__ import main
from benchmarks.against import Version, checkout_of
from benchmarks.citizens.compiled import CompiledFastMath
from benchmarks.citizens.contestants import MESA, OURS, installed
from benchmarks.citizens.mesa_agents import MesaAgents
from benchmarks.citizens.ours import Shipped
from benchmarks.citizens.setting import NATIONAL, NEIGHBOURHOOD, Setting
from benchmarks.citizens.vectorised import Vectorised
from benchmarks.ensemble import expected_gain
from benchmarks.scale import BEGIN, END, fill
from benchmarks.timing import Timing, interleave
from benchmarks.whole_run import _with_agents
from benchmarks.workload import NAMES, from_keys, keys, scenario
from sim.model.simulate import build

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("exposure", [NATIONAL, NEIGHBOURHOOD])
@pytest.mark.parametrize("other", [MesaAgents, Vectorised])
def test_an_agent_a_citizen_follows_the_path_of_the_shipped_kernels(exposure, other):
    setting = Setting(3, 500, exposure)
    ours, theirs = Shipped(setting), other(setting)
    paths = np.array([[c.month(setting.news(t)) for t in range(18)] for c in (ours, theirs)])
    assert np.ptp(paths[0]) > 0.05  # it is a path worth following
    np.testing.assert_allclose(paths[0], paths[1], atol=2 / 500)


def test_the_whole_model_with_mesa_citizens_follows_the_shipped_one():
    case = scenario(1, 100)
    models = build(case, 1), _with_agents(case, 1)
    for _ in range(12):
        for model in models:
            model.step()
        shares = [model.population.participation for model in models]
        np.testing.assert_allclose(shares[0], shares[1], atol=1e-12)
        np.testing.assert_allclose(*(m.population.mean_attitude for m in models), atol=1e-5)
        np.testing.assert_allclose(*(m.population.falsification for m in models), atol=1e-12)


def test_ratios_pair_the_rounds():
    slow_machine = iter([1.0, 10.0, 2.0]), iter([3.0, 30.0, 6.0])
    timings = interleave({"a": slow_machine[0].__next__, "b": slow_machine[1].__next__}, 3)
    assert timings["a"] == Timing((1.0, 10.0, 2.0))
    assert timings["b"].times(timings["a"]) == pytest.approx(3)


@pytest.mark.slow
def test_the_command_measures_every_part_and_leaves_a_table_and_a_figure(tmp_path, monkeypatch):
    both = [(entry, found) for entry, found in installed() if entry.name in {OURS, MESA}]
    monkeypatch.setattr(
        memory, "installed", lambda: iter(both)
    )  # two processes each: one of either kind will do

    def measure(*words):
        done = CliRunner().invoke(main, ["--quick", "--out", str(tmp_path), *words])
        assert done.exit_code == 0, done.output
        return pd.read_csv(tmp_path / "benchmarks.csv")

    table = measure()
    parts = {"stage", "run", "ensemble", "growth", "memory", "mesa", "answer", "command", "startup"}
    assert set(table["part"]) == parts
    assert set(table.loc[table["part"] == "memory", "subject"]) >= {OURS, MESA}
    assert (tmp_path / "benchmarks.md").read_text().count("\n") == len(table) + 2
    assert (tmp_path / "benchmarks.png").stat().st_size > 10_000
    again = measure("--only", "startup")
    kept = [frame[frame["part"] != "startup"].reset_index(drop=True) for frame in (table, again)]
    pd.testing.assert_frame_equal(*kept)
    assert len(again) == len(table)


@pytest.mark.slow
def test_many_runs_are_measured_when_asked_for_and_fill_their_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    done = CliRunner().invoke(
        main, ["--quick", "--only", "scale", "--out", str(tmp_path / "out"), "--into", str(page)]
    )
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "benchmarks.csv")
    assert set(table["part"]) == {"scale"}
    assert {"runs and tables", "the same again", "figures", "run store", "tables"} < set(table["what"])
    assert (table.loc[table["subject"] == "disk", "value"] > 1).all()
    text = page.read_text()
    assert text.startswith(f"Before.\n\n{BEGIN}\n| what |")
    assert text.endswith(f"{END}\n\nAfter.\n")
    assert "old" not in text
    assert text.count("\n| ") == len(table) + 1
    with pytest.raises(ValueError, match="no place"):
        fill("Nothing here.", [])


def test_the_page_on_many_machines_has_a_place_for_what_many_runs_take():
    assert BEGIN in (ROOT / "docs" / "CLUSTERS.md").read_text(encoding="utf-8")
    assert END in fill((ROOT / "docs" / "CLUSTERS.md").read_text(encoding="utf-8"), [])


@pytest.mark.parametrize("serial", [0.0, 3.0])
@pytest.mark.parametrize("limit", [2.0, 1.7])
def test_the_gain_of_more_workers_is_reckoned_from_what_they_do_not_share(serial, limit):
    alone, shared = serial + 20, 20
    pair = serial + shared / limit
    assert expected_gain(alone, pair, limit, 1) == pytest.approx(1)
    assert expected_gain(alone, pair, limit, 2) == pytest.approx(alone / pair)
    assert expected_gain(alone, pair, limit, 8) == pytest.approx(alone / (serial + shared / (7 * limit - 6)))


def test_a_second_worker_that_gains_nothing_promises_nothing_of_more():
    assert expected_gain(20, 20, 1.0, 8) == 1
    assert expected_gain(20, 20, 1.9, 8) == pytest.approx(1)


def test_a_workload_sets_every_parameter_and_leaves_out_what_a_version_does_not_know():
    for name in NAMES:
        case, unknown = from_keys(keys(name, years=1))
        assert not unknown
        assert case.months == 12
        assert len(case.parameters) == len(keys(name)["parameters"]) > 290
    with_more = keys() | {"parameters": {**keys()["parameters"], "citizens.new": 1.0}}
    assert from_keys(with_more)[1] == ["citizens.new"]


@pytest.mark.slow
def test_another_version_makes_the_same_workload_in_a_process_of_its_own():
    work = keys(years=1, citizens=100)
    work["parameters"] |= {"citizens.new": 1.0}
    version = Version(ROOT, work)
    try:
        assert version.unknown == 1
        assert 0 < version.run(1) < 10
        version.run(2)
        numbers = dict(version.numbers)
        version.run(1)
    finally:
        version.close()
    assert numbers[1] == version.numbers[1] != numbers[2]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository")
def test_an_earlier_commit_is_checked_out_and_removed_again():
    with checkout_of("HEAD") as place:
        assert (place / "sim" / "model").is_dir()
    assert not place.exists()


def test_c_with_fast_math_leaves_the_arithmetic_of_the_process_alone():
    """It once made the process flush the smallest numbers to zero, for every test after it."""
    smallest = np.finfo(float).tiny
    setting = Setting(2, 50, NATIONAL)
    try:
        CompiledFastMath(setting)
    except ImportError as error:
        pytest.skip(str(error))
    assert smallest / 2 > 0
