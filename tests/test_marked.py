"""Stars, daggers and ties beside differences: the same wherever tables stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis import intervals
from sim.analysis.compare import compare
from sim.analysis.export import KINDS, notes, outcome_table
from sim.analysis.marked import HOW_MARKED, HOW_STARRED, marks, star
from sim.analysis.written import ASSUMED_OVER_WHOLE_RUNS, difference_line
from sim.cli.tables import comparison_tables, legend
from sim.figures import end_states, outcome_differences
from sim.figures.tables import Tables
from sim.measures.window import Window
from sim.report.charts import difference_chart
from tests.test_results_compare import TWO, results

PAIRS = 40
SURE = {"low": 0.1, "high": 0.4, "pairs": 40, "tied": 0.0}


@pytest.fixture
def comparison():
    """Return nine pairs that fall, which are too few, and twelve that rise."""
    still = [0.0] * PAIRS
    falls = [-1.0] * 9 + still[9:]
    wars = [1.0] * 12 + still[12:]
    made = {"baseline": {"falls": still, "wars": still}, "kuzio": {"falls": falls, "wars": wars}}
    return compare(results(assumed=[("kuzio", "falls")], **made), outcomes=["falls", "wars"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, ("*", "", "")),
        ({"low": 0.008}, ("(*)", "", "")),  # an interval of .392, of which 3 % are .012
        ({"low": -0.4, "high": -0.008}, ("(*)", "", "")),
        ({"low": 0.008, "tied": 0.8}, ("", "", "(80 % tied)")),  # no star at all
        ({"low": -0.008}, ("", "", "")),
        ({"low": 0.013}, ("*", "", "")),
        ({"tied": 0.5}, ("*", "", "(50 % tied)")),
        ({"tied": 0.4}, ("*", "", "")),
        ({"tied": 0.8}, ("", "", "(80 % tied)")),  # eight differ
        ({"tied": 0.4, "pairs": 15}, ("", "(15 pairs)", "(40 % tied)")),  # they keep the star away
        ({"tied": 0.4, "low": -0.1}, ("", "", "")),
        ({"tied": 1.0, "low": 0.0, "high": 0.0}, ("", "", "(all tied)")),
        ({"tied": 0.998, "low": 0.0, "pairs": 500}, ("", "", "(over 99 % tied)")),  # one differs
    ],
)
def test_a_star_and_ties_stand_where_they_belong(row, told):
    assert marks({**SURE, **row}, max(40, row.get("pairs", 40)), assumed=False) == told
    assert marks({**SURE, **row}, max(40, row.get("pairs", 40)), assumed=True)[0] == f"{told[0]} †".strip()


def test_a_star_in_brackets_is_one_that_other_resamples_may_take_away(monkeypatch):
    values = np.random.default_rng(7).standard_normal(200)
    bounds = []
    for seed in range(100):
        monkeypatch.setattr(intervals, "_SEED", seed)
        bounds.append(intervals.bootstrap_means(values[:, None])[:, 0])
    lows, highs = np.transpose(bounds)
    width = float(np.mean(highs - lows))
    assert 2 * np.std(lows) == pytest.approx(0.03 * width, rel=0.25)  # 100 seeds tell it to about 7 %

    def stars(lows):
        return [star({"low": low, "high": low + width, "pairs": 200, "tied": 0}) for low in lows]

    on_the_line = stars(lows - np.median(lows))
    assert on_the_line.count("") == 50
    assert on_the_line.count("(*)") > 40
    assert stars(lows - np.median(lows) + 0.06 * width).count("*") > 90  # four standard errors off


def test_words_say_that_a_difference_is_barely_visible():
    row = {"difference": 0.2, "low": 0.008, "high": 0.4, "pairs": 40}
    assert difference_line("falls", row, 40) == "falls +0.20 [0.01, 0.40], barely"
    assert difference_line("falls", row | {"low": 0.1}, 40) == "falls +0.20 [0.10, 0.40]"


def test_every_table_shows_the_same_marks_and_their_rule(comparison, tmp_path):
    few, many = "-0.23 [-0.38, -0.10] † (78 % tied)", "+0.30 [0.17, 0.45] * (70 % tied)"
    assert outcome_table(comparison)["kuzio"].iloc[:, 1].tolist() == [few, many]
    assert difference_chart([comparison]).table["kuzio"].tolist() == [few, many]
    page = comparison._repr_html_()
    assert few in page
    assert many in page
    (table,) = comparison_tables([comparison], 100)
    cells = [cell.plain.split("\n", 1)[1] for cell in table.columns[2].cells]
    assert cells == [text.replace(" (", "\n(") for text in (few, many)]
    text = comparison.to_markdown()
    assert "| -0.23 (-0.38 to -0.10) † | 0.00 | 0.78 |" in text
    assert "| +0.30 (0.17 to 0.45) * | 0.30 | 0.70 |" in text
    for shown in (page, legend([comparison]), " ".join(notes(comparison))):
        assert HOW_MARKED in shown
    assert f"\n\\{HOW_STARRED}\n" in text  # else a point of a list
    assert HOW_MARKED in difference_chart([comparison]).note
    files = {path.suffix: path for path in comparison.export(tmp_path, list(KINDS))}
    assert HOW_MARKED in files[".html"].read_text()
    assert "where pairs tie at least 10 differ" in files[".tex"].read_text()
    assert few in files[".html"].read_text()
    numbers = pd.read_excel(files[".xlsx"], sheet_name="numbers").set_index(["scenario", "name"])
    stars = numbers["star of the difference"]
    assert (stars["kuzio", "falls"], stars["kuzio", "wars"]) == (False, True)
    assert HOW_MARKED in set(pd.read_excel(files[".xlsx"], sheet_name="in words")["in words"])


def test_words_count_the_daggers_that_the_column_has(comparison):
    assert comparison.in_words()[1].endswith(
        "wars +0.30 [0.17, 0.45] (no visible effect in the audit). 1 with † is not visible here."
    )
    still = dict.fromkeys(["falls", "wars", "clashes"], [0.0] * PAIRS)
    moved = {name: [1.0] * PAIRS for name in ("falls", "wars")}
    made = {"baseline": still, "kuzio": still | moved}
    cells = [("kuzio", name) for name in ("falls", "clashes")]
    both = compare(results(assumed=cells, **made), outcomes=list(still)).in_words()[1]
    assert both.endswith("1 other in the table is assumed †. 1 more with † is not visible here.")
    none = compare(results(assumed=cells, baseline=still, kuzio=still), outcomes=list(still)).in_words()[1]
    assert none.endswith(
        "No visible difference from baseline, of the outcomes shown. 2 with † are not visible here."
    )


def test_the_line_under_a_table_says_whose_label_the_dagger_is(comparison):
    told = legend([comparison])
    assert "from its own runs and seed; it does not say that the interval here excludes 0" in told


def test_over_some_months_it_is_named_what_is_assumed_over_whole_runs():
    made = results(
        assumed=[("kuzio", "falls"), ("kuzio", "clashes"), ("dubnov", "wars")], **TWO, dubnov=TWO["kuzio"]
    )
    made.outcomes_within = lambda _: made.outcomes
    window = Window.of(by="2012-01")
    over = compare(made, outcomes=["falls", "wars"], window=window)
    said = f"{ASSUMED_OVER_WHOLE_RUNS} kuzio: falls; dubnov: wars."  # and nothing that is not shown
    assert over.assumed == frozenset()
    assert over.unaudited().endswith(f"any difference of kuzio, dubnov from baseline. {said}")
    for text in (over.to_markdown(), legend([over]), legend([over, over]), " ".join(notes(over))):
        assert said in text
    assert said not in legend([compare(made, outcomes=["falls", "wars"])])
    audit = Tables(made, window=window).audit
    assert audit.whole == over.audit.whole
    assert said in audit.note(("baseline", "kuzio", "dubnov"), "baseline", ["falls", "wars"])


def test_over_some_months_end_states_that_are_assumed_over_whole_runs_are_named_too():
    made = results(assumed=[("kuzio", "falls"), ("kuzio", "requests")], **TWO)
    made.outcomes_within = lambda _: made.outcomes
    over = compare(made, outcomes=["falls"], window=Window.of(by="2012-01"))
    assert not over.assumed_end_states  # no share bears a mark
    said = f"{ASSUMED_OVER_WHOLE_RUNS} kuzio: falls, share of vacuum."
    for text in (over.to_markdown(), legend([over]), legend([over, over]), " ".join(notes(over))):
        assert said in text
    drawn = " ".join(text.get_text() for text in end_states(made.outcomes, audit=over.audit).texts)
    assert f"{ASSUMED_OVER_WHOLE_RUNS} kuzio: share of vacuum." in " ".join(drawn.split())
    others = outcome_differences(made.outcomes, ["falls"], audit=over.audit)
    assert "share of vacuum" not in " ".join(text.get_text() for text in others.texts)  # it shows none
