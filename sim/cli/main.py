"""The ``sim`` command."""

from __future__ import annotations

import traceback
from functools import partial
from typing import Any

import click

from sim.cli.check import check
from sim.cli.claims import claims
from sim.cli.compare import compare
from sim.cli.diff import diff
from sim.cli.diverge import diverge
from sim.cli.explain import explain
from sim.cli.list import list_scenarios
from sim.cli.plot import plot
from sim.cli.run import run
from sim.cli.schema import schema
from sim.cli.show import show
from sim.cli.variance import variance
from sim.cli.verify import verify
from sim.renamed import notes_of_old_names

_INTERRUPTED = 130  # as shells report a program that Ctrl-C ended


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
        except OSError as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"Error: {where}{(error.strerror or str(error)).lower()}", err=True)
            raise click.exceptions.Exit(2) from None
        except Exception as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            if _is_users(error):
                click.echo(f"Error: {error}", err=True)
                raise click.exceptions.Exit(2) from None
            hint = "" if ctx.params["debug"] else "; `sim --debug ...` shows where"
            click.echo(f"Unexpected error: {type(error).__name__}: {error}{hint}", err=True)
            raise click.exceptions.Exit(1) from None


def _is_users(error: Exception) -> bool:
    """Whether the user can mend it; known by name, since importing the classes would be slow."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"ScenarioError", "ResultsError", "FolderError", "WorkersError", "TooLargeError"})


def _version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    del option
    if wanted:
        from sim.experiment.files import installed_version  # noqa: PLC0415

        click.echo(f"sim {installed_version()}")
        ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: sim list, then: sim compare baseline dubnov --runs 20",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show it and exit."
)
def main(debug: bool) -> None:
    """Scenarios of Moscow, the regimes around it, and their citizens' protest movements."""


for _command in (
    list_scenarios, run, compare, plot, show, explain, diff, diverge, claims, variance, verify, check, schema,
):  # fmt: skip
    main.add_command(_command)
