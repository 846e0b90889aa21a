"""One experiment behind the command line and Python: the same scenarios, names, notes, checks and bytes."""

from __future__ import annotations

import dataclasses
import traceback
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from test_runs import contents

import sim
from sim.cli.main import main
from sim.cli.options import given_options
from sim.errors import FolderError, RequestError, ResultsError
from sim.experiment import run as run_module
from sim.experiment.calls import prepared
from sim.experiment.options import Options
from sim.experiment.prepare import Changes
from sim.model.model import PostSovietSpace
from sim.parameters import Normal
from sim.scenario import describe

FRAME = ("--set", "years=1", "--set", "citizens=50", "--runs", "2")
SMALL = {"changes": {"years": 1, "citizens": 50}, "runs": 2}
ATTENTION = "costs.loan_attention=0.6"


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def call(*words: str):
    return CliRunner().invoke(main, words)


def names_of(sources, *, comparing=True, **options) -> list[str]:
    return [item.name for item in sim.Experiment(sources, comparing=comparing, **options).scenarios]


# -- one path --------------------------------------------------------------------------------------


def test_the_command_line_and_python_make_the_same_folder():
    words = ("baseline", "dubnov", "--set", ATTENTION, "--without", "D2", "--no-figures", *FRAME)
    assert call("compare", *words, "--out", "same").exit_code == 0
    Path("same").rename("typed")  # its name stands in the commands that a summary names
    changes = {"years": 1, "citizens": 50, "costs.loan_attention": 0.6}
    sim.compare(["baseline", "dubnov"], changes=changes, without=["D2"], runs=2, out="same")
    assert contents(Path("typed")) == contents(Path("same"))


def test_an_option_of_one_is_an_option_of_the_other():
    shown = {"no_figures", "no_caption", "formats", "quiet", "outcomes", "only", "since", "by"}
    own = {
        "run": {"scenario"},
        "compare": {
            "scenarios",
            "baseline",
            "baseline_too",
            "states",
            "under",
            "only_different",
            "audits",
        },
    }
    for name, others in own.items():
        typed = {str(option.name) for option in main.commands[name].params}
        assert typed - shown - others == set(Options.__annotations__)


def test_from_the_call_to_a_month_it_is_few_calls(monkeypatch):
    stacks = []

    def step(model):
        del model
        stacks.append([frame.name for frame in traceback.extract_stack() if "/sim/" in frame.filename])
        raise RuntimeError("seen")

    monkeypatch.setattr(PostSovietSpace, "step", step)
    short = sim.Scenario.build("short", years=1, citizens=50)
    assert len(sim.run(short, runs=1).failures) == 1
    (calls,) = stacks
    assert calls[0] == "run"
    assert len(calls) <= 10, calls


def test_notes_are_given_in_both():
    two = sim.Scenario.build("two", years=1, citizens=50, seed=9)
    with pytest.warns(UserWarning, match="seeds differ; all use that of baseline"):
        sim.compare(["baseline", two], **SMALL)


def test_force_replaces_and_only_then():
    sim.run("baseline", out="r", **SMALL)
    with pytest.raises(FolderError, match="holds runs of another scenario or seed named baseline"):
        sim.run("baseline", out="r", seed=3, **SMALL)
    assert sim.run("baseline", out="r", seed=3, force=True, **SMALL).about["seed"] == 3


def test_nothing_is_removed_before_everything_is_checked():
    sim.run("baseline", out="r", **SMALL)
    before = contents(Path("r"))
    for wrong in ({"until": {"street_fall": 1.0}}, {"workers": 0}, {"runs": 10**9}, {"without": ["D2"]}):
        with pytest.raises(sim.SimError):
            sim.run("baseline", out="r", force=True, **{**SMALL, **wrong})
    assert contents(Path("r")) == before


# -- changed scenarios are told apart, and the baseline is changed if asked ------------------------


@pytest.mark.parametrize(
    ("sources", "options", "expected"),
    [
        (["baseline", "dubnov"], {}, ["baseline", f"dubnov-{ATTENTION}"]),
        (["dubnov", "baseline", "kuzio"], {}, [f"dubnov-{ATTENTION}", "baseline", f"kuzio-{ATTENTION}"]),
        (["dubnov", "kuzio"], {}, ["dubnov", f"kuzio-{ATTENTION}"]),
        (["dubnov", "kuzio"], {"baseline": "kuzio"}, [f"dubnov-{ATTENTION}", "kuzio"]),
        (["dubnov"], {}, ["dubnov", f"dubnov-{ATTENTION}"]),
        (["baseline", "dubnov"], {"baseline_too": True}, [f"baseline-{ATTENTION}", f"dubnov-{ATTENTION}"]),
        (["dubnov"], {"comparing": False}, [f"dubnov-{ATTENTION}"]),
    ],
)
def test_only_the_baseline_keeps_its_name_and_numbers(sources, options, expected):
    experiment = sim.Experiment(sources, **{"comparing": True, **options}, changes=[ATTENTION])
    assert [item.name for item in experiment.scenarios] == expected
    for item in experiment.scenarios:
        setting = item.parameters.get("costs.loan_attention")
        assert (setting is not None) == (ATTENTION in item.name)
    if options.get("comparing", True):
        assert experiment.baseline in expected
        assert (ATTENTION in str(experiment.baseline)) == bool(options.get("baseline_too"))


@pytest.mark.slow
def test_every_table_and_file_bears_the_name():
    name = f"dubnov-{ATTENTION}"
    done = call("compare", "baseline", "dubnov", "--set", ATTENTION, "--no-figures", *FRAME)
    assert done.exit_code == 0, done.output
    assert name in done.stdout
    folder = Path("results/compare")
    assert {path.stem for path in (folder / "scenarios").iterdir()} == {"baseline", name}
    for table in ("outcomes", "trajectories", "events", "draws", "comparison"):
        rows = pd.read_parquet(folder / f"{table}.parquet").reset_index()
        assert set(rows["scenario"].astype(str)) == {"baseline", name}
    plain = pd.read_parquet(folder / "outcomes.parquet").query("scenario == 'baseline'")
    call("compare", "baseline", "dubnov", "--no-figures", *FRAME, "--out", "unchanged")
    again = pd.read_parquet("unchanged/outcomes.parquet").query("scenario == 'baseline'")
    pd.testing.assert_frame_equal(plain, again)
    assert (
        call("run", "dubnov", "--set", ATTENTION, "-q", "--no-figures", *FRAME).stdout == f"results/{name}\n"
    )
    assert f"Scenario {name}: " in call("show", "dubnov", "--set", ATTENTION).stdout


def test_how_scenarios_are_run_is_set_in_all_and_in_no_name():
    experiment = sim.Experiment(["baseline", "dubnov"], comparing=True, **SMALL)
    assert [(item.name, item.years, item.runs) for item in experiment.scenarios] == [
        ("baseline", 1, 2),
        ("dubnov", 1, 2),
    ]


@pytest.mark.parametrize(
    ("changes", "suffix"),
    [
        ({"moscow.keep_weight": 1.5, "initial.KGZ.alignment": -0.2},
         "moscow.keep_weight=1.5-initial.KGZ.alignment=-0.2"),
        (["parameters.moscow.keep_weight = 2"], "moscow.keep_weight=2"),
        (["moscow.keep_weight={normal: {mean: 1, sd: 2}}"], "moscow.keep_weight=normal-mean-1-sd-2"),
        ({"moscow.keep_weight": Normal(1.0, 2.0)}, "moscow.keep_weight=normal-mean-1.0-sd-2.0"),
        ({"thesis": "kuzio"}, "thesis=kuzio"),
        ({"title": "Another"}, ""),
        ({"runs": 3, "start": "2012-01"}, ""),
    ],
)  # fmt: skip
def test_names_are_readable_and_safe(changes, suffix):
    assert Changes.of(changes).suffix == suffix


def test_long_names_stay_apart():
    paths = [path for path in sim.catalogue() if path.startswith("moscow.")][:9]
    names = [
        Changes.of({path: spec.default * factor for path, spec in sim.catalogue().items() if path in paths})
        .apply("baseline")
        .name
        for factor in (1.0, 1.0001)
    ]
    assert names[0] != names[1]
    assert max(map(len, names)) <= 120


def test_scenarios_of_one_name_are_told_apart_by_what_differs():
    changed = sim.load("baseline", [ATTENTION])
    with pytest.warns(UserWarning, match=f"a second scenario named baseline is called baseline-{ATTENTION}"):
        comparison = sim.compare(["baseline", changed], **SMALL)
    assert comparison.scenarios == ("baseline", f"baseline-{ATTENTION}")
    assert names_of(["baseline", "baseline"]) == ["baseline", "baseline-2"]


def test_a_scenario_made_in_python_is_changed_as_a_file_is():
    made = sim.Scenario.build("mine", thesis="dubnov")
    (changed,) = sim.Experiment([made], changes={"moscow.keep_weight": 1.5}, with_=["K4"]).scenarios
    assert changed.name == "mine-with-K4-moscow.keep_weight=1.5"
    assert changed.parameters["moscow.keep_weight"].prior.centre == 1.5
    assert "K4" in [claim.id for claim in changed.claims]


@pytest.mark.slow
def test_claims_tell_what_is_changed_too():
    words = ("--runs", "2", "--set", "years=2", "--set", "citizens=50", "--set", ATTENTION, "-q")
    done = call("claims", "dubnov", *words)
    assert done.stdout == f"results/claims-{ATTENTION}\n"
    table = pd.read_csv(f"results/claims-{ATTENTION}/claims.csv", keep_default_na=False)
    assert all(ATTENTION in name for name in table["seen_in"] if name)
    assert call("variance", "baseline", *words).stdout == f"results/variance-{ATTENTION}\n"
    shares = pd.read_csv(f"results/variance-{ATTENTION}/variance.csv", keep_default_na=False)
    assert set(shares["scenario"]) == {f"baseline-{ATTENTION}"}


# -- checks and hints are the same in both ---------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be a whole number, 1 or more, not 0"),
        ({"workers": 2.5}, "workers must be a whole number, 1 or more, not 2.5"),
        ({"workers": "2"}, "workers must be a whole number, 1 or more, not '2'"),
        ({"out": 3}, "3 is no folder for results"),
        ({"out": ""}, "'' is no folder for results"),
        ({"until": "falls=1"}, "until takes a width by outcome"),
        ({"until": {"falls": "1"}}, "the width of falls must be a number above 0, not '1'"),
        ({"without": ["D2", "D2"]}, "claim D2 is switched twice"),
        ({"runs": 3, "changes": {"runs": 4}}, "runs is set twice"),
        (
            {"changes": ["moscow.keep_weight=1", "parameters.moscow.keep_weight=2"]},
            "keep_weight is set twice",
        ),
        ({"changes": [None]}, "changes takes texts as path=value, not None"),
        ({"without": 3}, "without takes ids of claims, not 3"),
        ({"until": 3}, "until takes a width by outcome"),
        ({"cluster": 3}, "3 is no address of a cluster"),
        ({"runs": 0}, r"^runs: 0 is out of range"),
        ({"seed": "x"}, r"^seed: 'x' is not a whole number"),
        ({"until": {"street_fals": 1}}, "did you mean street_falls"),
        ({"until": {"street_falls": 0}}, "must be a number above 0"),
    ],
)
def test_what_makes_no_sense_is_told(options, message):
    with pytest.raises(sim.SimError, match=message) as caught:
        sim.run("dubnov", **options)
    assert isinstance(caught.value, ValueError)


def test_what_is_no_scenario_and_what_is_no_option():
    with pytest.raises(RequestError, match="7 is no scenario"):
        sim.run(7)
    with pytest.raises(TypeError, match="no option 'worker'; there are: runs, seed"):
        sim.run("baseline", worker=2)
    with pytest.raises(RequestError, match="at least one scenario"):
        sim.compare([])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "baseline", "--set", ATTENTION, "--set", "costs.loan_attention=1"), "is set twice"),
        (("claims", "kuzio", "--set", "runs=5", "--runs", "6"), "runs is set twice"),
        (("claims", "kuzio", "--set", "runs=few"), "give runs as a whole number"),
        (("show", "baseline", "--replicate", "3"), "--replicate needs --story: add it"),
        (("show", "baseline", "--full"), "--full needs --story"),
        (("show", "baseline", "--story", "--of", "kuzio"), "--of chooses from a results folder"),
        (("explain", "results/nothing"), "there is no folder results/nothing"),
        (
            ("show", "results/nothing", "--story"),
            "no shipped scenario has this name, and there is no folder results/nothing",
        ),
        (("plot", "results/nothing"), "there is no folder results/nothing"),
        (("verify", "results/nothing"), "there is no folder results/nothing"),
    ],
)
def test_commands_tell_it_too(words, message):
    done = call(*words)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_a_misspelt_folder_is_told_from_a_misspelt_scenario():
    sim.run("baseline", out="results/mine", **SMALL)
    assert "did you mean results/mine?" in call("explain", "results/mien").stderr
    assert "results are in: results/mine" in call("explain", "results/another").stderr
    assert "did you mean csto-stays-home?" in call("explain", "what-if/csto-stay-home").stderr
    assert "did you mean dubnov?" in call("explain", "dubnof").stderr
    with pytest.raises(ResultsError, match="did you mean results/mine"):
        sim.open_results("results/mien")
    changed = call("show", "results/mine", "--story", "--set", ATTENTION)
    assert "these results are there already" in " ".join(changed.stderr.split())


def test_a_seed_and_runs_may_be_set_as_anything_else():
    call("claims", "dubnov", "--set", "runs=2", "--set", "seed=5", "--set", "years=2", "--set", "citizens=50")
    about = pd.read_json("results/claims/about.json", typ="series")
    assert (about["seed"], about["runs_a_scenario"]) == (5, 2)


def test_the_options_that_were_typed():
    with main.commands["show"].make_context("show", ["baseline", "--full"]).scope():
        assert given_options("replicate", "full") == ["--full"]


# -- results that are looked at while more runs are made -------------------------------------------


SIX = {"runs": 6, "changes": {"years": 1, "citizens": 50}, "workers": 1}


def small(folder, **options):
    return sim.Experiment(["baseline", "dubnov"], comparing=True, out=folder, **SIX, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages") / "whole"
    return small(folder).run().outcomes


def test_workers_come_behind_who_looks_at_what_they_make(tmp_path, monkeypatch):
    usual, behind = run_module.make_missing, []

    def make_missing(*given, **options):
        behind.append(options["behind"])
        return usual(*given, **options)

    monkeypatch.setattr(run_module, "make_missing", make_missing)
    list(small(tmp_path / "staged").run_in_stages([2]))
    small(tmp_path / "whole").run()
    assert behind == [True, False]


def test_stages_hold_the_runs_that_a_run_of_so_many_would(whole, tmp_path):
    tallies, seen = [], []
    experiment = small(tmp_path / "staged", replicates_a_chunk=1)
    for runs, results in experiment.run_in_stages([2, 4, 6], progress=tallies.append):
        seen.append((runs, tallies[-1].finished))
        expected = whole[whole["replicate"] < runs].reset_index(drop=True)
        pd.testing.assert_frame_equal(results.outcomes.reset_index(drop=True), expected)
        assert experiment.about["runs_a_scenario"] == runs
    assert seen == [(2, 4), (4, 8), (6, 12)]  # shown as soon as both scenarios have them
    assert experiment.about["runs_finished"] == 12


def test_stages_that_are_there_already_are_passed_over(whole, tmp_path):
    folder = tmp_path / "staged"
    small(folder).run()
    tallies = []
    (only,) = small(folder).run_in_stages([2, 4, 6], progress=tallies.append)
    assert only[0] == 6
    assert tallies[0].kept == tallies[-1].finished == 12


def test_an_iterator_that_is_closed_keeps_what_was_made_and_frees_the_folder(whole, tmp_path):
    folder = tmp_path / "staged"
    made = small(folder, replicates_a_chunk=1).run_in_stages([2, 6])
    assert next(made)[0] == 2
    made.close()
    tallies = []
    results = small(folder).run(progress=tallies.append)
    assert tallies[0].kept >= 4
    pd.testing.assert_frame_equal(results.outcomes, whole)


def test_a_scenario_with_other_runs_is_written_as_if_anew():
    scenario = sim.load("kuzio")
    first = scenario.to_yaml()
    other = dataclasses.replace(scenario, runs=7).to_yaml()
    describe._written.cache_clear()
    assert dataclasses.replace(scenario, runs=7).to_yaml() == other != first
    assert scenario.to_yaml() == first


@pytest.mark.parametrize(("too", "said"), [(False, 1), (True, 0)])
def test_a_claim_switched_in_what_is_laid_over_a_thesis_alone_is_remarked(too, said):
    options = {"runs": 2, "changes": ["years=2", "citizens=50"], "without": "K4", "baseline_too": too}
    experiment, _ = prepared(["baseline", "what-if/support-none"], ["kuzio"], **options)
    assert sum("K4 is switched" in str(note) for note in experiment.notes) == said
    plain, _ = prepared(["baseline", "what-if/support-none"], ["kuzio"], runs=2)
    assert not any("switched" in str(note) for note in plain.notes)
