"""``sim explain``: why a regime fell, or survived."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.console import Command
from sim.cli.kinds import StateName
from sim.cli.options import MADE_ALREADY, replicate_option, scenario_argument, set_option

if TYPE_CHECKING:
    from sim.explain.one_run import OneRun
    from sim.explain.why import Explanation


@click.command(
    cls=Command,
    short_help="Explain why a regime fell, or survived.",
    examples=(
        "sim explain dubnov",
        "sim explain baseline --replicate 3 --state KGZ",
        "sim explain results/compare --scenario dubnov --replicate 3 --state Kyrgyzstan",
        "sim explain results/compare --state KGZ --fall 2",
    ),
)
@scenario_argument("source")
@click.option("--scenario", metavar="NAME", help="With a results folder: the scenario.  [default: the first]")
@replicate_option
@click.option(
    "--state",
    type=StateName(),
    metavar="CODE",
    help="A state's code or name.  [default: the one that fell first, or came nearest]",
)
@click.option(
    "--fall",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Number of the state's fall, from 1.",
)
@set_option
def explain(
    source: str,
    *,
    scenario: str | None,
    replicate: int,
    state: str | None,
    fall: int,
    changes: tuple[str, ...],
) -> None:
    """Explain why a regime fell, or survived, from the run's own events and series.

    SCENARIO is a results folder, or a shipped name or file, of which one replicate is run. Only a folder
    holds the other runs that this one is compared with.
    """
    from sim.explain.why import explain as explain_run

    _print(explain_run(_run(source, scenario, replicate, changes), state, fall))


def _run(source: str, scenario: str | None, replicate: int, changes: tuple[str, ...]) -> OneRun:
    from sim.experiment.prepare import Changes
    from sim.experiment.results import is_results, open_results
    from sim.explain.one_run import from_results, run_replicate

    if is_results(source):
        if changes:
            raise click.UsageError(MADE_ALREADY)
        return from_results(open_results(source), scenario, replicate)
    if scenario is not None:
        raise click.UsageError(f"--scenario chooses from a results folder, and {source} is none")
    return run_replicate(Changes(changes).apply(source), replicate)


def _print(explanation: Explanation) -> None:
    from sim.cli.console import paragraph

    click.echo(explanation.title)
    for section in explanation.sections:
        click.echo(f"\n{section.heading}")
        for sentence in section.sentences:
            click.echo(paragraph(sentence))
