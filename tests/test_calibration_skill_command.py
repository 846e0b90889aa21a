"""`calibrate skill` and the register of looks."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

from calibration.cli.looks import DEVELOPMENT as _DEVELOPMENT
from calibration.cli.looks import LAST as _LAST
from calibration.cli.main import main
from calibration.cli.options import CHALLENGE_CODINGS
from calibration.cli.skill import _ORIGINS, _STATES, cell
from calibration.record.challenges import CODINGS
from calibration.record.load import RecordError
from calibration.skill.evaluate import GIVEN, ORIGINS, check_given, evaluate
from calibration.skill.looks import COLUMNS, digest_of, enter, read_looks
from calibration.skill.panel import DEVELOPMENT, LAST, STATE_SETS, panel
from docs.remake.stored import ROOT

ENTRY = {"what": "a, with a comma", "looks": 3, "years": "2000-2024", "scores": "x -.1", "digest": "abc"}


def given():
    table = panel()
    table = table[table["year"] >= 2018]
    return table[["state", "year"]].assign(
        forecaster="mine", origin=2018, outcome="challenge", probability=0.2
    )[list(GIVEN)]


def skill(*words):
    return CliRunner().invoke(main, ["skill", "--coding", "episodes", "--origin", "2018", *map(str, words)])


def test_the_command_knows_the_codings_and_years():
    assert tuple(CODINGS) == CHALLENGE_CODINGS
    assert tuple(STATE_SETS) == _STATES
    assert (ORIGINS, LAST, DEVELOPMENT) == (_ORIGINS, _LAST, _DEVELOPMENT)


@pytest.mark.slow
def test_a_look_at_later_years_is_entered_before_it_is_shown_and_once(tmp_path):
    looks, mine = tmp_path / "looks.csv", tmp_path / "mine.csv"
    given().to_csv(mine, index=False)
    words = ("--forecasts", mine, "--looks", looks, "--out", tmp_path / "out", "--note", "one of mine")
    done = skill(*words)
    assert done.exit_code == 0, done.output
    assert "look 1 at years after 2013" in done.output
    table = read_looks(looks)
    assert table["what"].item() == "one of mine; forecasts of mine.csv"
    assert "mine -" in table["scores"].item() or "mine +" in table["scores"].item()
    assert table["years"].item() == "2018-2024"
    again = skill(*words[:4], "--states", "all", "--out", tmp_path / "again")
    assert "entered before" in again.output
    assert len(read_looks(looks)) == 1
    given().assign(probability=0.3).to_csv(mine, index=False)
    assert "look 2 " in skill(*words[:4], "--states", "all", "--out", tmp_path / "other").output
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert set(scores.loc[scores["outcome"] == "challenge", "forecaster"]) >= {
        "base rate",
        "C1 openness",
        "mine",
    }
    assert set(scores["states"]) == {"all", "without the Baltics", "without Armenia", "without both"}
    for name in ("when", "side", "side_cases", "curves", "by_state", "counts", "alignment", "tempo"):
        table = pd.read_csv(tmp_path / "out" / f"{name}.csv")
        assert len(table), name
        if name in ("side", "by_state", "alignment"):
            assert set(table["states"]) == set(scores["states"]), name


def test_a_look_at_the_years_of_development_is_none(tmp_path):
    looks = tmp_path / "looks.csv"
    words = [
        "skill",
        "--coding",
        "crowds",
        "--origin",
        "2010",
        "--to",
        "2013",
        "--states",
        "all",
        "--looks",
        str(looks),
    ]
    done = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert not looks.exists()
    none = CliRunner().invoke(main, [*words[:4], "2014", *words[5:]])
    assert none.exit_code == 2
    assert "no origin before 2014" in none.output


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"state": "GEOR"}, r"line 2: no state 'GEOR'; did you mean GEO\?"),
        ({"outcome": "chalenge"}, r"line 2: no outcome 'chalenge'; did you mean challenge\?"),
        ({"probability": 1.5}, r"line 2: probability 1\.5 is not 0 to 1"),
        ({"probability": "often"}, r"line 2: probability often is not 0 to 1"),
        ({"state": "ARM", "year": 2018}, r"line 3: the same forecast is there twice"),
        ({"near_vote": "often"}, r"line 2: near_vote 'often' is not 0, 1 or blank"),
    ],
)
def test_forecasts_that_cannot_be_are_refused_with_their_line(changes, message):
    table = given().astype(object)
    for column, value in changes.items():
        table[column] = value
    with pytest.raises(RecordError, match=message):
        check_given(table, "mine.csv")


def test_a_missing_column_or_another_file_is_told(tmp_path):
    with pytest.raises(RecordError, match="column 'probability' is missing"):
        check_given(given().drop(columns="probability"), "mine.csv")
    broken = tmp_path / "mine.parquet"
    broken.write_text("no table")
    refused = skill("--forecasts", broken, "--out", tmp_path / "out")
    assert refused.exit_code == 2
    assert "mine.parquet: not a table" in refused.output


@pytest.mark.parametrize(
    ("name", "difference", "low", "high", "told"),
    [
        ("base rate", 0, 0, 0, "0.101 "),
        ("past challenges", 0, 0, 0, "= base "),
        ("openness", -0.02, -0.03, -0.01, "-0.020*"),
        ("openness", -0.02, -0.03, 0.01, "-0.020 "),
    ],
)
def test_a_score_is_told_as_a_difference_from_the_base_rate(name, difference, low, high, told):
    row = {"log": 0.101, "log_difference": difference, "log_low": low, "log_high": high}
    assert cell(name, row) == told


def test_looks_are_numbered_and_read_back(tmp_path):
    path = tmp_path / "looks.csv"
    assert enter(path, **ENTRY).number == 1
    assert not enter(path, **ENTRY).new
    second = enter(path, **ENTRY | {"digest": "def"})
    assert (second.number, second.new) == (2, True)
    table = read_looks(path)
    assert table["what"].tolist() == [ENTRY["what"]] * 2
    path.write_text(path.read_text().replace("\n2,", "\n3,"))
    with pytest.raises(RecordError, match="must run from 1 without a gap"):
        enter(path, **ENTRY | {"digest": "ghi"})
    path.write_text("a,b\n1,2\n")
    with pytest.raises(RecordError, match="not a register of looks"):
        read_looks(path)


def test_the_shipped_register_begins_with_the_looks_before_it():
    table = read_looks()
    assert list(table.columns) == list(COLUMNS)
    assert (table["digest"].head(6) == "").all()
    assert table["looks"].astype(int).head(6).sum() >= 35 + 7
    assert (table["scores"] != "").all()


def test_the_digest_is_of_the_numbers():
    table = pd.DataFrame({"a": [0.1234567, 1.0]})
    assert digest_of({"x": table}) == digest_of({"x": table + 1e-9})
    assert digest_of({"x": table}) != digest_of({"x": table + 1e-3})
    assert digest_of({"x": table}) != digest_of({"y": table})


def test_the_scores_in_the_docs_are_those_that_are_made_now():
    """A part of docs/numbers/skill/scores.csv, which the page on skill is written from."""
    told = pd.read_csv(ROOT / "docs" / "numbers" / "skill" / "scores.csv", dtype={"origin": str})
    made = evaluate("episodes", "without both", origins=(2014,)).scores
    keys = ["outcome", "forecaster"]
    columns = ["cases", "events", "brier", "log", "log_difference", "log_low", "log_high", "auc"]
    told = told[told["forecaster"].isin(made["forecaster"])]  # the shared worlds need runs
    chosen = (told["coding"] == "episodes") & (told["states"] == "without both") & (told["origin"] == "2014")
    pd.testing.assert_frame_equal(
        told[chosen].set_index(keys)[columns],
        made[made["origin"] == "2014"].set_index(keys)[columns],
        check_dtype=False, atol=2e-3, rtol=2e-3,
    )  # fmt: skip


def test_the_page_names_every_look_and_every_coding():
    page = (ROOT / "docs" / "SKILL.md").read_text(encoding="utf-8")
    assert f"| {len(read_looks())} |" in page
    assert all(f"| {coding} | base rate |" in page for coding in CODINGS)
