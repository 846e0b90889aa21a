"""The command line called in this process, and two small scenarios for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from sim.cli.main import main

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
FAST = ("--workers", "1", "--no-figures", "--set", "citizens=60")


def call(*arguments: str) -> Result:
    """Run `sim` with some arguments."""
    return CliRunner().invoke(main, arguments)


def write_two_scenarios(folder: Path) -> None:
    """Write ``one.yaml`` and ``two.yaml``."""
    small = "years: 1\nruns: {runs}\nseed: {seed}\nparameters: {{moscow.keep_weight: {weight}}}\n"
    (folder / "one.yaml").write_text("title: One\n" + small.format(runs=3, seed=1, weight=0.5))
    (folder / "two.yaml").write_text("title: Two\n" + small.format(runs=2, seed=2, weight=2.5))
