"""The variance decomposition: known indices, and that a group resampled moves nothing else."""

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from test_runs_fakes import run_outcomes

from sim.analysis.variance import (
    DEFAULT_RUNS,
    GROUPS,
    OWN,
    RANDOM_NUMBERS,
    RESAMPLED,
    few_runs,
    indices,
    no_shares,
    resampled,
    simulate_resampled,
    variance_shares,
    variants,
)
from sim.cli.reports import variance_legend, variance_table
from sim.figures import Source, variance_intervals
from sim.model.randomness import Process, RandomNumbers, ResampledNumbers
from sim.model.simulate import simulate
from sim.parameters import Tag, catalogue
from sim.renamed import RenamedWarning
from sim.scenario import load
from sim.world.build import build_world


def pick_freeze(function, replicates, seed):
    """Return a function's values by what is resampled: nothing, each input alone, everything."""
    draws = np.random.default_rng(seed).standard_normal((2, replicates, len(GROUPS)))
    columns = [function(draws[0])]
    for place in range(len(GROUPS)):
        mixed = draws[0].copy()
        mixed[:, place] = draws[1][:, place]
        columns.append(function(mixed))
    return np.column_stack([*columns, function(draws[1])])


def test_a_sum_has_the_shares_of_its_weights():
    weights = np.array([3.0, 0.0, 1.0, 2.0, 1.0])
    found = indices(pick_freeze(lambda x: 5 + x @ weights, 4000, 1))
    expected = weights**2 / (weights**2).sum()
    # Standard error of an index here is about .02: .08 is missed by chance less than once in 10,000
    assert found["alone"].to_numpy() == pytest.approx(expected, abs=0.08)
    assert found["in_all"].to_numpy() == pytest.approx(expected, abs=0.08)


def test_a_product_is_interaction_alone():
    found = indices(pick_freeze(lambda x: x[:, 0] * x[:, 4], 4000, 2))
    assert found["alone"].to_numpy() == pytest.approx(0, abs=0.1)
    assert found["in_all"].to_numpy() == pytest.approx([1, 0, 0, 0, 1], abs=0.1)


def test_what_does_not_vary_has_no_shares():
    assert indices(np.ones((10, len(GROUPS) + 2))).isna().all(axis=None)


def test_only_what_is_asked_is_resampled():
    numbers = ResampledNumbers(1, 2, 3, other_seed=9, events=False, resamples=lambda _, name: name == "a.b")
    own, other = RandomNumbers(1, 2, 3), RandomNumbers(9, 2, 3)
    assert numbers.quantile(Process.PARAMETERS, "a.b") == other.quantile(Process.PARAMETERS, "a.b")
    assert numbers.quantile(Process.PARAMETERS, "a.c") == own.quantile(Process.PARAMETERS, "a.c")
    assert numbers.draws(Process.SPARK, 1, 4) == own.draws(Process.SPARK, 1, 4)
    assert numbers.key(Process.HARDSHIP) == own.key(Process.HARDSHIP)


def test_resampled_events_leave_the_numbers():
    numbers = ResampledNumbers(1, 2, 3, other_seed=9, events=True, resamples=lambda *_: False)
    own, other = RandomNumbers(1, 2, 3), RandomNumbers(9, 2, 3)
    assert numbers.quantile(Process.INITIAL_STATE, "KGZ.legitimacy") == own.quantile(
        Process.INITIAL_STATE, "KGZ.legitimacy"
    )
    assert numbers.draws(Process.SPARK, 1, 4) == other.draws(Process.SPARK, 1, 4)


@pytest.fixture(scope="module")
def scenario():
    return load("dubnov", ["years=1", "citizens=100", "runs=2", "seed=4"])


def test_a_variant_that_redraws_nothing_is_the_run_itself(scenario):
    world = build_world(scenario.start)
    ours = simulate_resampled(resampled(scenario, OWN), 1, world)
    plain = simulate(scenario, 1, world)
    assert ours.draws == plain.draws
    pd.testing.assert_frame_equal(pd.DataFrame(ours.history.events), pd.DataFrame(plain.history.events))


@pytest.mark.parametrize("group", [Tag.ASSUMED, Tag.CALIBRATED])
def test_a_variant_redraws_the_parameters_of_its_tag(scenario, group):
    world = build_world(scenario.start)
    ours = simulate_resampled(resampled(scenario, str(group)), 0, world).draws
    plain = simulate(scenario, 0, world).draws
    changed = {path for path in plain if ours[path] != plain[path]}
    tags = {path: (scenario.parameters.get(path) or scenario.shared(path)).tag for path in catalogue()}
    assert changed
    assert {tags[path] for path in changed} == {group}


def test_a_joint_sample_is_resampled_whole_and_with_its_tag():
    fitted = load("baseline", ["years=1", "citizens=50", "runs=2", "seed=4"])
    world = build_world(fitted.start)
    plain = simulate(fitted, 0, world).draws
    joint = set(fitted.fitted)
    assert {fitted.shared(path).tag for path in joint} == {Tag.CALIBRATED}
    for group, moves in ((Tag.CALIBRATED, True), (Tag.ASSUMED, False)):
        ours = simulate_resampled(resampled(fitted, str(group)), 0, world).draws
        assert {path for path in joint if ours[path] != plain[path]} == (joint if moves else set())


def test_random_numbers_are_all_where_the_numbers_are_known(tmp_path):
    """With every parameter fixed at its default no share can rest on parameters."""
    fixed = [f"{path}={spec.default}" for path, spec in catalogue().items()]
    known = load("baseline", ["years=1", "citizens=100", "runs=3", "seed=4", *fixed])
    found, _ = run_outcomes(variants([known]), tmp_path, RESAMPLED)
    shares = variance_shares([known], found, ["attitude_change"]).set_index("group")
    assert shares.loc[["assumed", "calibrated", "cited"], "in_all"].to_numpy() == pytest.approx(0, abs=1e-12)
    assert shares.loc[RANDOM_NUMBERS, "in_all"] > 0


def test_a_run_that_failed_costs_its_replicate_alone(tmp_path):
    known = load("baseline", ["years=1", "citizens=100", "runs=3", "seed=4"])
    found, _ = run_outcomes(variants([known]), tmp_path, RESAMPLED)
    less = found.drop(index=(resampled(known, RANDOM_NUMBERS).name, 1))
    assert variance_shares([known], found, ["attitude_change"])["pairs"].unique() == [3]
    assert variance_shares([known], less, ["attitude_change"])["pairs"].unique() == [2]


def shares_by_hand(result="difference", baseline="baseline"):
    """Return a table as `variance_shares` makes it: one outcome that varies, one constant, one undefined."""
    numbers = {
        "wars": (0.3, 0.1, 40),
        "falls": (np.nan, np.nan, 40),
        "unanswered_share": (np.nan, np.nan, 1),
        "clashes": (1.4, 0.6, 40),
    }
    return pd.DataFrame(
        [
            {
                "scenario": "dubnov", "result": result, "baseline": baseline, "outcome": outcome,
                "group": group,
                "alone": alone, "alone_error": error, "in_all": alone, "in_all_error": error, "pairs": pairs,
            }
            for outcome, (alone, error, pairs) in numbers.items()
            for group in GROUPS
        ]
    )  # fmt: skip


def test_tables_say_against_what_and_why_there_is_no_share():
    console = Console(width=160, record=True)
    console.print(variance_table("dubnov", shares_by_hand()))
    text = console.export_text()
    assert "What the spread of dubnov less baseline rests on" in text
    assert "does not vary" in next(line for line in text.splitlines() if line.startswith("falls "))
    undefined = next(line for line in text.splitlines() if line.startswith("unanswered share (n=1)"))
    assert "undefined in these runs" in undefined
    wild = next(line for line in text.splitlines() if line.startswith("clashes"))
    assert wild.split() == ["clashes", "not", "resolved", "±60"]
    assert "with 40 runs of each variant" in variance_legend(shares_by_hand())
    assert no_shares(0.2, 40) == ""


def test_a_table_of_an_earlier_version_is_read_under_the_names_of_today():
    old = shares_by_hand().replace({"group": {RANDOM_NUMBERS: "luck"}})
    console = Console(width=160, record=True)
    with pytest.warns(RenamedWarning, match="^the group 'luck' is now called 'random numbers'$"):
        console.print(variance_table("dubnov", old))
    assert "random numbers" in console.export_text()
    with pytest.warns(RenamedWarning):
        figure = variance_intervals(old)
    random_numbers = figure.axes[GROUPS.index(RANDOM_NUMBERS)]
    assert list(random_numbers.lines[0].get_xdata()) == pytest.approx([0.2, 0.4])


def test_few_runs_are_told_and_enough_are_not():
    assert few_runs(DEFAULT_RUNS) == ""
    assert few_runs(8).startswith(
        "with 8 runs of each variant a share is known to no better than about ±40 points"
    )


def test_the_figure_has_intervals_a_source_and_the_baseline():
    both = pd.concat([shares_by_hand("outcome", ""), shares_by_hand()])
    figure = variance_intervals(both, Source(3, {"dubnov": 40}, "0.1.0"))
    words = {text.get_gid(): text.get_text() for text in figure.texts}
    assert "post-soviet-scenarios 0.1.0; seed 3; 40 runs per scenario" in words["source"].replace("\n", " ")
    assert [axis.get_ylabel() for axis in figure.axes[:: len(GROUPS)]] == ["dubnov", "dubnov less baseline"]
    interval = figure.axes[0].lines[0].get_xdata()
    assert list(interval) == pytest.approx([0.2, 0.4])
    notes = [text.get_text() for text in figure.axes[0].texts]
    assert notes == ["does not vary", "undefined in these runs"]
