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
