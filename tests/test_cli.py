"""The command line, from its help to what it prints and stores, on small runs of the real model."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from click.shell_completion import ShellComplete

import sim
from sim.analysis.compare import compare
from sim.cli.main import main
from sim.measures import STATE_OUTCOMES
from tests.command_line import ENVIRONMENT, FAST, call, write_two_scenarios

HEAVY = ("numpy", "pandas", "mesa", "matplotlib", "numba", "pyarrow", "pydantic")


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """Give every test two small scenario files in an empty folder."""
    monkeypatch.chdir(tmp_path)
    write_two_scenarios(tmp_path)


def test_help_lists_every_command_and_examples():
    text = call("--help").output
    for name in main.commands:
        assert f"  {name}" in text
        page = call(name, "--help")
        assert page.exit_code == 0
        assert f"Examples:\n  sim {name}" in page.output


def test_version():
    assert call("--version").output.startswith("sim ")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["compare", "-h"], ["show", "-h"]])
def test_help_loads_nothing_heavy(arguments):
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    assert "Usage:" in done.stdout
    assert done.stderr.strip() == "[]"


def test_run_prints_distributions_and_stores_everything():
    done = call("run", "one.yaml", *FAST)
    assert done.exit_code == 0, done.output
    assert "mean  median  5 % of runs below  5 % above" in done.stdout
    assert "status quo" in done.stdout
    assert "Results: results/one\n" in done.stdout
    assert "\x1b" not in done.stdout  # no colour where there is no terminal
    results = sim.open_results("results/one")
    assert results.outcomes["replicate"].tolist() == [0, 1, 2]
    assert results.about["seed"] == 1
    assert len(results.trajectories) == 3 * 12 * 15


def test_options_reach_the_runs():
    call(
        "run",
        "one.yaml",
        *FAST,
        "--runs",
        "2",
        "--seed",
        "7",
        "--out",
        "mine",
        "--set",
        "moscow.keep_weight=3",
    )
    results = sim.open_results("mine")
    assert len(results.outcomes) == 2
    assert results.about["seed"] == 7
    assert results.draws["moscow.keep_weight"].tolist() == [3, 3]


def test_results_are_never_overwritten_unasked():
    first = call("run", "one.yaml", *FAST, "--runs", "1", "--quiet")
    again = call("run", "one.yaml", *FAST, "--runs", "2", "--quiet")  # the same and one more
    other = call("run", "one.yaml", *FAST, "--runs", "2", "--quiet", "--seed", "9")
    assert (first.stdout, again.stdout, other.stdout) == ("results/one\n", "results/one\n", "results/one-2\n")
    refused = call("run", "one.yaml", *FAST, "--out", "results/one", "--seed", "9")
    assert refused.exit_code == 2
    assert refused.stderr == (
        "Error: results/one holds runs of another scenario or seed named one: "
        "choose another folder with --out, or add --force to replace it\n"
    )
    fewer = call("run", "one.yaml", *FAST, "--quiet", "--runs", "1")  # the first of those that are there
    assert fewer.stdout == "results/one\n"
    assert sim.open_results("results/one").outcomes["replicate"].tolist() == [0]
    assert len(list(Path("results/one/runs").rglob("*.zip"))) == 2  # and none is lost
    forced = call("run", "one.yaml", *FAST, "--runs", "1", "--out", "results/one", "--force")
    assert forced.exit_code == 0
    assert len(pd.read_parquet("results/one/outcomes.parquet")) == 1


def test_compare_pairs_scenarios_and_says_what_it_shared():
    done = call("compare", "one.yaml", "two.yaml", *FAST)
    assert done.exit_code == 0, done.output
    assert "the scenarios' seeds differ; all use that of one, 1" in done.stderr
    text = " ".join(done.stdout.split())
    assert "difference from one with common random numbers" in text
    assert "With 3 runs the intervals are too narrow." in text
    outcomes = sim.open_results("results/compare").outcomes
    assert outcomes.groupby("scenario", observed=True).size().to_dict() == {"one": 3, "two": 3}
    table = pd.read_csv("results/compare/comparison.csv", index_col=["scenario", "outcome"])
    means = outcomes.groupby("scenario", observed=True)["challenges"].mean()
    assert table.loc[("two", "challenges"), "difference"] == pytest.approx(
        means["two"] - means["one"], abs=1e-4
    )
    assert "difference from one in percentage points" in text
    ends = pd.read_csv("results/compare/comparison_end_states.csv", index_col=["scenario", "end_state"])
    shares = outcomes.groupby("scenario", observed=True)["end_state"].value_counts(normalize=True)
    less = [shares.get((name, "status quo"), 0.0) for name in ("two", "one")]
    assert ends.loc[("two", "status quo"), "difference"] == pytest.approx(less[0] - less[1], abs=1e-4)
    assert not ends.loc["two", "audited"].any()
    assert pd.read_parquet("results/compare/comparison_end_states.parquet").index.equals(ends.index)


def test_results_know_what_they_were_compared_with():
    for baseline in ("two", "one"):  # the same runs are held against another baseline
        done = call("compare", "one.yaml", "two.yaml", *FAST, "--baseline", baseline)
        assert done.exit_code == 0, done.output
        results = sim.open_results("results/compare")
        assert results.baseline == baseline
        assert compare(results).baseline == baseline
    assert not Path("results/compare-2").exists()
    call("run", "one.yaml", *FAST, "--out", "alone")
    assert sim.open_results("alone").baseline is None


def test_compare_gives_files_of_one_name_different_names():
    Path("sub").mkdir()
    Path("sub/one.yaml").write_text(Path("two.yaml").read_text())
    other = "one-moscow.keep_weight=2.5"  # by what differs
    done = call("compare", "one.yaml", "sub/one.yaml", *FAST, "--runs", "1", "--baseline", other)
    assert f"a second scenario named one is called {other}" in done.stderr
    assert sim.open_results("results/compare").scenarios == ["one", other]
    assert f"difference from {other}" in " ".join(done.stdout.split())
    call("compare", "one.yaml", "one.yaml", *FAST, "--runs", "1", "--out", "same")
    assert sim.open_results("same").scenarios == ["one", "one-2"]  # where nothing does


def test_figures_go_beside_the_results(monkeypatch):
    import sim.figures  # noqa: PLC0415

    def draw_groups(results, groups, folder, formats, only, window, states, caption):
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"fan.{kind}" for kind in formats]
        for file in files:
            file.write_text(" ".join(results.scenarios))
        return files

    monkeypatch.setattr(sim.figures, "draw_groups", draw_groups, raising=False)
    done = call("run", "one.yaml", "--runs", "1", "--workers", "1", "--set", "citizens=60")
    assert "Figures: results/one/figures (1)" in done.output
    assert Path("results/one/figures/fan.png").read_text() == "one"
    drawn = call("plot", "results/one", "--out", "paper", "--format", "pdf", "--format", "svg")
    assert drawn.output == "paper/fan.pdf\npaper/fan.svg\n"
    assert call("plot", "results/one", "--format", "jpeg").exit_code == 2
    assert call("plot", "results/one", "--out", "paper", "--baseline", "one").exit_code == 0


def test_compare_shows_what_happens_to_a_state():
    done = call("compare", "one.yaml", "two.yaml", *FAST, "--state", "kyrgyzstan,Baltic", "--state", "MDA")
    assert done.exit_code == 0, done.output
    assert "Kyrgyzstan (KGZ)" in done.stdout
    for row in STATE_OUTCOMES.values():  # labels say in words what they are
        assert row.label in done.stdout
        assert f"({row.unit})" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    (line,) = re.findall(
        r"^- (two, single states: .*)$", Path("results/compare/summary.md").read_text(), re.M
    )
    assert line in " ".join(done.stdout.split())  # the words are those of the files
    results = sim.open_results("results/compare")
    rows = pd.read_csv("results/compare/comparison_by_state.csv", index_col=["scenario", "state", "outcome"])
    assert list(rows.index.unique("state")) == ["KGZ", "EST", "LVA", "LTU", "MDA"]
    months = results.trajectories.query("scenario == 'two' and state == 'KGZ'").groupby("replicate")
    change = (months["alignment"].last() - months["alignment"].first()).mean()
    assert rows.loc[("two", "KGZ", "alignment_change"), "mean"] == pytest.approx(change, abs=1e-5)
    call("compare", "one.yaml", "two.yaml", *FAST)
    assert not Path("results/compare/comparison_by_state.csv").exists()  # none of runs that were not asked of


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("Narnia", "no state is called 'Narnia'; did you mean ARM (Armenia)? there are: EST Estonia, LVA"),
        ("KGX", "did you mean KGZ (Kyrgyzstan)?"),
        ("MDA,KGX", "did you mean KGZ (Kyrgyzstan)?"),
        ("Centrl Asia", "did you mean Central Asia? there are: Baltic, East, Caucasus, Central Asia"),
        ("russia", "Moscow is no state of its own space"),
        ("transnistria", "no state is called 'transnistria'; it is a territory of Moldova (MDA); there are"),
    ],
)
def test_an_unknown_state_is_refused_before_anything_runs(state, message):
    done = call("compare", "one.yaml", "two.yaml", *FAST, "--state", state)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert not Path("results").exists()


def test_unequal_spans_are_told_before_the_table():
    done = call("compare", "one.yaml", "two.yaml", *FAST, "--runs", "1")
    assert "Caution" not in done.stdout
    Path("long.yaml").write_text(Path("two.yaml").read_text().replace("years: 1", "years: 2"))
    done = call("compare", "one.yaml", "long.yaml", *FAST, "--runs", "1")
    assert done.stdout.index(
        "Caution: the scenarios' spans differ (one 2025-01, 1 years"
    ) < done.stdout.index("challenges")
    assert "the scenarios' spans differ" in done.stderr


def test_show_gives_every_parameter_with_its_source():
    text = call("show", "one.yaml").output
    assert "Scenario one: One" in text
    for path, spec in sim.catalogue().items():
        assert path in text
        assert spec.source.split()[0] in text
    (line,) = [line for line in text.splitlines() if line.startswith("moscow.keep_weight ")]
    assert "0.5" in line
    assert "user" in line


def test_show_initial_gives_every_state():
    text = call("show", "one.yaml", "--initial", "--set", "initial.KGZ.alignment=0.25").output
    (line,) = [line for line in text.splitlines() if line.startswith("KGZ.alignment")]
    assert line.split()[1:6] == ["0.25", "-1", "to", "1", "user"]
    assert "EST.openness" in text
    (line,) = [line for line in text.splitlines() if line.startswith("RUS.money")]
    assert "billion dollars a year" in line


def test_stories_of_a_scenario_and_of_stored_runs_agree():
    call("run", "one.yaml", *FAST)
    stored = call("show", "results/one", "--story", "--replicate", "1")
    told = call("show", "one.yaml", "--story", "--replicate", "1", "--set", "citizens=60")
    assert stored.output == told.output
    assert "2025. " in stored.output


def test_diff_shows_what_differs():
    text = call("diff", "one.yaml", "two.yaml").output
    assert [line.split() for line in text.splitlines()[1:]] == [
        ["title", "One", "Two"],
        ["runs", "3", "2"],
        ["seed", "1", "2"],
        ["parameters.moscow.keep_weight", "0.5", "2.5"],
    ]
    assert call("diff", "one.yaml", "one.yaml").output == "The scenarios are the same.\n"


def test_check_goes_through_all_files():
    Path("bad.yaml").write_text("yeers: 3\n")
    done = call("check", "bad.yaml", "one.yaml")
    assert done.exit_code == 2
    assert "one.yaml: fine" in done.stdout
    assert "bad.yaml, line 1, column 1: yeers" in done.stderr
    assert call("check", "one.yaml").exit_code == 0


def test_check_tells_a_fault_of_a_thesis_once():
    Path("theses").mkdir()
    Path("uses.yaml").write_text("extends: baseline\nthesis: theses/mine.yaml\nyeers: 3\n")
    Path("theses/mine.yaml").write_text("thesis: mine\ntitle: T\nclaims:\n  - {id: M1, clam: c, note: n}\n")
    done = call("check", "theses/mine.yaml", "uses.yaml")
    assert done.exit_code == 2
    assert done.stderr.count("claims[0].clam: unknown key") == 1
    assert "uses.yaml, line 3, column 1: yeers" in done.stderr
    other = call("check", "uses.yaml", "theses/mine.yaml")
    assert other.exit_code == 2
    assert other.stderr.count("claims[0].clam: unknown key") == 1
    assert "Error: theses/mine.yaml: its faults are told above" in other.stderr


def test_schema_is_a_schema():
    for arguments in (["schema"], ["schema", "--thesis"]):
        jsonschema.Draft202012Validator.check_schema(json.loads(call(*arguments).output))


def test_list_names_what_is_shipped():
    assert call("list", "--names").output.split() == list(sim.names())
    assert call("list").exit_code == 0


def test_the_shell_completes_scenario_names(monkeypatch):
    monkeypatch.setattr("sim.scenario.names", lambda: ("dubnov", "kuzio"))
    completer = ShellComplete(main, {}, "sim", "_SIM_COMPLETE")
    offered = [item.value for item in completer.get_completions(["compare", "kuzio"], "du")]
    assert offered == ["dubnov", "du"]  # the second lets the shell offer files
