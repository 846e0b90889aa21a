"""The figure of one state: what it counts, what it draws, and where it can be asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import RequestError
from sim.figures import draw_all
from sim.figures.gallery.state import SERIES, fallen_by, state_paths
from sim.figures.paths import Fans, bands, fans, gather, years_of
from sim.figures.source import Source
from tests.command_line import FAST, call, write_two_scenarios
from tests.test_figures_draw import problems

MONTHS = [f"2010-{month + 1:02d}" for month in range(6)]
FALLS = pd.DataFrame(
    [
        ("baseline", 0, "2010-02", "fall", "KGZ", "street"),
        ("baseline", 0, "2010-04", "fall", "KGZ", "elite"),  # the same run: counted once
        ("baseline", 1, "2010-04", "fall", "KGZ", "elite"),
        ("baseline", 2, "2010-02", "fall", "UKR", "street"),  # another state
        ("baseline", 3, "2010-02", "successor", "KGZ", "anti"),  # another kind
        ("dubnov", 3, "2010-01", "fall", "KGZ", "street"),  # another scenario
    ],
    columns=["scenario", "replicate", "month", "kind", "target", "detail"],
)


def paths(*names: str, runs: int = 5) -> dict[str, Fans]:
    """Return made-up bands of Kyrgyzstan's series."""
    rng = np.random.default_rng(3)
    times = years_of(MONTHS)
    return {
        column: {(name, "KGZ"): (times, bands(rng.random((runs, len(MONTHS))))) for name in names}
        for column in SERIES
    }


def test_a_run_counts_from_its_first_fall_on():
    times = years_of(MONTHS)
    assert list(fallen_by(FALLS, "baseline", "KGZ", times)) == [0, 1, 1, 2, 2, 2]
    assert list(fallen_by(FALLS, "dubnov", "KGZ", times)) == [1] * 6
    assert list(fallen_by(FALLS, "baseline", "EST", times)) == [0] * 6


def test_it_draws_these_numbers_and_keeps_its_text_inside():
    made = paths("baseline", "dubnov")
    drawn = state_paths(made, FALLS, Source(1, {"baseline": 5, "dubnov": 4}, baseline="baseline"), "KGZ")
    panels = {axis.get_title(loc="left"): axis for axis in drawn.axes}
    assert set(panels) >= {*SERIES.values(), "Incumbent has fallen"}
    for column, title in SERIES.items():
        fan, dashed, low, high = panels[title].lines
        np.testing.assert_array_equal(fan.get_ydata(), made[column]["dubnov", "KGZ"][1][2])
        levels = made[column]["baseline", "KGZ"][1]
        for line, expected in zip((dashed, low, high), levels[[2, 0, 4]], strict=True):
            np.testing.assert_array_equal(line.get_ydata(), expected)
    shares = [list(line.get_ydata()) for line in panels["Incumbent has fallen"].lines]
    assert shares == [[0, 0.2, 0.2, 0.4, 0.4, 0.4], [0.25] * 6]
    words = " ".join(" ".join(text.get_text() for text in drawn.texts).split())
    assert "Kyrgyzstan" in words
    assert "With 4 runs" in words
    assert "Differences of single states are not audited." in words
    ticks = {
        label.get_text() for axis in drawn.axes for label in axis.get_xticklabels() + axis.get_yticklabels()
    }
    assert [text for text in problems(drawn) if text not in ticks] == []


def test_of_many_scenarios_it_draws_the_medians():
    names = ("baseline", "dubnov", "kuzio")
    source = Source(1, dict.fromkeys(names, 5), baseline="baseline")
    axis = state_paths(paths(*names), FALLS, source, "KGZ").axes[0]
    assert len(axis.lines) == 2 + 3  # the baseline's median and its band's edges
    assert not axis.collections
    with pytest.raises(RequestError, match="no run has trajectories of Estonia"):
        state_paths(paths(*names), FALLS, source, "EST")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return the folder of a few small runs."""
    monkeypatch.chdir(tmp_path)
    write_two_scenarios(tmp_path)
    done = call("compare", "one.yaml", "two.yaml", *FAST, "--out", "here", "--state", "KGZ")
    assert done.exit_code == 0, done.output
    return tmp_path / "here"


def test_it_is_asked_for_by_state(here):
    done = call("plot", "here", "--state", "kyrgyzstan,Baltic", "--out", "paper")
    assert done.exit_code == 0, done.output
    assert [Path(line).name for line in done.stdout.split()] == [
        "state_KGZ.png", "state_EST.png", "state_LVA.png", "state_LTU.png",
    ]  # fmt: skip
    both = call("plot", "here", "--state", "KGZ", "--figures", "influence,state", "--out", "both")
    assert sorted(path.name for path in Path("both").glob("*.png")) == ["influence.png", "state_KGZ.png"]
    assert both.exit_code == 0
    done = call("plot", "here", "--figures", "state")
    assert done.exit_code == 2
    assert "figure state is drawn of single states: name them" in done.stderr
    results = sim.open_results(here)
    assert not any(path.name.startswith("state_") for path in draw_all(results, "all", dpi=30))
    with pytest.raises(RequestError, match="give one of: EST"):
        results.plot.state()
    assert results.plot.state("Kyrgyzstan").texts[0].get_text().startswith("Kyrgyzstan: paths")


def test_compare_draws_it_of_the_states_that_it_shows(here):
    done = call(
        "compare",
        "one.yaml",
        "two.yaml",
        "--workers",
        "1",
        "--set",
        "citizens=60",
        "--out",
        "here",
        "--state",
        "KGZ",
    )
    assert done.exit_code == 0, done.output
    assert (here / "figures" / "state_KGZ.png").is_file()
    assert not (here / "figures" / "state_MDA.png").exists()


def test_bands_are_read_some_runs_at_a_time(here):
    from sim.figures.tables import Tables  # noqa: PLC0415

    results = sim.open_results(here)
    read = Tables(results).fans_of("KGZ", ["attitude"])["attitude"]
    whole = fans(gather(results.read("trajectories", states="KGZ"), "attitude"))
    assert read.keys() == whole.keys() == {("one", "KGZ"), ("two", "KGZ")}
    for key, (times, levels) in whole.items():
        np.testing.assert_array_equal(read[key][0], times)
        np.testing.assert_array_equal(read[key][1], levels)
