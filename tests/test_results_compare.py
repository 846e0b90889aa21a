"""Comparison of scenarios against numbers worked out by hand."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.compare import compare
from sim.analysis.ends import difference_of
from sim.analysis.export import end_state_table, notes
from sim.analysis.intervals import _percentiles, against, bootstrap_means, visible, wilson
from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.sweep import _described
from sim.analysis.written import number, points
from sim.cli.tables import comparison_tables, end_state_legend, legend
from sim.cli.tables import end_state_table as end_states_printed
from sim.errors import SimError
from sim.experiment.results import ResultsError
from sim.figures import end_states
from sim.measures import OutcomeError
from sim.measures.end_state import END_STATES
from sim.report.charts import end_state_chart

NAN = float("nan")


def results(years=(20, 20), assumed=(), unaudited=(), stated=None, emergent=(), **scenarios):
    """Return results with the outcomes ``falls`` and ``wars``; replicates count from 0 unless given."""
    frames = [
        pd.DataFrame({"replicate": range(len(next(iter(columns.values())))), **columns}).assign(
            scenario=name, end_state=columns.get("end_state", "status quo")
        )
        for name, columns in scenarios.items()
    ]
    spans = zip(scenarios, years, strict=False)
    return SimpleNamespace(
        outcomes=pd.concat(frames),
        scenarios=list(scenarios),
        path="here",
        baseline=None,
        audit=lambda _: AuditMarks(
            frozenset(assumed), tuple(unaudited), stated=stated or {}, emergent=frozenset(emergent)
        ),
        about={"scenarios": [{"name": name, "start": "2010-01", "years": span} for name, span in spans]},
    )


TWO = {
    "baseline": {"falls": [0.0, 2.0, 4.0, 6.0], "wars": [0.0, NAN, 1.0, 1.0]},
    "kuzio": {"falls": [1.0, 2.0, 3.0, 10.0], "wars": [1.0, 1.0, NAN, 1.0]},
}


def test_distribution_and_paired_difference():
    row = compare(results(**TWO)).outcome("kuzio", "falls")
    assert row["mean"] == 4
    assert row["median"] == 2.5
    assert (row["q05"], row["q95"]) == (1, 10)  # of counts, those that occurred
    assert row["difference"] == 1  # of 1, 0, -1, 4
    assert (row["above"], row["tied"]) == (0.5, 0.25)
    assert row["low"] <= 1 <= row["high"]


def test_undefined_outcomes_drop_their_pair_alone():
    row = compare(results(**TWO)).outcome("kuzio", "wars")
    assert (row["runs"], row["pairs"]) == (3, 2)
    assert (row["difference"], row["above"], row["tied"]) == (0.5, 0.5, 0.5)


def test_only_shared_replicates_are_paired():
    fewer = {**TWO, "kuzio": {"replicate": [1, 3], "falls": [3.0, 6.0]}}
    row = compare(results(**fewer)).outcome("kuzio", "falls")
    assert (row["pairs"], row["difference"]) == (2, 0.5)


def test_the_baseline_differs_from_itself_by_nothing():
    row = compare(results(**TWO)).outcome("baseline", "falls")
    assert (row["difference"], row["low"], row["high"], row["tied"]) == (0, 0, 0, 1)


def test_choice_of_baseline():
    later = dict(reversed(TWO.items()))
    assert compare(results(**later)).baseline == "baseline"
    assert compare(results(b=TWO["kuzio"], a=TWO["baseline"])).baseline == "b"
    swapped = compare(results(**TWO), baseline="kuzio")
    assert swapped.outcome("baseline", "falls")["difference"] == -1
    with pytest.raises(ResultsError, match="there are: baseline, kuzio"):
        compare(results(**TWO), baseline="dubnov")


def test_table_holds_what_is_asked_in_its_order():
    table = compare(results(**TWO)).table(["wars", "falls"])
    names = ("baseline", "kuzio")
    assert list(table.index) == [(outcome, name) for outcome in ("wars", "falls") for name in names]
    assert table.loc[("falls", "kuzio"), "mean"] == 4
    with pytest.raises(OutcomeError, match="no outcome 'warz'; did you mean wars"):
        compare(results(**TWO)).table(["warz"])


def test_end_states_with_intervals():
    mixed = {"baseline": {"falls": [0.0] * 10, "end_state": ["vacuum"] * 3 + ["status quo"] * 7}}
    row = compare(results(**mixed)).end_state("baseline", "vacuum")
    assert (row["runs"], row["share"]) == (3, 0.3)
    assert (row["low"], row["high"]) == pytest.approx((0.1078, 0.6032), abs=1e-4)  # Wilson, 3 of 10


def test_markdown_never_shows_a_mean_alone():
    text = compare(results(**TWO)).to_markdown(["falls"])
    assert "| falls | kuzio | 4.00 | 2.50 | 1.00 to 10.0 | +1.00 (" in text
    assert "| kuzio | status quo | 100% (51% to 100%) | 0 [0, 0] | 1.00 |" in text
    assert "| baseline | status quo | 100% (51% to 100%) |  |  |" in text
    alone = compare(results(baseline=TWO["baseline"])).to_markdown(["falls"])
    assert "| scenario | end state | share (95 %) |\n" in alone
    assert "Less" not in alone
    for each in (text, alone):
        assert "may not add up to 100." in each


def test_end_states_bear_a_mark_where_their_rule_reads_what_is_assumed():
    ends = {"baseline": ["vacuum"] * 2 + ["status quo"] * 2, "kuzio": ["vacuum"] * 3 + ["status quo"]}
    made = {name: {"falls": [0.0] * 4, "end_state": end} for name, end in ends.items()}
    comparison = compare(results(assumed=[("kuzio", "influence_change")], **made))
    assert comparison.assumed_end_states == {("kuzio", "vacuum")}  # the rule of the other class reads nothing
    text = comparison.to_markdown(["falls"])
    assert "| kuzio | vacuum | 75% (30% to 95%) | +25 [0, 75] † | 0.75 |" in text
    assert "| baseline | vacuum | 50% (15% to 85%) |  |" in text
    assert text.endswith("is no evidence for the thesis.\n")


QUO, VACUUM = "status quo", "vacuum"
ENDS = {
    "baseline": [QUO] * 30 + [VACUUM] * 10, "kuzio": [QUO] * 12 + [VACUUM] * 27 + [QUO],
    "dubnov": [QUO] * 35 + [VACUUM] * 5,
}  # fmt: skip


def ends_of(**told):
    return compare(
        results(
            (20, 20, 20), **told, **{name: {"falls": [0.0] * 40, "end_state": ENDS[name]} for name in ENDS}
        )
    )


def test_shares_of_end_states_are_held_against_the_baseline_pair_by_pair_as_outcomes_are():
    comparison = ends_of()
    row = comparison.end_state("kuzio", VACUUM)
    assert (row["runs"], row["share"]) == (27, 0.675)
    assert row["difference"] == pytest.approx(0.425)  # of 18 pairs up, 1 down, 21 alike
    assert (row["difference_pairs"], row["difference_tied"]) == (40, 0.525)
    both = [
        pd.DataFrame({"it": [float(state == VACUUM) for state in ENDS[name]]})
        for name in ("kuzio", "baseline")
    ]
    as_outcome = against(*both).loc["it"]
    assert [row["difference_low"], row["difference_high"]] == pytest.approx(list(as_outcome[["low", "high"]]))
    swept = _described(*both).iloc[0]  # a sweep says the same of the same runs
    columns = [f"difference{part}" for part in ("", "_low", "_high", "_pairs", "_tied")]
    assert [row[column] for column in columns] == pytest.approx(list(swept[columns]))
    stars = visible(difference_of(comparison.end_states))
    assert stars[[("kuzio", VACUUM), ("dubnov", VACUUM)]].tolist() == [True, False]
    own = comparison.end_state("baseline", VACUUM)
    assert (own["difference"], own["difference_low"], own["difference_high"]) == (0, 0, 0)


def test_differences_of_end_states_stand_wherever_their_shares_do():
    comparison = ends_of(assumed=[("kuzio", "influence_change")])
    row = comparison.end_state("kuzio", VACUUM)
    assert row["difference_low"] > 0
    low, high = (points(row[f"difference_{end}"]) for end in ("low", "high"))
    told = f"+43 [{low}, {high}] * †"
    few = comparison.end_state("dubnov", VACUUM)  # five pairs alone differ, so there is no star
    assert few["difference_high"] < 0
    without = f"-13 [{points(few['difference_low'])}, {points(few['difference_high'])}]"
    assert f"| kuzio | vacuum | 68% (52% to 80%) | {told} | 0.53 |" in comparison.to_markdown(["falls"])
    table = end_state_table(comparison)
    assert list(table.index) == [
        "baseline", "kuzio", "kuzio less baseline", "dubnov", "dubnov less baseline"
    ]  # fmt: skip
    assert table.loc["kuzio less baseline", VACUUM] == f"{told} (53 % tied)"
    assert table.loc["dubnov less baseline", VACUUM] == f"{without} (88 % tied)"
    printed = end_states_printed([comparison])
    cells = [str(cell) for cell in printed.columns[1 + END_STATES.index(VACUUM)].cells]
    assert cells == [
        "25 (14–40)", f"68 (52–80)\n{told}\n(53 % tied)", f"13 (5–26)\n{without}\n(88 % tied)"
    ]  # fmt: skip
    chart = end_state_chart([comparison])
    assert chart.table.set_index("scenario").loc["kuzio less baseline", VACUUM] == f"{told} (53 % tied)"
    rows = {(row["scenario"], row["end state"]): row for row in chart.spec["datasets"]["end-states"]}
    assert rows["kuzio", VACUUM]["less"] == f"{told} (53 % tied)"
    assert rows["baseline", VACUUM]["less"] == "–"
    assert chart.data["difference"].tolist() == pytest.approx(comparison.end_states["difference"].tolist())
    for text in (chart.note, " ".join(notes(comparison)), comparison.to_markdown(["falls"])):
        assert "the share less that of baseline, in percentage points, pair by pair" in text
        assert "may not add up to 100." in text
    legend_told = end_state_legend([comparison])
    assert legend_told.startswith("Second line: difference from baseline in percentage points")
    assert "may not add up to 100." in legend_told
    assert end_state_legend([compare(results(baseline=TWO["baseline"]))]).startswith("Shares are rounded")


def test_what_was_not_audited_is_named_wherever_differences_are_shown():
    comparison = compare(results(unaudited=["kuzio"], **TWO))
    said = "Not audited, so it may only repeat an assumption: any difference of kuzio from baseline."
    assert comparison.unaudited(["falls"]) == said
    assert said in comparison.to_markdown(["falls"]).splitlines()
    assert said in " ".join(legend([comparison]).split())
    assert not comparison.labelled().loc["kuzio", "audited"].any()
    table = comparison.table(["falls"])
    assert not table.loc[("falls", "kuzio"), "audited"]
    assert (table["assumed"].dtype, table["audited"].dtype) == (bool, bool)
    of_a_state = dataclasses.replace(comparison, states=("KGZ",))
    assert "Differences of single states are not audited." in legend([of_a_state])
    assert "single states" not in legend([comparison])
    audited = compare(results(**TWO))
    assert "audited" not in legend([audited])
    assert "Not audited" not in audited.to_markdown(["falls"])
    assert audited.labelled()["audited"].all()
    assert audited.table()["audited"].all()


def test_tables_show_what_is_asked_for():
    comparison = compare(results(**TWO), outcomes=["wars"])
    assert comparison.shown == ("wars",)
    assert [table.columns[0]._cells for table in comparison_tables([comparison], 200)] == [["wars"]]
    with pytest.raises(OutcomeError, match="did you mean falls"):
        compare(results(**TWO), outcomes=["fals"])
    with pytest.raises(SimError, match="outcomes takes names, not None"):
        comparison.table([None])
    assert comparison.table("wars").equals(comparison.table(["wars"]))
    assert comparison.to_markdown("wars") == comparison.to_markdown(["wars"])
    with pytest.raises(OutcomeError, match="clashes is not in this comparison"):
        comparison.table(["clashes"])
    with pytest.raises(ResultsError, match="no scenario 'kuzo'; did you mean kuzio"):
        comparison.outcome("kuzo", "wars")
    with pytest.raises(ResultsError, match="no end state 'vacum'; did you mean vacuum"):
        comparison.end_state("kuzio", "vacum")


def test_unequal_spans_are_a_caution_at_the_head():
    assert compare(results(**TWO)).caution == ""
    text = compare(results(years=(20, 15), **TWO)).to_markdown(["falls"])
    assert text.startswith(
        "Caution: the scenarios' spans differ (baseline 2010-01, 20 years, kuzio 2010-01, 15 years)"
    )


@pytest.mark.parametrize(("hits", "trials", "low", "high"), [(0, 10, 0, 0.2775), (10, 10, 0.7225, 1)])
def test_wilson_at_the_edges(hits, trials, low, high):
    assert wilson(hits, trials) == pytest.approx((low, high), abs=1e-4)
    assert wilson(0, 0) == (0, 1)


def test_bootstrap_covers_the_mean_as_often_as_it_says():
    generator = np.random.default_rng(1)
    samples = generator.exponential(1.0, (60, 400))  # 400 columns: as many trials
    low, high = bootstrap_means(samples)
    covered = ((low <= 1) & (high >= 1)).mean()
    assert 0.88 < covered < 0.98  # percentile intervals of a skewed mean fall a little short of .95


def test_bootstrap_is_reproducible_and_skips_what_is_undefined():
    values = np.array([[1.0, NAN], [2.0, NAN], [4.0, 3.0]])
    first, second = bootstrap_means(values), bootstrap_means(values)
    np.testing.assert_array_equal(first, second)
    assert np.isfinite(first[:, 0]).all()
    assert np.isnan(first[:, 1]).all()


@pytest.mark.parametrize("seed", range(6))
def test_bounds_have_the_same_bits_whichever_function_finds_them(seed):
    generator = np.random.default_rng(seed)
    resampled = generator.normal(size=(int(generator.integers(2, 300)), 12))
    resampled[generator.random(resampled.shape) < generator.choice([0, 0.001, 0.3])] = NAN
    resampled[:, 0] = NAN
    bounds = _percentiles(resampled, np.ones((2, 12)))
    expected = np.nanquantile(resampled[:, 1:], [0.5 - 0.95 / 2, 0.5 + 0.95 / 2], axis=0)
    assert np.isnan(bounds[:, 0]).all()
    assert bounds[:, 1:].tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("value", "text"), [(1.234, "1.23"), (-12.34, "-12.3"), (123.4, "123"), (-0.001, "0.00"), (NAN, "–")]
)
def test_numbers_are_short(value, text):
    assert number(value) == text


def test_a_difference_that_is_told_apart_from_nothing_does_not_look_like_it():
    values = [0.0, 0.1, 0.2, 0.3]
    comparison = compare(
        results(baseline={"falls": values}, kuzio={"falls": [value + 0.003 for value in values]}),
        outcomes=["falls"],
    )
    (table,) = comparison_tables([comparison], 200)
    cells = [str(cell) for column in table.columns for cell in column._cells]
    assert any("+0.003 [0.003, 0.003] *" in cell for cell in cells), cells


def test_a_share_is_rounded_alike_in_text_tables_and_charts():
    ends = ["vacuum"] * 5 + ["status quo"] * 3  # 62.5 and 37.5 %
    counts = [0.0] * 8
    one = {"falls": counts, "wars": counts, "end_state": ends}
    compared = compare(results(baseline=one, kuzio=one))
    rows = end_state_chart([compared]).spec["datasets"]["end-states"]
    row = next(row for row in rows if row["end state"] == "vacuum")
    assert row["written"] == "63"
    figure = end_states(compared.results.outcomes)
    drawn = {text.get_text() for text in figure.axes[0].texts}
    assert {"63", "38"} <= drawn
    assert "63% of runs" in compared.in_words()[0]
    assert "| vacuum | 63% (" in compared.to_markdown()
    assert row["told"].startswith("63% (")
    assert end_state_table(compared).loc["baseline", "vacuum"].startswith("63% (")


@pytest.mark.parametrize(("differing", "tied", "seen"), [(10, 30, True), (9, 31, False), (9, 0, True)])
def test_a_difference_is_visible_where_enough_pairs_differ(differing, tied, seen):
    these = pd.DataFrame({"alignment": [0.16] * differing + [0.0] * tied})
    row = against(these, these * 0).loc["alignment"]
    assert row["low"] > 0  # the bootstrap alone calls all of them visible
    assert bool(visible(dict(row))) is seen
    assert bool(visible(against(these, these * 0))["alignment"]) is seen
