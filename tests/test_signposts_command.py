"""``sim signposts``: its file of what has been seen, its tables, figures and refusals."""

import pandas as pd
import pytest
from click.testing import CliRunner
from test_signposts import made
from test_signposts_seen import two_years

import sim
from sim.analysis.seen import read_seen
from sim.cli.main import main
from sim.errors import SimError


def test_a_wrong_file_is_told_with_its_lines(tmp_path):
    path = tmp_path / "seen.yaml"
    path.write_text("until: 2010\nsen: []\nseen:\n  - fal KGZ >= 1\n  - war >= 0\n")
    with pytest.raises(SimError) as error:
        read_seen(path)
    for told in ("2010", "did you mean seen?", "did you mean fall KGZ?", "seen.yaml, line 4"):
        assert told in str(error.value)


def call(*words):
    return CliRunner().invoke(main, ["signposts", *words])


def hold(monkeypatch, folder, results):
    """Work in a folder in which ``stored`` holds some results."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sim.experiment.results.is_results", lambda source: source == "stored")
    monkeypatch.setattr("sim.experiment.results.open_results", lambda path: results)
    return folder


@pytest.fixture
def opened(monkeypatch, tmp_path):
    return hold(monkeypatch, tmp_path, made(200))


def test_the_command_tells_signposts(opened):
    done = call("stored", "calm", "torn", "--years", "1", "--out", "out")
    assert done.exit_code == 0, done.output
    assert "Moscow's war in Georgia starts or widens" in " ".join(done.stdout.split())
    assert "war:started GEO >= 1" in done.stdout
    assert "a year" in done.stdout.splitlines()[1]
    assert "restless" not in done.stdout
    table = pd.read_csv("out/signposts.csv")
    assert set(table["years"]) == {1}
    assert "not audited" in done.stdout
    assert "no audit knows a scenario" in " ".join(done.stdout.split())
    assert set(table["unaudited"]) == {"calm, torn"}


def test_the_command_takes_a_month_and_draws(opened):
    done = call("stored", "--from", "2010-03", "--years", "1", "--figure", "--out", "out")
    assert done.exit_code == 0, done.output
    assert "By February 2011, 1 year from 2010-03:" in " ".join(done.stdout.split())
    assert (opened / "out/figures/signposts_2010-03_1y.png").is_file()
    assert "whatever happened in them before 2010-03. So this is not" in " ".join(done.stdout.split())
    assert call("stored", "--from", "2010-02", "--years", "1", "--figure", "--out", "out").exit_code == 0
    assert len(list((opened / "out/figures").iterdir())) == 2  # no window overwrites another
    assert "outside the runs" in call("stored", "--from", "2020-01").stderr
    assert call("stored", "--from", "2020-13").exit_code == 2
    seen = opened / "seen.yaml"
    seen.write_text("until: 2010-12\nseen:\n  - war:started GEO >= 1\n")
    later = call("stored", "--seen", "seen.yaml", "--from", "2010-03")
    assert "Seen in 10 months from 2010-03" in " ".join(later.stdout.split())
    assert "All runs are used, whatever happened in them before 2010-03" in " ".join(later.stdout.split())
    assert call("stored", "--seen", "seen.yaml", "--figure").exit_code == 2


def test_the_command_tells_what_to_watch_after_what_was_seen(opened, monkeypatch):
    monkeypatch.setattr("sim.experiment.results.open_results", lambda path: two_years(200))
    (opened / "seen.yaml").write_text("until: 2010-12\nseen:\n  - war:started GEO >= 1\n")
    words = ("stored", "--seen", "seen.yaml", "--from", "2011-03", "--years", "1", "--figure", "--out", "out")
    done = call(*words)
    assert done.exit_code == 0, done.output
    table = pd.read_csv("out/signposts.csv")
    assert set(table["given"]) == {"war:started GEO >= 1"}
    told = " ".join(done.stdout.split())
    numbers = f"(calm {table['runs: calm'][0]}, torn {table['runs: torn'][0]})"
    assert f"Only the {table['runs'][0]} runs count {numbers} of which this holds: Moscow's war in" in told
    assert "has under 20 runs, in how many of them" in told
    assert "All runs are used" not in told
    assert (opened / "out/figures/signposts_2011-03_1y_seen.png").is_file()
    early = call("stored", "--seen", "seen.yaml", "--from", "2010-12", "--figure")
    assert early.exit_code == 2
    assert "where --from comes after its last month" in " ".join(early.stderr.split())


def test_the_command_checks_odds_and_draws_how_they_come_true(opened):
    done = call("stored", "--check", "--years", "1", "--figure", "--out", "out")
    assert done.exit_code == 0, done.output
    assert "Odds after 1 year: 300 truths" in " ".join(done.stdout.split())
    assert "Moscow's war in Georgia starts or widens (war:started GEO >= 1)" in " ".join(done.stdout.split())
    assert (opened / "out/figures/reliability.png").is_file()
    assert set(pd.read_csv("out/reliability.csv")) >= {"given", "came_true", "low", "high", "calibrated"}
    (opened / "seen.yaml").write_text("until: 2010-12\nseen:\n  - war >= 1\n")
    refused = call("stored", "--check", "--seen", "seen.yaml")
    assert refused.exit_code == 2
    assert "leave out --seen" in refused.stderr


def test_the_command_tells_odds_and_refuses(opened):
    seen = opened / "seen.yaml"
    seen.write_text("until: 2010-12\nseen:\n  - war:started GEO >= 1\n")
    done = call("stored", "--seen", "seen.yaml", "--out", "out")
    assert done.exit_code == 0, done.output
    assert "What was seen says" in done.stdout
    assert pd.read_csv("out/odds.csv")["after"].sum() == pytest.approx(1)
    seen.write_text("until: 2010-12\nseen:\n  - war:started UKR >= 1\n")
    refused = call("stored", "--seen", "seen.yaml")
    assert refused.exit_code == 2
    assert "too few runs fit" in refused.stderr
    seen.write_text("until: 2020-12\nseen:\n  - war >= 1\n")
    assert (
        "is outside the runs, which go from 2010-01 to 2014-12"
        in call("stored", "--seen", "seen.yaml").stderr
    )
    assert call("stored", "--runs", "5").exit_code == 2


def test_scenarios_are_run_and_gone_on_with(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = (
        "baseline",
        "dubnov",
        "--runs",
        "3",
        "--workers",
        "1",
        "--set",
        "citizens=60",
        "--set",
        "years=1",
        "--quiet",
    )
    done = call(*words)
    assert done.exit_code == 0, done.output
    assert done.stdout == "results/signposts/signposts.csv\n"
    assert sim.open_results("results/signposts").scenarios == ["baseline", "dubnov"]
    assert call(*words).stdout == done.stdout
