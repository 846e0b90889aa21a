"""``sim list``: the shipped scenarios."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import click

from sim.cli.command import Command


@click.command(
    "list",
    cls=Command,
    short_help="List the shipped scenarios.",
    examples=(
        "sim list",
        "sim compare $(sim list --names)",
    ),
)
@click.option("--names", "only_names", is_flag=True, help="Names alone, one a line.")
def list_scenarios(only_names: bool) -> None:
    """List the shipped scenarios and the question that each asks."""
    from sim.scenario import load, names

    if only_names:
        for name in names():
            click.echo(name)
        return

    from sim.cli.console import output, plain_table

    table = plain_table("", "name", "title", "question")
    for name in names():
        scenario = load(name)
        table.add_row(name, scenario.title, scenario.question)
    output().print(table)
