"""Figures and the report of results that are measured over some months show these months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.asked import Asked
from sim.analysis.by_state import state_outcomes
from sim.analysis.in_markdown import summary
from sim.cli.tables import paragraphs
from sim.figures.gallery.alignment_map import alignment_at_end
from sim.figures.gallery.instruments import uses_per_run
from sim.figures.tables import Tables
from sim.instruments import INSTRUMENTS
from sim.measures.window import Window
from sim.report.map import by_year, map_chart
from sim.report.report import Report
from sim.report.told import told_runs
from sim.scenario import load

FIRST = load("baseline").start.year
SINCE, BY = f"{FIRST + 1}-03", f"{FIRST + 1}-09"
WINDOW = Window.of(SINCE, BY)
PAIR = {"baseline": "baseline", "kuzio": "baseline"}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    made = sim.compare(
        ["baseline", "kuzio"], runs=3, workers=1, changes={"years": 3, "citizens": 60},
        out=tmp_path_factory.mktemp("window") / "results",
    )  # fmt: skip
    return made.results


def told(figure, gid):
    return " ".join(next(text.get_text() for text in figure.texts if text.get_gid() == gid).split())


def test_maps_are_of_the_windows_last_month_and_say_so(results):
    ends = alignment_at_end(Tables(results, window=WINDOW).series.ends)
    measured = state_outcomes(results, ["KGZ", "BLR"], WINDOW)["alignment_end"]
    for name in PAIR:
        for state in ("KGZ", "BLR"):
            assert ends.loc[name, state] == pytest.approx(measured.loc[name, :, state].mean(), abs=1e-6)
    rows = results.trajectories.query(f"month == '{BY}' and scenario == 'kuzio' and state == 'KGZ'")
    assert ends.loc["kuzio", "KGZ"] == pytest.approx(rows["alignment"].mean(), abs=1e-6)
    for draw in (results.plot.alignment_map, results.plot.differences_map):
        drawn = draw(since=SINCE, by=BY)
        assert f"Alignment with Moscow at the end of {BY}: " in told(drawn, "title")
        assert f"measured from {SINCE} to {BY}." in told(drawn, "source")
        assert "Alignment with Moscow at the end: " in told(draw(), "title")


def test_events_in_figures_are_those_of_the_window(results):
    tables, whole = Tables(results, window=WINDOW), Tables(results)
    assert tables.years == range(FIRST + 1, FIRST + 2)
    assert whole.years == range(FIRST, FIRST + 3)
    assert 0 < len(tables.falls_and_uses) < len(whole.falls_and_uses)
    rows = results.outcomes_within(WINDOW).query("scenario == 'kuzio'")
    uses = uses_per_run(tables.falls_and_uses, "kuzio", 3)
    counted = [rows[f"used_{name}"].sum() for name in INSTRUMENTS]
    np.testing.assert_array_equal(uses.sum(axis=0), counted)
    drawn = results.plot.fall_probability(since=SINCE, by=BY)
    assert told(drawn, "title").endswith(f"by state and year, {FIRST + 1}")
    for name in ("fall_probability", "instruments"):
        assert f"measured from {SINCE} to {BY}." in told(
            getattr(results.plot, name)(since=SINCE, by=BY), "source"
        )


def test_the_map_of_a_report_ends_with_the_window(results):
    table = by_year(results, PAIR, WINDOW)
    assert set(table["year"]) == {FIRST + 1}
    measured = state_outcomes(results, ["KGZ"], WINDOW)["alignment_end"].loc["kuzio"]
    found = table.set_index(["scenario", "state"]).loc[("kuzio", "KGZ"), "alignment"]
    assert found == pytest.approx(measured.mean(), abs=1e-6)
    assert set(by_year(results, PAIR)["year"]) == {FIRST, FIRST + 1, FIRST + 2}
    chart = map_chart(results, PAIR, WINDOW)
    assert f"of {FIRST + 1} at the end of {BY}" in chart.note
    report = Report(results, Asked(Asked.read(results).groups, window=WINDOW))
    (drawn,) = [chart for chart in report.charts if chart.key == "map"]
    pd.testing.assert_frame_equal(drawn.data, chart.data)
    assert any("paths are of whole runs" in caution for caution in report.cautions)


def test_told_runs_of_a_report_are_of_the_states_and_months_asked_about(results):
    asked = Asked(Asked.read(results).groups, window=WINDOW, states=("KGZ", "UKR"))
    (over,) = asked.compare(results)
    events = results.events
    within = events[(events["month"] >= SINCE) & (events["month"] <= BY)]
    falls = within[(within["kind"] == "fall") & within["target"].isin(["KGZ", "UKR"])]
    for name in over.ordered:
        for told in told_runs(over, name):
            mine = falls[(falls["scenario"] == name) & (falls["replicate"] == told.replicate)]
            assert told.fallen == len(mine)
            assert all(str(FIRST + 1) in sentence for sentence in told.sentences), told.sentences
    some, whole = (
        sum(len(run.sentences) for name in over.ordered for run in told_runs(item, name))
        for item in (over, results.compare())
    )
    assert 0 < some < whole / 3
    report = Report(results, asked)
    assert report.told_of == f"in Kyrgyzstan (KGZ) and Ukraine (UKR) from {SINCE} to {BY}"
    assert f"Told is what happens {report.told_of}." in report.render()
    assert Report(results, Asked.read(results)).told_of == ""


def test_end_states_of_whole_runs_need_no_caution_and_those_of_a_window_do(results):
    said = "Classes of end state are of 7 months here. Their thresholds were set for whole runs"
    group = Asked.read(results).groups
    (over,) = Asked(group, window=WINDOW).compare(results)
    first, second = over.in_words()
    assert f"of runs (44% to 100%). {said}" in first  # where the first share stands, once
    assert f"measured from {SINCE} on: a recovery after an earlier fall counts as a rise" in first
    assert "thresholds" not in second
    (begun,) = Asked(group, window=Window.of(by=BY)).compare(results)  # from the runs' first month
    assert "more end in the status quo" in begun.in_words()[0] and "recovery" not in begun.in_words()[0]
    for text in (
        paragraphs([over], 1000),
        over.to_markdown(),
        summary([over]),
        str(over),
        over._repr_html_(),
        " ".join(Report(results, Asked(group, window=WINDOW)).words),
        told(results.plot.end_states(since=SINCE, by=BY), "source"),
    ):
        assert text.count(said) == 1
    (shorter,) = Asked(group).compare(results)
    assert "Classes of end state are of 3 years here" in shorter.in_words()[0]
    whole = sim.open_results(results.path)
    for item in whole.about["scenarios"]:
        item["years"] = load("baseline").years
    (full,) = Asked(group).compare(whole)
    assert "Classes of end state" not in full.to_markdown()
    assert "Classes of end state" not in told(whole.plot.end_states(), "source")
