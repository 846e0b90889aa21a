"""The ``calibrate`` command."""

from __future__ import annotations

import os

import click

from calibration.cli.ablate import ablate
from calibration.cli.backtest import backtest
from calibration.cli.codings import codings
from calibration.cli.ensemble import ensemble
from calibration.cli.fit import fit
from calibration.cli.forecast import forecast
from calibration.cli.foresight import foresight
from calibration.cli.odds import odds
from calibration.cli.placebo import placebo
from calibration.cli.publish import publish
from calibration.cli.record import record
from calibration.cli.score import score
from calibration.cli.sides import sides
from calibration.cli.skill import skill
from sim.cli.console import Commands


@click.group(
    "calibrate",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: calibrate record, then: calibrate fit --quick",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Compare the model with the record since 1991."""
    # One thread a process: on so few rows more gain nothing, and on a machine that others use threads that
    # wait for each other take five times as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


for _command in (
    record,
    fit,
    odds,
    placebo,
    codings,
    backtest,
    skill,
    sides,
    ablate,
    foresight,
    forecast,
    publish,
    score,
    ensemble,
):
    main.add_command(_command)
