"""``sim schema``: the JSON Schema of scenario files."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json

import click

from sim.cli.console import Command


@click.command(
    cls=Command,
    short_help="Print the JSON Schema of scenario files.",
    examples=(
        "sim schema > scenario.schema.json",
        "# then, as the first line of a scenario:",
        "# yaml-language-server: $schema=scenario.schema.json",
    ),
)
@click.option("--thesis", is_flag=True, help="Print the schema of thesis files instead.")
def schema(thesis: bool) -> None:
    """Print the JSON Schema of scenario files, with which editors check and complete them."""
    from sim.scenario import json_schema, thesis_schema

    click.echo(json.dumps(thesis_schema() if thesis else json_schema(), indent=2, ensure_ascii=False))
