"""What each rule of a scenario earns: the variants, the level, and the command."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.cli.main import main
from calibration.record.load import RecordError
from calibration.skill.ablation import COLUMNS, NONE, WHOLE, at_level, variants
from sim.scenario import load

TWO = {"learning.tradition_spark": 0.05, "challenges.focal_rate": 2.0}


def test_every_variant_leaves_out_one_rule():
    found = variants(load("baseline").with_parameters(TWO), 50)
    assert list(found) == [WHOLE, *TWO, NONE]
    for what, scenario in found.items():
        assert (str(scenario.start), str(scenario.last), scenario.mode) == (
            "1992-01",
            "2013-12",
            "historical",
        )
        left_out = {path: setting.prior.draw(0.5, -1e9, 1e9) for path, setting in scenario.parameters.items()}
        expected = {path: value for path, value in TWO.items() if what in (path, NONE)}
        assert left_out == expected  # all else is as in the shared world
    assert len({scenario.name for scenario in found.values()}) == 4


def test_one_rule_alone_can_be_left_out():
    assert list(variants(load("baseline").with_parameters(TWO), 50, ["challenges.focal_rate"])) == [
        WHOLE, "challenges.focal_rate", NONE,
    ]  # fmt: skip
    with pytest.raises(
        RecordError, match=r"does not set challenges.focal: .* did you mean challenges.focal_rate"
    ):
        variants(load("baseline").with_parameters(TWO), 50, ["challenges.focal"])


def test_a_scenario_without_rules_is_refused():
    with pytest.raises(RecordError, match="baseline sets no parameter"):
        variants(load("baseline"), 50)


@pytest.mark.parametrize("level", [0.02, 0.2, 0.7])
def test_the_level_is_met_and_the_order_kept(level):
    chances = np.array([0.0, 0.01, 0.2, 0.5, 0.9, 1.0])
    levelled = at_level(chances, level)
    assert levelled.mean() == pytest.approx(level)
    assert (np.diff(levelled) >= 0).all()


@pytest.mark.slow
def test_the_command_writes_a_row_for_every_variant_and_coding(tmp_path):
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("extends: baseline\nparameters:\n  learning.tradition_spark: 0.05\n")
    words = ["ablate", str(scenario), "--runs", "2", "--citizens", "50", "--workers", "1", "--quiet"]
    done = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "ablation.csv")
    assert list(table["variant"]) == 2 * [WHOLE, "learning.tradition_spark", NONE]
    assert set(COLUMNS) <= set(table.columns)
    whole = table[table["variant"] == WHOLE]
    assert (whole["log_change"] == 0).all()
    assert (whole["side_change"].dropna() == 0).all()
    backed = table.set_index("coding")["side"]
    assert backed["episodes"].notna().all()
    assert backed["crowds"].isna().all()  # a list of crowds knows nothing of Moscow
    assert table["means"].between(0, 1).all()
    left_out, none = (table[table["variant"] == what] for what in ("learning.tradition_spark", NONE))
    assert np.allclose(left_out["log"], none["log"].to_numpy())  # the only rule: without it there is none
    again = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out")])
    assert again.exit_code == 0, again.output  # its own folder is gone on with
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "out" / "ablation.csv"), table)
    other = CliRunner().invoke(main, [*words, "--seed", "5", "--out", str(tmp_path / "out")])
    assert other.exit_code == 2, "runs of another seed were taken for these"
