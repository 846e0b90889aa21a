"""The numbers behind the figures: quantiles, shares, differences, held against counts by hand."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import against
from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.written import UNAUDITED
from sim.figures.gallery.differences import outcome_differences, paired_differences
from sim.figures.gallery.end_states import end_state_shares
from sim.figures.gallery.fall_probability import fall_heat_map, fall_probabilities
from sim.figures.gallery.influence import influence_fans
from sim.figures.gallery.instruments import uses_per_run
from sim.figures.gallery.outcomes import bin_edges, plot_outcome
from sim.figures.gallery.parameter_effect import binned_quantiles
from sim.figures.labels import STATE_NAMES
from sim.figures.paths import bands, gather
from sim.figures.source import Source, source_of
from sim.instruments import INSTRUMENTS

CODES = list(STATE_NAMES)


def events(*rows: tuple[str, int, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scenario", "replicate", "month", "kind", "target", "detail"])


FALLS = events(
    ("baseline", 0, "2010-03", "fall", "KGZ", "street"),
    ("baseline", 0, "2010-11", "fall", "KGZ", "elite"),  # the same run, state and year: counted once
    ("baseline", 1, "2010-05", "fall", "KGZ", "street"),
    ("baseline", 2, "2011-05", "fall", "UKR", "elite"),
    ("baseline", 2, "2011-05", "successor", "UKR", "anti"),  # another kind
    ("dubnov", 3, "2010-05", "fall", "MDA", "street"),  # another scenario
    ("baseline", 3, "2015-05", "fall", "UKR", "street"),  # outside the years
)


def test_fall_probability_counts_each_run_once_over_all_runs() -> None:
    shares = fall_probabilities(FALLS, "baseline", runs=4, years=range(2010, 2012))
    expected = np.zeros((14, 2))
    expected[CODES.index("KGZ"), 0] = 2 / 4
    expected[CODES.index("UKR"), 1] = 1 / 4
    np.testing.assert_array_equal(shares, expected)


def test_fall_probability_by_kind() -> None:
    shares = fall_probabilities(FALLS, "baseline", runs=4, years=range(2010, 2012), detail="elite")
    assert shares[CODES.index("KGZ"), 0] == 1 / 4
    assert shares[CODES.index("UKR"), 1] == 1 / 4
    assert shares.sum() == 2 / 4


def test_heat_map_draws_these_probabilities_on_one_scale() -> None:
    figure = fall_heat_map(FALLS, Source(1, {"baseline": 4, "dubnov": 5}), range(2010, 2012))
    meshes = [axis.collections[0] for axis in figure.axes[:2]]
    for mesh, (name, runs) in zip(meshes, {"baseline": 4, "dubnov": 5}.items(), strict=True):
        drawn = np.asarray(mesh.get_array()).reshape(14, 2)
        np.testing.assert_array_equal(drawn, fall_probabilities(FALLS, name, runs, range(2010, 2012)))
        assert mesh.get_clim() == (0, 0.5)


@pytest.mark.parametrize("runs", [4, 10, 25, 40])
def test_the_shares_beside_the_colour_bar_are_not_rounded(runs: int) -> None:
    """A tick at 2.5 % that reads 2 % would put a cell's share in doubt."""
    figure = fall_heat_map(FALLS, Source(1, {"baseline": runs}), range(2010, 2012))
    figure.canvas.draw()
    scale = figure.axes[-1].yaxis
    told = [float(label.get_text().removesuffix("%")) / 100 for label in scale.get_ticklabels()]
    np.testing.assert_allclose(told, scale.get_ticklocs(), atol=1e-9)


def test_heat_map_names_states_and_says_what_a_fall_is() -> None:
    figure = fall_heat_map(FALLS, Source(1, {"baseline": 4}), range(2010, 2012))
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == list(STATE_NAMES.values())
    assert any("to the street or to elites" in text.get_text() for text in figure.texts)
    assert "Share of runs in which an incumbent falls" in said(figure)
    assert "robabilit" not in said(figure)


def said(figure) -> str:
    return " ".join(" ".join(text.get_text() for text in figure.texts).split())


def test_heat_map_of_several_scenarios_says_what_was_not_audited() -> None:
    source = Source(1, {"baseline": 4, "dubnov": 5})
    audit = AuditMarks(unaudited=("dubnov",))
    drawn = said(fall_heat_map(FALLS, source, range(2010, 2012), audit=audit))
    assert "Differences of single states are not audited." in drawn
    assert f"{UNAUDITED} any difference of dubnov from baseline." in drawn
    assert "Not audited" not in said(fall_heat_map(FALLS, source, range(2010, 2012), audit=AuditMarks()))
    assert "audited" not in said(fall_heat_map(FALLS, Source(1, {"baseline": 4}), range(2010, 2012)))


def test_heat_map_refuses_an_unknown_kind_of_fall() -> None:
    with pytest.raises(ValueError, match="use 'street', 'elite'"):
        fall_heat_map(FALLS, Source(1, {"baseline": 4}), range(2010, 2012), "palace")


def influence(values: np.ndarray, scenario: str = "baseline") -> pd.DataFrame:
    runs, months = values.shape
    return pd.DataFrame(
        {
            "scenario": scenario,
            "replicate": np.repeat(np.arange(runs), months),
            "month": np.tile([f"2010-{m + 1:02d}" for m in range(months)], runs),
            "state": "RUS",
            "influence": values.ravel(),
        }
    )


def test_gather_restores_every_run_from_rows_in_any_order() -> None:
    values = np.random.default_rng(1).normal(size=(7, 5))
    rows = (
        influence(values).sample(frac=1, random_state=2).astype({"scenario": "category", "state": "category"})
    )
    times, found = gather(rows, "influence")["baseline", "RUS"]
    np.testing.assert_allclose(times, 2010 + np.arange(5) / 12)
    np.testing.assert_array_equal(found, values)


@pytest.mark.parametrize("falls", [[7.0, 8.0], [1.0, 7.0, 8.0, 20.0], [0.5, 1.0, 4.0]])
def test_dot_and_line_of_a_distribution_are_the_tables_median_and_range(falls: list[float]) -> None:
    made = pd.DataFrame({"scenario": "baseline", "street_falls": falls})
    row = against(made[["street_falls"]], made[["street_falls"]]).loc["street_falls"]
    _, line, dot = plot_outcome(made, "street_falls").axes[0].lines
    assert dot.get_xdata() == [row["median"]]
    assert list(line.get_xdata()) == [row["q05"], row["q95"]]


def test_fan_bands_are_quantiles_over_runs() -> None:
    values = np.random.default_rng(1).normal(size=(41, 6))
    # With 41 runs these quantiles are order statistics: no interpolation to agree about.
    ordered = np.sort(values, axis=0)
    np.testing.assert_allclose(bands(values), ordered[[2, 10, 20, 30, 38]])
    figure = influence_fans(influence(values), Source(1, {"baseline": 41}))
    (axis,) = (a for a in figure.axes if a.get_visible())
    np.testing.assert_allclose(axis.lines[0].get_ydata(), ordered[20])
    heights = axis.collections[0].get_paths()[0].vertices[:, 1]
    for month in range(6):
        assert np.isclose(heights, ordered[2, month]).any()
        assert np.isclose(heights, ordered[38, month]).any()
    note = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "plus 0.03 for each integrated territory" in note


OUTCOMES = pd.DataFrame(
    {
        "scenario": ["baseline"] * 4 + ["dubnov"] * 4,
        "replicate": [0, 1, 2, 3, 3, 2, 1, 0],
        "wars": [0.0, 1, 2, np.nan, 5, 2, 3, 0],
        "end_state": ["vacuum", "vacuum", "status quo", "consolidation", *["space 2.0"] * 3, "vacuum"],
    }
)


def test_differences_pair_equal_replicates_and_leave_out_the_undefined() -> None:
    found = paired_differences(OUTCOMES, "wars", "dubnov", "baseline")
    np.testing.assert_array_equal(np.sort(found), [0, 0, 2])


def test_differences_write_the_probability_of_exceeding_and_of_ties() -> None:
    figure = outcome_differences(OUTCOMES, ["wars"])
    assert "33 / 67 (3 pairs)" in [text.get_text() for text in figure.axes[0].texts]


def test_differences_write_a_name_in_two_lines_where_one_would_cut_it() -> None:
    name = "lasting-peace-under-kaznacheyev"
    figure = outcome_differences(OUTCOMES.replace({"scenario": {"dubnov": name}}), ["wars"])
    (label,) = figure.axes[0].get_yticklabels()
    assert label.get_text().replace("\n", "") == name


def test_differences_refuse_one_scenario_and_an_unknown_baseline() -> None:
    with pytest.raises(ValueError, match="need two scenarios"):
        outcome_differences(OUTCOMES[:4], ["wars"])
    with pytest.raises(ValueError, match="'kuzio' is not among the scenarios"):
        outcome_differences(OUTCOMES, ["wars"], baseline="kuzio")


def test_end_state_shares_sum_to_one_and_keep_the_order_given() -> None:
    shares = end_state_shares(OUTCOMES)
    assert list(shares.index) == ["baseline", "dubnov"]
    assert shares.loc["baseline", "vacuum"] == 0.5
    assert shares.loc["dubnov", "space 2.0"] == 0.75
    assert shares.loc["dubnov", "disintegration"] == 0
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_instrument_uses_count_runs_without_any() -> None:
    table = events(
        ("baseline", 0, "2010-03", "instrument", "KGZ", "loan"),
        ("baseline", 0, "2010-04", "instrument", "KGZ", "loan"),
        ("baseline", 2, "2010-04", "instrument", "KGZ", "war"),
        ("dubnov", 2, "2010-04", "instrument", "KGZ", "war"),
    )
    uses = uses_per_run(table, "baseline", runs=4)
    assert uses.shape == (4, len(INSTRUMENTS))
    assert sorted(uses[:, INSTRUMENTS.index("loan")]) == [0, 0, 0, 2]
    assert uses[:, INSTRUMENTS.index("war")].sum() == 1
    assert uses_per_run(table, "kuzio", runs=3).sum() == 0


def test_counts_lie_in_the_middle_of_their_bins() -> None:
    np.testing.assert_array_equal(bin_edges(np.array([0.0, 1, 3])), [-0.5, 0.5, 1.5, 2.5, 3.5])


@pytest.mark.parametrize("values", [[0.0], [7.0], [0.3], [0.3, 0.3], [0, 500], [-2.5, 4]])
def test_bins_hold_every_value(values: list[float]) -> None:
    edges = bin_edges(np.array(values, float))
    assert np.all(np.diff(edges) > 0)
    assert len(edges) <= 26
    assert np.histogram(values, edges)[0].sum() == len(values)


def test_parameter_bins_hold_ten_runs_at_least() -> None:
    x = np.random.default_rng(3).permutation(25).astype(float)
    table = binned_quantiles(x, 2 * x)
    assert len(table) == 2
    assert table[0, 2] == 2 * np.median(np.sort(x)[:13])


def test_source_line_names_seed_runs_version_and_scenarios() -> None:
    source = source_of(OUTCOMES, {"seed": 7, "versions": {"post-soviet-scenarios": "0.1.0"}})
    assert (
        source.line
        == "Source: post-soviet-scenarios 0.1.0; seed 7; 4 runs per scenario; scenarios: baseline, dubnov."
    )
    assert source_of(OUTCOMES[:5]).line.count("1 to 4 runs per scenario") == 1


def test_source_line_of_a_design_says_over_how_many_points_the_runs_are_shared_out() -> None:
    designed = OUTCOMES.assign(point=OUTCOMES["replicate"] % 2)
    assert "; 4 runs per scenario, 2 at each of 2 points; " in source_of(designed).line
    assert "; 1 to 4 runs per scenario, over 2 points; " in source_of(designed[:5]).line
    assert (
        "not installed"
        not in source_of(OUTCOMES, {"versions": {"post-soviet-scenarios": "not installed"}}).line
    )


@pytest.mark.parametrize("others", [1, 2, 3, 6, 9])
def test_rows_of_differences_say_what_stands_beside_them_and_on_how_few_pairs_they_rest(others: int) -> None:
    made = pd.concat(
        [
            pd.DataFrame({"replicate": range(4), "wars": [0.0, np.nan, 1.0, np.nan], "falls": 1.0}).assign(
                scenario=name
            )
            for name in ("baseline", *(f"s{place}" for place in range(others)))
        ]
    )
    figure = outcome_differences(made, ["wars", "falls"])
    figure.canvas.draw()
    few, all_there = figure.axes[:2]
    told = [text.get_text() for text in few.texts]
    assert told[0] == "above / equal,\n% of pairs"
    assert set(told[1:]) == {"0 / 100 (2 pairs)"}
    assert {text.get_text() for text in all_there.texts[1:]} == {"0 / 100"}
    assert "(n pairs): where they are fewer" in said(figure)
    head, *rows = (text.get_window_extent() for text in few.texts)
    assert not any(head.overlaps(row) for row in rows)


@pytest.mark.parametrize("others", [1, 2, 3, 6, 9])
def test_numbers_beside_rows_stay_apart_from_their_head_over_a_long_note(others: int) -> None:
    """A note of many lines takes its room from the panels."""
    names = ("baseline", *(f"s{place}" for place in range(others)))
    columns = ("wars", "clashes", "integrated", "influence_change", "unanswered_share", "csto_members_end")
    runs = pd.DataFrame({"replicate": range(4), **dict.fromkeys(columns, 1.0)})
    made = pd.concat(runs.assign(scenario=name) for name in names)
    whole = frozenset((name, column) for name in names[:3] for column in columns)
    figure = outcome_differences(made, columns, audit=AuditMarks(unaudited=names[1:], whole=whole))
    figure.savefig(BytesIO(), dpi=100)  # only then does the note take its room
    assert "Over whole runs" in said(figure)
    for axis in figure.axes:
        head, *rows = (text.get_window_extent() for text in axis.texts)
        assert not any(head.overlaps(row) for row in rows)
