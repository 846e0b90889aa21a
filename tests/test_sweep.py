"""Sweeps: designs, what they run, and what is told of them, on small runs of the real model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import figures
from sim.analysis.design import Design, Factor, allowed_ranges, prior_range
from sim.analysis.sweep import FEW, Sweep, few_of, moved, plan_sweep, shown_outcomes
from sim.analysis.written import UNAUDITED_LEVELS, apart
from sim.cli.main import main
from sim.cli.sweep import _few_pairs, _left_out
from sim.errors import RequestError, ResultsError, SimError
from sim.experiment.prepare import Changes
from sim.experiment.results import open_results
from sim.measures.registry import key_outcomes
from sim.parameters import Uniform, catalogue
from sim.scenario.settings import in_order

PATH, OTHER, START = "moscow.keep_weight", "citizens.conformity", "initial.KGZ.legitimacy"
SMALL = ("--runs", "3", "--workers", "1", "--set", "citizens=60", "--set", "years=1")


# -- designs ---------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 3).map(lambda value: round(value, 3)), min_size=1, max_size=9, unique=True))
def test_values_are_read_as_they_are_written(values):
    text = f"{PATH}={','.join(map(str, values))}"
    assert Factor.parse(text) == Factor.of(PATH, values)
    assert Factor.parse(text).levels(3) == tuple(values)


def test_a_range_is_that_of_the_text_or_of_the_prior():
    assert Factor.parse(f"{PATH}=0.5:2").levels(4) == (0.5, 1.0, 1.5, 2.0)
    assert Factor.of(PATH, Uniform(0.5, 2.0)) == Factor.parse(f" parameters.{PATH} = 0.5 : 2")
    low, high = prior_range(PATH)
    prior = in_order(sim.load("baseline").shared(PATH).prior)  # fitted, so of its values in order
    assert (low, high) == (prior.draw(0.05, 0), prior.draw(0.95, 0))
    assert Factor.parse(PATH).levels(2) == (low, high)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("moscow.keep_wieght=1,2", "did you mean moscow.keep_weight?"),
        (f"{PATH}=a,b", "give PATH=VALUE,VALUE..."),
        (f"{PATH}=", "give PATH=VALUE,VALUE..."),
        (f"{PATH}=nan", "give PATH=VALUE,VALUE..."),
        (f"{PATH}=1:2:3", "give PATH=VALUE,VALUE..."),
        (f"{PATH}=2:1", "the range 2:1 is empty"),
        (f"{PATH}=1,1", "is given a value twice"),
        (f"{PATH}=0,5:2", "write 0.5, with a decimal point"),
        (f"{PATH}=-1,1", f"is out of range (allowed: {allowed_ranges()[PATH]})"),
        (START, f"so say what it takes: {START}=VALUE"),
        ("initial.KGZ=1", "no path 'initial.KGZ'"),
    ],
)
def test_what_is_wrong_with_a_factor_is_told(text, told):
    with pytest.raises(RequestError) as error:
        Factor.parse(text)
    assert told in str(error.value)


def test_a_fixed_parameter_needs_values():
    fixed = next(path for path, spec in sim.catalogue().items() if type(spec.prior).__name__ == "Fixed")
    with pytest.raises(RequestError, match="is fixed in the shared world"):
        Factor.parse(fixed)


def test_a_grid_has_every_combination():
    design = Design.make([f"{PATH}=0.5,1,2", f"{OTHER}=0.1:0.3"], "grid", 2)
    assert [tuple(point.values()) for _, point in design.settings()] == [
        (0.5, 0.1), (0.5, 0.3), (1.0, 0.1), (1.0, 0.3), (2.0, 0.1), (2.0, 0.3),
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["latin", "sobol"])
def test_each_part_of_a_range_has_one_point(method):
    design = Design.make({PATH: Uniform(0, 2), OTHER: [0.1, 0.2]}, method, 16)
    places = np.floor(design.points[PATH].to_numpy() / 2 * 16)
    assert sorted(places) == list(range(16))
    assert design.points[OTHER].value_counts().to_dict() == {0.1: 8, 0.2: 8}
    assert design.points.equals(Design.make({PATH: Uniform(0, 2), OTHER: [0.1, 0.2]}, method, 16).points)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Design.make([f"{PATH}=0:2"], "sobol", 100), "64 or 128, not 100"),
        (lambda: Design.make([f"{PATH}=0:2"], "spiral"), "use grid, latin, sobol"),
        (lambda: Design.make([f"{PATH}=0:2", f"parameters.{PATH}=1"]), f"{PATH} is varied twice"),
        (lambda: Design.make([]), "say what is varied"),
        (lambda: Design.make([None]), "what is varied takes paths, or PATH=VALUES, not None"),
        (lambda: Design.make([f"{PATH}=0:2", f"{OTHER}=0:1"], "grid", 100), "10,000 points in the grid"),
        (lambda: Design.make({PATH: "x"}), "takes a list of numbers"),
        (lambda: Design.table(pd.DataFrame()), "the table of points is empty"),
        (lambda: Design.table(pd.DataFrame({PATH: [np.nan]})), "finite"),
    ],
)
def test_what_is_wrong_with_a_design_is_told(make, told):
    with pytest.raises(RequestError) as error:
        make()
    assert told in str(error.value)


# -- runs ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> Sweep:
    """Sweep two scenarios over a grid of two parameters, 3 by 2."""
    return sim.sweep(
        ["baseline", "dubnov"],
        {PATH: [0.5, 1, 2], OTHER: [0.1, 0.3]},
        runs=3,
        workers=1,
        changes={"citizens": 60, "years": 1},
    )


def test_a_point_is_the_scenario_with_its_values_set(found):
    changes = {PATH: 2, OTHER: 0.3, "citizens": 60, "years": 1}
    alone = sim.run("dubnov", runs=3, workers=1, changes=changes).outcomes
    own = found.runs[(found.runs["scenario"] == "dubnov") & (found.runs["point"] == 5)]
    assert (own[[PATH, OTHER]] == [2, 0.3]).all(axis=None)
    shared = [name for name in alone if name in own and name not in ("scenario", "replicate")]
    assert len(shared) > 60
    for name in shared:
        pd.testing.assert_series_equal(own[name], alone[name], check_index=False, check_dtype=False)


def test_points_are_described_with_differences_by_pair(found):
    table = found.points(["attitude_change", "status quo"])
    assert len(table) == 2 * 6 * 2
    runs = found.runs[found.runs["scenario"] == "baseline"].set_index(["point", "replicate"])
    row = table[(table["scenario"] == "baseline") & (table["point"] == 3)].iloc[0]
    expected = (runs["attitude_change"][3] - runs["attitude_change"][0]).mean()
    assert row["difference"] == pytest.approx(expected)
    assert row["difference_low"] <= expected <= row["difference_high"]
    attitude = runs["attitude_change"]
    assert row["difference_pairs"] == 3
    assert row["difference_tied"] == (attitude[3] == attitude[0]).mean()
    shares = table[table["outcome"] == "status quo"].set_index(["scenario", "point"])["mean"]
    ended = found.runs.assign(ends=found.runs["end_state"] == "status quo")
    assert shares.to_dict() == ended.groupby(["scenario", "point"])["ends"].mean().to_dict()


def test_a_response_is_the_mean_over_the_other_parameters(found):
    response = found.response(OTHER, ["challenges"])
    own = response[response["scenario"] == "dubnov"].set_index("level")
    expected = found.runs[found.runs["scenario"] == "dubnov"].groupby(OTHER)["challenges"].mean()
    assert own["mean"].to_dict() == pytest.approx(expected.to_dict())
    assert own["points"].tolist() == [3, 3]
    assert own["runs"].tolist() == [9, 9]
    assert own["difference"].iloc[0] == 0
    with pytest.raises(RequestError, match="is not varied here"):
        found.response("war.window")


def test_many_levels_are_put_into_bins():
    rng = np.random.default_rng(1)
    design = Design.make([f"{PATH}=0:2"], "latin", 80)
    runs = pd.DataFrame({"scenario": "one", "point": np.repeat(range(80), 2), "replicate": [0, 1] * 80})
    runs = runs.join(design.points, on="point").assign(end_state="vacuum")
    runs["challenges"] = 3 * runs[PATH] + rng.normal(0, 0.01, 160)
    response = Sweep(design, ("one",), runs, {}).response(PATH, ["challenges"])
    assert len(response) == 8
    assert response["mean"].to_numpy() == pytest.approx(3 * response["level"].to_numpy(), abs=0.02)


def test_names_of_outcomes_and_end_states_are_checked():
    assert "vacuum" in shown_outcomes()
    assert shown_outcomes(["street_falls", "space 2.0"]) == ("street_falls", "space 2.0")
    with pytest.raises(SimError, match="did you mean street_falls"):
        shown_outcomes(["street_fals"])
    with pytest.raises(SimError, match="did you mean vacuum"):
        shown_outcomes(["vacum"])


def test_figures_show_what_has_a_star_in_the_table_and_say_what_is_varied():
    design = Design.make([f"{PATH}=0,1"], "grid")
    runs = pd.DataFrame({"scenario": "one", "point": np.repeat([0, 1], 30), "replicate": [*range(30)] * 2})
    runs = runs.join(design.points, on="point").assign(end_state=["vacuum"] * 30 + ["space 2.0"] * 30)
    runs = runs.assign(**dict.fromkeys(key_outcomes(own=False), 0.0))
    assert few_of(Sweep(design, ("one",), runs, {})) == ("space 2.0", "vacuum")
    runs["csto_members_end"] = runs[PATH] + runs["replicate"] / 100
    moving = Sweep(design, ("one",), runs, {})
    assert few_of(moving) == ("csto_members_end", "space 2.0", "vacuum")
    assert few_of(replace(moving, runs=runs.assign(csto_members_end=0.0, end_state="vacuum"))) == FEW
    drawn = figures.sweep_curves(moving)
    told = [axis.get_ylabel().replace("\n", " ") for axis in drawn.axes]
    assert "Ends in space 2.0" in told
    below = " ".join(axis.get_xlabel() for axis in drawn.axes)
    spec = catalogue()[PATH]
    assert f"({spec.unit}; {PATH})" in below
    assert spec.meaning[1:20] in below.replace("\n", " ")


def test_other_parameters_are_spoken_of_where_there_are_some(found):
    one = sim.sweep(["baseline"], ["initial.RUS.money=3,9"], runs=2, changes={"citizens": 60, "years": 1})
    notes = [
        " ".join(" ".join(text.get_text() for text in figures.sweep_curves(each).texts).split())
        for each in (found, one)
    ]
    assert ["other parameters" in note for note in notes] == [True, False]
    assert "6 runs per scenario, 2 at each of 2 points" not in notes[0]
    assert "4 runs per scenario, 2 at each of 2 points" in notes[1]
    assert "in the table that sim sweep prints" in notes[1]
    assert [each.binned for each in (found, one)] == [False, False]


def test_numbers_side_by_side_differ_where_their_values_do():
    assert apart([-0.0512, -0.0504, float("nan")]) == ["-0.051", "-0.050", "–"]
    assert apart([0.31, 0.31, 0.42]) == ["0.31", "0.31", "0.42"]
    assert apart([1.0, 1.0 + 1e-12]) == ["1.00", "1.00"]


def test_what_is_set_cannot_be_varied_too():
    with pytest.raises(RequestError, match=f"{PATH} is both set and varied"):
        sim.sweep(["baseline"], [f"{PATH}=1,2"], changes={PATH: 1})
    with pytest.raises(RequestError, match="leave until out"):
        sim.sweep(["baseline"], [f"{PATH}=1,2"], until={"challenges": 1})


def test_curves_and_maps_are_drawn_on_the_parameters_own_scale(found):
    drawn = figures.sweep_curves(found, ["challenges", "vacuum"])
    assert len(drawn.axes) == 4
    lines = [line for line in drawn.axes[0].lines if len(line.get_xdata()) == 3]
    assert [list(line.get_xdata()) for line in lines] == [[0.5, 1, 2]] * 2
    heat = figures.sweep_map(found, "challenges")
    edges = heat.axes[0].collections[0].get_coordinates()[0, :, 0]
    assert edges.tolist() == [0.25, 0.75, 1.5, 2.5]
    assert heat.axes[0].get_xticks().tolist() == [0.5, 1, 2]  # where levels are
    assert [label.get_text() for label in heat.axes[0].get_yticklabels()] == ["0.1", "0.3"]
    for figure in (drawn, heat):
        assert UNAUDITED_LEVELS in " ".join(" ".join(text.get_text() for text in figure.texts).split())
    with pytest.raises(RequestError, match="a grid of two"):
        figures.sweep_map(Sweep(Design.make([f"{PATH}=1,2"]), ("one",), found.runs, {}), "challenges")


def test_own_values_are_those_without_the_sweep():
    centre = sim.load("baseline").shared(PATH).prior.centre
    plan = plan_sweep(["baseline", "dubnov"], Design.make([f"{PATH}=0.5,2", f"{START}=0.3,0.7"]), Changes())
    dubnov = sim.load("dubnov").parameters[PATH].prior.centre
    assert plan.own[PATH] == {"baseline": centre, "dubnov": dubnov}
    assert plan.own[START]["baseline"] == plan.own[START]["dubnov"]
    assert 0 < plan.own[START]["baseline"] < 1
    (own,) = plan_sweep("baseline", Design.make([f"{START}=0.3,0.7"]), Changes.of({PATH: 1})).own.values()
    assert own["baseline"] == plan.own[START]["baseline"]


def test_curves_mark_own_values_and_many_panels_take_two_columns(found):
    owned = replace(found, own={PATH: {"baseline": 1.2, "dubnov": 0.8}, OTHER: {"baseline": 9.0}})
    drawn = figures.sweep_curves(owned, ["challenges", "vacuum"])
    upright = [
        line.get_xdata()[0]
        for line in drawn.axes[0].lines
        if list(line.get_xdata()) == [line.get_xdata()[0]] * 2
    ]
    assert upright == [1.2, 0.8]
    legend = [text.get_text().replace("\n", " ") for text in drawn.legends[0].get_texts()]
    assert legend == ["baseline", "dubnov", f"{PATH} of baseline: 1.2", f"{PATH} of dubnov: 0.8"]
    notes = [
        " ".join(" ".join(text.get_text() for text in figure.texts).split())
        for figure in (drawn, figures.sweep_curves(replace(found, own={}), ["challenges"]))
    ]
    assert ["Thin vertical line" in note for note in notes] == [True, False]
    design = Design.make([f"{PATH}=0.5,1,2"])
    alone = replace(
        found, design=design, runs=found.runs[found.runs["point"] < 3], own={PATH: {"baseline": 1.0}}
    )
    names = ["challenges", "falls", "street_falls", "vacuum", "status quo", "wars", "campaigns"]
    wide, high = figures.sweep_curves(alone, names), figures.sweep_curves(alone, names[:3])
    columns = [
        len({round(axis.get_subplotspec().colspan.start) for axis in each.axes}) for each in (wide, high)
    ]
    assert columns == [2, 1]
    assert wide.get_figheight() < 9
    labelled = [bool(axis.get_xlabel()) for axis in wide.axes[:7]]
    assert labelled == [False] * 5 + [True, True]


# -- the command -----------------------------------------------------------------------------------


def call(*words: str):
    return CliRunner().invoke(main, words)


def test_the_command_says_and_keeps_what_python_does(found, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vary = ("--vary", f"{PATH}=0.5,1,2", "--vary", f"{OTHER}=0.1,0.3")
    done = call("sweep", "baseline", "dubnov", *vary, *SMALL, "--outcomes", "challenges", "--figure")
    assert done.exit_code == 0, done.output
    assert f"dubnov, by {OTHER}" in done.stdout
    assert UNAUDITED_LEVELS in " ".join(done.stdout.split())
    folder = Path("results/sweep")
    assert {path.name for path in (folder / "figures").iterdir()} == {
        "sweep_curves.png",
        "sweep_map_challenges.png",
    }
    runs = pd.read_csv(folder / "runs.csv")
    pd.testing.assert_frame_equal(runs, found.runs, check_dtype=False, rtol=1e-5)
    table = pd.read_csv(folder / "sweep.csv")
    pd.testing.assert_frame_equal(table, found.points(["challenges"]), check_dtype=False, rtol=1e-5)
    with pytest.raises(ResultsError, match=r"its runs are in results/sweep/runs\.csv"):
        _ = open_results(folder).outcomes


def test_a_star_asks_for_ten_pairs_that_differ_where_some_tie():
    row = {"difference": 0.25, "difference_low": 0.1, "difference_high": 0.4, "difference_pairs": 40}
    assert not moved({**row, "difference_tied": 0.8})  # eight differ
    assert moved({**row, "difference_tied": 0.75})
    assert moved({**row, "difference_pairs": 5, "difference_tied": 0.0})
    assert not moved({**row, "difference_low": -0.1, "difference_tied": 0.0})


def rows_of_a_sweep(**outcomes):
    """Return rows of two levels, each outcome with low, high, pairs and tied of its difference."""
    rows = []
    for name, (low, high, pairs, tied) in outcomes.items():
        for level, step in ((1.0, 0.0), (2.0, 1.0)):
            rows.append({
                "outcome": name.replace("_quo", " quo"), "level": level, "mean": 0.5 - 0.45 * step,
                "difference": -0.45 * step, "difference_low": low * step, "difference_high": high * step,
                "difference_pairs": pairs, "difference_tied": tied,
            })  # fmt: skip
    return pd.DataFrame(rows)


def test_what_a_table_leaves_out_is_named_with_its_reason():
    part = rows_of_a_sweep(
        status_quo=(-0.6, -0.3, 20, 0.55), challenges=(-0.6, 0.1, 20, 0), falls=(np.nan, np.nan, 0, np.nan)
    )
    few, within = _left_out(part, ["status quo", "challenges", "falls"])
    assert few == (
        "Left out although an interval excludes 0, since fewer than 10 pairs differ: ends in status quo "
        "(0.50 to 0.05 at 2; 9 of 20 pairs differ)."
    )
    assert within.startswith("Left out, since no interval excludes 0: challenges; ")
    assert list(_left_out(part, [])) == []


@pytest.mark.parametrize(("pairs", "told"), [(9, "only 9 pairs"), (20, "Of 20 pairs 50% must"), (21, "")])
def test_it_is_said_where_few_runs_hardly_meet_the_rule_of_ten(pairs, told):
    assert told in _few_pairs(pairs)
    assert bool(told) == bool(_few_pairs(pairs))


def test_a_sweep_without_stars_names_all_outcomes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("sweep", "baseline", "--vary", "initial.RUS.money=6,6.001", *SMALL)
    told = " ".join(done.stdout.split())
    assert done.exit_code == 0, done.output
    assert "by initial.RUS.money: no outcome has a *" in told
    assert "ends in disintegration" in told
    assert "There are only 3 pairs" in told


def test_a_state_is_shown_by_another_command(tmp_path):
    done = call("sweep", "baseline", "--vary", f"{PATH}=1,2", "--state", "KGZ")
    assert done.exit_code == 2
    assert "sim compare SCENARIO --set PATH=VALUE --state KGZ" in " ".join(done.stderr.split())


def test_wrong_requests_cost_no_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words, told in (
        (("sweep", "baseline"), "Missing option '--vary'"),
        (("sweep", "baseline", "--vary", "war.widow=1"), "did you mean war.window?"),
        (("sweep", "baseline", "--vary", f"{PATH}=1", "--outcomes", "chalenges"), "did you mean challenges?"),
        (("sweep", "basline", "--vary", f"{PATH}=1"), "baseline"),
    ):
        done = call(*words)
        assert done.exit_code == 2
        assert told in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_shell_completes_paths_and_outcomes():
    completion = ShellComplete(main, {}, "sim", "_SIM_COMPLETE")

    def offered(args, text):
        return [item.value for item in completion.get_completions(args, text)]

    assert "moscow." in offered(["sweep", "--vary"], "mo")
    assert offered(["sweep", "--vary"], "moscow.keep_w") == [f"{PATH}="]
    assert "initial.KGZ.legitimacy=" in offered(["run", "--set"], "initial.KGZ.")
    assert offered(["sweep", "--outcomes"], "vac") == ["vacuum"]
