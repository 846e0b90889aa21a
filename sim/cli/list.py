"""``sim list``: the shipped scenarios."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import click

from sim.cli.console import Command
from sim.cli.options import given_options


@click.command(
    "list",
    cls=Command,
    short_help="List the shipped scenarios.",
    examples=(
        "sim list",
        "sim list --outcomes",
        "sim list --figures",
        "sim list --events",
        "sim list --names",
    ),
)
@click.option("--names", "only_names", is_flag=True, help="Names alone, one a line.")
@click.option("--outcomes", is_flag=True, help="What each outcome means, by its column in outcomes.parquet.")
@click.option("--figures", is_flag=True, help="Every figure: what it shows, and what makes it.")
@click.option("--events", is_flag=True, help="Every kind of event that a timeline may hold, with its keys.")
def list_scenarios(only_names: bool, outcomes: bool, figures: bool, events: bool) -> None:
    """List the shipped scenarios and the question that each asks."""
    given = given_options("only_names", "outcomes", "figures", "events")
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} are different lists: give one of them")
    if outcomes:
        _list_outcomes()
        return
    if figures:
        _list_figures()
        return
    if events:
        _list_events()
        return
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


def _list_events() -> None:
    from sim.cli.console import output, plain_table
    from sim.scenario.timeline import EVENTS, own_keys

    table = plain_table("", "event", "keys", "what happens")
    for event, kind in EVENTS.items():
        keys = ", ".join(key if needed else f"{key} (optional)" for key, needed in own_keys(kind).items())
        table.add_row(event, keys, (kind.__doc__ or "").split("\n")[0])
    output().print(table)
    output().print("Each also has `name`, and either `at` (a month) or `when` (a condition).")


def _list_figures() -> None:
    from sim.cli.console import output, plain_table
    from sim.figures.registry import find, names

    table = plain_table("", "name", "shows", "drawn from", "made by")
    for entry in map(find, names()):
        table.add_row(entry.name, entry.title, ", ".join(entry.needs), entry.command)
    output().print(table)


def _list_outcomes() -> None:
    from sim.cli.console import output, plain_table
    from sim.measures import OUTCOMES, STATE_OUTCOMES

    console = output()
    for title, outcomes in (("", OUTCOMES), ("Of one state (sim compare --state)", STATE_OUTCOMES)):
        table = plain_table(title, "column", "label", "meaning", "unit")
        for column, outcome in outcomes.items():
            table.add_row(column, outcome.label, outcome.definition, outcome.unit)
        console.print(table)
        console.print('"The region" is the 11 states without the Baltic ones.\n' if not title else "")
