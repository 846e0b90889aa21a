"""``sim check``: are scenario and thesis files well formed."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import click

from sim.cli.console import Command
from sim.cli.options import scenario_argument


@click.command(
    cls=Command,
    short_help="Check scenario and thesis files.",
    examples=(
        "sim check my-scenario.yaml",
        "sim check my-thesis.yaml",
        "sim check scenarios/*.yaml",
    ),
)
@scenario_argument("scenarios", many=True)
def check(scenarios: tuple[str, ...]) -> None:
    """Check scenario and thesis files and everything they rest on, without running them.

    Says for each whether it is fine, or where it is wrong and what would be right. Exits with 2 if any
    is wrong. A fault of a file that several of them rest on is told once.
    """
    from os.path import realpath  # one file may be named in two ways
    from pathlib import Path

    from sim.scenario import ScenarioError, load, load_thesis
    from sim.scenario.library import is_path
    from sim.scenario.reader import read_file

    wrong = 0
    told: set[tuple[object, ...]] = set()
    for source in scenarios:
        try:
            is_thesis = is_path(source) and "claims" in read_file(Path(source)).data
            (load_thesis if is_thesis else load)(source)
        except ScenarioError as error:
            places = {
                problem: (realpath(problem.file), problem.line, problem.column, problem.path, problem.message)
                for problem in error.problems
            }
            new = [problem for problem, place in places.items() if place not in told]
            told |= set(places.values())
            text = str(ScenarioError(new, error.more)) if new else f"{source}: its faults are told above"
            click.echo(f"Error: {text}", err=True)
            wrong += 1
        else:
            click.echo(f"{source}: fine")
    if wrong:
        raise click.exceptions.Exit(2)
