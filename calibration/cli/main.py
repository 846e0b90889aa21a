"""The ``calibrate`` command."""

from __future__ import annotations

import os
import traceback
from functools import partial
from typing import Any

import click

from calibration.cli.backtest import backtest
from calibration.cli.codings import codings
from calibration.cli.ensemble import ensemble
from calibration.cli.fit import fit
from calibration.cli.forecast import forecast
from calibration.cli.foresight import foresight
from calibration.cli.odds import odds
from calibration.cli.publish import publish
from calibration.cli.record import record
from calibration.cli.score import score
from calibration.cli.skill import skill
from sim.renamed import notes_of_old_names

_INTERRUPTED = 130  # as shells report a program that Ctrl-C ended
_USERS = {
    "ScenarioError",
    "ResultsError",
    "FolderError",
    "EnsembleError",
    "FitError",
    "RecordError",
    "OddsError",
    "ForecastError",
    "WorkersError",
    "TooLargeError",
}
"""Errors that the user can mend; known by name, since importing the classes would be slow."""


class _Commands(click.Group):
    """Commands whose errors end in one message: exit 2 for the user's, 1 for the program's own."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with notes_of_old_names(partial(click.echo, err=True)):
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt as stop:
            click.echo(str(stop) or "interrupted", err=True)
            raise click.exceptions.Exit(_INTERRUPTED) from None
        except ModuleNotFoundError as error:
            click.echo(f"Error: {error}; pip install '.[calibration]' brings it", err=True)
            raise click.exceptions.Exit(2) from None
        except Exception as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            if isinstance(error, OSError):
                where = f"{error.filename}: " if error.filename else ""
                click.echo(f"Error: {where}{(error.strerror or str(error)).lower()}", err=True)
                raise click.exceptions.Exit(2) from None
            if _USERS & {kind.__name__ for kind in type(error).__mro__}:
                click.echo(f"Error: {error}", err=True)
                raise click.exceptions.Exit(2) from None
            hint = "" if ctx.params["debug"] else "; `calibrate --debug ...` shows where"
            click.echo(f"Unexpected error: {type(error).__name__}: {error}{hint}", err=True)
            raise click.exceptions.Exit(1) from None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: calibrate record, then: calibrate fit --quick",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Hold the model against the record since 1991."""
    # One thread a process: on so few rows more gain nothing, and on a machine that others use threads that
    # wait for each other take five times as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


for _command in (record, fit, odds, codings, backtest, skill, foresight, forecast, publish, score, ensemble):
    main.add_command(_command)
