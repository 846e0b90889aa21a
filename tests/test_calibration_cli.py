"""What all of ``calibrate`` has in common, as its user sees it."""

from __future__ import annotations

import os

from click.testing import CliRunner

from calibration.cli.main import main


def test_it_takes_one_thread_a_process_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    CliRunner().invoke(main, ["record", "--help"])
    assert os.environ["OMP_NUM_THREADS"] == "3"
    monkeypatch.delenv("OMP_NUM_THREADS")
    CliRunner().invoke(main, ["record", "--help"])
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_figures_come_in_every_format_that_is_asked_for(tmp_path):
    asked = ["record", "--out", str(tmp_path), "--format", "pdf", "--format", "svg"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    figures = {path.name for path in (tmp_path / "figures").iterdir()}
    assert figures == {f"{name}.{kind}" for name in ("alignment", "timeline") for kind in ("pdf", "svg")}
    assert (tmp_path / "figures" / "timeline.pdf").read_bytes().startswith(b"%PDF")
    for name in ("fit", "backtest", "foresight", "forecast"):
        assert "--format" in {option for parameter in main.commands[name].params for option in parameter.opts}
