"""The ``sim`` command."""

from __future__ import annotations

import click

from sim.cli.check import check
from sim.cli.claims import claims
from sim.cli.compare import compare
from sim.cli.console import Commands
from sim.cli.diff import diff
from sim.cli.discover import discover
from sim.cli.diverge import diverge
from sim.cli.explain import explain
from sim.cli.explore import explore
from sim.cli.export import export
from sim.cli.list import list_scenarios
from sim.cli.new import new
from sim.cli.plot import plot
from sim.cli.rank import rank
from sim.cli.report import report
from sim.cli.run import run
from sim.cli.schema import schema
from sim.cli.show import show
from sim.cli.signposts import signposts
from sim.cli.sweep import sweep
from sim.cli.variance import variance
from sim.cli.verify import verify


def _version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    del option
    if wanted:
        from sim.experiment.files import installed_version  # noqa: PLC0415

        click.echo(f"sim {installed_version()}")
        ctx.exit()


@click.group(
    "sim",
    cls=Commands,
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
    list_scenarios, run, compare, explore, report, plot, export, show, explain, diff, diverge,
    claims, variance, sweep, rank, discover, signposts, verify, new, check, schema,
):  # fmt: skip
    main.add_command(_command)
