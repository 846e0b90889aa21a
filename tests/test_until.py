"""Ensembles that stop when they are precise enough: the files are those of that many runs asked for."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from test_runs import contents
from test_runs_fakes import RECIPE, FakeScenario, run_to_folder

import sim
from sim.cli.main import main
from sim.errors import RequestError
from sim.experiment.experiment import Experiment
from sim.experiment.interrupt import RunsInterrupted
from sim.experiment.results import open_results
from sim.experiment.until import Target, in_sentences, looks

PAIR = [FakeScenario("baseline", runs=200), FakeScenario("kuzio", runs=200, seed=2, years=3)]
INFLUENCE = (Target("influence_end", 0.2),)  # uniform from 0 to 1, so a difference's deviation is 0.41
SMALL = ("--set", "years=1", "--set", "citizens=50", "--no-figures", "--workers", "1")


def run_until(targets, scenarios, folder, recipe, *, baseline=None, workers=1, progress=False):
    experiment = Experiment(
        scenarios,
        comparing=baseline is not None,
        baseline=baseline,
        until=targets,
        out=folder,
        recipe=recipe,
        workers=workers,
    )
    experiment.run(progress=progress)
    return experiment.findings


def runs_in(folder) -> int:
    rows = open_results(folder).outcomes
    counts = rows["scenario"].value_counts()
    assert counts.nunique() == 1
    return int(counts.iloc[0])


def test_it_stops_at_a_look_with_the_files_of_that_many_runs(tmp_path):
    findings = run_until(INFLUENCE, PAIR, tmp_path / "out", RECIPE, baseline="baseline")
    runs = runs_in(tmp_path / "out")
    assert runs in set(looks(200)) - {30, 200}
    assert [finding.what for finding in findings] == ["kuzio less baseline"]
    assert findings[0].precision.width < 0.2
    run_to_folder([replace(item, runs=runs) for item in PAIR], tmp_path / "whole", RECIPE)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert "influence_end, kuzio less baseline" in (tmp_path / "out" / "log.txt").read_text()

    before = [count for count in looks(200) if count < runs][-1]
    run_to_folder([replace(item, runs=before) for item in PAIR], tmp_path / "before", RECIPE)
    outcomes = open_results(tmp_path / "before").outcomes.pivot(index="replicate", columns="scenario")
    difference = outcomes["influence_end"]["kuzio"] - outcomes["influence_end"]["baseline"]
    assert 2 * 1.96 * difference.std() / before**0.5 > 0.19  # a look before it was not narrow yet


@pytest.mark.slow
def test_workers_change_nothing(tmp_path):
    for workers in (1, 2):
        run_until(INFLUENCE, PAIR, tmp_path / str(workers), RECIPE, baseline="baseline", workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_interrupted_and_begun_again_it_ends_the_same(tmp_path):
    run_until(INFLUENCE, PAIR, tmp_path / "whole", RECIPE, baseline="baseline")
    pressed = [PAIR[0], replace(PAIR[1], interrupts=41)]
    with pytest.raises(RunsInterrupted):
        run_until(INFLUENCE, pressed, tmp_path / "out", RECIPE, baseline="baseline")
    there = open_results(tmp_path / "out").outcomes["replicate"].max()
    assert 30 <= there < runs_in(tmp_path / "whole") - 1
    run_until(INFLUENCE, PAIR, tmp_path / "out", RECIPE, baseline="baseline")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_runs_that_are_there_are_used(tmp_path):
    run_to_folder([replace(item, runs=65) for item in PAIR], tmp_path / "out", RECIPE)
    run_until((Target("influence_end", 10.0),), PAIR, tmp_path / "out", RECIPE, baseline="baseline")
    assert runs_in(tmp_path / "out") == 75  # the first look that is no earlier
    run_until((Target("influence_end", 10.0),), PAIR, tmp_path / "out", RECIPE, baseline="baseline")
    assert runs_in(tmp_path / "out") == 75


def test_without_baseline_it_is_every_scenarios_mean(tmp_path):
    targets = (Target("influence_end", 0.5), Target("challenges", 100.0))
    findings = run_until(targets, PAIR, tmp_path / "out", RECIPE)
    assert runs_in(tmp_path / "out") == 30
    assert [(item.outcome, item.what) for item in findings] == [
        (outcome, f"mean of {name}")
        for outcome in ("influence_end", "challenges")
        for name in ("baseline", "kuzio")
    ]
    assert len(in_sentences(findings)) == 2
    assert "(the most demanding of 2)" in in_sentences(findings)[0]


def test_at_the_ceiling_it_says_how_many_more(tmp_path):
    asked = [replace(item, runs=40) for item in PAIR]
    wanted = (Target("influence_end", 0.05),)
    findings = run_until(wanted, asked, tmp_path / "out", RECIPE, baseline="baseline")
    assert runs_in(tmp_path / "out") == 40
    found = findings[0].precision
    assert 40 + found.more_runs == pytest.approx((2 * 1.96 * 0.408 / 0.05) ** 2, rel=0.35)  # 1024
    assert in_sentences(findings)[0].endswith(
        f"it needs about {found.more_runs:,} more, {40 + found.more_runs:,} in all"
    )


def test_undefined_runs_are_left_out_and_told(tmp_path):
    findings = run_until(
        (Target("success_ratio", 0.001),), [replace(PAIR[0], runs=35)], tmp_path / "out", RECIPE
    )
    ratios = open_results(tmp_path / "out").outcomes["success_ratio"]
    undefined = int(ratios.isna().sum())
    assert 0 < undefined < 35
    assert findings[0].precision.defined == 35 - undefined
    assert f"after 35 runs (undefined in {undefined})" in str(findings[0])


def test_runs_that_fail_are_left_out(tmp_path):
    failing = [replace(PAIR[0], runs=40, raises=3), replace(PAIR[1], runs=40)]
    (finding,) = run_until(
        (Target("influence_end", 9.0),), failing, tmp_path / "out", RECIPE, baseline="baseline"
    )
    assert (finding.precision.runs, finding.precision.defined) == (37, 37)  # 30 would give 29 pairs
    assert run_until(INFLUENCE, [FakeScenario(runs=1, raises=0)], tmp_path / "none", RECIPE) == []


def test_a_difference_needs_another_scenario(tmp_path):
    with pytest.raises(RequestError, match="no other scenario is compared"):
        run_until(INFLUENCE, PAIR[:1], tmp_path / "out", RECIPE, baseline="baseline")
    assert not (tmp_path / "out").exists()


def test_progress_counts_to_the_ceiling(tmp_path):
    tallies = []
    run_until(INFLUENCE, PAIR, tmp_path / "out", RECIPE, baseline="baseline", progress=tallies.append)
    assert {tally.asked for tally in tallies} == {400}
    assert [tally.finished for tally in tallies] == sorted(tally.finished for tally in tallies)
    assert tallies[-1].finished == 2 * runs_in(tmp_path / "out")


def call(*words: str):
    return CliRunner().invoke(main, words)


def test_the_command_line_stops_early_and_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("run", "baseline", "--runs", "50", "--until", "challenges=50", *SMALL, "--out", "r")
    assert done.exit_code == 0, done.output
    assert runs_in("r") == 30
    assert "challenges, mean of baseline: " in done.stderr
    assert "wide after 30 runs, narrower than 50" in done.stderr
    fine = ("--until", "influence_end=1e-9")
    short = call("run", "baseline", "--runs", "2", *fine, *SMALL, "--out", "q", "-q")
    assert short.stdout == "q\n"
    assert "more, " in short.stderr


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("run", "baseline", "--until", "street_fals=1"), "did you mean street_falls?"),
        (("compare", "baseline", "--until", "street_falls=1"), "no other scenario is compared"),
        (
            ("run", "baseline", "--until", "street_falls=1", "--runs", "1000000000"),
            "1,000,000,000 runs would take",
        ),
    ],
)
def test_mistakes_exit_2_before_anything_runs(words, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*words)
    assert done.exit_code == 2
    assert part in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_shell_completes_outcomes():
    completer = ShellComplete(main, {}, "sim", "_SIM_COMPLETE")
    offered = [item.value for item in completer.get_completions(["run", "baseline", "--until"], "street")]
    assert offered == ["street_falls="]


def test_python_takes_a_mapping_and_warns():
    small = sim.Scenario.build("small", years=1, citizens=50, runs=2)
    with pytest.warns(UserWarning, match="influence_end, mean of small: .* more, .* in all"):
        results = sim.run(small, until={"influence_end": 1e-9})
    assert len(results.outcomes) == 2
    with pytest.raises(ValueError, match="did you mean street_falls"):
        sim.run(small, until={"street_fall": 1.0})
    with pytest.raises(RequestError, match="no other scenario"):
        sim.compare([small], until={"street_falls": 1.0})


def test_the_log_is_closed_between_looks(tmp_path):
    run_until(INFLUENCE, PAIR, tmp_path / "out", RECIPE, baseline="baseline")
    assert not [item for item in logging.getLogger("sim").handlers if isinstance(item, logging.FileHandler)]
