"""The report: one file that needs no network, holds what it should, and works in a real browser."""

from __future__ import annotations

import re
import sys
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.asked import Asked
from sim.analysis.compare import compare
from sim.analysis.export import difference_cell
from sim.analysis.intervals import wilson
from sim.analysis.marked import HOW_MARKED
from sim.analysis.states_in_words import state_lines
from sim.analysis.written import number, whole_percent
from sim.cli.main import main
from sim.experiment.commands import commands_of
from sim.explore.numbers import numbers
from sim.measures import STATE_OUTCOMES
from sim.report.charts import difference_chart, end_state_chart, fans
from sim.report.differing import differing, how_many
from sim.report.map import by_year
from sim.report.report import Report
from sim.scenario import load, names
from tests.read_page import Read
from tests.reported import FIRST, HOSTILE, RUNS, page_of, results_in
from tests.test_results_compare import TWO, results


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return results_in(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(folder):
    return page_of(folder)


@pytest.fixture(scope="module")
def read(page):
    return Read(page.read_text(encoding="utf-8"))


# -- what it holds ---------------------------------------------------------------------------------


def test_it_tells_question_answer_and_how_to_make_it_again(read, folder):
    results = sim.open_results(folder)
    for line in Asked.read(results).compare(results)[0].in_words():
        assert " ".join(line.split()) in read.text.replace(" :", ":")
    assert load("baseline").question in read.text
    for heading in (
        "How runs end",
        "Over time",
        "Differences from the baseline",
        "What the model cannot tell",
    ):
        assert heading in read.text
    assert str(results.about["command"]) in read.text
    assert f"Seed {results.about['seed']}, {RUNS} runs per scenario." in read.text
    assert f"There are {RUNS} runs per scenario: intervals are too narrow for so few." in read.text
    assert "any difference of mine from baseline" in read.text  # not audited
    assert "Classes of end state are of 3 years here. Their thresholds were set for whole runs" in read.text


def test_every_version_is_installed_from_its_source(folder, read):
    made = sim.open_results(folder)
    version = made.about["versions"]["post-soviet-scenarios"]
    for known, lines in {
        "0.2.0.dev1": "pip install .",
        "0.2.0+local": "pip install .",
        "0.2.0": "pip install .",  # no package index has it
    }.items():
        made.about["versions"]["post-soviet-scenarios"] = known
        told = Report(made, Asked.read(made)).installing
        assert told[-1] == lines
        assert known in " ".join(told)
    if ".dev" in version:
        assert f"=={version}" not in read.text
        assert f"post-soviet-scenarios {version} is a version in development" in read.text


def test_every_command_that_made_runs_is_named(tmp_path):
    log = tmp_path / "log.txt"
    about = {"command": "sim compare a b"}
    assert commands_of(tmp_path, about) == ["sim compare a b"]
    two_lines = "sim compare a b --set 'title=two\nlines'"
    entries = []
    for command, asked, there in (
        ("sim compare a b --runs 2", 4, 0),
        ("sim compare a b --outcomes wars", 4, 4),
        (two_lines, 8, 4),  # cut short
        (two_lines, 8, 6),
        ("sim compare a b --state KGZ", 8, 8),
    ):
        entries += [
            f"started: {command}",
            f"{asked} runs asked for, {there} of them there already",
            "finished",
        ]
    log.write_text("".join(f"2026-11-30T21:33:10+0000 INFO {entry}\n" for entry in entries))
    assert commands_of(tmp_path, about) == [
        "sim compare a b --runs 2", two_lines, "sim compare a b --state KGZ"
    ]  # fmt: skip


def test_the_report_names_the_commands_that_added_runs(tmp_path):
    words = ["--set", "years=1", "--set", "citizens=50", "--no-figures", "--quiet", "--workers", "1"]
    for runs in ("1", "2"):
        done = CliRunner().invoke(
            main, ["run", "baseline", "--runs", runs, *words, "--out", str(tmp_path / "a")]
        )
        assert done.exit_code == 0, done.output
    log = tmp_path / "a" / "log.txt"
    called = iter(
        ("sim run baseline --runs 1", "sim run baseline --runs 2")
    )  # which the test's own name hides
    log.write_text(re.sub("started: .*", lambda _: f"started: {next(called)}", log.read_text()))
    text = sim.open_results(tmp_path / "a").report().read_text()
    assert "sim run baseline --runs 1\nsim run baseline --runs 2\n" in text
    assert "2 commands made these results, one after the other" in text


def test_numbers_that_differ_have_their_sources(read):
    ours, theirs = load("piontkovsky"), load("baseline")
    rows = {row.path: row for row in differing(ours, theirs)}
    count = sum(map(len, numbers(ours, theirs).values()))  # as the page of sim explore has it
    assert how_many(list(rows.values()), "baseline") == f"{count} numbers differ from baseline"
    assert "thesis" not in rows
    assert f"mine: {count} numbers differ from baseline" in read.text
    peace = differing(load("what-if/lasting-peace"), theirs)
    others = sum(not row.number for row in peace)
    assert how_many(peace, "it").endswith(f" and {others} other keys differ from it")
    keys = [row for row in peace if not row.number]
    assert how_many(keys, "it") == f"{len(keys)} keys differ from it"
    assert how_many(keys[:1], "it") == "1 key differs from it"
    assert how_many([], "it") == "0 numbers differ from it"
    assert len(rows) >= len(ours.parameters)
    assert ours.thesis.source in read.text
    for path, setting in ours.parameters.items():
        row = rows[f"parameters.{path}"]
        assert (row.tag, row.source) == (setting.tag.value, setting.source)
        assert row.claim.startswith(f"{setting.claim}: ")
        assert f" {path} " in read.text
        assert " ".join(setting.source.split()) in read.text


def test_three_runs_are_told_of_each_scenario(read):
    headings = [text for text in read.texts if re.fullmatch(r"Run \d+, .*", text)]
    assert len(headings) == 6
    assert sum("typical" in text for text in headings) == 2
    assert sum("of runs are lower" in text for text in headings) == 4


def test_what_happens_to_a_state_that_was_asked_about_is_told(read, folder, tmp_path):
    (rows,) = [item.of_states.loc["mine", "KGZ"] for item in Asked.read(sim.open_results(folder)).compare(
        sim.open_results(folder)
    )]  # fmt: skip
    assert "What happens to Kyrgyzstan (KGZ)" in read.texts
    for name, entry in STATE_OUTCOMES.items():
        assert f"{entry.label} ({entry.unit})" in read.texts
        assert f"{entry.definition}." in read.texts
        row = rows.loc[name]
        told = f"{number(row['mean'])} ({number(row['q05'])} to {number(row['q95'])})"
        if entry.unit == "1 if so, 0 if not":
            low, high = map(whole_percent, wilson(round(row["mean"] * RUNS), RUNS))
            told = f"{whole_percent(row['mean'])}% of runs ({low} to {high})"
        assert told in read.texts
        assert difference_cell(row, RUNS, assumed=False) in read.texts
    assert any(text.endswith(" % tied)") for text in read.texts)
    assert HOW_MARKED in read.text
    other = tmp_path / "other.html"
    done = CliRunner().invoke(main, ["report", str(folder), "--out", str(other), "--state", "moldova"])
    assert done.exit_code == 0, done.output
    assert "What happens to Moldova (MDA)" in other.read_text()
    assert "What happens to Kyrgyzstan" not in other.read_text()


def test_signposts_are_told_where_they_are_stored_and_else_how_to_store_them(read, folder, tmp_path):
    assert f"sim signposts {folder} --out {folder}" in read.text
    columns = (
        "from,years,observable,threshold,bits,bits_a_year,chance,exceeds,share: baseline,share: mine,assumed"
    )
    rows = ["2010-01,1,war,1,.5,.5,.1,True,0.1,0.9,mine,,Moscow starts a war by December 2010,,80",
            "2010-01,2,war,1,.01,.01,.1,False,0.1,0.2,,,Moscow starts it by December 2011,,80",
            "2099-01,1,war,1,.01,.01,.1,False,0.1,0.2,,,Moscow starts it by December 2099,,80"]  # fmt: skip
    try:
        (folder / "signposts.csv").write_text("\n".join([f"{columns},unaudited,words,given,runs", *rows]))
        told = Read(page_of(folder).read_text(encoding="utf-8"))
        done = CliRunner().invoke(main, ["export", str(folder), "--out", str(tmp_path)])
    finally:
        (folder / "signposts.csv").unlink()
        page_of(folder)
    assert "Moscow starts a war by December 2010" in told.texts
    assert "90% mine †; 10% baseline" in told.texts
    assert "2 years from 2010-01: no signpost exceeds chance." in told.texts
    assert "--out" not in told.text.partition("What to watch")[2].partition("Three runs of each")[0]
    assert done.exit_code == 0, done.output
    sheet = pd.read_excel(tmp_path / "tables.xlsx", sheet_name="signposts")
    assert sheet["bits"].tolist() == [0.5, 0.01, 0.01]
    warning = "All runs are used, whatever happened in them before 2099-01. So this is not what to watch"
    assert warning in told.text
    first = pd.read_excel(tmp_path / "tables.xlsx", sheet_name=0)
    assert any(warning in str(cell) for cell in first.to_numpy().ravel())


def test_the_answer_in_words_names_the_states_that_were_asked_about(read, folder):
    results = sim.open_results(folder)
    (item,) = Asked.read(results).compare(results)
    (line,) = state_lines(item)
    assert line.startswith("mine, single states: Kyrgyzstan (KGZ)")
    assert " ".join(line.split()) in read.text.replace(" :", ":")


def test_the_largest_difference_of_a_state_comes_first(folder):
    results = sim.open_results(folder)
    (item,) = Asked.read(results).compare(results)
    first, second, hidden, rare = list(STATE_OUTCOMES)[:4]
    values = item.of_states.copy()
    values[["difference", "low", "high", "sd", "pairs", "tied"]] = [0.0, 0.0, 0.0, 1.0, RUNS, 0.0]
    for name, row in {
        first: [1.0, 0.5, 1.5, 4.0, RUNS],
        second: [-0.5, -0.6, -0.4, 0.1, RUNS],
        hidden: [9.0, -1.0, 19.0, 1.0, RUNS],
        rare: [9.0, 8.0, 10.0, 1.0, 1],
    }.items():
        values.loc[("mine", "KGZ", name), ["difference", "low", "high", "sd", "pairs"]] = row
    item.__dict__["of_states"] = values
    assert state_lines(item) == [
        "mine, single states: Kyrgyzstan (KGZ), largest differences from baseline: "
        f"{STATE_OUTCOMES[second].label} -0.50 [-0.60, -0.40]; "
        f"{STATE_OUTCOMES[first].label} +1.00 [0.50, 1.50]. "
        "On under half of the pairs: 1 more. Differences of single states are not audited."
    ]


def test_two_outcomes_with_the_same_difference_are_told_once(folder):
    results = sim.open_results(folder)
    (item,) = Asked.read(results).compare(results)
    values = item.of_states.copy()
    values[["difference", "low", "high", "sd", "pairs", "tied"]] = [0.0, 0.0, 0.0, 1.0, RUNS, 0.0]
    for name, error in {"alignment_end": 0.0, "alignment_change": 3e-8}.items():  # of one start
        values.loc[("mine", "KGZ", name), ["difference", "low", "high"]] = [-0.5 + error, -0.6, -0.4]
    item.__dict__["of_states"] = values
    (line,) = state_lines(item)
    assert line.count("-0.50 [-0.60, -0.40]") == 1
    assert "largest difference from baseline" in line


def test_falls_of_a_state_are_to_the_street_and_to_elites(folder):
    results = sim.open_results(folder)
    (item,) = Asked.read(results).compare(results)
    means = item.by_state(["KGZ", "UKR", "GEO"])["mean"].unstack("outcome")
    assert (means["falls"] == means["street_falls"] + means["elite_falls"]).all()
    falls = results.events.query("kind == 'fall' and target in ['KGZ', 'UKR', 'GEO']")
    counted = falls.groupby(["scenario", "target"], observed=True).size() / RUNS
    assert means["falls"][means["falls"] > 0].to_dict() == counted.to_dict() != {}


def test_names_from_files_are_escaped(page, read):
    text = page.read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert "<script>window.hostile" not in text
    assert [tag for tag, attributes in read.tags if "onerror" in attributes] == []
    assert read.text.count("{{ 1 + 1 }}") >= 4  # title, heading, question, who asks: as they stand
    assert not [tag for tag, _ in read.tags if tag == "img"]


def test_it_asks_for_nothing_from_a_network(read):
    wanted = [
        value
        for tag, attributes in read.tags
        for name, value in attributes.items()
        if name in ("src", "href", "action", "poster") and not str(value).startswith("#")
    ]
    assert wanted == []
    (policy,) = [attributes["content"] for tag, attributes in read.tags if "http-equiv" in attributes]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


def test_it_can_be_used_without_sight_or_pointer(read):
    identities = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    mine = [name for name in identities if not re.match(r"(gradient|clip)", str(name))]
    assert len(mine) == len(set(mine))
    for tag, attributes in read.tags:
        if tag == "section":
            assert attributes["aria-labelledby"] in identities
        if tag == "svg":
            assert attributes["role"] == "img"
            assert len(attributes["aria-label"]) > 40
    assert sum(tag == "svg" for tag, _ in read.tags) == sum(tag == "figcaption" for tag, _ in read.tags) == 4
    assert ("html", {"lang": "en"}) in read.tags
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") for tag, attributes in read.tags if tag == "th")


def test_python_writes_the_same_page(folder, page, tmp_path):
    written = sim.open_results(folder).report(tmp_path / "new" / "mine.html", title=HOSTILE)
    assert written == tmp_path / "new" / "mine.html"
    assert written.read_bytes() == page.read_bytes()


def test_a_single_scenario_has_a_report_without_differences(tmp_path):
    results = sim.run("baseline", runs=1, workers=1, changes={"years": 1, "citizens": 60})
    text = results.report(tmp_path / "one.html").read_text()
    assert "What happens to" not in text  # nothing was asked of a state
    assert "Differences from the baseline" not in text
    assert "The shared world" in text


@pytest.mark.filterwarnings("ignore:the scenarios' spans differ")
def test_scenarios_of_unequal_spans_have_a_report(tmp_path):
    later = load("baseline").replace(name="later", start="2021-07", years=2, citizens=60)
    sooner = load("baseline").replace(years=1, citizens=60)
    results = sim.compare([sooner, later], runs=1, workers=1).results
    assert "later" in results.report(tmp_path / "two.html").read_text()


@pytest.mark.parametrize("module", ["altair", "vl_convert"])
def test_a_missing_extra_is_named(module, folder, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("sim.report")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    done = CliRunner().invoke(main, ["report", str(folder)])
    assert done.exit_code == 2
    assert "pip install 'post-soviet-scenarios[report]' brings it" in done.output


# -- its numbers -----------------------------------------------------------------------------------


def test_the_map_shows_means_and_paired_differences(folder):
    results = sim.open_results(folder)
    table = by_year(results, {"baseline": "baseline", "mine": "baseline"}).set_index(
        ["scenario", "state", "year"]
    )
    columns = ["scenario", "month", "state", "replicate"]
    rows = results.trajectories.set_index(columns)["alignment"].sort_index()
    these, those = (rows.loc[name, f"{FIRST + 1}-12", "KGZ"] for name in ("mine", "baseline"))
    found = table.loc[("mine", "KGZ", FIRST + 1)]
    assert found["alignment"] == pytest.approx(these.mean(), abs=1e-6)
    assert found["difference"] == pytest.approx((these - those).mean(), abs=1e-6)
    assert found["low"] <= found["difference"] <= found["high"]
    assert (table.xs("baseline")["difference"] == 0).all()


def test_the_text_of_how_runs_end_says_what_the_words_say():
    ending = {"end_state": ["vacuum", "vacuum", "status quo", "vacuum"]}
    comparison = compare(results(baseline=TWO["baseline"], kuzio=TWO["kuzio"] | ending), outcomes=["falls"])
    chart = end_state_chart([comparison])
    told = [text.rpartition(". ")[2] for text in chart.description.split("; ")]
    for text, line in zip(told, comparison.in_words(), strict=True):
        assert line.startswith(f"{text}.")
    assert "kuzio: most often vacuum (75% of runs" in chart.description


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ({"unaudited": ["kuzio"]}, "kuzio: 1 of 1 are visible, not audited"),
        ({"assumed": [("kuzio", "falls")]}, "kuzio: 1 of 1 are visible, 1 of them assumed"),
        ({"emergent": [("kuzio", "falls")]}, "kuzio: 1 of 1 are visible, 0 of them assumed"),
    ],
)
def test_the_text_of_differences_says_what_was_audited(marks, told):
    made = {"baseline": {"falls": [0.0, 2.0, 4.0, 6.0]}, "kuzio": {"falls": [1.0, 3.0, 5.0, 7.5]}}
    chart = difference_chart([compare(results(**made, **marks), outcomes=["falls"])])
    assert chart.description.endswith(told)


def test_fans_are_quantiles_over_runs(folder):
    results = sim.open_results(folder)
    table = fans(results, ["mine"]).set_index(["series", "month"])
    moscow = results.trajectories.query(
        f"scenario == 'mine' and state == 'RUS' and month == '{FIRST + 2}-06'"
    )
    found = table.loc[("Moscow's influence", f"{FIRST + 2}-06")]
    assert found["q50"] == pytest.approx(moscow["influence"].median(), abs=1e-6)
    assert found["q95"] == pytest.approx(np.quantile(moscow["influence"], 0.95), abs=1e-6)


@pytest.mark.slow
def test_a_report_on_all_shipped_scenarios_is_under_five_megabytes(tmp_path):
    """Its size is that of years, states and scenarios: with 60 runs it is a few per cent larger."""
    shipped = [name for name in names() if "/" not in name]
    assert len(shipped) == 7
    results = sim.compare(shipped, runs=4, changes={"citizens": 60}, workers=1, baseline="baseline").results
    assert results.read("trajectories", "month")["month"].nunique() == 12 * load("baseline").years
    assert 1_000_000 < results.report(tmp_path / "seven.html").stat().st_size < 5_000_000
