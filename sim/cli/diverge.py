"""``sim diverge``: where one replicate parts ways under two scenarios."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.console import Command
from sim.cli.options import replicate_option, scenario_argument, seed_option, switch_options

if TYPE_CHECKING:
    from sim.explain.diverge import Divergence
    from sim.scenario import Scenario

_OWN_LINES = (
    "parameters",
    "initial",
    "title",
    "question",
    "asked_by",
    "thesis",
    "runs",
    "seed",
    "without",
    "with",
)


@click.command(
    cls=Command,
    short_help="Show where one replicate parts ways under two scenarios.",
    examples=(
        "sim diverge baseline dubnov",
        "sim diverge kazakhstan-january csto-stays-home --replicate 3",
        "sim diverge piontkovsky --without P3 --seed 7",
    ),
)
@scenario_argument("first")
@scenario_argument("second", optional=True)
@replicate_option
@seed_option("the first scenario's")
@switch_options
def diverge(
    first: str,
    second: str | None,
    *,
    replicate: int,
    seed: int | None,
    without: tuple[str, ...],
    with_: tuple[str, ...],
) -> None:
    """Show the first month and rule at which the same replicate parts ways under two scenarios.

    Both run with common random numbers, so every difference comes from the scenarios. --without and --with
    change the second, which is the first again if only one is given.
    """
    from sim.cli.console import paragraph, remark
    from sim.cli.diff import load_pair
    from sim.experiment.prepare import prepare
    from sim.explain.diverge import diverge as compare_runs
    from sim.explain.diverge_narrated import different_start, parting
    from sim.explain.one_run import run_replicate

    settings = [] if seed is None else [f"seed={seed}"]
    (left, right), notes = prepare(load_pair(first, second, settings, without=without, with_=with_))
    for note in notes:
        if note.about == "seed":
            remark(note)
    if left.start != right.start:
        raise click.UsageError(
            f"{left.name} starts in {left.start} and {right.name} in {right.start}: no month is comparable"
        )
    runs = run_replicate(left, replicate), run_replicate(right, replicate)
    found = compare_runs(*runs)
    click.echo(f"{left.name} and {right.name}, replicate {replicate}, seed {left.seed}")
    click.echo("\nWhat goes in")
    _print_parameters(left, right, found)
    click.echo(paragraph(different_start(found)))
    for line in _other_keys(left, right):
        click.echo(paragraph(line))
    click.echo("\nWhere they part")
    for line in parting(*runs, found):
        click.echo(paragraph(line))
    if not found.never:
        click.echo("\nHow the gap grows")
        _print_years(left, right, found)


def _print_parameters(left: Scenario, right: Scenario, found: Divergence) -> None:
    from sim.cli.console import output, paragraph, plain_table

    if not found.parameters:
        click.echo(paragraph("Every drawn parameter is the same."))
        return
    table = plain_table("", "  drawn parameter", left.name, right.name, "claim")
    for gap in found.parameters:
        table.add_row(f"  {gap.what}", f"{gap.first:.3g}", f"{gap.second:.3g}", gap.claim)
    output().print(table)


def _other_keys(left: Scenario, right: Scenario) -> list[str]:
    """Tell what else differs: length, citizens, mode, later claims, and events of the timeline."""
    from sim.cli.diff import setting_text
    from sim.scenario import difference

    lines, events = [], set()
    for path, ours, theirs in difference(left, right):
        section, _, rest = path.partition(".")
        if section == "timeline":
            events.add(rest.rpartition(".")[0])
        elif section not in _OWN_LINES:
            if ours is None or theirs is None:
                alone, value = (right.name, theirs) if ours is None else (left.name, ours)
                lines.append(f"{path} is set in {alone} alone: {setting_text(value)}.")
            else:
                lines.append(f"{path} differs: {setting_text(ours)} and {setting_text(theirs)}.")
    named = sorted(events)
    return [*lines, *([f"The timeline differs: {', '.join(named)}."] if named else [])]


def _print_years(left: Scenario, right: Scenario, found: Divergence) -> None:
    from sim.cli.console import output, plain_table

    table = plain_table(
        "", "  end of", "states apart", f"influence {left.name}", right.name, "difference",
        f"falls {left.name}", right.name, numbers=True,
    )  # fmt: skip
    for gap in found.years:
        ours, theirs = gap.influence
        wider = round(theirs - ours, 2) + 0.0  # no minus before a zero
        influence = (f"{ours:.2f}", f"{theirs:.2f}", f"{wider:+.2f}")
        table.add_row(f"  {gap.year}", str(gap.states_apart), *influence, *map(str, gap.falls))
    output().print(table)
    click.echo("  States apart: their alignment differs by more than .1 (of 14). Falls: so far.")
