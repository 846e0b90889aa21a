"""Ranking of parameters: what is planted comes first, and what is not there does not exceed chance."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim import figures
from sim.analysis.rank import RankDesign, rank_design, rank_draws
from sim.analysis.sweep import Sweep
from sim.cli.main import main
from sim.errors import RequestError, ResultsError, SimError
from sim.measures import OUTCOMES

PATHS = list(sim.catalogue())[:40]


def made(runs=200, effect=1.0, seed=1):
    """Return results in which an outcome rises with one parameter, falls with one, and peaks over a third."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.random((runs, len(PATHS))), columns=PATHS)
    y = 3 * x[PATHS[1]] - 2 * x[PATHS[2]] - 12 * (x[PATHS[3]] - 0.5) ** 2
    keys = {"scenario": "one", "replicate": range(runs)}
    table = pd.DataFrame({**keys, "challenges": effect * y + rng.normal(0, 1, runs), "wars": 1.0})
    table["end_state"] = np.where(table["challenges"] > table["challenges"].median(), "vacuum", "status quo")
    return SimpleNamespace(scenarios=["one"], draws=x.assign(**keys, fixed=1.0), outcomes=table, about={})


def told(ranking, measure):
    """Return the parameters that exceed chance, most first."""
    return list(ranking[(ranking["measure"] == measure) & ranking["exceeds"]]["parameter"])


def test_what_is_planted_comes_first_with_its_size():
    ranking = rank_draws(made(1000), ["challenges"])
    assert told(ranking, "rank correlation")[:2] == PATHS[1:3]
    swings = ranking[ranking["measure"] == "swing"].set_index("parameter")
    for path, slope in ((PATHS[1], 3), (PATHS[2], -2)):
        # The highest and the lowest fifth of a uniform parameter lie .8 apart
        assert swings.loc[path, "value"] == pytest.approx(0.8 * slope, abs=0.45)  # three standard errors
        assert swings.loc[path, "low"] < swings.loc[path, "value"] < swings.loc[path, "high"]
    assert "fixed" not in set(ranking["parameter"])


def test_end_states_are_ranked_too():
    ranking = rank_draws(made(), ["vacuum"])
    assert told(ranking, "rank correlation")[0] == PATHS[1]


def test_outcomes_of_ones_own_are_ranked(monkeypatch):
    results = made()
    monkeypatch.setitem(OUTCOMES, "mine", dataclasses.replace(OUTCOMES["challenges"], name="mine", own=True))
    results.outcomes["mine"] = results.outcomes["challenges"]
    assert told(rank_draws(results, ["mine"]), "swing") == told(rank_draws(results, ["challenges"]), "swing")


@pytest.mark.slow  # 21 forests
def test_a_forest_sees_a_peak_that_a_correlation_cannot():
    ranking = rank_draws(made(), ["challenges"], forest=True)
    assert PATHS[3] not in told(ranking, "rank correlation")
    assert PATHS[3] in told(ranking, "forest")


def test_noise_exceeds_chance_in_about_one_ranking_of_twenty():
    exceed = sum(
        bool(told(rank_draws(made(60, 0.0, seed), ["challenges"]), "rank correlation")) for seed in range(40)
    )
    assert exceed <= 6  # more than that is rarer than 1 in 70 at a rate of 5 %


def test_the_interval_of_a_correlation_covers():
    covered = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=80)
        y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=80)  # Spearman's is 6/pi asin(r/2) = .4826
        results = made(80, seed=seed)
        results.draws[PATHS[0]], results.outcomes["challenges"] = x, y
        row = (
            rank_draws(results, ["challenges"]).query("measure == 'rank correlation'").set_index("parameter")
        )
        covered += row.loc[PATHS[0], "low"] < 0.4826 < row.loc[PATHS[0], "high"]
    assert covered >= 51  # less is rarer than 1 in 100 at a coverage of 95 %


def test_what_cannot_be_ranked_is_told():
    with pytest.raises(ResultsError, match="needs at least 20"):
        rank_draws(made(10))
    with pytest.raises(ResultsError, match="no outcome asked for varies"):
        rank_draws(made(), ["wars"])
    with pytest.raises(SimError, match="did you mean one"):
        rank_draws(made(), scenarios=["on"])


# -- designs ---------------------------------------------------------------------------------------

VARY = [f"{PATHS[0]}", f"{PATHS[1]}", f"{PATHS[2]}"]


def swept(plan, function, replicates, noise):
    """Return a sweep of a function of what is varied, each on a scale of 0 to 1, with noise a run."""
    rng = np.random.default_rng(5)
    low, high = np.array(plan.problem["bounds"]).T
    shares = (plan.points - low) / (high - low)
    rows = [
        {"scenario": "one", "point": point, "replicate": replicate, "end_state": "vacuum"}
        | {"challenges": function(row) + noise * rng.normal()}
        for point, row in enumerate(shares)
        for replicate in range(replicates)
    ]
    return Sweep(plan.design, ("one",), pd.DataFrame(rows), {})


def test_elementary_effects_of_a_sum_are_its_slopes():
    plan = RankDesign.make(VARY, "morris", 12)
    ranking = rank_design(swept(plan, lambda x: 4 * x[0] - 2 * x[1], 10, 0.3), plan, ["challenges"])
    found = ranking.set_index("parameter")
    assert found.loc[VARY[0], "value"] == pytest.approx(4, abs=0.3)
    assert found.loc[VARY[1], "value"] == pytest.approx(2, abs=0.3)
    assert told(ranking, "morris") == VARY[:2]


def test_noise_alone_has_effects_and_none_exceeds_chance():
    plan = RankDesign.make(VARY, "morris", 12)
    ranking = rank_design(swept(plan, lambda x: 0.0, 10, 1.0), plan, ["challenges"])
    assert ranking["value"].min() > 0.3
    assert not told(ranking, "morris")


def test_shares_of_variance_of_a_sum_are_those_of_its_squares():
    plan = RankDesign.make(VARY, "sobol", 512)
    ranking = rank_design(swept(plan, lambda x: 2 * x[0] - x[1], 1, 0.0), plan, ["challenges"])
    for measure in ("sobol first", "sobol total"):
        found = ranking[ranking["measure"] == measure].set_index("parameter")["value"]
        assert found[VARY].to_numpy() == pytest.approx([0.8, 0.2, 0.0], abs=0.05)
    assert told(ranking, "sobol first") == VARY[:2]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RankDesign.make(VARY, "saltelli"), "use morris, sobol"),
        (lambda: RankDesign.make(VARY[:1], "morris"), "two parameters or more"),
        (lambda: RankDesign.make([VARY[0], f"{VARY[1]}=0.1"], "morris"), "each over a range"),
        (lambda: RankDesign.make(VARY, "sobol", 100), "a power of two, not 100"),
    ],
)
def test_what_is_wrong_with_a_design_is_told(make, message):
    with pytest.raises(RequestError, match=message):
        make()


# -- the command and its figure --------------------------------------------------------------------


def call(*words):
    return CliRunner().invoke(main, ["rank", *words])


def test_stored_runs_are_ranked_and_kept_where_the_user_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sim.run("baseline", runs=24, workers=1, changes={"citizens": 60, "years": 1}, out="stored")
    done = call("stored", "--outcomes", "attitude_change,disintegration", "--out", "rank", "--figure")
    assert done.exit_code == 0, done.output
    assert "change of attitude in baseline, by rank correlation" in done.stdout
    assert "too rare, undefined or the same in the runs of baseline: disintegration" in done.stderr
    ranking = pd.read_csv("rank/rank.csv")
    assert set(ranking["measure"]) == {"rank correlation", "swing"}
    assert (tmp_path / "rank/figures/tornado_baseline-attitude_change-rank-correlation.png").is_file()


def test_a_design_is_run_and_gone_on_with(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["baseline", "--design", "morris", "--vary", PATHS[0], "--vary", PATHS[1], "--number", "2"]
    words += ["--runs", "2", "--set", "citizens=60", "--set", "years=1", "--workers", "1", "--quiet"]
    first = call(*words)
    assert first.exit_code == 0, first.output
    assert len(pd.read_csv("results/rank/runs.csv")) == 2 * 3 * 2  # trajectories, points, runs
    before = (tmp_path / "results/rank/rank.csv").read_bytes()
    assert call(*words).stdout == first.stdout == "results/rank\n"
    assert (tmp_path / "results/rank/rank.csv").read_bytes() == before


def test_options_that_do_not_go_together_are_told(tmp_path):
    sim.run("baseline", runs=1, workers=1, changes={"citizens": 60, "years": 1}, out=tmp_path / "one")
    for words, message in (
        (["baseline"], "say with --design how to run it"),
        ([str(tmp_path / "one"), "--runs", "5"], "--runs goes with --design"),
        (["baseline", "--design", "morris", "--forest"], "--forest goes with a FOLDER"),
        ([str(tmp_path / "one")], "has 1 runs, and a ranking needs at least 20"),
        (["baselin"], "no shipped scenario has this name"),
    ):
        done = call(*words)
        assert done.exit_code == 2, words
        assert message in " ".join(done.stderr.split())


def test_a_tornado_has_the_longest_bar_on_top():
    ranking = rank_draws(made(), ["challenges"])
    drawn = figures.tornado(ranking[ranking["measure"] == "swing"], most=5)
    (axis,) = drawn.axes
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names[:2] == PATHS[1:3]
    assert list(axis.get_yticks()) == [4, 3, 2, 1, 0]
