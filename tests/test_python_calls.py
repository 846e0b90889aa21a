"""Python calls take a single name for a list of one, and tell mistakes as the commands do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

import sim
from sim import figures
from sim.analysis.asked import Asked
from sim.analysis.export import notes
from sim.analysis.frames import changed_frames, frames_in_words
from sim.cli.main import main
from sim.experiment.calls import prepared
from sim.report.report import Report

SMALL = ("--set", "years=1", "--set", "citizens=60")
ATTENTION = "costs.loan_attention=0.6"
EXPORT = "results.compare().export('tables', 'xlsx')"


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def results():
    return sim.run("baseline", runs=2, changes={"years": 1, "citizens": 60}, workers=1)


def names_of(sources, **options) -> list[str]:
    return [item.name for item in sim.Experiment(sources, comparing=True, **options).scenarios]


def test_a_single_name_counts_as_a_list_of_one():
    Path("mine.yaml").write_text("extends: baseline\n", encoding="utf-8")
    for one in ("baseline", Path("mine.yaml"), sim.Scenario.build("short")):
        assert names_of(one) == names_of([one])
    for one, several in (({"without": "D2"}, {"without": ["D2"]}), ({"with_": "K4"}, {"with_": ["K4"]})):
        assert names_of("dubnov", **one) == names_of(["dubnov"], **several)
        assert sim.Scenario.build("x", thesis="dubnov", **one) == sim.Scenario.build(
            "x", thesis="dubnov", **several
        )
    assert names_of("dubnov", changes=ATTENTION) == names_of(["dubnov"], changes=[ATTENTION])
    assert sim.load("dubnov", "years=2") == sim.load("dubnov", ["years=2"])
    _, groups = prepared("what-if/china-steps-in", "dubnov")
    assert [group.under for group in groups] == ["dubnov"]
    function = sim.as_function("baseline", "street_falls", changes="years=2")
    assert function.outcomes == ("street_falls",)
    assert list(function.ranges("moscow.keep_weight")) == ["moscow.keep_weight"]


@pytest.mark.parametrize("arguments", [(None,), (3,), ("dubnov", 3), ("dubnov", [None])])
def test_load_takes_a_name_and_texts(arguments):
    with pytest.raises(sim.SimError, match=r"is no scenario|overrides takes texts as path=value, not"):
        sim.load(*arguments)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: sim.Experiment(3), "3 is no scenario, and no list of scenarios"),
        (lambda: sim.compare_under("baseline", [3]), "theses takes names or files, not 3"),
        (lambda: sim.simulate(3, 0), "3 is no scenario"),
        (lambda: sim.simulate("basline", 0), "did you mean baseline"),
        (lambda: sim.simulate("baseline", -1), "the replicate must be a whole number, 0 or more, not -1"),
        (lambda: sim.simulate("baseline", "0"), "0 or more, not '0'"),
        (lambda: sim.signposts("results/x"), r"give sim.open_results\('results/x'\)"),
        (lambda: sim.odds("results/x", "war:started = 0", months=12), "give sim.open_results"),
        (lambda: sim.rank_draws(None), "None is no results"),
        (lambda: sim.discover("results/x", "wars >= 1"), "give sim.open_results"),
        (lambda: figures.draw_all("results/x", "figures"), "give sim.open_results"),
        (lambda: figures.save(None, "x.png"), "None is no figure"),
        (lambda: figures.save(Figure(), None), "None is no file for a figure"),
        (lambda: figures.plot_outcome(None, "wars"), "give `results.outcomes`"),
    ],
)
def test_what_is_given_in_place_of_a_scenario_or_of_results_is_told(call, told):
    with pytest.raises(sim.SimError, match=told):
        call()


def test_python_is_not_told_of_an_option_of_the_commands():
    for make in (
        lambda: sim.run("baseline", changes={"moscow.keep_wight": 1}),
        lambda: sim.compare("baseline", changes={"moscow.keep_wight": 1}),
        lambda: sim.sweep("baseline", "moscow.keep_weight=1", changes={"moscow.keep_wight": 1}),
        lambda: sim.as_function("baseline", changes={"moscow.keep_wight": 1}),
    ):
        with pytest.raises(sim.ScenarioError, match=r"did you mean moscow\.keep_weight") as caught:
            make()
        assert caught.value.file == "changes"


def test_a_run_is_made_by_the_name_of_its_scenario():
    small = sim.load("baseline", ["years=1", "citizens=60"])
    Path("small.yaml").write_text(small.to_yaml(), encoding="utf-8")
    one, other = sim.simulate("small.yaml", 1), sim.simulate(small, replicate=1)
    assert one.draws == other.draws


@pytest.mark.parametrize(("package", "call"), [("altair", "results.report()"), ("openpyxl", EXPORT)])
def test_a_missing_package_is_told_with_its_extra(package, call):
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "import sim\n"
        "results = sim.run('baseline', runs=1, changes={'years': 1, 'citizens': 60}, workers=1)\n"
        f"try:\n    {call}\n"
        "except sim.SimError as error:\n    print(isinstance(error, ImportError), error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("True "), done.stderr
    assert "pip install 'post-soviet-scenarios[report]'" in done.stdout


def test_what_is_not_run_as_shipped_is_said_of_figures_and_tables():
    changed = CliRunner().invoke(main, ["run", "dubnov", "--runs", "2", *SMALL, "--no-figures"])
    assert "Outcomes of dubnov, run with 1 year, 60 citizens a state" in changed.stdout
    results = sim.open_results("results/dubnov")
    source = figures.source_of(results.outcomes, results.about)
    assert "; run with 1 year, 60 citizens a state." in source.line
    assert "Run with 1 year, 60 citizens a state." in notes(results.compare())
    assert "\nRun with 1 year, 60 citizens a state.\n" in changed.stdout
    done = CliRunner().invoke(
        main, ["compare", "baseline", "dubnov", "--runs", "2", *SMALL, "--no-figures", "-o", "c"]
    )
    assert "\nRun with 1 year, 60 citizens a state.\n\nOutcomes" in done.stdout
    summary = Path("c/summary.md").read_text(encoding="utf-8")
    assert "\n\nRun with 1 year, 60 citizens a state.\n\n| outcome" in summary
    assert (
        Report(found := sim.open_results("c"), Asked.read(found)).cautions[0]
        == "Run with 1 year, 60 citizens a state."
    )
    assert "<li>Run with 1 year, 60 citizens a state.</li>" in sim.open_results("c").compare()._repr_html_()
    told = [{"name": "dubnov-without-D2", "start": "2010-01", "years": 15, "citizens": 1000}]
    assert changed_frames({"scenarios": told}) == {"dubnov-without-D2": "start 2010-01"}
    assert not changed_frames({"scenarios": [{"name": "dubnov", "start": "2025-01", "years": 15}]})
    assert not changed_frames({"scenarios": [{"name": "mine", "start": "2010-01", "years": 3}]})
    frames = {"dubnov": "start 2010-01"}
    assert frames_in_words(frames, ["dubnov", "mine"]) == "run with start 2010-01 (dubnov)"
    assert frames_in_words(frames, ["mine"]) == ""


def test_what_is_shown_of_results_takes_a_single_name_too(results):
    comparison = results.compare(outcomes="wars")
    assert comparison.shown == ("wars",)
    assert comparison.by_state("KGZ").equals(comparison.by_state(["KGZ"]))
    assert comparison.unaudited("wars") == comparison.unaudited(["wars"])
    files = figures.draw_all(results, "figures", "svg", only="end_states", scenarios="baseline")
    assert [path.name for path in files] == ["end_states.svg"]
    drawn = figures.plot_outcome(results.outcomes, "challenges")
    assert [path.name for path in figures.save_all(drawn, ".", "one", "svg")] == ["one.svg"]
    assert results.plot.end_states(scenarios="baseline")
    assert figures.outcome_distributions(results.outcomes, "wars")
    levels = {"title": "Levels", "families": {"one": "baseline"}, "levels": "own"}
    assert figures.plot_levels(results.outcomes, "wars", **levels)
    with pytest.raises(sim.SimError, match="to tell apart"):  # one scenario, and not its letters
        sim.signposts(results, scenarios="baseline", years=1)
    with pytest.raises(sim.SimError, match="a ranking needs"):
        sim.rank_draws(results, "wars", scenarios="baseline")
    with pytest.raises(sim.SimError, match="to tell apart"):
        sim.odds(results, "war:started = 0", months=6, scenarios="baseline")
    found = sim.discover(results, "wars >= 1", scenarios="baseline")
    assert found.scenarios == ("baseline",)


def test_what_is_wrong_in_a_call_for_figures_or_tables_is_told(results):
    comparison = results.compare()
    for call, told in (
        (lambda: figures.plot_outcome(results.outcomes, "chalenges"), "did you mean challenges"),
        (lambda: figures.plot_outcome(results, "challenges"), "Results is no table of outcomes"),
        (lambda: figures.draw_all(comparison, "figures"), "give its `results`"),
        (lambda: figures.draw_all(results, "figures", only=[None]), "only takes names of figures, not None"),
        (lambda: figures.draw_all(results, None), "None is no folder for figures"),
        (lambda: comparison.table([None]), "outcomes takes names, not None"),
        (lambda: comparison.by_state([None]), "states takes names, not None"),
        (lambda: comparison.export(None), "None is no folder for tables"),
        (lambda: results.report(3), "3 is no file for the report"),
        (lambda: results.compare(since=2014), "'2014' is not a month"),
        (lambda: results.compare(baseline=3), "no scenario '3'"),
        (lambda: results.read("events", since=2014), "'2014' is not a month"),
        (lambda: sim.discover(results, None), "the condition 'None' is not understood"),
        (lambda: sim.signposts(results, by=3), "tell apart by scenario or end state, not '3'"),
    ):
        with pytest.raises(sim.SimError, match=told):
            call()
