"""What all of ``calibrate`` has in common, as its user sees it."""

from __future__ import annotations

import os

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from calibration.cli.main import main
from calibration.ensemble.plan import Plan
from calibration.ensemble.store import EnsembleStore
from calibration.fit.trust import ENOUGH, tail_error, warning


def test_it_takes_one_thread_a_process_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    CliRunner().invoke(main, ["record", "--help"])
    assert os.environ["OMP_NUM_THREADS"] == "3"
    monkeypatch.delenv("OMP_NUM_THREADS")
    CliRunner().invoke(main, ["record", "--help"])
    assert os.environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.slow
def test_figures_come_in_every_format_that_is_asked_for(tmp_path):
    asked = ["record", "--out", str(tmp_path), "--format", "pdf"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    figures = {path.name for path in (tmp_path / "figures").iterdir()}
    assert figures == {"alignment.pdf", "timeline.pdf"}
    assert (tmp_path / "figures" / "timeline.pdf").read_bytes().startswith(b"%PDF")
    for name in ("fit", "odds", "backtest", "foresight", "forecast"):
        assert "--format" in {option for parameter in main.commands[name].params for option in parameter.opts}


@pytest.fixture
def no_runs(monkeypatch):
    """Fail where a run would be made, on a machine with plenty of memory."""

    def fail(*arguments, **options):
        pytest.fail("runs were made")

    monkeypatch.setattr("calibration.ensemble.build.build", fail)
    monkeypatch.setattr("sim.experiment.limits._memory", lambda: 16e9)


@pytest.mark.parametrize("name", ["fit", "odds", "codings", "backtest", "foresight", "forecast"])
def test_a_misspelt_ensemble_is_refused_and_the_right_one_named(name, tmp_path, no_runs):
    EnsembleStore(tmp_path / "ensemble").open(Plan(1))
    wrong, out = tmp_path / "ensmeble", tmp_path / "out"
    done = CliRunner().invoke(main, [name, "--ensemble", str(wrong), "--out", str(out)])
    assert done.exit_code == 2, done.output
    assert f"did you mean {tmp_path / 'ensemble'}?" in done.output
    assert "--yes" in done.output
    assert not wrong.exists()
    assert not out.exists()


@pytest.mark.parametrize("name", ["fit", "odds", "codings", "backtest", "foresight", "forecast"])
def test_results_that_cannot_be_written_are_told_before_any_run(name, tmp_path, no_runs):
    (tmp_path / "file").write_text("mine")
    out = tmp_path / "file" / "results"
    done = CliRunner().invoke(main, [name, "--ensemble", str(tmp_path / "new"), "--out", str(out)])
    assert done.exit_code == 2, done.output
    assert f"{out} cannot be written to" in done.output
    assert not (tmp_path / "new").exists()


def test_a_large_ensemble_is_asked_about_and_replaces_none_unasked(tmp_path, no_runs):
    folder = tmp_path / "ensemble"
    EnsembleStore(folder).open(Plan(1))
    for more in ((), ("--fresh",)):
        words = ["ensemble", "--draws", "100000", "--workers", "1", "--out", str(folder), *more]
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 2, done.output
        assert "700,000 runs would take about" in done.output
        assert "--yes" in done.output
        assert "disk" not in done.output
        assert EnsembleStore(folder).plan().draws == 1


def test_it_says_what_will_be_made_and_how_long_it_takes(tmp_path):
    words = ["ensemble", "--thesis", "baseline", "--origins", "forecast", "--citizens", "50"]
    words += ["--workers", "1", "--draws", "2", "--out", str(tmp_path / "ensemble")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "ensemble is new: 2 runs of baseline from 2024-12 are made and kept there, in" in done.stderr
    assert "less than a minute on 1 worker" in done.stderr
    again = CliRunner().invoke(main, [*words[:-3], "3", *words[-2:], "--quiet"])
    assert again.exit_code == 0, again.output
    assert again.output == f"{tmp_path / 'ensemble'}\n"


def test_the_old_name_of_an_option_is_read_with_a_note_and_not_shown(tmp_path):
    words = ["ensemble", "--thesis", "baseline", "--origins", "forecast", "--citizens", "50"]
    words += ["--workers", "1", "--draws", "1", "--out", str(tmp_path / "ensemble"), "--quiet"]
    done = CliRunner().invoke(main, [*words, "--lucks", "2"])
    assert done.exit_code == 0, done.output
    assert done.stderr == "Note: the option '--lucks' is now called '--repeats'\n"
    again = CliRunner().invoke(main, [*words, "--repeats", "2"])
    assert again.exit_code == 0, again.output
    assert again.stderr == ""
    runs = EnsembleStore(tmp_path / "ensemble").read("runs")
    assert runs["repeat"].tolist() == [0, 1]
    assert "--lucks" not in CliRunner().invoke(main, ["ensemble", "--help"]).output


def test_too_few_draws_for_an_interval_are_told_by_its_error():
    assert tail_error(ENOUGH) <= 0.05 / 3 < tail_error(ENOUGH - 1)
    assert warning("an effective size", ENOUGH, "") == ""
    said = warning("an effective size", 50, "try --draws 900")
    assert "an effective size of 50 is too small" in said
    assert "3.1 points; try --draws 900" in said


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_help_of_every_command_has_examples_and_says_what_each_option_means(name):
    command = main.commands[name]
    assert command.examples
    assert all(line.startswith("calibrate ") for line in command.examples)
    assert any(line.startswith(f"calibrate {name}") for line in command.examples)
    context = command.make_context(name, [], resilient_parsing=True)
    for option in command.params:
        flag_or_old_name = getattr(option, "is_flag", False) or getattr(option, "hidden", False)
        if option.param_type_name == "option" and not flag_or_old_name:
            means, text = option.get_help_record(context)
            assert len(text.partition("[")[0].split()) >= 2 or "default" in text, means
            assert "default" in text or option.multiple or option.name in {"tested", "against", "out"}, means
            assert "(png)" not in text


def test_the_seed_that_the_help_names_is_that_of_a_plan():
    help_text = CliRunner().invoke(main, ["ensemble", "--help"]).output
    assert str(Plan(1).seed) in help_text


def test_the_shell_completes_commands_choices_and_theses():
    completer = ShellComplete(main, {}, "calibrate", "_CALIBRATE_COMPLETE")

    def offered(words, typed):
        return [item.value for item in completer.get_completions(words, typed)]

    assert offered([], "back") == ["backtest"]
    assert offered(["fit", "--coding"], "ar") == ["archigos"]
    assert "dubnov" in offered(["ensemble", "--thesis"], "dub")
